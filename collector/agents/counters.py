"""Counters of 32 bits, carried on beyond their end.

At 100 Mbit/s one ends after 6 minutes (RFC 2863, section 3.1.6).
"""

from collections.abc import Hashable, Mapping
from typing import Final, Generic, TypeVar

WRAP: Final = 2**32

_SLACK: Final = 1.25
"""How much more than its speed a port may seem to carry, since nobody knows exactly when an agent counted."""

Name = TypeVar("Name", bound=Hashable)


class Counters(Generic[Name]):
    """What one agent's counters would be if they had more bits.

    A counter that falls has ended and begun anew, unless the device has restarted or the port cannot have carried so
    much: then somebody has set it back, and so does this.
    """

    def __init__(self) -> None:
        self._last: dict[Name, int] = {}
        self._ends: dict[Name, int] = {}
        self._up_time = 0
        self._at = 0.0

    def carried(
        self, values: Mapping[Name, int], most_per_s: Mapping[Name, float], *, up_time: int, now: float
    ) -> dict[Name, int]:
        """Return the counters with what they lost at their ends.

        Args:
            values: As the agent sent them.
            most_per_s: How much a counter can grow in a second; unbounded for those that are missing.
            up_time: sysUpTime in 0.01 s.
            now: Any clock that never goes back, in seconds.
        """
        if up_time < self._up_time:
            self._ends.clear()
            self._last.clear()
        for name, value in values.items():
            grown = value - self._last.get(name, value)
            if grown < 0:
                possible = most_per_s.get(name, float("inf")) * (now - self._at) * _SLACK
                self._ends[name] = self._ends.get(name, 0) + 1 if grown + WRAP <= possible else 0
        self._last, self._up_time, self._at = dict(values), up_time, now
        return {name: value + WRAP * self._ends.get(name, 0) for name, value in values.items()}
