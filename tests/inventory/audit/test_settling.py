"""Settling lines of a scenario: must have, never, another price; the rest is chosen anew."""

from collections.abc import Sequence
from hashlib import sha256
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import update
from sqlmodel import col

from inventory.access.accounts import Role
from inventory.access.rights import SYSTEM
from inventory.audit.approving import approve
from inventory.audit.budget import BudgetLine, BudgetPlan
from inventory.audit.drafting import changed_budgets, discard, lines_of
from inventory.audit.settling import rechoose, settle
from inventory.books import Books
from inventory.db import reading, writing
from inventory.errors import Conflict, Forbidden, Invalid, NotFound, Stale
from inventory.history import canonical
from inventory.verification import verify
from tests.support.budgeting import MILLION, book_due_things, drafted, lines
from tests.support.people import commune_staff, person

WHY = "Phục vụ bộ phận một cửa"


@pytest.fixture
def due(books: Books) -> Books:
    book_due_things(books)
    return books


def of(found: Sequence[BudgetLine], tag: str) -> BudgetLine:
    return next(line for line in found if line.tag == tag)


def act(books: Books, row: BudgetPlan, tag: str, **values: Any) -> BudgetPlan:
    number = of(lines(books, row), tag).number
    return settle(books, SYSTEM, row.id or 0, row.version, number, {"reason": WHY} | values)


def test_a_must_is_bought_whatever_the_choice_says_and_the_rest_is_chosen_anew(due: Books) -> None:
    row = drafted(due, cap_vnd=46 * MILLION)
    assert of(lines(due, row), "TL-2").left_out == "over_cap"
    row = act(due, row, "TL-2", pin="buy")
    found = lines(due, row)
    assert (of(found, "TL-2").left_out, of(found, "TL-2").pin_reason) == ("", WHY)
    assert sum(line.price_vnd for line in found if not line.left_out) <= 46 * MILLION
    # The router and one computer fit beside it, two computers do not any more.
    assert sorted(line.tag or line.norm for line in found if not line.left_out) == ["TL-2", "TL-R", "official-computer"]


def test_a_never_is_left_out_and_says_so_until_it_is_taken_back(due: Books) -> None:
    row = act(due, drafted(due), "TL-R", pin="never")
    assert of(lines(due, row), "TL-R").left_out == "excluded"
    row = act(due, row, "TL-R", pin="")
    one = of(lines(due, row), "TL-R")
    assert (one.left_out, one.pin, one.pin_reason) == ("", "", "")
    assert [entry["pin"] for entry in row.settled] == ["never", ""]
    assert {entry["by"] for entry in row.settled} == {"system"}


def test_a_price_is_changed_with_a_reason_and_given_back(due: Books) -> None:
    row = act(due, drafted(due), "TL-R", price_vnd=9 * MILLION)
    one = of(lines(due, row), "TL-R")
    assert (one.price_vnd, one.price_source, one.price_reason) == (9 * MILLION, "entered", WHY)
    row = act(due, row, "TL-R", price_vnd=0)
    one = of(lines(due, row), "TL-R")
    assert (one.price_vnd, one.price_source, one.price_reason) == (5_500_000, "list", "")


def test_what_would_exceed_the_norm_is_bought_if_a_person_says_why(due: Books) -> None:
    row = drafted(due, reasons=["beyond_life"], cap_vnd=900 * MILLION)
    barred = [line for line in lines(due, row) if line.drafted["barred"]]
    assert barred == [] or barred[0].left_out == "above_norm"
    for line in barred:
        row = settle(due, SYSTEM, row.id or 0, row.version, line.number, {"pin": "buy", "reason": WHY})
    assert all(not line.left_out for line in lines(due, row))


def test_musts_that_cost_more_than_the_cap_are_refused_and_nothing_is_written(due: Books) -> None:
    row = drafted(due, cap_vnd=21 * MILLION)
    row = act(due, row, "TL-1", pin="buy")
    with pytest.raises(Conflict, match=r"19\.000\.000"):
        act(due, row, "TL-2", pin="buy")
    assert of(lines(due, row), "TL-2").pin == ""


@pytest.mark.parametrize(
    ("values", "field"),
    [({"pin": "perhaps"}, "pin"), ({"reason": ""}, "reason"), ({"price_vnd": -1}, "price_vnd"), ({"x": 1}, "x")],
)
def test_wrong_fields_are_named(due: Books, values: dict[str, Any], field: str) -> None:
    with pytest.raises(Invalid) as told:
        act(due, drafted(due), "TL-1", **values)
    assert [one.field for one in told.value.problems] == [field]


def test_only_who_drafts_settles_from_the_version_they_saw_what_is_no_more_than_a_draft(due: Books) -> None:
    row = drafted(due)
    number = row.id or 0
    values = {"pin": "buy", "reason": WHY}
    for someone in (person(Role.AUDITOR), commune_staff(due, "tan-lap")):
        with pytest.raises(Forbidden):
            settle(due, someone, number, row.version, 1, values)
    with pytest.raises(NotFound):
        settle(due, SYSTEM, number, row.version, 999, values)
    with pytest.raises(Stale):
        settle(due, SYSTEM, number, row.version + 1, 1, values)
    other = drafted(due)
    aside = discard(due, SYSTEM, other.id or 0, other.version)
    approved = approve(due, SYSTEM, number, row.version)
    for one in (aside, approved):
        with pytest.raises(Conflict):
            settle(due, SYSTEM, one.id or 0, one.version, 1, values)


def test_what_is_settled_stands_in_the_history_and_is_approved_as_it_is(due: Books) -> None:
    row = act(due, drafted(due, cap_vnd=46 * MILLION), "TL-2", pin="buy")
    with reading(due.engine) as session:
        assert verify(session, due.keys) == []
        assert changed_budgets(session) == []
    approve(due, SYSTEM, row.id or 0, row.version)
    assert of(lines(due, row), "TL-2").planned_id is not None


@given(
    cases=st.lists(
        st.tuples(st.integers(1, 60), st.integers(1, 90), st.sampled_from(("", "buy", "never")), st.booleans()),
        max_size=12,
    ),
    cap=st.integers(0, 300),
    fair=st.booleans(),
)
def test_the_cap_holds_and_what_is_settled_is_heeded(
    cases: list[tuple[int, int, str, bool]], cap: int, fair: bool
) -> None:
    row = BudgetPlan(title="x", year=2027, cap_vnd=cap, options={"fair_share": fair},
                     shares=[{"unit_id": 1, "headcount": 3}, {"unit_id": 2, "headcount": 1}])  # fmt: skip
    found = [
        BudgetLine(plan_id=1, number=n, site_id=1, site="x", site_name="x", unit_id=n % 2 + 1, category="desktop",
                   name_vi="x", name_en="x", need=need, price_vnd=price, pin=pin,
                   drafted={"barred": "above_norm" if barred else ""})
        for n, (price, need, pin, barred) in enumerate(cases)
    ]  # fmt: skip
    must = sum(line.price_vnd for line in found if line.pin == "buy")
    if must > cap:
        with pytest.raises(Conflict):
            rechoose(row, found)
        return
    rechoose(row, found)
    assert sum(line.price_vnd for line in found if not line.left_out) <= cap
    for line in found:
        if line.pin:
            assert line.left_out == ("" if line.pin == "buy" else "excluded")
        elif line.drafted["barred"]:
            assert line.left_out == "above_norm"


def as_before_settling(books: Books, row: BudgetPlan) -> dict[int, str]:
    """Make a scenario one of before anything could be settled, one line planned elsewhere; return what is left out."""
    kept = {"id", "planned_id", "pin", "pin_reason", "price_reason", "drafted"}
    names = [name for name in BudgetLine.model_fields if name not in kept]
    with writing(books.engine) as session:
        session.connection().execute(update(BudgetLine).values(drafted={}))
        elsewhere = update(BudgetLine).where(col(BudgetLine.tag) == "TL-1")
        session.connection().execute(elsewhere.values(left_out="planned"))
        found = lines_of(session, SYSTEM, row)
        told = [canonical([getattr(line, name) for name in names]) for line in found]
        digest = sha256(b"".join(one + b"\n" for one in told)).hexdigest()
        session.connection().execute(update(BudgetPlan).values(digest=digest))
        return {line.number: line.left_out for line in found}


def test_a_scenario_of_an_older_version_is_whole_and_can_be_settled(due: Books) -> None:
    row = drafted(due)
    before = as_before_settling(due, row)
    assert set(before.values()) == {"", "planned"}
    with reading(due.engine) as session:
        assert changed_budgets(session) == []
    row = act(due, row, "TL-R", pin="never")
    found = {line.number: line.left_out for line in lines(due, row)}
    router = of(lines(due, row), "TL-R").number
    assert found == before | {router: "excluded"}
    assert {line.number: line.left_out for line in lines(due, act(due, row, "TL-R", pin=""))} == before
