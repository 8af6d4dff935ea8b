import pytest

from inventory.books import Books
from tests.support.refusals import refused
from tests.support.rows import add, add_site

GOOD = {"name": "lan", "site": "a", "cidr": "10.20.4.0/24", "scan": True}


@pytest.fixture(autouse=True)
def _site(books: Books) -> None:
    add_site(books, "a")
    add_site(books, "b")


@pytest.mark.parametrize(
    ("values", "problems"),
    [
        ({"cidr": "10.20.4.1/24"}, {("cidr", "cidr")}),
        ({"cidr": "10.20.4.0/33"}, {("cidr", "cidr")}),
        ({"cidr": "here"}, {("cidr", "cidr")}),
        ({"cidr": "0.0.0.0/0"}, {("cidr", "cidr")}),
        ({"cidr": "224.0.0.0/24"}, {("cidr", "cidr")}),
        ({"cidr": "10.20.0.0/19"}, {("cidr", "not_swept")}),
        ({"cidr": "fd00::/64"}, {("cidr", "not_swept")}),
        ({"cidr": "1.1.1.0/24"}, {("cidr", "not_swept")}),
        ({"every_h": 0}, {("every_h", "out_of_range")}),
        ({"every_h": 25}, {("every_h", "out_of_range")}),
        ({"snmp_credential": "nobody"}, {("snmp_credential", "no_such")}),
    ],
)
def test_a_wrong_field_is_named(books: Books, values: dict[str, object], problems: set[tuple[str, str]]) -> None:
    assert {one[0] for one in refused(books, "subnets", **GOOD | values)} == {one[0] for one in problems}


@pytest.mark.parametrize("cidr", ["10.20.0.0/20", "192.168.1.0/24", "172.16.9.8/29", "100.64.0.0/24"])
def test_internal_ranges_up_to_a_20_are_swept(books: Books, cidr: str) -> None:
    add(books, "subnets", **GOOD | {"cidr": cidr})


@pytest.mark.parametrize("cidr", ["10.0.0.0/8", "fd00::/48", "1.1.1.0/24"])
def test_any_range_may_be_declared_without_being_swept(books: Books, cidr: str) -> None:
    add(books, "subnets", **GOOD | {"cidr": cidr, "scan": False})


def test_a_range_laid_over_another_one_of_its_site_is_refused(books: Books) -> None:
    add(books, "subnets", **GOOD)
    assert {("cidr", "taken")} == refused(books, "subnets", **GOOD | {"name": "other", "cidr": "10.20.4.128/25"})
    add(books, "subnets", **GOOD | {"name": "same-elsewhere", "site": "b"})


def test_only_snmp_is_tried(books: Books) -> None:
    add(books, "credentials", name="web", kind="http", user="u", password="p")
    assert ("snmp_credential", "other_kind") in refused(books, "subnets", **GOOD | {"snmp_credential": "web"})
