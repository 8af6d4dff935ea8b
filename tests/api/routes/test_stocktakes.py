"""Stocktakes over HTTP: from the plan to the signature as a program does it, and what is refused."""

from typing import Any

import httpx
import pytest

from inventory.access.accounts import Role, Scope
from tests.support.api import Api
from tests.support.counting import book_assets, book_sites, tag_of

PLAN: dict[str, Any] = {
    "title": "Kiểm kê", "due": "2026-12-31", "sites": ["tan-lap"], "committee": [{"name": "Lan", "role": "head"}],
}  # fmt: skip


@pytest.fixture(autouse=True)
def things(api: Api) -> None:
    book_sites(api.books)
    book_assets(api.books, range(1, 4))
    book_assets(api.books, [6], site="hung-an")


@pytest.fixture
def client(api: Api) -> httpx.Client:
    return api.signed_in(Role.IT_STAFF)


def begun(client: httpx.Client) -> str:
    made = client.post("/api/v1/stocktakes", json=PLAN)
    assert made.status_code == 201, made.text
    here = f"/api/v1/stocktakes/{made.json()['id']}"
    begin = client.post(f"{here}/begin", headers={"If-Match": made.headers["ETag"]})
    assert (begin.status_code, begin.json()["state"]) == (200, "counting")
    return here


def step(client: httpx.Client, here: str, name: str, **body: object) -> httpx.Response:
    more = {"json": body} if body or name == "sign" else {}
    return client.post(f"{here}/{name}", headers={"If-Match": client.get(here).headers["ETag"]}, **more)


def entry(n: int, **values: object) -> dict[str, object]:
    fields = {
        "uid": f"{n:032x}", "method": "scan", "tag": tag_of(n), "site": "tan-lap",
        "counted_at": "2026-11-01T08:00:00+07:00",
    }  # fmt: skip
    return fields | values


def test_a_program_leads_a_campaign_from_the_plan_to_the_signature(client: httpx.Client) -> None:
    here = begun(client)
    sent = {"entries": [entry(1), entry(2, condition="damaged"), entry(9, tag="LA-1", name="Máy in")]}
    first, again = (client.post(f"{here}/entries", json=sent).json() for _ in range(2))
    assert first == {"accepted": 3, "duplicates": 0, "refused": []}
    assert again == {"accepted": 0, "duplicates": 3, "refused": []}
    assert client.get(f"{here}/progress").json() == [
        {"site": "tan-lap", "name": "Xã Tân Lập", "lines": 3, "counted": 2}
    ]
    assert step(client, here, "review").status_code == 200
    rows = client.get(f"{here}/differences").json()
    assert [(row["kind"], row["tag"]) for row in rows] == [
        ("missing", tag_of(3)), ("damaged", tag_of(2)), ("surplus", "LA-1")
    ]  # fmt: skip
    kinds = {"missing": "write_off", "damaged": "repair", "surplus": "book"}
    decisions = [{"subject": row["subject"], "basis": row["basis"], "kind": kinds[row["kind"]]} for row in rows]
    tag = client.get(here).headers["ETag"]
    assert client.put(f"{here}/decisions", json={"decisions": decisions}, headers={"If-Match": tag}).status_code == 204
    signed = step(client, here, "sign", conclusion="Đồng ý").json()
    assert (signed["state"], signed["signed_by"], len(signed["content_hash"])) == ("signed", "it-staff", 64)
    assert client.post(f"{here}/entries", json=sent).status_code == 409
    assert client.get("/api/v1/stocktakes").json()["items"][0]["state"] == "signed"


def test_a_plan_that_is_sent_again_makes_one_campaign(client: httpx.Client) -> None:
    key = {"Idempotency-Key": "k1"}
    first, again = (client.post("/api/v1/stocktakes", json=PLAN, headers=key) for _ in range(2))
    assert (first.status_code, again.status_code, again.json()) == (201, 201, first.json())
    assert len(client.get("/api/v1/stocktakes").json()["items"]) == 1
    assert client.post("/api/v1/stocktakes", json=PLAN | {"title": "x"}, headers=key).status_code == 422


def test_an_unknown_thing_is_said_to_be_a_missing_one(client: httpx.Client) -> None:
    here = begun(client)
    client.post(f"{here}/entries", json={"entries": [entry(9, tag="", serial="SN000003X", method="hand")]})
    surplus = client.get(f"{here}/differences").json()[-1]
    assert (surplus["suggestions"][0]["tag"], surplus["suggestions"][0]["score"]) == (tag_of(3), 100)
    line = next(one for one in client.get(f"{here}/lines").json()["lines"] if one["tag"] == tag_of(3))
    done = step(client, here, "identities", subject=surplus["subject"], line=line["number"])
    assert done.status_code == 204
    assert {row["tag"] for row in client.get(f"{here}/differences").json()} == {tag_of(1), tag_of(2)}


def test_a_label_of_another_site_tells_label_name_and_owner_only(client: httpx.Client) -> None:
    here = begun(client)
    assert client.get(f"{here}/things", params={"tag": tag_of(6)}).json() == {
        "where": "books", "number": 0, "tag": tag_of(6), "name": "Máy tính để bàn 6", "site_name": "Xã Hùng An"
    }  # fmt: skip
    assert client.get(f"{here}/things", params={"tag": "x" * 65}).status_code == 422


def test_what_is_too_much_or_not_right_is_refused_whole(client: httpx.Client) -> None:
    here = begun(client)
    for entries in ([entry(1)] * 501, [entry(1), entry(2, uid="x")], [entry(1, extra=1)], [entry(1, tag="")]):
        assert client.post(f"{here}/entries", json={"entries": entries}).status_code == 422
    refused = client.post(f"{here}/entries", json={"entries": [entry(1, site="hung-an"), entry(2)]}).json()
    assert (refused["accepted"], [one["uid"] for one in refused["refused"]]) == (1, [f"{1:032x}"])
    assert client.post(f"{here}/confirmations", json={"lines": [1]}).status_code == 422
    assert client.post(f"{here}/review").status_code == 428
    assert client.post(f"{here}/review", headers={"If-Match": '"77"'}).status_code == 412
    assert step(client, here, "sign").status_code == 409
    assert client.post("/api/v1/stocktakes", json=PLAN | {"sites": ["nowhere"]}).status_code == 422


def test_the_series_show_what_is_counted_and_left_while_a_count_goes_on(api: Api, client: httpx.Client) -> None:
    scraper = api.with_token(Scope.SCRAPE)
    assert "quang_stocktake_lines{" not in scraper.get("/metrics").text
    here = begun(client)
    client.post(f"{here}/entries", json={"entries": [entry(1)]})
    text = scraper.get("/metrics").text
    assert 'quang_stocktake_lines{site="tan-lap",state="counted"} 1.0' in text
    assert 'quang_stocktake_lines{site="tan-lap",state="left"} 2.0' in text


def test_a_program_revises_a_plan_and_carries_out_what_was_decided(client: httpx.Client) -> None:
    made = client.post("/api/v1/stocktakes", json=PLAN)
    here = f"/api/v1/stocktakes/{made.json()['id']}"
    other = PLAN | {"title": "Kiểm kê tháng 5"}
    revised = client.put(here, json=other, headers={"If-Match": made.headers["ETag"]})
    assert (revised.status_code, revised.json()["title"]) == (200, "Kiểm kê tháng 5")
    assert client.put(here, json=PLAN, headers={"If-Match": made.headers["ETag"]}).status_code == 412
    assert step(client, here, "begin").status_code == 200
    client.post(f"{here}/entries", json={"entries": [entry(1), entry(2)]})
    assert client.get(f"{here}/follow-ups").status_code == 409
    step(client, here, "review")
    (one,) = client.get(f"{here}/differences").json()
    chosen = {"decisions": [{"subject": one["subject"], "basis": one["basis"], "kind": "write_off"}]}
    client.put(f"{here}/decisions", json=chosen, headers={"If-Match": client.get(here).headers["ETag"]})
    assert step(client, here, "sign", conclusion="").status_code == 200
    (waiting,) = client.get(f"{here}/follow-ups").json()["items"]
    assert (waiting["act"], waiting["asset"], waiting["follows"], waiting["document"]) == (
        "retire",
        tag_of(3),
        True,
        "",
    )
    sent = {"subject": one["subject"], "day": "2026-11-01"}
    done = client.post(f"{here}/follow-ups", json=sent)
    assert done.status_code == 200, done.text
    assert done.json()["document"]
    assert client.get(f"/api/v1/assets/{tag_of(3)}").json()["status"] == "retired"
    assert client.post(f"{here}/follow-ups", json=sent).status_code == 409
