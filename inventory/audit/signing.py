"""Signing off: everything that the minutes rest on is frozen, with its digest and the end of the history."""

from collections.abc import Iterable
from hashlib import sha256
from typing import Any, Final

from sqlalchemy import select
from sqlmodel import Session

from inventory import history
from inventory.access.rights import SYSTEM, Actor
from inventory.audit.campaigns import leading, require_open, write
from inventory.audit.deciding import reviewed
from inventory.audit.evidence import entries_of, lines_of
from inventory.audit.stocktake import CountDecision, CountEntry, ExpectedLine, Stocktake, StocktakeState
from inventory.books import Books
from inventory.columns import column, now
from inventory.errors import Conflict, FieldProblem, Invalid
from inventory.history import START, ChainHead, canonical
from inventory.spelling import is_storable
from inventory.text import Text

LONGEST_CONCLUSION: Final = 2_000

_HEADER: Final = (
    "title", "year", "due", "site_ids", "categories", "committee", "unit", "department", "unit_code", "head_of_unit",
    "chief_accountant", "conclusion",
)  # fmt: skip


def sign(books: Books, actor: Actor, number: int, version: int, conclusion: str = "") -> Stocktake:
    """Sign the minutes off; afterwards nothing of the campaign can be changed.

    Args:
        books: The books.
        actor: Who signs.
        number: The campaign.
        version: The version that the actor has read.
        conclusion: What the head of the unit decided on the whole.

    Raises:
        Forbidden: The actor may not lead this campaign.
        NotFound: There is none, or the actor may not know of it.
        Stale: It was written since `version`.
        Invalid: The conclusion is too long or cannot be stored.
        Conflict: It is not being reviewed, has no committee, or a difference is undecided.
    """
    words = conclusion.replace("\r\n", "\n").strip()
    if len(words) > LONGEST_CONCLUSION or not is_storable(words, lines=True):
        raise Invalid([FieldProblem("conclusion", "too_long", _LONG.fill(most=LONGEST_CONCLUSION))])
    with leading(books, actor, number, version) as (session, row):
        require_open(row)
        _require_ready(session, row)
        before = history.masked(row)
        head = session.get(ChainHead, 1)
        row.conclusion = words
        row.content_hash = digest_of(session, row)
        row.chain_head = START if head is None else head.chain
        row.state = StocktakeState.SIGNED.value
        row.signed_at, row.signed_by = now(), actor.name
        write(session, books, actor, row, "sign", before)
        return row


def digest_of(session: Session, row: Stocktake) -> str:
    """Return the SHA-256 of all that the minutes of a campaign rest on: header, list, entries, decisions."""
    found = sha256(canonical({name: history.masked(row)[name] for name in _HEADER}))
    decisions = session.execute(
        select(CountDecision)
        .where(column(CountDecision, "stocktake_id") == row.id)
        .order_by(column(CountDecision, "id"))
    ).scalars()
    for some in (lines_of(session, SYSTEM, row), entries_of(session, row), decisions):
        _add(found, some)
    return found.hexdigest()


def changed_stocktakes(session: Session) -> list[Stocktake]:
    """Return the signed campaigns that are not as they were signed; nothing if all is well."""
    signed = select(Stocktake).where(column(Stocktake, "state") == StocktakeState.SIGNED.value)
    rows = session.execute(signed.order_by(column(Stocktake, "id"))).scalars().all()
    return [row for row in rows if digest_of(session, row) != row.content_hash]


def _require_ready(session: Session, row: Stocktake) -> None:
    if row.state != StocktakeState.REVIEWING:
        raise Conflict(_COUNTING, Text(vi="Kết thúc kiểm đếm trước.", en="End the counting first."))
    if not any(member["role"] == "head" for member in row.committee):
        raise Conflict(_NO_HEAD, Text(vi="Ghi tên trưởng ban kiểm kê.", en="Name the head of the committee."))
    left = len(reviewed(session, SYSTEM, row).undecided)
    if left:
        raise Conflict(
            _UNDECIDED.fill(count=left), Text(vi="Chọn cách xử lý cho từng mục.", en="Decide on each of them.")
        )


def _add(found: Any, rows: Iterable[ExpectedLine | CountEntry | CountDecision]) -> None:  # noqa: ANN401 - a running hash
    for row in rows:
        derived = {"search_text", "order_text"}
        found.update(canonical([type(row).__name__, row.model_dump(mode="json", exclude=derived)]) + b"\n")


_LONG: Final = Text(vi="Dài nhất {most} ký tự, không có ký tự lạ.", en="At most {most} plain characters.")
_COUNTING: Final = Text(vi="Đợt này còn đang kiểm đếm.", en="The counting is not over yet.")
_NO_HEAD: Final = Text(
    vi="Biên bản chưa có trưởng ban kiểm kê.", en="The minutes name no head of the counting committee."
)
_UNDECIDED: Final = Text(
    vi="Còn {count} chênh lệch chưa có quyết định xử lý.", en="Nothing is decided yet on {count} differences."
)
