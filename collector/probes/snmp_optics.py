"""Optical power of modules in dBm, with the limits that the modules state."""

import asyncio
from collections.abc import Iterator
from typing import Annotated, Final

from pydantic import Field

from collector import metrics
from collector.agents.limits import Level
from collector.agents.ports import IF_TABLE_LAST_CHANGE, Ports, number, read_ports, remembered, text
from collector.agents.settings import CREDENTIALS, SnmpSettings
from collector.agents.system import SYS_OBJECT_ID
from collector.agents.tables import ENT_LAST_CHANGE, read_tables
from collector.optics import tables_of
from collector.optics.module import Direction, Lane, Module
from collector.probe import Answer, Doors, Probe, Sample, Settings
from collector.snmp import SYS_UP_TIME
from collector.target import Credential, Target
from inventory.text import Text

_Name = Annotated[str, Field(min_length=1, max_length=128)]


class Limit(Settings):
    """An operator's own limit."""

    interface: _Name
    """Name (ifName) of the port."""

    direction: Direction = "rx"
    """Received or sent."""

    level: Level
    """Which limit."""

    dbm: Annotated[float, Field(ge=-60, le=20)]
    """The limit in dBm, -60 to 20."""


class Baseline(Settings):
    """The accepted received power of a link's end."""

    link: Annotated[str, Field(min_length=1, max_length=64)]
    """Name of the link."""

    interface: _Name
    """Name (ifName) of the port."""

    rx_dbm: Annotated[float, Field(ge=-60, le=20)]
    """Power in dBm, -60 to 20."""


class OpticsSettings(SnmpSettings):
    """What the books add to what the modules say."""

    limits: Annotated[tuple[Limit, ...], Field(max_length=1_000)] = ()
    """Limits of the operator. They replace all that the port's module states for the same direction."""

    baselines: Annotated[tuple[Baseline, ...], Field(max_length=1_000)] = ()
    """Accepted power of link ends, for the drift."""


async def run(target: Target, settings: OpticsSettings, credential: Credential | None, doors: Doors) -> Answer:
    """Read the modules of all ports. A device without any gives a success without samples of power.

    Raises:
        ProbeFailure: As `Agent.poll`; or the agent shows no port at all.
    """
    agent = doors.snmp.agent(target, credential, settings.port)
    now = asyncio.get_running_loop().time()
    scalars = await agent.get((SYS_OBJECT_ID, IF_TABLE_LAST_CHANGE, ENT_LAST_CHANGE))
    ports = remembered(agent)
    if ports is None or not ports.current(scalars, now):
        ports = await read_ports(agent, now)
    tables = tables_of(text(scalars.get(SYS_OBJECT_ID)))
    up_time, changed = number(scalars[SYS_UP_TIME]), scalars.get(ENT_LAST_CHANGE)
    found = await read_tables(agent, tables, ports, up_time=up_time, now=now, changed=changed)
    modules: dict[str, Module] = {}
    for module in found:
        modules.setdefault(module.port, module)
    return Answer(tuple(_samples(modules, ports, settings)))


def _samples(modules: dict[str, Module], ports: Ports, settings: OpticsSettings) -> Iterator[Sample]:
    for port, module in modules.items():
        index, name = ports.by_index[port][:2]
        yield Sample(metrics.OPTICAL_PRESENT, (index, name), 1 if module.lanes else 0)
        for lane in module.lanes:
            yield from _lane(lane, index, name)
        overridden = {limit.direction for limit in settings.limits if limit.interface == name}
        for (direction, level), dbm in module.limits.items():
            if direction not in overridden:
                yield Sample(metrics.OPTICAL_THRESHOLD, (index, name, direction, level, "module"), dbm)
    yield from _booked(ports, settings)


def _lane(lane: Lane, index: str, name: str) -> Iterator[Sample]:
    labels = (index, name, str(lane.number))
    for metric, value in (
        (metrics.OPTICAL_RX, lane.rx_dbm),
        (metrics.OPTICAL_TX, lane.tx_dbm),
        (metrics.OPTICAL_TEMPERATURE, lane.temperature_c),
        (metrics.OPTICAL_FAR_RX, lane.far_rx_dbm),
    ):
        if value is not None:
            yield Sample(metric, labels, value)


def _booked(ports: Ports, settings: OpticsSettings) -> Iterator[Sample]:
    """Give what the books say of ports that the device has."""
    stated = {(limit.interface, limit.direction, limit.level): limit.dbm for limit in settings.limits}
    for (name, direction, level), dbm in stated.items():
        if name in ports.by_name:
            labels = (ports.by_name[name], name, direction, level, "operator")
            yield Sample(metrics.OPTICAL_THRESHOLD, labels, dbm)
    for (link, name), dbm in {(base.link, base.interface): base.rx_dbm for base in settings.baselines}.items():
        if name in ports.by_name:
            yield Sample(metrics.OPTICAL_BASELINE, (link, name), dbm)


PROBE: Final = Probe(
    kind="snmp_optics",
    title=Text(vi="Công suất quang", en="Optical power"),
    job="network",
    run=run,
    settings=OpticsSettings,
    needs=CREDENTIALS,
    interval_s=60.0,
    timeout_s=30.0,
    metrics=(
        metrics.OPTICAL_RX, metrics.OPTICAL_TX, metrics.OPTICAL_FAR_RX, metrics.OPTICAL_THRESHOLD,
        metrics.OPTICAL_TEMPERATURE, metrics.OPTICAL_PRESENT, metrics.OPTICAL_BASELINE,
    ),
)  # fmt: skip
