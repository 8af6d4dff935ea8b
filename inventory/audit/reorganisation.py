"""Merging units: everything that stands at the old ones moves to the new one, in one act that can be undone.

What happened stays with the old units: incidents, closed years of wear, documents, observations. Only what goes on
moves: units below, devices, subnets, services, assets with whoever holds them, documents that still govern assets, and
accounts.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any, Final, NoReturn

from pydantic import ValidationError
from sqlalchemy import func, select
from sqlmodel import Session

from inventory import history
from inventory.access.accounts import Account
from inventory.access.rights import Act, Actor, check
from inventory.assets.assets import Asset
from inventory.assets.documents import Document
from inventory.assets.wear_years import require_open
from inventory.books import Books
from inventory.columns import Booked, column, now
from inventory.db import writing
from inventory.errors import Conflict, FieldProblem, Invalid, NotFound, Stale
from inventory.network.devices import Device
from inventory.network.services import Service
from inventory.network.subnets import Subnet
from inventory.places.reorganisations import (
    Moved,
    PairEntry,
    Reorganisation,
    ReorganisationCreate,
    ReorganisationMove,
    digest_of,
    moved,
    moves_of,
)
from inventory.places.sites import Site
from inventory.text import Text
from inventory.wording import problems_in

PREFIX: Final = "SN"

MOVING: Final[tuple[tuple[type[Booked], str], ...]] = (
    (Site, "parent_id"),
    (Device, "site_id"),
    (Subnet, "site_id"),
    (Service, "site_id"),
    (Asset, "site_id"),
    (Document, "standing_site_id"),
    (Account, "site_id"),
)
"""What moves, and by which column, in this order."""

_BY_NAME: Final[Mapping[str, type[Booked]]] = {str(table.__tablename__): table for table, _ in MOVING}


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a reorganisation does, or would do.

    Attributes:
        number: Its number; empty for a rehearsal, of which nothing stays.
        pairs: Slugs of the old and the new units.
        counts: How many rows move, by table.
        by_unit: The same for each old unit.
        things: Everything that moves but the old units themselves; nothing for an undoing.
    """

    number: str
    pairs: tuple[tuple[str, str], ...]
    counts: dict[str, int]
    by_unit: dict[str, dict[str, int]]
    things: tuple[Moved, ...] = ()


class _Rehearsed(Exception):
    """Ends the transaction of a rehearsal, so that nothing of it stays."""

    def __init__(self, outcome: Outcome) -> None:
        super().__init__()
        self.outcome = outcome


def reorganise(
    books: Books, actor: Actor, values: dict[str, Any] | ReorganisationCreate, *, rehearse: bool = False
) -> Outcome:
    """Move what stands at the old units to the new ones.

    A rehearsal is the same work in a transaction that is rolled back, so its numbers are those of the act.

    Raises:
        Forbidden: The actor does not administer reorganisations.
        Invalid: A unit is not there, is named twice, or the day does not fit; all problems are named.
        Conflict: There is nothing to merge.
    """
    check(actor, Act.ADMINISTER, "reorganisations")
    try:
        entry = ReorganisationCreate.model_validate(values)
    except ValidationError as error:
        raise Invalid(problems_in(error)) from None
    try:
        with writing(books.engine) as session:
            history.alone(session)
            outcome = _reorganise(_Work(books, session, actor), entry)
            if rehearse:
                _roll_back(outcome)
            return outcome
    except _Rehearsed as done:
        return replace(done.outcome, number="")


def undo(books: Books, actor: Actor, number: str, version: int) -> Outcome:
    """Move everything back to where it was.

    Raises:
        Forbidden: The actor does not administer reorganisations.
        NotFound: There is none of this number.
        Stale: It was written since `version`.
        Conflict: It was undone before, or something that it moved has moved on since; those are named.
    """
    check(actor, Act.ADMINISTER, "reorganisations")
    with writing(books.engine) as session:
        history.alone(session)
        found = session.execute(select(Reorganisation).where(column(Reorganisation, "number") == number)).scalar()
        if found is None:
            raise NotFound(Reorganisation.NOUN, number[:40])
        if found.version != version:
            raise Stale(found.version)
        if found.reversed_on is not None:
            raise Conflict(_UNDONE.fill(number=number), _NOTHING)
        require_open(session, found.day)
        return _undo(_Work(books, session, actor), found)


@dataclass(frozen=True, slots=True)
class _Work:
    books: Books
    session: Session
    actor: Actor


def _roll_back(outcome: Outcome) -> NoReturn:
    raise _Rehearsed(outcome)


def _reorganise(work: _Work, entry: ReorganisationCreate) -> Outcome:
    pairs = _pairs(work, entry)
    require_open(work.session, entry.day)
    found = Reorganisation(
        number="", year=entry.day.year, sequence=0, day=entry.day, decree=entry.decree, note=entry.note,
        pairs=[{"old": old.slug, "new": new.slug} for old, new in pairs], digest="",
    )  # fmt: skip
    found.sequence = _next(work.session, found.year)
    found.number = f"{PREFIX}-{found.year}-{found.sequence:04d}"
    work.session.add(found)
    work.session.flush()
    moves: list[ReorganisationMove] = []
    things: list[Moved] = []
    by_unit: dict[str, dict[str, int]] = {}
    for old, new in pairs:
        rows = list(_moving(work, old, new, entry.day))
        moves += [_move(work, found, row, changed) for row, changed in rows]
        # The first row is the old unit itself, which ends and does not move.
        mine = [moved(row, old.slug, new.slug) for row, _ in rows[1:]]
        by_unit[old.slug] = dict(Counter(one.noun for one in mine))
        things += mine
    work.session.add_all(moves)
    found.counts = {name: sum(unit.get(name, 0) for unit in by_unit.values()) for name in _BY_NAME}
    found.digest = digest_of(moves)
    sites = {site.id or 0 for pair in pairs for site in pair}
    history.record(
        work.session, work.books.keys, actor=work.actor, act="create", obj=found, before=None, sites=sites
    )  # fmt: skip
    named = tuple((old.slug, new.slug) for old, new in pairs)
    return Outcome(found.number, named, found.counts, by_unit, tuple(things))


def _moving(work: _Work, old: Site, new: Site, day: date) -> Iterator[tuple[Booked, dict[str, Any]]]:
    """Yield every row that moves with the columns that it gets; the old unit itself comes first."""
    ended = old.valid_to or day - timedelta(days=1)
    yield old, {"successor_id": new.id, "valid_to": ended}
    for table, name in MOVING:
        rows = select(table).where(column(table, name) == old.id).order_by(column(table, "id"))
        if table is Document:
            governing = select(column(Asset, "document_id")).where(column(Asset, "document_id").is_not(None))
            rows = rows.where(column(Document, "id").in_(governing))
        for row in work.session.execute(rows).scalars().all():
            yield row, {name: new.id}


def _move(work: _Work, found: Reorganisation, row: Booked, changed: Mapping[str, Any]) -> ReorganisationMove:
    before = {name: _plain(getattr(row, name)) for name in changed}
    _write(work, row, "reorganise", changed)
    after = {name: _plain(value) for name, value in changed.items()}
    return ReorganisationMove(
        reorganisation_id=found.id or 0,
        noun=str(row.__tablename__),
        object_id=row.id or 0,
        before=before,
        after=after,
    )


def _write(work: _Work, row: Booked, act: str, changed: Mapping[str, Any]) -> None:
    masked = history.masked(row)
    sites = _sites(row)
    for name, value in changed.items():
        setattr(row, name, value)
    row.version += 1
    row.updated_at = now()
    history.record(
        work.session, work.books.keys, actor=work.actor, act=act, obj=row, before=masked, sites=sites | _sites(row)
    )  # fmt: skip


def _sites(row: Booked) -> set[int]:
    """Return the sites that are party to the move of a row; an account is nobody's at a site to see."""
    if isinstance(row, Site):
        return {number for number in (row.id, row.parent_id, row.successor_id) if number is not None}
    if isinstance(row, Document):
        return {row.site_id, row.to_site_id, row.standing_site_id}
    if isinstance(row, Account):
        return set()
    number = getattr(row, "site_id", None)
    return set() if number is None else {number}


def _undo(work: _Work, found: Reorganisation) -> Outcome:
    moves = moves_of(work.session, found.id or 0)
    rows = [_row(work, move) for move in moves]
    gone = [
        f"{row.NOUN.vi} {row.key}"
        for row, move in zip(rows, moves, strict=True)
        if any(_plain(getattr(row, name)) != value for name, value in move.after.items())
    ]
    if gone:
        raise Conflict(_MOVED_ON.fill(what=", ".join(gone[:5]), count=len(gone)), _LATER_FIRST)
    for row, move in reversed(list(zip(rows, moves, strict=True))):
        _write(work, row, "undo_reorganise", {name: _stored(name, value) for name, value in move.before.items()})
    before = history.masked(found)
    found.reversed_on = work.books.today()
    found.version += 1
    found.updated_at = now()
    sites = {row.id or 0 for row in rows if isinstance(row, Site)}
    history.record(
        work.session, work.books.keys, actor=work.actor, act="undo_reorganise", obj=found, before=before, sites=sites
    )  # fmt: skip
    pairs = tuple((pair["old"], pair["new"]) for pair in found.pairs)
    return Outcome(found.number, pairs, found.counts, {})


def _row(work: _Work, move: ReorganisationMove) -> Booked:
    row = work.session.get(_BY_NAME[move.noun], move.object_id)
    if row is None:
        raise NotFound(_BY_NAME[move.noun].NOUN, str(move.object_id))
    return row


def _pairs(work: _Work, entry: ReorganisationCreate) -> list[tuple[Site, Site]]:
    """Return the old and new units; a chain of units within one act would move things twice and is refused."""
    named = entry.pairs or _successions(work.session, entry.day)
    if not named:
        raise Conflict(_NO_PAIRS.fill(day=entry.day.isoformat()), _NAME_PAIRS)
    problems: list[FieldProblem] = []
    if entry.day > work.books.today():
        problems.append(FieldProblem("day", "in_the_future", _FUTURE, entry.day.isoformat()))
    slugs = {slug for pair in named for slug in (pair.old, pair.new)}
    rows = work.session.execute(select(Site).where(column(Site, "slug").in_(slugs))).scalars()
    sites = {site.slug: site for site in rows}
    olds = Counter(pair.old for pair in named)
    for line, pair in enumerate(named):
        for side in ("old", "new"):
            slug = getattr(pair, side)
            if slug not in sites:
                problems.append(FieldProblem(f"pairs.{line}.{side}", "no_such", _NO_SITE.fill(key=slug), slug))
        if pair.new in olds:
            problems.append(FieldProblem(f"pairs.{line}.new", "chain", _CHAIN.fill(key=pair.new), pair.new))
        if olds[pair.old] > 1:
            problems.append(FieldProblem(f"pairs.{line}.old", "twice", _TWICE.fill(key=pair.old), pair.old))
        problems += _unfit(line, sites.get(pair.old), sites.get(pair.new), entry.day)
    if problems:
        raise Invalid(problems)
    return [(sites[pair.old], sites[pair.new]) for pair in named]


def _unfit(line: int, old: Site | None, new: Site | None, day: date) -> Iterator[FieldProblem]:
    if old is None or new is None:
        return
    if new.retired_at is not None or (new.valid_to is not None and new.valid_to < day):
        yield FieldProblem(f"pairs.{line}.new", "retired", _ENDED.fill(key=new.slug), new.slug)
    if new.valid_from is not None and new.valid_from > day:
        yield FieldProblem(f"pairs.{line}.new", "not_yet", _NOT_YET.fill(key=new.slug), new.slug)
    if new.parent_id == old.id:
        yield FieldProblem(f"pairs.{line}.new", "below", _BELOW.fill(old=old.slug, new=new.slug), new.slug)


def _successions(session: Session, day: date) -> Sequence[PairEntry]:
    """Return the pairs that the books name already: units whose successor begins on the day."""
    old, new = Site.__table__.alias("old"), Site.__table__.alias("new")  # type: ignore[attr-defined]
    statement = (
        select(old.c.slug, new.c.slug)
        .join(new, new.c.id == old.c.successor_id)
        .where(new.c.valid_from == day)
        .order_by(old.c.id)
    )
    return [PairEntry(old=row[0], new=row[1]) for row in session.execute(statement)]


def _next(session: Session, year: int) -> int:
    last = select(func.max(column(Reorganisation, "sequence"))).where(column(Reorganisation, "year") == year)
    return (session.execute(last).scalar() or 0) + 1


def _plain(value: Any) -> Any:  # noqa: ANN401 - any column's value
    return value.isoformat() if isinstance(value, date) else value


def _stored(name: str, value: Any) -> Any:  # noqa: ANN401 - as above
    return date.fromisoformat(value) if name == "valid_to" and value is not None else value


_UNDONE: Final = Text(vi="Đợt {number} đã được hoàn lại.", en="The reorganisation {number} was undone before.")
_NOTHING: Final = Text(vi="Không cần làm gì thêm.", en="There is nothing to do.")
_MOVED_ON: Final = Text(
    vi="{count} mục đã thay đổi sau đợt sáp nhập: {what}.", en="{count} things moved on since the merger: {what}."
)
_LATER_FIRST: Final = Text(
    vi="Đưa các mục đó về như ngay sau sáp nhập trước, rồi hoàn lại.",
    en="Put those back to where the merger left them first.",
)
_NO_PAIRS: Final = Text(
    vi="Trong sổ không có đơn vị nào được kế thừa từ ngày {day}.", en="The books name no succession of {day}."
)
_NAME_PAIRS: Final = Text(
    vi="Ghi đơn vị kế thừa ở từng đơn vị cũ, hoặc chọn từng cặp.", en="Name the successor of each old unit."
)
_FUTURE: Final = Text(vi="Ngày này còn ở tương lai.", en="This day lies in the future.")
_NO_SITE: Final = Text(vi="Không có đơn vị “{key}”.", en="There is no site “{key}”.")
_CHAIN: Final = Text(
    vi="“{key}” vừa nhận vừa bị sáp nhập trong cùng một đợt; làm hai đợt.",
    en="“{key}” both takes over and is taken over; make two reorganisations.",
)
_TWICE: Final = Text(vi="“{key}” có hai đơn vị kế thừa.", en="“{key}” has two successors.")
_ENDED: Final = Text(vi="“{key}” không còn hoạt động vào ngày đó.", en="“{key}” no longer exists on that day.")
_NOT_YET: Final = Text(vi="“{key}” chưa thành lập vào ngày đó.", en="“{key}” does not exist yet on that day.")
_BELOW: Final = Text(vi="“{new}” trực thuộc “{old}”.", en="“{new}” belongs to “{old}”.")
