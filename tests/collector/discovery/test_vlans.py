"""Switches that keep a forwarding table for each VLAN behind a community of its own."""

from typing import Any

import pytest

from collector.agents.ports import IF_DESCR, IF_NAME
from collector.agents.system import SYS_OBJECT_ID
from collector.discovery import vlans
from collector.discovery.fdb import BASE_PORT_IF_INDEX, Q_FDB_PORT, TP_FDB_PORT, TP_FDB_STATUS
from collector.discovery.vlans import VLAN_STATE, VLAN_TYPE
from collector.metrics import DISCOVERY_ROWS
from collector.probe import Result
from collector.snmp import SYS_UP_TIME
from tests.support import dumps
from tests.support import hostile_agent as hostile
from tests.support.hostile_agent import Cell, HostileAgent, cell, key, path
from tests.support.polling import PUBLIC, Poller, poll, polling, v3, values
from tests.support.snmpd import Snmpd, V3User

CATALYST = "1.3.6.1.4.1.9.1.516"
Table = dict[str, Cell]


def switch(object_id: str = CATALYST, numbers: tuple[int, ...] = (1, 10, 20), **more: Any) -> Table:
    """Return what a switch says of whatever VLAN it is asked: its ports, whose ifIndex is 101 and on, and its VLANs."""
    table = {SYS_UP_TIME: cell(9_000, hostile.TICKS), SYS_OBJECT_ID: (hostile.OID, path(key(object_id)))}
    for number in (1, 2, 3):
        table |= {f"{IF_DESCR}.10{number}": cell(f"port {number}"), f"{IF_NAME}.10{number}": cell(f"Gi0/{number}")}
    for number in numbers:
        table |= {f"{VLAN_STATE}.1.{number}": cell(1), f"{VLAN_TYPE}.1.{number}": cell(1)}
    return table | more


def heard(last: int, bridge_port: int, port: int) -> Table:
    """Return the table of one VLAN: a machine at a port of the bridge, which has a number of its own in each VLAN."""
    mac = f"0.12.66.1.2.{last}"
    return {
        f"{TP_FDB_PORT}.{mac}": cell(bridge_port),
        f"{TP_FDB_STATUS}.{mac}": cell(3),
        f"{BASE_PORT_IF_INDEX}.{bridge_port}": cell(100 + port),
    }


def asked(table: Table, further: dict[bytes, Table], **options: Any) -> tuple[Result, list[bytes]]:
    with HostileAgent(table, further=further) as agent:
        result = poll("snmp_fdb", PUBLIC, port=agent.port, timeout_s=60, **options)
        communities = list(dict.fromkeys(request.community for request in agent.seen))
    assert result.success, result
    return result, communities


def ports(result: Result) -> dict[str, str]:
    return {one.subject[-2:]: one.value for one in result.observations}


def test_each_vlan_is_asked_by_its_own_community_and_names_its_own_ports() -> None:
    base = switch()
    further = {b"public@10": base | heard(2, 1, 2), b"public@20": base | heard(3, 1, 3)}
    result, communities = asked(base | heard(1, 1, 1), further)
    assert ports(result) == {"01": "Gi0/1", "02": "Gi0/2", "03": "Gi0/3"}
    assert communities == [b"public", b"public@10", b"public@20"]
    assert values(result, DISCOVERY_ROWS) == {("fdb",): 3, ("vlans",): 2}


def test_a_machine_that_is_heard_in_two_vlans_at_one_port_stands_there() -> None:
    base = switch()
    both = {b"public@10": base | heard(2, 4, 2), b"public@20": base | heard(2, 9, 2)}
    assert ports(asked(base, both)[0]) == {"02": "Gi0/2"}
    torn = {b"public@10": base | heard(2, 4, 2), b"public@20": base | heard(2, 9, 3)}
    assert ports(asked(base, torn)[0]) == {}


@pytest.mark.parametrize("object_id", ["1.3.6.1.4.1.9.6.1.83", "1.3.6.1.4.1.9.12.3.1.3.1084", "1.3.6.1.4.1.25506.1.1"])
def test_no_other_maker_is_asked_for_single_vlans(object_id: str) -> None:
    result, communities = asked(switch(object_id) | heard(1, 1, 1), {})
    assert ports(result) == {"01": "Gi0/1"}
    assert communities == [b"public"]


def test_a_switch_with_one_table_of_all_vlans_is_asked_for_no_single_one() -> None:
    more = {f"{Q_FDB_PORT}.10.0.12.66.1.2.7": cell(102)}
    result, communities = asked(switch() | more, {})
    assert (ports(result), communities) == ({"07": "Gi0/2"}, [b"public"])


def test_vlans_that_are_not_in_use_or_no_ethernet_are_left_out() -> None:
    odd = {
        f"{VLAN_STATE}.1.30": cell(2),  # suspended
        f"{VLAN_STATE}.1.1002": cell(1), f"{VLAN_TYPE}.1.1002": cell(2),  # FDDI
        f"{VLAN_STATE}.1.4095": cell(1), f"{VLAN_STATE}.1.0": cell(1),
    }  # fmt: skip
    base = switch(numbers=(1, 10)) | odd
    assert asked(base, {b"public@10": base})[1] == [b"public", b"public@10"]


def test_a_vlan_that_does_not_answer_costs_only_what_lies_behind_it(monkeypatch: pytest.MonkeyPatch) -> None:
    # Long enough for the one that answers.
    monkeypatch.setattr("collector.probes.snmp_fdb.TRY_S", 3.0)
    base = switch()
    table = base | heard(1, 1, 1)
    with HostileAgent(table, further={b"public@10": base | heard(2, 1, 2)}) as agent:

        async def act(poller: Poller) -> list[Result]:
            return [await poller("snmp_fdb", PUBLIC, port=agent.port, timeout_s=60) for _ in range(2)]

        for result in polling(act):
            assert ports(result) == {"01": "Gi0/1", "02": "Gi0/2"}


def test_a_switch_that_knows_no_such_communities_is_left_in_peace_for_an_hour(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("collector.probes.snmp_fdb.TRY_S", 0.3)
    with HostileAgent(switch() | heard(1, 1, 1)) as agent:

        async def act(poller: Poller) -> list[Result]:
            return [await poller("snmp_fdb", PUBLIC, port=agent.port, timeout_s=60) for _ in range(2)]

        results = polling(act)
    assert [ports(result) for result in results] == [{"01": "Gi0/1"}] * 2
    assert [values(result, DISCOVERY_ROWS)["vlans",] for result in results] == [0, 0]


def test_more_vlans_than_fit_a_poll_are_read_in_turn(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(vlans, "MOST", 2)
    numbers = (1, 10, 20, 30)
    base = switch(numbers=numbers)
    further = {f"public@{number}".encode(): base | heard(number, 1, 2) for number in numbers[1:]}
    with HostileAgent(base, further=further) as agent:

        async def act(poller: Poller) -> list[Result]:
            return [await poller("snmp_fdb", PUBLIC, port=agent.port, timeout_s=60) for _ in range(2)]

        first, second = polling(act)
    assert sorted(ports(first)) == ["0a", "14"]
    assert sorted(ports(second)) == ["0a", "1e"]


def test_a_slow_switch_keeps_what_it_has_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(vlans, "LONGEST_S", 0.0)
    result, communities = asked(switch() | heard(1, 1, 1), {})
    assert (ports(result), communities) == ({"01": "Gi0/1"}, [b"public"])


def test_by_version_3_the_table_of_the_first_vlan_is_all_that_is_read() -> None:
    user = V3User("reader", "SHA-256", "authpass1", "AES", "privpass1")
    with Snmpd(users=(user,), config=f"sysObjectID {CATALYST}") as agent:
        result = poll("snmp_fdb", v3("reader", "authpass1", "privpass1"), port=agent.port)
    assert result.success, result
    assert values(result, DISCOVERY_ROWS) == {("fdb",): 0}


def test_a_real_catalyst_tells_its_vlans() -> None:
    under = (SYS_UP_TIME, SYS_OBJECT_ID, IF_DESCR, IF_NAME, TP_FDB_PORT, VLAN_STATE, VLAN_TYPE, BASE_PORT_IF_INDEX)
    table = dict(dumps.dump("cisco-c3750", tuple(f"{oid.removesuffix('.0')}." for oid in under)))
    numbers = [int(oid.rpartition(".")[2]) for oid in table if oid.startswith(f"{VLAN_STATE}.")]
    further = {f"public@{number}".encode(): table for number in numbers}
    result, communities = asked(table, further)
    assert len(ports(result)) > 1
    assert values(result, DISCOVERY_ROWS)["vlans",] == len(communities) - 1 > 10
    assert b"public@1002" not in communities
