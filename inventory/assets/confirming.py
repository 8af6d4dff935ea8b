"""Confirming lines of rulebooks against the full text, taking a confirmation back, and what is still in doubt."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any, Final

from pydantic import ValidationError
from sqlalchemy import select
from sqlmodel import Session

from inventory import history
from inventory.access.rights import Act, Actor, check
from inventory.assets.confirmations import (
    ConfirmationCreate,
    ConfirmationRead,
    RulebookConfirmation,
    digest_of_line,
    figures_of,
)
from inventory.assets.rulebook import Doubt, NormBook, Rulebooks, Sourced, WearBook
from inventory.books import Books
from inventory.columns import column, now
from inventory.db import reading, writing
from inventory.errors import Conflict, FieldProblem, Forbidden, Invalid, NotFound, Stale
from inventory.text import Text
from inventory.wording import problems_in


class LineState(StrEnum):
    """What is known of a line.

    READ: who wrote the book read it in the full text. CONFIRMED: it was compared here. OPEN: nobody compared it.
    OUTDATED: it was compared here, but says something else since.
    """

    READ = "read"
    CONFIRMED = "confirmed"
    OPEN = "open"
    OUTDATED = "outdated"


LINE_STATES: Final[Mapping[LineState, Text]] = {
    LineState.READ: Text(vi="đọc trong văn bản", en="read in the text"),
    LineState.CONFIRMED: Text(vi="kế toán đã xác nhận", en="confirmed by an accountant"),
    LineState.OPEN: Text(vi="chưa đối chiếu văn bản", en="not yet compared with the text"),
    LineState.OUTDATED: Text(vi="đã đổi sau khi xác nhận", en="changed since it was confirmed"),
}


@dataclass(frozen=True, slots=True)
class LineStatus:
    """A line of a rulebook and what is known of it.

    Attributes:
        rulebook: Key of its book.
        title: The book's title.
        kind: `wear` or `norms`.
        first_day: First day of the book in force.
        place: Where it stands in the book (`lives.computer`).
        says: Its figures.
        source: Where they were read, or why they are in doubt.
        digest: Of what it says, source included.
        state: What is known of it.
        confirmation: The last confirmation that was not taken back; of a line that is OUTDATED too.
    """

    rulebook: str
    title: Text
    kind: str
    first_day: date
    place: str
    says: dict[str, Any]
    source: Text
    digest: str
    state: LineState
    confirmation: ConfirmationRead | None


def lines_of(books: Books, actor: Actor, rulebooks: Rulebooks) -> tuple[LineStatus, ...]:
    """Return every line of every rulebook, oldest book first, in one statement.

    Raises:
        Forbidden: The actor may not read the rulebooks.
    """
    check(actor, Act.READ, "rulebooks")
    with reading(books.engine) as session:
        standing = _standing(session)
    return tuple(_status(book, place, line, standing) for book, place, line in _lines(rulebooks))


def doubts_of(session: Session, rulebooks: Rulebooks, keys: Collection[str] | None = None) -> tuple[Doubt, ...]:
    """Return every line that nobody compared with the full text as it is now, oldest book first, in one statement.

    Args:
        session: To read with.
        rulebooks: The books.
        keys: Keys of the books that matter; `None` = all.
    """
    standing = _standing(session)
    found = (_status(book, place, line, standing) for book, place, line in _lines(rulebooks))
    doubtful = {LineState.OPEN, LineState.OUTDATED}
    return tuple(
        Doubt(one.rulebook, one.title, one.place, one.source)
        for one in found
        if one.state in doubtful and (keys is None or one.rulebook in keys)
    )


def confirm(
    books: Books, actor: Actor, values: dict[str, Any] | ConfirmationCreate, rulebooks: Rulebooks
) -> ConfirmationRead:
    """Note that a line was compared with the full text and says the same.

    Raises:
        Forbidden: The actor may not confirm, or answers for some places only: a rule holds for the whole book.
        Invalid: There is no such line, or fields are wrong; all of them are named.
        Conflict: The line says something else than what was read, or is confirmed already.
    """
    return confirm_all(books, actor, [values], rulebooks)[0]


def confirm_all(
    books: Books, actor: Actor, values: Sequence[dict[str, Any] | ConfirmationCreate], rulebooks: Rulebooks
) -> list[ConfirmationRead]:
    """Note of several lines that they were compared: of all, or of none if one is refused. Raises as `confirm`."""
    _require_all(actor)
    entries = [_fitting(books, one, rulebooks) for one in values]
    with writing(books.engine) as session:
        history.alone(session)
        standing = _standing(session)
        return [_shown(_confirmed(session, books, actor, entry, standing)) for entry in entries]


def _fitting(books: Books, values: dict[str, Any] | ConfirmationCreate, rulebooks: Rulebooks) -> ConfirmationCreate:
    entry = _read(values)
    line = next((line for book, at, line in _lines(rulebooks) if (book.key, at) == (entry.rulebook, entry.place)), None)
    problems = []
    if line is None:
        problems.append(FieldProblem("place", "no_such", _NO_LINE, f"{entry.rulebook} {entry.place}"))
    if entry.day > books.today():
        problems.append(FieldProblem("day", "in_the_future", _FUTURE, entry.day.isoformat()))
    if problems or line is None:
        raise Invalid(problems)
    if digest_of_line(line) != entry.digest:
        raise Conflict(_CHANGED, _READ_AGAIN)
    return entry


def _confirmed(
    session: Session,
    books: Books,
    actor: Actor,
    entry: ConfirmationCreate,
    standing: dict[tuple[str, str], RulebookConfirmation],
) -> RulebookConfirmation:
    before = standing.get((entry.rulebook, entry.place))
    if before is not None and before.digest == entry.digest:
        raise Conflict(_TAKEN.fill(who=before.confirmed_by, day=before.day.isoformat()), _NOTHING)
    row = standing[entry.rulebook, entry.place] = RulebookConfirmation(**entry.model_dump())
    history.record(session, books.keys, actor=actor, act="confirm", obj=row, before=None, sites=())
    return row


def revoke(books: Books, actor: Actor, number: int, version: int) -> ConfirmationRead:
    """Take a confirmation back; its row and history stay.

    Raises:
        Forbidden: The actor may not confirm.
        NotFound: There is none.
        Stale: It was written since `version`.
        Conflict: It was taken back before.
    """
    _require_all(actor)
    with writing(books.engine) as session:
        history.alone(session)
        row = session.get(RulebookConfirmation, number)
        if row is None:
            raise NotFound(RulebookConfirmation.NOUN, str(number)[:20])
        if row.version != version:
            raise Stale(row.version)
        if row.retired_at is not None:
            raise Conflict(_REVOKED, _NOTHING)
        before = history.masked(row)
        row.retired_at = row.updated_at = now()
        row.version += 1
        history.record(session, books.keys, actor=actor, act="revoke", obj=row, before=before, sites=())
        return _shown(row)


def _require_all(actor: Actor) -> None:
    check(actor, Act.WRITE, "rulebooks")
    if actor.site_ids is not None:
        raise Forbidden


def _read(values: dict[str, Any] | ConfirmationCreate) -> ConfirmationCreate:
    try:
        return ConfirmationCreate.model_validate(values)
    except ValidationError as error:
        raise Invalid(problems_in(error)) from None


def _lines(rulebooks: Rulebooks) -> list[tuple[WearBook | NormBook, str, Sourced]]:
    both: list[WearBook | NormBook] = [*rulebooks.wear, *rulebooks.norms]
    books = sorted(both, key=lambda book: (book.in_force.day, book.key))
    return [(book, place, line) for book in books for place, line in book.lines()]


def _standing(session: Session) -> dict[tuple[str, str], RulebookConfirmation]:
    """Return by book and place the last confirmation that was not taken back."""
    there = column(RulebookConfirmation, "retired_at").is_(None)
    statement = select(RulebookConfirmation).where(there).order_by(column(RulebookConfirmation, "id"))
    return {(row.rulebook, row.place): row for row in session.execute(statement).scalars()}


def _status(
    book: WearBook | NormBook, place: str, line: Sourced, standing: Mapping[tuple[str, str], RulebookConfirmation]
) -> LineStatus:
    digest = digest_of_line(line)
    found = standing.get((book.key, place))
    if found is not None and found.digest == digest:
        state = LineState.CONFIRMED
    elif line.confirmed:
        state = LineState.READ
    else:
        state = LineState.OPEN if found is None else LineState.OUTDATED
    return LineStatus(
        book.key, book.title.text, book.kind, book.in_force.day, place, figures_of(line), line.source.text, digest,
        state, None if found is None else _shown(found),
    )  # fmt: skip


def _shown(row: RulebookConfirmation) -> ConfirmationRead:
    values = row.model_dump(exclude={"id", "search_text", "order_text"})
    return ConfirmationRead(id=row.id or 0, key=row.key, **values)


_NO_LINE: Final = Text(vi="Không có dòng này trong bộ quy định.", en="There is no such line in the rulebook.")
_FUTURE: Final = Text(vi="Ngày này còn ở tương lai.", en="This day lies in the future.")
_CHANGED: Final = Text(
    vi="Dòng này vừa được sửa, không còn như lúc bạn đọc.", en="This line says something else than when you read it."
)
_READ_AGAIN: Final = Text(vi="Tải lại trang, đối chiếu lại.", en="Reload the page and compare it again.")
_TAKEN: Final = Text(
    vi="{who} đã xác nhận dòng này ngày {day}.", en="{who} confirmed this line on {day} already."
)  # fmt: skip
_REVOKED: Final = Text(vi="Xác nhận này đã được rút lại.", en="This confirmation was taken back before.")
_NOTHING: Final = Text(vi="Không cần làm gì thêm.", en="There is nothing to do.")
