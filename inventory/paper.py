"""A sheet of paper to be printed from a spreadsheet program: lines of cells, some joined, some ruled."""

import textwrap
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

    @property
    def wraps(self) -> bool:
        """Whether a text that is longer than its cell goes on below instead of beyond it."""
        return self.kind in {"centre", "heading", "body", "total"}

    def height(self, widths: Sequence[int]) -> int:
        """Return how many lines of text the fullest cell needs, so that no program has to guess it.

        Args:
            widths: Of the sheet's columns, in characters.
        """
        if not self.wraps:
            return 1
        joined = {first: (last, rows) for first, last, rows in self.joined}
        needed = 1
        for place, cell in enumerate(self.cells, start=1):
            if isinstance(cell, str) and cell:
                last, rows = joined.get(place, (place, 1))
                # Bold letters and the cell's own margin take about a character.
                room = max(sum(widths[place - 1 : last]) - 1, 1)
                texts = [part for line in cell.splitlines() for part in textwrap.wrap(line, room) or [""]]
                needed = max(needed, -(-len(texts) // rows))
        return needed


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
