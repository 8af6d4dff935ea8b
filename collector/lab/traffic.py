"""Traffic counters shaped like those of an office: little at night, most in mid-morning and mid-afternoon.

The rate is a closed formula of the time of day, and a counter is its integral. So a counter is correct at any moment
without stepping, and the same after a restart of the simulation.
"""

import math
from dataclasses import dataclass, field
from typing import Final

DAY_S: Final = 86_400.0
LOCAL_S: Final = 7 * 3600.0
"""Offset of the district's clock from UTC."""

_WAVES: Final = (
    (1, 0.55, 13.0),
    (2, 0.25, 9.5),
    (48, 0.10, 0.0),
    (1440, 0.05, 0.0),
)
"""Turns a day, share of the mean, and the hour at which the wave stands at its positive peak. Shares sum up to < 1."""


def level(at: float) -> float:
    """Return the load relative to its mean at a moment (Unix seconds); always above 0, at most 2."""
    hours = ((at + LOCAL_S) % DAY_S) / 3600
    return 1.0 + sum(share * math.cos(2 * math.pi * turns * (hours - peak) / 24) for turns, share, peak in _WAVES)


def amount(start: float, end: float) -> float:
    """Return the integral of `level` from `start` to `end` (Unix seconds), in seconds; monotone in `end`."""
    return _integral(end) - _integral(start)


def _integral(at: float) -> float:
    # Whole days count one mean each; only the rest of the day needs the waves, which keeps the sum exact.
    days, rest = divmod(at + LOCAL_S, DAY_S)
    waves = 0.0
    for turns, share, peak in _WAVES:
        speed = 2 * math.pi * turns / DAY_S
        phase = speed * peak * 3600
        waves += share / speed * (math.sin(speed * rest - phase) + math.sin(phase))
    return days * DAY_S + rest + waves


@dataclass(slots=True)
class Flow:
    """One direction of a port's traffic.

    Attributes:
        mean_bps: Mean bit/s over a day, at least 0.
        since: When the counter stood at 0 (Unix seconds).
        lost: Load-seconds that were not carried, because the line was down.
        stopped: Since when it carries nothing; `None` while it does.
    """

    mean_bps: float
    since: float
    lost: float = field(default=0.0)
    stopped: float | None = None

    def octets(self, now: float) -> int:
        """Return the counter in octets; it never falls while `now` grows."""
        until = now if self.stopped is None else min(now, self.stopped)
        return max(0, int((amount(self.since, until) - self.lost) * self.mean_bps / 8))

    def stop(self, now: float) -> None:
        """Let the counter stand still from now on."""
        if self.stopped is None:
            self.stopped = now

    def start(self, now: float) -> None:
        """Let the counter grow again from where it stood."""
        if self.stopped is not None:
            self.lost += amount(self.stopped, now)
            self.stopped = None

    def reset(self, now: float) -> None:
        """Begin at 0, as after a restart of the device."""
        self.since, self.lost = now, 0.0
        if self.stopped is not None:
            self.stopped = now
