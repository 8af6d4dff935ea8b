"""A sensor or another part of a device, in one unit per kind whatever the vendor's."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Final, Literal

from collector.agents.limits import LEVELS, Level
from collector.agents.tables import Table
from collector.agents.values import measurement
from collector.snmp import Value

Kind = Literal["temperature", "fan", "supply", "voltage", "current", "power", "humidity", "module"]

PLAUSIBLE: Final[Mapping[Kind, tuple[float, float]]] = {
    "temperature": (-60, 200),
    "fan": (0, 100_000),
    "voltage": (-1_000, 1_000),
    "current": (0, 1_000),
    "power": (0, 100_000),
    "humidity": (0, 1),
}
"""Between what a reading must lie, in °C, 1/min, V, A, W and as a share; beyond it the agent is wrong."""


class State(IntEnum):
    """What a device says of a part, in the order of gravity."""

    UNKNOWN = 0
    GOOD = 1
    WARNING = 2
    BAD = 3


@dataclass(frozen=True, slots=True)
class Sensor:
    """One part.

    Attributes:
        name: As the device calls it.
        kind: What it measures, or what it is.
        value: In the unit of its kind; `None` when unknown.
        state: `None` when the device says nothing of it.
        limits: In the same unit, as the device states them.
    """

    name: str
    kind: Kind
    value: float | None = None
    state: State | None = None
    limits: Mapping[Level, float] = field(default_factory=dict)

    @property
    def judged(self) -> State | None:
        """Return the graver of what the device says and of what its own limits make of the value."""
        found = [self.state] if self.state is not None else []
        if self.value is not None and self.limits:
            found.append(_by_limits(self.value, self.limits))
        return max(found, default=None)


SensorTable = Table[Sensor]
"""One MIB's table of sensors."""


def plausible(kind: Kind, number: float | None) -> float | None:
    """Return a reading rounded to what any sensor resolves; nothing for one that cannot be."""
    if number is None or kind not in PLAUSIBLE:
        return None
    least, most = PLAUSIBLE[kind]
    return round(number, 4) if least <= number <= most else None


def scaled(kind: Kind, value: Value | None, factor: float = 1.0) -> float | None:
    """Return a reading that an agent sent as a multiple of its unit."""
    number = measurement(value)
    return None if number is None else plausible(kind, number * factor)


def stated(limits: Mapping[Level, float | None]) -> dict[Level, float]:
    """Return the limits that are there; none of them if they are not in order."""
    found = {level: limit for level in LEVELS if (limit := limits.get(level)) is not None}
    values = list(found.values())
    return found if values == sorted(values) and len(set(values)) == len(values) else {}


def _by_limits(value: float, limits: Mapping[Level, float]) -> State:
    if value >= limits.get("alarm_high", float("inf")) or value <= limits.get("alarm_low", float("-inf")):
        return State.BAD
    if value >= limits.get("warn_high", float("inf")) or value <= limits.get("warn_low", float("-inf")):
        return State.WARNING
    return State.GOOD
