"""When each target is polled next: a heap of due times on one monotonic clock, with a stable phase per target.

The due times of a target are a grid: phase + k * interval, its phase a hash of its key. A late poll never moves the
grid, so nothing drifts; after a stall the missed points are dropped and counted, so nothing piles up.
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
        due: Next point, in seconds of the monotonic clock.
        turn: Number of the heap entry that counts; older entries are dead.
    """

    key: Key
    interval_s: float
    phase_s: float
    due: float = 0.0
    turn: int = 0

    def after(self, now: float) -> float:
        """Return the first point of the grid that is later than `now`, in seconds of the monotonic clock."""
        point = self.phase_s + (math.floor((now - self.phase_s) / self.interval_s) + 1) * self.interval_s
        return point if point > now else point + self.interval_s


class Schedule:
    """A set of slots, and which of them are due."""

    def __init__(self) -> None:
        self._slots: dict[Key, Slot] = {}
        self._heap: list[tuple[float, int, Key]] = []
        self._turn = 0

    def __len__(self) -> int:
        return len(self._slots)

    def __contains__(self, key: Key) -> bool:
        return key in self._slots

    def add(self, key: Key, interval_s: float, now: float) -> None:
        """Put a target in, or give it another interval. Its first poll comes within `FIRST_S`, then its grid holds."""
        share = fraction(*key)
        slot = Slot(key, interval_s, share * interval_s)
        self._slots[key] = slot
        self._at(slot, min(slot.after(now), now + share * FIRST_S))

    def remove(self, key: Key) -> None:
        """Take a target out; unknown keys are ignored."""
        self._slots.pop(key, None)
        if len(self._heap) > 64 and len(self._heap) > 4 * len(self._slots):
            self._heap = [entry for entry in self._heap if self._counts(entry)]
            heapq.heapify(self._heap)

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
        ready = []
        while self._heap and self._heap[0][0] <= now:
            entry = heapq.heappop(self._heap)
            if self._counts(entry):
                ready.append(entry)
        for due, _, key in ready:
            slot = self._slots[key]
            missed = max(0, math.floor((now - due) / slot.interval_s))
            self._at(slot, slot.after(now))
            yield key, due, missed

    def resume(self, now: float) -> Iterator[tuple[Key, int]]:
        """Plan anew what became due while the process stood still, instead of doing it all at once.

        A target that missed further points waits for its next one: those are spread already. One that missed none is
        polled within `FIRST_S`, for its next point may be a day away.

        Yields:
            Key, and how many points were dropped.
        """
        while self._heap and self._heap[0][0] <= now:
            due, _, key = entry = heapq.heappop(self._heap)
            if not self._counts(entry):
                continue
            slot = self._slots[key]
            missed = math.floor((now - due) / slot.interval_s)
            soon = now + slot.phase_s / slot.interval_s * FIRST_S
            self._at(
                slot, slot.after(now) if missed else max(math.nextafter(now, math.inf), min(slot.after(now), soon))
            )
            yield key, missed + 1 if missed else 0

    def next_due(self) -> float | None:
        """Return the time of the next poll, or `None` if nothing is planned."""
        while self._heap and not self._counts(self._heap[0]):
            heapq.heappop(self._heap)
        return self._heap[0][0] if self._heap else None

    def _at(self, slot: Slot, due: float) -> None:
        self._turn += 1
        slot.due, slot.turn = due, self._turn
        heapq.heappush(self._heap, (due, self._turn, slot.key))

    def _counts(self, entry: tuple[float, int, Key]) -> bool:
        slot = self._slots.get(entry[2])
        return slot is not None and slot.turn == entry[1]
