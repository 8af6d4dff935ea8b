"""Which booked things the network has not seen for longer than things of their kind are ever away."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import ScalarSelect, Select, and_, func, or_, select
from sqlalchemy.sql.elements import ColumnElement
from sqlmodel import Session

from inventory.access.rights import SYSTEM, Actor, visible
from inventory.assets.assets import Asset
from inventory.assets.categories import CATEGORIES
from inventory.assets.lifecycle import AssetStatus
from inventory.columns import column, now
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


def silent(session: Session, actor: Actor) -> list[Silent]:
    """Return the assets in use and the devices that nothing has seen for too long, those never seen last.

    Seen means: met by a sweep, an ARP table or a forwarding table, read by an agent or by SNMP (its serial number or
    MAC), or answering as a device. Only sites count that have been watched for so long and still are: elsewhere silence
    says nothing, and a site whose power or line is away is told of by other means.

    Returns:
        At most `MOST`.
    """
    moment = now()
    found = [*_assets(session, actor, moment), *_devices(session, actor, moment)]
    found.sort(key=lambda one: (one.last_seen is None, one.last_seen or moment, one.name))
    return found[:MOST]


def silent_by_site(session: Session) -> dict[str, int]:
    """Return how many silent things there are at each site that is watched."""
    slugs = {row[0]: row[1] for row in session.execute(select(column(Site, "id"), column(Site, "slug")))}
    shortest = min(patience())
    counts = {slugs[row[0]]: 0 for row in session.execute(_watched(now(), shortest)) if row[0] in slugs}
    for one in silent(session, SYSTEM):
        slug = slugs[one.thing.site_id]
        counts[slug] = counts.get(slug, 0) + 1
    return counts


def _watched(moment: datetime, days: int) -> Select[tuple[int]]:
    """Return the sites at which things were found so long ago and lately."""
    site, seen = column(Finding, "site_id"), column(Finding, "last_seen")
    begun = func.min(column(Finding, "first_seen")) <= moment - timedelta(days=days)
    return select(site).group_by(site).having(func.max(seen) >= moment - FRESH, begun)


Thing = Asset | Device
Marks = tuple[ScalarSelect[datetime], ...]


def _assets(session: Session, actor: Actor, moment: datetime) -> list[Silent]:
    mac, serial = column(Asset, "mac"), column(Asset, "serial")
    fact, value = column(Observation, "fact"), column(Observation, "value")
    marks = (
        # Said of the finding, so that the index of findings with a MAC may be used.
        _last(Finding, (column(Finding, "mac") == mac) & (column(Finding, "mac") != "")),
        _last(Finding, column(Finding, "asset_id") == column(Asset, "id")),
        _last(Finding, (column(Finding, "serial") == serial) & (serial != "")),
        _last(Observation, (fact == "mac") & (value == mac) & (mac != "")),
        _last(Observation, (fact == "serial") & (value == serial) & (serial != "")),
    )
    statement = _long_unseen(Asset, marks, moment).where(
        column(Asset, "retired_at").is_(None),
        column(Asset, "status") == AssetStatus.IN_USE.value,
        # One without a MAC whose serial number nothing ever read cannot be missed.
        or_(mac != "", *(mark.is_not(None) for mark in marks)),
        visible(actor, Asset),
    )
    rows = [(row[0], row[1:]) for row in session.execute(statement)]
    held = _held(session, [asset.id or 0 for asset, _ in rows])
    answered = _answered(session, set(held.values()), moment)
    return list(_kept([(one, (*seen, answered.get(held.get(one.id or 0, "")))) for one, seen in rows], moment))


def _devices(session: Session, actor: Actor, moment: datetime) -> list[Silent]:
    """Return the silent devices in whose place no asset stands: one that does is told as an asset."""
    address = column(Device, "address")
    near = column(Finding, "site_id") == column(Device, "site_id")
    marks = (
        _last(Observation, column(Observation, "instance") == column(Device, "name")),
        _last(Finding, (column(Finding, "address") == address) & near),
    )
    statement = _long_unseen(Device, marks, moment).where(
        Device.in_use(),
        address.is_not(None),
        column(Device, "id").not_in(select(column(Holding, "device_id")).where(Holding.in_use())),
        visible(actor, Device),
    )
    rows = [(row[0], row[1:]) for row in session.execute(statement)]
    answered = _answered(session, {device.name for device, _ in rows}, moment)
    return list(_kept([(one, (*seen, answered.get(one.name))) for one, seen in rows], moment))


def _long_unseen(of: type[Thing], marks: Marks, moment: datetime) -> Select[*tuple[Any, ...]]:
    """Select things with their marks: the times at which something saw them, all of them too long ago."""
    quiet = (
        and_(
            column(of, "category").in_(codes),
            column(of, "site_id").in_(_watched(moment, days)),
            column(of, "created_at") < moment - timedelta(days=days),
            *(or_(mark.is_(None), mark < moment - timedelta(days=days)) for mark in marks),
        )
        for days, codes in patience().items()
    )
    return select(of, *marks).where(or_(*quiet)).order_by(column(of, "id")).limit(MOST_CANDIDATES)


def _last(of: type[Finding | Observation], condition: ColumnElement[bool]) -> ScalarSelect[datetime]:
    return select(func.max(column(of, "last_seen"))).where(condition).scalar_subquery()


def _kept(rows: Iterable[tuple[Thing, Sequence[datetime | None]]], moment: datetime) -> Iterator[Silent]:
    for thing, seen in rows:
        days = CATEGORIES[thing.category].quiet_days or 0
        last = max((mark for mark in seen if mark is not None), default=None)
        if last is None or last < moment - timedelta(days=days):
            yield Silent(thing, last, days)


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
