"""Budgets over HTTP, from a scenario to a booked asset."""

import io
from typing import Any

import httpx
import openpyxl
import pytest

from inventory.access.accounts import Role
from tests.support.accounts import hire
from tests.support.api import Api
from tests.support.budgeting import MILLION, book_due_things, site_id

BASE = "/api/v1/budgets"


@pytest.fixture
def staff(api: Api) -> httpx.Client:
    book_due_things(api.books)
    return api.signed_in(Role.IT_STAFF)


def made(staff: httpx.Client, **values: Any) -> dict[str, Any]:
    body = {"title": "Phương án 1", "year": 2027, "cap_vnd": 46 * MILLION} | values
    answer = staff.post(BASE, json=body)
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.json()
    assert answer.headers["Location"] == f"{BASE}/{found['key']}"
    return found


def lines(client: httpx.Client, key: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = client.get(f"{BASE}/{key}/lines").json()["items"]
    return found


def test_a_scenario_tells_its_sums_and_every_line_its_reasons(staff: httpx.Client) -> None:
    one = made(staff)
    assert (one["state"], one["bought"], one["spent_vnd"], one["need"]) == ("draft", 3, 45_500_000, 240)
    found = lines(staff, one["key"])
    assert one["bought"] + one["left_out"] == len(found)
    router = next(line for line in found if line["replaces"] == "TL-R")
    assert [ground["reason"] for ground in router["grounds"]] == ["beyond_life", "unsupported"]
    assert (router["price_source"], router["left_out"], router["planned"]) == ("list", None, None)
    assert {line["left_out"] for line in found} == {None, "over_cap"}


def test_a_request_sent_twice_drafts_once(staff: httpx.Client) -> None:
    body = {"title": "Phương án 1", "year": 2027, "cap_vnd": 1}
    first = staff.post(BASE, json=body, headers={"Idempotency-Key": "abc"})
    again = staff.post(BASE, json=body, headers={"Idempotency-Key": "abc"})
    assert first.json()["key"] == again.json()["key"]
    assert len(staff.get(BASE).json()["items"]) == 1


def test_from_a_scenario_to_a_booked_asset(staff: httpx.Client) -> None:
    key = made(staff)["key"]
    approved = staff.post(f"{BASE}/{key}/approve", headers={"If-Match": '"1"'})
    assert (approved.json()["state"], approved.headers["ETag"]) == ("approved", '"2"')
    router = next(line for line in lines(staff, key) if line["replaces"] == "TL-R")
    assert staff.get(f"/api/v1/assets/{router['planned']}").json()["status"] == "planned"
    sent = {"tag": "TL-9", "serial": "HEX1", "cost_vnd": 5_300_000, "day": "2026-03-20", "supplier": "may-tinh-hg"}
    address = f"{BASE}/{key}/lines/{router['number']}/purchase"
    first, again = staff.post(address, json=sent), staff.post(address, json=sent)
    assert first.json() == again.json()
    asset = staff.get("/api/v1/assets/TL-9").json()
    assert (asset["status"], asset["cost_vnd"], asset["supplier"]) == ("in_stock", 5_300_000, "may-tinh-hg")
    assert staff.post(address, json=sent | {"tag": "TL-10"}).status_code == 409
    assert staff.post(f"{BASE}/{key}/discard", headers={"If-Match": '"2"'}).status_code == 409


def test_a_line_is_settled_from_the_version_that_was_read(staff: httpx.Client) -> None:
    made = staff.post("/api/v1/budgets", json={"title": "Phương án 1", "year": 2027, "cap_vnd": 46_000_000})
    here = made.headers["Location"]
    line = next(one for one in staff.get(f"{here}/lines").json()["items"] if one["replaces"] == "TL-2")
    address, sent = f"{here}/lines/{line['number']}/settle", {"pin": "buy", "reason": "Bộ phận một cửa"}
    assert staff.post(address, json=sent).status_code == 428
    done = staff.post(address, json=sent, headers={"If-Match": made.headers["ETag"]})
    assert done.status_code == 200, done.text
    assert done.json()["spent_vnd"] <= 46_000_000
    after = next(one for one in staff.get(f"{here}/lines").json()["items"] if one["replaces"] == "TL-2")
    assert (after["left_out"], after["pin"], after["pin_reason"]) == (None, "buy", "Bộ phận một cửa")
    assert staff.post(address, json=sent, headers={"If-Match": made.headers["ETag"]}).status_code == 412


def test_two_scenarios_stand_beside_each_other(staff: httpx.Client) -> None:
    free, fair = made(staff), made(staff, title="Phương án 2", fair_share=True)
    found = staff.get(f"{BASE}/{free['key']}/comparison/{fair['key']}").json()
    assert found["whole"]["first"] == {"lines": 3, "vnd": 45_500_000, "need": 240}
    sites = {pair["name_vi"]: (pair["first"]["vnd"], pair["second"]["vnd"]) for pair in found["sites"]}
    assert sites["Xã Hùng An"] == (0, 13_000_000)
    assert found["both"] + len(found["only_first"]) == 3


def test_the_estimate_is_a_workbook_whose_totals_agree(staff: httpx.Client) -> None:
    key = made(staff, cap_vnd=999 * MILLION)["key"]
    answer = staff.get(f"{BASE}/{key}/estimate.xlsx?lang=vi")
    assert answer.headers["Content-Disposition"] == f'attachment; filename="du-toan-2027-{key}.xlsx"'
    page = openpyxl.load_workbook(io.BytesIO(answer.content)).active
    assert page is not None
    rows = list(page.iter_rows(values_only=True))
    whole = sum(line["price_vnd"] for line in lines(staff, key) if line["left_out"] is None)
    totals = [row[6] for row in rows if row[1] == "Tổng cộng"]
    # The table, then by site, by source and by category.
    assert totals == [whole] * 4
    assert sum(int(str(row[6])) for row in rows if isinstance(row[0], int)) == whole
    assert [row[1] for row in rows if row[1] in {"Theo đơn vị", "Theo nguồn kinh phí", "Theo loại tài sản"}] == [
        "Theo đơn vị", "Theo nguồn kinh phí", "Theo loại tài sản",
    ]  # fmt: skip


def test_commune_staff_see_their_lines_and_their_sums_only(api: Api, staff: httpx.Client) -> None:
    key = made(staff, cap_vnd=999 * MILLION)["key"]
    other = made(staff, within="tan-lap")["key"]
    clerk = api.signed_in(hire(api.books, Role.COMMUNE_STAFF, site_id=site_id(api.books, "hung-an")))
    assert {line["site"] for line in lines(clerk, key)} == {"hung-an"}
    seen = clerk.get(f"{BASE}/{key}").json()
    assert (seen["bought"], seen["spent_vnd"]) == (2, 35 * MILLION)
    assert clerk.get(f"{BASE}/{other}").status_code == 404
    assert [item["key"] for item in clerk.get(BASE).json()["items"]] == [key]
    assert clerk.post(BASE, json={}).status_code == 403


def test_wrong_fields_are_named(staff: httpx.Client) -> None:
    answer = staff.post(BASE, json={"title": "", "year": 1999, "cap_vnd": 0, "within": "x", "more": 1})
    assert answer.status_code == 422
    assert {error["field"] for error in answer.json()["errors"]} == {"title", "year", "cap_vnd", "more"}
    assert staff.post(f"{BASE}/1/approve").status_code == 428
    assert staff.get(f"{BASE}/0").status_code == 422
