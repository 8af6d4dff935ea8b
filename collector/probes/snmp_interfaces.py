"""Traffic, errors and state of every port: eleven columns of IF-MIB (RFC 2863)."""

import asyncio
from collections.abc import Iterator
from typing import Annotated, Final, cast

from pydantic import Field

from collector import metrics
from collector.ports import IF_TABLE_LAST_CHANGE, PortLabels, Ports, read_ports, remembered
from collector.probe import Answer, Doors, Probe, ProbeFailure, Sample
from collector.probes.snmp_link import IF_ADMIN_STATUS, IF_OPER_STATUS
from collector.probes.snmp_system import SnmpSettings
from collector.snmp import SYS_UP_TIME, Column, Snmp
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
_STATES: Final = frozenset((metrics.IF_ADMIN_STATUS, metrics.IF_OPER_STATUS))


class InterfacesSettings(SnmpSettings):
    """Which ports another probe already watches."""

    link_interfaces: Annotated[tuple[str, ...], Field(max_length=1_000)] = ()
    """Names of ports whose state `snmp_link` exposes; it is left out here, so that a series stands on one page only."""


async def run(target: Target, settings: InterfacesSettings, credential: Credential | None, doors: Doors) -> Answer:
    """Walk the eleven columns.

    Raises:
        ProbeFailure: As `Agent.poll`; or there is no port, or the columns do not fit each other.
    """
    door: Snmp = doors.snmp
    agent = door.agent(target, credential, settings.port)
    scalars, columns = await agent.poll((SYS_UP_TIME, IF_TABLE_LAST_CHANGE), [oid for _, oid in COLUMNS])
    _check(columns)
    ports, now = remembered(agent), asyncio.get_running_loop().time()
    if ports is None or not ports.current(scalars, now) or ports.by_index.keys() != columns[0].keys():
        ports = await read_ports(agent, now)
        if not columns[0].keys() <= ports.by_index.keys():
            raise ProbeFailure("snmp_uneven", f"ifAdminStatus {len(columns[0])}, ifDescr {len(ports.by_index)}")
    return Answer(tuple(_samples(columns, ports, frozenset(settings.link_interfaces))))


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


def _samples(columns: list[Column], ports: Ports, links: frozenset[str]) -> Iterator[Sample]:
    labels: dict[str, PortLabels] = {index: ports.by_index[index] for index in columns[0]}
    watched = {index for index, (_, name, *_) in labels.items() if name in links}
    for (metric, _), column in zip(COLUMNS, columns, strict=True):
        if any(type(value) is not int for value in column.values()):
            raise ProbeFailure("snmp_garbled", metric.name)
        left_out = watched if metric in _STATES else ()
        yield from [
            Sample(metric, labels[index], cast("int", value))
            for index, value in column.items()
            if index not in left_out
        ]


PROBE: Final = Probe(
    kind="snmp_interfaces",
    title=Text(vi="Lưu lượng và lỗi các cổng", en="Traffic and errors of the ports"),
    job="network",
    run=run,
    settings=InterfacesSettings,
    needs=("snmp_v2c", "snmp_v3"),
    interval_s=30.0,
    timeout_s=15.0,
    metrics=tuple(metric for metric, _ in COLUMNS),
)
