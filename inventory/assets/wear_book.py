"""The things of the books as their wear sees them: assets, facts and the last closed year, in one statement."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import groupby
from operator import itemgetter
from typing import Any, Final, NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import func, select
from sqlmodel import Session

from inventory.assets.assets import Asset, AssetStatus
from inventory.assets.categories import CATEGORIES, LifeClass
from inventory.assets.depreciation import CostChange, Thing, WearOfYear, wear_in
from inventory.assets.ledger import Entry, Stay
from inventory.assets.wear_facts import FACT_LABELS, Fact, WearFact, WearFactKind, of_kind
from inventory.assets.wear_rules import Rules, rounded
from inventory.assets.wear_years import WearClosing, WearYear
from inventory.columns import Places, column
from inventory.places.sites import Site


class Row(NamedTuple):
    """What of an asset matters here, with the slug of its site."""

    id: int
    tag: str
    name: str
    serial: str | None
    category: str
    site_id: int
    status: str
    put_to_use: date | None
    cost_vnd: int
    retired_at: datetime | None
    updated_at: datetime
    slug: str


class Told(NamedTuple):
    """What of a fact matters here."""

    kind: str
    day: date
    amount_vnd: int
    worn_vnd: int | None
    years: int | None
    document: str


_CLOSED: Final = len(Row._fields)
_FACTS: Final = _CLOSED + len(WearOfYear._fields)
_LASTING: Final = WearOfYear._fields.index("accumulated_vnd")
"""From here on a December says what the years after it depend on."""


@dataclass(frozen=True, slots=True)
class Standing:
    """An entry with the numbers that the database knows it by.

    Attributes:
        cost_vnd: What the asset's own row says that it cost.
        site: Slug of the site where it is now.
    """

    asset_id: int
    site_id: int
    entry: Entry
    cost_vnd: int
    site: str

    def has_own(self, wear: WearOfYear, rules: Rules) -> bool:
        """Return whether a December is something else than the rules make of the asset's own row alone."""
        thing = self.entry.thing
        alone = wear_in(Thing(self.cost_vnd, thing.kind, thing.put_to_use), rules, wear.year)
        return alone[_LASTING:] != wear[_LASTING:] or alone.cost_vnd != wear.cost_vnd


@dataclass(frozen=True, slots=True)
class Reading:
    """What was read.

    Attributes:
        standings: Every booked thing, by its number.
        unfit: Tags of assets whose facts contradict each other (a part of more than the whole taken away).
    """

    standings: tuple[Standing, ...]
    unfit: tuple[str, ...]

    @property
    def entries(self) -> tuple[Entry, ...]:
        """Return the entries alone."""
        return tuple(one.entry for one in self.standings)


def read_book(
    session: Session,
    rules: Rules,
    zone: ZoneInfo,
    *,
    closed_through: int | None = None,
    sites: Places | None = None,
    assets: Places | None = None,
    stays: Mapping[int, tuple[Stay, ...]] | None = None,
) -> Reading:
    """Read the things of the books; planned ones are not booked yet.

    Args:
        session: To read with.
        rules: The rules of wear, for opening balances.
        zone: Where a day begins.
        closed_through: Go on from the last closed year, at latest this one; `None` = the last there is. For a value in
            the past, the year before it.
        sites: Internal numbers of the sites where the things are now; `None` = all.
        assets: Internal numbers of the assets, or a query that gives them; `None` = all.
        stays: Where assets were, by their numbers: `inventory.assets.stays.read_stays`; without, all the time where
            they are now.
    """
    standings: list[Standing] = []
    unfit: list[str] = []
    for row, closed, facts in _read(session.execute(_rows(closed_through, sites, assets))):
        try:
            thing = _thing(row, _told_by(facts, closed_through), closed, rules, zone)
        except ValueError:
            unfit.append(row.tag)
            continue
        places = (stays or {}).get(row.id) or (Stay(date.min, row.slug),)
        left = of_kind(facts, WearFactKind.LEFT)
        because = None if thing.left_on is None else FACT_LABELS[WearFactKind.LEFT]
        left_by = "" if left is None else left.document
        entry = Entry(row.tag, row.name, row.category, places, thing, row.serial or "", because, left_by)
        standings.append(Standing(row.id, row.site_id, entry, row.cost_vnd, row.slug))
    return Reading(tuple(standings), tuple(unfit))


def thing_of(asset: Asset, facts: Sequence[WearFact], closed: WearOfYear | None, rules: Rules, zone: ZoneInfo) -> Thing:
    """Return one asset as its wear sees it.

    Raises:
        ValueError: The facts contradict each other.
    """
    return _thing(asset, facts, closed, rules, zone)


def _rows(closed_through: int | None, sites: Places | None, assets: Places | None) -> Any:  # noqa: ANN401 - a query of many columns
    """Return the query of assets, each with its row of the last closed year, and once for each of its facts."""
    last = select(func.max(column(WearClosing, "year")))
    if closed_through is not None:
        last = last.where(column(WearClosing, "year") <= closed_through)
    number = column(Asset, "id")
    closed = (column(WearYear, "asset_id") == number) & (column(WearYear, "year") == last.scalar_subquery())
    noted = (column(WearFact, "asset_id") == number) & column(WearFact, "retired_at").is_(None)
    statement = (
        select(
            *(column(Asset, name) for name in Row._fields[:-1]),
            column(Site, "slug"),
            *(column(WearYear, name).label(f"closed_{name}") for name in WearOfYear._fields),
            *(column(WearFact, name).label(f"fact_{name}") for name in Told._fields),
        )
        .select_from(Asset)
        .join(Site, column(Site, "id") == column(Asset, "site_id"))
        .outerjoin(WearYear, closed)
        .outerjoin(WearFact, noted)
        .where(column(Asset, "status") != AssetStatus.PLANNED.value)
        .order_by(number, column(WearFact, "day"), column(WearFact, "id"))
    )
    if sites is not None:
        statement = statement.where(column(Asset, "site_id").in_(sites))
    return statement if assets is None else statement.where(column(Asset, "id").in_(assets))


def _read(found: Iterable[Any]) -> Iterator[tuple[Row, WearOfYear | None, tuple[Told, ...]]]:
    """Yield each asset with its closed year and its facts."""
    for _, rows in groupby(found, key=itemgetter(0)):
        mine = list(rows)
        first = mine[0]
        closed = None if first[_CLOSED] is None else WearOfYear(*first[_CLOSED:_FACTS])
        facts = () if first[_FACTS] is None else tuple(Told(*row[_FACTS:]) for row in mine)
        yield Row(*first[:_CLOSED]), closed, facts


def _thing(row: Asset | Row, facts: Sequence[Fact], closed: WearOfYear | None, rules: Rules, zone: ZoneInfo) -> Thing:
    if not facts and closed is None and row.retired_at is None and row.status != AssetStatus.DISPOSED.value:
        return Thing(row.cost_vnd, _kind(row.category), row.put_to_use)
    changes = [CostChange(fact.day, fact.amount_vnd, fact.worn_vnd) for fact in facts if fact.kind == WearFactKind.COST]
    second_hand, found = of_kind(facts, WearFactKind.SECOND_HAND), of_kind(facts, WearFactKind.SURPLUS)
    broken = of_kind(facts, WearFactKind.BROKEN)
    thing = Thing(
        row.cost_vnd - sum(change.amount_vnd for change in changes),
        _kind(row.category),
        row.put_to_use,
        used_before=0 if second_hand is None else second_hand.years or 0,
        found_on=None if found is None else found.day,
        broken_on=None if broken is None else broken.day,
        left_on=_left_on(row, facts, zone),
        changes=tuple(changes),
    )
    opening = of_kind(facts, WearFactKind.OPENING)
    if closed is None and opening is not None:
        closed = _opening(thing, opening, rules)
    return thing if closed is None else _going_on(thing, closed, row.cost_vnd)


def _told_by(facts: Sequence[Told], through: int | None) -> Sequence[Told]:
    """Leave out an opening balance that is later than the years asked for: it says nothing of the time before."""
    if through is None or not facts:
        return facts
    return [fact for fact in facts if fact.kind != WearFactKind.OPENING or fact.day.year <= through]


def _kind(category: str) -> LifeClass:
    known = CATEGORIES.get(category)
    return LifeClass.TANGIBLE if known is None else known.life


def _left_on(row: Asset | Row, facts: Iterable[Fact], zone: ZoneInfo) -> date | None:
    fact = of_kind(facts, WearFactKind.LEFT)
    if fact is not None:
        return fact.day
    if row.retired_at is not None:
        return row.retired_at.astimezone(zone).date()
    if row.status == AssetStatus.DISPOSED.value:
        # No document names the day: it is the day on which the books were told.
        return row.updated_at.astimezone(zone).date()
    return None


def _opening(thing: Thing, fact: Fact, rules: Rules) -> WearOfYear:
    """Return the December that a balance from the paper books stands for: the rules' own, with the paper's sum."""
    state = wear_in(thing, rules, fact.day.year)
    life = rules.course(thing.kind).life_in(fact.day.year)
    used = state.used_years if fact.years is None else fact.years
    rest = state.cost_vnd - fact.amount_vnd
    yearly = rounded(rest, max(1, life.years - used)) if state.spread else life.yearly_vnd(state.cost_vnd)
    return state._replace(
        opening_vnd=fact.amount_vnd,
        written_off_vnd=0,
        annual_vnd=0,
        accumulated_vnd=fact.amount_vnd,
        used_years=used,
        life_years=life.years,
        yearly_vnd=yearly,
    )


def _going_on(thing: Thing, closed: WearOfYear, cost_now: int) -> Thing:
    """Return the thing from a closed December on; a cost corrected since then counts from the year after it."""
    later = tuple(change for change in thing.changes if change.on.year > closed.year)
    corrected = cost_now - closed.cost_vnd - sum(change.amount_vnd for change in later)
    if corrected:
        later = (CostChange(date(closed.year + 1, 1, 1), corrected), *later)
    return replace(thing, cost_vnd=closed.cost_vnd, changes=later, opening=closed)
