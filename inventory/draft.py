"""A row that is about to be written: what its noun looks at, and where it says what is wrong."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlmodel import Session

from inventory.columns import Booked
from inventory.errors import FieldProblem
from inventory.keys import Keys
from inventory.near import Gathered, Key, Near
from inventory.text import Text

_LONGEST_VALUE = 200


@dataclass
class Draft:
    """A creation or a change before it is written; no other booked write happens meanwhile.

    Attributes:
        session: Inside the writing transaction.
        keys: To seal secrets with.
        today: The day at the office.
        row: The row as it stands; `None` for a creation.
        values: Every field as it would be afterwards, by the names of the model; wrong ones are absent.
        sent: Names of the fields that were sent.
        refers: Rows referred to, by field.
        columns: What will be written, by column; a noun may add or take away.
        problems: What is wrong, over all fields.
        gathered: Rows near this one, where they were read before; the database is asked if absent.
    """

    session: Session
    keys: Keys
    today: date
    row: Booked | None
    values: dict[str, Any]
    sent: frozenset[str]
    refers: dict[str, Booked | None] = field(default_factory=dict)
    columns: dict[str, Any] = field(default_factory=dict)
    problems: list[FieldProblem] = field(default_factory=list)
    gathered: Gathered | None = None

    def wrong(self, name: str, code: str, message: Text, *, value: object = None) -> None:
        """Note that a field is wrong."""
        shown = None if value is None else str(value)[:_LONGEST_VALUE]
        self.problems.append(FieldProblem(name, code, message, shown))

    def changed(self, *names: str) -> bool:
        """Return whether any of these fields was sent; always so for a creation."""
        return self.row is None or not self.sent.isdisjoint(names)

    def in_order(self, earlier: str, later: str) -> None:
        """Note a problem of `later` unless it is the same as `earlier` or after it; absent ones are in order."""
        start, end = self.values.get(earlier), self.values.get(later)
        if start is not None and end is not None and end < start:
            self.wrong(
                later,
                "order",
                Text(vi="Phải từ ngày {start} trở đi.", en="This has to be on {start} or later.").fill(start=start),
                value=end,
            )

    def not_after_today(self, name: str) -> None:
        """Note a problem of a day that lies in the future."""
        day = self.values.get(name)
        if day is not None and day > self.today:
            self.wrong(
                name,
                "in_the_future",
                Text(vi="Ngày này còn ở tương lai.", en="This day lies in the future."),
                value=day,
            )

    def sharing(self, near: Near, key: Key) -> list[Any]:
        """Return the other rows that share a key with this one."""
        found = near.rows(self.session, [key]) if self.gathered is None else self.gathered.rows(key)
        return [row for row in found if row is not self.row and (self.row is None or row.id != self.row.id)]

    def is_wrong(self, name: str) -> bool:
        """Return whether something is wrong with the field already."""
        return any(problem.field == name or problem.field.startswith(f"{name}.") for problem in self.problems)


def nothing_more(draft: Draft) -> None:
    """Examine nothing: the noun has no rule beyond those of its fields."""
    del draft
