"""Leases: which collector polls which site, for half a minute at a time.

Each live collector holds its fair share of the sites of its scope, in proportion to its processes, and keeps those that
it has. A site moves only after its lease has ended: the holder is not renewed what is above its share, and whoever is
below takes what is free. So no site ever has two holders, and none has none for longer than a lease.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import text, union
from sqlmodel import Session, col, select

from inventory.network.collectors import Collector, SiteLease
from inventory.network.devices import Device
from inventory.network.services import Service
from inventory.network.subnets import Subnet
from inventory.places.sites import Site

LEASE: Final = timedelta(seconds=30)
"""How long a lease holds without being renewed; a collector not seen for as long counts as gone."""

RENEW_AFTER_S: Final = 10
"""When a collector should ask again, in seconds: two questions may be lost before a lease ends."""

DEFAULT_SCOPE: Final = "district"
"""The scope to which every site belongs."""

_LEASE_LOCK: Final = 0x7175616E67_03


@dataclass(frozen=True, slots=True)
class Held:
    """A site that a collector may poll and expose until `until`."""

    site_id: int
    site: str
    until: datetime


def renew(session: Session, collector: Collector, now: datetime) -> list[Held]:
    """Renew a collector's leases, give it what is free up to its share, and return all that it holds.

    Args:
        session: Inside a writing transaction.
        collector: Stored, with `seen_at` set to `now`.
        now: Aware UTC, by the clock of this machine alone; collectors' clocks do not count.

    Returns:
        By slug; a lease above the share is still there until it ends.
    """
    _alone(session)
    leases = {lease.site_id: lease for lease in _leases(session, collector.scope)}
    sites = _sites(session, collector.scope)
    mine = sorted(number for number, lease in leases.items() if lease.collector_id == collector.id)
    share = _share(session, collector, leases.values(), len(sites), now)
    kept = [number for number in mine if number in sites][:share]
    free = [number for number in sorted(sites) if number not in leases or leases[number].leased_until <= now]
    taken = [number for number in free if number not in kept][: max(0, share - len(kept))]
    for number in kept:
        leases[number].leased_until = now + LEASE
    for lease in leases.values():
        # A lease that ends later than any can was written before the clock was set back; it must not last for hours.
        if lease.leased_until > now + 2 * LEASE:
            lease.leased_until = now + LEASE
    for number in taken:
        _take(session, leases, number, collector, now)
    session.flush()
    return held(session, collector, now)


def _alone(session: Session) -> None:
    """Make this the only transaction that gives leases, until it ends; SQLite has one writer at a time anyhow."""
    session.flush()
    if session.get_bind().dialect.name == "postgresql":
        session.connection().execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LEASE_LOCK})


def shares(sites: int, workers: Mapping[str, int], has: Mapping[str, int]) -> dict[str, int]:
    """Return how many of `sites` each collector should hold.

    The shares add up to `sites` and differ from the exact proportion by less than one. Where one site more is to be
    given among equals, whoever has one more already keeps it, so that nothing moves without need.

    Args:
        sites: Number of sites of the scope.
        workers: Processes of each live collector by name, at least 1.
        has: Sites that each holds now; missing = 0.
    """
    total = sum(workers.values())
    if not total:
        return {}
    whole = {name: sites * count // total for name, count in workers.items()}
    rest = {name: sites * count % total for name, count in workers.items()}
    order = sorted(workers, key=lambda name: (-rest[name], has.get(name, 0) <= whole[name], name))
    for name in order[: sites - sum(whole.values())]:
        whole[name] += 1
    return whole


def _share(session: Session, me: Collector, leases: Iterable[SiteLease], sites: int, now: datetime) -> int:
    statement = select(Collector).where(
        Collector.scope == me.scope,
        col(Collector.retired_at).is_(None),
        col(Collector.seen_at).between(now - LEASE, now + LEASE),
    )
    live = {one.id: one for one in session.exec(statement)} | {me.id: me}
    has: dict[str, int] = {}
    for lease in leases:
        if lease.collector_id in live and lease.leased_until > now:
            name = live[lease.collector_id].name
            has[name] = has.get(name, 0) + 1
    return shares(sites, {one.name: one.workers for one in live.values()}, has)[me.name]


def _take(session: Session, leases: Mapping[int, SiteLease], number: int, collector: Collector, now: datetime) -> None:
    lease = leases.get(number)
    if lease is None:
        lease = SiteLease(site_id=number, scope=collector.scope, collector_id=_number(collector), leased_until=now)
        session.add(lease)
    lease.collector_id = _number(collector)
    lease.leased_from = now
    lease.leased_until = now + LEASE


def _leases(session: Session, scope: str) -> list[SiteLease]:
    statement = select(SiteLease).where(SiteLease.scope == scope).execution_options(populate_existing=True)
    return list(session.exec(statement))


def _sites(session: Session, scope: str) -> frozenset[int]:
    """Return the sites where anything is polled or swept."""
    if scope != DEFAULT_SCOPE:
        return frozenset()
    devices = select(Device.site_id).where(col(Device.retired_at).is_(None))
    services = select(Service.site_id).where(col(Service.retired_at).is_(None))
    swept = select(Subnet.site_id).where(col(Subnet.retired_at).is_(None), col(Subnet.scan).is_(True))
    return frozenset(session.execute(union(devices, services, swept)).scalars())


def held(session: Session, collector: Collector, now: datetime) -> list[Held]:
    """Return the sites that a collector holds at `now`, by slug."""
    statement = (
        select(SiteLease.site_id, Site.slug, SiteLease.leased_until)
        .join(Site, col(Site.id) == SiteLease.site_id)
        .where(SiteLease.collector_id == collector.id, SiteLease.leased_until > now)
        .order_by(Site.slug)
    )
    return [Held(*row) for row in session.exec(statement)]


def holders(session: Session, sites: Iterable[str], now: datetime) -> dict[str, str]:
    """Return who polls sites now: slug of the site to the collector's name; a site that nobody polls is left out."""
    statement = (
        select(Site.slug, Collector.name)
        .join(SiteLease, col(SiteLease.site_id) == Site.id)
        .join(Collector, col(Collector.id) == SiteLease.collector_id)
        .where(col(Site.slug).in_(list(sites)), SiteLease.leased_until > now)
    )
    return {row[0]: row[1] for row in session.exec(statement)}


def _number(collector: Collector) -> int:
    if collector.id is None:
        raise ValueError("the collector is not stored yet")
    return collector.id
