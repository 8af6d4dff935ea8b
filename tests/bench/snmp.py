"""Polling 24 ports × 11 columns against snmp_exporter, and v3 against v2c, on the same real agents."""

import statistics
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack

from collector.probes.snmp_interfaces import COLUMNS
from collector.target import Target
from tests.bench.agents import PORTS, USER, Agents, agents, cables, traffic
from tests.bench.exporter import Exporter, exporter, ports_module
from tests.bench.measure import Line
from tests.bench.polling import Polling
from tests.bench.processor import first
from tests.support.namespace import alone
from tests.support.polling import PUBLIC, v3

DEVICES = 300
ROUNDS = 7
AGENTS = 4


def measure() -> Iterator[Line]:
    """Yield the lines, measured interleaved in a network of their own (root)."""
    with first():
        yield from alone(_lines)


def targets(running: Agents, count: int, interval_s: float = 60.0) -> list[Target]:
    """Return that many devices, 25 to a site."""
    found = []
    for number in range(count):
        address, port = running.device(number)
        found.append(
            Target(
                instance=f"device-{number}",
                site=f"site-{number // 25}",
                probe="snmp_interfaces",
                address=address,
                interval_s=interval_s,
                timeout_s=5,
                settings={"port": port},
            )
        )
    return found


def _lines() -> list[Line]:
    cables()
    with ExitStack() as stack:
        running = stack.enter_context(agents(AGENTS))
        devices = targets(running, DEVICES)
        other = stack.enter_context(
            exporter("prometheus-snmp-exporter", {"ports": ports_module(), "bare": ports_module(names=False)})
        )
        ours = stack.enter_context(Polling(devices, PUBLIC))
        keys = v3(USER.name, USER.auth_pass, USER.priv_pass or "")
        secret = stack.enter_context(Polling(devices, keys))
        _same_work(ours, other, running)
        taken = _interleaved(
            {
                "poll": ours.round,
                "page": lambda: ours.round(pages=True),
                "v3": secret.round,
                "exporter": lambda: other.ask("/snmp", _questions(running, "ports"))[0],
                "bare": lambda: other.ask("/snmp", _questions(running, "bare"))[0],
            },
            running,
        )
    return _told(*taken)


def _questions(running: Agents, module: str) -> list[dict[str, str]]:
    addresses = [running.device(number) for number in range(DEVICES)]
    return [{"module": module, "target": f"{address}:{port}"} for address, port in addresses]


def _same_work(ours: Polling, other: Exporter, running: Agents) -> None:
    """Make sure that both read all of the same table, and open what stays open between two polls.

    Ours shows the duplex too, which it reads as seldom as the names.
    """
    wanted = PORTS * len(COLUMNS)
    ours.round(pages=True)
    page = other.ask("/snmp", _questions(running, "ports")[:1])[1][0]
    theirs = sum(page.count(f"\n{metric.name}{{") for metric, _ in COLUMNS)
    here = sum(sample.metric in dict(COLUMNS) for sample in ours.samples())
    if not here == theirs == wanted:
        raise AssertionError(f"{here} samples here, {theirs} there, {wanted} wanted")


def _interleaved(acts: dict[str, Callable[[], float]], running: Agents) -> tuple[dict[str, float], float]:
    """Return the median milliseconds of processor per device of each act, and the busiest agent's share of a core."""
    times: dict[str, list[float]] = {name: [] for name in acts}
    shares = []
    for act in acts.values():
        act()
    for _ in range(ROUNDS):
        for name, act in acts.items():
            traffic()
            began, busy = time.monotonic(), running.busiest_s()
            times[name].append(act() * 1e3 / DEVICES)
            shares.append((running.busiest_s() - busy) / (time.monotonic() - began))
    return {name: statistics.median(found) for name, found in times.items()}, max(shares)


def _told(ms: dict[str, float], share: float) -> Sequence[Line]:
    table = f"{PORTS} ports × {len(COLUMNS)} columns"
    exporter_ms = f"snmp_exporter: {ms['exporter']:.2f} ms"
    return [
        _line(f"poll and render {table}, SNMP v2c, per device", ms["page"], exporter_ms, ms["exporter"], 0.25),
        _line("poll only", ms["poll"], exporter_ms, ms["exporter"], 0.15),
        _line(
            "poll and render, beside an exporter that looks up no names",
            ms["page"],
            f"snmp_exporter: {ms['bare']:.2f} ms",
            ms["bare"],
        ),
        _line("poll by v3, SHA-256 and AES, open sessions", ms["v3"], f"v2c: {ms['poll']:.2f} ms", ms["poll"], 1.6),
        Line(
            f"those polls' agents: the busiest of {AGENTS} snmpd, in the worst round",
            f"{100 * share:.0f} % of a core",
            bound="< 80 %: they hold nobody up",
            kept=share < 0.8,
        ),
    ]


def _line(work: str, ms: float, beside: str, than: float, bound: float | None = None) -> Line:
    ratio = ms / than
    if bound is None:
        return Line(work, f"{ms:.3f} ms CPU", beside, ratio)
    return Line(work, f"{ms:.3f} ms CPU", beside, ratio, f"≤ {bound:g}", ratio <= bound)
