"""Wear over HTTP: values on a day, one asset, facts, sheets, closings, rulebooks."""

import io
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import openpyxl
import pytest

from api.routes.wear import ValuesRead
from api.routes.wear_closings import RehearsalRead
from api.routes.wear_rules import LineRead
from api.routes.wear_sheets import LedgerLine, TableLine
from inventory.access.accounts import Role
from tests.support.accounts import hire
from tests.support.api import Api
from tests.support.budgeting import site_id
from tests.support.wearing import closed

BASE = "/api/v1/wear"


@pytest.fixture
def client(worn: Api) -> httpx.Client:
    return worn.signed_in(Role.ADMINISTRATOR)


@pytest.fixture
def clerk(worn: Api) -> httpx.Client:
    return worn.signed_in(hire(worn.books, Role.COMMUNE_STAFF, site_id=site_id(worn.books, "hung-an")))


def problem(answer: httpx.Response, status: int) -> dict[str, Any]:
    assert answer.status_code == status, answer.text
    assert answer.headers["Content-Type"].startswith("application/problem+json")
    found: dict[str, Any] = answer.json()
    return found


def test_values_on_a_day_are_listed_page_by_page_with_their_sum(client: httpx.Client) -> None:
    first = client.get(f"{BASE}/values?day=2026-12-31&within=tan-lap&total=true&limit=1").json()
    assert first["total"] == {
        "pieces": 2, "cost_vnd": 44_000_000, "accumulated_vnd": 27_800_000, "residual_vnd": 16_200_000
    }  # fmt: skip
    one = first["items"][0]
    assert (one["asset"], one["booked"]["residual_vnd"], one["held"]) == ("PC/1", 4_200_000, True)
    assert (one["last"]["year"], one["last"]["annual_vnd"], one["last"]["rulebook"]) == (2026, 1_400_000, "tt-141-2025")
    second = client.get(f"{BASE}/values?day=2026-12-31&within=tan-lap&limit=1&cursor={first['next_cursor']}").json()
    assert ([one["asset"] for one in second["items"]], second["next_cursor"], second["total"]) == (["R1"], None, None)


def test_sums_are_given_by_site_and_by_category(client: httpx.Client) -> None:
    by_site = client.get(f"{BASE}/totals?day=2024-12-31&by=site").json()["items"]
    assert {one["key"]: (one["pieces"], one["cost_vnd"], one["accumulated_vnd"]) for one in by_site} == {
        "tan-lap": (2, 44_000_000, 11_600_000),
        "hung-an": (3, 12_900_000, 0),
    }
    by_category = client.get(f"{BASE}/totals?day=2024-12-31&by=category&category=router").json()["items"]
    assert [(one["key"], one["residual_vnd"]) for one in by_category] == [("router", 24_000_000)]


def test_a_wrong_question_is_refused_with_every_reason(client: httpx.Client) -> None:
    for query in ("", "day=1789-07-14", "day=2101-01-01", "day=tomorrow"):
        assert problem(client.get(f"{BASE}/values?{query}"), 422)["errors"][0]["field"] == "day"
    assert problem(client.get(f"{BASE}/values?day=2026-12-31&colour=red&limit=9999"), 422)
    assert problem(client.get(f"{BASE}/totals?day=2026-12-31&by=colour"), 422)
    assert problem(client.get(f"{BASE}/ledger?year=1700"), 422)
    assert problem(client.get(f"{BASE}/ledger?year=2024&within=nowhere"), 404)
    assert problem(client.get(f"{BASE}/closings/1700"), 422)
    assert problem(client.get(f"{BASE}/assets/NOWHERE"), 404)


def test_an_asset_is_given_year_by_year_until_it_is_worn_out(worn: Api, client: httpx.Client) -> None:
    closed(worn.books, 2024)
    found = client.get(f"{BASE}/assets/PC/1").json()
    years = {one["year"]: (one["annual_vnd"], one["accumulated_vnd"], one["closed"]) for one in found["years"]}
    assert years[2024] == (2_800_000, 5_600_000, True)
    assert years[2026] == (1_400_000, 9_800_000, False)
    assert years[2029] == (1_400_000, 14_000_000, False)
    assert max(years) == 2029
    assert found["facts"] == []


def test_a_fact_is_noted_and_withdrawn_by_its_version(client: httpx.Client) -> None:
    fact = {"asset": "R1", "kind": "cost", "day": "2025-05-20", "amount_vnd": -1_000_000}
    made = client.post(f"{BASE}/facts", json=fact)
    assert (made.status_code, made.headers["ETag"]) == (201, '"1"')
    number = made.json()["id"]
    assert client.get(f"{BASE}/assets/R1").json()["facts"][0]["amount_vnd"] == -1_000_000
    wrong = problem(client.post(f"{BASE}/facts", json=fact | {"amount_vnd": 0, "years": 3}), 422)
    assert {one["field"] for one in wrong["errors"]} == {"years", "amount_vnd"}
    assert problem(client.post(f"{BASE}/facts/{number}/withdraw"), 428)
    assert problem(client.post(f"{BASE}/facts/{number}/withdraw", headers={"If-Match": '"7"'}), 412)
    assert client.post(f"{BASE}/facts/{number}/withdraw", headers={"If-Match": '"1"'}).status_code == 200
    assert problem(client.post(f"{BASE}/facts/{number}/withdraw", headers={"If-Match": '"2"'}), 409)


def test_a_fact_that_is_sent_again_is_noted_once(client: httpx.Client) -> None:
    """A part added twice would make the asset dearer twice: nothing else would show it."""
    fact = {"asset": "R1", "kind": "cost", "day": "2025-05-20", "amount_vnd": 1_000_000}
    key = {"Idempotency-Key": "8e03978e-40d5-43e8-bc93-6894a57f9324"}
    with ThreadPoolExecutor(4) as pool:
        sent = list(pool.map(lambda _: client.post(f"{BASE}/facts", json=fact, headers=key), range(4)))
    assert {(one.status_code, one.headers["ETag"], one.text) for one in sent} == {(201, '"1"', sent[0].text)}
    assert len(client.get(f"{BASE}/assets/R1").json()["facts"]) == 1
    assert problem(client.post(f"{BASE}/facts", json=fact | {"amount_vnd": 2_000_000}, headers=key), 422)
    assert problem(client.post(f"{BASE}/facts", json=fact, headers={"Idempotency-Key": ""}), 422)
    client.post(f"{BASE}/facts/{sent[0].json()['id']}/withdraw", headers={"If-Match": '"1"'})
    again = client.post(f"{BASE}/facts", json=fact, headers=key)
    assert (again.status_code, again.headers["ETag"]) == (201, '"2"')
    assert client.get(f"{BASE}/assets/R1").json()["facts"] == []


def test_the_sheets_are_given_as_rows_and_as_workbooks(client: httpx.Client) -> None:
    table = client.get(f"{BASE}/table?year=2024&within=huyen").json()
    assert [(row["asset"], row["site"], row["annual_vnd"]) for row in table["assets"]] == [
        ("PC/1", "tan-lap", 2_800_000), ("P1", "hung-an", 0), ("R1", "tan-lap", 6_000_000)
    ]  # fmt: skip
    assert table["total"]["residual_vnd"] == 44_400_000
    assert table["by_category"]["router"]["cost_vnd"] == 30_000_000
    assert [row["asset"] for row in table["tools"]] == ["L1", "T1"]
    ledger = client.get(f"{BASE}/ledger?year=2024&within=tan-lap").json()["items"]
    assert [(one["site"], one["total"]["came_vnd"]) for one in ledger] == [("tan-lap", 30_000_000)]
    for name in ("ledger", "table"):
        file = client.get(f"{BASE}/{name}.xlsx?year=2024&within=tan-lap&lang=en")
        page = openpyxl.load_workbook(io.BytesIO(file.content)).active
        assert page is not None
        assert page["A1"].value == "Unit: Xã Tân Lập"


def test_a_year_is_rehearsed_and_closed_and_closed_again(client: httpx.Client) -> None:
    rehearsal = client.get(f"{BASE}/closings/2024").json()
    assert (rehearsal["closed"], rehearsal["refusal_en"]) == (False, "")
    assert rehearsal["total"]["annual_vnd"] == 8_800_000
    assert rehearsal["no_cost"] == ["L1"]
    assert "lives.computer" in {one["place"] for one in rehearsal["doubts"]}
    first = client.put(f"{BASE}/closings/2024")
    assert (first.status_code, first.json()["closed_by"]) == (200, "administrator")
    assert client.put(f"{BASE}/closings/2024").json() == first.json()
    assert problem(client.put(f"{BASE}/closings/2020"), 409)
    assert [one["year"] for one in client.get(f"{BASE}/closings").json()["items"]] == [2024]
    found = client.get(f"{BASE}/closings/2024").json()
    assert (found["closed"], found["sites"], found["total"]) == (True, rehearsal["sites"], rehearsal["total"])
    assert client.get(f"{BASE}/edited").json() == {"items": []}


def test_a_line_is_confirmed_by_its_digest_and_revoked(client: httpx.Client) -> None:
    lines = client.get(f"{BASE}/rulebooks").json()["items"]
    line = next(one for one in lines if (one["rulebook"], one["place"]) == ("tt-141-2025", "lives.computer"))
    assert (line["state"], line["says"]["years"]) == ("open", 7)
    sent = {name: line[name] for name in ("rulebook", "place", "digest")}
    sent |= {"confirmed_by": "Nguyễn Thị Hoa, kế toán trưởng", "day": "2026-05-20"}
    made = client.post(f"{BASE}/confirmations", json=sent)
    assert made.status_code == 201, made.text
    assert problem(client.post(f"{BASE}/confirmations", json=sent), 409)
    assert problem(client.post(f"{BASE}/confirmations", json=sent | {"place": "lives.boats"}), 422)
    number = made.json()["id"]
    assert problem(client.post(f"{BASE}/confirmations/{number}/revoke"), 428)
    back = client.post(f"{BASE}/confirmations/{number}/revoke", headers={"If-Match": made.headers["ETag"]})
    assert back.status_code == 200
    again = client.get(f"{BASE}/rulebooks").json()["items"]
    assert next(one for one in again if one["digest"] == line["digest"])["state"] == "open"


def test_staff_of_a_commune_get_their_own_figures_only(clerk: httpx.Client) -> None:
    found = clerk.get(f"{BASE}/values?day=2024-12-31&total=true").json()
    assert {one["asset"] for one in found["items"]} == {"T1", "P1", "L1"}
    assert found["total"]["cost_vnd"] == 12_900_000
    assert [one["key"] for one in clerk.get(f"{BASE}/totals?day=2024-12-31&by=site").json()["items"]] == ["hung-an"]
    assert problem(clerk.get(f"{BASE}/assets/PC/1"), 404)
    assert [one["asset"] for one in clerk.get(f"{BASE}/table?year=2024").json()["assets"]] == ["P1"]
    for name in ("ledger", "table", "ledger.xlsx", "table.xlsx"):
        assert problem(clerk.get(f"{BASE}/{name}?year=2024&within=tan-lap"), 404)
    fact = {"asset": "PC/1", "kind": "broken", "day": "2025-05-20"}
    assert problem(clerk.post(f"{BASE}/facts", json=fact), 404)
    assert problem(clerk.put(f"{BASE}/closings/2024"), 403)


def test_every_example_of_the_description_is_what_its_model_holds() -> None:
    for model in (ValuesRead, LineRead, RehearsalRead, LedgerLine, TableLine):
        extra = model.model_config["json_schema_extra"]
        assert isinstance(extra, dict)
        for example in extra["examples"]:  # type: ignore[union-attr]
            assert model.model_validate(example).model_dump(mode="json") == example
