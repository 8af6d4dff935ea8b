"""The December run: the wear of a year is computed once for the whole book, written, and locked."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import insert, select
from sqlmodel import Session

from inventory import history
from inventory.access.rights import Act, Actor, check
from inventory.assets.depreciation import WearOfYear, wear_in
from inventory.assets.rulebook import Rulebooks
from inventory.assets.stays import read_stays
from inventory.assets.wear_book import read_book
from inventory.assets.wear_rules import Rules
from inventory.assets.wear_years import ROW_COLUMNS, WearClosing, WearYear, checksum_of, digest_of, last_closed
from inventory.books import Books
from inventory.columns import column, now
from inventory.db import writing
from inventory.errors import Conflict, Forbidden
from inventory.places.sites import Site
from inventory.text import Text

_BATCH: Final = 5_000
_NAMED: Final = 5


@dataclass(frozen=True, slots=True)
class ClosedYear:
    """A year that is closed.

    Attributes:
        year: The year.
        rulebook: Version of the rulebook that governed it.
        closed_at: When the December run was made.
        closed_by: By whom.
        assets: Fixed assets in it.
        tools: Things below the threshold in it.
        cost_vnd: Cost of the fixed assets.
        annual_vnd: Wear of the year.
        accumulated_vnd: Accumulated wear.
    """

    year: int
    rulebook: str
    closed_at: datetime
    closed_by: str
    assets: int
    tools: int
    cost_vnd: int
    annual_vnd: int
    accumulated_vnd: int


def close_year(books: Books, actor: Actor, year: int, rulebooks: Rulebooks) -> ClosedYear:
    """Compute, write and lock the wear of a year, in one transaction with its history; once closed, only return it.

    Years are closed in their order, from the December of the year on; the first one ever may be any past year.

    Args:
        books: The books.
        actor: Who closes; an administrator of the whole book.
        year: The year.
        rulebooks: The one in force in that December governs.

    Raises:
        Forbidden: The actor may not close, or not for all sites.
        Conflict: The December has not come, an earlier year is not closed, or facts of an asset contradict each other.
    """
    check(actor, Act.ADMINISTER, "assets")
    if actor.site_ids is not None:
        raise Forbidden
    with writing(books.engine) as session:
        history.alone(session)
        closed = session.execute(select(WearClosing).where(column(WearClosing, "year") == year)).scalar_one_or_none()
        if closed is None:
            _require_turn(session, year, books.today())
            closed = _close(session, books, actor, year, rulebooks)
        return _shown(closed)


def closed_years(session: Session) -> tuple[ClosedYear, ...]:
    """Return every closed year, ascending."""
    found = session.execute(select(WearClosing).order_by(column(WearClosing, "year"))).scalars()
    return tuple(_shown(closing) for closing in found)


def refusal_of(session: Session, year: int, today: date) -> Text | None:
    """Return why a year cannot be closed now, its facts aside; `None` if it can."""
    last = last_closed(session)
    if last is not None and year != last + 1:
        return _OUT_OF_TURN.fill(year=year, last=last)
    return _TOO_EARLY.fill(year=year) if (today.year, today.month) < (year, 12) else None


def _require_turn(session: Session, year: int, today: date) -> None:
    refusal = refusal_of(session, year, today)
    if refusal is None:
        return
    last = last_closed(session)
    if last is not None and year != last + 1:
        raise Conflict(refusal, Text(vi="Khóa sổ năm {next} trước.", en="Close {next} first.").fill(next=last + 1))
    raise Conflict(
        refusal, Text(vi="Chờ đến ngày 1/12/{year}.", en="Wait until 1 December {year}.").fill(year=year)
    )  # fmt: skip


def _close(session: Session, books: Books, actor: Actor, year: int, rulebooks: Rulebooks) -> WearClosing:
    rules = rulebooks.rules()
    worn = _worn(session, books, year, rules)
    fixed = [wear for _, _, wear, _ in worn if wear.fixed]
    closing = WearClosing(
        year=year,
        rulebook=rulebooks.wear_in(year).version,
        closed_at=now(),
        closed_by=actor.name,
        assets=len(fixed),
        tools=len(worn) - len(fixed),
        cost_vnd=sum(wear.cost_vnd for wear in fixed),
        annual_vnd=sum(wear.annual_vnd for wear in fixed),
        accumulated_vnd=sum(wear.accumulated_vnd for wear in fixed),
        digest=digest_of((asset, site, *wear) for asset, site, wear, _ in worn),
        rules=rules.digest(year),
    )
    sites = {site for _, site, _, _ in worn}
    history.record(session, books.keys, actor=actor, act="close", obj=closing, before=None, sites=sites)
    for start in range(0, len(worn), _BATCH):
        session.execute(insert(WearYear), [_row(closing, *one) for one in worn[start : start + _BATCH]])
    return closing


def _worn(session: Session, books: Books, year: int, rules: Rules) -> list[tuple[int, int, WearOfYear, bool]]:
    """Return number, site, December and whether that is its own, of everything on the books then, by number.

    Raises:
        Conflict: Facts of an asset contradict each other.
    """
    reading = read_book(session, rules, books.zone, stays=read_stays(session))
    if reading.unfit:
        named = ", ".join(reading.unfit[:_NAMED]) + (" …" if len(reading.unfit) > _NAMED else "")
        raise Conflict(
            Text(
                vi="Căn cứ tính hao mòn của {count} tài sản mâu thuẫn nhau: {tags}.",
                en="The wear facts of {count} assets contradict each other: {tags}.",
            ).fill(count=len(reading.unfit), tags=named),
            Text(vi="Sửa nguyên giá hoặc chứng từ của chúng trước.", en="Correct their cost or documents first."),
        )
    numbers = {row[0]: row[1] for row in session.execute(select(column(Site, "slug"), column(Site, "id")))}
    worn = []
    for one in reading.standings:
        if one.entry.is_held(year):
            wear = wear_in(one.entry.thing, rules, year)
            place = numbers[one.entry.computed_at(year)]
            worn.append((one.asset_id, place, wear, one.has_own(wear, rules)))
    return worn


def _row(closing: WearClosing, asset_id: int, site_id: int, wear: WearOfYear, own: bool) -> dict[str, Any]:
    values = dict(zip(ROW_COLUMNS, (asset_id, site_id, *wear), strict=True))
    return {"closing_id": closing.id, "own": own, "checksum": checksum_of((asset_id, site_id, *wear)), **values}


def _shown(closing: WearClosing) -> ClosedYear:
    return ClosedYear(
        closing.year,
        closing.rulebook,
        closing.closed_at,
        closing.closed_by,
        closing.assets,
        closing.tools,
        closing.cost_vnd,
        closing.annual_vnd,
        closing.accumulated_vnd,
    )


_TOO_EARLY: Final = Text(
    vi="Chưa đến tháng 12 năm {year}: hao mòn mỗi năm tính một lần vào tháng 12.",
    en="December {year} has not come: wear is computed once a year, in December.",
)
_OUT_OF_TURN: Final = Text(
    vi="Chưa khóa được sổ hao mòn năm {year}: năm khóa gần nhất là {last}, các năm phải khóa lần lượt.",
    en="The wear of {year} cannot be closed now: the last closed year is {last}, and years are closed in their order.",
)
