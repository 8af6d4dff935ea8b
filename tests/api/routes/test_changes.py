import pytest

from inventory.access.accounts import Role
from tests.support.api import Api
from tests.support.world import build


def test_the_history_is_read_page_by_page_newest_first(api: Api) -> None:
    build(api.books)
    client = api.signed_in(Role.AUDITOR)
    seen: list[int] = []
    cursor = ""
    while True:
        page = client.get("/api/v1/changes", params={"limit": 5, "cursor": cursor}).json()
        assert len(page["items"]) <= 5
        seen += [change["id"] for change in page["items"]]
        cursor = page["next_cursor"] or ""
        if not cursor:
            break
    assert seen == sorted(seen, reverse=True)
    assert len(seen) == len(set(seen)) > 20


def test_the_history_of_one_object_and_of_one_person(api: Api) -> None:
    build(api.books)
    client = api.signed_in(Role.IT_STAFF)
    made = client.get("/api/v1/devices/core")
    changed = client.patch("/api/v1/devices/core", json={"title": "Lõi"}, headers={"If-Match": made.headers["ETag"]})
    assert changed.status_code == 200
    of_core = client.get("/api/v1/changes?noun=devices&key=core").json()["items"]
    assert [(change["act"], change["actor"]) for change in of_core] == [("update", "it-staff"), ("create", "system")]
    assert (of_core[0]["before"]["title"], of_core[0]["after"]["title"]) == ("", "Lõi")
    mine = client.get("/api/v1/changes?by=it-staff").json()["items"]
    assert [change["key"] for change in mine] == ["core"]


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("noun=planets", "noun"),
        ("limit=0", "limit"),
        ("limit=201", "limit"),
        ("limit=x", "limit"),
        ("cursor=AAAA", "cursor"),
        ("colour=red", "colour"),
        ("key=%00", "key"),
        ("by=%00", "by"),
        ("lang=fr", "lang"),
    ],
)
def test_a_wrong_question_to_the_history_is_named(api: Api, query: str, field: str) -> None:
    answer = api.signed_in(Role.AUDITOR).get(f"/api/v1/changes?{query}")
    assert answer.status_code == 422, answer.text
    assert [error["field"] for error in answer.json()["errors"]] == [field]
