"""Detects when this process did not run: briefly held up, stopped, or suspended with its machine."""

import math
import time
from typing import Final

LOOK_S: Final = 0.1
"""Whoever wants to know must look at least so often."""

HELD_UP_S: Final = 0.15
"""A look that comes so late means that polls under way were held up: what they waited for may have come, and nobody has
read it until their time was over."""

STALL_S: Final = 5.0
"""A look that comes so late means that the whole process stood still: stopped, or out of memory."""


def passed_s() -> float:
    """Return the seconds since the machine was started, those included in which it slept (Linux, CLOCK_BOOTTIME)."""
    return time.clock_gettime(time.CLOCK_BOOTTIME)


class Standstill:
    """What the looks of one process have shown.

    Attributes:
        held_up_at: Loop time of the last look that came late.
    """

    def __init__(self) -> None:
        self.held_up_at = -math.inf
        self._before: float | None = None

    def look(self, late_s: float, now: float) -> float:
        """Return for how many seconds the process stood still or the machine slept, 0 if it was less than `STALL_S`.

        Args:
            late_s: How much later than planned this look comes.
            now: Loop time, which does not pass while the machine sleeps.
        """
        ahead = passed_s() - now
        slept_s, self._before = ahead - (ahead if self._before is None else self._before), ahead
        stood_s = max(late_s, 0.0) + max(slept_s, 0.0)
        if stood_s > HELD_UP_S:
            self.held_up_at = now
        return stood_s if stood_s > STALL_S else 0.0
