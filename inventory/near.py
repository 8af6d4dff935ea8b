"""Rows that may not share something, beyond one unique column: how they are found, in the database or read before."""

from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.sql.elements import ColumnElement
from sqlmodel import Session

from inventory.columns import Booked

Key = tuple[Hashable, ...]
"""What rows may share: an end of a link, a device's time, a maker with a model."""

_AT_ONCE: Final = 500


@dataclass(frozen=True, slots=True)
class Near:
    """How rows of a noun stand near each other.

    Attributes:
        table: The noun's table.
        keys: Gives the keys of a row, or of what has some of its columns and `None` for the others.
        among: Gives the condition under which a row that counts has one of these keys.
    """

    table: type[Booked]
    keys: Callable[[Any], Iterable[Key]]
    among: Callable[[Sequence[Key]], ColumnElement[bool]]

    def rows(self, session: Session, keys: Iterable[Key]) -> list[Any]:
        """Return the rows that have one of these keys, by number."""
        wanted = sorted(set(keys), key=repr)
        found: dict[int, Booked] = {}
        for start in range(0, len(wanted), _AT_ONCE):
            statement = select(self.table).where(self.among(wanted[start : start + _AT_ONCE]))
            found |= {row.id or 0: row for row in session.execute(statement).scalars()}
        return [found[number] for number in sorted(found)]


class Gathered:
    """Rows that were read before, by their keys, with those that are about to be written."""

    def __init__(self, near: Near, rows: Iterable[Booked]) -> None:
        self._near = near
        self._rows: dict[Key, list[Booked]] = {}
        self._keys: dict[int, tuple[Key, ...]] = {}
        for row in rows:
            self.put(row)

    def put(self, row: Booked) -> None:
        """Take note of a row as it is now, whatever it was before."""
        for key in self._keys.get(id(row), ()):
            self._rows[key].remove(row)
        keys = tuple(self._near.keys(row))
        self._keys[id(row)] = keys
        for key in keys:
            self._rows.setdefault(key, []).append(row)

    def rows(self, key: Key) -> list[Booked]:
        """Return the rows that have a key."""
        return list(self._rows.get(key, ()))


class Columns:
    """Some columns of a row that is not made yet; `None` for the others."""

    def __init__(self, values: dict[str, Any]) -> None:
        self._values = values

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - any column's value
        """Return a column's value."""
        return self._values.get(name)
