"""Ten thousand devices of 24 ports each minute for ten minutes, on one core: `python -m tests.bench soak`."""

import os
import statistics
from collections.abc import Iterator, Sequence

from tests.bench import fleet
from tests.bench.agents import PORTS, agents, cables
from tests.bench.measure import Line
from tests.bench.processor import first
from tests.support.namespace import alone

DEVICES = 10_000
INTERVAL_S = 60.0
MINUTES = 10
AGENTS = 4

SHARE = 0.15
LATE_MS = 1_000.0


def measure() -> Iterator[Line]:
    """Yield the lines; takes more than eleven minutes (root)."""
    with first():
        yield from alone(_lines)


def _lines() -> Sequence[Line]:
    cables()
    core = max(os.sched_getaffinity(0))
    with agents(AGENTS) as running:
        started = fleet.start(DEVICES, INTERVAL_S, MINUTES * INTERVAL_S, running)
        os.sched_setaffinity(started.pid, {core})
        (told,) = fleet.measured(started)
        busy = running.busiest_s() / (MINUTES * INTERVAL_S)
    missed = told["skipped"] or told["fewest"] < MINUTES - 1 or told["failures"]
    work = f"{DEVICES:,} devices of {PORTS} ports each {INTERVAL_S:g} s for {MINUTES} minutes on one core"
    return [
        Line(
            work,
            f"{100 * told['share']:.1f} % of the core, {told['cpu_ms']:.3f} ms a poll",
            bound=f"≤ {100 * SHARE:g} %",
            kept=told["share"] <= SHARE,
        ),
        Line(
            "the same: polls",
            f"{told['polls']:,}, of one device {told['fewest']} to {told['most']}; "
            f"dropped {told['skipped']}, failed {sum(told['failures'].values())}",
            bound="no cycle missed",
            kept=not missed,
        ),
        Line(
            "the same: lateness, 99th percentile of the worst minute",
            f"{max(told['late_ms']):.0f} ms; of the middle one {statistics.median(told['late_ms']):.0f} ms",
            bound=f"< {LATE_MS:g} ms",
            kept=max(told["late_ms"]) < LATE_MS,
        ),
        Line("the same: memory per device", f"{told['memory_kb']:.1f} kB"),
        Line(f"the same: the busiest of {AGENTS} snmpd", f"{100 * busy:.1f} % of a core at most"),
    ]
