"""Ping bursts to 2,000 living and 2,000 dead hosts, beside fping and blackbox_exporter on the same hosts."""

import asyncio
import gc
import resource
import socket
import statistics
import subprocess
import time
from collections.abc import Callable, Iterator, Sequence

import uvloop

from collector.echo.cohort import SLOTS, Cohort
from collector.echo.sockets import Socket
from collector.ping import BUFFER_OCTETS, COUNT_MIN, PACE_PER_S, Burst, Pinger
from tests.bench.exporter import Exporter, exporter
from tests.bench.measure import Line
from tests.bench.processor import first
from tests.support.namespace import alone, ip
from tests.support.parts import need

HOSTS = 2_000
ROUNDS = 9
FEW = 3
"""Rounds of what takes long and is told beside only."""

BOUND = 0.8
HELD_UP_MS = 20
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
            "flat out": lambda: _fping(0),
            "bare": _bare,
            "paced": lambda: _fping(1_000 / PACE_PER_S),
            "blackbox": lambda: _blackbox(other),
        }
        times: dict[str, list[float]] = {name: [] for name in acts}
        false_down: dict[str, list[int]] = {name: [] for name in acts}
        for number in range(ROUNDS):
            for name in list(acts)[: None if number < FEW else FEW]:
                spent, wrong = acts[name]()
                times[name].append(spent * 1e6)
                false_down[name].append(wrong)
    us = {name: statistics.median(found) for name, found in times.items()}
    return _told(us, {name: max(found) for name, found in false_down.items()}, max(_held_up() for _ in range(FEW)))


def _told(us: dict[str, float], false_down: dict[str, int], held_up_s: float) -> Sequence[Line]:
    figure = f"{us['ours']:.1f} µs CPU, {false_down['ours']} living hosts taken for dead"
    ratio = us["ours"] / us["flat out"]
    return [
        Line(
            f"ping {HOSTS:,} living and {HOSTS:,} dead hosts, bursts of {COUNT_MIN}, per host",
            figure,
            f"fping -i0: {us['flat out']:.1f} µs, {false_down['flat out']}",
            ratio,
            f"≤ {BOUND:g}, none taken for dead",
            ratio <= BOUND and not false_down["ours"],
        ),
        Line(
            "the same beside the kernel alone: the same calls at the same pace, nothing written, nothing matched",
            figure,
            f"kernel: {us['bare']:.1f} µs",
            us["ours"] / us["bare"],
        ),
        Line(
            f"the same beside fping at the same pace of {PACE_PER_S:,} requests a second",
            figure,
            f"fping: {us['paced']:.1f} µs, {false_down['paced']}",
            us["ours"] / us["paced"],
        ),
        Line(
            "the same beside blackbox_exporter, which sends one request where a burst sends five",
            figure,
            f"blackbox_exporter: {us['blackbox']:.0f} µs, {false_down['blackbox']}",
            us["ours"] / us["blackbox"],
        ),
        Line(
            "the same: the event loop was held up",
            f"for at most {held_up_s * 1e3:.1f} ms CPU",
            bound=f"< {HELD_UP_MS} ms",
            kept=held_up_s * 1e3 < HELD_UP_MS,
        ),
    ]


def _hosts() -> list[str]:
    return [address for pair in zip(LIVING, DEAD, strict=True) for address in pair]


async def _all() -> list[Burst]:
    pinger = Pinger()
    try:
        return await asyncio.gather(*map(pinger.burst, _hosts()))
    finally:
        pinger.close()


def _ours() -> tuple[float, int]:
    """Return the processor time per host in seconds, and how many living hosts had no answer at all."""
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        began = time.process_time()
        bursts = runner.run(_all())
        spent = time.process_time() - began
    _check(any(burst.answered for burst in bursts[1::2]))
    return spent / len(bursts), sum(not burst.answered for burst in bursts[::2])


def _held_up() -> float:
    """Return the longest processor time in seconds between two turns of a task that waits a millisecond at a time.

    Asking for 4,000 bursts in one go holds the loop up too, but that is the asker's turn. So does a search for garbage
    among all that this program has loaded, which has nothing to do with pinging.
    """

    async def inside() -> float:
        work = asyncio.create_task(_all())
        await asyncio.sleep(0)
        longest, before = 0.0, time.thread_time()
        while not work.done():
            await asyncio.sleep(0.001)
            now = time.thread_time()
            longest, before = max(longest, now - before), now
        await work
        return longest

    gc.collect()
    gc.freeze()
    try:
        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            return runner.run(inside())
    finally:
        gc.unfreeze()


def _bare() -> tuple[float, int]:
    """Return the processor time per host of the system calls alone, in seconds; nothing is judged."""
    packed = [socket.inet_aton(address) for address in _hosts()]
    runs = [packed[at : at + SLOTS] for at in range(0, len(packed), SLOTS)]
    loop = asyncio.new_event_loop()
    through = Socket(socket.AF_INET, BUFFER_OCTETS)
    Cohort(1, (socket.AF_INET, COUNT_MIN, 0.0, 1.0), [loop.create_future() for _ in packed[:SLOTS]], runs[0]).send(
        through, SLOTS
    )
    began = time.process_time()
    for number, run in enumerate(runs * COUNT_MIN, 1):
        through.outbox.address(run)
        through.send(0, len(run))
        if number * SLOTS % (PACE_PER_S // 50) == 0:
            while through.read():
                pass
            time.sleep(0.02)
    spent = time.process_time() - began
    through.close()
    loop.close()
    return spent / len(packed), 0


def _fping(gap_ms: float) -> tuple[float, int]:
    hosts = _hosts()
    command = [need("fping"), f"-i{gap_ms:g}", f"-c{COUNT_MIN}", "-p20", "-t1000", "-q"]
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(command, input="\n".join(hosts), capture_output=True, text=True, check=False, timeout=120)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    lost = {line.split()[0] for line in done.stderr.splitlines() if "/100%" in line}
    _check(not lost.issuperset(DEAD))
    spent = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
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
