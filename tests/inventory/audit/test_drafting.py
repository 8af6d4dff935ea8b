"""Drafting scenarios from the books."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import update
from sqlmodel import select

from inventory.access.accounts import Role
from inventory.access.rights import SYSTEM
from inventory.assets.assets import Asset
from inventory.audit.budget import BudgetLine, PlanState
from inventory.audit.campaigns import review
from inventory.audit.drafting import changed_budgets, discard, draft
from inventory.audit.signing import sign
from inventory.books import Books
from inventory.columns import column, now
from inventory.db import reading, writing
from inventory.errors import Conflict, Forbidden, Invalid, Stale
from inventory.verification import verify
from inventory.watch.incidents import Incident
from tests.support.books import statements
from tests.support.budgeting import MILLION, RULEBOOKS, book_due_things, drafted, lines
from tests.support.counting import begun, count, current, decide_all, sent
from tests.support.people import commune_staff, person
from tests.support.rows import add_asset, add_site


@pytest.fixture
def due(books: Books) -> Books:
    book_due_things(books)
    return books


def bought(found: list[BudgetLine]) -> list[str]:
    return [line.tag or f"{line.site}/{line.norm}" for line in found if not line.left_out]


def test_everything_that_is_due_is_found_with_reason_and_evidence(due: Books) -> None:
    found = lines(due, drafted(due))
    assert bought(found) == [
        "hung-an/shared-printer", "hung-an/shared-scanner", "TL-R", "tan-lap/official-computer",
        "tan-lap/official-computer", "TL-1", "tan-lap/shared-printer", "tan-lap/shared-printer",
        "tan-lap/shared-scanner", "TL-2",
    ]  # fmt: skip
    router = next(line for line in found if line.tag == "TL-R")
    assert [ground["reason"] for ground in router.grounds] == ["beyond_life", "unsupported"]
    assert router.grounds[1]["en"] == "MikroTik RB4011: the maker's support ended on 31 Dec 2024."
    assert (router.need, router.price_vnd, router.price_source) == (80, 5_500_000, "list")


def test_incidents_count_while_the_thing_stood_there(due: Books) -> None:
    with writing(due.engine) as session:
        for days in (10, 800, 4_000):
            at = now() - timedelta(days=days)
            session.add(
                Incident(
                    rule="DeviceDown", element="device:tan-lap-router", severity="critical", opened_at=at,
                    last_fired_at=at, state="resolved",
                )
            )  # fmt: skip
    router = next(line for line in lines(due, drafted(due)) if line.tag == "TL-R")
    ground = next(ground for ground in router.grounds if ground["reason"] == "troubled")
    assert ground["points"] == 30


def test_the_last_signed_stocktake_speaks_against_what_it_did_not_find(due: Books) -> None:
    row = begun(due, sites=("tan-lap",))
    count(due, row, sent("TL-1"), sent("TL-2", condition="damaged"))
    review(due, SYSTEM, row.id or 0, row.version)
    decide_all(due, row)
    sign(due, SYSTEM, row.id or 0, current(due, row).version)
    found = {line.tag: line.grounds for line in lines(due, drafted(due)) if line.tag}
    assert "failed_count" not in {ground["reason"] for ground in found["TL-1"]}
    assert "Found damaged" in found["TL-2"][0]["en"]
    assert "Not found by" in found["TL-R"][0]["en"]


def test_never_more_than_the_cap_and_what_is_left_out_says_why(due: Books) -> None:
    row = drafted(due, cap_vnd=46 * MILLION)
    found = lines(due, row)
    assert sum(line.price_vnd for line in found if not line.left_out) <= 46 * MILLION
    assert {line.left_out for line in found} == {"", "over_cap"}
    # The router (80 for 5.5 million) and two computers (80 for 20 million each) meet 240.
    assert sum(line.need for line in found if not line.left_out) == 240


def test_fair_shares_buy_something_for_the_small_commune(due: Books) -> None:
    row = drafted(due, cap_vnd=46 * MILLION, fair_share=True)
    assert {share["name"]: share["share_vnd"] for share in row.shares} == {
        "Xã Hùng An": 15_333_333, "Xã Tân Lập": 30_666_666,
    }  # fmt: skip
    assert "hung-an/shared-printer" in bought(lines(due, row))
    assert row.free_need == 240


def test_one_site_one_category_or_one_rule_can_be_asked_for(due: Books) -> None:
    assert {line.site for line in lines(due, drafted(due, within="hung-an"))} == {"hung-an"}
    assert bought(lines(due, drafted(due, categories=["router"]))) == ["TL-R"]
    assert len(lines(due, drafted(due, reasons=["unsupported"]))) == 1


def test_places_below_count_for_the_commune(due: Books) -> None:
    add_site(due, "tram-y-te", kind="office", parent="tan-lap")
    for number in (1, 2):
        add_asset(due, f"YT-{number}", "tram-y-te", category="laptop", status="in_use", put_to_use="2025-01-01")
    assert "tan-lap/official-computer" not in bought(lines(due, drafted(due)))


@pytest.mark.parametrize(
    ("values", "fields"),
    [
        ({"cap_vnd": 0}, {"cap_vnd"}),
        ({"cap_vnd": 10**15, "year": 1999}, {"cap_vnd", "year"}),
        ({"within": "nowhere", "categories": ["toaster"]}, {"within", "categories"}),
        ({"reasons": []}, {"reasons"}),
        ({"title": " ", "leaders": 21}, {"title", "leaders"}),
        ({"colour": "red"}, {"colour"}),
    ],
)
def test_every_wrong_field_is_named(due: Books, values: dict[str, Any], fields: set[str]) -> None:
    with pytest.raises(Invalid) as caught:
        drafted(due, **values)
    assert {problem.field for problem in caught.value.problems} == fields


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.COMMUNE_STAFF])
def test_only_administrators_and_it_staff_draft(due: Books, role: Role) -> None:
    with pytest.raises(Forbidden):
        drafted(due, person(role))


def test_commune_staff_see_the_lines_of_their_place(due: Books) -> None:
    row = drafted(due)
    assert {line.site for line in lines(due, row, commune_staff(due, "hung-an"))} == {"hung-an"}
    assert lines(due, row, commune_staff(due, "huyen")) == lines(due, row)


def test_a_scenario_is_put_aside_once_and_only_from_its_version(due: Books) -> None:
    row = drafted(due)
    with pytest.raises(Stale):
        discard(due, person(Role.IT_STAFF), row.id or 0, 7)
    first = discard(due, person(Role.IT_STAFF), row.id or 0, 1)
    again = discard(due, person(Role.IT_STAFF), row.id or 0, 1)
    assert first.version == again.version == 2


def test_a_line_edited_behind_the_programs_back_is_found(due: Books) -> None:
    row = drafted(due)
    with reading(due.engine) as session:
        assert changed_budgets(session) == []
    with due.engine.begin() as connection:
        connection.execute(update(BudgetLine).where(column(BudgetLine, "number") == 1).values(price_vnd=1))
    with reading(due.engine) as session:
        assert changed_budgets(session) == [row.key]


def test_the_same_books_give_the_same_scenario(due: Books) -> None:
    first, second = drafted(due, cap_vnd=60 * MILLION), drafted(due, cap_vnd=60 * MILLION)
    assert first.digest != ""
    assert [(one.tag, one.left_out) for one in lines(due, first)] == [
        (one.tag, one.left_out) for one in lines(due, second)
    ]


def test_drafting_asks_the_books_a_few_times_however_many_things_there_are(due: Books) -> None:
    with statements(due) as few:
        drafted(due)
    with writing(due.engine) as session:
        old = session.exec(select(Asset).where(Asset.tag == "TL-1")).one()
        values = old.model_dump(exclude={"id", "tag", "serial"})
        session.add_all(Asset(**values, tag=f"X-{number}") for number in range(900))
    with statements(due) as many:
        row = drafted(due)
    assert len(lines(due, row)) > 900
    assert len(many) <= len(few) + 2


def test_the_history_keeps_the_draft_and_stays_whole(due: Books) -> None:
    row = drafted(due)
    assert row.state == PlanState.DRAFT
    with reading(due.engine) as session:
        assert verify(session, due.keys) == []


def test_too_many_candidates_are_refused(due: Books, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("inventory.audit.drafting.MOST_LINES", 5)
    with pytest.raises(Conflict, match="takes 5 at most"):
        draft(due, person(Role.IT_STAFF), {"title": "P", "year": 2027, "cap_vnd": 1}, RULEBOOKS)
