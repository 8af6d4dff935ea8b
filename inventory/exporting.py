"""Exports: what the actor may see of a noun, as a file that imports back unchanged."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import date, datetime
from enum import StrEnum
from typing import Any, Final

from inventory.access.rights import Act, Actor, check
from inventory.books import Books
from inventory.cell_values import Kind, kind_of, structure_text
from inventory.cells import Cell
from inventory.choice_words import CHOICES, SWITCH
from inventory.columns import column
from inventory.db import reading
from inventory.delimited import write_csv
from inventory.errors import Conflict
from inventory.headings import HEADINGS
from inventory.listing import Query, numbers_of, rows_of, shown
from inventory.noun import Noun
from inventory.spreadsheet import write_xlsx
from inventory.text import Language, Text, sentence

_AT_ONCE: Final = 2_000


class Format(StrEnum):
    """Kinds of files."""

    XLSX = "xlsx"
    CSV = "csv"


MEDIA_TYPES: Final = {
    Format.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    Format.CSV: "text/csv; charset=utf-8",
}


EVERYTHING: Final = Query()


def export(  # noqa: PLR0917 - of what, which rows, how
    books: Books,
    actor: Actor,
    noun: Noun,
    kind: Format,
    language: Language,
    query: Query = EVERYTHING,
    keys: Collection[str] | None = None,
) -> Iterator[bytes]:
    """Give a file with rows that the actor may see: all those in use by key, or what a query asks for in its order.

    The rights and the query are looked at before this returns; the rows are read while the file is taken.

    Args:
        books: The books.
        actor: The reader.
        noun: What to export.
        kind: Of the file.
        language: Of the headings and of the words for choices; an import takes either.
        query: Which rows, in which order; its pages are not looked at, all rows are given.
        keys: Only rows with one of these keys; `None` for all.

    Raises:
        Forbidden: The actor may not read the noun.
        Invalid: The query is wrong.
        Conflict: The noun never stands in a file.
        inventory.cells.BadFile: A text is longer than a cell of a workbook may be.
    """
    check(actor, Act.READ, noun.path)
    if not exportable(noun):
        raise Conflict(_NOT_IN_FILES.fill(noun=noun.table.NOUN), _USE_LIST)
    headings = [heading.text.to(language) for heading in HEADINGS[noun.path].values()]
    rows = _rows(books, noun, language, numbers_of(books, actor, noun, query, keys))
    if kind is Format.CSV:
        return write_csv(_under(headings, rows))
    kinds = [_style(noun, name) for name in HEADINGS[noun.path]]
    return iter((write_xlsx(sentence(noun.table.NOUN.to(language)), headings, kinds, rows),))


def exportable(noun: Noun) -> bool:
    """Return whether the noun may stand in a file; credentials and tokens never do."""
    return noun.path in HEADINGS


def _under(headings: Sequence[str], rows: Iterable[Sequence[Cell | None]]) -> Iterator[Sequence[Cell | None]]:
    yield headings
    yield from rows


def _rows(books: Books, noun: Noun, language: Language, wanted: Sequence[int]) -> Iterator[list[Cell | None]]:
    """Read the rows of these numbers in this order, some thousand at a time."""
    kinds = {name: kind_of(noun, name) for name in HEADINGS[noun.path]}
    number = column(noun.table, "id")
    with reading(books.engine) as session:
        for start in range(0, len(wanted), _AT_ONCE):
            some = wanted[start : start + _AT_ONCE]
            found = {row[0].id: row for row in session.execute(rows_of(noun).where(number.in_(some)))}
            for one in some:
                if one in found:
                    record = shown(noun, found[one])
                    cells = ((name, kind, getattr(record, name)) for name, kind in kinds.items())
                    yield [_cell(books, noun, name, kind, value, language) for name, kind, value in cells]
            session.expunge_all()


def _cell(  # noqa: PLR0917 - of what, how, for whom
    books: Books,
    noun: Noun,
    name: str,
    kind: Kind,
    value: Any,  # noqa: ANN401 - any field's value
    language: Language,
) -> Cell | None:
    if value is None or value in ("", {}, []):
        return None
    if kind is Kind.CHOICE:
        words = {str(one): text for one, text in CHOICES[noun.path, name].items()}
        return sentence(words[str(value)].to(language)) if str(value) in words else str(value)
    if kind is Kind.SWITCH:
        return sentence(SWITCH[bool(value)].to(language))
    if kind is Kind.STRUCTURE:
        return structure_text(value)
    if isinstance(value, datetime):
        # A cell of a workbook knows no zone and rounds to milliseconds.
        return value.astimezone(books.zone).isoformat()
    return value if isinstance(value, int | float | date) else str(value)


def _style(noun: Noun, name: str) -> str:
    if name.endswith("_vnd"):
        return "vnd"
    return {Kind.DAY: "day", Kind.WHOLE: "number", Kind.DECIMAL: "number"}.get(kind_of(noun, name), "text")


_NOT_IN_FILES: Final = Text(vi="{noun} không được xuất ra tệp.", en="A {noun} never stands in a file.")
_USE_LIST: Final = Text(vi="Xem trong danh sách trên trang.", en="See it in the list on its page.")
