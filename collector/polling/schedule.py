"""When each target is polled next: points on the monotonic clock, with a stable phase per target.

The due times of a target are phase + k * interval; the phase is a hash of its key. A late poll never shifts later ones,
so nothing drifts. After a stall the missed points are dropped and counted, so nothing piles up.

Targets that are due at the same point share a list, and only the points are kept in order, so scheduling a poll costs
the same with ten thousand targets as with a hundred.
"""

import heapq
import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from collector.polling.shard import fraction

Key = tuple[str, str]
"""What identifies a target: (instance, probe)."""


FIRST_S: Final = 10.0
"""Seconds over which the first polls are spread, so that a daily target need not wait a day to be seen."""


@dataclass(slots=True)
class Slot:
    """The place of one target in the schedule.

    Attributes:
        interval_s: Seconds between two points of its grid.
        phase_s: Offset of its grid, from 0 up to `interval_s`.
        due: Next point, in seconds of the monotonic clock; where the slot stands at another one it is dead.
    """

    key: Key
    interval_s: float
    phase_s: float
    due: float = math.nan

    def after(self, now: float) -> float:
        """Return the first point of the grid that is later than `now`, in seconds of the monotonic clock."""
        point = self.phase_s + (math.floor((now - self.phase_s) / self.interval_s) + 1) * self.interval_s
        return point if point > now else point + self.interval_s


class Schedule:
    """A set of slots, and which of them are due."""

    def __init__(self, grain_s: float = 0.0) -> None:
        """Make an empty schedule.

        Args:
            grain_s: Phases are multiples of this many seconds, so that targets come due together; 0 for any phase.
        """
        self._grain_s = grain_s
        self._slots: dict[Key, Slot] = {}
        self._points: dict[float, list[Slot]] = {}
        self._times: list[float] = []
        self._entries = 0

    def __len__(self) -> int:
        return len(self._slots)

    def __contains__(self, key: Key) -> bool:
        return key in self._slots

    def add(self, key: Key, interval_s: float, now: float) -> None:
        """Put a target in, or give it another interval. Its first poll comes within `FIRST_S`, then its grid holds."""
        share = fraction(*key)
        self.remove(key)
        slot = self._slots[key] = Slot(key, interval_s, self._rounded(share * interval_s))
        self._at(slot, min(slot.after(now), now + self._rounded(share * FIRST_S)))

    def remove(self, key: Key) -> None:
        """Take a target out; unknown keys are ignored."""
        if slot := self._slots.pop(key, None):
            slot.due = math.nan
            self._tidy()

    def defer(self, key: Key, now: float, stretch: float) -> None:
        """Put off the next poll of a target to the last point of its grid within `stretch` intervals, at least 1."""
        if slot := self._slots.get(key):
            self._at(slot, slot.after(now + (stretch - 1.0) * slot.interval_s))

    def hurry(self, key: Key, at: float) -> None:
        """Poll a target at a given time if that is sooner than planned."""
        slot = self._slots.get(key)
        if slot and at < slot.due:
            self._at(slot, at)

    def due(self, now: float) -> Iterator[tuple[Key, float, int]]:
        """Yield what is due, each target at most once, and plan its next poll.

        Yields:
            Key, the time at which it was due, and how many further points were missed since.
        """
        for due, slot in self._taken(now):
            if slot.due == due:
                missed = max(0, math.floor((now - due) / slot.interval_s))
                self._at(slot, slot.after(now))
                yield slot.key, due, missed

    def resume(self, now: float) -> Iterator[tuple[Key, int]]:
        """Plan anew what became due while the process stood still, instead of doing it all at once.

        A target that missed further points waits for its next one: those are spread already. One that missed none is
        polled within `FIRST_S`, for its next point may be a day away.

        Yields:
            Key, and how many points were dropped.
        """
        for due, slot in self._taken(now):
            if slot.due != due:
                continue
            missed = math.floor((now - due) / slot.interval_s)
            soon = now + self._rounded(slot.phase_s / slot.interval_s * FIRST_S)
            self._at(
                slot, slot.after(now) if missed else max(math.nextafter(now, math.inf), min(slot.after(now), soon))
            )
            yield slot.key, missed + 1 if missed else 0

    def next_due(self) -> float | None:
        """Return the time of the next poll, or `None` if nothing is planned."""
        while self._times:
            due = self._times[0]
            if any(slot.due == due for slot in self._points[due]):
                return due
            self._pop()
        return None

    def _rounded(self, seconds: float) -> float:
        return math.floor(seconds / self._grain_s) * self._grain_s if self._grain_s else seconds

    def _at(self, slot: Slot, due: float) -> None:
        slot.due = due
        self._entries += 1
        if point := self._points.get(due):
            point.append(slot)
        else:
            self._points[due] = [slot]
            heapq.heappush(self._times, due)
        self._tidy()

    def _taken(self, now: float) -> list[tuple[float, Slot]]:
        """Take out whatever stands at a point up to now; some of it may be dead."""
        taken: list[tuple[float, Slot]] = []
        while self._times and self._times[0] <= now:
            due, slots = self._pop()
            taken += [(due, slot) for slot in slots]
        return taken

    def _pop(self) -> tuple[float, list[Slot]]:
        due = heapq.heappop(self._times)
        slots = self._points.pop(due)
        self._entries -= len(slots)
        return due, slots

    def _tidy(self) -> None:
        """Forget dead entries once they are most."""
        if self._entries > 64 + 4 * len(self._slots):
            self._points, self._times, self._entries = {}, [], 0
            for slot in self._slots.values():
                self._at(slot, slot.due)
