"""From observations to findings: what was seen is told apart by MAC and address, placed at a port, and noticed to move.

It runs inside the transaction that stores the observations, on these alone, so it costs nothing while nothing is new.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from ipaddress import ip_address
from typing import Final

from sqlalchemy import func, select, text
from sqlmodel import Session

from inventory.columns import column
from inventory.network.findings import Finding, FindingState
from inventory.network.observations import Observation
from inventory.network.vendors import make_of
from inventory.places.sites import Site

FACTS: Final = frozenset({"arp", "port", "alive", "name", "model", "serial", "object_id"})
"""Facts that say something about others than the device that was asked."""

SOURCES: Final = frozenset({"sweep", "snmp_arp", "snmp_fdb"})

FRESH: Final = timedelta(days=2)
"""A port at which a thing was not seen for so long is no longer where it is: facts are told at least once a day."""

CROWD: Final = 2
"""A port with more than so many times the MACs of another one leads towards the thing, it is not where it stands."""

MOST_OF_SITE: Final = 5_000
"""Findings of one site; more are not kept, so that a machine that makes up MACs fills no disk."""

_MAC: Final = re.compile(r"(?:[0-9a-f]{2}:){5}[0-9a-f]{2}")
_LOCK: Final = 0x7175616E67_05
_ROWS: Final = 400
_LONGEST_ADDRESS: Final = 64
_LONGEST: Final = {"title": 200, "model": 200, "serial": 120, "object_id": 120}
_SAID: Final = {"name": "title", "model": "model", "serial": "serial", "object_id": "object_id"}


@dataclass(frozen=True, slots=True)
class _Place:
    """A port at which a thing was heard."""

    site_id: int
    switch: str
    port: str
    at: datetime


@dataclass(slots=True)
class _Spotted:
    """What one batch says of one thing.

    Attributes:
        site_id: Where it was seen first within the batch.
        places: The ports at which it was heard, oldest first.
        told: What it says of itself, by column of the finding.
    """

    site_id: int
    source: str
    first: datetime
    last: datetime
    mac: str = ""
    address: str = ""
    places: list[_Place] = field(default_factory=list)
    told: dict[str, str] = field(default_factory=dict)


def note_sightings(session: Session, seen: Sequence[Observation]) -> None:
    """Bring the findings up to date with new observations; a second delivery of the same ones changes nothing.

    Args:
        session: Inside a writing transaction, after the observations were stored.
        seen: The observations; those that are about the asked device itself are passed over.
    """
    relevant = [one for one in seen if one.source in SOURCES and one.fact in FACTS]
    if not relevant:
        return
    if session.get_bind().dialect.name == "postgresql":
        session.connection().execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
    named = select(column(Site, "slug"), column(Site, "id")).where(
        column(Site, "slug").in_(sorted({one.site for one in relevant}))
    )
    spotted = _spotted(relevant, {row[0]: row[1] for row in session.execute(named)})
    if not spotted:
        return
    known = _Known(session, spotted)
    context = _context(session, spotted, known)
    for one in spotted:
        finding = known.of(one) or known.make(one)
        if finding is not None:
            _update(finding, one, context)
    session.flush()


def _spotted(seen: Iterable[Observation], sites: Mapping[str, int]) -> list[_Spotted]:
    """Return the things of a batch: those with a MAC first, each once; then addresses whose MAC nobody told."""
    macs: dict[str, _Spotted] = {}
    addresses: dict[tuple[int, str], _Spotted] = {}
    # Ports before addresses before what was said: so the site of an address counts, and words find their MAC.
    rank = {"port": 0, "arp": 1}
    for one in sorted(seen, key=lambda one: (rank.get(one.fact, 2), one.last_seen)):
        site = sites.get(one.site)
        if site is None or not _makes_sense(one):
            continue
        new = _Spotted(site, one.source, one.first_seen, one.last_seen)
        if one.fact == "port":
            thing = macs.setdefault(one.subject, new)
            thing.mac = one.subject
            thing.places.append(_Place(site, one.instance, one.value[:128], one.last_seen))
        elif one.fact == "arp":
            thing = macs.setdefault(one.value, new)
            thing.mac, thing.address = one.value, one.subject
            addresses[site, one.subject] = thing
        else:
            thing = addresses.setdefault((site, one.subject), new)
            thing.address = one.subject
            if one.fact in _SAID:
                thing.told[_SAID[one.fact]] = one.value[: _LONGEST[_SAID[one.fact]]]
        thing.first, thing.last = min(thing.first, one.first_seen), max(thing.last, one.last_seen)
    return [*macs.values(), *(one for one in addresses.values() if not one.mac)]


class _Known:
    """The findings that a batch may be about."""

    def __init__(self, session: Session, spotted: Sequence[_Spotted]) -> None:
        self._session = session
        macs, addresses = {one.mac for one in spotted if one.mac}, {one.address for one in spotted if one.address}
        rows = [*_rows(session, "mac", macs), *_rows(session, "address", addresses)]
        self._by_mac = {row.mac: row for row in rows if row.mac}
        self._by_address: dict[tuple[int, str], Finding] = {}
        # Of two that had an address, the later one has it now; one without a MAC gives way to one with it.
        for row in sorted(rows, key=lambda row: (bool(row.mac), row.last_seen)):
            self._by_address[row.site_id, row.address] = row
        self._bare = {(row.site_id, row.address): row for row in rows if not row.mac}
        self._counts: dict[int, int] = {}

    def of(self, one: _Spotted) -> Finding | None:
        """Return the finding of a thing; one known by its address alone gets its MAC, or is folded into the other."""
        if not one.mac:
            return self._by_address.get((one.site_id, one.address))
        found = self._by_mac.get(one.mac)
        bare = self._bare.pop((one.site_id, one.address), None) if one.address else None
        if bare is None:
            return found
        if found is None:
            bare.mac = one.mac
            self._by_mac[one.mac] = bare
            return bare
        _fold(found, bare)
        self._session.delete(bare)
        self._session.flush()
        return found

    def make(self, one: _Spotted) -> Finding | None:
        """Return a new finding, or `None` if its site has too many."""
        if one.site_id not in self._counts:
            statement = select(func.count()).where(column(Finding, "site_id") == one.site_id)
            self._counts[one.site_id] = int(self._session.execute(statement).scalar_one())
        if self._counts[one.site_id] >= MOST_OF_SITE:
            return None
        self._counts[one.site_id] += 1
        made = Finding(site_id=one.site_id, mac=one.mac, address=one.address, first_seen=one.first, last_seen=one.last)
        self._session.add(made)
        if one.mac:
            self._by_mac[one.mac] = made
        return made

    def rows(self) -> Iterable[Finding]:
        """Return the findings that were read."""
        return self._by_mac.values()


def _fold(found: Finding, bare: Finding) -> None:
    """Keep what was known of an address when its MAC turns out to be known already."""
    for name in ("title", "vendor", "model", "serial", "object_id"):
        setattr(found, name, getattr(found, name) or getattr(bare, name))
    found.first_seen = min(found.first_seen, bare.first_seen)
    if found.state == FindingState.OPEN and bare.state != FindingState.OPEN:
        found.state, found.asset_id, found.reason = bare.state, bare.asset_id, bare.reason
        found.decided_by, found.decided_at = bare.decided_by, bare.decided_at


@dataclass(frozen=True, slots=True)
class _Context:
    """What is looked up once for a batch.

    Attributes:
        crowds: How many MACs were lately heard at a port.
        stays: (MAC, site) where a MAC's address was lately seen.
        heirs: Site to the one that took it over.
    """

    crowds: Mapping[tuple[str, str], int]
    stays: frozenset[tuple[str, int]]
    heirs: Mapping[int, int]


def _update(finding: Finding, one: _Spotted, context: _Context) -> None:
    later = one.last >= finding.last_seen
    finding.first_seen, finding.last_seen = min(finding.first_seen, one.first), max(finding.last_seen, one.last)
    if later:
        finding.source = one.source
        finding.address = one.address or finding.address
    for name, words in one.told.items():
        setattr(finding, name, words)
    if "object_id" in one.told:
        make = make_of(finding.object_id)
        finding.vendor = make.vendor or finding.vendor
        finding.model = one.told.get("model") or make.model or finding.model
    for place in one.places:
        _place(finding, place, context)
    if later and not one.places and one.site_id != finding.site_id:
        _elsewhere(finding, one, context)


def _place(finding: Finding, new: _Place, context: _Context) -> None:
    """Say where a thing is plugged in, and that it moved if it was elsewhere.

    The same thing is heard at many ports: its own, and every one that leads towards it. Its own has the fewest MACs.
    """
    if (new.switch, new.port) == (finding.switch, finding.port):
        finding.placed_at = max(new.at, finding.placed_at or new.at)
        return
    if finding.placed_at is not None and finding.switch:
        if new.at < finding.placed_at:
            return
        here = context.crowds.get((new.switch, new.port), 1)
        there = context.crowds.get((finding.switch, finding.port), 1)
        same, stale = new.switch == finding.switch, new.at - finding.placed_at > FRESH
        if not (same or stale) and here > there:
            return
        # From a port that leads to many to one with few: it has not moved, one only knows better.
        if here * CROWD >= there:
            _leave(finding, new.site_id, new.at, context)
    finding.site_id, finding.switch, finding.port, finding.placed_at = new.site_id, new.switch, new.port, new.at


def _elsewhere(finding: Finding, one: _Spotted, context: _Context) -> None:
    """Follow an address that is seen at another site, unless the thing is still known to be where it was."""
    placed = finding.placed_at is not None and one.last - finding.placed_at <= FRESH
    if placed or (finding.mac, finding.site_id) in context.stays:
        return
    _leave(finding, one.site_id, one.last, context)
    finding.site_id, finding.switch, finding.port, finding.placed_at = one.site_id, "", "", None


def _leave(finding: Finding, to: int, at: datetime, context: _Context) -> None:
    """Note where a thing was; a site that was merged into another one has not moved its things."""
    if finding.site_id != to and context.heirs.get(finding.site_id) == to:
        return
    finding.before_switch, finding.before_port = finding.switch, finding.port
    finding.before_site_id, finding.moved_at = finding.site_id, at


def _context(session: Session, spotted: Sequence[_Spotted], known: "_Known") -> _Context:
    places = [place for one in spotted for place in one.places]
    latest = max(one.last for one in spotted)
    heirs = select(column(Site, "id"), column(Site, "successor_id")).where(column(Site, "successor_id").is_not(None))
    return _Context(
        crowds=_crowds(session, places, known, latest - FRESH),
        stays=_stays(session, spotted, latest - FRESH),
        heirs={row[0]: row[1] for row in session.execute(heirs)},
    )


def _crowds(session: Session, places: Sequence[_Place], known: "_Known", since: datetime) -> dict[tuple[str, str], int]:
    if not places:
        return {}
    switches = {place.switch for place in places} | {row.switch for row in known.rows() if row.switch}
    instance, value = column(Observation, "instance"), column(Observation, "value")
    heard = (column(Observation, "fact") == "port") & (column(Observation, "last_seen") >= since)
    counted = select(instance, value, func.count()).where(heard, instance.in_(sorted(switches)))
    return {(row[0], row[1]): row[2] for row in session.execute(counted.group_by(instance, value))}


def _stays(session: Session, spotted: Sequence[_Spotted], since: datetime) -> frozenset[tuple[str, int]]:
    macs = sorted({one.mac for one in spotted if one.mac and not one.places})
    found: set[tuple[str, int]] = set()
    for start in range(0, len(macs), _ROWS):
        seen = (column(Observation, "fact") == "arp") & (column(Observation, "last_seen") >= since)
        statement = (
            select(column(Observation, "value"), column(Site, "id"))
            .join_from(Observation, Site, column(Observation, "site") == column(Site, "slug"))
            .where(seen, column(Observation, "value").in_(macs[start : start + _ROWS]))
            .distinct()
        )
        found.update((row[0], row[1]) for row in session.execute(statement))
    return frozenset(found)


def _rows(session: Session, name: str, values: set[str]) -> Iterable[Finding]:
    wanted = sorted(values)
    for start in range(0, len(wanted), _ROWS):
        statement = select(Finding).where(column(Finding, name).in_(wanted[start : start + _ROWS]))
        yield from session.execute(statement).scalars()


def _makes_sense(one: Observation) -> bool:
    """Return whether a fact is about a MAC or an address, as it should be."""
    if one.fact == "port":
        return _MAC.fullmatch(one.subject) is not None
    return _is_address(one.subject) and (one.fact != "arp" or _MAC.fullmatch(one.value) is not None)


def _is_address(words: str) -> bool:
    if len(words) > _LONGEST_ADDRESS:
        # A zone behind an IPv6 address may be of any length.
        return False
    try:
        ip_address(words)
    except ValueError:
        return False
    return True
