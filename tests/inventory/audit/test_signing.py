"""Decisions and the signature: nothing is signed undecided, and what is signed never changes again."""

from collections.abc import Callable

import pytest
from sqlalchemy import text

from inventory.access.accounts import Role
from inventory.access.rights import SYSTEM
from inventory.audit.campaigns import begin, reopen, review
from inventory.audit.deciding import DecisionCreate, decide, identify
from inventory.audit.minutes import Amount, minutes_of
from inventory.audit.signing import changed_stocktakes, sign
from inventory.audit.stocktake import Method, Stocktake
from inventory.books import Books
from inventory.db import reading
from inventory.errors import Conflict, Forbidden, Invalid, Stale
from inventory.verification import verify
from tests.support.counting import (
    COST_VND,
    RULES,
    begun,
    book_assets,
    book_sites,
    count,
    current,
    decide_all,
    differences,
    sent,
    state_of,
    tag_of,
)
from tests.support.people import commune_staff, person


@pytest.fixture
def campaign(books: Books) -> Stocktake:
    book_sites(books)
    book_assets(books, range(1, 6))
    book_assets(books, [6], site="hung-an")
    running = begun(books)
    count(
        books,
        running,
        sent(tag_of(1)),
        sent(tag_of(2), room="Kho"),
        sent(tag_of(3), condition="damaged", method="hand"),
        sent(tag_of(6)),
        sent(serial="SN000005X", name="Máy tính", method="hand"),
    )
    return review(books, SYSTEM, running.id or 0, running.version)


def signed(books: Books, campaign: Stocktake) -> Stocktake:
    decide_all(books, campaign)
    return sign(books, SYSTEM, campaign.id or 0, current(books, campaign).version, "Đồng ý với ban kiểm kê.")


def test_nothing_is_signed_while_a_difference_is_undecided(books: Books, campaign: Stocktake) -> None:
    with pytest.raises(Conflict, match="6 differences"):
        sign(books, SYSTEM, campaign.id or 0, campaign.version)


def test_a_late_phone_opens_a_decision_again(books: Books, campaign: Stocktake) -> None:
    decide_all(books, campaign)
    count(books, campaign, sent(tag_of(4)), sent(tag_of(3), condition="damaged"))
    assert [one.subject for one in state_of(books, campaign).undecided if one.kind == "damaged"]
    with pytest.raises(Conflict, match="1 difference"):
        sign(books, SYSTEM, campaign.id or 0, current(books, campaign).version)


def test_a_decision_has_to_fit_the_difference(books: Books, campaign: Stocktake) -> None:
    one = state_of(books, campaign).undecided[0]
    wrong = [
        DecisionCreate(subject=one.subject, basis="0" * 64, kind="search"),
        DecisionCreate(subject=one.subject, basis=one.basis, kind="repair"),
        DecisionCreate(subject="missing:999", basis=one.basis, kind="search"),
    ]
    with pytest.raises(Invalid) as caught:
        decide(books, SYSTEM, campaign.id or 0, campaign.version, wrong)
    assert [problem.code for problem in caught.value.problems] == ["changed", "not_a_choice", "no_such"]


def test_a_decision_is_changed_with_its_history(books: Books, campaign: Stocktake) -> None:
    one = state_of(books, campaign).undecided[0]
    for kind in ("search", "search", "write_off"):
        decide(
            books, SYSTEM, campaign.id or 0, campaign.version,
            [DecisionCreate(subject=one.subject, basis=one.basis, kind=kind, note="Ông Páo tìm")],
        )  # fmt: skip
    stored = state_of(books, campaign).decisions[one.subject]
    assert (stored.kind, stored.version) == ("write_off", 2)
    with reading(books.engine) as session:
        assert [breach for breach in verify(session, books.keys) if breach.noun == "count_decision"] == []


def test_a_thing_without_a_label_can_be_said_to_be_one_of_the_list(books: Books, campaign: Stocktake) -> None:
    state = state_of(books, campaign)
    surplus = next(one for one in state.count.extras if not one.booked)
    number = next(one.line.number for one in state.count.findings if one.line.tag == tag_of(5))
    identify(books, SYSTEM, campaign.id or 0, campaign.version, surplus.subject, number)
    left = differences(books, campaign)
    assert ("missing", tag_of(5)) not in left
    assert not any(kind == "surplus" for kind, _ in left)
    for subject, line in (("tag:none", number), (surplus.subject, 999)):
        with pytest.raises(Invalid):
            identify(books, SYSTEM, campaign.id or 0, campaign.version, subject, line)


def test_the_minutes_add_up(books: Books, campaign: Stocktake) -> None:
    decide_all(books, campaign)
    found = minutes_of(state_of(books, campaign), 10_000_000)
    assert [row.number for row in found.rows] == list(range(1, 8))
    assert [(part.name.en, len(part.rows)) for part in found.parts] == [
        ("I. Fixed assets (cost of 10.000.000 đồng and more)", 5), ("II. In no books of this unit", 2)
    ]  # fmt: skip
    assert found.books.quantity == 5
    assert found.books.cost_vnd == 5 * COST_VND
    assert found.count == Amount(5, 3 * COST_VND, found.count.residual_vnd)
    assert found.difference.cost_vnd == -2 * COST_VND
    for field in Amount._fields:
        assert sum(getattr(row.difference, field) for row in found.rows) == getattr(found.difference, field)
    notes = {row.code: row.note for row in found.rows}
    assert "Kho" in notes[tag_of(2)].vi
    assert "sửa chữa" in notes[tag_of(3)].vi
    assert "Xã Hùng An" in notes[tag_of(6)].vi
    assert notes[tag_of(1)].vi == "quét mã"
    assert found.by_method == {Method.SCAN: 3, Method.HAND: 2, Method.NETWORK: 0}


def test_the_minutes_keep_fixed_assets_from_tools_with_a_subtotal_of_each(books: Books, campaign: Stocktake) -> None:
    state = state_of(books, campaign)
    costs = (10_000_000, 9_999_999, 14_000_000, 0, 25_000_000)
    for finding, cost in zip(state.count.findings, costs, strict=True):
        finding.line.cost_vnd = cost
    found = minutes_of(state, 10_000_000)
    assert [[row.books.cost_vnd for row in part.rows] for part in found.parts[:2]] == [
        [10_000_000, 14_000_000, 25_000_000], [9_999_999, 0]
    ]  # fmt: skip
    assert [part.books.cost_vnd for part in found.parts] == [49_000_000, 9_999_999, 0]
    for field in Amount._fields:
        for whole, parts in ((found.books, "books"), (found.count, "count"), (found.difference, "difference")):
            assert sum(getattr(getattr(part, parts), field) for part in found.parts) == getattr(whole, field)


def test_the_signature_holds_the_digest_and_the_end_of_the_history(books: Books, campaign: Stocktake) -> None:
    done = signed(books, campaign)
    assert (done.state, done.signed_by, len(done.content_hash), len(done.chain_head)) == ("signed", "system", 64, 64)
    with reading(books.engine) as session:
        assert changed_stocktakes(session) == []
        breaches = [one for one in verify(session, books.keys) if one.noun in {"stocktake", "count_decision"}]
        assert breaches == []


def test_nothing_of_a_signed_campaign_can_be_changed(books: Books, campaign: Stocktake) -> None:
    subject = state_of(books, campaign).undecided[0]
    done = signed(books, campaign)
    number, version = done.id or 0, done.version
    again = DecisionCreate(subject=subject.subject, basis=subject.basis, kind="write_off")
    acts: list[Callable[[], object]] = [
        lambda: count(books, done, sent(tag_of(4))),
        lambda: begin(books, SYSTEM, number, version, RULES),
        lambda: review(books, SYSTEM, number, version),
        lambda: reopen(books, SYSTEM, number, version),
        lambda: decide(books, SYSTEM, number, version, [again]),
        lambda: identify(books, SYSTEM, number, version, "tag:x", 1),
        lambda: sign(books, SYSTEM, number, version),
    ]
    for act in acts:
        with pytest.raises(Conflict, match="are signed"):
            act()
    assert current(books, done).version == version


@pytest.mark.parametrize(
    "edit",
    [
        "UPDATE expected_line SET cost_vnd = cost_vnd + 1 WHERE number = 1",
        "UPDATE count_entry SET condition = 'ok'",
        "DELETE FROM count_entry WHERE method = 'hand'",
        "UPDATE count_decision SET kind = 'search', note = 'x'",
        "UPDATE stocktake SET conclusion = 'khác'",
    ],
)
def test_an_edit_behind_the_programs_back_is_seen(books: Books, campaign: Stocktake, edit: str) -> None:
    done = signed(books, campaign)
    with books.engine.begin() as connection:
        connection.execute(text(edit))
    with reading(books.engine) as session:
        assert [one.id for one in changed_stocktakes(session)] == [done.id]


def test_who_may_not_lead_does_not_decide_or_sign(books: Books, campaign: Stocktake) -> None:
    with pytest.raises(Forbidden):
        sign(books, person(Role.AUDITOR), campaign.id or 0, campaign.version)
    with pytest.raises(Stale):
        sign(books, SYSTEM, campaign.id or 0, campaign.version - 1)
    decide_all(books, campaign, commune_staff(books, "tan-lap"))
    with pytest.raises(Invalid):
        sign(books, SYSTEM, campaign.id or 0, campaign.version, "x" * 2001)


def test_minutes_without_a_head_of_the_committee_are_not_signed(books: Books) -> None:
    book_sites(books)
    book_assets(books, [1])
    running = begun(books, committee=[{"name": "A"}])
    count(books, running, sent(tag_of(1)))
    reviewing = review(books, SYSTEM, running.id or 0, running.version)
    with pytest.raises(Conflict, match="head"):
        sign(books, SYSTEM, running.id or 0, reviewing.version)
