"""Two workers with twice the devices of one: what a poll costs each of them."""

from collections.abc import Iterator, Sequence

from tests.bench import fleet
from tests.bench.agents import agents, cables
from tests.bench.measure import Line
from tests.bench.processor import first
from tests.support.namespace import alone

OF_ONE = 5_000
INTERVAL_S = 30.0
SECONDS = 60.0

DEARER = 1.15
"""How much dearer a poll of two may be: then both cores together poll nearly twice as much as one."""


def measure() -> Iterator[Line]:
    """Yield the line; all three run side by side, so that noise meets them alike (root)."""
    with first():
        yield from alone(_lines)


def _lines() -> Sequence[Line]:
    cables()
    plans = ((OF_ONE, (0, 1)), (2 * OF_ONE, (0, 2)), (2 * OF_ONE, (1, 2)))
    with agents(4) as running:
        one, *two = fleet.measured(
            *(fleet.start(devices, INTERVAL_S, SECONDS, running, share) for devices, share in plans)
        )
    polls = sum(told["polls"] for told in two)
    cpu_ms = sum(told["cpu_ms"] * told["polls"] for told in two) / polls
    return [
        Line(
            f"two workers with {2 * OF_ONE:,} devices each {INTERVAL_S:g} s, one poll",
            f"{cpu_ms:.3f} ms CPU, {polls:,} polls ({' and '.join(format(told['polls'], ',') for told in two)})",
            f"one worker with {OF_ONE:,}: {one['cpu_ms']:.3f} ms, {one['polls']:,} polls",
            cpu_ms / one["cpu_ms"],
            f"≤ {DEARER:g}: two poll nearly twice as much",
            cpu_ms <= DEARER * one["cpu_ms"],
        )
    ]
