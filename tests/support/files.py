"""Files of rows, imported and exported."""

from collections.abc import Sequence
from typing import Any

from inventory.access.rights import SYSTEM, Actor
from inventory.books import Books
from inventory.cells import Cell
from inventory.delimited import write_csv
from inventory.exporting import Format, export
from inventory.import_report import Report
from inventory.importing import Manner, import_
from inventory.listing import Query
from inventory.nouns import NOUNS
from inventory.register import list_
from inventory.spreadsheet import read_sheet
from inventory.text import Language

_OF_THE_ROW = {"id", "version", "created_at", "updated_at", "retired_at", "document"}


def bring(books: Books, noun: str, *rows: Sequence[Cell | None], actor: Actor = SYSTEM, **manner: Any) -> Report:
    """Import rows, the headings first, as a CSV file."""
    return bring_file(books, noun, b"".join(write_csv(rows)), actor=actor, **manner)


def bring_file(books: Books, noun: str, octets: bytes, *, actor: Actor = SYSTEM, **manner: Any) -> Report:
    """Import a file."""
    return import_(books, actor, NOUNS[noun], read_sheet(octets), Manner(**manner))


def give(books: Books, noun: str, kind: Format = Format.CSV, language: Language = "vi", actor: Actor = SYSTEM) -> bytes:
    """Export a file."""
    return b"".join(export(books, actor, NOUNS[noun], kind, language))


def contents(books: Books, noun: str) -> dict[str, dict[str, Any]]:
    """Return what stands in the books of a noun, by key, without what belongs to the row itself."""
    found: dict[str, dict[str, Any]] = {}
    cursor = ""
    while True:
        page = list_(books, SYSTEM, NOUNS[noun], Query(cursor=cursor, limit=500, include_retired=True))
        for item in page.items:
            values = item.model_dump()
            found[item.key] = {name: value for name, value in values.items() if name not in _OF_THE_ROW}
        if page.next_cursor is None:
            return found
        cursor = page.next_cursor


def told(report: Report) -> list[tuple[int, str, str]]:
    """Return row, field and code of each problem."""
    return [(one.row, one.field, one.code) for one in report.problems]
