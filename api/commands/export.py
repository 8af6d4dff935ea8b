"""`quang export`."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer


class FormatName(StrEnum):
    """The formats of `inventory.exporting.Format`, written here so that help needs no database library."""

    XLSX = "xlsx"
    CSV = "csv"


class LanguageName(StrEnum):
    """The languages of `inventory.text`, likewise."""

    VI = "vi"
    EN = "en"


def export(
    noun: Annotated[str, typer.Argument(help="Danh sách, ví dụ assets / The list, like assets.")],
    file: Annotated[Path, typer.Argument(help="Tệp sẽ ghi / The file to write.")],
    kind: Annotated[
        FormatName | None,
        typer.Option("--format", help="Dạng tệp; nếu thiếu thì theo đuôi tên tệp / If absent, as the name ends."),
    ] = None,
    language: Annotated[
        LanguageName, typer.Option("--lang", help="Ngôn ngữ của tên cột / Language of the headings.")
    ] = LanguageName.VI,
    as_user: Annotated[
        str, typer.Option("--as", help="Chỉ những gì tài khoản này được xem / Only what this account may see.")
    ] = "",
) -> None:
    """Xuất một danh sách ra tệp; nhập lại được nguyên vẹn / Export a list to a file that imports back unchanged."""
    from api.desk import spreadsheets

    spreadsheets.give_out(noun, file, "" if kind is None else kind.value, language.value, as_user)
    typer.echo(str(file))
