"""Rendering a device's page against prometheus-client on the same samples; how long a long page holds up the loop."""

import asyncio
import sys
import time
from array import array
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime

from prometheus_client import CollectorRegistry, Counter, Gauge, generate_latest

from collector.probe import Result
from collector.probes.snmp_interfaces import COLUMNS
from collector.series.exposition import Blocks, render
from collector.series.grid import Families, Grid, Rows
from collector.series.results import Results
from collector.series.server import listener, serve
from collector.target import Target
from tests.bench.measure import Line, cpu_ms

METRICS = tuple(metric for metric, _ in COLUMNS)
PORTS = tuple((str(index), f"ether{index}", f"ether{index}", f"to room {index}") for index in range(1, 25))


DEVICES = 10_000
STALL_MS = 20.0

READER = """
import sys
from http.client import HTTPConnection
connection = HTTPConnection("127.0.0.1", int(sys.argv[1]))
connection.request("GET", "/targets/network/viet-quang")
answer, size = connection.getresponse(), 0
while part := answer.read(1 << 20):
    size += len(part)
print(answer.status, size)
"""


def measure() -> Iterator[Line]:
    """Yield the lines."""
    yield _one_device()
    yield asyncio.run(_many_devices())


def _one_device() -> Line:
    """Record a fresh result and render its page, against `generate_latest` on ready families."""
    target = _target("viet-quang-rt")
    results = Results()
    results.keep(target, "network")
    tick = iter(range(1, 1_000_000))
    families, rows = Families(*METRICS), Rows(METRICS[0].labels, PORTS)

    def ours() -> int:
        values = array("d", [next(tick) * 1_000_003.0] * len(METRICS) * len(PORTS))
        results.record(Result(target, datetime.now(UTC), 0.01, success=True, samples=Grid(families, rows, values)))
        return sum(map(len, render(results.page(("network", "viet-quang")) or ())))

    registry = CollectorRegistry()
    theirs_by_family = []
    for metric in METRICS:
        kind = Counter if metric.kind == "counter" else Gauge
        family = kind(metric.name, metric.help, metric.all_labels, registry=registry)
        theirs_by_family.append([family.labels("viet-quang-rt", "viet-quang", *port) for port in PORTS])

    def theirs() -> int:
        now = time.time()
        for family in theirs_by_family:
            for child in family:
                child.inc(now) if isinstance(child, Counter) else child.set(now)  # type: ignore[union-attr]
        return len(generate_latest(registry))

    mine, other = cpu_ms(ours, theirs, rounds=41)
    return Line(
        "record and render one device of 24 ports × 11 columns",
        f"{mine:.2f} ms CPU",
        f"prometheus-client: {other:.2f} ms",
        mine / other,
    )


class _Site:
    """The page of a site with many devices, and nothing else."""

    def __init__(self) -> None:
        self._results = Results()
        families, rows = Families(*METRICS), Rows(METRICS[0].labels, PORTS)
        for number in range(DEVICES):
            target = _target(f"device-{number}")
            self._results.keep(target, "network")
            values = array("d", range(number, number + len(METRICS) * len(PORTS)))
            grid = Grid(families, rows, values)
            self._results.record(Result(target, datetime.now(UTC), 0.01, success=True, samples=grid))

    def target_page(self, job: str, site: str) -> Iterable[Blocks] | None:
        return self._results.page((job, site))

    def own_page(self) -> Iterable[Blocks]:
        return ()


async def _many_devices() -> Line:
    """Let another process read the page while a task waits a millisecond at a time.

    How long it really waited tells how busy the machine is; what this process computed meanwhile is what held it up.
    """
    sock = listener("127.0.0.1", 0)
    serving = asyncio.create_task(serve(_Site(), sock))
    worst = 0.0

    async def look() -> None:
        nonlocal worst
        while True:
            began = time.process_time()
            await asyncio.sleep(0.001)
            worst = max(worst, time.process_time() - began)

    await asyncio.sleep(0.5)
    looking, began, spent = asyncio.create_task(look()), time.perf_counter(), time.process_time()
    reader = await asyncio.create_subprocess_exec(
        sys.executable, "-c", READER, str(sock.getsockname()[1]), stdout=asyncio.subprocess.PIPE
    )
    out, _ = await reader.communicate()
    took_s, spent = time.perf_counter() - began, time.process_time() - spent
    for task in (looking, serving):
        task.cancel()
    await asyncio.gather(looking, serving, return_exceptions=True)
    status, size = out.split()
    if status != b"200":
        raise AssertionError(status)
    return Line(
        f"a page of {DEVICES:,} such devices, {int(size) / 1e6:.0f} MB",
        f"{spent:.1f} s CPU in {took_s:.1f} s; the loop was held up for at most {1e3 * worst:.1f} ms CPU",
        bound=f"< {STALL_MS:g} ms",
        kept=1e3 * worst < STALL_MS,
    )


def _target(instance: str) -> Target:
    return Target(
        instance=instance,
        site="viet-quang",
        probe="snmp_interfaces",
        address="127.0.0.1",
        interval_s=10,
        timeout_s=5,
    )
