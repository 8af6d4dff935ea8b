"""Which column of a file is which field: guessed from its headings or said by a person, and remembered."""

import difflib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from hashlib import sha256
from typing import Final

from sqlalchemy import select
from sqlmodel import Field, Session, SQLModel, UniqueConstraint

from inventory.access.rights import Actor, check
from inventory.books import Books
from inventory.cells import BadFile, Row, Sheet
from inventory.columns import column, json_field, moment_field, now
from inventory.db import reading, writing
from inventory.errors import FieldProblem, Invalid
from inventory.headings import HEADINGS
from inventory.noun import Noun
from inventory.nouns import NOUNS
from inventory.spelling import fold
from inventory.text import Text

_LOOKED_AT: Final = 20
_CLOSE: Final = 0.92
_LONGEST_HEADING: Final = 200


class ImportMapping(SQLModel, table=True):
    """What a person said about the columns of a kind of file.

    Attributes:
        noun: Path of the noun.
        signature: SHA-256 over the headings.
        fields: Field by heading without case and diacritics; an empty field means that the column is left out.
    """

    __tablename__ = "import_mapping"
    __table_args__ = (UniqueConstraint("noun", "signature", name="uq_import_mapping_noun_signature"),)

    id: int | None = Field(default=None, primary_key=True)
    noun: str = Field(max_length=32)
    signature: str = Field(max_length=64)
    fields: dict[str, str] = json_field(default_factory=dict)
    updated_at: datetime = moment_field(default_factory=now)


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a file.

    Attributes:
        place: From 0.
        heading: As it stands in the file.
        field: What it fills; `None` if it is left out.
    """

    place: int
    heading: str
    field: str | None


@dataclass(frozen=True, slots=True)
class Mapped:
    """A file whose columns are known.

    Attributes:
        columns: In the order of the file.
        rows: Those below the headings.
    """

    columns: tuple[Column, ...]
    rows: Sequence[Row]

    @property
    def fields(self) -> dict[str, Column]:
        """The columns that fill something, by field."""
        return {one.field: one for one in self.columns if one.field is not None}


def mapped(session: Session, noun: Noun, sheet: Sheet, said: Mapping[str, str] | None) -> Mapped:
    """Find the row of headings and what each column fills, and remember what a person said about it.

    Args:
        session: In the transaction of the import.
        noun: What the file is to hold.
        sheet: The file.
        said: Field by heading, as a person says it; an empty field leaves the column out.

    Raises:
        BadFile: The file holds nothing, or looks like another list.
        Invalid: The person named a heading or a field that there is not.
    """
    head, found = _mapped(session, noun, sheet, said)
    _fits(noun, head, found)
    return found


def guessed(books: Books, noun: Noun, sheet: Sheet) -> tuple[Mapped, BadFile | None]:
    """Return what each column seems to fill, for a person to look at, and what speaks against the file as a whole.

    Raises:
        BadFile: There are no rows below the headings.
    """
    with reading(books.engine) as session:
        head, found = _mapped(session, noun, sheet, None)
        if not found.rows:
            raise BadFile(_EMPTY, _FILL_IN)
        try:
            _fits(noun, head, found)
        except BadFile as doubt:
            return found, doubt
        return found, None


def remember(books: Books, actor: Actor, noun: Noun, sheet: Sheet, said: Mapping[str, str]) -> None:
    """Remember what a person said about the columns, whether or not the rows are right yet.

    Raises:
        Forbidden: The actor may not write the noun.
        Invalid: The person named a heading or a field that there is not.
    """
    check(actor, noun.write, noun.path)
    with writing(books.engine) as session:
        _mapped(session, noun, sheet, said)


def _mapped(session: Session, noun: Noun, sheet: Sheet, said: Mapping[str, str] | None) -> tuple[Row, Mapped]:
    if not sheet.rows:
        raise BadFile(_EMPTY, _FILL_IN)
    known = _known(noun)
    names = {_folded(heading) for heading in said or {}}
    head = max(sheet.rows[:_LOOKED_AT], key=lambda row: sum(word in known or word in names for word in _words(row)))
    headings = {place: str(cell).strip()[:_LONGEST_HEADING] for place, cell in head.cells.items()}
    signature = sha256(json.dumps(sorted(_words(head)), ensure_ascii=False).encode()).hexdigest()
    columns = _columns(noun, headings, _agreed(session, noun, headings, signature, said))
    return head, Mapped(columns, [row for row in sheet.rows if row.number > head.number])


def importable(noun: Noun) -> bool:
    """Return whether rows of the noun may come from a file; secrets never do."""
    return noun.path in HEADINGS and noun.create is not None and noun.change is not None


def _words(row: Row) -> list[str]:
    return [_folded(str(cell)) for cell in row.cells.values()]


def _folded(heading: str) -> str:
    return " ".join(re.sub(r"[*:_]", " ", fold(heading[:_LONGEST_HEADING])).split())


@cache
def _known_by_path(path: str) -> dict[str, str]:
    known: dict[str, str] = {}
    for others in (False, True):
        # A field's own name wins over what another one is called besides.
        for field, heading in HEADINGS[path].items():
            words = heading.others if others else (field, heading.text.vi, heading.text.en)
            for word in words:
                for way in (_folded(word), _folded(re.sub(r"\(.*?\)", "", word))):
                    known.setdefault(way, field)
    return known


def _known(noun: Noun) -> dict[str, str]:
    return _known_by_path(noun.path)


def _agreed(
    session: Session, noun: Noun, headings: Mapping[int, str], signature: str, said: Mapping[str, str] | None
) -> dict[str, str]:
    """Return what is said now over what was said before, and remember it."""
    mine = (column(ImportMapping, "noun") == noun.path) & (column(ImportMapping, "signature") == signature)
    before = session.execute(select(ImportMapping).where(mine)).scalar_one_or_none()
    agreed = {} if before is None else dict(before.fields)
    if not said:
        return {heading: field for heading, field in agreed.items() if not field or field in HEADINGS[noun.path]}
    there = {_folded(heading) for heading in headings.values()}
    problems = []
    for heading, field in said.items():
        if _folded(heading) not in there:
            problems.append(FieldProblem("map", "no_such", _NO_COLUMN.fill(heading=heading), heading))
        if field and field not in HEADINGS[noun.path]:
            fields = ", ".join(HEADINGS[noun.path])
            problems.append(FieldProblem("map", "not_a_choice", _NO_FIELD.fill(field=field, fields=fields), field))
    if problems:
        raise Invalid(problems)
    agreed |= {_folded(heading): field for heading, field in said.items()}
    row = before or ImportMapping(noun=noun.path, signature=signature)
    row.fields, row.updated_at = agreed, now()
    session.add(row)
    return agreed


def _columns(noun: Noun, headings: Mapping[int, str], agreed: Mapping[str, str]) -> tuple[Column, ...]:
    known = _known(noun)
    fields: dict[int, str | None] = {}
    taken: set[str] = set()

    def take(place: int, field: str | None) -> None:
        if field is not None and field not in taken:
            fields[place] = field
            taken.add(field)

    words = {place: _folded(heading) for place, heading in headings.items()}
    for place, word in words.items():
        if word in agreed:
            fields[place] = None
            take(place, agreed[word] or None)
    for place, word in words.items():
        if place not in fields:
            take(place, known.get(word) or known.get(_folded(re.sub(r"\(.*?\)", "", headings[place]))))
    for place, word in words.items():
        if place not in fields:
            near = difflib.get_close_matches(word, known, n=1, cutoff=_CLOSE)
            take(place, known[near[0]] if near else None)
    return tuple(Column(place, heading, fields.get(place)) for place, heading in headings.items())


def _fits(noun: Noun, head: Row, found: Mapped) -> None:
    """Refuse a file that is some other list, so that nobody reads a thousand problems that are one.

    Raises:
        BadFile: Nothing or little of it is a field of the noun.
    """
    words = _words(head)

    def score(path: str) -> int:
        return len({_known_by_path(path)[word] for word in words if word in _known_by_path(path)})

    lacking = [name for name in _needed(noun) if name not in found.fields]
    if not found.fields or (lacking and len(found.fields) * 3 < len(found.columns)) or (lacking and len(lacking) > 1):
        best = max(
            (path for path in HEADINGS if importable(NOUNS[path])), key=lambda path: (score(path), path == noun.path)
        )
        if best != noun.path and score(best) > score(noun.path):
            raise BadFile(
                _ANOTHER.fill(this=noun.table.NOUN, other=NOUNS[best].table.NOUN),
                _RIGHT_LIST.fill(other=NOUNS[best].table.NOUN),
            )
    if not found.fields:
        labels = [HEADINGS[noun.path][name].text for name in _needed(noun)]
        needed = Text(vi=", ".join(one.vi for one in labels), en=", ".join(one.en for one in labels))
        raise BadFile(_NO_HEADINGS.fill(this=noun.table.NOUN), _WRITE_HEADINGS.fill(needed=needed))
    if not found.rows:
        raise BadFile(_EMPTY, _FILL_IN)


def _needed(noun: Noun) -> list[str]:
    assert noun.create is not None  # noqa: S101 - only such nouns are imported
    return [name for name, info in noun.create.model_fields.items() if info.is_required()]


_EMPTY: Final = Text(vi="Tệp không có dòng dữ liệu nào.", en="There is no row of data in the file.")
_FILL_IN: Final = Text(
    vi="Dòng đầu ghi tên các cột, mỗi dòng sau là một mục.", en="Put headings in the first row, one thing in each next."
)
_ANOTHER: Final = Text(
    vi="Tệp này giống danh sách {other}, không phải danh sách {this}.",
    en="This file looks like a list of the noun “{other}”, not “{this}”.",
)
_RIGHT_LIST: Final = Text(
    vi="Chọn nhập vào danh sách {other}, hoặc chọn đúng tệp.", en="Import it as “{other}”, or choose the right file."
)
_NO_HEADINGS: Final = Text(
    vi="Không nhận ra cột nào của danh sách {this} trong tệp.", en="No column of the noun “{this}” is in the file."
)
_WRITE_HEADINGS: Final = Text(
    vi="Ghi tên cột ở dòng đầu, ít nhất: {needed}. Có thể xuất danh sách ra làm mẫu.",
    en="Put headings in the first row, at least: {needed}. An export serves as a pattern.",
)
_NO_COLUMN: Final = Text(vi="Tệp không có cột “{heading}”.", en="There is no column “{heading}” in the file.")
_NO_FIELD: Final = Text(
    vi="Không có trường “{field}”; chọn một trong: {fields}.",
    en="There is no field “{field}”; choose one of: {fields}.",
)
