"""Temperatures, fans, power supplies and other sensors of any vendor, in one unit each."""

import asyncio
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Final

from collector import metrics
from collector.agents.ports import IF_TABLE_LAST_CHANGE, Ports, number, read_ports, remembered, text
from collector.agents.settings import CREDENTIALS, SnmpSettings
from collector.agents.system import SYS_OBJECT_ID
from collector.agents.tables import ENT_LAST_CHANGE, read_tables, tables_for
from collector.metric import Metric
from collector.probe import Answer, Doors, Probe, ProbeFailure, Sample
from collector.sensors import TABLES
from collector.sensors.reading import Kind, Sensor
from collector.snmp import SYS_UP_TIME, Agent, Value
from collector.target import Credential, Target
from inventory.text import Text

SENSORS_MAX: Final = 500
"""Sensors of one device that are exposed."""

READINGS: Final[Mapping[Kind, tuple[Metric, Metric | None]]] = {
    "temperature": (metrics.SENSOR_TEMPERATURE, metrics.SENSOR_TEMPERATURE_LIMIT),
    "fan": (metrics.SENSOR_FAN, metrics.SENSOR_FAN_LIMIT),
    "voltage": (metrics.SENSOR_VOLTAGE, metrics.SENSOR_VOLTAGE_LIMIT),
    "current": (metrics.SENSOR_CURRENT, metrics.SENSOR_CURRENT_LIMIT),
    "power": (metrics.SENSOR_POWER, metrics.SENSOR_POWER_LIMIT),
    "humidity": (metrics.SENSOR_HUMIDITY, None),
}
"""Family of the readings of a kind, and of their limits."""


async def run(target: Target, settings: SnmpSettings, credential: Credential | None, doors: Doors) -> Answer:
    """Read the sensors. A device without any gives a success without samples.

    Raises:
        ProbeFailure: As `Agent.poll`.
    """
    agent = doors.snmp.agent(target, credential, settings.port)
    now = asyncio.get_running_loop().time()
    scalars = await agent.get((SYS_OBJECT_ID, IF_TABLE_LAST_CHANGE, ENT_LAST_CHANGE))
    ports = await _ports(agent, scalars, now)
    tables = tables_for(text(scalars.get(SYS_OBJECT_ID)), TABLES)
    up_time, changed = number(scalars[SYS_UP_TIME]), scalars.get(ENT_LAST_CHANGE)
    found = await read_tables(agent, tables, ports, up_time=up_time, now=now, changed=changed)
    return Answer(tuple(_samples(_named(found))))


async def _ports(agent: Agent, scalars: Mapping[str, Value], now: float) -> Ports:
    """Return the ports, so that a port's own sensors are known; a device that shows no port may have sensors."""
    ports = remembered(agent)
    if ports is not None and ports.current(scalars, now):
        return ports
    try:
        return await read_ports(agent, now)
    except ProbeFailure as failure:
        if failure.code not in {"snmp_empty", "snmp_uneven"}:
            raise
    return Ports(by_index={}, by_name={}, up_time=0, changed=None, read_at=now)


def _named(found: list[Sensor]) -> list[tuple[str, Sensor]]:
    """Give each sensor a name of its own within its kind: the second of a name gets `#2` behind it, and so on.

    Of more than may be exposed those in trouble stay.
    """
    seen: Counter[tuple[str, Kind]] = Counter()
    named = []
    for sensor in found:
        seen[sensor.name, sensor.kind] += 1
        count = seen[sensor.name, sensor.kind]
        named.append((sensor.name if count == 1 else f"{sensor.name}#{count}", sensor))
    if len(named) > SENSORS_MAX:
        named.sort(key=lambda one: one[1].judged or 0, reverse=True)
    return named[:SENSORS_MAX]


def _samples(named: list[tuple[str, Sensor]]) -> Iterator[Sample]:
    for name, sensor in named:
        if (state := sensor.judged) is not None:
            yield Sample(metrics.SENSOR_STATE, (name, sensor.kind), state)
    for kind, (reading, limit) in READINGS.items():
        of_kind = [(name, sensor) for name, sensor in named if sensor.kind == kind]
        for name, sensor in of_kind:
            if sensor.value is not None:
                yield Sample(reading, (name,), sensor.value)
        for name, sensor in of_kind if limit is not None else ():
            for level, value in sensor.limits.items():
                yield Sample(limit or reading, (name, level), value)


PROBE: Final = Probe(
    kind="snmp_sensors",
    title=Text(vi="Nhiệt độ, quạt, nguồn", en="Temperature, fans, supplies"),
    job="network",
    run=run,
    settings=SnmpSettings,
    needs=CREDENTIALS,
    interval_s=60.0,
    timeout_s=20.0,
    metrics=(
        metrics.SENSOR_STATE,
        *(family for pair in READINGS.values() for family in pair if family is not None),
    ),
)
