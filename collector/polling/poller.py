"""Runs the polls: two lanes on one monotonic clock, each with its own limit, so slow polls never delay fast ones.

The fast lane holds the probes that detect a cut (`icmp`, `snmp_link`), the slow lane everything else. A slow target
that keeps failing is polled ever less often. The fast lane keeps polling its device, and the first answer to any probe
of the device brings its slow polls back. The wall clock is never used, so setting it changes nothing.
"""

import asyncio
import logging
import math
from collections import Counter
from collections.abc import Awaitable, Callable, Collection, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final, Literal

from collector.polling.lane import Lane
from collector.polling.lateness import Lateness
from collector.polling.schedule import Key, Schedule
from collector.polling.shard import fraction
from collector.polling.standstill import LOOK_S, Standstill, passed_s
from collector.probe import Probe, Result
from collector.target import Credential, Target

log = logging.getLogger(__name__)

PATIENCE: Final = 3
"""Consecutive failures after which a slow target is polled less often."""

BACK_OFF_S: Final = 300.0
"""Longest interval, in seconds, of a slow target that keeps failing."""

BACK_OFF_ALIVE_S: Final = 60.0
"""The same while the device answers pings."""

REVIVE_S: Final = 2.0
"""Seconds over which the slow polls of a device that is back are spread."""

GRAIN_S: Final = 0.005
"""Shortest time, in seconds, between two looks at the schedule, so that polls due almost together start together."""

TOGETHER_S: Final = 0.1
"""Points of the slow lane are this far apart: to wake up, ask twenty devices and hear their answers one after the other
costs much less than to do so for each alone."""

OVERRUN_S: Final = 0.25
"""A poll that failed so long after its deadline was held up by this process: its failure says nothing of the target."""

STALE: Final = 2.5
"""Intervals after which a result that the process slept through is no longer taken for what is now."""

MOST_EXCUSED: Final = 3
"""Consecutive failures blamed on this process; on a permanently overloaded machine, the next one counts."""

EARLY_S: Final = 0.001
"""What is due within this time is due: the loop's clock has a resolution of one millisecond."""

Ask = Callable[[Probe, Target, Credential | None], Awaitable[Result]]
"""Runs one probe of one target. It never raises, apart from being cancelled."""

LaneName = Literal["fast", "slow"]


@dataclass(slots=True, eq=False)
class Job:
    """One target with all that its polls need.

    Attributes:
        fault: What is wrong with its settings, empty for nothing.
        under_way: Whether it is being polled.
        again: Whether somebody wanted to know while a poll was under way, which may have read already what has changed.
    """

    target: Target
    probe: Probe
    credential: Credential | None
    fault: str = ""
    failures: int = 0
    excused: int = 0
    done_s: float = math.inf
    under_way: bool = False
    again: bool = False

    @property
    def lane(self) -> LaneName:
        """Return the lane on which the target is polled."""
        return "fast" if self.probe.job == "reach" else "slow"

    @property
    def device(self) -> str | None:
        """Return the device and protocol, of which only one poll may run at a time; `None` for no such limit.

        The protocol follows from the credentials that a probe needs; probes without credentials have no limit.
        """
        protocol = self.probe.needs[0].partition("_")[0] if self.probe.needs else None
        return f"{self.target.instance}/{protocol}" if protocol else None

    def same_as(self, other: "Job") -> bool:
        """Return whether nothing that matters to the polls differs."""
        mine, others = (self.target, self.probe, self.credential), (other.target, other.probe, other.credential)
        return self is other or mine == others


class Poller:
    """Polls its targets until stopped.

    Attributes:
        polls: Finished polls by (probe, `success` or `failure`).
        skipped: Polls that were dropped, by (probe, `running` or `stalled`): not started, or failed in a standstill.
        lateness: How late polls started.
    """

    def __init__(
        self,
        ask: Ask,
        on_result: Callable[[Result, Probe], None],
        window: int,
        site_window: int,
        on_stale: Callable[[Job], None] = lambda _: None,
    ) -> None:
        """Prepare the lanes; nothing runs before `run`.

        Args:
            ask: Runs one poll.
            on_result: Called with each result of a target that is still wanted; must be quick.
            window: Polls under way at once in each lane.
            site_window: Polls under way at once in each lane towards one site.
            on_stale: Called with each target whose last result is too old to be shown, after a standstill.
        """
        self._ask, self._on_result, self._on_stale = ask, on_result, on_stale
        self._jobs: dict[Key, Job] = {}
        self._by_instance: dict[str, dict[str, Job]] = {}
        self._schedules: dict[LaneName, Schedule] = {"fast": Schedule(), "slow": Schedule(TOGETHER_S)}
        self._lanes: dict[LaneName, Lane] = {
            "fast": Lane(window, site_window),
            "slow": Lane(window, site_window),
        }
        self._tasks: set[asyncio.Task[None]] = set()
        self._alive: dict[str, bool] = {}
        self._wake = asyncio.Event()
        self._stopping = False
        self._standstill = Standstill()
        self.polls: Counter[tuple[str, str]] = Counter()
        self.skipped: Counter[tuple[str, str]] = Counter()
        self.lateness = Lateness()

    def set_jobs(self, jobs: Mapping[Key, Job]) -> tuple[list[Job], list[Job]]:
        """Poll exactly these targets from now on; those that have not changed go on undisturbed.

        Returns:
            The jobs that are new or changed, and the old ones that are gone or were replaced.
        """
        now = asyncio.get_running_loop().time()
        gone = [job for key, job in self._jobs.items() if key not in jobs or not job.same_as(jobs[key])]
        for job in gone:
            self._forget(job)
        new = [job for key, job in jobs.items() if key not in self._jobs]
        for job in new:
            self._jobs[job.target.key] = job
            self._by_instance.setdefault(job.target.instance, {})[job.target.probe] = job
            self._schedules[job.lane].add(job.target.key, job.target.interval_s, now)
        self._wake.set()
        return new, gone

    def jobs(self) -> Mapping[Key, Job]:
        """Return all targets that are polled, with what their polls need."""
        return MappingProxyType(self._jobs)

    def targets(self) -> Counter[str]:
        """Return how many targets are polled, by probe."""
        return Counter(job.target.probe for job in self._jobs.values())

    def under_way(self) -> int:
        """Return how many polls are running."""
        return sum(lane.running for lane in self._lanes.values())

    def poll_now(self, instance: str, probes: Collection[str]) -> int:
        """Poll some probes of a device at once, out of turn; the grid of their later polls stays as it is.

        One that is being polled is polled once more after that.

        Returns:
            How many of them it has.
        """
        now = asyncio.get_running_loop().time()
        asked = [job for job in self._by_instance.get(instance, {}).values() if job.target.probe in probes]
        for job in asked:
            job.again = job.under_way
            if not job.again:
                self._schedules[job.lane].hurry(job.target.key, now)
        if asked:
            self._wake.set()
        return len(asked)

    async def run(self) -> None:
        """Poll until cancelled; then the polls under way are cancelled too and waited for."""
        loop = asyncio.get_running_loop()
        planned = loop.time()
        try:
            while True:
                self._wake.clear()
                now = loop.time() + EARLY_S
                if stood_s := self._standstill.look(now - planned, now):
                    self._resume(now, stood_s)
                for name in ("fast", "slow"):
                    self._offer_due(name, now)
                    self._start(name)
                planned = await self._sleep(loop)
        finally:
            self._stopping = True
            await asyncio.sleep(0)  # a poll that was cancelled before its first step would stay under way
            for task in self._tasks:
                task.cancel()
            await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _sleep(self, loop: asyncio.AbstractEventLoop) -> float:
        """Sleep until something is due, `_wake` is set or a look is due anyhow; return when that was planned."""
        now = loop.time()
        times = [time for schedule in self._schedules.values() if (time := schedule.next_due()) is not None]
        planned = min(max(min(times, default=math.inf), now + GRAIN_S), now + LOOK_S)
        timer = loop.call_at(planned, self._wake.set)
        try:
            await self._wake.wait()
        finally:
            timer.cancel()
        return planned

    def _resume(self, now: float, stood_s: float) -> None:
        """Go on after the process stood still: nothing is made up for, so that nobody is flooded with late polls."""
        log.warning("the collector stood still for %.0f seconds; what was missed is dropped", stood_s)
        for schedule in self._schedules.values():
            for key, dropped in schedule.resume(now):
                self.skipped[key[1], "stalled"] += dropped
        # A counter of long ago, read now, would look like all its growth meanwhile had come with the next poll.
        passed = passed_s()
        for job in self._jobs.values():
            if passed - job.done_s > STALE * job.target.interval_s + job.target.timeout_s:
                self._on_stale(job)

    def _offer_due(self, name: LaneName, now: float) -> None:
        lane = self._lanes[name]
        for key, due, missed in self._schedules[name].due(now):
            job = self._jobs[key]
            target = job.target
            if missed:
                self.skipped[target.probe, "stalled"] += missed
            if not lane.offer(key, target.site, due, job.device):
                self.skipped[target.probe, "running"] += 1

    def _start(self, name: LaneName) -> None:
        lane = self._lanes[name]
        loop = asyncio.get_running_loop()
        while started := lane.start():
            key, due = started
            job = self._jobs.get(key)
            if job is None:
                lane.finish(key)
                continue
            now = loop.time()
            self.lateness.add(now, max(0.0, now - due))
            task = loop.create_task(self._poll(job, name))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _poll(self, job: Job, name: LaneName) -> None:
        began = asyncio.get_running_loop().time()
        job.under_way = True
        try:
            result = await self._ask(job.probe, job.target, job.credential)
            if self._is_excused(job, result, began):
                self.skipped[job.target.probe, "stalled"] += 1
            elif self._jobs.get(job.target.key) is job:
                self._take(job, result)
        except Exception:
            log.exception("a poll of %s failed in a way that no probe should", job.target.key)
        finally:
            job.under_way = False
            self._lanes[name].finish(job.target.key)
            if job.again and self._jobs.get(job.target.key) is job:
                job.again = False
                self._schedules[name].hurry(job.target.key, asyncio.get_running_loop().time())
                self._wake.set()
            if self._lanes[name].waiting and not self._stopping:
                self._start(name)

    def _is_excused(self, job: Job, result: Result, began: float) -> bool:
        """Return whether a failure says more of this process, which stood still meanwhile, than of the target."""
        late = result.duration_s > job.target.timeout_s + OVERRUN_S or self._standstill.held_up_at > began
        job.excused = job.excused + 1 if late and not result.success else 0
        return 0 < job.excused <= MOST_EXCUSED

    def _take(self, job: Job, result: Result) -> None:
        job.done_s = passed_s()
        self.polls[job.target.probe, "success" if result.success else "failure"] += 1
        before, job.failures = job.failures, 0 if result.success else job.failures + 1
        if job.probe.kind == "icmp":
            self._note_alive(job, result.success)
        elif before >= PATIENCE and result.success:
            self._revive(job.target.instance)
        if job.lane == "slow":
            self._back_off(job)
        self._on_result(result, job.probe)

    def _back_off(self, job: Job) -> None:
        if job.failures < PATIENCE:
            return
        alive = self._alive.get(job.target.instance, False)
        most = max(1.0, (BACK_OFF_ALIVE_S if alive else BACK_OFF_S) / job.target.interval_s)
        stretch = min(2.0 ** min(job.failures - PATIENCE + 1, 20), most)
        self._schedules["slow"].defer(job.target.key, asyncio.get_running_loop().time(), stretch)

    def _note_alive(self, job: Job, alive: bool) -> None:
        """Remember whether a device answers, and bring its slow polls back as soon as it does again."""
        instance = job.target.instance
        before = self._alive.get(instance)
        self._alive[instance] = alive
        if alive and before is False:
            self._revive(instance)

    def _revive(self, instance: str) -> None:
        """Ask soon whatever else of a device has failed: one of its probes has just had the first answer."""
        now = asyncio.get_running_loop().time()
        for other in self._by_instance.get(instance, {}).values():
            if other.lane == "slow" and other.failures:
                other.failures = 0
                self._schedules["slow"].hurry(other.target.key, now + REVIVE_S * fraction(*other.target.key))
        self._wake.set()

    def _forget(self, job: Job) -> None:
        key = job.target.key
        del self._jobs[key]
        self._schedules[job.lane].remove(key)
        of_instance = self._by_instance[job.target.instance]
        del of_instance[job.target.probe]
        if not of_instance:
            del self._by_instance[job.target.instance]
            self._alive.pop(job.target.instance, None)
