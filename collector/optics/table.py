"""What is walked to learn of a vendor's optical modules, and how the limits in its columns are read."""

from collections.abc import Callable

from collector.agents.limits import LEVELS, Level
from collector.agents.tables import Columns, Table
from collector.agents.values import measurement
from collector.optics.module import DIRECTIONS, Direction, Module, limits
from collector.snmp import Value

__all__ = ["Columns", "OpticsTable", "Reader", "hundredths", "levels_of", "limits_of"]

OpticsTable = Table[Module]
"""One MIB's table of optical modules."""

Reader = Callable[[Value | None], float | None]
"""Turns the vendor's number into dBm; `None` for unknown."""


def hundredths(value: Value | None) -> float | None:
    """Return a limit that is stated in hundredths of a dBm; unlike a reading, a limit may be 0 dBm."""
    number = measurement(value)
    return None if number is None else number / 100


def levels_of(columns: Columns, index: str, direction: Direction, read: Reader) -> list[float | None]:
    """Return what a row states in its columns `DIRECTION_LEVEL` (`rx_alarm_low`), in dBm, in the order of `LEVELS`."""
    return [read(columns.get(f"{direction}_{level}", {}).get(index)) for level in LEVELS]


def limits_of(columns: Columns, index: str, read: Reader) -> dict[tuple[Direction, Level], float]:
    """Return the limits of both directions that a row states in such columns, in dBm; none that make no sense."""
    stated: dict[tuple[Direction, Level], float] = {}
    for direction in DIRECTIONS:
        stated |= limits(direction, levels_of(columns, index, direction, read))
    return stated
