"""From observations to findings: what was seen is told apart by MAC and address, placed at a port, and noticed to move.

It runs inside the transaction that stores the observations, on these alone, so it costs nothing while nothing is new.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from ipaddress import ip_address
from typing import Final

from sqlalchemy import func, select
from sqlmodel import Session

from inventory.columns import column
from inventory.network.doubts import lock
from inventory.network.findings import Finding, FindingState, is_random
from inventory.network.observations import Observation
from inventory.network.placing import Place, Surroundings, follow, put, surroundings
from inventory.network.vendors import make_of
from inventory.places.sites import Site

FACTS: Final = frozenset({"arp", "port", "alive", "name", "model", "serial", "object_id"})
"""Facts that say something about others than the device that was asked."""

SOURCES: Final = frozenset({"sweep", "snmp_arp", "snmp_fdb"})

MOST_OF_SITE: Final = 5_000
"""Findings of one site; more are not kept, so that a machine that makes up MACs fills no disk."""

MOST_MADE_UP: Final = MOST_OF_SITE // 2
"""Findings of one site up to which a MAC that a telephone has made up is kept, so that those leave room for others."""

_MAC: Final = re.compile(r"(?:[0-9a-f]{2}:){5}[0-9a-f]{2}")
_ROWS: Final = 400
_LONGEST_ADDRESS: Final = 64
_LONGEST: Final = {"title": 200, "model": 200, "serial": 120, "object_id": 120}
_SAID: Final = {"name": "title", "model": "model", "serial": "serial", "object_id": "object_id"}


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
    places: list[Place] = field(default_factory=list)
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
    lock(session.connection())
    named = select(column(Site, "slug"), column(Site, "id")).where(
        column(Site, "slug").in_(sorted({one.site for one in relevant}))
    )
    spotted = _spotted(relevant, {row[0]: row[1] for row in session.execute(named)})
    if not spotted:
        return
    known = _Known(session, spotted)
    around = _around(session, spotted, known)
    for one in spotted:
        finding = known.of(one) or known.make(one)
        if finding is not None:
            _update(finding, one, around)
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
            thing.places.append(Place(site, one.instance, one.value[:128], one.last_seen))
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
        if self._counts[one.site_id] >= (MOST_MADE_UP if is_random(one.mac) else MOST_OF_SITE):
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


def _update(finding: Finding, one: _Spotted, around: Surroundings) -> None:
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
        put(finding, place, around)
    if later and not one.places and one.site_id != finding.site_id:
        follow(finding, one.site_id, one.last, around)


def _around(session: Session, spotted: Sequence[_Spotted], known: "_Known") -> Surroundings:
    return surroundings(
        session,
        [place for one in spotted for place in one.places],
        {row.switch for row in known.rows() if row.switch},
        {one.mac for one in spotted if one.mac and not one.places},
        max(one.last for one in spotted),
    )


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
