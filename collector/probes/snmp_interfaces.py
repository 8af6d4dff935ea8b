"""Traffic, errors and state of every port: eleven columns of IF-MIB (RFC 2863), and duplex (RFC 3635)."""

import asyncio
from array import array
from collections.abc import Mapping
from dataclasses import dataclass, field
from math import isnan, nan
from typing import Annotated, Final

from pydantic import Field

from collector import metrics
from collector.agents.counters import Counters
from collector.agents.numbers import numbers
from collector.agents.ports import (
    FRESH_S,
    IF_ADMIN_STATUS,
    IF_NUMBER,
    IF_OPER_STATUS,
    IF_TABLE_LAST_CHANGE,
    WALKS_MAX,
    PortRows,
    Ports,
    number,
    read_ports,
    remembered,
)
from collector.agents.settings import CREDENTIALS, SnmpSettings
from collector.probe import Answer, Doors, Probe, ProbeFailure
from collector.series.grid import Families, Grid
from collector.snmp import SYS_UP_TIME, Agent, Column
from collector.target import Credential, Target
from inventory.text import Text

IF_TABLE: Final = (
    (metrics.IF_ADMIN_STATUS, IF_ADMIN_STATUS),
    (metrics.IF_OPER_STATUS, IF_OPER_STATUS),
    (metrics.IF_MTU, "1.3.6.1.2.1.2.2.1.4"),
    (metrics.IF_LAST_CHANGE, "1.3.6.1.2.1.2.2.1.9"),
    (metrics.IF_IN_DISCARDS, "1.3.6.1.2.1.2.2.1.13"),
    (metrics.IF_IN_ERRORS, "1.3.6.1.2.1.2.2.1.14"),
    (metrics.IF_OUT_DISCARDS, "1.3.6.1.2.1.2.2.1.19"),
    (metrics.IF_OUT_ERRORS, "1.3.6.1.2.1.2.2.1.20"),
)
IF_X_TABLE: Final = (
    (metrics.IF_HC_IN_OCTETS, "1.3.6.1.2.1.31.1.1.1.6"),
    (metrics.IF_HC_OUT_OCTETS, "1.3.6.1.2.1.31.1.1.1.10"),
    (metrics.IF_HIGH_SPEED, "1.3.6.1.2.1.31.1.1.1.15"),
)
COLUMNS: Final = (*IF_TABLE, *IF_X_TABLE)
DUPLEX: Final = "1.3.6.1.2.1.10.7.2.1.19"
NARROW: Final = ("1.3.6.1.2.1.2.2.1.10", "1.3.6.1.2.1.2.2.1.16", "1.3.6.1.2.1.2.2.1.5")
"""ifInOctets, ifOutOctets and ifSpeed, of devices without ifXTable."""

_METRICS: Final = tuple(metric for metric, _ in COLUMNS)
_FAMILIES: Final = Families(*_METRICS)
_WITH_DUPLEX: Final = Families(*_METRICS, metrics.DUPLEX)
_OIDS: Final = tuple(oid for _, oid in COLUMNS)
_SCALARS: Final = (IF_TABLE_LAST_CHANGE, IF_NUMBER)
_STATES: Final = frozenset((metrics.IF_ADMIN_STATUS, metrics.IF_OPER_STATUS))
_HALF, _FULL = 2, 3
_SPEED_MAX: Final = 2**32 - 1
"""ifSpeed of a port that is faster than it can say."""

_MEMORY: Final = "interfaces"


class InterfacesSettings(SnmpSettings):
    """Which ports another probe already watches."""

    link_interfaces: Annotated[tuple[str, ...], Field(max_length=1_000)] = ()
    """Names of ports whose state `snmp_link` exposes; it is left out here, so that a series stands on one page only."""


@dataclass(slots=True)
class _Known:
    """What is found out beside the ports' names, as seldom as these.

    Attributes:
        duplex: Duplex of each row, not a number where the device does not say it; empty if it says none.
        narrow: ifIndex of the ports that have no counters of 64 bits, with their places among the rows. The standard
            wants none at 20 Mbit/s and less (RFC 2863, section 3.1.6), and small devices have none at all.
        counters: Those counters, carried on.
    """

    rows: PortRows
    until: float
    duplex: "array[float]"
    narrow: Mapping[str, int]
    counters: Counters[tuple[int, str]] = field(default_factory=Counters)


async def run(target: Target, settings: InterfacesSettings, credential: Credential | None, doors: Doors) -> Answer:
    """Ask for the eleven columns: cell by cell where the ports are known and unchanged, by walking them otherwise.

    Raises:
        ProbeFailure: As `Agent.poll`; or there is no port, or the columns do not fit each other.
    """
    agent = doors.snmp.agent(target, credential, settings.port)
    ports, now = remembered(agent), asyncio.get_running_loop().time()
    known = None
    if ports is not None and ports.rows is not None and ports.told:
        scalars, cells = await agent.numbers(_SCALARS, _OIDS, ports.rows.indexes)
        states = cells[: len(_STATES) * len(ports.rows.indexes)]  # they come first, and no port lacks them
        if ports.current(scalars, now) and not isnan(sum(states)):
            known = ports.rows, cells
    if known is None:
        known = await _walk(agent, ports, now)
    rows, cells = known
    more = await _more(agent, rows, cells, now)
    if more.narrow:
        await _widen(agent, more, cells, now)
    return Answer(_grid(rows, cells, more.duplex, frozenset(settings.link_interfaces)))


async def _walk(agent: Agent, ports: Ports | None, now: float) -> "tuple[PortRows, array[float]]":
    """Walk the columns, again if ports came or went meanwhile."""
    for _ in range(WALKS_MAX - 1):
        try:
            return await _walk_once(agent, ports, now)
        except ProbeFailure as failure:
            if failure.code != "snmp_uneven":
                raise
    return await _walk_once(agent, ports, now)


async def _walk_once(agent: Agent, ports: Ports | None, now: float) -> "tuple[PortRows, array[float]]":
    scalars, columns = await agent.poll(_SCALARS, _OIDS)
    _check(columns)
    if ports is None or not ports.current(scalars, now) or ports.by_index.keys() != columns[0].keys():
        ports = await read_ports(agent, now)
        if not columns[0].keys() <= ports.by_index.keys():
            raise ProbeFailure("snmp_uneven", f"ifAdminStatus {len(columns[0])}, ifDescr {len(ports.by_index)}")
    rows = ports.rows
    if rows is None:
        raise ProbeFailure("snmp_empty", "ifDescr, ifName")
    oids = [f"{oid}.{index}" for oid in _OIDS for index in rows.indexes]
    return rows, numbers([column.get(index) for column in columns for index in rows.indexes], oids)


def _check(columns: list[Column]) -> None:
    """Refuse a table without ports, states that do not fit each other, and rows of ports that are not there.

    A counter may lack some ports, or all: switches count nothing on their inner ports, small devices have no 64-bit
    counters. Whether a column was cut short is known before, from the agent's own error-status.
    """
    first = columns[0].keys()
    if not first:
        raise ProbeFailure("snmp_empty", "ifAdminStatus")
    for (metric, _), column in zip(COLUMNS, columns, strict=True):
        if not column.keys() <= first or (metric in _STATES and len(column) < len(first)):
            raise ProbeFailure("snmp_uneven", f"ifAdminStatus {len(first)}, {metric.name} {len(column)}")


async def _more(agent: Agent, rows: PortRows, cells: "array[float]", now: float) -> _Known:
    """Return what is known of the ports beside their names, found out anew when these may have changed."""
    known = agent.memory.get(_MEMORY)
    if isinstance(known, _Known) and known.rows is rows and now < known.until:
        return known
    (column,) = await agent.walk((DUPLEX,))
    said = {index: value for index, value in column.items() if isinstance(value, int) and value in {_HALF, _FULL}}
    fresh = _Known(
        rows=rows,
        until=now + FRESH_S,
        duplex=array("d", [said.get(index, nan) for index in rows.indexes] if said else ()),
        narrow={index: at for at, index in enumerate(rows.indexes) if _is_narrow(cells, len(rows.indexes), at)},
    )
    if isinstance(known, _Known) and known.rows is rows:
        fresh.counters = known.counters
    agent.memory[_MEMORY] = fresh
    return fresh


def _is_narrow(cells: "array[float]", size: int, at: int) -> bool:
    """Return whether the port at a place among `size` rows has no counter of octets of 64 bits."""
    first = len(IF_TABLE) * size + at
    return isnan(cells[first]) and isnan(cells[first + size])


async def _widen(agent: Agent, known: _Known, cells: "array[float]", now: float) -> None:
    """Fill cells of ifXTable from the counters of 32 bits and the speed in bit/s of ifTable.

    Ports that have not even those, as the inner ones of a switch, are not asked again before the names are.
    """
    indexes, size, count = tuple(known.narrow), len(known.rows.indexes), len(known.narrow)
    scalars, found = await agent.numbers((), NARROW, indexes)
    speeds = {index: value for index, value in zip(indexes, found[2 * count :], strict=True) if not isnan(value)}
    octets = {
        (place, index): int(value)
        for place in (0, 1)
        for index, value in zip(indexes, found[place * count : (place + 1) * count], strict=True)
        if not isnan(value)
    }
    most = {(place, index): speed / 8 for place, index in octets if 0 < (speed := speeds.get(index, 0)) < _SPEED_MAX}
    carried = known.counters.carried(octets, most, up_time=number(scalars[SYS_UP_TIME]), now=now)
    start = len(IF_TABLE) * size
    for index, at in known.narrow.items():
        if not _is_narrow(cells, size, at):
            continue
        for place in (0, 1):
            cells[start + place * size + at] = carried.get((place, index), nan)
        if isnan(cells[start + 2 * size + at]) and (speed := speeds.get(index, _SPEED_MAX)) < _SPEED_MAX:
            cells[start + 2 * size + at] = round(speed / 1e6)
    known.narrow = {index: at for index, at in known.narrow.items() if {(0, index), (1, index)} & octets.keys()}


def _grid(rows: PortRows, cells: "array[float]", duplex: "array[float]", links: frozenset[str]) -> Grid:
    if links:
        for at, (_, name, *_) in enumerate(rows.labels):
            if name in links:
                for place, metric in enumerate(_METRICS):
                    if metric in _STATES:
                        cells[place * len(rows.labels) + at] = nan
    cells.extend(duplex)
    return Grid(_WITH_DUPLEX if duplex else _FAMILIES, rows, cells)


PROBE: Final = Probe(
    kind="snmp_interfaces",
    title=Text(vi="Lưu lượng và lỗi các cổng", en="Traffic and errors of the ports"),
    job="network",
    run=run,
    settings=InterfacesSettings,
    needs=CREDENTIALS,
    interval_s=30.0,
    timeout_s=15.0,
    metrics=_WITH_DUPLEX.metrics,
)
