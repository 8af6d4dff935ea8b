import asyncio
import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr

from api.polling import errands
from api.polling.errands import Delivery, Errands
from collector.metrics import CATALOGUE, ICMP_LOSS
from collector.polling.on_demand import Errand, told
from collector.probe import Configuration, Observation, Result, Sample
from collector.shell.configs import packed
from collector.target import SnmpV2c, Target

CORE = Target(instance="core", site="a", probe="icmp", address="127.0.0.1", interval_s=1, timeout_s=0.2)
SECRET = {"district": SnmpV2c(community=SecretStr("bí mật"))}


def found(**more: Any) -> Delivery:
    result = Result(CORE, datetime(2018, 12, 3, tzinfo=UTC), 0.1, **({"success": True} | more))
    return Delivery.model_validate_json(json.dumps({"results": [told(result)]}))


def test_an_errand_reaches_the_collector_that_waits_and_its_finding_comes_back() -> None:
    async def inside() -> list[Result] | None:
        desk = Errands()
        waiting = asyncio.create_task(desk.fetch("main"))
        await asyncio.sleep(0)
        assert desk.listening() == ["main"]
        asking = asyncio.create_task(desk.run("main", [CORE], SECRET))
        errand = await waiting
        assert errand is not None
        assert "bí mật" not in repr(errand)
        read = Errand.model_validate_json(json.dumps(errand.document()))
        assert read.credentials == SECRET
        assert not desk.deliver("far", errand.uid, found())
        assert desk.deliver("main", errand.uid, found(samples=[Sample(ICMP_LOSS, (), 0.5)]))
        assert not desk.deliver("main", errand.uid, found())
        return await asking

    [result] = asyncio.run(inside()) or []
    assert (result.target, result.success, result.samples) == (CORE, True, [Sample(ICMP_LOSS, (), 0.5)])


def test_a_collector_that_does_not_come_back_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(errands, "GRACE_S", 0.05)

    async def inside() -> None:
        desk = Errands()
        assert await desk.run("main", [CORE], {}) is None
        fetching = asyncio.create_task(desk.fetch("main"))
        await asyncio.sleep(0.01)
        assert not fetching.done()
        fetching.cancel()

    asyncio.run(inside())


def test_a_question_without_an_errand_ends_after_a_while_and_the_collector_counts_as_there(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(errands, "WAIT_S", 0.02)

    async def inside() -> None:
        desk = Errands()
        assert desk.listening() == []
        assert await desk.fetch("main") is None
        assert desk.listening() == ["main"]
        monkeypatch.setattr(errands, "LISTENS_S", 0.01)
        await asyncio.sleep(0.02)
        assert desk.listening() == []

    asyncio.run(inside())


def test_an_errand_goes_to_the_newest_question_and_not_to_a_connection_that_was_dropped() -> None:
    async def inside() -> None:
        desk = Errands()
        dropped = asyncio.create_task(desk.fetch("main"))
        await asyncio.sleep(0)
        newest = asyncio.create_task(desk.fetch("main"))
        await asyncio.sleep(0)
        asking = asyncio.create_task(desk.run("main", [CORE], {}))
        assert await dropped is None
        errand = await newest
        assert errand is not None
        assert desk.deliver("main", errand.uid, found())
        assert await asking

    asyncio.run(inside())


def test_so_many_errands_wait_and_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(errands, "MOST_WAITING", 2)

    async def inside() -> None:
        desk = Errands()
        waiting = [asyncio.create_task(desk.run("main", [CORE], {})) for _ in range(2)]
        await asyncio.sleep(0)
        assert await desk.run("main", [CORE], {}) is None
        for task in waiting:
            task.cancel()
        await asyncio.gather(*waiting, return_exceptions=True)

    asyncio.run(inside())


def test_a_family_of_another_version_is_left_out() -> None:
    delivery = found(samples=[Sample(ICMP_LOSS, (), 0.5)])
    delivery.results[0].samples += [("of_the_future", [], 1.0), (ICMP_LOSS.name, ["one", "too", "many"], 1.0)]
    errand = errands.Errand("0" * 32, [CORE], {})
    assert [len(result.samples) for result in errands._results(errand, delivery)] == [1]


_SAMPLES = st.sampled_from(CATALOGUE).flatmap(
    lambda metric: st.builds(
        Sample,
        st.just(metric),
        st.tuples(*(st.text(max_size=20) for _ in metric.labels)),
        st.floats(allow_nan=False, allow_infinity=False),
    )
)


@given(st.lists(_SAMPLES, max_size=5), st.text(max_size=200), st.booleans())
def test_a_result_is_the_same_after_its_way(samples: list[Sample], detail: str, success: bool) -> None:
    seen = [Observation("serial", "chassis", detail)]
    delivery = found(samples=samples, detail=detail, success=success, observations=seen)
    [back] = errands._results(errands.Errand("0" * 32, [CORE], {}), delivery)
    assert (back.samples, back.detail, back.success, back.observations) == (samples, detail, success, seen)


def test_a_configuration_is_the_same_after_its_way() -> None:
    read = Configuration("ios", "hostname sw\nend\n")
    [back] = errands._results(errands.Errand("0" * 32, [CORE], {}), found(configuration=read))
    assert back.configuration == read


@pytest.mark.parametrize("sent", [("unknown", packed("x")), ("ios", "not packed"), None])
def test_a_configuration_that_is_not_understood_is_none(sent: tuple[str, str] | None) -> None:
    delivery = found()
    delivery.results[0].configuration = sent
    [back] = errands._results(errands.Errand("0" * 32, [CORE], {}), delivery)
    assert back.configuration is None
