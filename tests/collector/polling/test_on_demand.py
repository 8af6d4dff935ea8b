import asyncio
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from collector import metrics
from collector.polling.on_demand import MOST_AT_ONCE, MOST_SAMPLES, Busy, OnDemand, told
from collector.polling.poller import Job
from collector.probe import Observation, Probe, Result, Sample
from collector.probes import PROBES
from collector.series.exposition import render
from collector.target import Credential, Target
from collector.upstream.client import Client
from tests.support.api_peer import ApiPeer
from tests.support.running import wait

UID = "0f8fad5bd9cb469fa16570867728950e"
CORE = {
    "instance": "core",
    "site": "trung-tam",
    "probe": "icmp",
    "address": "127.0.0.1",
    "interval_s": 1,
    "timeout_s": 60,
}


@pytest.fixture
def api() -> Iterator[ApiPeer]:
    peer = ApiPeer()
    peer.errands = []
    yield peer
    peer.close()


def result(target: Target, **more: Any) -> Result:
    return Result(target, datetime(2018, 12, 3, tzinfo=UTC), 0.25, **({"success": True} | more))


async def answers(_probe: Probe, target: Target, credential: Credential | None) -> Result:
    detail = "" if credential is None else credential.kind
    return result(target, detail=detail, samples=[Sample(metrics.ICMP_LOSS, (), 0.5)])


def work(api: ApiPeer, *, until: str) -> dict[str, Any]:
    """Let a collector serve errands until one was delivered, and return what it said."""

    async def inside() -> None:
        async with Client(api.url, "edge", lambda: ["first-token"]) as client:
            serving = asyncio.create_task(OnDemand(PROBES, answers).serve(client))
            await asyncio.to_thread(wait, lambda: until in api.delivered, 60, "the errand was done")
            serving.cancel()
            await asyncio.gather(serving, return_exceptions=True)

    asyncio.run(inside())
    return {one["probe"]: one for one in api.delivered[until]}


def test_an_errand_is_done_and_told(api: ApiPeer) -> None:
    snmp = CORE | {"probe": "snmp_system", "credential": "district"}
    community = {"kind": "snmp_v2c", "community": "bí mật"}
    api.errands = [{"uid": UID, "targets": [CORE, snmp], "credentials": {"district": community}}]
    found = work(api, until=UID)
    assert found["icmp"]["samples"] == [["quang_icmp_loss_ratio", [], 0.5]]
    assert (found["icmp"]["success"], found["icmp"]["duration_s"]) == (True, 0.25)
    assert found["snmp_system"]["detail"] == "snmp_v2c"


def test_an_errand_that_is_not_understood_does_not_end_the_work(api: ApiPeer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("collector.polling.on_demand.RETRY_S", 0.05)
    api.errands = [
        {"uid": "../x", "targets": []},
        {"uid": UID, "targets": [CORE] * 13},
        {"uid": UID, "targets": [CORE | {"probe": "of_the_future"}, CORE]},
    ]
    assert set(work(api, until=UID)) == {"icmp"}


def test_a_target_of_the_roster_is_shown_as_its_page_shows_it() -> None:
    job = Job(Target.model_validate(CORE), PROBES["icmp"], None)
    page = b"".join(render(asyncio.run(OnDemand(PROBES, answers).page(job)).blocks)).decode()
    assert 'probe_success{instance="core",probe="icmp",site="trung-tam"} 1.0\n' in page
    assert 'quang_icmp_loss_ratio{instance="core",site="trung-tam"} 0.5\n' in page


@pytest.mark.parametrize(("within_s", "timeout_s"), [(0.5, 0.5), (100.0, CORE["timeout_s"])])
def test_a_poll_for_a_page_has_no_longer_than_whoever_asks_waits(within_s: float, timeout_s: float) -> None:
    job = Job(Target.model_validate(CORE), PROBES["icmp"], None)
    had: list[float] = []

    async def fails(_probe: Probe, target: Target, _credential: Credential | None) -> Result:
        had.append(target.timeout_s)
        return result(target, success=False, reason="icmp_lost")

    polled = asyncio.run(OnDemand(PROBES, fails).page(job, within_s))
    assert (had, polled.reason) == ([timeout_s], "icmp_lost")
    assert b"probe_success" in b"".join(render(polled.blocks))


def test_more_polls_out_of_turn_than_allowed_are_turned_away() -> None:
    job = Job(Target.model_validate(CORE), PROBES["icmp"], None)
    go = asyncio.Event()

    async def waits(_probe: Probe, target: Target, _credential: Credential | None) -> Result:
        await go.wait()
        return result(target)

    async def inside() -> None:
        desk = OnDemand(PROBES, waits)
        waiting = [asyncio.create_task(desk.page(job)) for _ in range(MOST_AT_ONCE)]
        await asyncio.sleep(0)
        with pytest.raises(Busy):
            await desk.page(job)
        go.set()
        await asyncio.gather(*waiting)
        assert await desk.page(job)

    asyncio.run(inside())


def test_of_a_result_no_more_than_the_bound_is_told() -> None:
    many = [Sample(metrics.ICMP_LOSS, (), 0.0)] * (MOST_SAMPLES + 1)
    seen = [Observation("mac", "ge-0/0/1", "00:00:5e:00:53:01")]
    said = told(result(Target.model_validate(CORE), samples=many, observations=seen))
    assert len(said["samples"]) == MOST_SAMPLES
    assert said["observations"] == [["mac", "ge-0/0/1", "00:00:5e:00:53:01"]]
