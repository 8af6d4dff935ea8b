"""Neighbours that write whatever they like."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collector.agents.ports import IF_DESCR, IF_NAME
from collector.discovery.neighbours import CDP_CACHE, LLDP_ADDRESS, LLDP_LOCAL, LLDP_REMOTE, Neighbour
from collector.snmp import SYS_UP_TIME
from tests.support import hostile_agent as hostile
from tests.support.hostile_agent import Cell, HostileAgent, cell
from tests.support.polling import PUBLIC, poll

ROUTER = b"\x00\x0c\x42\x01\x02\x03"


def switch(**more: Any) -> dict[str, Cell]:
    table = {SYS_UP_TIME: cell(9_000, hostile.TICKS)}
    for index, name in enumerate(("gi1", "gi2"), 1):
        table |= {f"{IF_DESCR}.{index}": cell(f"port {index}"), f"{IF_NAME}.{index}": cell(name)}
    return table | more


def lldp(number: str, *, chassis: bytes = ROUTER, name: str = "router", port: str = "ether1") -> dict[str, Cell]:
    row = f"0.{number}"
    return {
        f"{LLDP_REMOTE}.4.{row}": cell(4),
        f"{LLDP_REMOTE}.5.{row}": cell(chassis),
        f"{LLDP_REMOTE}.6.{row}": cell(5),
        f"{LLDP_REMOTE}.7.{row}": cell(port),
        f"{LLDP_REMOTE}.9.{row}": cell(name),
        f"{LLDP_REMOTE}.10.{row}": cell("RouterOS"),
    }


def told(table: dict[str, Cell]) -> list[dict[str, str]]:
    with HostileAgent(table) as agent:
        result = poll("snmp_neighbours", PUBLIC, port=agent.port)
    assert result.success, result
    return [json.loads(one.value) for one in result.observations]


def test_a_neighbour_is_told_with_its_port_and_its_address() -> None:
    table = switch() | lldp("2.1") | {f"{LLDP_ADDRESS}.0.2.1.1.4.10.20.4.1": cell(2)}
    assert told(table) == [
        {
            "local": "gi2", "chassis": "00:0c:42:01:02:03", "name": "router", "port": "ether1",
            "address": "10.20.4.1", "kind": "RouterOS",
        }
    ]  # fmt: skip


def test_a_local_port_is_named_as_lldp_names_it_where_its_number_is_no_index() -> None:
    table = switch() | lldp("117.1") | {f"{LLDP_LOCAL}.2.117": cell(5), f"{LLDP_LOCAL}.3.117": cell("gi1")}
    assert [one["local"] for one in told(table)] == ["gi1"]
    assert [one["local"] for one in told(switch() | lldp("117.1"))] == ["port 117"]


def test_a_neighbour_that_speaks_both_protocols_stands_once() -> None:
    row = "2.9"
    cdp = {
        f"{CDP_CACHE}.3.{row}": cell(1),
        f"{CDP_CACHE}.4.{row}": cell(bytes([10, 20, 4, 1])),
        f"{CDP_CACHE}.6.{row}": cell("router"),
        f"{CDP_CACHE}.7.{row}": cell("GigabitEthernet0/1"),
        f"{CDP_CACHE}.8.{row}": cell("cisco WS"),
    }
    assert [one["address"] for one in told(switch() | cdp)] == ["10.20.4.1"]
    assert [one["chassis"] for one in told(switch() | cdp | lldp("2.1"))] == ["00:0c:42:01:02:03"]


@pytest.mark.parametrize(
    ("able", "relays"),
    [(b"\x20", "yes"), (b"\x28\x00", "yes"), (b"\x10", "yes"), (b"\x01", ""), (b"\x24", ""), (b"", ""), (b"\x00", "")],
)  # fmt: skip
def test_what_passes_traffic_on_is_told_from_a_computer_and_from_a_telephone(able: bytes, relays: str) -> None:
    (one,) = told(switch() | lldp("1.1") | {f"{LLDP_REMOTE}.12.0.1.1": cell(able)})
    assert one.get("relays", "") == relays


@pytest.mark.parametrize(("able", "relays"), [(b"\0\0\0\x28", "yes"), (b"\0\0\0\x10", ""), (b"\0\0\0\x90", "")])
def test_cisco_tells_the_same_in_bits_of_its_own(able: bytes, relays: str) -> None:
    (one,) = told(switch() | {f"{CDP_CACHE}.6.2.9": cell("sw"), f"{CDP_CACHE}.9.2.9": cell(able)})
    assert one.get("relays", "") == relays


def test_a_port_that_is_named_by_its_hardware_address_is_called_as_it_is_described() -> None:
    row = {f"{LLDP_REMOTE}.6.0.1.1": cell(3), f"{LLDP_REMOTE}.7.0.1.1": cell(ROUTER)}
    (bare,) = told(switch() | lldp("1.1") | row)
    assert (bare["port"], bare["port_mac"]) == ("00:0c:42:01:02:03", "00:0c:42:01:02:03")
    (said,) = told(switch() | lldp("1.1") | row | {f"{LLDP_REMOTE}.8.0.1.1": cell("ether1")})
    assert (said["port"], said["port_mac"]) == ("ether1", "00:0c:42:01:02:03")


def test_several_neighbours_behind_one_port_are_told_apart() -> None:
    table = switch() | lldp("1.1") | lldp("1.2", chassis=b"\x00\x0c\x42\x01\x02\x04", name="other")
    assert [one["name"] for one in told(table)] == ["router", "other"]


def test_what_a_neighbour_writes_is_one_short_line_of_printable_text() -> None:
    wild = '<script>alert("x")</script>\x1b[2J\x00\n' * 20
    found = told(switch() | lldp("1.1", name=wild, port=wild))
    assert len(found) == 1
    assert all(words.isprintable() and len(words) <= 80 for words in found[0].values())


@pytest.mark.parametrize("index", ["1", "1.2", "1.2.3.4"])
def test_a_row_with_another_index_than_the_standard_wants_is_left_out(index: str) -> None:
    assert told(switch() | {f"{LLDP_REMOTE}.5.{index}": cell(ROUTER)}) == []


@given(st.lists(st.text(max_size=600), min_size=8, max_size=8))
def test_an_observation_is_always_short_and_whole(words: list[str]) -> None:
    one = Neighbour(*words)
    assert len(one.value) <= 500
    assert isinstance(json.loads(one.value), dict)
    assert len(one.subject) <= 128


@pytest.mark.parametrize(
    ("said", "address"),
    [
        (bytes([1, 10, 20, 4, 9]), "10.20.4.9"),
        (bytes([2, 0x20, 0x01, 0x0D, 0xB8, *[0] * 11, 5]), "2001:db8::5"),
    ],
)
def test_a_telephone_that_is_called_by_its_address_is_told_by_that_address(said: bytes, address: str) -> None:
    table = switch() | lldp("2.1", chassis=said, name="")
    table |= {
        f"{LLDP_REMOTE}.4.0.2.1": cell(5),
        f"{LLDP_REMOTE}.6.0.2.1": cell(4),
        f"{LLDP_REMOTE}.7.0.2.1": cell(said),
    }
    assert told(table) == [
        {"local": "gi2", "chassis": address, "port": address, "address": address, "kind": "RouterOS"}
    ]


@pytest.mark.parametrize("said", [b"", b"\x01", b"\x01\x0a\x14\x04", b"\x63\x0a\x14\x04\x09", b"\x01\x00\x00\x00\x00"])
def test_an_address_that_is_none_is_not_made_one(said: bytes) -> None:
    table = switch() | lldp("2.1", chassis=said) | {f"{LLDP_REMOTE}.4.0.2.1": cell(5)}
    assert [one.get("address") for one in told(table)] == [None]
