from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
import time_machine
from sqlalchemy import update

from inventory.access.accounts import Role
from inventory.access.rights import SYSTEM, Actor
from inventory.assets.assets import Asset
from inventory.assets.closing import close_year, closed_years
from inventory.assets.rehearsal import rehearse_closing
from inventory.books import Books
from inventory.columns import column
from inventory.db import reading, writing
from inventory.errors import Forbidden
from tests.support.custody import RULEBOOKS
from tests.support.people import commune_staff, person
from tests.support.rows import add_asset, add_site


@pytest.fixture
def offices(books: Books) -> Books:
    """Two communes: a computer; a machine not yet in use, a tool, and things of which something is missing."""
    add_site(books, "tan-lap")
    add_site(books, "hung-an")
    add_asset(
        books, "PC", "tan-lap", category="desktop", cost_vnd=14_000_000, put_to_use="2023-05-01", status="in_use"
    )  # fmt: skip
    add_asset(books, "R1", "hung-an", cost_vnd=30_000_000)
    add_asset(books, "T1", "hung-an", category="phone", cost_vnd=900_000, put_to_use="2024-01-01", status="in_use")
    add_asset(books, "X1", "hung-an", put_to_use="2024-01-01", status="in_use")
    return books


@pytest.fixture(autouse=True)
def december() -> Iterator[None]:
    """Make it 15 December 2026."""
    with time_machine.travel(datetime(2026, 12, 15, 3, tzinfo=UTC), tick=True):
        yield


def test_a_rehearsal_gives_what_closing_then_books_and_writes_nothing(offices: Books) -> None:
    told = rehearse_closing(offices, SYSTEM, 2026, RULEBOOKS)
    with reading(offices.engine) as session:
        assert closed_years(session) == ()
    closed = close_year(offices, SYSTEM, 2026, RULEBOOKS)
    names = ("assets", "tools", "cost_vnd", "annual_vnd", "accumulated_vnd")
    assert [getattr(told.total, name) for name in names] == [getattr(closed, name) for name in names]
    assert told.rulebook == closed.rulebook
    assert {one.site: (one.name, one.assets, one.tools, one.annual_vnd) for one in told.sites} == {
        "hung-an": ("Hung-An", 1, 2, 0), "tan-lap": ("Tan-Lap", 1, 0, 1_400_000),
    }  # fmt: skip


def test_a_rehearsal_names_what_is_missing(offices: Books) -> None:
    with writing(offices.engine) as session:
        session.execute(update(Asset).where(column(Asset, "tag") == "T1").values(category="teapot"))
    told = rehearse_closing(offices, SYSTEM, 2026, RULEBOOKS)
    assert (told.no_cost, told.not_in_use, told.unfit, told.unknown_category) == (("X1",), ("R1",), (), ("T1",))
    assert told.counts == {"no_cost": 1, "not_in_use": 1, "unfit": 0, "unknown_category": 1}
    assert {one.place for one in told.doubts} == {one.place for one in RULEBOOKS.doubts() if one.book == "tt-141-2025"}
    assert told.refusal is None


def test_a_rehearsal_says_why_closing_would_be_refused(offices: Books) -> None:
    early = rehearse_closing(offices, SYSTEM, 2027, RULEBOOKS).refusal
    assert early is not None
    assert "Chưa đến tháng 12 năm 2027" in early.vi
    close_year(offices, SYSTEM, 2024, RULEBOOKS)
    order = rehearse_closing(offices, SYSTEM, 2026, RULEBOOKS).refusal
    assert order is not None
    assert "the last closed year is 2024" in order.en


def test_who_reads_the_whole_book_rehearses_and_who_sees_some_sites_does_not(offices: Books) -> None:
    assert rehearse_closing(offices, person(Role.AUDITOR), 2026, RULEBOOKS).total.assets
    local = Actor(name="x", role=Role.ADMINISTRATOR, site_ids=commune_staff(offices, "tan-lap").site_ids)
    for actor in (commune_staff(offices, "tan-lap"), local):
        with pytest.raises(Forbidden):
            rehearse_closing(offices, actor, 2026, RULEBOOKS)
