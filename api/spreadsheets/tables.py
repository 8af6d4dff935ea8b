"""Tables that are only taken away: as CSV or XLSX, in the reader's language, safe from formulas."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Final
from urllib.parse import quote
from zoneinfo import ZoneInfo

from starlette.responses import Response

from inventory.cells import Cell
from inventory.delimited import write_csv
from inventory.exporting import MEDIA_TYPES, Format
from inventory.import_report import Report
from inventory.spreadsheet import write_xlsx
from inventory.text import Language, Text, sentence

Row = list[Cell | None]
Column = tuple[Text, str]
"""Heading, and how `inventory.spreadsheet.write_xlsx` styles it."""


def table_file(  # noqa: PLR0917 - what, of which columns, which rows, how
    name: str, title: str, columns: Sequence[Column], rows: Iterable[Sequence[Cell | None]], kind: Format,
    language: Language,
) -> Response:  # fmt: skip
    """Return a table as a file to keep.

    Args:
        name: Of the file, without what it ends with.
        title: Of the sheet.
        columns: Headings and styles.
        rows: The cells, as many as columns.
        kind: Of the file.
        language: Of the headings.

    Raises:
        inventory.cells.BadFile: A text is longer than a cell of a workbook may be.
    """
    headings = [text.to(language) for text, _ in columns]
    if kind is Format.CSV:
        octets = b"".join(write_csv([headings, *rows]))
    else:
        octets = write_xlsx(title, headings, [style for _, style in columns], rows)
    return as_file(octets, f"{name}.{kind.value}", kind)


def begun(text: Text, language: Language) -> str:
    """Return a text as it begins a cell."""
    return sentence(text.to(language))


def moment(zone: ZoneInfo, at: datetime) -> str:
    """Return a time as a cell holds it, at the office: a cell itself knows no zone."""
    return at.astimezone(zone).strftime("%Y-%m-%d %H:%M")


def as_file(octets: bytes, name: str, kind: Format) -> Response:
    """Return a file to keep, under its name."""
    headers = {"Content-Disposition": f"attachment; filename*=UTF-8''{quote(name)}", "Cache-Control": "no-store"}
    return Response(octets, media_type=MEDIA_TYPES[kind], headers=headers)


_PROBLEMS: Final[tuple[Column, ...]] = (
    (Text(vi="Dòng", en="Row"), "number"),
    (Text(vi="Cột", en="Column"), "text"),
    (Text(vi="Giá trị trong ô", en="Value in the cell"), "text"),
    (Text(vi="Chưa đúng ở chỗ", en="What is wrong"), "text"),
    (Text(vi="Gợi ý", en="Suggestion"), "text"),
)


def problems_file(report: Report, kind: Format, language: Language) -> Response:
    """Return all that a report finds wrong, a row each."""
    rows = [
        (
            one.row,
            (one.column if isinstance(one.column, str) else one.column.to(language)) or None,
            one.value or None,
            one.message.to(language),
            None if one.suggestion is None else one.suggestion.to(language),
        )
        for one in report.problems
    ]
    title = Text(vi="Lỗi trong tệp", en="Wrong cells").to(language)
    return table_file("loi-trong-tep" if language == "vi" else "wrong-cells", title, _PROBLEMS, rows, kind, language)
