"""Decisions: what is done about each difference, and saying that an unknown thing is one of the list."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Final
from uuid import uuid4

from pydantic import Field as Bounds
from sqlalchemy import select
from sqlmodel import Session

from inventory import history
from inventory.access.rights import Actor
from inventory.audit.campaigns import leading, require_open
from inventory.audit.differences import Difference, DifferenceKind, Tally, tally
from inventory.audit.evidence import entries_of, lines_of
from inventory.audit.stocktake import CountDecision, CountEntry, ExpectedLine, Method, Stocktake
from inventory.books import Books
from inventory.columns import column, now
from inventory.errors import FieldProblem, Invalid
from inventory.fields import Entry, Line, Note
from inventory.text import Text

MOST_DECISIONS: Final = 500
"""Decisions that are sent at a time."""

DECISIONS: Final[Mapping[DifferenceKind, Mapping[str, Text]]] = {
    DifferenceKind.MISSING: {
        "search": Text(vi="tiếp tục tìm, báo lại sau", en="go on searching and report"),
        "liability": Text(vi="xác định trách nhiệm, bồi thường", en="settle who is liable"),
        "write_off": Text(vi="đề nghị ghi giảm tài sản", en="propose to take it off the books"),
    },
    DifferenceKind.ELSEWHERE: {
        "bring_back": Text(vi="đưa về đúng nơi theo sổ", en="bring it back to its place"),
        "move_books": Text(vi="làm thủ tục điều chuyển, sửa sổ", en="transfer it and correct the books"),
    },
    DifferenceKind.DAMAGED: {
        "repair": Text(vi="sửa chữa", en="repair it"),
        "dispose": Text(vi="đề nghị thanh lý", en="propose to dispose of it"),
        "keep": Text(vi="vẫn dùng được, tiếp tục theo dõi", en="still usable, keep an eye on it"),
    },
    DifferenceKind.UNEXPECTED: {
        "return": Text(vi="trả về đơn vị quản lý", en="return it to its owner"),
        "transfer": Text(vi="làm thủ tục điều chuyển về đây", en="transfer it to this site"),
        "leave": Text(vi="ngoài phạm vi đợt này, giữ nguyên", en="outside this count, leave it"),
    },
    DifferenceKind.SURPLUS: {
        "book": Text(vi="xác định giá trị, ghi tăng tài sản", en="value it and enter it in the books"),
        "return": Text(vi="trả cho chủ sở hữu", en="give it back to its owner"),
        "ignore": Text(vi="không phải tài sản phải theo dõi", en="no thing that the books keep"),
    },
}
"""What can be decided about each kind of difference."""


class DecisionCreate(Entry):
    """A decision; `basis` is that of the difference that was looked at."""

    subject: Annotated[str, Bounds(min_length=1, max_length=200)]
    basis: Annotated[str, Bounds(pattern=r"^[0-9a-f]{64}$")]
    kind: Line
    note: Annotated[Note, Bounds(max_length=500)] = ""


@dataclass(frozen=True, slots=True)
class Reviewed:
    """A campaign's count with the decisions on it.

    Attributes:
        count: The whole count.
        decisions: By subject, those that fit the difference as it is now.
    """

    count: Tally
    decisions: dict[str, CountDecision]

    @property
    def undecided(self) -> list[Difference]:
        """Return the differences on which nothing is decided yet, or only something that fits no longer."""
        return [one for one in self.count.differences if one.subject not in self.decisions]


def reviewed(session: Session, actor: Actor, row: Stocktake) -> Reviewed:
    """Return the count of a campaign, as far as the actor sees it, with its decisions."""
    lines, entries = lines_of(session, actor, row), entries_of(session, row)
    if actor.site_ids is not None:
        mine = {line.id for line in lines}
        entries = [one for one in entries if one.voids or one.line_id in mine or _is_loose(one, actor.site_ids)]
    count = tally(lines, entries)
    found = session.execute(select(CountDecision).where(column(CountDecision, "stocktake_id") == row.id)).scalars()
    stored = {one.subject: one for one in found}
    fitting = {
        one.subject: stored[one.subject]
        for one in count.differences
        if one.subject in stored and stored[one.subject].basis == one.basis
    }
    return Reviewed(count, fitting)


def _is_loose(entry: CountEntry, site_ids: Collection[int]) -> bool:
    return entry.line_id is None and entry.site_id in site_ids


def decide(books: Books, actor: Actor, number: int, version: int, sent: Sequence[DecisionCreate]) -> None:
    """Write decisions; a later one on the same difference takes the place of the one before.

    Raises:
        Forbidden: The actor may not lead this campaign.
        NotFound: There is none, or the actor may not know of it.
        Stale: It was written since `version`.
        Conflict: It has not begun, or is signed.
        Invalid: A difference is no more, has changed meanwhile, or the decision does not fit it; nothing was written.
    """
    with leading(books, actor, number, version) as (session, row):
        require_open(row)
        state = reviewed(session, actor, row)
        now_open = {one.subject: one for one in state.count.differences}
        problems = [problem for one in sent if (problem := _problem(one, now_open)) is not None]
        if problems:
            raise Invalid(problems)
        found = session.execute(select(CountDecision).where(column(CountDecision, "stocktake_id") == row.id)).scalars()
        stored = {one.subject: one for one in found}
        for one in sent:
            _write(session, books, actor, row, one, stored.get(one.subject), now_open[one.subject])


def identify(  # noqa: PLR0917 - who, where, from when, which is which
    books: Books, actor: Actor, number: int, version: int, subject: str, line_number: int
) -> None:
    """Say that a thing that is on no list is the thing of a line; its entries are taken back and made for the line.

    Raises:
        As `decide`; Invalid also if there is no such line.
    """
    with leading(books, actor, number, version) as (session, row):
        require_open(row)
        state = reviewed(session, actor, row)
        extra = next((one for one in state.count.extras if one.subject == subject), None)
        line = next((one.line for one in state.count.findings if one.line.number == line_number), None)
        if extra is None:
            raise Invalid([FieldProblem("subject", "no_such", _GONE, subject[:200])])
        if line is None:
            raise Invalid([FieldProblem("line", "no_such", _NO_LINE.fill(number=line_number), str(line_number))])
        for old in extra.entries:
            session.add_all(_moved(old, line, actor.name))
        session.flush()


def _problem(one: DecisionCreate, now_open: Mapping[str, Difference]) -> FieldProblem | None:
    difference = now_open.get(one.subject)
    if difference is None:
        return FieldProblem(one.subject, "no_such", _GONE)
    if difference.basis != one.basis:
        return FieldProblem(one.subject, "changed", _CHANGED)
    if one.kind not in DECISIONS[difference.kind]:
        return FieldProblem(one.subject, "not_a_choice", _NO_CHOICE.fill(known=", ".join(DECISIONS[difference.kind])))
    return None


def _write(  # noqa: PLR0917 - one row and all it depends on
    session: Session,
    books: Books,
    actor: Actor,
    row: Stocktake,
    one: DecisionCreate,
    old: CountDecision | None,
    difference: Difference,
) -> None:
    values = one.model_dump() | {"decided_by": actor.name}
    before = None
    if old is None:
        old = CountDecision(stocktake_id=row.id or 0, **values)
    elif all(getattr(old, name) == value for name, value in values.items()):
        return
    else:
        before = history.masked(old)
        for name, value in values.items():
            setattr(old, name, value)
        old.version += 1
        old.updated_at = now()
    act = "decide" if before is None else "decide_again"
    history.record(session, books.keys, actor=actor, act=act, obj=old, before=before, sites=difference.site_ids)


def _moved(old: CountEntry, line: ExpectedLine, who: str) -> list[CountEntry]:
    moment = now()
    kept: dict[str, Any] = old.model_dump(include={"stocktake_id", "site_id", "site_name", "room"})
    kept |= {"method": Method.HAND.value, "counted_by": who, "counted_at": moment, "received_at": moment}
    read = " · ".join(word for word in (old.tag, old.serial, old.name) if word)
    return [
        CountEntry(uid=uuid4().hex, voids=old.uid, **kept),
        CountEntry(
            uid=uuid4().hex, line_id=line.id, tag=line.tag, serial=old.serial, condition=old.condition,
            note=f"= {read} ({old.counted_by})"[:500], **kept,
        ),
    ]  # fmt: skip


_GONE: Final = Text(vi="Chênh lệch này không còn.", en="This difference is no more.")
_CHANGED: Final = Text(
    vi="Vừa có số liệu kiểm đếm mới cho mục này; xem lại rồi quyết định.",
    en="Something new was counted here meanwhile; look at it again.",
)
_NO_CHOICE: Final = Text(vi="Chỉ nhận: {known}.", en="This has to be one of: {known}.")
_NO_LINE: Final = Text(vi="Không có dòng số {number}.", en="There is no line {number}.")
