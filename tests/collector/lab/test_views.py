"""What devices show, over a real socket, to a client that is not ours."""

import subprocess
import time
from collections.abc import Iterator

import pytest
from pydantic import SecretStr

from collector.discovery.arp import NET_TO_MEDIA
from collector.lab.district import COMMUNITY, district
from collector.lab.network import Network
from collector.lab.views import mib_of
from collector.target import SnmpV2c
from tests.support.parts import need
from tests.support.polling import poll
from tests.support.simulated import answering

CORE, HUAWEI, MIKROTIK, TAN_LAP = "127.34.0.1", "127.34.0.2", "127.34.0.3", "127.34.0.4"


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    boxes = Network(district(), time.time()).boxes
    names = {CORE: "bq-core", HUAWEI: "vinh-tuy-r1", MIKROTIK: "vinh-hao-r1", TAN_LAP: "tan-lap-r1"}
    mibs = {address: mib for address, name in names.items() if (mib := mib_of(boxes[name]))}
    with answering(mibs) as number:
        yield number


def walk(address: str, port: int, oid: str, community: str = COMMUNITY, patience_s: int = 60) -> list[str]:
    words = ["-v2c", "-c", community, "-r0", f"-t{patience_s}", "-On", "-Oq", f"{address}:{port}", oid]
    done = subprocess.run([need("snmpbulkwalk"), *words], check=False, capture_output=True, text=True, timeout=200)
    return done.stdout.splitlines()


@pytest.mark.parametrize(("address", "name"), [(CORE, "bq-core"), (HUAWEI, "vinh-tuy-r1"), (MIKROTIK, "vinh-hao-r1")])
def test_every_address_answers_as_its_own_device(port: int, address: str, name: str) -> None:
    assert walk(address, port, "1.3.6.1.2.1.1.5") == [f'.1.3.6.1.2.1.1.5.0 "{name}"']


@pytest.mark.parametrize("address", [CORE, HUAWEI, MIKROTIK])
def test_a_whole_walk_by_another_program_comes_to_its_end(port: int, address: str) -> None:
    lines = walk(address, port, "1.3.6.1")
    assert len(lines) > 250
    assert "No more variables" in lines[-1]


def test_another_community_and_an_address_of_nobody_get_no_answer(port: int) -> None:
    assert walk(CORE, port, "1.3.6.1.2.1.1.5", "public", patience_s=1) == []
    assert walk("127.34.9.9", port, "1.3.6.1.2.1.1.5", patience_s=1) == []


@pytest.mark.parametrize(
    ("address", "oid", "scale"),
    [
        (MIKROTIK, "1.3.6.1.4.1.14988.1.1.19.1.1.10", 1000),
        (HUAWEI, "1.3.6.1.4.1.2011.5.25.31.1.1.3.1.8", 100),
        (CORE, "1.3.6.1.4.1.9.9.91.1.1.1.1.4", 10),
    ],
)
def test_each_maker_tells_the_light_in_its_own_table_and_unit(port: int, address: str, oid: str, scale: int) -> None:
    lines = [line for line in walk(address, port, oid) if "No more" not in line]
    values = [int(line.split()[1]) / scale for line in lines]
    assert values
    assert all(-20 < value < -3 for value in values)


def test_serial_numbers_and_port_names_stand_in_the_standard_tables(port: int) -> None:
    assert any('"HFIC' in line for line in walk(MIKROTIK, port, "1.3.6.1.2.1.47.1.1.1.1.11"))
    assert '"sfp1"' in walk(MIKROTIK, port, "1.3.6.1.2.1.31.1.1.1.1")[0]


def test_counters_grow(port: int) -> None:
    one = walk(CORE, port, "1.3.6.1.2.1.31.1.1.1.6.1")[0].split()[1]
    time.sleep(0.3)
    assert int(walk(CORE, port, "1.3.6.1.2.1.31.1.1.1.6.1")[0].split()[1]) > int(one)


def test_a_server_without_snmp_has_no_table() -> None:
    assert mib_of(Network(district(), time.time()).boxes["bq-web"]) is None


def test_one_router_knows_an_address_that_stands_in_no_book(port: int) -> None:
    (row,) = walk(TAN_LAP, port, NET_TO_MEDIA)
    assert row.endswith('"44 19 B6 00 53 07 "')
    assert walk(MIKROTIK, port, NET_TO_MEDIA) in (
        [],
        [f".{NET_TO_MEDIA} No Such Instance currently exists at this OID"],
    )
    result = poll("snmp_arp", SnmpV2c(community=SecretStr(COMMUNITY)), address=TAN_LAP, port=port)
    met = [(one.kind, one.value) for one in result.observations if one.kind == "arp"]
    assert met == [("arp", "44:19:b6:00:53:07")]
