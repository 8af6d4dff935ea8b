"""An optical module, in dBm whatever the vendor's unit."""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final, Literal

from collector.agents.limits import LEVELS, Level
from collector.agents.values import measurement
from collector.snmp import Value

Direction = Literal["rx", "tx"]

DIRECTIONS: Final[tuple[Direction, ...]] = ("rx", "tx")

DARK_DBM: Final = -40.0
"""At and below this no light was measured: modules resolve 0.1 µW, which is -40 dBm (SFF-8472)."""

BRIGHT_DBM: Final = 20.0
"""Above this a reading is a fault of the agent: no pluggable module sends 100 mW."""

Limits = Mapping[tuple[Direction, Level], float]


@dataclass(frozen=True, slots=True)
class Lane:
    """One wavelength or fibre of a module.

    Attributes:
        number: From 1.
        rx_dbm: Received power; `None` when unknown.
        tx_dbm: Sent power; `None` when unknown.
        temperature_c: Of the lane's laser or of the module; `None` when unknown.
        far_rx_dbm: What the far end says that it receives, where this end is told; `None` elsewhere.
    """

    number: int
    rx_dbm: float | None = None
    tx_dbm: float | None = None
    temperature_c: float | None = None
    far_rx_dbm: float | None = None


@dataclass(frozen=True, slots=True)
class Module:
    """A port's module.

    Attributes:
        port: ifIndex.
        lanes: What it measures; empty if the port has no module, or one that does not report.
        limits: In dBm, as the module states them.
    """

    port: str
    lanes: tuple[Lane, ...] = ()
    limits: Limits = field(default_factory=dict)


def known(dbm: float | None) -> float | None:
    """Return a reading, or nothing where it says "unknown": exactly 0, dark, or beyond any module."""
    if dbm is None or not math.isfinite(dbm) or dbm == 0 or not DARK_DBM < dbm < BRIGHT_DBM:
        return None
    return round(dbm, 3)


def from_watts(watts: float | None) -> float | None:
    """Return power in dBm; nothing for 0 W and less, which is no light."""
    if watts is None or not math.isfinite(watts) or watts <= 0:
        return None
    dbm = 10 * math.log10(watts * 1_000)
    return round(dbm, 3) if DARK_DBM < dbm < BRIGHT_DBM else None


def scaled(value: Value | None, divisor: float) -> float | None:
    """Return a power in dBm that an agent sent as a multiple of it; nothing when unknown."""
    number = measurement(value)
    return None if number is None else known(number / divisor)


def temperature(value: Value | None, divisor: float = 1.0) -> float | None:
    """Return degrees Celsius between -60 and 150; nothing for 0 and for what no module survives."""
    number = measurement(value)
    if not number or not -60 <= number / divisor <= 150:
        return None
    return round(number / divisor, 3)


def limits(direction: Direction, low_to_high: Iterable[float | None]) -> dict[tuple[Direction, Level], float]:
    """Return the limits of one direction, or none if they make no sense.

    Args:
        direction: Received or sent.
        low_to_high: dBm of alarm low, warning low, warning high, alarm high; `None` for one that is not stated.
    """
    stated = {(direction, level): dbm for level, dbm in zip(LEVELS, low_to_high, strict=True) if dbm is not None}
    values = list(stated.values())
    plausible = all(DARK_DBM <= dbm <= BRIGHT_DBM for dbm in values)
    if len(values) < 2 or not plausible or values != sorted(values) or values[0] == values[-1]:
        return {}
    return stated
