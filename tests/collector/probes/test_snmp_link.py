import asyncio
from collections.abc import Iterable
from typing import Any

import pytest

from collector import metrics
from collector.agents.ports import FRESH_S, IF_ADMIN_STATUS, IF_ALIAS, IF_DESCR, IF_NAME, IF_OPER_STATUS
from collector.probe import Result
from collector.snmp import SYS_UP_TIME
from tests.support import hostile_agent as hostile
from tests.support.hostile_agent import Cell, HostileAgent, Request, cell
from tests.support.namespace import alone, ip
from tests.support.polling import PUBLIC, Poller, poll, polling, values
from tests.support.snmpd import Snmpd

UP, DOWN, LOWER_LAYER_DOWN = 1, 2, 7


def ports(*rows: tuple[int, str, int], up_time: int = 5_000) -> dict[str, Cell]:
    """Return the tables of an agent: (ifIndex, ifName, ifOperStatus) of each port."""
    table = {SYS_UP_TIME: cell(up_time, hostile.TICKS)}
    for index, name, oper in rows:
        table |= {
            f"{IF_DESCR}.{index}": cell(f"port {name}"),
            f"{IF_NAME}.{index}": cell(name),
            f"{IF_ALIAS}.{index}": cell("to Tân Quang"),
            f"{IF_ADMIN_STATUS}.{index}": cell(UP),
            f"{IF_OPER_STATUS}.{index}": cell(oper),
        }
    return table


def states(result: Result) -> dict[tuple[str, str], float]:
    """Return (ifIndex, ifName) to ifOperStatus."""
    return {(index, name): value for (index, name, *_), value in values(result, metrics.IF_OPER_STATUS).items()}


def test_a_port_of_a_real_agent_goes_down_and_comes_back_with_its_cable() -> None:
    def cut() -> Any:
        ip("link add wan0 type veth peer name far0")
        ip("link set wan0 up")
        ip("link set far0 up")
        with Snmpd() as agent:

            async def three(poller: Poller) -> list[Result]:
                async def look() -> Result:
                    return await poller("snmp_link", PUBLIC, port=agent.port, interfaces=["wan0"])

                before = await look()
                ip("link set far0 down")
                agent.restart()
                cut = await look()
                ip("link set far0 up")
                agent.restart()
                return [before, cut, await look()]

            return polling(three)

    results = alone(cut)
    assert all(result.success for result in results)
    readings = [next(iter(states(result).values())) for result in results]
    assert readings[0] == readings[2] == UP
    assert readings[1] in {DOWN, LOWER_LAYER_DOWN}


def test_state_and_labels_come_by_one_request_once_the_port_is_known() -> None:
    async def twice(poller: Poller) -> Result:
        await poller("snmp_link", PUBLIC, port=agent.port, interfaces=["sfp1", "sfp2"])
        agent.seen.clear()
        return await poller("snmp_link", PUBLIC, port=agent.port, interfaces=["sfp1", "sfp2"])

    with HostileAgent(ports((3, "sfp1", UP), (4, "sfp2", LOWER_LAYER_DOWN), (5, "ether1", UP))) as agent:
        result = polling(twice)
        assert len(agent.seen) == 1
    labels = ("3", "sfp1", "port sfp1", "to Tân Quang")
    assert values(result, metrics.IF_ADMIN_STATUS)[labels] == UP
    assert states(result) == {("3", "sfp1"): UP, ("4", "sfp2"): LOWER_LAYER_DOWN}


def test_a_port_is_followed_by_its_name_when_indexes_change_places() -> None:
    async def twice(poller: Poller) -> tuple[Result, Result]:
        before = await poller("snmp_link", PUBLIC, port=agent.port, interfaces=["sfp1"])
        agent.load(ports((3, "sfp2", DOWN), (4, "sfp1", UP)))
        return before, await poller("snmp_link", PUBLIC, port=agent.port, interfaces=["sfp1"])

    with HostileAgent(ports((3, "sfp1", UP), (4, "sfp2", DOWN))) as agent:
        before, after = polling(twice)
    assert states(before) == {("3", "sfp1"): UP}
    assert states(after) == {("4", "sfp1"): UP}


def test_a_port_is_found_again_when_its_index_is_gone_or_the_device_has_restarted() -> None:
    async def thrice(poller: Poller) -> list[Result]:
        found = [await poller("snmp_link", PUBLIC, port=agent.port, interfaces=["sfp1"])]
        agent.load(ports((7, "sfp1", UP)))
        found.append(await poller("snmp_link", PUBLIC, port=agent.port, interfaces=["sfp1"]))
        agent.load(ports((7, "sfp1", DOWN), up_time=3))
        found.append(await poller("snmp_link", PUBLIC, port=agent.port, interfaces=["sfp1"]))
        return found

    with HostileAgent(ports((3, "sfp1", UP))) as agent:
        found = polling(thrice)
    assert [states(result) for result in found] == [{("3", "sfp1"): UP}, {("7", "sfp1"): UP}, {("7", "sfp1"): DOWN}]


def test_an_unknown_name_is_a_failure_that_names_it() -> None:
    with HostileAgent(ports((3, "sfp1", UP))) as agent:
        result = poll("snmp_link", PUBLIC, port=agent.port, interfaces=["sfp9"])
    assert (result.reason, result.detail) == ("snmp_no_interface", "sfp9")


def test_of_two_ports_with_one_name_the_first_keeps_it() -> None:
    with HostileAgent(ports((3, "wan", UP), (4, "wan", DOWN))) as agent:
        result = poll("snmp_link", PUBLIC, port=agent.port, interfaces=["wan", "wan#4"])
    assert states(result) == {("3", "wan"): UP, ("4", "wan#4"): DOWN}


def test_a_device_without_names_is_known_by_its_descriptions() -> None:
    table = {oid: value for oid, value in ports((1, "x", UP)).items() if not oid.startswith(IF_NAME)}
    with HostileAgent(table) as agent:
        assert states(poll("snmp_link", PUBLIC, port=agent.port, interfaces=["port x"])) == {("1", "port x"): UP}


def test_no_interface_at_all_to_watch_is_refused() -> None:
    assert poll("snmp_link", PUBLIC, interfaces=[]).reason == "settings"


def test_states_that_the_agent_withholds_are_a_failure() -> None:
    table = {oid: value for oid, value in ports((3, "sfp1", UP)).items() if not oid.startswith(IF_OPER_STATUS)}
    with HostileAgent(table) as agent:
        result = poll("snmp_link", PUBLIC, port=agent.port, interfaces=["sfp1"])
    assert (result.success, result.reason) == (False, "snmp_empty")


def test_a_description_that_changed_is_seen_after_ten_minutes_and_a_failed_look_keeps_the_old_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def no_walks(peer: HostileAgent, request: Request) -> Iterable[bytes]:
        return hostile.honest(peer, request) if request.kind == hostile.GET else hostile.error(5)(peer, request)

    async def four(poller: Poller) -> list[str]:
        async def alias() -> str:
            result = await poller("snmp_link", PUBLIC, port=agent.port, interfaces=["sfp1"])
            ((*_, said),) = values(result, metrics.IF_OPER_STATUS)
            return str(said)

        seen = [await alias()]
        agent.load(ports((3, "sfp1", UP)) | {f"{IF_ALIAS}.3": cell("to Đồng Yên")})
        seen.append(await alias())
        loop = asyncio.get_running_loop()
        later = loop.time() + FRESH_S + 1
        monkeypatch.setattr(loop, "time", lambda: later)
        agent.behaviour = no_walks
        seen.append(await alias())
        agent.behaviour = hostile.honest
        seen.append(await alias())
        return seen

    with HostileAgent(ports((3, "sfp1", UP))) as agent:
        assert polling(four) == ["to Tân Quang", "to Tân Quang", "to Tân Quang", "to Đồng Yên"]


def test_the_state_of_a_link_never_waits_for_a_walk_of_the_slow_lane() -> None:
    def no_walks(peer: HostileAgent, request: Request) -> Iterable[bytes]:
        return hostile.honest(peer, request) if request.kind == hostile.GET else ()

    async def both(poller: Poller) -> Result:
        await poller("snmp_link", PUBLIC, port=agent.port, interfaces=["sfp1"])
        agent.behaviour = no_walks
        slow = asyncio.ensure_future(poller("snmp_interfaces", PUBLIC, port=agent.port, timeout_s=600.0))
        async with asyncio.timeout(60):
            while agent.seen[-1].kind == hostile.GET:  # noqa: ASYNC110 - what is waited for happens in the agent's thread
                await asyncio.sleep(0.01)
        fast = await poller("snmp_link", PUBLIC, port=agent.port, interfaces=["sfp1"])
        assert not slow.done()
        slow.cancel()
        return fast

    with HostileAgent(ports((3, "sfp1", UP))) as agent:
        assert polling(both).success
