from datetime import date

import pytest
from sqlalchemy import select

from inventory.access.rights import SYSTEM
from inventory.assets.assets import Asset
from inventory.assets.depreciation import wear_in
from inventory.assets.wear_book import read_book
from inventory.assets.wear_facts import WearFact
from inventory.assets.wear_noting import note_fact
from inventory.books import Books
from inventory.columns import column
from inventory.db import reading
from inventory.errors import Invalid
from tests.support.custody import RULEBOOKS, act, document, require_order, undo
from tests.support.rows import add_asset, add_site


@pytest.fixture
def office(books: Books) -> Books:
    """Books of a commune with two printers in use since 2024."""
    add_site(books, "tan-lap")
    for tag in ("P1", "P2"):
        add_asset(
            books, tag, "tan-lap", category="printer", cost_vnd=14_000_000, put_to_use="2024-03-01", status="in_use"
        )  # fmt: skip
    return books


def facts(books: Books, tag: str) -> list[tuple[str, str]]:
    with reading(books.engine) as session:
        mine = (column(Asset, "tag") == tag) & column(WearFact, "retired_at").is_(None)
        rows = select(WearFact).join(Asset, column(Asset, "id") == column(WearFact, "asset_id")).where(mine)
        return [(row.kind, row.document) for row in session.execute(rows.order_by(column(WearFact, "id"))).scalars()]


def annual(books: Books, tag: str, year: int) -> int:
    with reading(books.engine) as session:
        entries = {one.tag: one for one in read_book(session, RULEBOOKS.rules(), books.zone).entries}
    return wear_in(entries[tag].thing, RULEBOOKS.rules(), year).annual_vnd


def test_what_is_retired_as_broken_does_not_wear_from_that_year_on(office: Books) -> None:
    number = act(office, "retire", "P1", day=date(2026, 3, 5), broken=True, reason="Cháy nguồn, không sửa được")
    assert facts(office, "P1") == [("broken", number)]
    assert document(office, number).broken
    assert annual(office, "P1", 2025) == 2_800_000
    assert (annual(office, "P1", 2026), annual(office, "P2", 2026)) == (0, 1_680_000)
    require_order(office)


def test_what_is_retired_for_another_reason_wears_on(office: Books) -> None:
    number = act(office, "retire", "P1", day=date(2026, 3, 5), reason="Không còn nhu cầu")
    assert facts(office, "P1") == []
    assert not document(office, number).broken
    assert annual(office, "P1", 2026) == annual(office, "P2", 2026) > 0


def test_a_repair_that_fails_ends_in_retiring_it_as_broken(office: Books) -> None:
    act(office, "repair", "P1", day=date(2026, 2, 1))
    number = act(office, "retire", "P1", day=date(2026, 3, 5), broken=True)
    assert facts(office, "P1") == [("broken", number)]
    assert annual(office, "P1", 2026) == 0


def test_disposing_of_what_is_broken_ends_it(office: Books) -> None:
    broken = act(office, "retire", "P1", day=date(2026, 3, 5), broken=True)
    gone = act(office, "dispose", "P1", day=date(2026, 6, 1))
    assert facts(office, "P1") == [("broken", broken), ("left", gone)]
    with reading(office.engine) as session:
        entries = {one.tag: one for one in read_book(session, RULEBOOKS.rules(), office.zone).entries}
    assert (entries["P1"].thing.left_on, entries["P1"].left_by) == (date(2026, 6, 1), gone)
    undo(office, gone)
    assert facts(office, "P1") == [("broken", broken)]


def test_what_is_taken_back_into_stock_was_not_broken_and_reversing_that_says_it_was(office: Books) -> None:
    broken = act(office, "retire", "P1", day=date(2026, 3, 5), broken=True)
    back = act(office, "reinstate", "P1", day=date(2026, 4, 1))
    assert facts(office, "P1") == []
    assert annual(office, "P1", 2026) > 0
    undo(office, back)
    assert facts(office, "P1") == [("broken", broken)]
    require_order(office)


def test_reversing_the_retirement_takes_the_note_back(office: Books) -> None:
    number = act(office, "retire", "P1", "P2", day=date(2026, 3, 5), broken=True)
    undo(office, number)
    assert facts(office, "P1") == facts(office, "P2") == []
    require_order(office)


def test_what_was_noted_by_hand_stays_as_it_is(office: Books) -> None:
    values = {"asset": "P1", "kind": "broken", "day": "2026-02-02", "document": "BB-7"}
    note_fact(office, SYSTEM, values, RULEBOOKS)
    number = act(office, "retire", "P1", "P2", day=date(2026, 3, 5), broken=True)
    assert (facts(office, "P1"), facts(office, "P2")) == ([("broken", "BB-7")], [("broken", number)])
    undo(office, number)
    assert facts(office, "P1") == [("broken", "BB-7")]


@pytest.mark.parametrize("kind", ["repair", "return"])
def test_only_what_is_retired_can_be_called_broken_beyond_use(office: Books, kind: str) -> None:
    with pytest.raises(Invalid) as caught:
        act(office, kind, "P1", day=date(2026, 3, 5), broken=True)
    problem = next(one for one in caught.value.problems if one.field == "broken")
    assert "Ngừng dùng" in problem.message.vi
    assert "Retire" in problem.message.en
