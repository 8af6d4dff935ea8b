"""Tables as files carry them: rows of cells, the bounds of a file, and what keeps a text from becoming a formula."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Final

from inventory.errors import QuangError
from inventory.text import Text

Cell = str | int | float | bool | date | datetime
"""What stands in a cell that is not empty; a date without a time is a `date`."""

EPOCH_1900: Final = date(1899, 12, 30)
"""Day 0 of spreadsheets made on Windows, such that every day from 1 March 1900 on has its right number."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """How large a file may be.

    Attributes:
        octets: Bytes of the file.
        unpacked: Bytes of all parts of an XLSX file once unpacked.
        ratio: How many times larger than packed a part of more than 1 MiB may become.
        rows: Rows that hold anything, the heading row among them.
        columns: Columns.
        characters: Characters of one cell.
    """

    octets: int = 10 * 1024 * 1024
    unpacked: int = 160 * 1024 * 1024
    ratio: int = 400
    rows: int = 20_001
    columns: int = 120
    characters: int = 100_000


BOUNDS: Final = Bounds()


@dataclass(frozen=True, slots=True)
class Row:
    """A row that holds something.

    Attributes:
        number: As the spreadsheet program shows it, from 1.
        cells: What stands in it, by column from 0; empty cells are absent.
    """

    number: int
    cells: Mapping[int, Cell]


@dataclass(frozen=True, slots=True)
class Sheet:
    """The rows of a file, in order, without those that hold nothing.

    Attributes:
        rows: From the first row that holds something.
        epoch: Day 0 of dates that are written as plain numbers.
    """

    rows: list[Row] = field(default_factory=list)
    epoch: date = EPOCH_1900


class BadFile(QuangError):
    """A file that cannot be read as a table at all; nothing of it was taken."""

    code = "bad_file"


_BEGINS_FORMULA: Final = re.compile(r"'*[=+\-@\t\r＝＋－＠]")
_GUARDED: Final = re.compile(r"'+[=+\-@\t\r＝＋－＠]")


def begins_formula(text: str) -> bool:
    """Return whether a spreadsheet program would take the text for a formula, or for a guarded one."""
    return _BEGINS_FORMULA.match(text) is not None


def guarded(text: str) -> str:
    """Return the text with an apostrophe before it if it would begin a formula (OWASP, CSV injection)."""
    return f"'{text}" if begins_formula(text) else text


def unguarded(text: str) -> str:
    """Return what `guarded` was given."""
    return text[1:] if _GUARDED.match(text) else text


def too_many_rows(bounds: Bounds) -> BadFile:
    """Return the refusal of a file with more rows than allowed."""
    return BadFile(
        Text(vi="Tệp có hơn {most} dòng dữ liệu.", en="The file has more than {most} rows.").fill(
            most=f"{bounds.rows - 1:_}".replace("_", " ")
        ),
        Text(vi="Chia thành nhiều tệp nhỏ hơn rồi nhập lần lượt.", en="Split it and import one part after another."),
    )


def too_many_columns(bounds: Bounds, row: int) -> BadFile:
    """Return the refusal of a row with more columns than allowed."""
    return BadFile(
        Text(vi="Dòng {row} có hơn {most} cột.", en="Row {row} has more than {most} columns.").fill(
            row=row, most=bounds.columns
        ),
        Text(vi="Xóa những cột không cần rồi nhập lại.", en="Delete the columns that are not needed."),
    )


def too_long(bounds: Bounds, row: int) -> BadFile:
    """Return the refusal of a cell with more characters than allowed."""
    return BadFile(
        Text(vi="Một ô ở dòng {row} dài hơn {most} ký tự.", en="A cell of row {row} has over {most} characters.").fill(
            row=row, most=bounds.characters
        ),
        Text(vi="Rút ngắn ô đó rồi nhập lại.", en="Shorten that cell and import the file again."),
    )
