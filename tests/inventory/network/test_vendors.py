import csv
from importlib import resources

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inventory.network.vendors import Make, make_of


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
    assert len(oids) == len(set(oids)) > 80
    assert all(oid.startswith("1.3.6.1.4.1.") for oid in oids)
