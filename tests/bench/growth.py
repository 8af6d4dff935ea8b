"""What one device costs beside a hundred, a thousand and ten thousand others: processor per poll, and memory."""

from collections.abc import Iterator, Sequence

from collector.agents.ports import PortRows
from tests.bench import fleet
from tests.bench.agents import PORTS, agents, cables
from tests.bench.measure import Line
from tests.bench.processor import first, memory_kb
from tests.support.namespace import alone

SIZES = (100, 1_000, 10_000)
PER_S = 10_000 / 60
"""Polls per second of each size, so that only the number of devices differs."""

SECONDS = 60.0
_AT = range(1, PORTS + 1)

FAILURES = 0.01
"""Share of polls that may fail: a machine that is stopped for seconds makes a few late."""

GROWTH = 1.15
MEMORY_KB = 60.0


def measure() -> Iterator[Line]:
    """Yield the lines; all sizes run side by side, so that noise meets them alike (root)."""
    with first():
        yield from alone(_lines)


def _lines() -> Sequence[Line]:
    cables()
    with agents(4) as running:
        started = [fleet.start(size, size / PER_S, SECONDS, running) for size in SIZES]
        found = dict(zip(SIZES, fleet.measured(*started), strict=True))
    for size, told in found.items():
        if sum(told["failures"].values()) > FAILURES * told["polls"]:
            raise AssertionError(f"{size} devices: {told}")
    own = _texts_kb()
    memory = found[SIZES[-1]]["memory_kb"]
    work = f"one poll among {SIZES[-1]:,} devices, with schedule and lanes"
    return [
        _beside(work, {size: told["cpu_ms"] for size, told in found.items()}, GROWTH),
        _beside(
            "the same: in the process itself", {n: told["cpu_ms"] - told["system_ms"] for n, told in found.items()}
        ),
        _beside("the same: in the kernel, for its sockets", {n: told["system_ms"] for n, told in found.items()}),
        Line(
            "the same: how often the process was woken for a poll",
            f"{found[SIZES[-1]]['woken']:.2f}",
            ", ".join(f"among {size:,}: {found[size]['woken']:.2f}" for size in SIZES[:-1]),
        ),
        Line(
            f"memory per device of 24 ports, {SIZES[-1]:,} devices",
            f"{memory:.1f} kB; {memory + own:.1f} kB if no port of any is called like that of another",
            bound=f"≤ {MEMORY_KB:g} kB",
            kept=memory + own <= MEMORY_KB,
        ),
    ]


def _beside(work: str, ms: dict[int, float], bound: float | None = None) -> Line:
    """Return the line that compares the most devices with the fewest."""
    many = ms[SIZES[-1]]
    ratio = many / ms[SIZES[0]]
    return Line(
        work,
        f"{many:.3f} ms CPU",
        ", ".join(f"among {size:,}: {ms[size]:.3f} ms" for size in SIZES[:-1]),
        ratio,
        "" if bound is None else f"≤ {bound:g}",
        None if bound is None else ratio <= bound,
    )


def _texts_kb(devices: int = 2_000) -> float:
    """Return the memory per device of ports whose descriptions stand nowhere else; our agents all have the same."""
    before = memory_kb()
    kept = [
        PortRows(
            tuple((str(at), f"Gi1/0/{at} {device}", f"Gi1/0/{at} {device}", f"to room {at} of {device}") for at in _AT)
        )
        for device in range(devices)
    ]
    return (memory_kb() - before) / len(kept)
