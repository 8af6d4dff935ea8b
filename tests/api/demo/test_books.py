"""The books of the demonstration: complete, marked as invented, and written once."""

from collections import Counter
from datetime import date

import pytest
import time_machine
from sqlalchemy import select

from api.demo import books as demo_books
from api.demo import budgets, counts, network, offices, papers
from collector.lab.district import CENTRE, COMMUNITY, district
from inventory import register
from inventory.access.rights import SYSTEM
from inventory.assets.custody import carry_out
from inventory.assets.rulebook_files import read_rulebooks
from inventory.assets.wear_years import last_closed
from inventory.audit.budget import BudgetLine, BudgetPlan
from inventory.audit.stocktake import Stocktake
from inventory.books import Books
from inventory.changes import list_changes
from inventory.columns import column
from inventory.db import reading
from inventory.listing import Query
from inventory.network.standing import follow
from inventory.nouns import NOUNS
from tests.support.counting import state_of
from tests.support.custody import require_order

ONE_DATABASE = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


def count(books: Books, noun: str) -> int:
    return len(register.list_(books, SYSTEM, NOUNS[noun], Query(limit=500)).items)


def last_change(books: Books) -> int:
    return list_changes(books, SYSTEM).items[0].id


def test_the_whole_district_is_written_once(books: Books) -> None:
    demo_books.write(books)
    there = {noun: count(books, noun) for noun in ("sites", "devices", "links", "services", "assets", "holdings")}
    assert there == {"sites": 24, "devices": 27, "links": 29, "services": 24, "assets": 321, "holdings": 24}
    changes = last_change(books)
    demo_books.write(books)
    assert last_change(books) == changes


def test_a_start_that_was_interrupted_is_completed(books: Books) -> None:
    for noun, _, values in list(network.rows(district()))[:60]:
        register.create(books, SYSTEM, NOUNS[noun], values)
    demo_books.write(books)
    assert all(part.is_written(books) for part in demo_books.PARTS)
    assert (count(books, "devices"), count(books, "services")) == (27, 24)


@ONE_DATABASE
def test_each_part_goes_on_where_an_interrupted_start_left_it(books: Books) -> None:
    network.write(books)
    offices.write(books)
    require_order(books)
    first = papers.acts(books.today())[:4]
    for values in first:
        carry_out(books, SYSTEM, values, read_rulebooks(), follow)
    demo_books.write(books)
    require_order(books)
    assert count(books, "documents") == len(papers.acts(books.today()))
    campaigns = stocktakes(books)
    assert [row.state for row in campaigns] == ["signed", "counting"]
    # Begun and counted in part, but not brought to review: the count is neither doubled nor begun anew.
    lines = [one for one in state_of(books, campaigns[1]).count.findings if one.present]
    counts.write(books)
    assert [one for one in state_of(books, campaigns[1]).count.findings if one.present] == lines


def test_every_page_of_the_books_shows_life(books: Books) -> None:
    demo_books.write(books)
    signed, going_on = stocktakes(books)
    found = {one.kind.value for one in state_of(books, signed).count.differences}
    assert found == {"missing", "elsewhere", "damaged"}
    counted = [one.present for one in state_of(books, going_on).count.findings]
    assert 0.3 < sum(counted) / len(counted) < 0.7
    with reading(books.engine) as session:
        plans = list(session.execute(select(BudgetPlan)).scalars())
        assert last_closed(session) == papers.CLOSED
        reasons = {
            ground["reason"] for line in session.execute(select(BudgetLine)).scalars() for ground in line.grounds
        }
    assert len(plans) == len(budgets.SCENARIOS)
    assert {"beyond_life", "unsupported", "below_norm", "failed_count"} <= reasons


@ONE_DATABASE
@pytest.mark.parametrize("day", ["2026-01-01", "2028-02-29", "2031-12-31"])
def test_it_can_be_begun_on_any_day(books: Books, day: str) -> None:
    with time_machine.travel(f"{day}T08:00:00+07:00", tick=True):
        demo_books.write(books)
        assert all(part.is_written(books) for part in demo_books.PARTS)
        require_order(books)


def stocktakes(books: Books) -> list[Stocktake]:
    with reading(books.engine) as session:
        found = list(session.execute(select(Stocktake).order_by(column(Stocktake, "id"))).scalars())
        session.expunge_all()
        return found


def test_whatever_is_invented_is_marked() -> None:
    assert all(values["fictional"] is True for values in offices.things())
    assert all("minh hoạ" in values["reason"] for values in papers.acts(date(2026, 11, 24)))
    for noun, _, values in network.rows(district()):
        if noun in {"devices", "links", "services", "assets", "providers"}:
            assert values["fictional"] is True


def test_units_carry_their_official_code_and_place() -> None:
    sites = [values for noun, _, values in network.rows(district()) if noun == "sites"]
    assert Counter(site["parent"] for site in sites) == {CENTRE: 23, None: 1}
    assert all(site["code"] and site["lat"] and site["lon"] for site in sites)


def test_the_community_is_in_no_other_row_than_its_credential() -> None:
    rows = [(noun, values) for noun, _, values in network.rows(district()) if COMMUNITY in str(values)]
    assert [noun for noun, _ in rows] == ["credentials"]
