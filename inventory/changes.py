"""Changes, read: who did what and when, for whoever was party to it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import select

from inventory import cursor as cursors
from inventory.access.rights import Act, Actor, check, visible
from inventory.books import Books
from inventory.columns import column
from inventory.db import reading
from inventory.errors import FieldProblem, Invalid
from inventory.history import Change
from inventory.text import Text

MOST_ROWS: Final = 200


@dataclass(frozen=True, slots=True)
class Told:
    """One change as it is shown.

    Attributes:
        before: The row before, secrets as fingerprints; `None` for a creation.
        after: The row after, likewise.
    """

    id: int
    at: datetime
    actor: str
    noun: str
    key: str
    act: str
    before: dict[str, Any] | None
    after: dict[str, Any] | None


@dataclass(frozen=True, slots=True)
class ChangePage:
    """A page of changes, newest first, and the cursor of the next page."""

    items: list[Told]
    next_cursor: str | None


def list_changes(
    books: Books,
    actor: Actor,
    *,
    table: str | None = None,
    key: str | None = None,
    by: str | None = None,
    cursor: str = "",
    limit: int = 50,
) -> ChangePage:
    """Return changes that the actor may see, newest first.

    Args:
        books: The books.
        actor: The reader; sees the acts to which a site of its own was party.
        table: Name of the table of a noun; all of them if absent.
        key: Key of the object as of the act.
        by: Name of who acted.
        cursor: `next_cursor` of the page before.
        limit: 1 to `MOST_ROWS`.

    Raises:
        Forbidden: The actor may not read the history.
        Invalid: The limit or the cursor is wrong.
    """
    check(actor, Act.READ, "changes")
    if not 1 <= limit <= MOST_ROWS:
        raise Invalid([FieldProblem("limit", "out_of_range", _LIMIT.fill(most=MOST_ROWS), str(limit))])
    question = f"changes {table} {key} {by}"
    wanted = [visible(actor, Change)]
    for name, value in (("noun", table), ("object_key", key), ("actor", by)):
        if value is not None:
            wanted.append(column(Change, name) == value)
    if cursor:
        wanted.append(column(Change, "id") < cursors.unpack(books.keys, question, cursor)[1])
    statement = select(Change).where(*wanted).order_by(column(Change, "id").desc()).limit(limit + 1)
    with reading(books.engine) as session:
        rows = session.execute(statement).scalars().all()
    last = rows[limit - 1].id if len(rows) > limit else None
    following = None if last is None else cursors.pack(books.keys, question, None, last)
    return ChangePage([_told(row) for row in rows[:limit]], following)


def _told(row: Change) -> Told:
    return Told(row.id or 0, row.at, row.actor, row.noun, row.object_key, row.act, row.before, row.after)


_LIMIT: Final = Text(vi="Mỗi trang từ 1 đến {most} dòng.", en="A page has 1 to {most} rows.")
