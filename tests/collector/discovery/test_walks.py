"""Tables of real devices: who is plugged in where, which address is whose, who stands at the other end."""

import json
from collections.abc import Callable
from functools import cache
from ipaddress import IPv4Address

import pytest

from collector.agents.ports import IF_ALIAS, IF_DESCR, IF_NAME
from collector.discovery.arp import IF_PHYS_ADDRESS, NET_TO_MEDIA, NET_TO_PHYSICAL
from collector.discovery.fdb import BASE_PORT_IF_INDEX, Q_FDB_PORT, Q_FDB_STATUS, TP_FDB_PORT, TP_FDB_STATUS
from collector.discovery.neighbours import CDP_CACHE, LLDP_ADDRESS, LLDP_LOCAL, LLDP_REMOTE
from collector.probe import Observation, Result
from collector.snmp import SYS_UP_TIME
from tests.support import dumps
from tests.support.hostile_agent import HostileAgent
from tests.support.polling import PUBLIC, poll

UNDER = tuple(
    f"{oid}."
    for oid in (
        SYS_UP_TIME.removesuffix(".0"), IF_DESCR, IF_NAME, IF_ALIAS, IF_PHYS_ADDRESS, NET_TO_MEDIA, NET_TO_PHYSICAL,
        TP_FDB_PORT, TP_FDB_STATUS, Q_FDB_PORT, Q_FDB_STATUS, BASE_PORT_IF_INDEX, LLDP_REMOTE, LLDP_ADDRESS,
        LLDP_LOCAL, CDP_CACHE,
    )
)  # fmt: skip

Asked = Callable[[str, str], Result]


@pytest.fixture(scope="module")
def asked() -> Asked:
    """Return what asks a walk by a kind of probe."""

    @cache
    def ask(name: str, kind: str) -> Result:
        with HostileAgent(dumps.dump(name, UNDER)) as agent:
            return poll(kind, PUBLIC, port=agent.port, timeout_s=120)

    return ask


def seen(asked: Asked, name: str, kind: str, fact: str) -> list[Observation]:
    result = asked(name, kind)
    assert result.success, result
    return [one for one in result.observations if one.kind == fact]


@pytest.mark.parametrize(
    ("name", "least"),
    [
        ("cisco-c3560", 10),
        ("cisco-n5000", 450),
        ("huawei-s12704", 2_500),
        ("h3c-comware-7-1-075", 8),
        ("dlink-des3200", 2),
    ],
)
def test_arp_tables_give_addresses_and_hardware_addresses(asked: Asked, name: str, least: int) -> None:
    entries = seen(asked, name, "snmp_arp", "arp")
    assert len(entries) >= least
    assert all(IPv4Address(one.subject) and len(one.value) == 17 for one in entries)


@pytest.mark.parametrize(
    ("name", "least"),
    [("dlink-des3200", 200), ("brocade-icx6430-24", 10), ("dcrs-5980-28t-dc", 30), ("hpe-procurve-516733-b21", 200)],
)
def test_forwarding_tables_give_the_port_of_each_machine(asked: Asked, name: str, least: int) -> None:
    entries = seen(asked, name, "snmp_fdb", "port")
    assert len(entries) >= least
    assert all(len(one.subject) == 17 and one.value for one in entries)


@pytest.mark.parametrize(
    ("name", "least"),
    [("cisco-c3750", 100), ("cisco-n5000", 10), ("juniper-mx960-12-3r6-6", 10), ("ruijie-n18010", 100),
     ("hpe-procurve-516733-b21", 5), ("arista-dcs-7150s-52-cl", 2)],
)  # fmt: skip
def test_neighbours_are_read_from_lldp_and_cdp(asked: Asked, name: str, least: int) -> None:
    entries = seen(asked, name, "snmp_neighbours", "neighbour")
    assert len(entries) >= least
    told = [json.loads(one.value) for one in entries]
    assert all(one.get("local") and (one.get("name") or one.get("chassis")) for one in told)
    assert all(len(one.value) <= 500 and one.value.isprintable() for one in entries)


def test_a_table_that_is_longer_than_the_bound_is_cut_and_its_length_is_told(asked: Asked) -> None:
    result = asked("cisco-unknown-01", "snmp_arp")
    assert [sample.value for sample in result.samples] == [6_236]
    assert len([one for one in result.observations if one.kind == "arp"]) <= 4_000


def test_a_table_without_end_is_a_failure_and_not_an_endless_poll(asked: Asked) -> None:
    assert asked("ruijie-n18010", "snmp_arp").reason == "snmp_endless"
