"""CSV files: read with whatever sign stands between the cells, written so that spreadsheet programs open them right."""

import codecs
import csv
import io
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from itertools import islice
from typing import Final

from inventory.cells import (
    BOUNDS,
    BadFile,
    Bounds,
    Cell,
    Row,
    Sheet,
    guarded,
    too_long,
    too_many_columns,
    too_many_rows,
    unguarded,
)
from inventory.encodings import decoded
from inventory.text import Text

_SIGNS: Final = (";", "\t", ",")
_ROWS: Final = 20
_SEEN: Final = 50_000
"""Rows and characters by which the separator is told."""


def read_csv(octets: bytes, bounds: Bounds = BOUNDS) -> Sheet:
    """Return the rows of a CSV file.

    Cells are separated by comma, semicolon or tab, whichever the first lines hold most of; a line `sep=;` says it.

    Raises:
        BadFile: It is no text, has a quotation mark that never ends, or exceeds a bound.
    """
    text = decoded(octets)
    sign = _sign(text)
    if text[:4].lower() == "sep=":
        text = text.partition("\n")[2]
    sheet = Sheet()
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=sign, strict=True)
    number = 0
    while True:
        number += 1
        try:
            cells = next(reader)
        except StopIteration:
            return sheet
        except csv.Error:
            raise _unquoted(number) from None
        row = _row(number, cells, bounds)
        if row.cells:
            sheet.rows.append(row)
            if len(sheet.rows) > bounds.rows:
                raise too_many_rows(bounds)


def write_csv(rows: Iterable[Sequence[Cell | None]]) -> Iterator[bytes]:
    """Give a CSV file piece by piece: UTF-8 with the mark by which Excel knows it, commas, dates as 2018-12-31.

    A text that would begin a formula gets an apostrophe before it, which `read_csv` takes away again.
    """
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer)
    yield codecs.BOM_UTF8
    for row in rows:
        writer.writerow([_written(cell) for cell in row])
        yield buffer.getvalue().encode()
        buffer.seek(0)
        buffer.truncate()


def _written(cell: Cell | None) -> str:
    if cell is None:
        return ""
    if isinstance(cell, str):
        return guarded(cell)
    if isinstance(cell, datetime | date):
        return cell.isoformat()
    return repr(cell)


def _row(number: int, cells: Sequence[str], bounds: Bounds) -> Row:
    filled = {place: unguarded(cell) for place, cell in enumerate(cells) if cell and not cell.isspace()}
    if filled and max(filled) >= bounds.columns:
        raise too_many_columns(bounds, number)
    if any(len(cell) > bounds.characters for cell in filled.values()):
        raise too_long(bounds, number)
    return Row(number, filled)


def _sign(text: str) -> str:
    if text[:4].lower() == "sep=" and text[4:5] in _SIGNS:
        return text[4]
    return max(_SIGNS, key=lambda sign: _evenness(text[:_SEEN], sign))


def _evenness(text: str, sign: str) -> tuple[int, int]:
    """Return how many of the first rows have equally many cells if `sign` separates them, and how many cells."""
    try:
        rows = list(islice(csv.reader(io.StringIO(text, newline=""), delimiter=sign), _ROWS))
    except csv.Error:
        return (0, 0)
    widths = Counter(len(row) for row in rows if len(row) > 1)
    return max(((count, width) for width, count in widths.items()), default=(0, 0))


def _unquoted(row: int) -> BadFile:
    return BadFile(
        Text(
            vi="Dấu ngoặc kép ở dòng {row} không đóng đúng chỗ.",
            en="A quotation mark in row {row} is not closed where it should be.",
        ).fill(row=row),
        Text(
            vi="Mở tệp bằng Excel, kiểm tra dòng đó, rồi lưu dạng XLSX.",
            en="Open it in a spreadsheet program, look at that row, and save it as XLSX.",
        ),
    )
