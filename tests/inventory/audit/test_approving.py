"""Approving a budget, and buying by it."""

from typing import Any

import pytest
from sqlalchemy import update
from sqlmodel import select

from inventory import register
from inventory.access.accounts import Role
from inventory.access.rights import SYSTEM
from inventory.assets.assets import Asset, AssetStatus
from inventory.assets.documents import Document
from inventory.audit.approving import approve
from inventory.audit.budget import BudgetLine, BudgetPlan
from inventory.audit.drafting import changed_budgets, discard
from inventory.audit.purchasing import purchase
from inventory.books import Books
from inventory.columns import column
from inventory.db import reading
from inventory.errors import Conflict, Forbidden, Invalid, NotFound, Stale
from inventory.history import Change
from inventory.nouns import NOUNS
from inventory.verification import verify
from tests.support.budgeting import MILLION, RULEBOOKS, book_due_things, drafted, lines
from tests.support.people import commune_staff, person

IT = person(Role.IT_STAFF)


@pytest.fixture
def due(books: Books) -> Books:
    book_due_things(books)
    return books


def approved(books: Books, **values: Any) -> BudgetPlan:
    return approve(books, IT, drafted(books, **values).id or 0, 1)


def planned(books: Books) -> list[Asset]:
    with reading(books.engine) as session:
        return list(
            session.exec(select(Asset).where(Asset.status == AssetStatus.PLANNED.value).order_by(column(Asset, "tag")))
        )


def buy(books: Books, row: BudgetPlan, number: int, **values: Any) -> Asset:
    sent = {"tag": "TL-9", "serial": "PF3X1B2C", "cost_vnd": 14_800_000, "day": "2026-03-20"} | values
    return purchase(books, IT, row.id or 0, number, sent, RULEBOOKS)


def number_of(books: Books, row: BudgetPlan, tag: str) -> int:
    return next(line.number for line in lines(books, row) if line.tag == tag)


def test_what_is_bought_becomes_a_planned_asset(due: Books) -> None:
    row = approved(due, cap_vnd=46 * MILLION)
    found = planned(due)
    assert [asset.tag for asset in found] == sorted(
        f"DT2027-{row.id}-{line.number:04d}" for line in lines(due, row) if not line.left_out
    )
    router = next(asset for asset in found if asset.category == "router")
    assert (router.cost_vnd, router.note) == (5_500_000, "Theo dự toán “Phương án 1”, thay TL-R.")
    assert (row.state, row.approved_by, row.version) == ("approved", IT.name, 2)
    with reading(due.engine) as session:
        assert verify(session, due.keys) == []
        assert changed_budgets(session) == []


def test_approving_again_changes_nothing(due: Books) -> None:
    row = approved(due)
    again = approve(due, IT, row.id or 0, 1)
    assert (again.version, again.approved_at) == (row.version, row.approved_at)
    assert len(planned(due)) == sum(not line.left_out for line in lines(due, row))


def test_an_approved_budget_is_not_put_aside(due: Books) -> None:
    row = approved(due)
    with pytest.raises(Conflict, match="is approved"):
        discard(due, IT, row.id or 0, row.version)


def test_only_administrators_and_it_staff_approve_from_the_version_they_saw(due: Books) -> None:
    row = drafted(due)
    for who in (person(Role.AUDITOR), commune_staff(due, "tan-lap")):
        with pytest.raises(Forbidden):
            approve(due, who, row.id or 0, 1)
    with pytest.raises(Stale):
        approve(due, IT, row.id or 0, 2)
    with pytest.raises(NotFound):
        approve(due, IT, 999, 1)
    assert planned(due) == []


def test_what_one_budget_buys_no_other_one_buys_again(due: Books) -> None:
    other = drafted(due, title="Phương án 2")
    approved(due)
    with pytest.raises(Conflict, match="need no successor any more: 3"):
        approve(due, IT, other.id or 0, 1)
    later = lines(due, drafted(due, year=2028))
    assert {line.tag: line.left_out for line in later} == {"TL-1": "planned", "TL-2": "planned", "TL-R": "planned"}


def test_a_scenario_put_aside_or_edited_or_empty_is_not_approved(due: Books) -> None:
    aside = discard(due, IT, drafted(due).id or 0, 1)
    with pytest.raises(Conflict, match="put aside"):
        approve(due, IT, aside.id or 0, 2)
    with pytest.raises(Conflict, match="buys nothing"):
        approve(due, IT, drafted(due, cap_vnd=1).id or 0, 1)
    edited = drafted(due)
    with due.engine.begin() as connection:
        connection.execute(update(BudgetLine).where(column(BudgetLine, "plan_id") == edited.id).values(price_vnd=1))
    with pytest.raises(Conflict, match="edited from outside"):
        approve(due, IT, edited.id or 0, 1)
    assert planned(due) == []


def test_a_purchase_books_what_was_planned_and_takes_it_into_stock(due: Books) -> None:
    row = approved(due)
    number = number_of(due, row, "TL-1")
    asset = buy(due, row, number, supplier="may-tinh-hg", papers="HĐ 118", warranty_until="2029-03-20")
    assert (asset.tag, asset.serial, asset.cost_vnd, asset.status) == ("TL-9", "PF3X1B2C", 14_800_000, "in_stock")
    with reading(due.engine) as session:
        document = session.get(Document, asset.document_id)
        assert document is not None
        assert (document.number, document.from_name, document.papers) == ("NK-2026-0001", "Máy tính Hà Giang", "HĐ 118")
        acts = session.exec(
            select(Change.act)
            .where(Change.noun == "asset", Change.object_id == asset.id)
            .order_by(column(Change, "id"))
        ).all()
        assert acts == ["plan", "purchase", "receive"]
        assert verify(session, due.keys) == []
        assert changed_budgets(session) == []


def test_a_purchase_told_twice_is_booked_once(due: Books) -> None:
    row = approved(due)
    number = number_of(due, row, "TL-1")
    first = buy(due, row, number)
    assert buy(due, row, number).version == first.version
    with pytest.raises(Conflict, match="bought already"):
        buy(due, row, number, tag="TL-10")


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"tag": "TL-2"}, "tag"),
        ({"serial": "Default string"}, "serial"),
        ({"cost_vnd": 0}, "cost_vnd"),
        ({"day": "2099-01-01"}, "day"),
        ({"supplier": "nobody"}, "supplier"),
        ({"product": "rb4011"}, "product"),
        ({"colour": "red"}, "colour"),
    ],
)
def test_a_wrong_purchase_is_refused_and_nothing_is_written(due: Books, values: dict[str, Any], field: str) -> None:
    row = approved(due)
    number = number_of(due, row, "TL-1")
    with pytest.raises(Invalid) as caught:
        buy(due, row, number, **values)
    assert [problem.field for problem in caught.value.problems] == [field]
    assert len(planned(due)) == sum(not line.left_out for line in lines(due, row))


def test_what_is_left_out_or_not_approved_cannot_be_bought(due: Books) -> None:
    scenario = drafted(due)
    with pytest.raises(NotFound):
        buy(due, scenario, 1)
    row = approved(due, categories=["router"])
    with pytest.raises(NotFound):
        buy(due, row, 2)
    with pytest.raises(Forbidden):
        purchase(due, commune_staff(due, "tan-lap"), row.id or 0, 1, {}, RULEBOOKS)


def test_a_planned_asset_that_was_given_up_cannot_be_bought(due: Books) -> None:
    row = approved(due, categories=["router"])
    [asset] = planned(due)
    register.retire(due, SYSTEM, NOUNS["assets"], asset.tag, asset.version)
    with pytest.raises(Conflict, match="given up"):
        buy(due, row, 1)
