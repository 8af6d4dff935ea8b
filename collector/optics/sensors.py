"""Optical modules whose readings are sensors of the entity tree (`collector.agents.entity_sensors`)."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import Final, NamedTuple

from collector.agents import entity_sensors
from collector.agents.entities import aliases_of, port_of
from collector.agents.entity_sensors import GREATER, Bound, bounds_of, factor_of
from collector.agents.limits import LEVELS, Level
from collector.agents.ports import Ports, text
from collector.agents.values import measurement
from collector.optics.module import Direction, Lane, Module, from_watts, known, limits
from collector.optics.table import Columns, OpticsTable

_WATTS, _CELSIUS, _DBM, _OK = 6, 8, 14, 1
_CRITICAL, _MAJOR = 30, 20

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
        value = measurement(columns["value"].get(index))
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
    lane = re.search(r"\b(?:lane|channel)\s*(\d{1,2})\b", name)
    return _Sensor(port, what, int(lane[1]) if lane else 1, factor_of(columns, index), int(kind))


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
        high = bound.relation in GREATER
        level: Level = ("alarm_high" if severe else "warn_high") if high else ("alarm_low" if severe else "warn_low")
        named[level] = bound.value * sensor.factor
    return limits(direction, [named.get(level) for level in LEVELS])


ENTITY_SENSOR: Final = OpticsTable(
    name="ENTITY-SENSOR-MIB",
    enterprises=(),
    live=entity_sensors.STANDARD.live,
    decode=decode,
    fixed=entity_sensors.STANDARD.fixed,
)
CISCO: Final = OpticsTable(
    name="CISCO-ENTITY-SENSOR-MIB",
    enterprises=(9,),
    live=entity_sensors.CISCO.live,
    decode=decode,
    fixed=entity_sensors.CISCO.fixed,
)
