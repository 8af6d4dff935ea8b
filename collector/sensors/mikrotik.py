"""Health of MikroTik RouterOS (MIKROTIK-MIB, mtxrHealth): single values in older versions, a table in newer ones."""

from collections.abc import Iterator
from typing import Final

from collector.agents.ports import Ports, text
from collector.agents.tables import Columns
from collector.sensors.reading import Kind, Sensor, SensorTable, State, scaled

BASE: Final = "1.3.6.1.4.1.14988.1.1.3"

_SINGLE: Final[tuple[tuple[str, str, Kind, float], ...]] = (
    ("5.0", "sensor-temperature", "temperature", 0.1),
    ("6.0", "cpu-temperature", "temperature", 0.1),
    ("7.0", "board-temperature", "temperature", 0.1),
    ("8.0", "voltage", "voltage", 0.1),
    ("10.0", "temperature", "temperature", 0.1),
    ("11.0", "processor-temperature", "temperature", 0.1),
    ("12.0", "power-consumption", "power", 0.1),
    ("13.0", "current", "current", 0.001),
    ("17.0", "fan1-speed", "fan", 1.0),
    ("18.0", "fan2-speed", "fan", 1.0),
)
"""Instance, RouterOS' own name, kind and factor."""

_SUPPLIES: Final = (("15.0", "psu1-state"), ("16.0", "psu2-state"))
"""Truth values: 1 for a supply that works."""

_UNITS: Final[dict[int, tuple[Kind, float]]] = {
    1: ("temperature", 1.0), 2: ("fan", 1.0), 3: ("voltage", 0.1), 4: ("current", 0.1), 5: ("power", 0.1),
}  # fmt: skip
"""mtxrGaugeUnit: degrees, turns, and tenths of a volt, an ampere and a watt. 6 is a state of a meaning of its own."""

_NAME, _VALUE, _UNIT = "100.1.2.", "100.1.3.", "100.1.4."


def decode(columns: Columns, _: Ports) -> Iterator[Sensor]:
    """Read the table where there is one, else the single values, of which 0 is "not fitted"."""
    health = columns["health"]
    rows = [index.removeprefix(_VALUE) for index in health if index.startswith(_VALUE)]
    for row in rows:
        unit = health.get(_UNIT + row)
        kind, factor = _UNITS.get(unit, (None, 1.0)) if isinstance(unit, int) else (None, 1.0)
        if kind is not None:
            name = text(health.get(_NAME + row)) or f"gauge {row}"
            yield Sensor(name, kind, scaled(kind, health[_VALUE + row], factor))
    for index, name, kind, factor in () if rows else _SINGLE:
        if health.get(index):
            yield Sensor(name, kind, scaled(kind, health[index], factor))
    for index, name in _SUPPLIES:
        if index in health:
            yield Sensor(name, "supply", None, State.GOOD if health[index] == 1 else State.BAD)


HEALTH: Final = SensorTable(name="MIKROTIK-MIB", enterprises=(14988,), live={"health": BASE}, decode=decode)
