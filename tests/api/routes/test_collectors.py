"""A collector's own calls: it renews, reads its roster and reports, for itself alone."""

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest
from sqlmodel import col, select

from collector.target import Roster
from collector.upstream.roster import read
from inventory.access.accounts import Role, Scope
from inventory.books import Books
from inventory.columns import now
from inventory.db import reading
from inventory.network.collectors import Collector
from inventory.network.observations import Observation, Transition
from tests.support.accounts import hire
from tests.support.books import fewest
from tests.support.network import District, book
from tests.support.program import serving, token

ALIVE = {"version": "0.1.0", "url": "http://127.0.0.1:9765", "workers": 1}


@pytest.fixture
def client(books: Books, tmp_path: Path) -> Iterator[httpx.Client]:
    with serving(books, tmp_path) as found:
        yield found.http


@pytest.fixture
def mine(books: Books) -> dict[str, str]:
    return token(books, Scope.COLLECTOR, "main")


def changed(**more: Any) -> dict[str, Any]:
    return {
        "uid": uuid4().hex, "kind": "transition", "element": "link:viet-vinh", "instance": "core", "site": "trung-tam",
        "probe": "snmp_link", "state": "down", "reason": None, "detail": "", "at": "2018-12-03T01:02:03.456Z",
    } | more  # fmt: skip


def seen(**more: Any) -> dict[str, Any]:
    return {
        "uid": uuid4().hex, "kind": "observation", "instance": "core", "site": "trung-tam", "probe": "snmp_system",
        "fact": "serial", "subject": "chassis", "value": "ABC123", "at": "2018-12-03T01:02:03.456Z",
    } | more  # fmt: skip


def test_a_new_collector_with_a_token_is_booked_and_gets_every_site(
    books: Books, client: httpx.Client, mine: dict[str, str]
) -> None:
    District(books)
    answer = client.post("/api/v1/collectors/main/lease", json=ALIVE, headers=mine)
    assert answer.status_code == 200
    assert [one["site"] for one in answer.json()["leases"]] == ["hung-an", "quang-minh", "trung-tam", "viet-vinh"]
    assert answer.json()["renew_after_s"] == 10
    with reading(books.engine) as session:
        one = session.exec(select(Collector)).one()
        assert (one.url, one.program_version, one.version) == ("http://127.0.0.1:9765", "0.1.0", 1)


def test_the_roster_is_what_a_collector_understands_wholly(
    books: Books, client: httpx.Client, mine: dict[str, str]
) -> None:
    District(books)
    client.post("/api/v1/collectors/main/lease", json=ALIVE, headers=mine)
    answer = client.get("/api/v1/collectors/main/roster", headers=mine)
    reading_ = read(answer.content)
    assert reading_.problems == {}
    assert [lease.site for lease in reading_.roster.leases] == ["hung-an", "quang-minh", "trung-tam", "viet-vinh"]
    assert answer.headers["cache-control"] == "no-store"
    assert json.loads(answer.content)["credentials"] == {
        "district": {"community": "lan-noi-bo", "kind": "snmp_v2c"},
    }  # fmt: skip


def test_an_unchanged_roster_is_not_sent_again_and_costs_three_statements(
    books: Books, client: httpx.Client, mine: dict[str, str]
) -> None:
    District(books)
    client.post("/api/v1/collectors/main/lease", json=ALIVE, headers=mine)
    tag = client.get("/api/v1/collectors/main/roster", headers=mine).headers["etag"]
    client.post("/api/v1/collectors/main/lease", json=ALIVE, headers=mine)
    answers: list[httpx.Response] = []
    headers = mine | {"If-None-Match": tag}
    asked = fewest(books, lambda: answers.append(client.get("/api/v1/collectors/main/roster", headers=headers)))
    assert [(one.status_code, one.content, one.headers["etag"]) for one in answers] == [(304, b"", tag)] * len(answers)
    assert len([one for one in asked if "token" not in one.lower()]) <= 3


def test_any_change_of_the_books_makes_another_roster(books: Books, client: httpx.Client, mine: dict[str, str]) -> None:
    district = District(books)
    client.post("/api/v1/collectors/main/lease", json=ALIVE, headers=mine)
    first = client.get("/api/v1/collectors/main/roster", headers=mine)
    district.core.address = "127.0.10.99"
    book(books, district.core)
    second = client.get("/api/v1/collectors/main/roster", headers=mine | {"If-None-Match": first.headers["etag"]})
    assert second.status_code == 200
    assert "127.0.10.99" in second.text
    district.core.note = "không ảnh hưởng việc đo"
    book(books, district.core)
    third = client.get("/api/v1/collectors/main/roster", headers=mine | {"If-None-Match": second.headers["etag"]})
    assert third.status_code == 304


def test_a_collector_without_leases_has_the_graph_but_no_targets(
    books: Books, client: httpx.Client, mine: dict[str, str]
) -> None:
    District(books)
    other = token(books, Scope.COLLECTOR, "second")
    client.post("/api/v1/collectors/main/lease", json=ALIVE, headers=mine)
    client.post("/api/v1/collectors/second/lease", json=ALIVE, headers=other)
    roster = Roster.model_validate_json(client.get("/api/v1/collectors/second/roster", headers=other).content)
    assert (roster.leases, roster.targets, roster.credentials) == ((), (), {})
    assert [node.name for node in roster.graph.nodes] == ["core", "ha-r1", "qm-r1", "vv-r1"]


@pytest.mark.parametrize("call", ["lease", "roster", "reports"])
def test_nobody_speaks_for_another_collector(books: Books, client: httpx.Client, call: str) -> None:
    for headers in (
        token(books, Scope.COLLECTOR, "other"),
        token(books, Scope.SCRAPE),
        token(books, Scope.ALERTMANAGER),
    ):
        path = f"/api/v1/collectors/main/{call}"
        body = {"lease": ALIVE, "reports": {"reports": []}}.get(call)
        answer = client.post(path, json=body, headers=headers) if body else client.get(path, headers=headers)
        assert answer.status_code == 403
    assert client.get("/api/v1/collectors/main/roster").status_code == 401


def test_not_even_an_administrator_reads_credentials_this_way(books: Books, client: httpx.Client) -> None:
    person = hire(books, Role.ADMINISTRATOR)
    signed = client.post("/api/v1/session", json={"username": person.username, "password": person.password})
    assert signed.status_code in {200, 201}
    assert client.get("/api/v1/collectors/main/roster").status_code == 403


@pytest.mark.parametrize(
    "body",
    [
        {},
        ALIVE | {"workers": 0},
        ALIVE | {"workers": 65},
        ALIVE | {"url": "ftp://x"},
        ALIVE | {"url": "http://user@x"},
        ALIVE | {"url": "http://x/path"},
        ALIVE | {"version": "x" * 33},
        ALIVE | {"more": 1},
    ],
)
def test_a_wrong_sign_of_life_is_refused_by_field(client: httpx.Client, mine: dict[str, str], body: Any) -> None:
    answer = client.post("/api/v1/collectors/main/lease", json=body, headers=mine)
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"


def test_reports_count_once_however_often_they_are_sent(
    books: Books, client: httpx.Client, mine: dict[str, str]
) -> None:
    batch = {"reports": [changed(), seen(), changed(state="up")]}
    answers = [client.post("/api/v1/collectors/main/reports", json=batch, headers=mine).json() for _ in range(2)]
    assert answers == [
        {"accepted": 3, "duplicates": 0, "refused": 0},
        {"accepted": 1, "duplicates": 2, "refused": 0},
    ]
    with reading(books.engine) as session:
        rows = session.exec(select(Transition).order_by(Transition.id)).all()
        assert [(row.collector, row.state, row.at.microsecond) for row in rows] == [
            ("main", "down", 456000), ("main", "up", 456000),
        ]  # fmt: skip
        assert len(session.exec(select(Observation)).all()) == 1


@pytest.mark.parametrize(
    "wrong",
    [
        {"uid": "x"},
        {"kind": "rumour"},
        {"at": "yesterday"},
        {"at": "2018-12-03T01:02:03"},
        {"state": "sideways"},
        {"element": "planet:mars"},
        {"site": "../etc"},
        {"detail": 5},
        {"detail": "x" * 4001},
    ],
)
def test_a_report_that_is_not_understood_does_not_hold_up_the_others(
    client: httpx.Client, mine: dict[str, str], wrong: dict[str, Any]
) -> None:
    batch = {"reports": [changed(**wrong), changed()]}
    answer = client.post("/api/v1/collectors/main/reports", json=batch, headers=mine)
    assert answer.json() == {"accepted": 1, "duplicates": 0, "refused": 1}


def test_a_collector_whose_clock_is_two_hours_ahead_reports_nothing_from_the_future(
    books: Books, client: httpx.Client, mine: dict[str, str]
) -> None:
    District(books)
    ahead = (now() + timedelta(hours=2)).isoformat()
    body = {"reports": [changed(at=ahead), changed(state="up", at=now().isoformat())]}
    client.post("/api/v1/collectors/main/reports", json=body, headers=mine)
    with reading(books.engine) as session:
        down, up = session.exec(select(Transition).order_by(col(Transition.at), col(Transition.id))).all()
        assert {(down.state, up.state)} <= {("down", "up"), ("up", "down")}
        assert abs(down.at - up.at) < timedelta(minutes=1)


def test_what_a_device_says_is_cut_and_cleaned_before_it_is_stored(
    books: Books, client: httpx.Client, mine: dict[str, str]
) -> None:
    batch = {"reports": [seen(value="a\0b" + "x" * 900, subject="s" * 300), changed(detail="d" * 1000)]}
    assert client.post("/api/v1/collectors/main/reports", json=batch, headers=mine).json()["accepted"] == 2
    with reading(books.engine) as session:
        row = session.exec(select(Observation)).one()
        assert (row.value[:3], len(row.value), len(row.subject)) == ("a\ufffdb", 500, 128)
        assert len(session.exec(select(Transition)).one().detail) == 200


def test_more_reports_than_one_batch_may_hold_are_refused(client: httpx.Client, mine: dict[str, str]) -> None:
    batch = {"reports": [changed() for _ in range(501)]}
    assert client.post("/api/v1/collectors/main/reports", json=batch, headers=mine).status_code == 422


def test_a_retired_collector_is_told_that_it_is_unknown(
    books: Books, client: httpx.Client, mine: dict[str, str]
) -> None:
    book(books, Collector(name="main", retired_at=now()))
    assert client.post("/api/v1/collectors/main/lease", json=ALIVE, headers=mine).status_code == 404
    assert client.get("/api/v1/collectors/main/roster", headers=mine).status_code == 404
