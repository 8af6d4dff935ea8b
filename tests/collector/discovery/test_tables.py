"""ARP and forwarding tables of a small switch, and of agents that are wrong."""

from typing import Any

import pytest

from collector.agents.ports import IF_DESCR, IF_NAME
from collector.discovery.arp import IF_PHYS_ADDRESS, NET_TO_MEDIA, NET_TO_PHYSICAL
from collector.discovery.fdb import BASE_PORT_IF_INDEX, Q_FDB_PORT, Q_FDB_STATUS, TP_FDB_PORT, TP_FDB_STATUS
from collector.discovery.neighbours import LLDP_REMOTE
from collector.metrics import DISCOVERY_ROWS
from collector.snmp import SYS_UP_TIME
from tests.support import hostile_agent as hostile
from tests.support.hostile_agent import Cell, HostileAgent, cell
from tests.support.namespace import alone, ip
from tests.support.polling import PUBLIC, Poller, poll, polling, values
from tests.support.snmpd import Snmpd

PC = "0.12.66.1.2.3"
"""00:0c:42:01:02:03 as a part of an index."""

OCTETS = b"\x00\x0c\x42\x01\x02\x03"


def switch(more: dict[str, Cell]) -> dict[str, Cell]:
    table = {SYS_UP_TIME: cell(9_000, hostile.TICKS)}
    for index, name in enumerate(("gi1", "gi2"), 11):
        table |= {f"{IF_DESCR}.{index}": cell(f"port {index}"), f"{IF_NAME}.{index}": cell(name)}
    return table | more


def told(kind: str, more: dict[str, Cell]) -> list[tuple[Any, ...]]:
    with HostileAgent(switch(more)) as agent:
        result = poll(kind, PUBLIC, port=agent.port)
    assert result.success, result
    return [tuple(one) for one in result.observations]


def test_the_older_arp_table_is_enough() -> None:
    assert told("snmp_arp", {f"{NET_TO_MEDIA}.11.10.0.0.7": cell(OCTETS)}) == [("arp", "10.0.0.7", "00:0c:42:01:02:03")]


def test_the_newer_arp_table_is_read_where_the_older_is_empty() -> None:
    more = {
        f"{NET_TO_PHYSICAL}.11.1.4.10.0.0.7": cell(OCTETS),
        f"{NET_TO_PHYSICAL}.11.2.16.{'254.128.' + '0.' * 13}1": cell(OCTETS),
    }
    assert told("snmp_arp", more) == [("arp", "10.0.0.7", "00:0c:42:01:02:03")]


def test_a_device_tells_its_own_addresses_and_does_not_count_itself_as_another() -> None:
    more = {f"{IF_PHYS_ADDRESS}.11": cell(OCTETS), f"{NET_TO_MEDIA}.11.10.0.0.1": cell(OCTETS)}
    assert told("snmp_arp", more) == [("mac", "gi1", "00:0c:42:01:02:03")]


@pytest.mark.parametrize("index", ["11.224.0.0.5", "11.0.0.0.0", "11.127.0.0.1", "11.10.0.0", "11.10.0.0.300"])
def test_an_address_of_no_machine_is_left_out(index: str) -> None:
    assert told("snmp_arp", {f"{NET_TO_MEDIA}.{index}": cell(OCTETS)}) == []


def test_the_table_with_vlans_comes_before_the_one_without() -> None:
    more = {
        f"{Q_FDB_PORT}.7.{PC}": cell(2), f"{Q_FDB_STATUS}.7.{PC}": cell(3), f"{BASE_PORT_IF_INDEX}.2": cell(12),
        f"{TP_FDB_PORT}.{PC}": cell(1),
    }  # fmt: skip
    assert told("snmp_fdb", more) == [("port", "00:0c:42:01:02:03", "gi2")]


def test_without_vlans_and_without_a_table_of_ports_the_number_is_the_index() -> None:
    more = {f"{TP_FDB_PORT}.{PC}": cell(11), f"{TP_FDB_STATUS}.{PC}": cell(3)}
    assert told("snmp_fdb", more) == [("port", "00:0c:42:01:02:03", "gi1")]


@pytest.mark.parametrize(("port", "status"), [(0, 3), (11, 4), (11, 5), (99, 3)])
def test_what_was_not_learned_at_a_known_port_is_left_out(port: int, status: int) -> None:
    assert told("snmp_fdb", {f"{TP_FDB_PORT}.{PC}": cell(port), f"{TP_FDB_STATUS}.{PC}": cell(status)}) == []


def test_a_machine_that_stands_at_two_ports_is_left_out() -> None:
    more = {f"{Q_FDB_PORT}.7.{PC}": cell(11), f"{Q_FDB_PORT}.8.{PC}": cell(12)}
    assert told("snmp_fdb", more) == []


@pytest.mark.parametrize("kind", ["snmp_fdb", "snmp_arp", "snmp_neighbours"])
def test_ports_that_were_numbered_anew_by_a_restart_are_told_by_their_names_of_now(kind: str) -> None:
    rows = {
        f"{Q_FDB_PORT}.7.{PC}": cell(11),
        f"{IF_PHYS_ADDRESS}.11": cell(OCTETS),
        f"{LLDP_REMOTE}.5.0.11.1": cell("router"),
    }
    after = switch(rows) | {SYS_UP_TIME: cell(100, hostile.TICKS)}
    for index, name in ((11, "gi2"), (12, "gi1")):
        after[f"{IF_NAME}.{index}"] = cell(name)

    async def twice(poller: Poller) -> list[str]:
        first = await poller(kind, PUBLIC, port=agent.port)
        agent.load(after)
        second = await poller(kind, PUBLIC, port=agent.port)
        return [str(result.observations) for result in (first, second)]

    with HostileAgent(switch(rows)) as agent:
        first, second = polling(twice)
    assert [name in first for name in ("gi1", "gi2")] == [True, False]
    assert [name in second for name in ("gi1", "gi2")] == [False, True]


def test_a_port_that_the_table_of_ports_leaves_out_is_not_taken_for_another() -> None:
    more = {f"{Q_FDB_PORT}.7.{PC}": cell(11), f"{BASE_PORT_IF_INDEX}.2": cell(12)}
    assert told("snmp_fdb", more) == []


def test_ten_thousand_entries_are_cut_and_counted() -> None:
    rows = {
        f"{NET_TO_MEDIA}.11.10.{n >> 8}.{n & 255}.1": cell(b"\x00\x0c\x42\x00" + n.to_bytes(2, "big"))
        for n in range(10_000)
    }
    with HostileAgent(switch(rows)) as agent:
        result = poll("snmp_arp", PUBLIC, port=agent.port, timeout_s=120)
    assert len(result.observations) == 4_000
    assert values(result, DISCOVERY_ROWS) == {("arp",): 10_000}


def test_of_too_many_machines_those_are_told_that_stand_at_ports_with_few() -> None:
    crowd = {f"{TP_FDB_PORT}.0.12.66.0.{n >> 8}.{n & 255}": cell(11) for n in range(5_000)}
    few = {f"{TP_FDB_PORT}.240.12.66.0.0.{n}": cell(12) for n in range(3)}
    with HostileAgent(switch(crowd | few)) as agent:
        result = poll("snmp_fdb", PUBLIC, port=agent.port, timeout_s=120)
    assert values(result, DISCOVERY_ROWS)["fdb",] == 5_003
    assert len(result.observations) == 4_000
    assert [one.value for one in result.observations[:4]] == ["gi2", "gi2", "gi2", "gi1"]


def test_a_real_agent_gives_what_its_own_walk_reads() -> None:
    def inside() -> None:
        with Snmpd() as agent:
            read = {name for name, value in agent.walk(NET_TO_MEDIA).items() if len(value.split()) == 6}
            result = poll("snmp_arp", PUBLIC, port=agent.port)
            assert result.success, result
            entries = [one for one in result.observations if one.kind == "arp"]
            assert len(entries) <= len(read)
            assert poll("snmp_fdb", PUBLIC, port=agent.port).success
            assert poll("snmp_neighbours", PUBLIC, port=agent.port).success

    # The machine's own network meets somebody at any time.
    alone(inside)


@pytest.mark.root
def test_a_real_agent_in_a_network_of_its_own_tells_whom_its_kernel_has_met() -> None:
    def inside() -> Any:
        ip("link add v0 type veth peer name v1")
        for end in ("v0", "v1"):
            ip(f"link set {end} up")
        ip("addr add 10.99.0.1/24 dev v0")
        ip("neigh replace 10.99.0.7 lladdr 00:0c:42:01:02:03 dev v0 nud permanent")
        with Snmpd() as agent:
            return poll("snmp_arp", PUBLIC, port=agent.port)

    result = alone(inside)
    assert result.success, result
    told = {(one.kind, one.subject): one.value for one in result.observations}
    assert told["arp", "10.99.0.7"] == "00:0c:42:01:02:03"
    assert len(told["mac", "v0"]) == 17
