"""Ping bursts to 2,000 living and 2,000 dead hosts, beside fping and blackbox_exporter on the same hosts."""

import asyncio
import os
import statistics
import subprocess
import time
from collections.abc import Callable, Iterator, Sequence

import uvloop

from collector.ping import COUNT_MIN, PACE_PER_S, Burst, Pinger
from tests.bench.exporter import Exporter, exporter
from tests.bench.measure import Line
from tests.bench.processor import first
from tests.support.namespace import alone, ip
from tests.support.parts import need

HOSTS = 2_000
ROUNDS = 3
BOUND = 0.8
OF_BLACKBOX = 100
"""Hosts of each kind that blackbox_exporter is asked for: it waits for each dead one."""

LIVING = [f"127.1.{number // 250}.{number % 250 + 1}" for number in range(HOSTS)]
DEAD = [f"198.18.{number // 250}.{number % 250 + 1}" for number in range(HOSTS)]


def measure() -> Iterator[Line]:
    """Yield the lines, measured interleaved in a network of their own (root)."""
    with first():
        yield from alone(_lines)


def _hole() -> None:
    """Lay a cable that swallows what is sent to the dead: a blackhole route would refuse it at once instead."""
    ip("link add dark type veth peer name end")
    ip("addr add 10.213.9.1/32 dev dark")
    ip("link set dark up arp off")
    ip("link set end up")
    ip("route add 198.18.0.0/15 dev dark")


def _lines() -> Sequence[Line]:
    _hole()
    modules = {"modules": {"icmp": {"prober": "icmp", "timeout": "1s"}}}
    with exporter("prometheus-blackbox-exporter", modules) as other:
        acts: dict[str, Callable[[], tuple[float, int]]] = {
            "ours": _ours,
            "paced": lambda: _fping(1_000 / PACE_PER_S),
            "flat out": lambda: _fping(0),
            "blackbox": lambda: _blackbox(other),
        }
        times: dict[str, list[float]] = {name: [] for name in acts}
        false_down: dict[str, list[int]] = {name: [] for name in acts}
        for _ in range(ROUNDS):
            for name, act in acts.items():
                spent, wrong = act()
                times[name].append(spent * 1e6)
                false_down[name].append(wrong)
    us = {name: statistics.median(found) for name, found in times.items()}
    return _told(us, {name: max(found) for name, found in false_down.items()})


def _told(us: dict[str, float], false_down: dict[str, int]) -> Sequence[Line]:
    figure = f"{us['ours']:.0f} µs CPU, {false_down['ours']} living hosts taken for dead"
    ratio = us["ours"] / us["paced"]
    return [
        Line(
            f"ping {HOSTS:,} living and {HOSTS:,} dead hosts, bursts of {COUNT_MIN}, per host",
            figure,
            f"fping at the same {PACE_PER_S:,} packets a second: {us['paced']:.0f} µs, {false_down['paced']}",
            ratio,
            f"≤ {BOUND:g}, none taken for dead",
            ratio <= BOUND and not false_down["ours"],
        ),
        Line(
            "the same beside fping without any pace (-i0)",
            figure,
            f"fping: {us['flat out']:.0f} µs, {false_down['flat out']}",
            us["ours"] / us["flat out"],
        ),
        Line(
            "the same beside blackbox_exporter, which sends one request where a burst sends five",
            figure,
            f"blackbox_exporter: {us['blackbox']:.0f} µs, {false_down['blackbox']}",
            us["ours"] / us["blackbox"],
        ),
    ]


def _ours() -> tuple[float, int]:
    """Return the processor time per host in seconds, and how many living hosts had no answer at all."""

    async def inside() -> list[Burst]:
        pinger = Pinger()
        hosts = [address for pair in zip(LIVING, DEAD, strict=True) for address in pair]
        try:
            return await asyncio.gather(*map(pinger.burst, hosts))
        finally:
            pinger.close()

    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        began = time.process_time()
        bursts = runner.run(inside())
        spent = time.process_time() - began
    _check(any(burst.answered for burst in bursts[1::2]))
    return spent / len(bursts), sum(not burst.answered for burst in bursts[::2])


def _fping(gap_ms: float) -> tuple[float, int]:
    hosts = [address for pair in zip(LIVING, DEAD, strict=True) for address in pair]
    command = [need("fping"), f"-i{gap_ms:g}", f"-c{COUNT_MIN}", "-p20", "-t1000", "-q"]
    before = os.times()
    done = subprocess.run(command, input="\n".join(hosts), capture_output=True, text=True, check=False, timeout=120)
    after = os.times()
    lost = {line.split()[0] for line in done.stderr.splitlines() if "/100%" in line}
    _check(not lost.issuperset(DEAD))
    spent = after.children_user + after.children_system - before.children_user - before.children_system
    return spent / len(hosts), len(lost.intersection(LIVING))


def _blackbox(other: Exporter) -> tuple[float, int]:
    hosts = [*LIVING[:OF_BLACKBOX], *DEAD[:OF_BLACKBOX]]
    spent, answers = other.ask("/probe", [{"module": "icmp", "target": address} for address in hosts])
    found = ["\nprobe_success 1\n" in answer for answer in answers]
    _check(any(found[OF_BLACKBOX:]))
    return spent / len(hosts), found[:OF_BLACKBOX].count(False)


def _check(answered: bool) -> None:
    if answered:
        raise AssertionError("a dead host answered")
