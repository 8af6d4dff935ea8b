from collections.abc import Iterator
from datetime import UTC, date, datetime

import pytest
import time_machine

from inventory.access.rights import SYSTEM
from inventory.assets.closing import close_year
from inventory.assets.wear_reports import closings_of, ledgers_of, wear_table_of, years_of
from inventory.books import Books
from inventory.errors import NotFound
from inventory.nouns import NOUNS
from inventory.register import get, update
from tests.support.books import statements
from tests.support.custody import RULEBOOKS, act
from tests.support.people import commune_staff
from tests.support.rows import add_asset, add_site


@pytest.fixture(autouse=True)
def december() -> Iterator[None]:
    """Make it 15 December 2026."""
    with time_machine.travel(datetime(2026, 12, 15, 3, tzinfo=UTC), tick=True):
        yield


@pytest.fixture
def district(books: Books) -> Books:
    """Two communes below a district; of two computers one went from the first to the second in May 2026."""
    add_site(books, "bac-quang", kind="district")
    for slug in ("tan-lap", "hung-an"):
        add_site(books, slug, parent="bac-quang")
    for tag in ("PC1", "PC2"):
        add_asset(
            books, tag, "tan-lap", category="desktop", cost_vnd=14_000_000, put_to_use="2023-05-01", status="in_use"
        )  # fmt: skip
    act(books, "transfer", "PC1", day=date(2026, 5, 4), to_site="hung-an", to_name="Hoàng Thị Mai")
    return books


def test_a_table_of_a_site_holds_all_below_it_and_names_who_computes(district: Books) -> None:
    whole = wear_table_of(district, SYSTEM, 2026, RULEBOOKS, within="bac-quang")
    assert {row.tag: row.site for row in whole.assets} == {"PC1": "hung-an", "PC2": "tan-lap"}
    assert {row.tag: row.site for row in wear_table_of(district, SYSTEM, 2025, RULEBOOKS).assets} == {
        "PC1": "tan-lap", "PC2": "tan-lap",
    }  # fmt: skip
    one = wear_table_of(district, SYSTEM, 2026, RULEBOOKS, within="hung-an")
    assert (one.site, one.total.pieces, one.total.annual_vnd) == ("hung-an", 1, 1_400_000)


def test_a_closed_year_is_told_as_it_was_closed(district: Books) -> None:
    close_year(district, SYSTEM, 2025, RULEBOOKS)
    close_year(district, SYSTEM, 2026, RULEBOOKS)
    before = {year: wear_table_of(district, SYSTEM, year, RULEBOOKS) for year in (2025, 2026, 2027)}
    version = get(district, SYSTEM, NOUNS["assets"], "PC2").version
    update(district, SYSTEM, NOUNS["assets"], "PC2", version, {"cost_vnd": 28_000_000})
    after = {year: wear_table_of(district, SYSTEM, year, RULEBOOKS) for year in (2025, 2026, 2027)}
    assert (after[2025], after[2026]) == (before[2025], before[2026])
    assert after[2027].total.cost_vnd == 42_000_000
    assert [one.annual_vnd for one in closings_of(district, SYSTEM)] == [5_600_000, 2_800_000]


@pytest.mark.parametrize("closed", [False, True])
def test_the_ledgers_of_giver_and_receiver_agree_before_and_after_closing(district: Books, closed: bool) -> None:
    act(district, "retire", "PC2", day=date(2026, 6, 1))
    number = act(district, "dispose", "PC2", day=date(2026, 7, 1))
    if closed:
        close_year(district, SYSTEM, 2025, RULEBOOKS)
        close_year(district, SYSTEM, 2026, RULEBOOKS)
    ledgers = {one.site: one for one in ledgers_of(district, SYSTEM, 2026, RULEBOOKS)}
    given = {row.tag: row for row in ledgers["tan-lap"].rows}
    assert {tag: (row.left_on, row.left_residual_vnd) for tag, row in given.items()} == {
        "PC1": (date(2026, 5, 4), 5_600_000), "PC2": (date(2026, 7, 1), 5_600_000),
    }  # fmt: skip
    assert given["PC2"].left_by == number
    (received,) = ledgers["hung-an"].rows
    assert (received.came_on, received.annual_vnd, received.accumulated_vnd) == (date(2026, 5, 4), 1_400_000, 9_800_000)
    assert ledgers_of(district, SYSTEM, 2022, RULEBOOKS) == ()


def test_the_years_of_an_asset_are_those_closed_and_then_those_computed(district: Books) -> None:
    close_year(district, SYSTEM, 2025, RULEBOOKS)
    years = years_of(district, SYSTEM, "PC1", RULEBOOKS, 2030)
    assert [one.wear.year for one in years] == list(range(2023, 2031))
    assert [one.wear.year for one in years if one.closed] == [2025]
    assert [one.site for one in years][:4] == ["tan-lap", "tan-lap", "tan-lap", "hung-an"]
    assert sum(one.wear.annual_vnd for one in years) == 14_000_000
    assert years[2].rulebook == RULEBOOKS.wear_in(2025).version
    assert years[3].rulebook == "tt-141-2025"
    assert [one.wear.year for one in years_of(district, SYSTEM, "PC1", RULEBOOKS, 2024)] == [2023, 2024]


def test_the_papers_take_few_statements_however_large_the_book(district: Books) -> None:
    with statements(district) as seen:
        wear_table_of(district, SYSTEM, 2026, RULEBOOKS)
    assert len(seen) == 2
    with statements(district) as seen:
        ledgers_of(district, SYSTEM, 2026, RULEBOOKS, within="bac-quang")
    assert len(seen) == 4


def test_staff_see_the_papers_of_their_own_places_and_what_left_them(district: Books) -> None:
    staff = commune_staff(district, "tan-lap")
    assert [row.tag for row in wear_table_of(district, staff, 2026, RULEBOOKS).assets] == ["PC2"]
    assert [row.tag for row in wear_table_of(district, staff, 2025, RULEBOOKS).assets] == ["PC1", "PC2"]
    (mine,) = ledgers_of(district, staff, 2026, RULEBOOKS)
    assert [row.tag for row in mine.rows] == ["PC1", "PC2"]
    for within in ("hung-an", "no-such"):
        with pytest.raises(NotFound):
            wear_table_of(district, staff, 2026, RULEBOOKS, within=within)
    with pytest.raises(NotFound):
        years_of(district, staff, "PC1", RULEBOOKS, 2030)
