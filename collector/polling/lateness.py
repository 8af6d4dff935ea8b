"""How late polls start: percentiles of the last minute."""

import math
from collections import deque
from collections.abc import Mapping
from typing import Final

WINDOW_S: Final = 60.0

PERCENTILES: Final = (50, 90, 99, 100)

MOST: Final = 20_000
"""Starts that are remembered; more in one minute push out the oldest."""


class Lateness:
    """Remembers how late each poll of the last minute started."""

    def __init__(self) -> None:
        self._starts: deque[tuple[float, float]] = deque(maxlen=MOST)

    def add(self, now: float, late_s: float) -> None:
        """Remember a start.

        Args:
            now: Seconds of the monotonic clock.
            late_s: Seconds between the due time and the start, at least 0.
        """
        self._starts.append((now, late_s))

    def percentiles(self, now: float) -> Mapping[int, float]:
        """Return seconds by percentile (nearest rank), empty if nothing started within the minute."""
        while self._starts and self._starts[0][0] < now - WINDOW_S:
            self._starts.popleft()
        values = sorted(late for _, late in self._starts)
        return {q: values[max(0, math.ceil(len(values) * q / 100) - 1)] for q in PERCENTILES} if values else {}
