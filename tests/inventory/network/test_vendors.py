import csv
from importlib import resources

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collector.agents.system import SYS_OBJECT_ID
from inventory.network.vendors import Make, make_of
from tests.support import dumps
from tests.support.hostile_agent import unpath


@pytest.mark.parametrize(
    ("object_id", "make"),
    [
        ("1.3.6.1.4.1.9.1.516", Make("Cisco", "Catalyst 3750")),
        ("1.3.6.1.4.1.9.1.99999", Make("Cisco")),
        ("1.3.6.1.4.1.9.6.1.95.1", Make("Cisco", "Small Business")),
        ("1.3.6.1.4.1.14988.1", Make("MikroTik", "RouterOS")),
        (".1.3.6.1.4.1.2011.2.23.276", Make("Huawei", "S5720-36C-EI-AC")),
        ("1.3.6.1.4.1.99.1", Make()),
        ("1.3.6.1.4.1", Make()),
        ("", Make()),
    ],
)
def test_the_longest_beginning_counts(object_id: str, make: Make) -> None:
    assert make_of(object_id) == make


@given(st.text(max_size=300))
def test_anything_is_looked_up(words: str) -> None:
    assert isinstance(make_of(words), Make)


def test_the_table_is_in_order_without_doubles() -> None:
    text = (resources.files("inventory.network") / "vendors.csv").read_text(encoding="utf-8")
    rows = [line for line in text.splitlines() if not line.startswith("#")]
    oids = [row["oid"] for row in csv.DictReader(rows)]
    assert len(oids) == len(set(oids)) > 170
    assert all(oid.startswith("1.3.6.1.4.") for oid in oids)


NAMELESS = {"01", "02", "03", "hikvision", "network-research-squid"}
"""Walks that hold no sysObjectID, and one whose enterprise number is the reserved 0."""


def test_every_walk_of_a_real_device_is_named_by_its_maker() -> None:
    unnamed = set()
    for name in dumps.names():
        said = dumps.instance(name, SYS_OBJECT_ID)
        if said is None or not make_of(".".join(map(str, unpath(said[1])))).vendor:
            unnamed.add(name)
    assert unnamed == NAMELESS


@pytest.mark.parametrize(
    ("number", "vendor"),
    [
        (14988, "MikroTik"), (7367, "DrayTek"), (11863, "TP-Link"), (9, "Cisco"), (2636, "Juniper"), (2011, "Huawei"),
        (25506, "H3C"), (47196, "Aruba"), (4881, "Ruijie"), (3902, "ZTE"), (171, "D-Link"), (41112, "Ubiquiti"),
        (10002, "Ubiquiti"), (39165, "Hikvision"), (1004849, "Dahua"), (318, "APC"), (534, "Eaton"), (935, "Santak"),
        (1602, "Canon"), (2435, "Brother"), (367, "Ricoh"), (18334, "Konica Minolta"), (6574, "Synology"),
        (24681, "QNAP"), (8072, "net-snmp"), (311, "Microsoft"), (37459, "Yealink"),
    ],
)  # fmt: skip
def test_the_makers_of_a_district_are_known(number: int, vendor: str) -> None:
    assert make_of(f"1.3.6.1.4.1.{number}.99.1").vendor == vendor
