"""Acts of custody over HTTP: done once, refused with every problem, undone by another document."""

from typing import Any

import httpx
import pytest

from inventory.access.accounts import Role
from tests.support.api import Api
from tests.support.custody import require_order
from tests.support.rows import add_asset, add_site


@pytest.fixture
def staff(api: Api) -> httpx.Client:
    add_site(api.books, "tan-lap")
    for n in (1, 2):
        add_asset(api.books, f"TS/2024/{n}", "tan-lap", category="desktop", cost_vnd=14_000_000)
    return api.signed_in(Role.IT_STAFF)


def assign(api: Api, **more: Any) -> dict[str, Any]:
    items = [{"asset": "TS/2024/1"}, {"asset": "TS/2024/2", "origin": "Việt Nam, 2024"}]
    day = api.books.today().isoformat()
    return {"kind": "assign", "day": day, "items": items, "to_name": "Hoa", "papers": "Hóa đơn 12"} | more


def test_an_act_makes_a_document_that_is_listed_shown_and_has_its_items(api: Api, staff: httpx.Client) -> None:
    answer = staff.post("/api/v1/documents", json=assign(api))
    assert answer.status_code == 201, answer.text
    number = answer.json()["number"]
    assert answer.headers["Location"] == f"/api/v1/documents/{number}"
    shown = staff.get(answer.headers["Location"])
    assert shown.json() == answer.json()
    assert shown.headers["ETag"] == answer.headers["ETag"]
    items = staff.get(f"/api/v1/documents/{number}/items").json()["items"]
    assert [(one["tag"], one["origin"], one["residual_vnd"]) for one in items] == [
        ("TS/2024/1", "", 14_000_000),
        ("TS/2024/2", "Việt Nam, 2024", 14_000_000),
    ]
    listed = staff.get("/api/v1/documents", params={"kind": "assign", "at": "tan-lap", "q": "hoa"}).json()
    assert [one["number"] for one in listed["items"]] == [number]
    held = staff.get("/api/v1/assets", params={"document": number}).json()["items"]
    assert [(one["tag"], one["status"], one["custodian"]) for one in held] == [
        ("TS/2024/1", "in_use", "Hoa"),
        ("TS/2024/2", "in_use", "Hoa"),
    ]


def test_a_request_sent_again_acts_once(api: Api, staff: httpx.Client) -> None:
    key = {"Idempotency-Key": "8e03978e-40d5-43e8-bc93-6894a57f9324"}
    body = assign(api)
    first, again = (staff.post("/api/v1/documents", json=body, headers=key) for _ in range(2))
    assert (first.status_code, again.status_code) == (201, 201)
    assert again.json() == first.json()
    other = staff.post("/api/v1/documents", json=body | {"to_name": "Tám"}, headers=key)
    assert other.status_code == 422
    require_order(api.books)


def test_every_problem_is_named_and_nothing_is_written(api: Api, staff: httpx.Client) -> None:
    wrong = assign(api, items=[{"asset": "none"}], to_name="", to_site="tan-lap", colour="red")
    answer = staff.post("/api/v1/documents", json=wrong)
    assert answer.status_code == 422
    assert [one["pointer"] for one in answer.json()["errors"]] == ["/colour"]
    del wrong["colour"]
    errors = staff.post("/api/v1/documents", json=wrong).json()["errors"]
    assert {one["pointer"] for one in errors} == {"/items/0/asset", "/to_site"}
    assert staff.get("/api/v1/documents").json()["items"] == []


def test_a_typed_status_is_refused_with_the_name_of_the_act(staff: httpx.Client) -> None:
    answer = staff.patch("/api/v1/assets/TS/2024/1", json={"status": "in_use"}, headers={"If-Match": '"1"'})
    assert answer.status_code == 422
    (error,) = answer.json()["errors"]
    assert (error["code"], "“Assign”" in error["message"]) == ("by_document", True)


def test_a_document_is_reversed_from_the_version_that_was_read(api: Api, staff: httpx.Client) -> None:
    number = staff.post("/api/v1/documents", json=assign(api)).json()["number"]
    address, body = f"/api/v1/documents/{number}/reverse", {"day": api.books.today().isoformat(), "reason": "Nhầm"}
    assert staff.post(address, json=body).status_code == 428
    assert staff.post(address, json=body, headers={"If-Match": '"9"'}).status_code == 412
    assert staff.post(address, json={"day": "soon"}, headers={"If-Match": '"1"'}).status_code == 422
    answer = staff.post(address, json=body, headers={"If-Match": '"1"'})
    assert (answer.status_code, answer.json()["reverses"]) == (201, number)
    assert staff.get(f"/api/v1/documents/{number}").json()["reversed_by"] == answer.json()["number"]
    assert staff.get("/api/v1/assets/TS/2024/1").json()["document"] is None
    assert staff.post(address, json=body, headers={"If-Match": '"2"'}).status_code == 409
    require_order(api.books)
