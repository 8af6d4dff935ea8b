import asyncio
import time
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
import time_machine

from collector.polling import poller as module
from collector.polling import standstill
from collector.polling.poller import Job, Poller
from collector.polling.schedule import Key
from collector.probe import Answer, Probe, Result, run
from collector.target import Credential, SnmpV2c, Target
from tests.support.calm import calm
from tests.support.tcp_probe import PROBES, listen

# How often something was asked within so many seconds is the subject here: that needs a machine with time for it, and
# where it had none (`calm`), the test begins again.
pytestmark = pytest.mark.alone

SPEED = 5


def job(instance: str = "r1", probe: str = "icmp", port: int = 1, site: str = "s", **more: Any) -> Job:
    values = {"interval_s": 1, "timeout_s": 1, **more}
    target = Target.model_validate(
        {
            "instance": instance,
            "site": site,
            "probe": probe,
            "address": "127.0.0.1",
            "settings": {"port": port},
            **values,
        }
    )
    # A fifth of a second stands for a second: rosters are not that fast, but these tests need not be slow.
    return Job(target.model_copy(update={"interval_s": target.interval_s / SPEED}), PROBES[probe], None)


def table(*jobs_: Job) -> dict[Key, Job]:
    return {each.target.key: each for each in jobs_}


async def real(probe: Probe, target: Target, credential: Credential | None) -> Result:
    return await run(probe, target, credential, None)  # type: ignore[arg-type]


class Slow:
    """Asks by waiting, and watches how many ask at once."""

    def __init__(self, seconds: float, success: bool = True) -> None:
        self.seconds, self.success = seconds, success
        self.running: Counter[Key] = Counter()
        self.most = self.most_of_one = 0
        self.starts: list[tuple[Key, float]] = []

    async def __call__(self, _probe: Probe, target: Target, _credential: Credential | None) -> Result:
        self.running[target.key] += 1
        self.starts.append((target.key, time.monotonic()))
        self.most = max(self.most, sum(self.running.values()))
        self.most_of_one = max(self.most_of_one, self.running[target.key])
        try:
            await asyncio.sleep(self.seconds / SPEED)
        finally:
            self.running[target.key] -= 1
        return Result(target, datetime.now(UTC), self.seconds, self.success, None if self.success else "connect")


def poll(
    ask: Callable[..., Awaitable[Result]],
    jobs_: dict[Key, Job],
    seconds: float,
    meanwhile: Callable[[Poller], Awaitable[None]] | None = None,
    *,
    window: int = 100,
    site_window: int = 100,
    on_stale: Callable[[Job], None] = lambda _: None,
) -> tuple[Poller, list[Result]]:
    results: list[Result] = []

    async def go() -> Poller:
        made = Poller(ask, lambda result, _: results.append(result), window, site_window, on_stale)
        made.set_jobs(jobs_)
        task = asyncio.create_task(made.run())
        if meanwhile:
            await meanwhile(made)
        await asyncio.sleep(seconds / SPEED)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        assert made.under_way() == 0
        return made

    return asyncio.run(go()), results


@pytest.fixture(autouse=True)
def _soon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("collector.polling.schedule.FIRST_S", 0.05)


@calm
def test_a_live_target_is_polled_each_second_and_a_dead_one_says_why() -> None:
    with listen() as alive:
        jobs_ = table(job(port=alive.getsockname()[1]), job("r2", port=1))
        made, results = poll(real, jobs_, 3.2)
    by = Counter((result.target.instance, result.success, result.reason) for result in results)
    assert 3 <= by["r1", True, None] <= 5
    assert 3 <= by["r2", False, "connect"] <= 5
    assert made.polls["icmp", "success"] == by["r1", True, None]
    assert made.lateness.percentiles(time.monotonic())[99] < 0.5


@calm
def test_a_poll_that_outlasts_its_interval_is_not_started_twice_but_skipped_and_counted() -> None:
    slow = Slow(2.5)
    made, _ = poll(slow, table(job()), 4.9)
    assert slow.most_of_one == 1
    assert len(slow.starts) == 2
    assert made.skipped["icmp", "running"] >= 1


@calm
def test_no_more_polls_run_at_once_than_the_window_allows() -> None:
    slow = Slow(0.05)
    jobs_ = table(*(job(f"r{number}", site=f"s{number % 3}") for number in range(60)))
    _, results = poll(slow, jobs_, 3, window=5)
    assert slow.most == 5
    assert len({result.target.instance for result in results}) == 60


@calm
def test_one_site_never_takes_more_than_its_share_of_the_window() -> None:
    slow = Slow(0.05)
    poll(slow, table(*(job(f"r{number}") for number in range(30))), 1.0, site_window=3)
    assert slow.most == 3


@calm
def test_slow_polls_never_delay_fast_ones() -> None:
    async def ask(probe: Probe, target: Target, credential: Credential | None) -> Result:
        await asyncio.sleep(60 if probe.kind == "slow" else 0)
        return Result(target, datetime.now(UTC), 0, success=True)

    jobs_ = table(*(job(f"d{number}", "slow") for number in range(50)), job())
    made, results = poll(ask, jobs_, 2.5, window=10)
    assert sum(result.target.probe == "icmp" for result in results) >= 2
    assert made.polls["slow", "success"] == 0


@calm
def test_a_stall_causes_one_poll_and_no_burst() -> None:
    slow = Slow(0)

    async def stall(_: Poller) -> None:
        await asyncio.sleep(0.5)
        slow.starts.clear()
        time.sleep(1)  # noqa: ASYNC251 - this is the stall
        await asyncio.sleep(0.1)

    made, _ = poll(slow, table(job()), 0.0, stall)
    assert len(slow.starts) <= 2
    assert made.skipped["icmp", "stalled"] >= 3


@calm
def test_a_process_that_stood_still_polls_nobody_at_once_and_goes_on_in_its_rhythm(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(standstill, "STALL_S", 0.5)
    slow = Slow(0)

    async def stand_still(_: Poller) -> None:
        await asyncio.sleep(0.5)
        slow.starts.clear()
        time.sleep(1.5)  # noqa: ASYNC251 - this is the standstill

    made, _ = poll(slow, table(*(job(f"r{number}", interval_s=2) for number in range(200))), 2.0, stand_still)
    assert "stood still" in caplog.text
    assert made.skipped["icmp", "stalled"] >= 400
    each = Counter(key for key, _ in slow.starts)
    assert max(each.values()) <= 2
    first = min(at for _, at in slow.starts)
    assert sum(at < first + 0.1 for _, at in slow.starts) < 120, "they are spread over their interval of 0.4 s"


@calm
def test_a_poll_that_a_standstill_overtook_never_says_that_its_target_is_down() -> None:
    async def ask(probe: Probe, target: Target, credential: Credential | None) -> Result:
        return await run(probe, target.model_copy(update={"timeout_s": 0.2}), credential, None)  # type: ignore[arg-type]

    async def hang(target: Target, settings: Any, credential: Credential | None, doors: Any) -> Answer:
        await asyncio.sleep(30)
        return Answer()

    async def stand_still(_: Poller) -> None:
        await asyncio.sleep(0.1)
        time.sleep(1.8)  # noqa: ASYNC251 - this is the standstill

    probe = replace(PROBES["icmp"], run=hang)
    held_up = job()
    made, results = poll(ask, {held_up.target.key: Job(held_up.target, probe, None)}, 0.2, stand_still)
    assert results == []
    assert made.skipped["icmp", "stalled"] >= 1


@pytest.mark.parametrize("deaf", [False, True])
@calm
def test_a_failure_while_the_process_was_held_up_is_not_the_targets_unless_it_always_is(deaf: bool) -> None:
    async def ask(_probe: Probe, target: Target, _credential: Credential | None) -> Result:
        await asyncio.sleep(0.02)
        time.sleep(0.4 if deaf or not asked else 0)  # noqa: ASYNC251 - nobody can read an answer meanwhile
        asked.append(target)
        await asyncio.sleep(0.02)
        return Result(target, datetime.now(UTC), 0.5, False, "icmp_lost", str(len(asked)))

    asked: list[Target] = []
    made, results = poll(ask, table(job()), 12.0 if deaf else 4.0)
    assert made.skipped["icmp", "stalled"] >= 1
    # On a machine that is always too busy, the next one counts.
    assert results[0].detail == str(1 + (module.MOST_EXCUSED if deaf else 1))


@pytest.mark.parametrize("asleep", [False, True])
@calm
def test_what_was_read_before_a_standstill_or_a_sleep_of_the_machine_is_withdrawn_where_polls_were_missed(
    monkeypatch: pytest.MonkeyPatch, asleep: bool
) -> None:
    monkeypatch.setattr(standstill, "STALL_S", 0.5)
    awake = standstill.passed_s
    withdrawn: list[str] = []

    async def stand_still(_: Poller) -> None:
        await asyncio.sleep(0.5)
        if asleep:
            for each in (standstill, module):
                monkeypatch.setattr(each, "passed_s", lambda: awake() + 1.5)
        else:
            time.sleep(1.5)  # noqa: ASYNC251 - this is the standstill
        await asyncio.sleep(0.05)

    jobs_ = table(job("often"), job("hourly", interval_s=3_600), job("never", interval_s=3_600, port=2))
    poll(Slow(0), jobs_, 0.5, stand_still, on_stale=lambda stale: withdrawn.append(stale.target.instance))
    assert withdrawn == ["often"]


@calm
def test_a_clock_that_is_set_two_hours_on_or_back_changes_nothing() -> None:
    slow = Slow(0)

    with time_machine.travel(datetime(2026, 1, 1, tzinfo=UTC), tick=True) as clock:

        async def set_clock(_: Poller) -> None:
            for hours in (2, -4, 2):
                await asyncio.sleep(0.4)
                clock.shift(timedelta(hours=hours))

        made, results = poll(slow, table(job(), job("r2")), 2.0, set_clock)
    assert 7 <= Counter(result.target.instance for result in results)["r1"] <= 9
    assert not made.skipped
    assert all(0 <= result.duration_s < 60 for result in results)


@calm
def test_the_first_answer_of_one_slow_probe_brings_the_others_of_its_device_back(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(module, "REVIVE_S", 0.1)
    alive = False
    starts: Counter[str] = Counter()

    async def ask(_probe: Probe, target: Target, _credential: Credential | None) -> Result:
        starts[target.instance] += 1
        return Result(target, datetime.now(UTC), 0, alive, None if alive else "connect")

    async def wait(made: Poller) -> None:
        nonlocal alive
        await asyncio.sleep(2.5)
        starts.clear()
        alive = True
        made.poll_now("r1", {"slow"})
        await asyncio.sleep(0.2)

    both = (job(probe="slow"), job(probe="tcp"), job("r2", probe="tcp"))
    poll(ask, table(*both), 0, wait)
    assert starts["r1"] >= 2


@calm
def test_a_new_roster_leaves_untouched_targets_alone() -> None:
    slow = Slow(5)
    changes: list[tuple[list[str], list[str]]] = []

    async def change(made: Poller) -> None:
        await asyncio.sleep(0.25)
        new, gone = made.set_jobs(table(job("a"), job("b", interval_s=2), job("d")))
        changes.append(([each.target.instance for each in new], [each.target.instance for each in gone]))

    _, results = poll(slow, table(job("a"), job("b"), job("c")), 6, change)
    assert changes == [(["b", "d"], ["b", "c"])]
    # The poll of a that was under way during the change still counts; those of b and c, which are no more, do not.
    assert "a" in {result.target.instance for result in results}
    assert not {"c"} & {result.target.instance for result in results}
    assert slow.most_of_one == 1


def test_a_target_whose_credential_changes_is_a_new_one() -> None:
    async def go() -> int:
        made = Poller(real, lambda *_: None, 1, 1)
        made.set_jobs(table(job()))
        old = job()
        new, gone = made.set_jobs(table(Job(old.target, old.probe, SnmpV2c(community="x"))))  # type: ignore[arg-type]
        return len(new) + len(gone)

    assert asyncio.run(go()) == 2


@calm
def test_a_dead_target_of_the_slow_lane_is_asked_ever_more_seldom() -> None:
    slow = Slow(0, success=False)
    poll(slow, table(job(probe="slow")), 8)
    starts = [at for _, at in slow.starts]
    gaps = [later - earlier for earlier, later in pairwise(starts)]
    assert len(starts) <= 6
    assert gaps[-1] > 1.5 / SPEED


@calm
def test_the_fast_lane_asks_the_dead_as_often_as_the_living() -> None:
    slow = Slow(0, success=False)
    poll(slow, table(job()), 5.2)
    assert len(slow.starts) >= 5


@calm
def test_the_first_answer_of_the_cheap_probe_brings_the_slow_ones_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "REVIVE_S", 0.1)
    state = {"alive": False}
    starts: list[float] = []

    async def ask(probe: Probe, target: Target, credential: Credential | None) -> Result:
        if probe.kind == "slow":
            starts.append(time.monotonic())
        alive = state["alive"]
        return Result(target, datetime.now(UTC), 0, alive, None if alive else "connect")

    async def wait(_: Poller) -> None:
        await asyncio.sleep(1.5)
        starts.clear()
        state["alive"] = True

    poll(ask, table(job(), job(probe="slow")), 1.6, wait)
    assert starts


@calm
def test_a_fault_in_the_asking_is_logged_and_stops_nothing(caplog: pytest.LogCaptureFixture) -> None:
    async def ask(probe: Probe, target: Target, credential: Credential | None) -> Result:
        if target.instance == "r1":
            raise RuntimeError("a fault of ours")
        return Result(target, datetime.now(UTC), 0, success=True)

    _, results = poll(ask, table(job(), job("r2")), 2.3)
    assert sum(result.target.instance == "r2" for result in results) >= 2
    assert "no probe should" in caplog.text


@calm
def test_stopping_ends_the_polls_under_way_and_starts_no_more() -> None:
    slow = Slow(30)
    began = time.monotonic()
    poll(slow, table(*(job(f"r{number}") for number in range(20))), 0.5, window=5)
    assert time.monotonic() - began < 3
    assert len(slow.starts) == 5
    assert sum(slow.running.values()) == 0
