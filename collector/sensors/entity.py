"""Sensors of the entity tree: ENTITY-SENSOR-MIB (RFC 3433) and Cisco's larger twin with its limits.

Those of optical modules are left out: light is read by `snmp_optics`, and a switch has thousands of them.
"""

import re
from collections.abc import Iterable, Iterator
from typing import Final

from collector.agents.entities import ENT_ALIAS, ENT_CONTAINED_IN, ENT_DESCR, ENT_NAME, aliases_of, port_of
from collector.agents.figures import figure
from collector.agents.ports import Ports, text
from collector.agents.tables import Columns
from collector.optics.module import Level
from collector.optics.sensors import UNITS_SCALE, Bound, bounds_of
from collector.sensors.reading import Kind, Sensor, SensorTable, State, plausible, stated
from collector.snmp import Value

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
_GREATER: Final = (3, 4)
_LESS: Final = (1, 2)


def decode(columns: Columns, ports: Ports) -> Iterator[Sensor]:
    """Read every sensor that has a name and is no part of a port or an optical module."""
    bounds, aliases = bounds_of(columns), aliases_of(columns["alias"])
    for index in _measuring(columns, columns["type"]):
        if port_of(index, columns, ports, aliases) is not None:
            continue
        kind_of = columns["type"][index]
        kind = KINDS[int(kind_of)]
        name = _name(columns, index)
        factor = _factor(columns["scale"].get(index), columns["precision"].get(index))
        if kind_of == _HUMIDITY:
            factor /= 100
        status = columns["status"].get(index, 1)
        number = figure(columns["value"].get(index)) if status == 1 else None
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


def _factor(scale: Value | None, precision: Value | None) -> float:
    """Return what a value has to be multiplied by; nonsense beyond the MIB's bounds counts as units."""
    power, digits = figure(scale) or UNITS_SCALE, figure(precision) or 0
    if not (1 <= power <= 17 and -8 <= digits <= 9):
        return 1.0
    return float(10.0 ** ((power - UNITS_SCALE) * 3 - digits))


def _limits(bounds: Iterable[Bound], factor: float) -> dict[Level, float]:
    """Name a sensor's limits by severity and direction; those without a severity say too little to alarm anybody."""
    named: dict[Level, float | None] = {}
    for bound in bounds:
        if bound.severity < _MINOR:
            continue
        severe = bound.severity >= _MAJOR
        if bound.relation in _GREATER:
            named["alarm_high" if severe else "warn_high"] = round(bound.value * factor, 4)
        elif bound.relation in _LESS:
            named["alarm_low" if severe else "warn_low"] = round(bound.value * factor, 4)
    return stated(named)


_ENTITY: Final = {"name": ENT_NAME, "descr": ENT_DESCR, "within": ENT_CONTAINED_IN, "alias": ENT_ALIAS}


def _table(name: str, enterprises: tuple[int, ...], base: str, bounds: str | None) -> SensorTable:
    live = {"value": f"{base}.4", "status": f"{base}.5"}
    fixed = {"type": f"{base}.1", "scale": f"{base}.2", "precision": f"{base}.3", **_ENTITY}
    if bounds is not None:
        fixed |= {"bound_severity": f"{bounds}.2", "bound_relation": f"{bounds}.3", "bound_value": f"{bounds}.4"}
    return SensorTable(name, enterprises, live, decode, fixed, rows=measuring)


ENTITY_SENSOR: Final = _table("ENTITY-SENSOR-MIB", (), "1.3.6.1.2.1.99.1.1.1", None)
CISCO: Final = _table("CISCO-ENTITY-SENSOR-MIB", (9,), "1.3.6.1.4.1.9.9.91.1.1.1.1", "1.3.6.1.4.1.9.9.91.1.2.1.1")
