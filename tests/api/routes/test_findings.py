"""Discovery over HTTP: what a collector reports becomes findings, which people settle."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import func
from sqlmodel import select

from inventory.access.accounts import Role, Scope
from inventory.access.rights import SYSTEM
from inventory.access.tokens import issue_token
from inventory.assets.assets import Asset
from inventory.columns import now
from inventory.db import reading, writing
from inventory.history import Change
from inventory.network.findings import Finding
from tests.support.api import Api, api
from tests.support.makers import need_makers
from tests.support.network import District
from tests.support.rows import add_asset

__all__ = ["api"]

PC = "00:0c:42:01:02:03"


@pytest.fixture
def district(api: Api) -> District:
    return District(api.books)


def report(api: Api, facts: Iterable[tuple[str, str, str, str]]) -> dict[str, Any]:
    """Report facts (probe, fact, subject, value) of the router at Việt Vinh as a collector does."""
    rows = [
        {
            "uid": uuid4().hex, "kind": "observation", "instance": "vv-r1", "site": "viet-vinh", "probe": probe,
            "fact": fact, "subject": subject, "value": value, "at": now().isoformat(),
        }
        for probe, fact, subject, value in facts
    ]  # fmt: skip
    until = now() + timedelta(days=1)
    secret, _ = issue_token(api.books, SYSTEM, f"t{uuid4().hex[:8]}", [Scope.COLLECTOR], until, "main")
    client = api.client(Authorization=f"Bearer {secret}")
    answer = client.post("/api/v1/collectors/main/reports", json={"reports": rows})
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


SEEN = [("snmp_arp", "arp", "10.20.1.77", PC), ("snmp_fdb", "port", PC, "ether3"),
        ("sweep", "object_id", "10.20.1.77", "1.3.6.1.4.1.14988.1")]  # fmt: skip


def test_what_a_collector_reports_becomes_an_unknown_device(api: Api, district: District) -> None:
    assert report(api, SEEN)["refused"] == 0
    client = api.signed_in(Role.IT_STAFF)
    (found,) = client.get("/api/v1/unknown-devices").json()
    assert (found["mac"], found["address"], found["vendor"]) == (PC, "10.20.1.77", "MikroTik")
    assert (found["switch"], found["port"]) == ("vv-r1", "ether3")
    assert client.get("/api/v1/findings", params={"site": "viet-vinh"}).json()["items"][0]["mac"] == PC


def test_a_clock_that_is_ahead_has_seen_nothing_tomorrow(api: Api, district: District) -> None:
    rows = [
        {
            "uid": uuid4().hex, "kind": "observation", "instance": "vv-r1", "site": "viet-vinh", "probe": "snmp_arp",
            "fact": "arp", "subject": "10.20.1.77", "value": PC, "at": "2100-01-01T00:00:00Z",
        }
    ]  # fmt: skip
    client = api.with_token(Scope.COLLECTOR, collector="main")
    assert client.post("/api/v1/collectors/main/reports", json={"reports": rows}).json()["accepted"] == 1
    with reading(api.books.engine) as session:
        assert session.exec(select(Finding)).one().last_seen <= now()


def test_a_device_says_its_maker_and_what_is_silent_is_told(api: Api, district: District) -> None:
    need_makers()
    report(api, [("snmp_fdb", "port", "00:1b:a9:00:00:01", "ether3"), ("snmp_fdb", "port", "da:a1:19:0:0:1", "ether3"),
                 ("snmp_fdb", "port", "da:a1:19:00:00:01", "ether3")])  # fmt: skip
    client = api.signed_in(Role.IT_STAFF)
    told = {one["mac"]: (one["maker"], one["made_up"]) for one in client.get("/api/v1/unknown-devices").json()}
    assert told == {"00:1b:a9:00:00:01": ("Brother industries, LTD.", False), "da:a1:19:00:00:01": ("", True)}
    add_asset(api.books, "T1", "viet-vinh", mac="00:0c:42:00:00:77", status="in_use", put_to_use="2018-01-01")
    assert client.get("/api/v1/silent-devices").json() == []
    with writing(api.books.engine) as session:
        session.exec(select(Asset)).one().created_at -= timedelta(days=60)
        for one in session.exec(select(Finding)):
            one.first_seen -= timedelta(days=60)
    api.house.silences.forget()
    (missed,) = [one for one in client.get("/api/v1/silent-devices").json() if one["kind"] == "asset"]
    assert (missed["key"], missed["mac"], missed["last_seen"], missed["days"]) == ("T1", "00:0c:42:00:00:77", None, 14)


def test_a_finding_is_settled_and_taken_back_by_version(api: Api, district: District) -> None:
    report(api, SEEN)
    add_asset(api.books, "T1", "viet-vinh")
    client = api.signed_in(Role.IT_STAFF)
    here = "/api/v1/findings/1"
    tag = client.get(here).headers["etag"]
    named = client.post(f"{here}/identify", json={"asset": "T1"}, headers={"If-Match": tag})
    assert (named.json()["state"], named.json()["asset"]) == ("asset", "T1")
    assert client.post(f"{here}/reopen", headers={"If-Match": tag}).status_code == 412
    assert client.get("/api/v1/unknown-devices").json() == []
    undone = client.post(f"{here}/reopen", headers={"If-Match": named.headers["etag"]})
    assert undone.json()["state"] == "open"
    ignored = client.post(f"{here}/ignore", json={"reason": "khách"}, headers={"If-Match": undone.headers["etag"]})
    assert ignored.json()["reason"] == "khách"
    with reading(api.books.engine) as session:
        acts = [one.act for one in session.exec(select(Change).where(Change.noun == "finding").order_by(Change.id))]
    assert acts == ["identify", "reopen", "ignore"]


def test_a_neighbour_is_suggested_as_a_link(api: Api, district: District) -> None:
    told = '{"local":"ether9","name":"qm-r1","port":"sfp1"}'
    report(api, [("snmp_neighbours", "neighbour", "ether9 x", told)])
    (one,) = api.signed_in(Role.IT_STAFF).get("/api/v1/link-suggestions").json()
    assert (one["a_device"], one["a_interface"], one["b_device"], one["b_interface"]) == (
        "vv-r1", "ether9", "qm-r1", "sfp1",
    )  # fmt: skip


@pytest.mark.parametrize("words", ["<script>alert(1)</script>", "\x00\x1b[2J", "x" * 4_000, "\u202e"])
def test_whatever_a_device_says_is_stored_and_shown_as_text(api: Api, district: District, words: str) -> None:
    facts = [("sweep", "alive", "10.20.1.9", "snmp"), ("sweep", "name", "10.20.1.9", words)]
    assert report(api, facts)["refused"] == 0
    (found,) = api.signed_in(Role.IT_STAFF).get("/api/v1/unknown-devices").json()
    assert len(found["title"]) <= 200
    assert "\x00" not in found["title"]


def test_ten_thousand_entries_become_no_more_findings_than_a_site_may_have(
    api: Api, district: District, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("inventory.network.sightings.MOST_OF_SITE", 600)
    for start in range(0, 1_000, 500):
        facts = [("snmp_arp", "arp", f"10.{n >> 8}.{n & 255}.1", f"00:0c:42:00:{n >> 8:02x}:{n & 255:02x}") for n in
                 range(start, start + 500)]  # fmt: skip
        report(api, facts)
    client = api.signed_in(Role.IT_STAFF)
    with reading(api.books.engine) as session:
        assert session.exec(select(func.count()).select_from(Finding)).one() == 600
    assert len(client.get("/api/v1/unknown-devices").json()) == 500
