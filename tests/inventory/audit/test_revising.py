"""Revising a campaign before it begins, and its header until it is signed."""

from typing import Any

import pytest
from sqlmodel import select

from inventory.access.rights import SYSTEM
from inventory.audit.campaigns import begin, plan, review
from inventory.audit.revising import revise
from inventory.audit.signing import sign
from inventory.audit.stocktake import Stocktake, StocktakeSite
from inventory.books import Books
from inventory.db import reading
from inventory.errors import Conflict, Forbidden, Invalid, NotFound, Stale
from inventory.verification import verify
from tests.support.counting import RULES, begun, book_assets, book_sites, current, decide_all
from tests.support.people import commune_staff

PLAN: dict[str, Any] = {
    "title": "Kiểm kê tháng 12", "due": "2026-12-31", "sites": ["tan-lap"], "unit": "UBND xã Tân Lập",
    "committee": [{"name": "Hoàng Thị Lan", "title": "Phó chủ tịch", "role": "head"}],
}  # fmt: skip
HEAD = [{"name": "Lý Văn Páo", "title": "Văn phòng", "role": "head"}]


@pytest.fixture
def planned(books: Books) -> Stocktake:
    book_sites(books)
    book_assets(books, range(1, 4))
    book_assets(books, [9], site="hung-an")
    return plan(books, SYSTEM, PLAN)


def test_a_draft_gets_another_name_scope_committee_and_day(books: Books, planned: Stocktake) -> None:
    sent = PLAN | {"title": "Kiểm kê tháng 5", "due": "2027-05-31", "sites": ["hung-an"], "committee": HEAD}
    row = revise(books, SYSTEM, planned.id or 0, planned.version, sent)
    assert (row.title, row.year, row.committee, row.version) == ("Kiểm kê tháng 5", 2027, HEAD, 2)
    with reading(books.engine) as session:
        assert [one.site_id for one in session.exec(select(StocktakeSite)).all()] == row.site_ids
        assert [one for one in verify(session, books.keys) if one.noun == "stocktake"] == []
    started = begin(books, SYSTEM, row.id or 0, row.version, RULES)
    assert started.state == "counting"


def test_nothing_is_written_where_nothing_differs(books: Books, planned: Stocktake) -> None:
    assert revise(books, SYSTEM, planned.id or 0, planned.version, PLAN).version == planned.version


def test_once_the_list_is_frozen_its_scope_stays_and_its_committee_does_not_have_to(books: Books) -> None:
    book_sites(books)
    book_assets(books, range(1, 4))
    row = begun(books, committee=[])
    number = row.id or 0
    for other in ({"sites": ["hung-an"]}, {"categories": ["desktop"]}, {"evidence_days": 7}):
        with pytest.raises(Conflict, match="frozen"):
            revise(books, SYSTEM, number, row.version, PLAN | other)
    row = revise(books, SYSTEM, number, row.version, PLAN | {"committee": HEAD})
    review(books, SYSTEM, number, row.version)
    decide_all(books, row)
    sign(books, SYSTEM, number, current(books, row).version)
    with pytest.raises(Conflict, match="signed"):
        revise(books, SYSTEM, number, current(books, row).version, PLAN)


def test_a_wrong_revision_is_refused(books: Books, planned: Stocktake) -> None:
    number = planned.id or 0
    with pytest.raises(Invalid) as told:
        revise(books, SYSTEM, number, planned.version, PLAN | {"title": "", "sites": []})
    assert {one.field for one in told.value.problems} == {"title", "sites"}
    with pytest.raises(Invalid):
        revise(books, SYSTEM, number, planned.version, PLAN | {"sites": ["nowhere"]})
    with pytest.raises(Stale):
        revise(books, SYSTEM, number, planned.version + 1, PLAN)
    with pytest.raises(NotFound):
        revise(books, SYSTEM, 99, 1, PLAN)


def test_a_commune_revises_its_own_and_takes_no_other_site_in(books: Books, planned: Stocktake) -> None:
    mine, other = commune_staff(books, "tan-lap"), commune_staff(books, "hung-an")
    number = planned.id or 0
    with pytest.raises(NotFound):
        revise(books, other, number, planned.version, PLAN)
    with pytest.raises((Invalid, Forbidden)):
        revise(books, mine, number, planned.version, PLAN | {"sites": ["tan-lap", "hung-an"]})
    assert revise(books, mine, number, planned.version, PLAN | {"title": "Đợt 1"}).title == "Đợt 1"
