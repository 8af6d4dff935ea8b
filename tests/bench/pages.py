"""Rendering a device's page against prometheus-client, on the same 264 samples."""

import time
from array import array
from collections.abc import Iterator
from datetime import UTC, datetime

from prometheus_client import CollectorRegistry, Counter, Gauge, generate_latest

from collector.exposition import render
from collector.grid import Families, Grid, Rows
from collector.probe import Result
from collector.probes.snmp_interfaces import COLUMNS
from collector.results import Results
from collector.target import Target
from tests.bench.measure import Line, cpu_ms

METRICS = tuple(metric for metric, _ in COLUMNS)
PORTS = tuple((str(index), f"ether{index}", f"ether{index}", f"to room {index}") for index in range(1, 25))


def measure() -> Iterator[Line]:
    """Yield one line: a fresh result recorded and its page rendered, against `generate_latest` on ready families."""
    target = Target(
        instance="viet-quang-rt",
        site="viet-quang",
        probe="snmp_interfaces",
        address="127.0.0.1",
        interval_s=10,
        timeout_s=5,
    )
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
    yield Line(
        "record and render one device of 24 ports × 11 columns",
        f"{mine:.2f} ms CPU",
        f"prometheus-client: {other:.2f} ms",
        mine / other,
    )
