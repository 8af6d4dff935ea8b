import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Annotated, Any

import pytest
from pydantic import Field, SecretStr, ValidationError

from collector import metrics
from collector.doors import OpenDoors
from collector.probe import Answer, Doors, Probe, ProbeFailure, Result, Sample, Settings, run, settings_of
from collector.target import Credential, HttpLogin, SnmpV2c, Target
from inventory.text import same

SECRET = "planted-secret"


class Shape(Settings):
    size: int = 1


def probe(act: Callable[[], Awaitable[Answer]], needs: tuple[str, ...] = (), kind: str = "trial") -> Probe:
    async def ask(target: Target, settings: Shape, credential: Credential | None, doors: Doors) -> Answer:
        return await act()

    return Probe(kind=kind, title=same("trial"), job="network", run=ask, settings=Shape, needs=needs)


def target(timeout_s: float = 60.0, credential: str | None = None, **settings: Any) -> Target:
    return Target(
        instance="router-1",
        site="tan-quang",
        probe="trial",
        address="192.0.2.1",
        credential=credential,
        interval_s=1,
        timeout_s=timeout_s,
        settings=settings,
    )


def result(asked: Probe, at: Target, credential: Credential | None = None) -> Result:
    async def inside() -> Result:
        async with OpenDoors() as doors:
            return await run(asked, at, credential, doors)

    return asyncio.run(inside())


async def good() -> Answer:
    return Answer((Sample(metrics.HTTP_STATUS, (), 200),))


async def lost() -> Answer:
    raise ProbeFailure("connect", "Connection refused")


async def unheard_of() -> Answer:
    raise ProbeFailure("no_such_reason", "x")


async def broken() -> Answer:
    secret = SECRET
    raise RuntimeError(f"cannot log in with {secret}")


async def hangs() -> Answer:
    await asyncio.sleep(60)
    return Answer()


async def impatient() -> Answer:
    raise TimeoutError


def test_a_success_carries_samples_time_and_no_reason() -> None:
    before = datetime.now(UTC)
    found = result(probe(good), target())
    assert (found.success, found.reason, found.detail) == (True, None, "")
    assert found.samples == (Sample(metrics.HTTP_STATUS, (), 200),)
    assert before <= found.started_at <= datetime.now(UTC)
    assert 0 <= found.duration_s < 60


def test_a_failure_carries_its_reason_and_detail_and_no_sample() -> None:
    found = result(probe(lost), target())
    assert (found.success, found.reason, found.detail) == (False, "connect", "Connection refused")
    assert found.samples == ()


@pytest.mark.parametrize("act", [hangs, impatient])
def test_a_deadline_ends_the_run_with_its_own_reason(act: Callable[[], Awaitable[Answer]]) -> None:
    found = result(probe(act), target(timeout_s=0.1))
    assert (found.success, found.reason, found.detail) == (False, "deadline", "0.1 s")
    assert found.duration_s < 30


def test_an_unknown_exception_is_internal_and_logged_once_without_its_message(caplog: pytest.LogCaptureFixture) -> None:
    asked = probe(broken, kind="broken_once")
    with caplog.at_level(logging.DEBUG):
        found = [result(asked, target()) for _ in range(3)]
    assert {(one.reason, one.detail) for one in found} == {("internal", "RuntimeError")}
    logged = [record for record in caplog.records if record.name == "collector.probe"]
    assert len(logged) == 1
    assert "test_probe.py" in logged[0].getMessage()
    assert SECRET not in caplog.text
    assert SECRET not in repr(found)


def test_a_reason_that_is_not_in_the_table_is_a_fault_of_our_own() -> None:
    found = result(probe(unheard_of), target())
    assert (found.reason, found.detail) == ("internal", "no_such_reason: x")


def test_wrong_settings_are_named_and_their_values_are_not_shown() -> None:
    found = result(probe(good), target(size=SECRET, colour="red"))
    assert found.reason == "settings"
    assert found.detail == "size, colour"


def test_a_credential_of_another_kind_is_refused() -> None:
    login = HttpLogin(user="a", password=SecretStr(SECRET))
    found = result(probe(good, needs=("snmp_v2c",)), target(credential="office"), login)
    assert (found.reason, found.detail) == ("credential", "office: http")
    assert SECRET not in repr(found)


def test_a_credential_that_the_roster_lacks_is_named() -> None:
    found = result(probe(good, needs=("snmp_v2c",)), target(credential="office"))
    assert (found.reason, found.detail) == ("credential", "office")


def test_a_credential_of_the_right_kind_is_taken() -> None:
    community = SnmpV2c(community=SecretStr("public"))
    assert result(probe(good, needs=("snmp_v2c",)), target(credential="office"), community).success


def test_a_cancellation_from_outside_is_no_result() -> None:
    async def inside() -> None:
        async with OpenDoors() as doors:
            task = asyncio.ensure_future(run(probe(hangs), target(timeout_s=30), None, doors))
            await asyncio.sleep(0.01)
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task

    asyncio.run(inside())


def test_a_long_detail_is_cut() -> None:
    assert len(ProbeFailure("connect", "x" * 500).detail) == 200


def test_parameters_are_checked_once_and_what_looks_alike_is_not_taken_for_the_same() -> None:
    class Strict(Settings):
        size: Annotated[int, Field(strict=True)] = 1
        names: tuple[str, ...] = ()

    async def nothing() -> Answer:
        return Answer()

    trial = replace(probe(nothing), settings=Strict)
    assert settings_of(trial, target(size=1)) is settings_of(trial, target(size=1))
    assert settings_of(trial, target(names=["a"])) == Strict(names=("a",))
    with pytest.raises(ValidationError):
        settings_of(trial, target(size=True))
