"""A collector's polls of many devices in a process of its own: `python -m tests.bench.fleet DEVICES INTERVAL_S ...`.

It runs the collector's own schedule, lanes, doors and results; what it leaves out are the API and the pages.
"""

import asyncio
import json
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Sequence
from typing import Any

import uvloop

from collector.doors import OpenDoors
from collector.memory import gather, keep_in_order
from collector.polling.poller import Job, Poller
from collector.polling.shard import worker_of
from collector.probe import Probe, Result, run
from collector.probes import PROBES
from collector.series.results import Results
from collector.settings import Settings
from collector.target import Credential, Target
from tests.bench.agents import Agents
from tests.bench.processor import memory_kb, spent
from tests.bench.snmp import targets
from tests.support.polling import PUBLIC

KNOWN_S = 600.0
"""Seconds within which each device has to answer once; the first poll of one walks its ports."""


def start(
    count: int, interval_s: float, seconds: float, running: Agents, share: tuple[int, int] = (0, 1)
) -> "subprocess.Popen[str]":
    """Start a fleet in the calling thread's network.

    Args:
        count: Devices.
        interval_s: Seconds between two polls of one device.
        seconds: Seconds that will be measured.
        running: The agents.
        share: Which worker of how many this is; it polls the devices of its own sites only.
    """
    words = (count, interval_s, seconds, *share, *running.ports)
    command = [sys.executable, "-m", "tests.bench.fleet", *map(str, words)]
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


def measured(*fleets: "subprocess.Popen[str]") -> list[dict[str, Any]]:
    """Wait until all devices have answered, then let all fleets measure at once; return what each found (`Fleet.run`).

    Raises:
        RuntimeError: One of them failed.
    """
    if any(fleet.stdout is None or fleet.stdout.readline() != "ready\n" for fleet in fleets):
        raise RuntimeError("the fleet failed")
    for fleet in fleets:
        if fleet.stdin is not None:
            fleet.stdin.write("go\n")
            fleet.stdin.flush()
    outs = [fleet.communicate()[0] for fleet in fleets]
    if any(fleet.returncode for fleet in fleets):
        raise RuntimeError("the fleet failed")
    return [json.loads(out) for out in outs]


class Fleet:
    """The collector's parts that poll."""

    def __init__(self, devices: Sequence[Target], doors: OpenDoors, bare_kb: float) -> None:
        window, site_window = (Settings.model_fields[name].default for name in ("window", "site_window"))
        self._devices, self._doors, self._bare_kb = devices, doors, bare_kb
        self._results = Results()
        self._poller = Poller(self._ask, self._on_result, window, site_window)
        self.polls: Counter[str] = Counter()
        self.failures: Counter[str] = Counter()
        self._known: set[str] = set()
        self._every_one = asyncio.Event()

    async def run(self, seconds: float) -> dict[str, object]:
        """Poll; once each device has answered and the parent says so, measure.

        Returns:
            `cpu_ms` per poll, `system_ms` of it in the kernel, how often the process was `woken` for a poll, `share` of
            a core, `memory_kb` per device, `polls` in all, `fewest` and `most` of one
            device, `late_ms` (99th percentile, by minute), `skipped`, and `failures` by reason.
        """
        for target in self._devices:
            self._results.keep(target, "network")
        self._poller.set_jobs({target.key: Job(target, PROBES[target.probe], PUBLIC) for target in self._devices})
        working = [asyncio.create_task(self._poller.run()), asyncio.create_task(keep_in_order())]
        await self._every_one_known()
        await asyncio.to_thread(gather)  # what happens within the next minute anyhow
        grown = memory_kb() - self._bare_kb
        await self._told_to_go()
        self.polls.clear()
        self.failures.clear()
        self._poller.skipped.clear()
        began, before = time.monotonic(), spent()
        late = [await self._lateness(min(60.0, seconds)) for _ in range(max(1, round(seconds / 60)))]
        taken, after = time.monotonic() - began, spent()
        for task in working:
            task.cancel()
        await asyncio.gather(*working, return_exceptions=True)
        every = [self.polls[target.instance] for target in self._devices]
        return {
            "cpu_ms": (after.all_s - before.all_s) * 1e3 / max(1, sum(every)),
            "system_ms": (after.system_s - before.system_s) * 1e3 / max(1, sum(every)),
            "woken": (after.woken - before.woken) / max(1, sum(every)),
            "share": (after.all_s - before.all_s) / taken,
            "memory_kb": grown / len(self._devices),
            "polls": sum(every),
            "fewest": min(every),
            "most": max(every),
            "late_ms": [1e3 * worst for worst in late],
            "skipped": sum(self._poller.skipped.values()),
            "failures": dict(self.failures),
        }

    async def _every_one_known(self) -> None:
        async with asyncio.timeout(KNOWN_S):
            await self._every_one.wait()

    async def _told_to_go(self) -> None:
        print("ready", flush=True)  # noqa: T201 - read by the parent
        await asyncio.to_thread(sys.stdin.readline)

    async def _lateness(self, seconds: float) -> float:
        await asyncio.sleep(seconds)
        return self._poller.lateness.percentiles(time.monotonic()).get(99, 0.0)

    async def _ask(self, probe: Probe, target: Target, credential: Credential | None) -> Result:
        return await run(probe, target, credential, self._doors)

    def _on_result(self, result: Result, _probe: Probe) -> None:
        self._results.record(result)
        self.polls[result.target.instance] += 1
        if not result.success:
            self.failures[result.reason or ""] += 1
        elif not self._every_one.is_set():
            self._known.add(result.target.instance)
            if len(self._known) == len(self._devices):
                self._every_one.set()


async def _main(count: int, interval_s: float, seconds: float, share: tuple[int, int], ports: Sequence[int]) -> None:
    bare_kb = memory_kb()
    worker, workers = share
    devices = [
        target for target in targets(Agents(tuple(ports), ()), count) if worker_of(target.site, workers) == worker
    ]
    if interval_s != 60:
        devices = [target.model_copy(update={"interval_s": interval_s}) for target in devices]
    async with OpenDoors() as doors:
        print(json.dumps(await Fleet(devices, doors, bare_kb).run(seconds)))  # noqa: T201 - read by the parent


if __name__ == "__main__":
    _, devices_, interval_s_, seconds_, *rest = sys.argv
    worker_, workers_, *ports_ = map(int, rest)
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(_main(int(devices_), float(interval_s_), float(seconds_), (worker_, workers_), ports_))
