"""Campaigns: the list is frozen at the start, and each step has its turn and its right."""

import pytest
from sqlmodel import select

from inventory.access.accounts import Role
from inventory.access.rights import SYSTEM
from inventory.assets.assets import Asset, AssetStatus
from inventory.audit.campaigns import begin, plan, reopen, review
from inventory.books import Books
from inventory.db import reading, writing
from inventory.errors import Conflict, Forbidden, Invalid, NotFound, Stale
from inventory.verification import verify
from tests.support.counting import COST_VND, RULES, begun, book_assets, book_sites, lines, tag_of
from tests.support.people import commune_staff, person


@pytest.fixture(autouse=True)
def places(books: Books) -> None:
    book_sites(books)


def test_the_list_is_frozen_with_cost_and_residual_by_the_books(books: Books) -> None:
    book_assets(books, range(1, 4))
    campaign = begun(books)
    with writing(books.engine) as session:
        moved = session.exec(select(Asset).where(Asset.tag == tag_of(1))).one()
        moved.room, moved.cost_vnd = "Kho", 1
    found = lines(books, campaign)
    assert [line.number for line in found] == [1, 2, 3]
    assert {line.tag for line in found} == {tag_of(n) for n in range(1, 4)}
    assert {line.cost_vnd for line in found} == {COST_VND}
    assert all(line.residual_vnd is not None and 0 <= line.residual_vnd <= COST_VND for line in found)
    assert all(line.room != "Kho" for line in found)


def test_what_is_not_bought_yet_or_gone_is_not_expected(books: Books) -> None:
    book_assets(books, [1])
    book_assets(books, [2], status=AssetStatus.PLANNED.value)
    book_assets(books, [3], status=AssetStatus.DISPOSED.value)
    book_assets(books, [4], status=AssetStatus.REPAIR.value)
    book_assets(books, [5], site="hung-an")
    book_assets(books, [6], category="printer")
    assert {line.tag for line in lines(books, begun(books, categories=["desktop"]))} == {tag_of(1), tag_of(4)}


def test_lines_are_ordered_by_site_room_and_label(books: Books) -> None:
    book_assets(books, [9, 3, 4], room="")
    book_assets(books, [1], site="hung-an")
    found = lines(books, begun(books, sites=("tan-lap", "hung-an")))
    assert [line.tag for line in found] == [tag_of(1), tag_of(3), tag_of(4), tag_of(9)]


def test_a_wrong_plan_is_refused_with_every_wrong_field(books: Books) -> None:
    with pytest.raises(Invalid) as caught:
        plan(books, SYSTEM, {"title": "", "due": "2026-13-01", "sites": [], "evidence_days": 0, "extra": 1})
    assert {one.field for one in caught.value.problems} == {"title", "due", "sites", "evidence_days", "extra"}
    with pytest.raises(Invalid) as caught:
        plan(books, SYSTEM, {"title": "X", "due": "2026-12-31", "sites": ["nowhere"], "categories": ["spoon"]})
    assert {one.field for one in caught.value.problems} == {"sites", "categories"}


def test_an_empty_scope_does_not_begin(books: Books) -> None:
    with pytest.raises(Conflict, match="nothing to count"):
        begun(books)


def test_the_same_things_are_not_counted_by_two_campaigns_at_once(books: Books) -> None:
    book_assets(books, [1])
    book_assets(books, [2], category="printer")
    begun(books, categories=["desktop"])
    begun(books, categories=["printer"])
    with pytest.raises(Conflict, match="is counting the same"):
        begun(books, title="Lần hai")


def test_each_step_has_its_turn(books: Books) -> None:
    book_assets(books, [1])
    campaign = begun(books)
    number = campaign.id or 0
    with pytest.raises(Conflict):
        begin(books, SYSTEM, number, campaign.version, RULES)
    with pytest.raises(Conflict):
        reopen(books, SYSTEM, number, campaign.version)
    with pytest.raises(Stale):
        review(books, SYSTEM, number, campaign.version - 1)
    reviewing = review(books, SYSTEM, number, campaign.version)
    assert reopen(books, SYSTEM, number, reviewing.version).state == "counting"
    with reading(books.engine) as session:
        assert [one for one in verify(session, books.keys) if one.noun == "stocktake"] == []


def test_a_commune_leads_its_own_campaign_and_no_wider_one(books: Books) -> None:
    book_assets(books, [1])
    book_assets(books, [2], site="hung-an")
    mine = commune_staff(books, "tan-lap")
    own = begun(books, mine)
    assert own.state == "counting"
    with pytest.raises(Invalid):
        plan(books, mine, {"title": "X", "due": "2026-12-31", "sites": ["hung-an"]})
    with pytest.raises(NotFound):
        review(books, commune_staff(books, "hung-an"), own.id or 0, own.version)
    review(books, SYSTEM, own.id or 0, own.version)
    wide = plan(books, SYSTEM, {"title": "Cả huyện", "due": "2026-12-31", "sites": ["tan-lap", "hung-an"]})
    with pytest.raises(Forbidden):
        begin(books, mine, wide.id or 0, wide.version, RULES)


def test_an_auditor_leads_nothing(books: Books) -> None:
    with pytest.raises(Forbidden):
        plan(books, person(Role.AUDITOR), {"title": "X", "due": "2026-12-31", "sites": ["tan-lap"]})
