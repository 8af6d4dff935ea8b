"""What the rows of a file meet in the books: read all at once, so that ten thousand rows are not as many questions."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final

from sqlalchemy import select
from sqlmodel import Session

from inventory.access.rights import Actor, visible
from inventory.cell_values import nearest
from inventory.columns import Booked, column
from inventory.near import Columns, Gathered
from inventory.noun import Noun, Reference
from inventory.spelling import fold

_AT_ONCE: Final = 500
_MOST_COMPARED: Final = 2_000
_MOST_SUGGESTED: Final = 100

_SPOKEN: Final[Mapping[str, tuple[str, ...]]] = {
    "site": ("name",),
    "provider": ("name",),
    "product": ("manufacturer", "model"),
    "device": ("title",),
    "credential": ("title",),
}
"""By table: the columns that together are what people call a row, besides its key."""

_RANK: Final = re.compile(r"(?:ubnd )?(?:xa|phuong|thi tran|huyen|tinh|thi xa) ")

MATCHED_BY: Final[Mapping[str, tuple[tuple[str, ...], ...]]] = {
    "assets": (("tag",), ("serial",)),
    "holdings": (("device", "asset", "held_from"),),
}
"""By noun: the fields by which a row of a file is found in the books, first ones first; others by their key."""


def matched_by(noun: Noun) -> tuple[tuple[str, ...], ...]:
    """Return the groups of fields by which a row of a file is found in the books."""
    return MATCHED_BY.get(noun.path, ((noun.table.KEY,),))


@dataclass
class Directory:
    """The rows of one table that a file refers to, as the actor may know of them.

    Attributes:
        rows: Those that are named, by key.
        spoken: Key by what people call a row; empty where two are called alike.
    """

    rows: dict[str, Booked] = field(default_factory=dict)
    spoken: dict[str, str] = field(default_factory=dict)
    _suggested: dict[str, str | None] = field(default_factory=dict)

    @classmethod
    def read(cls, session: Session, actor: Actor, table: type[Booked], wanted: Iterable[str]) -> "Directory":
        """Read what a file's texts may mean: keys, or the names that people use."""
        found = cls()
        words = _SPOKEN.get(str(table.__tablename__))
        texts = set(wanted)
        if words is not None:
            found._learn(session, actor, table, words)
            texts |= {found.key(text) for text in texts}
        for some in _parts(sorted(texts)):
            here = column(table, table.KEY).in_(some)
            for row in session.execute(select(table).where(here, visible(actor, table))).scalars():
                found.rows[row.key] = row
        return found

    def _learn(self, session: Session, actor: Actor, table: type[Booked], words: Sequence[str]) -> None:
        columns = [column(table, name) for name in (table.KEY, *words)]
        listed = session.execute(
            select(*columns).where(visible(actor, table), column(table, "retired_at").is_(None))
        ).all()
        called = [(str(row[0]), fold(" ".join(str(word) for word in row[1:] if word))) for row in listed]
        for shorten in (False, True):
            names: dict[str, set[str]] = {}
            for key, name in called:
                short = _RANK.sub("", name, count=1) if _RANK.match(name) else ""
                names.setdefault(short if shorten else name, set()).add(key)
            for name, keys in names.items():
                if name:
                    self.spoken.setdefault(name, next(iter(keys)) if len(keys) == 1 else "")
        for key, _ in called:
            self.spoken[fold(key)] = key

    def key(self, text: str) -> str:
        """Return the key that a text means; the text itself if it means none."""
        if text in self.rows:
            return text
        return self.spoken.get(fold(text)) or text

    def suggestion(self, text: str) -> str | None:
        """Return the key that is written most like the text; `None` if nothing is, or the question is too large."""
        if text not in self._suggested:
            if len(self._suggested) >= _MOST_SUGGESTED or len(self.spoken) > _MOST_COMPARED:
                return None
            self._suggested[text] = nearest(text, self.spoken) or None
        return self._suggested[text]


@dataclass
class Found:
    """Everything in the books that the rows of a file meet; looks up what the register would ask the database.

    Attributes:
        noun: What the rows are.
        directories: By table, what is referred to.
        kept: Rows that matched rows refer to already, by table and key, whether or not the actor may know of them.
        holders: By unique field and value, the row that has it.
        matches: By match fields and their values, the row.
        gathered: Rows near those of the file, by what they may not share.
    """

    noun: Noun
    directories: dict[type[Booked], Directory] = field(default_factory=dict)
    kept: dict[tuple[type[Booked], str], Booked] = field(default_factory=dict)
    numbers: dict[tuple[type[Booked], int], Booked] = field(default_factory=dict)
    holders: dict[tuple[str, Any], Booked] = field(default_factory=dict)
    matches: dict[tuple[str, ...], Booked] = field(default_factory=dict)
    gathered: Gathered | None = None

    def referred(self, reference: Reference, key: str, *, anew: bool) -> Booked | None:
        """Return the row with that key; if it is chosen anew, only one that the actor may know of."""
        directory = self.directories.get(reference.table)
        found = None if directory is None else directory.rows.get(key)
        return found if anew or found is not None else self.kept.get((reference.table, key))

    def holder(self, name: str, value: Any) -> Booked | None:  # noqa: ANN401 - any field's value
        """Return the row whose unique field has that value."""
        return self.holders.get((name, value))

    def book(self, row: Booked, before: Mapping[str, Any]) -> None:
        """Take note of a row as it will be: its unique values, and that others may refer to it.

        Args:
            row: The row.
            before: The unique fields as they were.
        """
        for name in self.noun.unique:
            if before.get(name) is not None and self.holders.get((name, before[name])) is row:
                del self.holders[name, before[name]]
            value = getattr(row, name)
            if value not in {None, ""}:
                self.holders[name, value] = row
        directory = self.directories.get(self.noun.table)
        if directory is not None:
            directory.rows[row.key] = row
        if self.gathered is not None:
            self.gathered.put(row)

    def key_of(self, reference: Reference, row: Booked) -> str | None:
        """Return the key that a row in the books has in a reference."""
        number = getattr(row, reference.column)
        other = None if number is None else self.numbers.get((reference.table, number))
        return None if other is None else other.key


def refer(session: Session, actor: Actor, noun: Noun, rows: Sequence[Mapping[str, Any]]) -> Found:
    """Read what the rows of a file refer to.

    Args:
        session: In the transaction of the import.
        actor: Who imports.
        noun: What the rows are.
        rows: Values by field.
    """
    found = Found(noun)
    wanted: dict[type[Booked], set[str]] = {}
    for name, reference in noun.references.items():
        named = wanted.setdefault(reference.table, set())
        named.update(str(values[name]) for values in rows if name in values)
    for table, texts in wanted.items():
        found.directories[table] = Directory.read(session, actor, table, texts)
    return found


def match(session: Session, actor: Actor, found: Found, rows: Sequence[Mapping[str, Any]]) -> None:
    """Read the rows of the books that the rows of a file may be, and those that hold their unique values.

    Args:
        session: In the transaction of the import.
        actor: Who imports; what it may not know of is not matched.
        found: What was read so far; filled.
        rows: Values by field, references as keys.
    """
    noun = found.noun
    for name in noun.unique:
        for row in _rows_with(session, noun, name, {values[name] for values in rows if values.get(name)}):
            found.holders[name, getattr(row, name)] = row
    seen = list(_visible(session, actor, noun, found))
    if noun.path == "holdings":
        seen = _holdings(session, actor, found)
    _keep(session, found, seen)
    for row in seen:
        for names in matched_by(noun):
            key = match_key(names, {name: _named(found, row, name) for name in names})
            if key is not None:
                found.matches[key] = row


def gather(session: Session, found: Found, rows: Sequence[tuple[Mapping[str, Any], Booked | None]]) -> None:
    """Read the rows that share with rows of a file what no two may share.

    Args:
        session: In the transaction of the import.
        found: What was read so far; filled.
        rows: Values by field, references as keys, each with the row that it changes.
    """
    near = found.noun.near
    if near is None:
        return
    wanted = set()
    for values, row in rows:
        columns = {} if row is None else dict(row.__dict__)
        columns |= values
        for name, reference in found.noun.references.items():
            other = found.directories[reference.table].rows.get(str(values.get(name)))
            if name in values:
                columns[reference.column] = None if other is None else other.id
        wanted |= set(near.keys(Columns(columns)))
    found.gathered = Gathered(near, near.rows(session, wanted))


def match_key(names: tuple[str, ...], values: Mapping[str, Any]) -> tuple[str, ...] | None:
    """Return what a row is matched by; `None` if it lacks one of the fields."""
    parts = [values.get(name) for name in names]
    if any(part in {None, ""} for part in parts):
        return None
    return (*names, *(part.isoformat() if hasattr(part, "isoformat") else str(part) for part in map(_utc, parts)))


def _utc(value: Any) -> Any:  # noqa: ANN401 - any field's value
    return value.astimezone(UTC) if isinstance(value, datetime) and value.tzinfo else value


def _named(found: Found, row: Booked, name: str) -> Any:  # noqa: ANN401 - any field's value
    reference = found.noun.references.get(name)
    return getattr(row, name) if reference is None else found.key_of(reference, row)


def _visible(session: Session, actor: Actor, noun: Noun, found: Found) -> Iterator[Booked]:
    held = {row.id: row for row in found.holders.values()}
    if actor.site_ids is None:
        yield from held.values()
        return
    for some in _parts(sorted(held)):
        here = column(noun.table, "id").in_(some)
        for number in session.execute(
            select(column(noun.table, "id")).where(here, visible(actor, noun.table))
        ).scalars():
            yield held[number]


def _holdings(session: Session, actor: Actor, found: Found) -> list[Booked]:
    table = found.noun.table
    devices = found.directories[found.noun.references["device"].table].rows.values()
    rows: list[Booked] = []
    for some in _parts(sorted(device.id for device in devices)):
        here = column(table, "device_id").in_(some) & column(table, "retired_at").is_(None)
        rows += session.execute(select(table).where(here, visible(actor, table))).scalars()
    return rows


def _rows_with(session: Session, noun: Noun, name: str, values: Iterable[Any]) -> Iterator[Booked]:
    for some in _parts(sorted(values)):
        yield from session.execute(select(noun.table).where(column(noun.table, name).in_(some))).scalars()


def _keep(session: Session, found: Found, rows: Sequence[Booked]) -> None:
    """Read what matched rows refer to already, in a few statements."""
    for reference in found.noun.references.values():
        table = reference.table
        numbers = {getattr(row, reference.column) for row in rows} - {None}
        for some in _parts(sorted(numbers)):
            for other in session.execute(select(table).where(column(table, "id").in_(some))).scalars():
                found.kept[table, other.key] = other
                found.numbers[table, other.id or 0] = other


def _parts(values: Sequence[Any]) -> Iterator[Sequence[Any]]:
    for start in range(0, len(values), _AT_ONCE):
        yield values[start : start + _AT_ONCE]
