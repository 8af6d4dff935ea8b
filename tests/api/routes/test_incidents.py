"""Incidents over HTTP: seen by those of the place, handled with a right, never overwritten by two at once."""

from typing import Any

import httpx
import pytest

from inventory.access.accounts import Role, Scope
from inventory.columns import now
from inventory.db import writing
from inventory.text import Text
from inventory.watch.firing import Firing, fire
from tests.support.accounts import hire
from tests.support.api import Api, api
from tests.support.network import District

__all__ = ["api"]


@pytest.fixture
def district(api: Api) -> District:
    return District(api.books)


@pytest.fixture
def number(api: Api, district: District) -> int:
    firing = Firing(
        rule="LinkDown", element="link:viet-vinh", severity="critical", started_at=now(), values={"value_vi": "x"},
        summary=Text(vi="Đứt.", en="Cut."), site_id=district.near.id, other_site_id=district.centre.id,
    )  # fmt: skip
    with writing(api.books.engine) as session:
        incident = fire(session, firing, now()).incident
        assert incident is not None
        return incident.id or 0


def staff(api: Api) -> httpx.Client:
    return api.signed_in(Role.IT_STAFF)


def test_an_incident_is_handled_from_first_to_last(api: Api, number: int) -> None:
    client, here = staff(api), f"/api/v1/incidents/{number}"
    listed = client.get("/api/v1/incidents", params={"state": "open"}).json()["items"]
    assert [(one["element"], one["site"], one["other_site"]) for one in listed] == [
        ("link:viet-vinh", "viet-vinh", "trung-tam")
    ]
    taken = client.post(f"{here}/acknowledge")
    assert (taken.status_code, taken.json()["acknowledged_by"], taken.headers["etag"]) == (200, "it-staff", '"2"')
    assert client.post(f"{here}/notes", json={"text": " Đã gọi nhà mạng. "}).status_code == 200
    tag = client.get(here).headers["etag"]
    ticket = client.put(f"{here}/ticket", json={"ticket": "VT-1182"}, headers={"If-Match": tag})
    assert ticket.json()["ticket"] == "VT-1182"
    cause = client.put(f"{here}/cause", json={"cause": "Đứt cáp"}, headers={"If-Match": ticket.headers["etag"]})
    assert cause.json()["cause"] == "Đứt cáp"
    lines = client.get(f"{here}/timeline").json()
    assert [(line["kind"], line["actor"]) for line in lines] == [
        ("opened", "system"), ("acknowledged", "it-staff"), ("note", "it-staff"), ("ticket", "it-staff"),
        ("note", "it-staff"),
    ]  # fmt: skip
    assert lines[2]["text_vi"] == "Đã gọi nhà mạng."


def test_two_people_never_overwrite_each_other(api: Api, number: int) -> None:
    client, here = staff(api), f"/api/v1/incidents/{number}"
    tag = {"If-Match": client.get(here).headers["etag"]}
    assert client.put(f"{here}/ticket", json={"ticket": "A"}, headers=tag).status_code == 200
    for path, body in (("ticket", {"ticket": "B"}), ("cause", {"cause": "C"})):
        assert client.put(f"{here}/{path}", json=body, headers=tag).status_code == 412
        assert client.put(f"{here}/{path}", json=body).status_code == 428
    assert client.get(here).json()["ticket"] == "A"


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("notes", {}),
        ("notes", {"text": "  "}),
        ("notes", {"text": "x" * 2001}),
        ("notes", {"text": "a\0b"}),
        ("notes", {"text": "x", "actor": "somebody else"}),
        ("notes", {"text": 5}),
    ],
)
def test_a_wrong_remark_is_refused_by_field(api: Api, number: int, path: str, body: Any) -> None:
    answer = staff(api).post(f"/api/v1/incidents/{number}/{path}", json=body)
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"


def test_a_commune_sees_and_handles_its_own_and_nothing_else(api: Api, district: District, number: int) -> None:
    own = api.signed_in(hire(api.books, Role.COMMUNE_STAFF, "vinh", site_id=district.near.id))
    other = api.signed_in(hire(api.books, Role.COMMUNE_STAFF, "an", site_id=district.far.id))
    here = f"/api/v1/incidents/{number}"
    assert own.post(f"{here}/acknowledge").status_code == 200
    for answer in (
        other.post(f"{here}/acknowledge"),
        other.post(f"{here}/notes", json={"text": "x"}),
        other.get(f"{here}/timeline"),
        own.post("/api/v1/incidents/4711/acknowledge"),
    ):
        assert answer.status_code == 404


def test_who_only_reads_handles_nothing(api: Api, number: int) -> None:
    here = f"/api/v1/incidents/{number}"
    for client in (api.signed_in(Role.AUDITOR), api.with_token(Scope.SCRAPE), api.with_token(Scope.ALERTMANAGER)):
        assert client.post(f"{here}/acknowledge").status_code == 403
        assert client.put(f"{here}/ticket", json={"ticket": "x"}, headers={"If-Match": '"1"'}).status_code == 403
    assert api.client().post(f"{here}/acknowledge").status_code == 401


@pytest.mark.parametrize("wrong", ["0", "-1", "x", "99999999999999999999"])
def test_a_number_that_is_none_is_refused(api: Api, wrong: str) -> None:
    answer = staff(api).post(f"/api/v1/incidents/{wrong}/acknowledge")
    assert answer.status_code in {404, 422}
