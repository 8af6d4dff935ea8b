"""A sheet of paper to be printed from a spreadsheet program: lines of cells, some joined, some ruled."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from inventory.cells import Cell

LineKind = Literal["plain", "title", "centre", "heading", "body", "total"]
"""PLAIN: free text. TITLE, CENTRE: in the middle, large or not. HEADING, BODY, TOTAL: ruled parts of a table."""


@dataclass(frozen=True, slots=True)
class Line:
    """One row of cells.

    Attributes:
        kind: How it looks.
        cells: From the first column; whole numbers are shown with separators, others with two decimals.
        joined: (first column, last column, rows) of cells that are one, counted from 1; rows go downward.
    """

    kind: LineKind
    cells: Sequence[Cell | None]
    joined: Sequence[tuple[int, int, int]] = ()


@dataclass(frozen=True, slots=True)
class Paper:
    """A whole sheet, A4 across.

    Attributes:
        title: Name of the sheet.
        widths: Of the columns, in characters.
        lines: From the top.
    """

    title: str
    widths: Sequence[int]
    lines: Sequence[Line]
