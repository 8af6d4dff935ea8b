"""Sweeps of loopback, all of whose addresses answer, and of a subnet nobody answers in."""

from pathlib import Path

import pytest
from pydantic import SecretStr

from collector.discovery import sweep as module
from collector.discovery.sweep import own_neighbours
from collector.metrics import SWEEP_HOSTS
from collector.probe import Result
from collector.probes.sweep import SweepSettings
from collector.target import SnmpSeveral, SnmpV2c
from tests.support.polling import PUBLIC, poll, v3, values
from tests.support.snmpd import Snmpd

PRIVATE = SnmpV2c(community=SecretStr("private"))
NOBODY = v3("nobody", "authpass1", "privpass1")


def sweep(cidr: str, credential: SnmpSeveral | SnmpV2c | None = None, port: int = 161, per_s: float = 100) -> Result:
    return poll("sweep", credential, address=None, timeout_s=60, cidr=cidr, per_s=per_s, snmp_port=port)


def test_what_answers_a_ping_is_told_and_counted() -> None:
    result = sweep("127.9.9.0/29")
    assert result.success, result
    told = {one.subject: one.value for one in result.observations if one.kind == "alive"}
    assert told == {f"127.9.9.{n}": "ping" for n in range(1, 7)}
    assert values(result, SWEEP_HOSTS) == {("answering",): 6, ("silent",): 0}


def test_what_speaks_snmp_says_who_it_is_to_the_first_credential_that_fits(monkeypatch: pytest.MonkeyPatch) -> None:
    # Also on a slow machine.
    monkeypatch.setattr(module, "TRY_S", 6.0)
    with Snmpd(address="127.9.9.2") as agent:
        several = SnmpSeveral(of=(NOBODY, PRIVATE, PUBLIC))
        result = sweep("127.9.9.0/30", several, agent.port)
    told = {(one.kind, one.subject): one.value for one in result.observations}
    assert told["alive", "127.9.9.1"] == "ping"
    assert told["alive", "127.9.9.2"] == "snmp"
    assert told["name", "127.9.9.2"] == "agent.example"
    assert told["object_id", "127.9.9.2"].startswith("1.3.6.1.4.1.8072.")


def test_nobody_is_asked_by_snmp_without_a_credential() -> None:
    with Snmpd(address="127.9.9.2") as agent:
        result = sweep("127.9.9.2/32", None, agent.port)
    assert [(one.kind, one.value) for one in result.observations] == [("alive", "ping")]


@pytest.mark.parametrize("cidr", ["10.0.0.0/19", "10.0.0.0/8", "0.0.0.0/0"])
def test_a_subnet_that_is_too_large_is_refused_before_a_packet_is_sent(cidr: str) -> None:
    result = sweep(cidr)
    assert (result.reason, result.detail) == ("settings", "cidr: larger than /20")


@pytest.mark.parametrize("cidr", ["10.0.0.1/24", "fd00::/120", "here"])
def test_what_is_no_subnet_of_ipv4_is_refused(cidr: str) -> None:
    assert sweep(cidr).reason == "settings"


@pytest.mark.parametrize("per_s", [0.5, 101])
def test_the_pace_is_bounded(per_s: float) -> None:
    assert sweep("127.9.9.0/30", per_s=per_s).reason == "settings"


def test_a_largest_subnet_has_4094_addresses() -> None:
    assert sum(1 for _ in SweepSettings(cidr="10.0.0.0/20").cidr.hosts()) == 4_094  # type: ignore[arg-type]


TABLE = """IP address       HW type     Flags       HW address            Mask     Device
10.0.0.1         0x1         0x2         00:0c:42:01:02:03     *        eth0
10.0.0.2         0x1         0x0         00:00:00:00:00:00     *        eth0
10.0.0.3         0x1         0x6         01:00:5e:00:00:01     *        eth0
10.0.1.4         0x1         0x2         00:0c:42:01:02:04     *        eth0
nonsense
10.0.0.5         0x1         zz          00:0c:42:01:02:05     *        eth0
"""


def test_the_kernels_own_table_gives_complete_entries_of_the_subnet(tmp_path: Path) -> None:
    file = tmp_path / "arp"
    file.write_text(TABLE)
    network = SweepSettings(cidr="10.0.0.0/24").cidr  # type: ignore[arg-type]
    assert own_neighbours(network, file) == {"10.0.0.1": "00:0c:42:01:02:03"}
    assert own_neighbours(network, file, most=100) == {}
    assert own_neighbours(network, tmp_path / "none") == {}
