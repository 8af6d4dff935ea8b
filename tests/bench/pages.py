"""Rendering a device's page against prometheus-client, on the same 264 samples."""

import time
from collections.abc import Iterator
from datetime import UTC, datetime

from prometheus_client import CollectorRegistry, Counter, Gauge, generate_latest

from collector.exposition import render
from collector.metrics import (
    IF_ADMIN_STATUS,
    IF_HC_IN_OCTETS,
    IF_HC_OUT_OCTETS,
    IF_HIGH_SPEED,
    IF_IN_DISCARDS,
    IF_IN_ERRORS,
    IF_LAST_CHANGE,
    IF_MTU,
    IF_OPER_STATUS,
    IF_OUT_DISCARDS,
    IF_OUT_ERRORS,
)
from collector.probe import Result, Sample
from collector.results import Results
from collector.target import Target
from tests.bench.measure import Line, cpu_ms

COLUMNS = (
    IF_OPER_STATUS,
    IF_ADMIN_STATUS,
    IF_HC_IN_OCTETS,
    IF_HC_OUT_OCTETS,
    IF_HIGH_SPEED,
    IF_IN_ERRORS,
    IF_OUT_ERRORS,
    IF_IN_DISCARDS,
    IF_OUT_DISCARDS,
    IF_MTU,
    IF_LAST_CHANGE,
)
PORTS = [(str(index), f"ether{index}", f"ether{index}", f"to room {index}") for index in range(1, 25)]


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

    def ours() -> int:
        value = next(tick) * 1_000_003.0
        samples = [Sample(metric, port, value) for metric in COLUMNS for port in PORTS]
        results.record(Result(target, datetime.now(UTC), 0.01, success=True, samples=samples))
        return sum(map(len, render(results.page(("network", "viet-quang")) or ())))

    registry = CollectorRegistry()
    families = []
    for metric in COLUMNS:
        kind = Counter if metric.kind == "counter" else Gauge
        family = kind(metric.name, metric.help, metric.all_labels, registry=registry)
        families.append([family.labels("viet-quang-rt", "viet-quang", *port) for port in PORTS])

    def theirs() -> int:
        now = time.time()
        for family in families:
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
