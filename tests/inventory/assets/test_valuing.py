from collections.abc import Iterator
from datetime import UTC, date, datetime

import pytest
import time_machine

from inventory.access.accounts import Role, Scope
from inventory.access.rights import SYSTEM
from inventory.assets.closing import close_year
from inventory.assets.depreciation import Value
from inventory.assets.valuing import totals_on, value_of, values_on
from inventory.assets.wear_noting import note_fact
from inventory.assets.wear_sums import Totals
from inventory.books import Books
from inventory.errors import Forbidden, Invalid, NotFound
from inventory.listing import Query
from inventory.nouns import NOUNS
from inventory.register import get, update
from tests.support.books import statements
from tests.support.custody import RULEBOOKS, act
from tests.support.people import commune_staff, program
from tests.support.rows import add_asset, add_site

DAY = date(2026, 6, 30)


@pytest.fixture(autouse=True)
def december() -> Iterator[None]:
    """Make it 15 December 2026."""
    with time_machine.travel(datetime(2026, 12, 15, 3, tzinfo=UTC), tick=True):
        yield


@pytest.fixture
def district(books: Books) -> Books:
    """Two communes below a district: three computers of 14,000,000 đ from 2023, a second-hand one, a planned one."""
    add_site(books, "bac-quang", kind="district")
    for slug in ("tan-lap", "hung-an"):
        add_site(books, slug, parent="bac-quang")
    for number, slug in enumerate(("tan-lap", "tan-lap", "hung-an", "hung-an")):
        add_asset(
            books, f"PC{number}", slug, category="desktop", cost_vnd=14_000_000, put_to_use="2023-05-01",
            status="in_use",
        )  # fmt: skip
    note_fact(books, SYSTEM, {"asset": "PC3", "kind": "second_hand", "day": "2023-05-01", "years": 2}, RULEBOOKS)
    add_asset(books, "NEW", "hung-an", cost_vnd=40_000_000, status="planned")
    return books


def test_an_asset_is_worth_what_december_booked_and_a_projection_goes_on_by_the_day(district: Books) -> None:
    one = value_of(district, SYSTEM, "PC0", DAY, RULEBOOKS)
    assert (one.held, one.closed, one.rulebook, one.rate) == (True, False, "tt-23-2023", (200_000, 1_000_000))
    assert one.booked == Value(14_000_000, 8_400_000)
    # 2026 wears 1,400,000; by 30 June 181 of 365 days are gone: 694,246 đ.
    assert one.projected == Value(14_000_000, 9_094_246)
    assert (one.wear.year, one.asset.site, one.asset.tag) == (2025, "tan-lap", "PC0")


def test_before_its_first_day_an_asset_is_worth_nothing(district: Books) -> None:
    for day, cost in ((date(2023, 4, 30), 0), (date(2023, 5, 1), 14_000_000)):
        one = value_of(district, SYSTEM, "PC0", day, RULEBOOKS)
        assert (one.held, one.booked.cost_vnd) == (cost > 0, cost)


def test_what_is_not_booked_has_no_value(district: Books) -> None:
    for tag in ("NEW", "NONE", "x" * 200):
        with pytest.raises(NotFound):
            value_of(district, SYSTEM, tag, DAY, RULEBOOKS)


def test_a_page_of_values_follows_the_list_and_its_total_covers_all_pages(district: Books) -> None:
    first = values_on(district, SYSTEM, Query(limit=3, total=True), DAY, RULEBOOKS)
    assert [one.asset.tag for one in first.items] == ["PC0", "PC1", "PC2"]
    # Second-hand: life 5 − 2 = 3 years, 14,000,000 ÷ 3 a year: worn out in 2025.
    assert first.total == Totals(4, Value(56_000_000, 3 * 8_400_000 + 14_000_000))
    rest = values_on(district, SYSTEM, Query(limit=3, cursor=first.next_cursor or ""), DAY, RULEBOOKS)
    assert ([one.asset.tag for one in rest.items], rest.next_cursor, rest.total) == (["PC3"], None, None)


QUESTIONS = (
    (Query(filters={"within": "bac-quang"}, total=True), ["PC0", "PC1", "PC2", "PC3"]),
    (Query(filters={"site": "hung-an"}, total=True), ["PC2", "PC3"]),
    (Query(search="pc3", total=True), ["PC3"]),
    (Query(filters={"category": "desktop"}, sort="-cost_vnd", total=True), ["PC3", "PC2", "PC1", "PC0"]),
    (Query(filters={"category": "printer"}, total=True), []),
)


def test_the_total_is_the_sum_of_the_rows_in_three_statements(district: Books) -> None:
    for closed in (False, True):
        if closed:
            close_year(district, SYSTEM, 2025, RULEBOOKS)
        for query, tags in QUESTIONS:
            with statements(district) as seen:
                page = values_on(district, SYSTEM, query, DAY, RULEBOOKS)
            assert len(seen) <= 3
            assert [one.asset.tag for one in page.items] == tags
            assert {one.closed for one in page.items} <= {closed}
            values = [one.booked for one in page.items]
            total = Value(sum(one.cost_vnd for one in values), sum(one.accumulated_vnd for one in values))
            assert page.total == Totals(len(tags), total)


def test_totals_by_site_and_category_add_up_to_the_whole(district: Books) -> None:
    close_year(district, SYSTEM, 2025, RULEBOOKS)
    act(district, "transfer", "PC1", day=date(2026, 3, 1), to_site="hung-an", to_name="Hoàng Thị Mai")
    for day in (DAY, date(2026, 12, 31), date(2035, 1, 1), date(2024, 2, 29)):
        with statements(district) as seen:
            whole = totals_on(district, SYSTEM, Query(), day, RULEBOOKS)[""]
        assert len(seen) == 3
        by_site = totals_on(district, SYSTEM, Query(), day, RULEBOOKS, "site")
        assert {slug: one.pieces for slug, one in by_site.items()} == {"tan-lap": 1, "hung-an": 3}
        for groups in (by_site, totals_on(district, SYSTEM, Query(), day, RULEBOOKS, "category")):
            added = Totals()
            for one in groups.values():
                added = added.plus(one)
            assert added == whole


def test_a_cost_corrected_after_closing_is_in_the_total_as_in_the_row(district: Books) -> None:
    close_year(district, SYSTEM, 2025, RULEBOOKS)
    version = get(district, SYSTEM, NOUNS["assets"], "PC0").version
    update(district, SYSTEM, NOUNS["assets"], "PC0", version, {"cost_vnd": 20_000_000})
    for day in (DAY, date(2028, 6, 30)):
        page = values_on(district, SYSTEM, Query(filters={"site": "tan-lap"}, total=True), day, RULEBOOKS)
        assert page.total is not None
        assert page.total.value.cost_vnd == 34_000_000
        assert page.total.value.accumulated_vnd == sum(one.booked.accumulated_vnd for one in page.items)


def test_what_was_disposed_of_counts_until_that_day(district: Books) -> None:
    act(district, "retire", "PC0", day=date(2026, 6, 1), broken=True)
    act(district, "dispose", "PC0", day=date(2026, 6, 30))
    whole = {day: totals_on(district, SYSTEM, Query(), day, RULEBOOKS)[""].pieces for day in (date(2026, 6, 29), DAY)}
    assert whole == {date(2026, 6, 29): 4, DAY: 3}
    assert not value_of(district, SYSTEM, "PC0", DAY, RULEBOOKS).held


def test_staff_of_a_commune_see_its_values_only(district: Books) -> None:
    staff = commune_staff(district, "hung-an")
    page = values_on(district, staff, Query(total=True), DAY, RULEBOOKS)
    assert [one.asset.tag for one in page.items] == ["PC2", "PC3"]
    assert page.total is not None
    assert page.total.pieces == 2
    with pytest.raises(NotFound):
        value_of(district, staff, "PC0", DAY, RULEBOOKS)


def test_a_program_without_the_right_to_read_is_refused(district: Books) -> None:
    with pytest.raises(Forbidden):
        values_on(district, program(Role.ADMINISTRATOR, Scope.SCRAPE), Query(), DAY, RULEBOOKS)


def test_a_wrong_question_is_refused_by_name(books: Books) -> None:
    for query in (Query(limit=0), Query(sort="note"), Query(cursor="x"), Query(filters={"no": "1"})):
        with pytest.raises(Invalid):
            values_on(books, SYSTEM, query, DAY, RULEBOOKS)


def test_behind_the_last_page_there_is_nothing_but_the_total(district: Books) -> None:
    first = values_on(district, SYSTEM, Query(limit=3), DAY, RULEBOOKS)
    act(district, "retire", "PC3", day=date(2026, 6, 1))
    version = get(district, SYSTEM, NOUNS["assets"], "PC3").version
    update(district, SYSTEM, NOUNS["assets"], "PC3", version, {"tag": "AA"})
    page = values_on(district, SYSTEM, Query(limit=3, cursor=first.next_cursor or "", total=True), DAY, RULEBOOKS)
    assert page.items == ()
    assert page.total is not None
    assert page.total.pieces == 4
