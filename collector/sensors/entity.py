"""Temperatures, voltages and fans among the sensors of the entity tree (`collector.agents.entity_sensors`).

Sensors of optical modules are left out: `snmp_optics` reads them, and a switch has thousands.
"""

import re
from collections.abc import Iterable, Iterator
from typing import Final

from collector.agents import entity_sensors
from collector.agents.entities import aliases_of, port_of
from collector.agents.entity_sensors import GREATER, LESS, Bound, SensorColumns, bounds_of, factor_of
from collector.agents.limits import Level
from collector.agents.ports import Ports, text
from collector.agents.tables import Columns
from collector.agents.values import measurement
from collector.sensors.reading import Kind, Sensor, SensorTable, State, plausible, stated

KINDS: Final[dict[int, Kind]] = {
    3: "voltage", 4: "voltage", 5: "current", 6: "power", 8: "temperature", 9: "humidity", 10: "fan",
}  # fmt: skip
"""EntitySensorDataType; frequencies, flows and truth values are left out."""

_HUMIDITY: Final = 9
_STATES: Final = {1: State.GOOD, 3: State.UNKNOWN}
"""EntitySensorStatus; 2 (unavailable) says nothing at all."""

_OF_OPTICS: Final = re.compile(
    r"transceiver|\bDOM\b|\bx?c?q?sfp|\bxfp\b|optic|laser|\bbias\b|\b[rt]x\b|lane \d", re.IGNORECASE
)
_MINOR, _MAJOR = 10, 20


def decode(columns: Columns, ports: Ports) -> Iterator[Sensor]:
    """Read every sensor that has a name and is no part of a port or an optical module."""
    bounds, aliases = bounds_of(columns), aliases_of(columns["alias"])
    for index in _measuring(columns, columns["type"]):
        if port_of(index, columns, ports, aliases) is not None:
            continue
        kind_of = columns["type"][index]
        kind = KINDS[int(kind_of)]
        name = _name(columns, index)
        factor = factor_of(columns, index)
        if kind_of == _HUMIDITY:
            factor /= 100
        status = columns["status"].get(index, 1)
        number = measurement(columns["value"].get(index)) if status == 1 else None
        yield Sensor(
            name,
            kind,
            None if number is None else plausible(kind, number * factor),
            _STATES.get(status) if isinstance(status, int) else None,
            _limits(bounds.get(index, ()), factor),
        )


def _measuring(columns: Columns, indexes: Iterable[str]) -> Iterator[str]:
    for index in indexes:
        kind, name = columns["type"].get(index), _name(columns, index)
        measures = isinstance(kind, int) and kind in KINDS and name
        if measures and not _OF_OPTICS.search(f"{name} {text(columns['descr'].get(index))}"):
            yield index


def measuring(columns: Columns) -> list[str]:
    """Return the rows of sensors that are no part of an optical module, of which a switch has thousands."""
    return list(_measuring(columns, columns["value"]))


def _name(columns: Columns, index: str) -> str:
    return text(columns["name"].get(index)) or text(columns["descr"].get(index))


def _limits(bounds: Iterable[Bound], factor: float) -> dict[Level, float]:
    """Name a sensor's limits by severity and direction; those without a severity are ignored."""
    named: dict[Level, float | None] = {}
    for bound in bounds:
        if bound.severity < _MINOR:
            continue
        severe = bound.severity >= _MAJOR
        if bound.relation in GREATER:
            named["alarm_high" if severe else "warn_high"] = round(bound.value * factor, 4)
        elif bound.relation in LESS:
            named["alarm_low" if severe else "warn_low"] = round(bound.value * factor, 4)
    return stated(named)


def _table(name: str, enterprises: tuple[int, ...], columns: SensorColumns) -> SensorTable:
    return SensorTable(name, enterprises, columns.live, decode, columns.fixed, rows=measuring)


ENTITY_SENSOR: Final = _table("ENTITY-SENSOR-MIB", (), entity_sensors.STANDARD)
CISCO: Final = _table("CISCO-ENTITY-SENSOR-MIB", (9,), entity_sensors.CISCO)
