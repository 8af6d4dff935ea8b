"""What people do with an incident: every act has its right, its line in the timeline and its history row."""

from datetime import UTC, datetime

import pytest
from sqlmodel import select

from inventory.access.accounts import Role
from inventory.access.rights import Actor
from inventory.books import Books
from inventory.db import reading, writing
from inventory.errors import Forbidden, NotFound, Stale
from inventory.history import Change
from inventory.text import Text
from inventory.watch.firing import Firing, fire
from inventory.watch.handling import acknowledge, add_note, set_cause, set_ticket
from inventory.watch.incidents import Incident, timeline
from tests.support.network import District

T0 = datetime(2018, 12, 3, 1, 0, tzinfo=UTC)
STAFF = Actor(name="lan", role=Role.IT_STAFF)


def cut(books: Books) -> tuple[int, District]:
    district = District(books)
    firing = Firing(
        rule="LinkDown", element="link:viet-vinh", severity="critical", started_at=T0, values={},
        summary=Text(vi="Đứt.", en="Cut."), site_id=district.near.id, other_site_id=district.centre.id,
    )  # fmt: skip
    with writing(books.engine) as session:
        incident = fire(session, firing, T0).incident
        assert incident is not None
        return incident.id or 0, district


def lines(books: Books, number: int) -> list[tuple[str, str, str]]:
    with reading(books.engine) as session:
        incident = session.get(Incident, number)
        assert incident is not None
        return [(event.kind, event.actor, event.text_vi) for event in timeline(session, incident)]


def test_each_act_stands_in_the_timeline_and_in_the_history(books: Books) -> None:
    number, district = cut(books)
    acknowledge(books, STAFF, number)
    add_note(books, STAFF, number, "Đã gọi nhà mạng {x}")
    set_ticket(books, STAFF, number, "VT-118")
    incident = set_cause(books, STAFF, number, "Xe tải kéo đứt cáp")
    assert (incident.acknowledged_by, incident.ticket, incident.cause, incident.version) == (
        "lan", "VT-118", "Xe tải kéo đứt cáp", 5,
    )  # fmt: skip
    assert lines(books, number) == [
        ("opened", "system", "Sự cố bắt đầu."),
        ("acknowledged", "lan", "Đã nhận xử lý."),
        ("note", "lan", "Đã gọi nhà mạng {x}"),
        ("ticket", "lan", "Số phiếu báo hỏng: VT-118"),
        ("note", "lan", "Nguyên nhân: Xe tải kéo đứt cáp"),
    ]
    with reading(books.engine) as session:
        changes = session.exec(select(Change).where(Change.noun == "incident").order_by(Change.id)).all()
        assert [(change.act, change.actor) for change in changes] == [
            ("acknowledge", "lan"), ("note", "lan"), ("set_ticket", "lan"), ("set_cause", "lan"),
        ]  # fmt: skip
        assert changes[0].site_ids == sorted([district.near.id, district.centre.id])


def test_a_change_of_what_somebody_else_changed_meanwhile_is_refused(books: Books) -> None:
    number, _ = cut(books)
    set_ticket(books, STAFF, number, "VT-118", version=1)
    with pytest.raises(Stale):
        set_ticket(books, STAFF, number, "VT-119", version=1)
    assert set_ticket(books, STAFF, number, "", version=2).ticket == ""


def test_an_auditor_reads_only_and_a_commune_handles_its_own(books: Books) -> None:
    number, district = cut(books)
    with pytest.raises(Forbidden):
        acknowledge(books, Actor(name="kiem", role=Role.AUDITOR), number)
    own = Actor(name="vinh", role=Role.COMMUNE_STAFF, site_ids=frozenset({district.near.id or 0}))
    assert acknowledge(books, own, number).acknowledged_by == "vinh"
    other = Actor(name="an", role=Role.COMMUNE_STAFF, site_ids=frozenset({district.far.id or 0}))
    with pytest.raises(NotFound):
        add_note(books, other, number, "không phải việc của tôi")


def test_an_incident_that_does_not_exist_is_not_found(books: Books) -> None:
    with pytest.raises(NotFound):
        acknowledge(books, STAFF, 4711)
