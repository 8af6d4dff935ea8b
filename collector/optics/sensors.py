"""Modules whose readings are sensors of the entity tree: ENTITY-SENSOR-MIB (RFC 3433) and Cisco's larger twin."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import Final, NamedTuple

from collector.agents.entities import ENT_ALIAS, ENT_CONTAINED_IN, ENT_DESCR, ENT_NAME, aliases_of, port_of
from collector.agents.figures import figure
from collector.agents.ports import Ports, text
from collector.optics.module import Direction, Lane, Level, Module, from_watts, known, limits
from collector.optics.table import Columns, OpticsTable

_WATTS, _CELSIUS, _DBM, _OK = 6, 8, 14, 1
_CRITICAL, _MAJOR, _GREATER = 30, 20, (3, 4)
UNITS_SCALE: Final = 9
"""EntitySensorDataScale of 1; each step is a factor of 1,000."""

Readings = dict[str, dict[tuple[str, int], float]]
"""Port to (`rx`, `tx` or `temperature`; lane) to value."""


class _Sensor(NamedTuple):
    port: str
    what: str
    lane: int
    factor: float
    kind: int


def decode(columns: Columns, ports: Ports) -> Iterator[Module]:
    """Read optical power from sensors of type watts, or dBm where the vendor has such a type."""
    aliases, sensors = aliases_of(columns["alias"]), {}
    for index in columns["type"]:
        if (sensor := _sensor(index, columns, ports, aliases)) is not None:
            sensors[index] = sensor
    readings: Readings = defaultdict(dict)
    stated: dict[str, dict[tuple[Direction, Level], float]] = defaultdict(dict)
    bounds = bounds_of(columns)
    for index, sensor in sensors.items():
        value = figure(columns["value"].get(index))
        dbm = _value(sensor, value) if columns["status"].get(index, _OK) == _OK else None
        if dbm is not None:
            readings[sensor.port][sensor.what, sensor.lane] = dbm
        elif sensor.what != "temperature":
            readings.setdefault(sensor.port, {})
        if sensor.what in {"rx", "tx"}:
            stated[sensor.port] |= _limits(sensor, bounds.get(index, []))
    for port, found in readings.items():
        if any(sensor.port == port and sensor.what != "temperature" for sensor in sensors.values()):
            yield Module(port, tuple(_lanes(found)), stated[port])


def _lanes(found: dict[tuple[str, int], float]) -> Iterator[Lane]:
    numbers = sorted({lane for _, lane in found}) or [1]
    for number in numbers:
        heat = found.get(("temperature", number), found.get(("temperature", 1)))
        yield Lane(number, found.get(("rx", number)), found.get(("tx", number)), heat)


def _sensor(index: str, columns: Columns, ports: Ports, aliases: Mapping[str, str]) -> _Sensor | None:
    """Return which port's power or temperature a sensor measures, if it is one of a module."""
    kind = columns["type"][index]
    if kind not in {_WATTS, _CELSIUS, _DBM}:
        return None
    name = f"{text(columns['name'].get(index))} {text(columns['descr'].get(index))}".lower()
    what = _what(name, int(kind))
    port = port_of(index, columns, ports, aliases)
    if what is None or port is None:
        return None
    scale, precision = figure(columns["scale"].get(index)), figure(columns["precision"].get(index))
    exponent = ((scale or UNITS_SCALE) - UNITS_SCALE) * 3 - (precision or 0)
    lane = re.search(r"\b(?:lane|channel)\s*(\d{1,2})\b", name)
    return _Sensor(port, what, int(lane[1]) if lane else 1, 10.0**exponent, int(kind))


def _what(name: str, kind: int) -> str | None:
    if kind == _CELSIUS:
        return "temperature" if re.search(r"transceiver|module|sfp|optic", name) else None
    if re.search(r"\b(?:rx|receive[dr]?|input)\b", name):
        return "rx"
    return "tx" if re.search(r"\b(?:tx|transmit(?:ted|ter)?|output)\b", name) else None


def _value(sensor: _Sensor, value: float | None) -> float | None:
    if value is None:
        return None
    if sensor.kind == _WATTS:
        return from_watts(value * sensor.factor)
    number = value * sensor.factor
    return known(number) if sensor.kind == _DBM else round(number, 3)


class Bound(NamedTuple):
    """A limit that Cisco states. Severity: 10 minor, 20 major, 30 critical. Relation: 1 and 2 less, 3 and 4 greater."""

    severity: int
    relation: int
    value: float


def bounds_of(columns: Columns) -> dict[str, list[Bound]]:
    """Return Cisco's limits by sensor."""
    found: dict[str, list[Bound]] = defaultdict(list)
    for index, value in columns.get("bound_value", {}).items():
        number = figure(value)
        severity, relation = columns["bound_severity"].get(index), columns["bound_relation"].get(index)
        if number is not None and isinstance(severity, int) and isinstance(relation, int):
            found[index.split(".")[0]].append(Bound(severity, relation, number))
    return found


def _limits(sensor: _Sensor, bounds: Iterable[Bound]) -> dict[tuple[Direction, Level], float]:
    """Name a sensor's limits.

    Four are named by their size, because some systems give all of them one severity and one relation.
    """
    direction: Direction = "rx" if sensor.what == "rx" else "tx"
    named: dict[Level, float] = {}
    listed = sorted(bounds, key=lambda bound: bound.value)
    if len(listed) == 4:
        return limits(direction, [bound.value * sensor.factor for bound in listed])
    for bound in listed:
        severe = bound.severity in {_CRITICAL, _MAJOR}
        high = bound.relation in _GREATER
        level: Level = ("alarm_high" if severe else "warn_high") if high else ("alarm_low" if severe else "warn_low")
        named[level] = bound.value * sensor.factor
    return limits(direction, [named.get(level) for level in ("alarm_low", "warn_low", "warn_high", "alarm_high")])


_ENTITY: Final = {"name": ENT_NAME, "descr": ENT_DESCR, "within": ENT_CONTAINED_IN, "alias": ENT_ALIAS}


def _table(base: str, bounds: str | None) -> tuple[dict[str, str], dict[str, str]]:
    live = {"value": f"{base}.4", "status": f"{base}.5"}
    fixed = {"type": f"{base}.1", "scale": f"{base}.2", "precision": f"{base}.3", **_ENTITY}
    if bounds is not None:
        fixed |= {"bound_severity": f"{bounds}.2", "bound_relation": f"{bounds}.3", "bound_value": f"{bounds}.4"}
    return live, fixed


_STANDARD: Final = _table("1.3.6.1.2.1.99.1.1.1", None)
_CISCO: Final = _table("1.3.6.1.4.1.9.9.91.1.1.1.1", "1.3.6.1.4.1.9.9.91.1.2.1.1")

ENTITY_SENSOR: Final = OpticsTable("ENTITY-SENSOR-MIB", (), _STANDARD[0], decode, _STANDARD[1])
CISCO: Final = OpticsTable("CISCO-ENTITY-SENSOR-MIB", (9,), _CISCO[0], decode, _CISCO[1])
