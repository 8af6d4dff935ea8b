"""Configurations as a collector reports them: kept once, noted, and nobody else's business."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families
from sqlmodel import select

from collector.shell.configs import packed
from inventory.access.accounts import Scope
from inventory.books import Books
from inventory.db import reading
from inventory.history import Change
from inventory.network.credentials import Credential
from inventory.network.devices import Device
from inventory.network.observations import Observation
from tests.support.network import book, router, site
from tests.support.program import Program, serving, token

TEXT = "! Last configuration change at 10:11:12 by admin\nhostname sw\nend\n"
ONE_DATABASE = pytest.mark.parametrize("database", ["sqlite"], indirect=True)
KEY, OTHER = (f"ssh-ed25519 SHA256:{letter * 43}" for letter in "AB")


@pytest.fixture
def program(books: Books, tmp_path: Path) -> Iterator[Program]:
    login = book(books, Credential(name="ops", kind="ssh"))
    common = {"address": "10.0.0.1", "platform": "ios", "ssh_credential_id": login.id}
    centre = site(books, "trung-tam")
    router(books, "sw", centre, **common)
    router(books, "off", centre, **common, probes={"ssh_config": {"enabled": False}})
    with serving(books, tmp_path / "home") as found:
        yield found


@pytest.fixture
def mine(books: Books) -> dict[str, str]:
    return token(books, Scope.COLLECTOR, "main")


def read(text: str = TEXT, **more: Any) -> dict[str, Any]:
    return {
        "uid": uuid4().hex, "kind": "configuration", "instance": "sw", "site": "trung-tam", "probe": "ssh_config",
        "platform": "ios", "packed": packed(text), "at": "2026-11-23T03:00:00.000Z",
    } | more  # fmt: skip


def proved(key: str, **more: Any) -> dict[str, Any]:
    return {
        "uid": uuid4().hex, "kind": "observation", "instance": "sw", "site": "trung-tam", "probe": "ssh_facts",
        "fact": "host_key", "subject": "ssh", "value": key, "at": "2026-11-23T03:00:00.000Z",
    } | more  # fmt: skip


def report(program: Program, mine: dict[str, str], *reports: dict[str, Any]) -> httpx.Response:
    answer = program.http.post("/api/v1/collectors/main/reports", json={"reports": reports}, headers=mine)
    assert answer.status_code == 200, answer.text
    return answer


def noted(books: Books) -> list[tuple[str, str, str]]:
    with reading(books.engine) as session:
        return [(row.fact, row.subject, row.value) for row in session.exec(select(Observation).order_by("id"))]


def test_a_configuration_is_kept_and_noted_with_who_changed_it(
    program: Program, books: Books, mine: dict[str, str]
) -> None:
    assert report(program, mine, read()).json() == {"accepted": 1, "duplicates": 0, "refused": 0}
    copy = program.house.archive.last("sw")
    assert copy is not None
    assert copy.text == TEXT
    assert noted(books) == [
        ("configuration", "running", copy.version), ("configuration_changed", copy.version, "admin · 10:11:12"),
    ]  # fmt: skip


@ONE_DATABASE
def test_a_batch_that_is_delivered_again_changes_nothing(program: Program, books: Books, mine: dict[str, str]) -> None:
    batch = [read(), read(TEXT.replace("hostname sw", "hostname sw2"), at="2026-11-23T09:00:00.000Z")]
    report(program, mine, *batch)
    before = noted(books)
    report(program, mine, *batch)
    assert len(program.house.archive.log("sw", 9)) == 2
    assert {row[2] for row in noted(books)} == {row[2] for row in before}


@ONE_DATABASE
def test_of_a_device_that_is_not_in_the_books_nothing_is_kept(
    program: Program, books: Books, mine: dict[str, str]
) -> None:
    report(program, mine, read(instance="stranger"))
    assert program.house.archive.last("stranger") is None
    assert noted(books) == []


@ONE_DATABASE
@pytest.mark.parametrize(
    "wrong",
    [{"platform": "unknown"}, {"packed": "not packed"}, {"packed": 7}, {"packed": None}, {"instance": "../x"}],
)
def test_a_wrong_report_is_left_out_and_counted(
    program: Program, books: Books, mine: dict[str, str], wrong: dict[str, Any]
) -> None:
    assert report(program, mine, read(**wrong), read()).json() == {"accepted": 1, "duplicates": 0, "refused": 1}


@ONE_DATABASE
def test_while_the_archive_is_broken_nothing_is_noted_and_nothing_held_up(
    program: Program, books: Books, mine: dict[str, str], tmp_path: Path
) -> None:
    (tmp_path / "home" / "configs").write_text("in the way")
    report(program, mine, read(), proved(KEY))
    assert [fact for fact, _, _ in noted(books)] == ["host_key"]
    (tmp_path / "home" / "configs").unlink()
    report(program, mine, read())
    assert program.house.archive.last("sw") is not None


def test_the_first_host_key_is_booked_and_no_other(program: Program, books: Books, mine: dict[str, str]) -> None:
    report(program, mine, proved(KEY), proved(KEY, instance="stranger"))
    report(program, mine, proved(OTHER))
    with reading(books.engine) as session:
        (device,) = session.exec(select(Device).where(Device.name == "sw"))
        acts = [
            (row.act, row.actor)
            for row in session.exec(select(Change).where(Change.object_key == "sw").order_by(Change.id))
        ]
    assert (device.ssh_host_key, device.version) == (KEY, 2)
    assert [act for act, _ in acts] == ["create", "trust_host_key"]
    assert acts[1][1].startswith("token:")


def test_the_age_of_every_copy_that_should_be_there_is_told(
    program: Program, books: Books, mine: dict[str, str]
) -> None:
    scrape = token(books, Scope.SCRAPE)

    def told() -> dict[str, dict[str, float]]:
        page = program.http.get("/metrics", headers=scrape).text
        return {
            family.name: {sample.labels["device"]: sample.value for sample in family.samples}
            for family in text_string_to_metric_families(page)
            if family.name.startswith("quang_configuration_")
        }

    with reading(books.engine) as session:
        (booked,) = session.exec(select(Device.updated_at).where(Device.name == "sw"))
    never = {"quang_configuration_saved_timestamp_seconds": {"sw": pytest.approx(booked.timestamp())}}
    assert told() == never | {"quang_configuration_changed_timestamp_seconds": {}}
    report(program, mine, read())
    first = {"quang_configuration_saved_timestamp_seconds": {"sw": 1795402800.0}}
    assert told() == first | {"quang_configuration_changed_timestamp_seconds": {}}
    report(program, mine, read(TEXT.replace("hostname sw", "hostname sw2"), at="2026-11-23T09:00:00.000Z"))
    assert told()["quang_configuration_changed_timestamp_seconds"] == {"sw": 1795424400.0}
