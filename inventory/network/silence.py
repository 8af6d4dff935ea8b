"""Which booked things the network has not seen for longer than things of their kind are ever away."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from sqlalchemy import ScalarSelect, and_, case, exists, func, literal, or_, select, text
from sqlalchemy.sql.base import ReadOnlyColumnCollection
from sqlalchemy.sql.elements import ColumnElement
from sqlmodel import Session, SQLModel

from inventory.access.rights import SYSTEM, Actor, visible
from inventory.assets.assets import WATCHED, Asset
from inventory.assets.categories import CATEGORIES
from inventory.columns import UtcDateTime, column, now
from inventory.db import at_once
from inventory.network.devices import Device
from inventory.network.findings import Finding
from inventory.network.holdings import Holding
from inventory.network.observations import Observation, Transition
from inventory.network.placing import FRESH
from inventory.places.sites import Site

MOST: Final = 500
"""Things on a list."""

MOST_CANDIDATES: Final = 5_000
"""Things that are looked at more closely for one list."""

_ROWS: Final = 400
_NEVER: Final = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Silent:
    """A booked thing that the network does not see any more, or never saw.

    Attributes:
        thing: What is booked: an asset in use, or a device.
        last_seen: When anything saw it last; `None` for never.
        days: For how many days one of its kind may stay away.
    """

    thing: Asset | Device
    last_seen: datetime | None
    days: int

    @property
    def name(self) -> str:
        """Return what it is called."""
        return self.thing.name if isinstance(self.thing, Asset) else self.thing.title or self.thing.name


def patience() -> dict[int, tuple[str, ...]]:
    """Return the days after which silence counts, shortest first, each with the categories that have so many."""
    days = sorted({each.quiet_days for each in CATEGORIES.values() if each.quiet_days is not None})
    return {one: tuple(code for code, each in CATEGORIES.items() if each.quiet_days == one) for one in days}


def silent(session: Session, actor: Actor, among: "Silence | None" = None) -> list[Silent]:
    """Return the assets in use and the devices that nothing has seen for too long, those never seen last.

    Seen means: met by a sweep, an ARP table or a forwarding table, read by an agent or by SNMP (its serial number or
    MAC), or answering as a device. Only sites count that have been watched for so long and still are: elsewhere silence
    says nothing, and a site whose power or line is away is told of by other means.

    Args:
        session: Reads.
        actor: Who asks.
        among: What was counted lately: only what was silent then is looked at, as it is now.

    Returns:
        At most `MOST`.
    """
    moment = now()
    if among is None or (among.is_full and actor.site_ids is not None):
        found = _missed(session, actor, moment)
    else:
        found = _still_missed(session, actor, moment, among)
    found.sort(key=_later)
    first = found[:MOST]
    things = {of: _loaded(session, of, [one.number for one in first if one.of is of]) for of in (Asset, Device)}
    return [Silent(things[one.of][one.number], one.last_seen, one.days) for one in first]


def count_silent(session: Session) -> "Silence":
    """Return what is silent everywhere, of at most `MOST_CANDIDATES` of a kind."""
    slugs = {row[0]: row[1] for row in session.execute(select(column(Site, "id"), column(Site, "slug")))}
    moment = now()
    counts = {slugs[number]: 0 for number in _watched(session, moment).get(min(patience()), ())}
    missed = _missed(session, SYSTEM, moment)
    for one in missed:
        slug = slugs[one.site_id]
        counts[slug] = counts.get(slug, 0) + 1
    return Silence(moment, tuple(missed), counts)


Thing = Asset | Device


@dataclass(frozen=True, slots=True)
class Missed:
    """A silent thing before the whole of it is read."""

    of: type[Thing]
    number: int
    site_id: int
    name: str
    last_seen: datetime | None
    days: int


@dataclass(frozen=True, slots=True)
class Silence:
    """What was silent at a moment.

    Attributes:
        at: That moment.
        missed: The silent things, each as it was then.
        by_site: How many they are at each site that is watched, by its slug.
    """

    at: datetime
    missed: tuple[Missed, ...]
    by_site: Mapping[str, int]

    @property
    def is_full(self) -> bool:
        """Return whether there may be more of a kind than were counted."""
        return any(sum(one.of is of for one in self.missed) >= MOST_CANDIDATES for of in (Asset, Device))


def _later(one: Missed) -> tuple[bool, datetime, str]:
    return one.last_seen is None, one.last_seen or _NEVER, one.name


def _missed(session: Session, actor: Actor, moment: datetime) -> list[Missed]:
    at_once(session)
    watched = _watched(session, moment)
    return [*_assets(session, actor, moment, watched), *_devices(session, actor, moment, watched)]


def _still_missed(session: Session, actor: Actor, moment: datetime, among: Silence) -> list[Missed]:
    """Return those that are silent now among those that were, enough of them for one list."""
    here = actor.site_ids
    mine = sorted((one for one in among.missed if here is None or one.site_id in here), key=_later)
    at_once(session)
    watched = _watched(session, moment)
    found: list[Missed] = []
    for start in range(0, len(mine), MOST):
        some = mine[start : start + MOST]
        assets, devices = ([one.number for one in some if one.of is of] for of in (Asset, Device))
        found += _assets(session, actor, moment, watched, assets) if assets else ()
        found += _devices(session, actor, moment, watched, devices) if devices else ()
        if len(found) >= MOST:
            break
    return found


def _watched(session: Session, moment: datetime) -> dict[int, list[int]]:
    """Return, by the days of each patience, the sites at which things were found so long ago and lately."""
    here = column(Finding, "site_id") == column(Site, "id")
    begun = select(func.min(column(Finding, "first_seen"))).where(here).scalar_subquery()
    last = select(func.max(column(Finding, "last_seen"))).where(here).scalar_subquery()
    # Two looks into an index for each site, instead of a grouping of all findings.
    rows = session.execute(select(column(Site, "id"), begun, last)).all()
    lately = [(row[0], row[1]) for row in rows if row[2] is not None and row[2] >= moment - FRESH]
    return {days: [site for site, first in lately if first <= moment - timedelta(days=days)] for days in patience()}


def _assets(
    session: Session, actor: Actor, moment: datetime, watched: Mapping[int, Sequence[int]], some: Sequence[int] = ()
) -> list[Missed]:
    # In the order of the MACs every look at the findings meets the page of the one before. The words of the index's
    # own condition stand as words, not as values, so that it is known to fit.
    mine = select(*(column(Asset, name) for name in ("id", "site_id", "category", "name", "mac", "serial"))).where(
        text(WATCHED), *_quiet(Asset, _marks_of_asset(_columns(Asset)), moment, watched), visible(actor, Asset)
    )
    if some:
        mine = mine.where(column(Asset, "id").in_(some))
    few = mine.order_by(column(Asset, "mac")).cte("few").prefix_with("MATERIALIZED")
    marks = _marks_of_asset(few.c)
    # One without a MAC whose serial number nothing ever read cannot be missed.
    missable = or_(few.c.mac != "", *(exists().where(condition) for _, condition in marks))
    statement = select(few.c.id, few.c.site_id, few.c.category, few.c.name, *(_last(*mark) for mark in marks))
    rows = session.execute(statement.where(missable).order_by(few.c.id).limit(MOST_CANDIDATES)).all()
    held = _held(session, [row[0] for row in rows])
    answered = _answered(session, set(held.values()), moment)
    return list(_kept(Asset, [(row, answered.get(held.get(row[0], ""))) for row in rows], moment))


def _devices(
    session: Session, actor: Actor, moment: datetime, watched: Mapping[int, Sequence[int]], some: Sequence[int] = ()
) -> list[Missed]:
    """Return the silent devices in whose place no asset stands: one that does is told as an asset."""
    here = _columns(Device)
    marks: tuple[_Mark, ...] = (
        (Observation, column(Observation, "instance") == here.name),
        (Finding, (column(Finding, "address") == here.address) & (column(Finding, "site_id") == here.site_id)),
    )
    called = func.coalesce(func.nullif(here.title, ""), here.name)
    statement = select(
        here.id, here.site_id, here.category, called, *(_last(*mark) for mark in marks), here.name
    ).where(
        Device.in_use(),
        here.address.is_not(None),
        here.id.not_in(select(column(Holding, "device_id")).where(Holding.in_use())),
        *_quiet(Device, marks, moment, watched),
        visible(actor, Device),
    )
    if some:
        statement = statement.where(here.id.in_(some))
    rows = session.execute(statement.order_by(here.id).limit(MOST_CANDIDATES)).all()
    answered = _answered(session, {row[-1] for row in rows}, moment)
    return list(_kept(Device, [(row[:-1], answered.get(row[-1])) for row in rows], moment))


_Mark = tuple[type[Finding | Observation], ColumnElement[bool]]
"""Where something may have seen a thing, and the condition under which it is that thing."""


def _columns(of: type[Thing]) -> ReadOnlyColumnCollection[str, Any]:
    return SQLModel.metadata.tables[str(of.__tablename__)].c


def _marks_of_asset(of: ReadOnlyColumnCollection[str, Any]) -> tuple[_Mark, ...]:
    fact, value = column(Observation, "fact"), column(Observation, "value")
    return (
        # Said of the finding, so that the index of findings with a MAC may be used. The likeliest stands first.
        (Finding, (column(Finding, "mac") == of.mac) & text("finding.mac <> ''")),
        (Finding, column(Finding, "asset_id") == of.id),
        (Finding, (column(Finding, "serial") == of.serial) & text("finding.serial <> ''")),
        (Observation, (fact == "mac") & (value == of.mac) & (of.mac != "")),
        (Observation, (fact == "serial") & (value == of.serial) & (of.serial != "")),
    )


def _quiet(
    of: type[Thing], marks: Sequence[_Mark], moment: datetime, watched: Mapping[int, Sequence[int]]
) -> list[ColumnElement[bool]]:
    """Return the conditions under which nothing has seen a thing for longer than its kind is ever away.

    Each "nothing saw it lately" is a condition of its own, which both databases answer from an index or by one hash.
    """
    category, since = column(of, "category"), {days: moment - timedelta(days=days) for days in patience()}
    of_kind = case(*((category.in_(codes), literal(since[days], UtcDateTime)) for days, codes in patience().items()))
    booked = (
        and_(category.in_(codes), column(of, "site_id").in_(watched[days]), column(of, "created_at") < since[days])
        for days, codes in patience().items()
    )
    lately = (exists().where(condition, column(where, "last_seen") >= of_kind) for where, condition in marks)
    # Nearly all were seen lately enough for any kind: one look with a fixed time spares them the others.
    where, condition = marks[0]
    hardly_away = exists().where(condition, column(where, "last_seen") >= max(since.values()))
    return [~hardly_away, or_(*booked), *(~one for one in lately)]


def _last(of: type[Finding | Observation], condition: ColumnElement[bool]) -> ScalarSelect[datetime]:
    return select(func.max(column(of, "last_seen"))).where(condition).scalar_subquery()


def _kept(of: type[Thing], rows: Iterable[tuple[Sequence[Any], datetime | None]], moment: datetime) -> Iterator[Missed]:
    for (number, site_id, category, name, *seen), answer in rows:
        days = CATEGORIES[category].quiet_days or 0
        last = max((mark for mark in (*seen, answer) if mark is not None), default=None)
        if last is None or last < moment - timedelta(days=days):
            yield Missed(of, number, site_id, name, last, days)


def _loaded(session: Session, of: type[Thing], numbers: Sequence[int]) -> dict[int, Thing]:
    if not numbers:
        return {}
    statement = select(of).where(column(of, "id").in_(numbers))
    rows: Iterable[Any] = session.scalars(statement)
    return {one.id: one for one in rows}


def _held(session: Session, assets: list[int]) -> dict[int, str]:
    """Return the name of the device in whose place each of some assets stands."""
    found: dict[int, str] = {}
    for start in range(0, len(assets), _ROWS):
        statement = (
            select(column(Holding, "asset_id"), column(Device, "name"))
            .join_from(Holding, Device, column(Holding, "device_id") == column(Device, "id"))
            .where(Holding.in_use(), column(Holding, "asset_id").in_(assets[start : start + _ROWS]))
        )
        found |= {row[0]: row[1] for row in session.execute(statement)}
    return found


def _answered(session: Session, devices: set[str], moment: datetime) -> Mapping[str, datetime]:
    """Return when devices last answered: now for one whose last change was to answer, else when it stopped."""
    elements = sorted(f"device:{name}" for name in devices)
    found: dict[str, datetime] = {}
    for start in range(0, len(elements), _ROWS):
        some = column(Transition, "element").in_(elements[start : start + _ROWS])
        newest = (
            select(column(Transition, "element"), func.max(column(Transition, "at")).label("at"))
            .where(some)
            .group_by(column(Transition, "element"))
            .subquery()
        )
        statement = select(column(Transition, "element"), column(Transition, "state"), column(Transition, "at")).join(
            newest,
            (newest.c.element == column(Transition, "element")) & (newest.c.at == column(Transition, "at")),
        )
        for element, state, at in session.execute(statement):
            name = element.partition(":")[2]
            found[name] = max(moment if state == "up" else at, found.get(name, at))
    return found
