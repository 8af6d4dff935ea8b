"""A processor or a memory of a network device, in ratios and octets whatever the vendor's units."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Literal

from collector.agents.tables import Columns, Table
from collector.agents.values import measurement
from collector.snmp import Value

Kind = Literal["processor", "memory"]

OCTETS_MAX: Final = 2.0**50
"""More memory than this has no device: the agent is wrong."""


@dataclass(frozen=True, slots=True)
class Load:
    """One processor, or one memory.

    Attributes:
        name: As the device calls it.
        kind: Which of the two.
        share: Of a processor how much of its time it worked, over the last minute where the device averages so; of a
            memory how much is used. 0 to 1.
        limit: From which share on the device itself complains; `None` where it states none.
        size_bytes: Of a memory; `None` where it is not stated.
    """

    name: str
    kind: Kind
    share: float
    limit: float | None = None
    size_bytes: float | None = None


LoadTable = Table[Load]
"""One MIB's table of processors or memories."""


def share_of(percent: Value | None) -> float | None:
    """Return a share that an agent sent in percent; nothing for what is no share."""
    number = measurement(percent)
    return round(number / 100, 4) if number is not None and 0 <= number <= 100 else None


def limit_of(percent: Value | None) -> float | None:
    """Return a limit that an agent stated in percent; 0 is none."""
    return share_of(percent) or None


def octets(value: Value | None, unit: int = 1) -> float | None:
    """Return a size in octets.

    Args:
        value: As the agent sent it; the largest numbers of 32 bits say "more than fits".
        unit: Octets of one.
    """
    number = measurement(value)
    return number * unit if number is not None and 0 <= number * unit <= OCTETS_MAX else None


def filled(name: str, used: float | None, size: float | None, limit: float | None = None) -> Iterator[Load]:
    """Give a memory whose used part and size are known in octets; nothing for one without a size."""
    if used is not None and size and used <= size:
        yield Load(name, "memory", round(used / size, 4), limit, size)


def all_rows(columns: Columns) -> list[str]:
    """Return the indexes of every row that a table holds, in the agent's order."""
    return list(dict.fromkeys(index for column in columns.values() for index in column))
