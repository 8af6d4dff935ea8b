from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

import pytest
import time_machine
from sqlalchemy import select

from inventory import verification
from inventory.access.accounts import Role
from inventory.access.rights import SYSTEM, Actor
from inventory.assets.assets import Asset
from inventory.assets.closing import close_year
from inventory.assets.depreciation import wear_in
from inventory.assets.rulebook_files import read_rulebooks
from inventory.assets.wear_book import read_book
from inventory.assets.wear_facts import WearFactRead
from inventory.assets.wear_noting import facts_of, note_fact, withdraw_fact
from inventory.books import Books
from inventory.columns import column
from inventory.db import reading
from inventory.errors import Conflict, Forbidden, Invalid, NotFound, Stale
from tests.support.people import commune_staff, person
from tests.support.rows import add_asset, add_site

RULEBOOKS = read_rulebooks()
RULES = RULEBOOKS.rules()


@pytest.fixture(autouse=True)
def december() -> Iterator[None]:
    """Make it 15 December 2026."""
    with time_machine.travel(datetime(2026, 12, 15, 3, tzinfo=UTC), tick=True):
        yield


@pytest.fixture
def office(books: Books) -> Books:
    """Books of one router for 30,000,000, in use since 2024, and of a neighbour."""
    add_site(books, "tan-lap")
    add_site(books, "hung-an")
    add_asset(books, "R1", "tan-lap", cost_vnd=30_000_000, put_to_use="2024-02-01", status="in_use")
    return books


def note(books: Books, kind: str, day: str = "2026-05-20", actor: Actor = SYSTEM, **values: Any) -> WearFactRead:
    return note_fact(books, actor, {"asset": "R1", "kind": kind, "day": day} | values, RULEBOOKS)


def asset(books: Books) -> Asset:
    with reading(books.engine) as session:
        return session.execute(select(Asset).where(column(Asset, "tag") == "R1")).scalar_one()


def worn(books: Books, year: int) -> tuple[int, int]:
    with reading(books.engine) as session:
        thing = read_book(session, RULES, books.zone).entries[0].thing
    wear = wear_in(thing, RULES, year)
    return wear.annual_vnd, wear.accumulated_vnd


def whole(books: Books) -> bool:
    with reading(books.engine) as session:
        return verification.verify(session, books.keys) == []


def test_a_part_added_changes_the_cost_in_the_same_act(office: Books) -> None:
    fact = note(office, "cost", amount_vnd=5_000_000, document="BB-12")
    assert (fact.asset, fact.document, fact.version) == ("R1", "BB-12", 1)
    assert (asset(office).cost_vnd, asset(office).version) == (35_000_000, 2)
    assert worn(office, 2025) == (6_000_000, 12_000_000)
    assert worn(office, 2026) == (7_000_000, 19_000_000)
    assert whole(office)


def test_a_part_taken_away_takes_the_wear_that_the_document_names(office: Books) -> None:
    note(office, "cost", amount_vnd=-10_000_000, worn_vnd=5_000_000)
    assert worn(office, 2026) == (4_000_000, 11_000_000)


def test_a_fact_taken_back_leaves_cost_and_wear_as_before(office: Books) -> None:
    fact = note(office, "cost", amount_vnd=5_000_000)
    back = withdraw_fact(office, SYSTEM, fact.id, fact.version, RULEBOOKS)
    assert back.retired_at is not None
    assert asset(office).cost_vnd == 30_000_000
    assert worn(office, 2026) == (6_000_000, 18_000_000)
    assert facts_of(office, SYSTEM, "R1") == ()
    assert whole(office)
    with pytest.raises(Conflict):
        withdraw_fact(office, SYSTEM, fact.id, back.version, RULEBOOKS)


def test_what_is_broken_wears_no_more(office: Books) -> None:
    note(office, "broken")
    assert worn(office, 2026) == (0, 12_000_000)


def test_a_second_hand_asset_lives_for_what_the_norm_leaves(office: Books) -> None:
    note(office, "second_hand", day="2024-02-01", years=3)
    assert worn(office, 2024) == (15_000_000, 15_000_000)


def test_a_surplus_catches_up(office: Books) -> None:
    note(office, "surplus", day="2026-12-10")
    assert worn(office, 2025) == (0, 0)
    assert worn(office, 2026) == (18_000_000, 18_000_000)


def test_a_balance_of_the_paper_books_is_gone_on_from(office: Books) -> None:
    note(office, "opening", day="2025-12-31", amount_vnd=11_500_000)
    assert worn(office, 2026) == (6_000_000, 17_500_000)
    # The fifth and last year, 2028, takes what is left.
    assert worn(office, 2028) == (6_500_000, 30_000_000)


def test_a_balance_of_the_paper_books_is_spread_like_any_residual(office: Books) -> None:
    add_asset(
        office, "PC", "tan-lap", category="desktop", cost_vnd=14_000_000, put_to_use="2023-05-01", status="in_use"
    )  # fmt: skip
    note_fact(
        office, SYSTEM, {"asset": "PC", "kind": "opening", "day": "2025-12-31", "amount_vnd": 8_000_000}, RULEBOOKS
    )
    with reading(office.engine) as session:
        entries = {one.tag: one for one in read_book(session, RULES, office.zone).entries}
    # (14,000,000 − 8,000,000) ÷ (7 − 3) = 1,500,000.
    assert wear_in(entries["PC"].thing, RULES, 2026).annual_vnd == 1_500_000


def test_an_asset_that_left_is_gone_from_that_day(office: Books) -> None:
    note(office, "left")
    with reading(office.engine) as session:
        entry = read_book(session, RULES, office.zone).entries[0]
    assert (entry.thing.left_on, entry.is_held(2025), entry.is_held(2026)) == (date(2026, 5, 20), True, False)


WRONG: tuple[tuple[dict[str, Any], set[str]], ...] = (
    ({"kind": "melted"}, {"kind"}),
    ({"kind": "broken", "day": "2026-12-16"}, {"day"}),
    ({"kind": "broken", "colour": "red"}, {"colour"}),
    ({"kind": "cost"}, {"amount_vnd"}),
    ({"kind": "cost", "amount_vnd": 1.5}, {"amount_vnd"}),
    ({"kind": "cost", "amount_vnd": 10**13}, {"amount_vnd"}),
    ({"kind": "cost", "amount_vnd": 5, "worn_vnd": 1, "years": 2}, {"worn_vnd", "years"}),
    ({"kind": "broken", "amount_vnd": 5}, {"amount_vnd"}),
    ({"kind": "second_hand"}, {"years"}),
    ({"kind": "second_hand", "years": 201}, {"years"}),
    ({"kind": "opening", "day": "2025-12-30", "amount_vnd": -1}, {"day", "amount_vnd"}),
)


def test_wrong_fields_are_all_named_in_both_languages(office: Books) -> None:
    for values, fields in WRONG:
        with pytest.raises(Invalid) as caught:
            note(office, **values)
        assert {problem.field for problem in caught.value.problems} == fields
        assert all(problem.message.vi != problem.message.en for problem in caught.value.problems)


CONTRADICTING: tuple[dict[str, Any], ...] = (
    {"kind": "cost", "amount_vnd": -30_000_001},
    {"kind": "cost", "amount_vnd": 999_999_999_999},
    {"kind": "surplus", "day": "2023-01-01"},
    {"kind": "opening", "day": "2025-12-31", "amount_vnd": 30_000_001},
    {"kind": "opening", "day": "2023-12-31", "amount_vnd": 1},
)


def test_what_contradicts_the_books_is_refused_and_nothing_is_written(office: Books) -> None:
    for values in CONTRADICTING:
        with pytest.raises(Conflict) as caught:
            note(office, **values)
        assert "mâu thuẫn" in caught.value.reason.vi
        assert "contradicts" in caught.value.reason.en
        assert (asset(office).cost_vnd, facts_of(office, SYSTEM, "R1")) == (30_000_000, ())


def test_an_asset_breaks_once(office: Books) -> None:
    note(office, "broken")
    with pytest.raises(Conflict):
        note(office, "broken", day="2026-06-01")


def test_after_closing_neither_a_balance_nor_an_earlier_use_is_noted_or_taken_back(office: Books) -> None:
    used = note(office, "second_hand", day="2024-02-01", years=1)
    close_year(office, SYSTEM, 2026, RULEBOOKS)
    for act in (
        lambda: note(office, "opening", day="2025-12-31", amount_vnd=1),
        lambda: withdraw_fact(office, SYSTEM, used.id, used.version, RULEBOOKS),
    ):
        with pytest.raises(Conflict) as caught:
            act()
        assert "2026" in caught.value.reason.vi


def test_a_stale_version_takes_nothing_back(office: Books) -> None:
    fact = note(office, "broken")
    with pytest.raises(Stale):
        withdraw_fact(office, SYSTEM, fact.id, fact.version + 1, RULEBOOKS)


def test_a_commune_notes_for_its_own_assets_and_knows_of_no_other(office: Books) -> None:
    fact = note(office, "broken", actor=commune_staff(office, "tan-lap"))
    neighbour = commune_staff(office, "hung-an")
    for act in (
        lambda: note(office, "left", actor=neighbour),
        lambda: withdraw_fact(office, neighbour, fact.id, fact.version, RULEBOOKS),
        lambda: facts_of(office, neighbour, "R1"),
    ):
        with pytest.raises(NotFound):
            act()


def test_an_auditor_only_reads(office: Books) -> None:
    fact = note(office, "broken")
    auditor = person(Role.AUDITOR)
    assert facts_of(office, auditor, "R1") == (fact,)
    with pytest.raises(Forbidden):
        note(office, "left", actor=auditor)
    with pytest.raises(Forbidden):
        withdraw_fact(office, auditor, fact.id, fact.version, RULEBOOKS)


def test_there_is_no_fact_of_a_number_that_is_none(office: Books) -> None:
    with pytest.raises(NotFound):
        withdraw_fact(office, SYSTEM, 999_999, 1, RULEBOOKS)
