import pytest
from hypothesis import given
from hypothesis import strategies as st

from collector import metrics
from collector.agents.entities import ENT_CLASS
from collector.agents.system import (
    CHASSIS,
    ENGINE_TIME,
    ENT_FIRMWARE,
    ENT_MODEL,
    ENT_SERIAL,
    WRAP_S,
    running_s,
)
from collector.probe import Observation, Result
from collector.snmp import SYS_UP_TIME
from tests.support import hostile_agent as hostile
from tests.support.hostile_agent import HostileAgent, cell
from tests.support.polling import PUBLIC, Poller, poll, polling, v3, values
from tests.support.snmpd import Snmpd, V3User

SYSTEM = {
    "1.3.6.1.2.1.1.1.0": cell("a switch"),
    "1.3.6.1.2.1.1.2.0": (hostile.OID, hostile.path((1, 3, 6, 1, 4, 1, 9, 1, 516))),
    SYS_UP_TIME: cell(5_000, hostile.TICKS),
    "1.3.6.1.2.1.1.5.0": cell("tan-quang-sw1"),
}
STACK = {
    f"{ENT_CLASS}.1": cell(11),
    f"{ENT_CLASS}.1001": cell(CHASSIS),
    f"{ENT_CLASS}.2001": cell(CHASSIS),
    f"{ENT_SERIAL}.1001": cell("FDO1622Y10H"),
    f"{ENT_MODEL}.1001": cell("WS-C3750G-12S-S"),
    f"{ENT_FIRMWARE}.1001": cell(""),
    f"{ENT_SERIAL}.2001": cell("FDO1622Y10J"),
}


def test_uptime_and_names_are_those_that_net_snmp_reads() -> None:
    with Snmpd() as agent:
        result = poll("snmp_system", PUBLIC, port=agent.port)
        theirs = agent.walk("1.3.6.1.2.1.1")
    assert result.success
    up_time = values(result, metrics.SYS_UP_TIME)[()]
    assert abs(up_time - int(theirs[SYS_UP_TIME])) < 200
    ((name, description, object_id),) = values(result, metrics.SYS_INFO)
    assert (name, description) == ("agent.example", "agent for tests")
    assert object_id == theirs["1.3.6.1.2.1.1.2.0"].lstrip(".")
    assert result.observations == (Observation("name", "system", "agent.example"),)


def test_v3_reads_the_same() -> None:
    with Snmpd(users=(V3User("watcher", "SHA-256", "authentic phrase", "AES", "private phrase"),)) as agent:
        result = poll("snmp_system", v3("watcher", "authentic phrase", "private phrase"), port=agent.port)
    assert result.success


def test_each_chassis_of_a_stack_is_observed_with_its_serial() -> None:
    with HostileAgent(SYSTEM | STACK) as agent:
        result = poll("snmp_system", PUBLIC, port=agent.port)
    assert result.observations == (
        Observation("name", "system", "tan-quang-sw1"),
        Observation("serial", "chassis", "FDO1622Y10H"),
        Observation("model", "chassis", "WS-C3750G-12S-S"),
        Observation("serial", "chassis 2", "FDO1622Y10J"),
    )


def test_the_chassis_is_asked_again_only_after_a_restart() -> None:
    async def three(poller: Poller) -> list[Result]:
        first = await poller("snmp_system", PUBLIC, port=agent.port)
        agent.load(SYSTEM | STACK | {f"{ENT_SERIAL}.1001": cell("SWAPPED")})
        second = await poller("snmp_system", PUBLIC, port=agent.port)
        agent.load(SYSTEM | STACK | {f"{ENT_SERIAL}.1001": cell("SWAPPED"), SYS_UP_TIME: cell(10, hostile.TICKS)})
        return [first, second, await poller("snmp_system", PUBLIC, port=agent.port)]

    with HostileAgent(SYSTEM | STACK) as agent:
        results = polling(three)
    serials = [result.observations[1].value for result in results]
    assert serials == ["FDO1622Y10H", "FDO1622Y10H", "SWAPPED"]


def test_control_characters_and_bad_octets_do_not_reach_a_label() -> None:
    with HostileAgent(SYSTEM | {"1.3.6.1.2.1.1.1.0": cell(b"two\r\nlines\x00\xff" + b"x" * 400)}) as agent:
        result = poll("snmp_system", PUBLIC, port=agent.port)
    ((_, description, _),) = values(result, metrics.SYS_INFO)
    assert description.startswith("two  lines")
    assert description.isprintable()
    assert len(description) == 200


def test_a_view_without_the_system_group_is_a_failure() -> None:
    with HostileAgent({SYS_UP_TIME: cell(1, hostile.TICKS)}) as agent:
        result = poll("snmp_system", PUBLIC, port=agent.port)
    assert (result.success, result.reason) == (False, "snmp_empty")


DAY = 86_400


@pytest.mark.parametrize(
    ("up_time_s", "engine_s", "seconds"),
    [
        (10 * DAY, 10 * DAY, 10 * DAY),
        (3 * DAY, round(WRAP_S) + 3 * DAY, round(WRAP_S) + 3 * DAY),
        (3 * DAY, round(2 * WRAP_S) + 3 * DAY, round(2 * WRAP_S) + 3 * DAY),
        (10 * DAY, 2 * DAY, 10 * DAY),
        (10 * DAY, 700 * DAY, 10 * DAY),
        (10 * DAY, None, 10 * DAY),
        (10 * DAY, b"long", 10 * DAY),
        (10 * DAY, -1, 10 * DAY),
        (10 * DAY, 2**31 + 10, 10 * DAY),
    ],
)
def test_a_device_that_runs_for_more_than_497_days_is_told_from_one_that_has_just_restarted(
    up_time_s: int, engine_s: int | bytes | None, seconds: int
) -> None:
    assert running_s(up_time_s * 100, engine_s) == pytest.approx(seconds, abs=1)


@given(st.integers(0, 2**32 - 1), st.one_of(st.none(), st.integers(-(2**31), 2**40)))
def test_no_device_runs_for_less_than_its_counter_says(up_time: int, engine_time: int | None) -> None:
    assert up_time / 100 <= running_s(up_time, engine_time) < 2**32


def test_the_time_since_the_start_is_given_in_seconds() -> None:
    with HostileAgent(SYSTEM | {ENGINE_TIME: cell(round(WRAP_S) + 50)}) as agent:
        result = poll("snmp_system", PUBLIC, port=agent.port)
    assert values(result, metrics.AGENT_UPTIME) == {(): round(WRAP_S) + 50}
    assert values(result, metrics.SYS_UP_TIME) == {(): 5_000}
