"""Continues 32-bit counters past their wrap.

At 100 Mbit/s an octet counter wraps after 6 minutes (RFC 2863, section 3.1.6).
"""

from collections.abc import Hashable, Mapping
from typing import Final, Generic, TypeVar

WRAP: Final = 2**32

_SLACK: Final = 1.25
"""How much more than its speed a port may seem to carry, since nobody knows exactly when an agent counted."""

Name = TypeVar("Name", bound=Hashable)


class Counters(Generic[Name]):
    """What one agent's counters have grown since they were first seen, whatever became of their bits meanwhile.

    They begin at 0: how often a counter had ended before is known to nobody, so that whoever takes over from another
    process could not go on where that one was. A beginning is what Prometheus makes nothing of, and a fall to a value
    in between would be taken for as much traffic.

    A counter that falls has ended and begun anew; unless the device has restarted, or the port cannot have carried so
    much: then somebody has set it back.
    """

    def __init__(self) -> None:
        self._last: dict[Name, int] = {}
        self._grown: dict[Name, int] = {}
        self._up_time = 0
        self._at = 0.0

    def carried(
        self, values: Mapping[Name, int], most_per_s: Mapping[Name, float], *, up_time: int, now: float
    ) -> dict[Name, int]:
        """Return what each counter has grown since it was first seen; never less than the time before.

        Args:
            values: As the agent sent them.
            most_per_s: How much a counter can grow in a second; unbounded for those that are missing.
            up_time: sysUpTime in 0.01 s.
            now: Any clock that never goes back, in seconds.
        """
        restarted, passed_s = up_time < self._up_time, now - self._at
        grown = {}
        for name, value in values.items():
            most = most_per_s.get(name, float("inf")) * passed_s * _SLACK
            grown[name] = self._grown.get(name, 0) + _growth(self._last.get(name, value), value, most, restarted)
        self._last, self._grown, self._up_time, self._at = dict(values), grown, up_time, now
        return dict(grown)


def _growth(last: int, value: int, most: float, restarted: bool) -> int:
    """Return how much a counter has grown from one value to the next, at most `most` if it fell."""
    if value >= last:
        return value - last  # an agent may be started anew and its device's counters go on
    ended = value + WRAP - last
    if not restarted and ended <= most:
        return ended
    return value if value <= most else 0
