from datetime import timedelta
from itertools import product

import pytest

from inventory.access.rights import SYSTEM
from inventory.assets.categories import CATEGORIES
from inventory.assets.custody import carry_out
from inventory.assets.lifecycle import MOVES, AssetStatus, acts_between
from inventory.assets.rulebook_files import read_rulebooks
from inventory.books import Books
from inventory.errors import Invalid
from inventory.text import LANGUAGES
from tests.support.refusals import change, problems_of_creating, refused, refused_change
from tests.support.rows import add, add_asset, add_site

BASE = {"tag": "T1", "name": "X", "category": "router", "site": "a"}


@pytest.mark.parametrize(
    ("values", "problem"),
    [
        ({"tag": " "}, ("tag", "too_short")),
        ({"serial": "Default string"}, ("serial", "placeholder")),
        ({"serial": "To be filled by O.E.M."}, ("serial", "placeholder")),
        ({"serial": "0000000"}, ("serial", "placeholder")),
        ({"category": "spaceship"}, ("category", "no_such")),
        ({"site": None}, ("site", "string_type")),
        ({"cost_vnd": -1}, ("cost_vnd", "out_of_range")),
        ({"cost_vnd": 1.5}, ("cost_vnd", "int_from_float")),
        ({"cost_vnd": True}, ("cost_vnd", "int_type")),
        ({"cost_vnd": 10**13}, ("cost_vnd", "out_of_range")),
        ({"cost_vnd": "1.250.000 đ"}, ("cost_vnd", "int_parsing")),
        ({"mac": "00:1a:2b"}, ("mac", "mac")),
        ({"status": "sold"}, ("status", "not_a_choice")),
        ({"put_to_use": "2018-03-15", "warranty_until": "2018-03-14"}, ("warranty_until", "order")),
        ({"attributes": {"ports": -1}}, ("attributes.ports", "out_of_range")),
        ({"attributes": {"wheels": 4}}, ("attributes.wheels", "unknown")),
        ({"attributes": [1]}, ("attributes", "dict_type")),
        ({"attributes": {f"a{n}": n for n in range(41)}}, ("attributes", "too_long")),
        ({"product": "nothing"}, ("product", "no_such")),
        ({"supplier": "nobody"}, ("supplier", "no_such")),
    ],
)
def test_a_wrong_field_is_named(books: Books, values: dict[str, object], problem: tuple[str, str]) -> None:
    add_site(books, "a")
    assert refused(books, "assets", **BASE | values) == {problem}


def test_the_day_it_was_put_to_use_is_not_in_the_future_unless_it_is_planned(books: Books) -> None:
    add_site(books, "a")
    tomorrow = books.today() + timedelta(days=1)
    assert refused(books, "assets", **BASE, put_to_use=tomorrow) == {("put_to_use", "in_the_future")}
    add_asset(books, "T1", "a", put_to_use=books.today())
    add_asset(books, "T2", "a", put_to_use=tomorrow, status="planned")
    assert refused_change(books, "assets", "T1", put_to_use=tomorrow) == {("put_to_use", "in_the_future")}


def test_a_taken_tag_or_serial_says_who_has_it(books: Books) -> None:
    add_site(books, "a")
    add_asset(books, "T1", "a", serial="HEX1")
    problems = problems_of_creating(books, "assets", **BASE | {"serial": "HEX1"})
    assert [(p.field, p.code, "T1" in p.message.vi) for p in problems] == [
        ("tag", "taken", True),
        ("serial", "taken", True),
    ]
    add_asset(books, "T2", "a")
    add_asset(books, "T3", "a", serial="")
    assert refused_change(books, "assets", "T2", serial="HEX1") == {("serial", "taken")}
    assert change(books, "assets", "T1", serial="HEX1", room="P1").version == 2


def test_every_problem_of_a_row_is_told_at_once_in_both_languages(books: Books) -> None:
    problems = problems_of_creating(
        books, "assets", tag="", serial="Default string", site="nowhere", category="spaceship", cost_vnd=-1,
        put_to_use="2999-01-01", colour="red", supplier="nobody", warranty_until="soon",
    )  # fmt: skip
    assert {p.field for p in problems} == {
        "tag", "name", "serial", "site", "category", "cost_vnd", "put_to_use", "colour", "supplier", "warranty_until",
    }  # fmt: skip
    for problem, language in product(problems, LANGUAGES):
        assert problem.message.to(language)
        assert "{" not in problem.message.to(language)
    assert {p.field: p.value for p in problems}["serial"] == "Default string"


@pytest.mark.parametrize("old", AssetStatus)
def test_the_status_is_never_typed_and_the_refusal_names_the_act(books: Books, old: AssetStatus) -> None:
    add_site(books, "a")
    for new in AssetStatus:
        add_asset(books, new, "a", status=old)
        if new == old:
            assert change(books, "assets", new, status=new).version == 1
            continue
        with pytest.raises(Invalid) as caught:
            change(books, "assets", new, status=new)
        (problem,) = caught.value.problems
        assert (problem.field, problem.code) == ("status", "by_document")
        acts = acts_between(old, new)
        assert all(MOVES[act].label.vi in problem.message.vi for act in acts)
        assert ("chứng từ" in problem.message.vi) == bool(acts)


def test_holder_and_site_are_free_until_the_first_document(books: Books) -> None:
    add_site(books, "a")
    add_site(books, "b")
    add_asset(books, "T1", "a", status="in_use", custodian="Ly")
    assert change(books, "assets", "T1", custodian="Lý Văn Páo", site="b").version == 2
    carry_out(
        books, SYSTEM, {"kind": "hand_over", "day": books.today(), "items": [{"asset": "T1"}], "to_name": "Hoa"},
        read_rulebooks(),
    )  # fmt: skip
    assert refused_change(books, "assets", "T1", custodian="Páo", site="a") == {
        ("custodian", "by_document"),
        ("site", "by_document"),
    }
    assert change(books, "assets", "T1", custodian="Hoa", site="b", room="P2").version == 4


def test_the_product_has_to_be_of_the_same_category_and_the_supplier_a_supplier(books: Books) -> None:
    add_site(books, "a")
    add(books, "products", slug="p", manufacturer="M", model="X", category="printer")
    add(books, "providers", slug="carrier", name="Carrier")
    assert refused(books, "assets", **BASE, product="p", supplier="carrier") == {
        ("product", "other_category"),
        ("supplier", "no_supplier"),
    }


@pytest.mark.parametrize("code", CATEGORIES)
def test_attributes_are_those_of_the_category(books: Books, code: str) -> None:
    add_site(books, "a")
    model = CATEGORIES[code].attributes
    defaults = model().model_dump(mode="json")
    written = add_asset(books, "T1", "a", category=code, attributes=defaults).model_dump()
    assert written["attributes"] == defaults
    assert refused_change(books, "assets", "T1", attributes={"nonsense": 1}) == {("attributes.nonsense", "unknown")}


def test_a_category_that_is_changed_takes_its_own_attributes(books: Books) -> None:
    add_site(books, "a")
    add_asset(books, "T1", "a", attributes={"ports": 5})
    assert refused_change(books, "assets", "T1", category="camera") == {("attributes.ports", "unknown")}
    written = change(books, "assets", "T1", category="camera", attributes={"outdoor": "true"}).model_dump()
    assert written["attributes"] == {"outdoor": True}


def test_a_hardware_address_is_stored_in_one_form(books: Books) -> None:
    add_site(books, "a")
    for n, mac in enumerate(("00-1A-2B-3C-4D-5E", "001a2b3c4d5e", "001a.2b3c.4d5e", " 00:1a:2b:3c:4d:5e ")):
        assert add_asset(books, f"T{n}", "a", mac=mac).model_dump()["mac"] == "00:1a:2b:3c:4d:5e"
