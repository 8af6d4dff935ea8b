import pytest

from inventory.access.rights import SYSTEM
from inventory.books import Books
from inventory.errors import Conflict
from inventory.nouns import NOUNS
from inventory.register import get, restore, retire
from tests.support.refusals import change, refused, refused_change
from tests.support.rows import add, add_device, add_site

BASE = {"name": "ab", "a_device": "r-a", "b_device": "r-b", "a_interface": "sfp1", "b_interface": "sfp1"}


def ends(books: Books) -> None:
    add_site(books, "a")
    for name in ("r-a", "r-b", "r-c"):
        add_device(books, name, "a")
    add(books, "providers", slug="vnpt", name="VNPT")
    add(books, "providers", slug="shop", name="Shop", is_carrier=False, is_supplier=True)


@pytest.mark.parametrize(
    ("values", "problem"),
    [
        ({"b_device": "r-a", "b_interface": "sfp2"}, ("b_device", "same_ends")),
        ({"b_device": "nothing"}, ("b_device", "no_such")),
        ({"provider": "shop"}, ("provider", "no_carrier")),
        ({"provider": "nobody"}, ("provider", "no_such")),
        ({"sla_target": 1.01}, ("sla_target", "out_of_range")),
        ({"sla_target": 0}, ("sla_target", "out_of_range")),
        ({"bandwidth_bps": -1}, ("bandwidth_bps", "out_of_range")),
        ({"monthly_cost_vnd": 0.5}, ("monthly_cost_vnd", "int_from_float")),
        ({"length_m": 10**9}, ("length_m", "out_of_range")),
        ({"medium": "string"}, ("medium", "not_a_choice")),
        ({"a_kind": "router"}, ("a_kind", "not_a_choice")),
        ({"a_baseline_rx_dbm": 30}, ("a_baseline_rx_dbm", "out_of_range")),
    ],
)
def test_a_wrong_field_is_named(books: Books, values: dict[str, object], problem: tuple[str, str]) -> None:
    ends(books)
    assert refused(books, "links", **BASE | values) == {problem}


def test_an_interface_belongs_to_one_link(books: Books) -> None:
    ends(books)
    add(books, "links", **BASE)
    taken = BASE | {"name": "ca", "a_device": "r-c", "b_device": "r-a"}
    assert refused(books, "links", **taken) == {("b_interface", "taken")}
    add(books, "links", **taken | {"b_interface": "sfp2"})
    assert refused_change(books, "links", "ca", b_interface="sfp1") == {("b_interface", "taken")}
    retire(books, SYSTEM, NOUNS["links"], "ab", 1)
    change(books, "links", "ca", b_interface="sfp1")


def test_an_accepted_baseline_has_its_date(books: Books) -> None:
    ends(books)
    add(books, "links", **BASE)
    written = change(books, "links", "ab", a_baseline_rx_dbm=-14.5).model_dump()
    assert written["a_baseline_at"] == written["updated_at"] or written["a_baseline_at"] is not None
    assert written["b_baseline_at"] is None
    given = change(books, "links", "ab", b_baseline_rx_dbm=-15, b_baseline_at="2024-01-02T03:04:05+07:00").model_dump()
    assert given["b_baseline_at"].isoformat() == "2024-01-01T20:04:05+00:00"
    assert change(books, "links", "ab", a_baseline_rx_dbm=None).model_dump()["a_baseline_at"] is None


def test_a_device_with_a_link_is_not_retired_and_a_link_without_its_device_not_restored(books: Books) -> None:
    ends(books)
    add(books, "links", **BASE)
    with pytest.raises(Conflict, match="still needed by: link “ab”"):
        retire(books, SYSTEM, NOUNS["devices"], "r-a", 1)
    retire(books, SYSTEM, NOUNS["links"], "ab", 1)
    retire(books, SYSTEM, NOUNS["devices"], "r-a", 1)
    with pytest.raises(Conflict, match="is retired"):
        restore(books, SYSTEM, NOUNS["links"], "ab", 2)
    assert get(books, SYSTEM, NOUNS["links"], "ab").version == 2
