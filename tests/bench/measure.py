"""What a benchmark gives: lines of a table, each a figure beside what it is compared with in the same run."""

import statistics
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the table.

    Attributes:
        work: What was done.
        figure: What it took, with unit.
        beside: What it is compared with, measured interleaved in the same run; empty if there is nothing to compare.
        ratio: Figure divided by what stands beside it; `None` without one.
        bound: What was promised, in words; empty if nothing was.
        kept: Whether the promise held; `None` without one.
    """

    work: str
    figure: str
    beside: str = ""
    ratio: float | None = None
    bound: str = ""
    kept: bool | None = None


Measure = Callable[[], Iterator[Line]]


def cpu_ms(*acts: Callable[[], object], rounds: int = 9, repeat: int = 1) -> list[float]:
    """Return the median CPU time of each act in milliseconds, the acts interleaved so that noise meets all alike."""
    taken: list[list[float]] = [[] for _ in acts]
    for _ in range(rounds):
        for act, times in zip(acts, taken, strict=True):
            began = time.process_time_ns()
            for _ in range(repeat):
                act()
            times.append((time.process_time_ns() - began) / 1e6 / repeat)
    return [statistics.median(times) for times in taken]


def wall_ms(act: Callable[[], object], rounds: int) -> tuple[float, float]:
    """Return median and 95th percentile of the act's wall time in milliseconds."""
    times = []
    for _ in range(rounds):
        began = time.perf_counter_ns()
        act()
        times.append((time.perf_counter_ns() - began) / 1e6)
    times.sort()
    return statistics.median(times), times[min(len(times) - 1, int(len(times) * 0.95))]
