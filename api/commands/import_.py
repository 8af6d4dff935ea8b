"""`quang import`."""

import sys
from pathlib import Path
from typing import Annotated

import typer

_SHOWN = 50


def import_(
    noun: Annotated[str, typer.Argument(help="Danh sách, ví dụ assets / The list, like assets.")],
    file: Annotated[Path, typer.Argument(help="Tệp CSV hoặc XLSX / A CSV or XLSX file.")],
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Chỉ nhập thử, không ghi gì / Only rehearse, write nothing.")
    ] = False,
    as_user: Annotated[
        str, typer.Option("--as", help="Nhập với quyền của tài khoản này / Import as this account.")
    ] = "",
    columns: Annotated[
        list[str] | None,
        typer.Option("--map", help="“Tên cột=trường”, có thể lặp lại; được nhớ / “Heading=field”, may repeat; kept."),
    ] = None,
    empty_clears: Annotated[
        bool, typer.Option("--empty-clears", help="Ô trống xóa giá trị cũ / Empty cells empty their fields.")
    ] = False,
) -> None:
    """Nhập một danh sách từ tệp: ghi tất cả hoặc không ghi gì / Import a list from a file, all of it or nothing.

    Mọi lỗi của mọi dòng được nêu một lần; kết thúc với mã 1 nếu có lỗi.
    Every error of every row is told at once; ends with status 1 if there is any.
    """
    from api.desk import spreadsheets
    from inventory.importing import Manner

    manner = Manner(dry_run=dry_run, mapping=spreadsheets.mapping_of(columns or ()), empty_clears=empty_clears)
    with typer.progressbar(length=100, label="Nhập / Importing", file=sys.stderr) as bar:

        def progress(done: int, steps: int) -> None:
            bar.update(100 * done // max(steps, 1) - bar.pos)

        report = spreadsheets.take_in(noun, file, manner, as_user, progress)
    for one in report.columns:
        if one.field is None:
            typer.echo(f"– {one.heading}: cột bị bỏ qua / column left out", err=True)
    for problem in report.problems[:_SHOWN]:
        for language in ("vi", "en"):
            told = problem.as_dict("vi" if language == "vi" else "en")
            hint = f" → {told['suggestion']}" if told["suggestion"] else ""
            value = f" “{told['value']}”" if told["value"] else ""
            start = f"✗ {told['row']}, {told['column']}{value}: " if language == "vi" else "  "
            typer.echo(f"{start}{told['message']}{hint}", err=True)
    hidden = len(report.problems) - _SHOWN + report.left_out
    if hidden > 0:
        typer.echo(f"… và {hidden} lỗi khác / and {hidden} more", err=True)
    typer.echo(
        f"{report.rows} dòng / rows: {report.created} mới / new, {report.changed} thay đổi / changed, "
        f"{report.unchanged} giữ nguyên / unchanged, {len(report.problems) + report.left_out} lỗi / errors"
    )
    typer.echo("Đã ghi. / Written." if report.written else "Chưa ghi gì. / Nothing was written.")
    if report.problems:
        raise typer.Exit(1)
