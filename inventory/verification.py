"""Verification: whether the history is whole, and every object is as its last change left it."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

from sqlalchemy import Table, select
from sqlmodel import Session, SQLModel

from inventory.columns import Booked, column
from inventory.history import (
    START,
    Breach,
    BreachKind,
    ChainHead,
    Change,
    ChangeSite,
    breach_of,
    canonical,
    chain_of,
    masked_values,
    seal_of,
)
from inventory.keys import Keys
from inventory.tables import BOOKED

Place = tuple[str, int]
"""Table and internal number of an object."""


@dataclass(slots=True)
class _Last:
    """The last change of one object; the row itself is kept as a digest, because there are many."""

    change: int
    key: str
    digest: bytes


@dataclass(slots=True)
class _Walk:
    """What is known after walking the chain.

    Attributes:
        began: By table, what each column holds where nobody has said anything.
    """

    began: dict[str, dict[str, Any]]
    changes: int = 0
    chain: str = START
    last: dict[Place, _Last] = field(default_factory=dict)


def verify(session: Session, keys: Keys, *, batch: int = 1_000) -> list[Breach]:
    """Return everything that was edited, removed or added behind the program's back; nothing if all is well.

    The chain shows edits and removals of changes, its sealed head the removal of the last ones, and the comparison of
    each object with its last change shows edits of the objects. It reads the whole history once, in batches.

    Args:
        session: A session to read with; one transaction, so that writers meanwhile do not disturb it.
        keys: The keys of the installation.
        batch: Rows that are held at a time.
    """
    walk = _Walk(began={str(table.__tablename__): _began(table) for table in BOOKED})
    breaches: list[Breach] = []
    for changes in _batches(session, batch):
        breaches += _walk(changes, _parties(session, changes), walk, keys)
    breaches += _head(session, keys, walk)
    for table in BOOKED:
        if table.CHAINED:
            breaches += _rows(session, table, walk, batch)
    # Of the others the history knows what people did alone: a row of theirs is not compared, nor missed.
    loose = {str(table.__tablename__) for table in BOOKED if not table.CHAINED}
    left = [(noun, last) for (noun, _number), last in walk.last.items() if noun not in loose]
    breaches += [breach_of(BreachKind.GONE, noun, last.key, last.change) for noun, last in left]
    return breaches


def _batches(session: Session, size: int) -> Iterator[list[Change]]:
    seen = 0
    while True:
        statement = select(Change).where(column(Change, "id") > seen).order_by(column(Change, "id")).limit(size)
        batch = list(session.execute(statement).scalars())
        if not batch:
            return
        seen = batch[-1].id or 0
        yield batch
        session.expunge_all()


def _parties(session: Session, batch: list[Change]) -> dict[int, list[int]]:
    number = column(ChangeSite, "change_id")
    found: dict[int, list[int]] = {}
    statement = select(number, column(ChangeSite, "site_id")).where(number.between(batch[0].id, batch[-1].id))
    for change, site in session.execute(statement):
        found.setdefault(change, []).append(site)
    return found


def _walk(batch: list[Change], parties: dict[int, list[int]], walk: _Walk, keys: Keys) -> Iterator[Breach]:
    for change in batch:
        number = change.id or 0
        if change.previous != walk.chain:
            yield breach_of(BreachKind.CUT, change=number)
        if change.chain != chain_of(keys, change):
            yield breach_of(BreachKind.EDITED, change.noun, change.object_key, number)
        if sorted(parties.get(number, [])) != change.site_ids:
            yield breach_of(BreachKind.PARTIES, change.noun, change.object_key, number)
        walk.changes += 1
        walk.chain = change.chain
        walk.last[change.noun, change.object_id] = _Last(
            number, change.object_key, _digest(_grown(change.after, walk.began.get(change.noun, {})))
        )


def _head(session: Session, keys: Keys, walk: _Walk) -> list[Breach]:
    head = session.get(ChainHead, 1)
    if head is None:
        return [] if walk.changes == 0 else [breach_of(BreachKind.HEAD)]
    whole = (head.changes, head.chain, head.seal) == (walk.changes, walk.chain, seal_of(keys, head))
    return [] if whole else [breach_of(BreachKind.HEAD, change=head.changes)]


def _rows(session: Session, table: type[Booked], walk: _Walk, size: int) -> Iterator[Breach]:
    """Compare every row of a table with its last change, and take it off the list of those to be found."""
    noun = str(table.__tablename__)
    for values in _values(session, SQLModel.metadata.tables[noun], size):
        last = walk.last.pop((noun, values["id"]), None)
        row = masked_values(table, values)
        if last is None:
            yield breach_of(BreachKind.UNBOOKED, noun, str(values[table.KEY]))
        elif last.digest != _digest(row):
            differing = _differing(session, last.change, row, walk.began[noun])
            yield breach_of(BreachKind.ROW, noun, last.key, last.change, differing)


def _values(session: Session, table: Table, size: int) -> Iterator[dict[str, Any]]:
    seen = 0
    while True:
        batch = session.execute(select(table).where(table.c.id > seen).order_by(table.c.id).limit(size)).all()
        if not batch:
            return
        for found in batch:
            yield dict(found._mapping)
        seen = batch[-1].id


def _differing(session: Session, change: int, row: dict[str, Any], began: dict[str, Any]) -> tuple[str, ...]:
    found = session.get(Change, change)
    after = _grown(None if found is None else found.after, began) or {}
    return tuple(name for name in sorted(row.keys() | after.keys()) if row.get(name) != after.get(name))


def _began(table: type[Booked]) -> dict[str, Any]:
    """Return what the columns of a table hold where nobody has said anything; those that must be said are left out."""
    given = {name: one for name, one in table.model_fields.items() if not one.is_required()}
    return masked_values(table, {name: one.get_default(call_default_factory=True) for name, one in given.items()})


def _grown(after: dict[str, Any] | None, began: dict[str, Any]) -> dict[str, Any] | None:
    """Return what a change left, with the columns that its table has got since as they began."""
    if after is None or began.keys() <= after.keys():
        return after
    return began | after


def _digest(row: dict[str, Any] | None) -> bytes:
    return sha256(canonical(row)).digest()
