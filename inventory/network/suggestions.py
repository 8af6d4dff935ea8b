"""Links that the devices themselves tell of and the books lack: suggestions from LLDP and CDP."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import select, text
from sqlmodel import Session

from inventory.access.rights import Actor, visible
from inventory.columns import column, now
from inventory.network.devices import Device
from inventory.network.links import Link
from inventory.network.observations import Observation
from inventory.spelling import fold

FRESH: Final = timedelta(days=7)
"""Neighbours told longer ago are gone."""

MOST_TOLD: Final = 5_000
MOST: Final = 200

_LONGEST_NAME: Final = 64
_ROWS: Final = 400


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A link that might be booked.

    Attributes:
        a: The device that told.
        a_port: Its port, by ifName.
        b: The neighbour, a booked device.
        b_port: Its port as it names it, or as it told itself.
        last_seen: When it was told last.
    """

    a: Device
    a_port: str
    b: Device
    b_port: str
    last_seen: datetime

    @property
    def name(self) -> str:
        """Return a short name for the link."""
        return f"{self.a.name}-{self.b.name}"[:_LONGEST_NAME].rstrip("-._")


def suggested_links(session: Session, actor: Actor) -> list[Suggestion]:
    """Return the links between devices that the actor may know of and that no link in use joins.

    Each pair of ports stands once, whichever end told of it; at most `MOST`.
    """
    devices = list(
        session.scalars(select(Device).where(column(Device, "retired_at").is_(None), visible(actor, Device)))
    )
    by_name = {one.name: one for one in devices}
    # Without a word of any neighbour, as in most small offices, nothing else has to be read.
    words = [_Word(*row) for row in _told(session) if row[0] in by_name]
    if not words:
        return []
    finder = _Finder(session, devices, [one.said for one in words])
    joined = {
        frozenset(row)
        for row in session.execute(
            select(column(Link, "a_device_id"), column(Link, "b_device_id")).where(Link.in_use())
        )
    }
    found: dict[frozenset[tuple[int, str]], Suggestion] = {}
    for told in words:
        one, said = by_name[told.instance], told.said
        other = finder.device_of(said)
        if other is None or other is one or frozenset((one.id, other.id)) in joined:
            continue
        port, far = said.get("local", ""), finder.port_of(other, said)
        ends = frozenset(((one.id or 0, port), (other.id or 0, far)))
        found.setdefault(ends, Suggestion(one, port, other, far, told.last_seen))
        if len(found) >= MOST:
            break
    return _once(found.values())


def _once(found: Iterable[Suggestion]) -> list[Suggestion]:
    """Return one of two suggestions that two devices make of each other, with the port as each calls its own.

    A device calls its neighbour's port as it likes (`GigabitEthernet0/1` for `Gi0/1`), its own as IF-MIB does.
    """
    pairs: dict[frozenset[int | None], list[Suggestion]] = {}
    for one in found:
        pairs.setdefault(frozenset((one.a.id, one.b.id)), []).append(one)
    result: list[Suggestion] = []
    for told in pairs.values():
        first = told[0]
        here = [one for one in told if one.a is first.a]
        there = [one for one in told if one.a is not first.a]
        if len(here) == len(there) == 1:
            here = [replace(first, b_port=there[0].a_port)]
        result += here
    return result


class _Word:
    """What a device told of a neighbour."""

    def __init__(self, instance: str, value: str, last_seen: datetime) -> None:
        self.instance = instance
        self.said = _read(value)
        self.last_seen = last_seen


def _told(session: Session) -> Iterable[Sequence[Any]]:
    # The fact stands as a word, not as a value, so that the index of neighbours is known to fit.
    told = select(*(column(Observation, name) for name in ("instance", "value", "last_seen"))).where(
        text("observation.fact = 'neighbour'"), column(Observation, "last_seen") >= now() - FRESH
    )
    order = (column(Observation, name) for name in ("instance", "subject", "id"))
    return session.execute(told.order_by(*order).limit(MOST_TOLD)).all()


def _read(value: str) -> dict[str, str]:
    """Return what a device told of a neighbour, or nothing if it is not understood."""
    try:
        parts = json.loads(value)
    except ValueError:
        return {}
    return (
        {str(name): words for name, words in parts.items() if isinstance(words, str)} if isinstance(parts, dict) else {}
    )


class _Finder:
    """Finds the booked device that a neighbour is: by its address, by a MAC of its own, by its name."""

    def __init__(self, session: Session, devices: list[Device], said: Sequence[Mapping[str, str]]) -> None:
        by_name = {one.name: one for one in devices}
        self._addresses = _unique((one.address or "", one) for one in devices)
        # Agents tell MACs of computers too, and a switch tells dozens of its own: only those are read that were told.
        wanted = {one[key] for one in said for key in ("chassis", "port_mac") if one.get(key)}
        own = [row for row in _macs(session, sorted(wanted)) if row[0] in by_name]
        self._macs = _unique((mac, by_name[instance]) for instance, _, mac in own)
        self._ports = {(instance, mac): port for instance, port, mac in own}
        names = [(fold(value), by_name[instance]) for instance, value in _names(session) if instance in by_name]
        self._names = _unique([*((fold(one.name), one) for one in devices), *names])

    def device_of(self, said: Mapping[str, str]) -> Device | None:
        """Return the device, or `None` if none fits or several do."""
        name = fold(said.get("name", ""))
        return (
            self._addresses.get(said.get("address", ""))
            or self._macs.get(said.get("chassis", ""))
            or self._names.get(name)
            or self._names.get(name.partition(".")[0])
        )

    def port_of(self, device: Device, said: Mapping[str, str]) -> str:
        """Return a neighbour's port: as it calls itself the one with that hardware address, else as it was told."""
        own = self._ports.get((device.name, said.get("port_mac", "")))
        return own or said.get("port", "")


def _macs(session: Session, wanted: Sequence[str]) -> Iterator[Sequence[Any]]:
    """Give (device, port, MAC) of each that was lately told as a device's own, the one noted first first."""
    rows: list[Sequence[Any]] = []
    for start in range(0, len(wanted), _ROWS):
        own = select(*(column(Observation, name) for name in ("id", "instance", "subject", "value"))).where(
            column(Observation, "fact") == "mac",
            column(Observation, "value").in_(wanted[start : start + _ROWS]),
            column(Observation, "last_seen") >= now() - 4 * FRESH,
        )
        rows += session.execute(own)
    return (row[1:] for row in sorted(rows, key=lambda row: row[0]))


def _names(session: Session) -> Iterable[Sequence[Any]]:
    """Return (device, name) of all that lately told how they call themselves."""
    own = select(column(Observation, "instance"), column(Observation, "value")).where(
        text("observation.fact = 'name'"), column(Observation, "last_seen") >= now() - 4 * FRESH
    )
    return session.execute(own.where(column(Observation, "instance").in_(select(column(Device, "name"))))).all()


def _unique(pairs: Iterable[tuple[str, Device]]) -> dict[str, Device]:
    """Return what tells one device alone; what two have tells neither."""
    found: dict[str, Device | None] = {}
    for key, device in pairs:
        if key:
            found[key] = device if found.get(key, device) is device else None
    return {key: device for key, device in found.items() if device is not None}
