"""Where a thing is plugged in, and whether it moved: one MAC is heard at many ports, one of which is its own."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import func, select
from sqlmodel import Session

from inventory.columns import column
from inventory.network.findings import Finding
from inventory.network.observations import Observation
from inventory.places.sites import Site

FRESH: Final = timedelta(days=2)
"""A port at which a thing was not seen for so long is no longer where it is: facts are told at least once a day."""

CROWD: Final = 2
"""A port with more than so many times the MACs of another one leads towards the thing, it is not where it stands."""

MANY: Final = 24
"""A port behind which more MACs are heard leads to other switches, even if none there says so."""

RESTLESS: Final = timedelta(days=2)
"""What turns up at yet another port of a site so soon after a move goes to and fro: between access points, between two
ways through the network, or in a loop. It is followed, and told once, not each time."""

MOST_TOLD: Final = 5_000
"""Neighbours that are looked through for ports that lead to other switches."""

_FAR: Final = 1_000_000
"""What a port that leads on counts beyond the MACs behind it: more than any crowd at a port that does not."""

_ROWS: Final = 400

Port = tuple[str, str]
"""A device and one of its ports (ifName)."""


@dataclass(frozen=True, slots=True)
class Place:
    """A port at which a thing was heard."""

    site_id: int
    switch: str
    port: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What is looked up once for a batch.

    Attributes:
        crowds: How many MACs were lately heard at a port.
        uplinks: Ports at which a switch, a router or an access point stands.
        stays: (MAC, site) where a MAC's address was lately seen.
        heirs: Site to the one that took it over.
    """

    crowds: Mapping[Port, int]
    uplinks: frozenset[Port]
    stays: frozenset[tuple[str, int]]
    heirs: Mapping[int, int]

    def leads_on(self, port: Port) -> bool:
        """Return whether other switches are behind a port, so that nothing heard there need stand there."""
        return port in self.uplinks or self.crowds.get(port, 0) > MANY

    def crowd(self, port: Port) -> int:
        """Return how little a port says of where a thing stands: the MACs behind it, and far more if it leads on."""
        return self.crowds.get(port, 1) + (_FAR if self.leads_on(port) else 0)


def put(finding: Finding, new: Place, around: Surroundings) -> None:
    """Say where a thing is plugged in, and that it moved if it was elsewhere.

    Its own port has the fewest MACs. A port that leads to other switches is kept only until a better one is known.
    """
    if (new.switch, new.port) == (finding.switch, finding.port):
        finding.placed_at = max(new.at, finding.placed_at or new.at)
        return
    if finding.placed_at is not None and finding.switch:
        if new.at < finding.placed_at:
            return
        here, there = (new.switch, new.port), (finding.switch, finding.port)
        same, stale = new.switch == finding.switch, new.at - finding.placed_at > FRESH
        if not (same or stale) and around.crowd(here) > around.crowd(there):
            return
        if around.leads_on(there):
            # It has not moved: one knows better where it stands, or the network takes another way towards it.
            _come_back(finding, here, new.at)
        elif around.crowd(here) * CROWD >= around.crowd(there):
            _leave(finding, new.site_id, new.at, around, new=here)
    finding.site_id, finding.switch, finding.port, finding.placed_at = new.site_id, new.switch, new.port, new.at


def follow(finding: Finding, site_id: int, at: datetime, around: Surroundings) -> None:
    """Follow an address that is seen at another site, unless the thing is still known to be where it was."""
    placed = finding.placed_at is not None and at - finding.placed_at <= FRESH
    if placed or (finding.mac, finding.site_id) in around.stays:
        return
    _leave(finding, site_id, at, around)
    finding.site_id, finding.switch, finding.port, finding.placed_at = site_id, "", "", None


def _leave(finding: Finding, to: int, at: datetime, around: Surroundings, new: Port = ("", "")) -> None:
    """Note where a thing was; a site that was merged into another one has not moved its things."""
    if finding.site_id != to and around.heirs.get(finding.site_id) == to:
        return
    if finding.site_id == to and _is_restless(finding, at):
        finding.wandered_at = at
        _come_back(finding, new, at)
        return
    finding.before_switch, finding.before_port = finding.switch, finding.port
    finding.before_site_id, finding.moved_at = finding.site_id, at


def _come_back(finding: Finding, new: Port, at: datetime) -> None:
    """Take a move back if the thing is where it came from."""
    if finding.moved_at is not None and new == (finding.before_switch, finding.before_port):
        finding.before_switch, finding.before_port = "", ""
        finding.before_site_id, finding.moved_at, finding.wandered_at = None, None, at


def _is_restless(finding: Finding, at: datetime) -> bool:
    last = max((one for one in (finding.moved_at, finding.wandered_at) if one is not None), default=None)
    return last is not None and at - last <= RESTLESS


def surroundings(
    session: Session, places: Sequence[Place], placed: Iterable[str], unplaced: Iterable[str], latest: datetime
) -> Surroundings:
    """Look up what placing a batch needs.

    Args:
        session: A session that reads.
        places: The ports at which things of the batch were heard.
        placed: Switches at which they were until now.
        unplaced: MACs of the batch that no port was told of.
        latest: The time of the newest sighting; what is older than `FRESH` before it does not count.
    """
    since = latest - FRESH
    switches = sorted({place.switch for place in places} | set(placed)) if places else []
    heirs = select(column(Site, "id"), column(Site, "successor_id")).where(column(Site, "successor_id").is_not(None))
    return Surroundings(
        crowds=_crowds(session, switches, since),
        uplinks=uplinks(session, switches, since),
        stays=_stays(session, sorted(set(unplaced)), since),
        heirs={row[0]: row[1] for row in session.execute(heirs)},
    )


def uplinks(session: Session, switches: Sequence[str], since: datetime) -> frozenset[Port]:
    """Return the ports of some switches at which something stands that passes traffic on, as it says itself."""
    if not switches:
        return frozenset()
    instance, value = column(Observation, "instance"), column(Observation, "value")
    told = (column(Observation, "fact") == "neighbour") & (column(Observation, "last_seen") >= since)
    found = set()
    for switch, words in session.execute(select(instance, value).where(told, instance.in_(switches)).limit(MOST_TOLD)):
        try:
            said = json.loads(words)
        except ValueError:
            continue
        if isinstance(said, dict) and said.get("relays") == "yes":
            found.add((switch, str(said.get("local", ""))))
    return frozenset(found)


def _crowds(session: Session, switches: Sequence[str], since: datetime) -> dict[Port, int]:
    if not switches:
        return {}
    instance, value = column(Observation, "instance"), column(Observation, "value")
    heard = (column(Observation, "fact") == "port") & (column(Observation, "last_seen") >= since)
    counted = select(instance, value, func.count()).where(heard, instance.in_(switches))
    return {(row[0], row[1]): row[2] for row in session.execute(counted.group_by(instance, value))}


def _stays(session: Session, macs: Sequence[str], since: datetime) -> frozenset[tuple[str, int]]:
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
