import http.client
from urllib.parse import urlsplit

import pytest
from sqlmodel import select

from inventory.access.accounts import Account, Role, Scope
from inventory.access.actors import actor_of_account
from inventory.access.rights import SYSTEM, Actor
from inventory.cells import BOUNDS
from inventory.db import reading
from inventory.nouns import NOUNS
from inventory.register import Query, list_
from tests.support.accounts import hire
from tests.support.api import Api
from tests.support.rows import add_site
from tests.support.world import build

CSV = {"Content-Type": "text/csv"}
SITES = "Tên ngắn,Tên đơn vị,Loại đơn vị\ntan-lap,Xã Tân Lập,xã\n".encode()
ONE_DATABASE = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


def slugs(api: Api) -> list[str]:
    return [item.key for item in list_(api.books, SYSTEM, NOUNS["sites"], Query()).items]


def test_a_file_is_rehearsed_and_then_imported(api: Api) -> None:
    client = api.signed_in(Role.IT_STAFF)
    rehearsed = client.post("/api/v1/imports/sites?dry_run=true", content=SITES, headers=CSV)
    assert (rehearsed.status_code, rehearsed.json()["created"], rehearsed.json()["written"]) == (200, 1, False)
    assert slugs(api) == []
    written = client.post("/api/v1/imports/sites", content=SITES, headers=CSV)
    assert (written.status_code, written.json()["written"]) == (200, True)
    assert slugs(api) == ["tan-lap"]
    assert client.get("/api/v1/changes?noun=sites").json()["items"][0]["act"] == "create"


@ONE_DATABASE
def test_a_form_carries_a_file_as_well(api: Api) -> None:
    client = api.with_token(Scope.WRITE, actor=_administrator(api))
    book = api.signed_in(Role.AUDITOR).get("/api/v1/exports/sites?format=xlsx").content
    sent = client.post("/api/v1/imports/sites", files={"file": ("sites.csv", SITES)})
    assert (sent.status_code, sent.json()["created"]) == (200, 1)
    for files in (None, {"a": ("a.csv", SITES), "b": ("b.csv", SITES)}):
        wrong = client.post("/api/v1/imports/sites", files=files, data={"x": "y"} if files is None else None)
        assert wrong.status_code in {400, 422}, wrong.text
    empty = client.post("/api/v1/imports/sites", files={"file": ("sites.xlsx", book)})
    assert (empty.status_code, empty.json()["type"]) == (422, "urn:quang:problem:bad_file")


def _administrator(api: Api) -> Actor:
    person = hire(api.books, Role.ADMINISTRATOR)
    with reading(api.books.engine) as session:
        return actor_of_account(session, session.exec(select(Account).where(Account.username == person.username)).one())


def test_wrong_rows_are_answered_with_the_report(api: Api) -> None:
    add_site(api.books, "tan-lap")
    client = api.signed_in(Role.IT_STAFF)
    wrong = SITES + b"B C,,xa\n"
    rehearsed = client.post("/api/v1/imports/sites?dry_run=true", content=wrong, headers=CSV)
    assert rehearsed.status_code == 200
    refused = client.post("/api/v1/imports/sites?lang=vi", content=wrong, headers=CSV)
    assert (refused.status_code, refused.headers["Content-Type"]) == (422, "application/problem+json")
    report = refused.json()["report"]
    assert {(one["row"], one["column"], one["code"]) for one in report["problems"]} == {
        (3, "Tên ngắn", "slug"),
        (3, "Tên đơn vị", "required"),
    }
    assert {one["suggestion"] for one in report["problems"]} == {"b-c", None}
    assert "chưa ghi gì" in refused.json()["detail"]
    assert slugs(api) == ["tan-lap"]


@ONE_DATABASE
def test_columns_are_named_in_the_address(api: Api) -> None:
    client = api.signed_in(Role.IT_STAFF)
    file = "Ngan,Goi la,Cap bac\nd,Xã D,xã\n".encode()
    asked = {"map": ["Ngan=slug", "Goi la=name", "Cap bac=kind"]}
    assert client.post("/api/v1/imports/sites", params=asked, content=file, headers=CSV).json()["created"] == 1
    assert client.post("/api/v1/imports/sites", content=file, headers=CSV).json()["unchanged"] == 1
    for query in ("map=x", "map=Ngan%3Dnosuch", "nosuch=1", "dry_run=perhaps"):
        assert client.post(f"/api/v1/imports/sites?{query}", content=file, headers=CSV).status_code == 422, query


@ONE_DATABASE
def test_what_is_no_table_is_refused_in_words(api: Api) -> None:
    client = api.signed_in(Role.IT_STAFF)
    for body in (b"", b"%PDF-1.7", b"PK\x03\x04x", b"\xff\xfe\x00", b"a,b\n1,2\n", SITES.splitlines()[0]):
        answer = client.post("/api/v1/imports/sites", content=body, headers=CSV)
        assert (answer.status_code, answer.json()["type"]) == (422, "urn:quang:problem:bad_file"), body
        assert answer.json()["first_step"]


@ONE_DATABASE
def test_a_file_of_two_gigabytes_is_refused_before_it_is_sent(api: Api) -> None:
    client = api.signed_in(Role.IT_STAFF)
    peer = http.client.HTTPConnection(urlsplit(api.url).netloc, timeout=60)
    peer.putrequest("POST", "/api/v1/imports/assets")
    headers = {
        "Cookie": f"quang_session={client.cookies['quang_session']}",
        "X-CSRF-Token": client.headers["X-CSRF-Token"],
    }
    for name, value in (headers | CSV | {"Content-Length": str(2 * 1024**3)}).items():
        peer.putheader(name, value)
    peer.endheaders()
    assert peer.getresponse().status == 413
    peer.close()


@ONE_DATABASE
def test_a_file_without_an_announced_length_is_refused_by_counting(api: Api) -> None:
    client = api.signed_in(Role.IT_STAFF)

    def pieces():  # noqa: ANN202 - bytes, piece by piece
        for _ in range(BOUNDS.octets // 2**20 + 2):
            yield b"x" * 2**20

    answer = client.post("/api/v1/imports/assets", content=pieces(), headers=CSV)
    assert answer.status_code == 413


@ONE_DATABASE
def test_an_export_is_a_file_with_a_name(api: Api) -> None:
    build(api.books)
    client = api.signed_in(Role.AUDITOR)
    for kind, start in (("xlsx", b"PK"), ("csv", b"\xef\xbb\xbf")):
        answer = client.get(f"/api/v1/exports/assets?format={kind}")
        assert answer.status_code == 200
        assert answer.content.startswith(start)
        assert f'.{kind}"' in answer.headers["Content-Disposition"]
        assert answer.headers["Cache-Control"] == "no-store"
    assert "Tag,Serial" in client.get("/api/v1/exports/assets?format=csv").text
    assert "Số tài sản" in client.get("/api/v1/exports/assets?format=csv&lang=vi").text
    for query in ("format=pdf", "nosuch=1"):
        assert client.get(f"/api/v1/exports/assets?{query}").status_code == 422
    for noun in ("credentials", "tokens"):
        assert client.get(f"/api/v1/exports/{noun}").status_code == 404


def test_commune_staff_take_out_and_bring_in_what_is_theirs(api: Api) -> None:
    world = build(api.books)
    client = api.signed_in(hire(api.books, Role.COMMUNE_STAFF, site_id=world.own_site_id))
    book = client.get("/api/v1/exports/assets?format=xlsx").content
    assert client.post("/api/v1/imports/assets", content=book).json()["unchanged"] == 1
    everything = api.signed_in(Role.AUDITOR).get("/api/v1/exports/assets?format=csv").content
    refused = client.post("/api/v1/imports/assets", content=everything, headers=CSV)
    assert refused.status_code == 422
    assert {(one["row"], one["code"]) for one in refused.json()["report"]["problems"]} == {(3, "taken"), (3, "no_such")}
