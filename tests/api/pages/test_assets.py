"""Assets on pages: narrowed, shown with all that is known, written with the fields of their category."""

import re

import httpx
import pytest

from inventory.access.rights import SYSTEM
from inventory.assets.categories import CATEGORIES
from inventory.nouns import NOUNS
from inventory.register import get, update
from tests.api.pages.conftest import Reader
from tests.support.api import Api
from tests.support.books import fewest
from tests.support.custody import act
from tests.support.rows import add_asset

PRINTER = {
    "category": "printer",
    "tag": "TS/2026/001",
    "name": "Máy in <Canon>",
    "site": "tan-lap",
    "status": "in_stock",
    "cost_vnd": "4.200.000",
    "attributes.technology": "laser",
    "attributes.colour": "false",
    "attributes.cartridge": "303",
}


@pytest.fixture
def staff(pages: Api, reader: Reader) -> httpx.Client:
    for n in (1, 2, 3):
        add_asset(
            pages.books, f"TS/2024/{n}", "tan-lap", category="desktop", name=f"Máy tính {n}", status="in_use",
            custodian="Hoàng Thị Lan", cost_vnd=14_250_000, put_to_use="2024-03-05",
        )  # fmt: skip
    return reader("it_staff", "vi")


def test_the_list_is_narrowed_by_place_kind_state_person_and_words(staff: httpx.Client) -> None:
    def tags(query: str) -> set[str]:
        return set(re.findall(r'name="tag" value="([^"]+)"', staff.get(f"/assets?{query}").text))

    computers = {"TS/2024/1", "TS/2024/2", "TS/2024/3"}
    assert tags("") == computers | {"BQ-0001", "OWN/1"}
    assert (
        tags("within=tan-lap") == tags("category=desktop") == tags("custodian=Ho%C3%A0ng+Th%E1%BB%8B+Lan") == computers
    )
    assert tags("q=may+tinh+ts%2F2024%2F2") == {"TS/2024/2"}
    assert tags("status=in_stock") == set()
    assert tags("within=nowhere&category=spaceship&status=sold&sort=x") == computers | {"BQ-0001", "OWN/1"}
    assert staff.get("/assets?cursor=made-up").status_code == 200


def test_the_list_goes_on_page_by_page(pages: Api, staff: httpx.Client) -> None:
    for n in range(60):
        add_asset(pages.books, f"P{n:02d}", "vinh-tuy")
    first = staff.get("/assets").text
    later = re.search(r'href="(/assets\?cursor=[^"]+)"', first)
    assert later
    assert len(re.findall('name="tag"', first)) == 50
    assert len(re.findall('name="tag"', staff.get(later[1].replace("&amp;", "&")).text)) == 15


@pytest.mark.parametrize("role", ["it_staff", "auditor", "commune_staff"])
@pytest.mark.parametrize("query", ["", "?q=may+tinh", "?q=khong+co", "?within=tan-lap&status=in_use&sort=name"])
def test_a_list_takes_three_statements_with_finding_out_who_asks(
    pages: Api, staff: httpx.Client, reader: Reader, role: str, query: str
) -> None:
    client = staff if role == "it_staff" else reader(role)
    answers: list[int] = []
    seen = fewest(pages.books, lambda: answers.append(client.get(f"/assets{query}").status_code))
    asked = [one for one in seen if "incident" not in one]
    assert (len(asked), set(answers)) == (3, {200}), asked


def test_an_asset_shows_who_holds_it_its_place_and_what_the_network_says(pages: Api, staff: httpx.Client) -> None:
    number = act(pages.books, "hand_over", "TS/2024/1", to_name="Lý Văn Páo", to_title="Tư pháp")
    text = staff.get("/assets/TS/2024/1").text
    assert "Lý Văn Páo, Tư pháp" in text
    assert f"/documents/{number}" in text
    for kind in ("hand_over", "return", "transfer", "repair", "retire"):
        assert f"/documents/new?kind={kind}&amp;tag=TS/2024/1" in text
    assert "kind=dispose" not in text
    router = staff.get("/assets/BQ-0001").text
    assert "/devices/core" in router
    assert "HC908XZK3QF" in router
    assert "khớp với sổ" in router


@pytest.mark.parametrize("category", sorted(CATEGORIES))
def test_each_category_has_its_own_fields_named_in_both_languages(reader: Reader, category: str) -> None:
    texts = [reader("it_staff", language).get(f"/assets/new?category={category}").text for language in ("vi", "en")]
    for name in CATEGORIES[category].attributes.model_fields:
        assert all(f'name="attributes.{name}"' in text for text in texts)
        assert all(f">{name}<" not in text for text in texts)


def test_an_asset_is_entered_with_the_fields_of_its_category_and_changed(pages: Api, staff: httpx.Client) -> None:
    answer = staff.post("/assets/new", data=PRINTER)
    assert answer.headers["Location"] == "/assets/TS/2026/001?done=created"
    stored = get(pages.books, SYSTEM, NOUNS["assets"], "TS/2026/001").model_dump()
    assert stored["attributes"] == {"technology": "laser", "colour": False, "cartridge": "303"}
    assert stored["cost_vnd"] == 4_200_000
    assert "Máy in &lt;Canon&gt;" in staff.get("/assets/TS/2026/001").text
    form = staff.get("/assets/TS/2026/001/edit").text
    assert 'value="303"' in form
    mine = {name: value for name, value in PRINTER.items() if name not in {"category", "status"}}
    changed = staff.post("/assets/TS/2026/001/edit", data=mine | {"version": "1", "attributes.colour": ""})
    assert changed.headers["Location"] == "/assets/TS/2026/001?done=saved"
    assert "colour" not in get(pages.books, SYSTEM, NOUNS["assets"], "TS/2026/001").model_dump()["attributes"]


def test_what_is_wrong_is_told_at_its_field_and_what_was_typed_stays(staff: httpx.Client) -> None:
    wrong = PRINTER | {"tag": "TS/2024/1", "cost_vnd": "nhiều", "attributes.cartridge": "x" * 65}
    answer = staff.post("/assets/new", data=wrong)
    assert answer.status_code == 422
    for field in ("tag", "cost_vnd", "attributes.cartridge"):
        assert f'href="#f-{field}"' in answer.text
        assert f'id="e-{field}"' in answer.text
    assert 'value="nhiều"' in answer.text
    assert staff.post("/assets/new", data=PRINTER | {"category": "spaceship"}).status_code == 422


def test_a_change_of_somebody_else_is_shown_beside_ones_own(pages: Api, staff: httpx.Client) -> None:
    staff.post("/assets/new", data=PRINTER)
    update(pages.books, SYSTEM, NOUNS["assets"], "TS/2026/001", 1, {"room": "P1", "attributes": {"cartridge": "304"}})
    mine = {name: value for name, value in PRINTER.items() if name not in {"category", "status"}}
    answer = staff.post("/assets/TS/2026/001/edit", data=mine | {"version": "1", "room": "P2"})
    assert answer.status_code == 412
    for shown in ("P1", "P2", "304", "303"):
        assert shown in answer.text


def test_commune_staff_see_and_write_what_is_theirs(pages: Api, reader: Reader) -> None:
    add_asset(pages.books, "OWN-1", "vinh-tuy")
    add_asset(pages.books, "FOREIGN-1", "tan-lap")
    client = reader("commune_staff")
    assert "OWN-1" in client.get("/assets").text
    assert "FOREIGN-1" not in client.get("/assets").text
    assert client.get("/assets/FOREIGN-1").status_code == 404
    assert client.get("/assets/FOREIGN-1/edit").status_code == 404
    assert reader("auditor").get("/assets/OWN-1/edit").status_code == 403
