from datetime import UTC, date, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlmodel import Session

from inventory.assets.assets import Asset
from inventory.assets.depreciation import WearOfYear, wear_in
from inventory.assets.ledger import book_value_on
from inventory.assets.rulebook_files import read_rulebooks
from inventory.assets.wear_book import read_book
from inventory.assets.wear_facts import WearFact
from inventory.assets.wear_rules import Era, Life, Rules
from inventory.assets.wear_sums import book_sum_on
from inventory.assets.wear_years import WearClosing, WearYear
from inventory.books import Books
from inventory.db import reading, writing
from inventory.places.sites import Site
from tests.support import wear
from tests.support.books import empty, statements

CATEGORIES = ("desktop", "router", "phone", "licence")


@st.composite
def rules_of_one_threshold(draw: st.DrawFn) -> Rules:
    """Draw rules of which all circulars agree on the threshold, as those that ship do."""
    threshold = draw(st.sampled_from((0, 1, 10_000_000)))
    return Rules(
        Era(era.first_year, {
            kind: Life(life.years, life.numerator, life.denominator, threshold) for kind, life in era.lives.items()
        })
        for era in draw(wear.rules()).eras
    )  # fmt: skip


assets = st.lists(
    st.tuples(
        st.sampled_from(CATEGORIES),
        st.one_of(st.none(), wear.days),
        wear.costs,
        st.sampled_from(("planned", "in_stock", "in_use", "in_use", "in_use", "disposed")),
        st.booleans(),
    ),
    max_size=12,
)


def book(session: Session, rows: list[tuple[str, date | None, int, str, bool]]) -> None:
    site = Site(slug="a", name="A", kind="commune")
    session.add(site)
    session.flush()
    for number, (category, used, cost, status, has_fact) in enumerate(rows):
        asset = Asset(
            tag=f"T{number}", name="x", category=category, site_id=site.id or 0, status=status, put_to_use=used,
            cost_vnd=cost,
        )  # fmt: skip
        session.add(asset)
        session.flush()
        if has_fact:
            session.add(WearFact(asset_id=asset.id or 0, kind="second_hand", day=date(2000, 1, 1), years=2))


def close(session: Session, rules: Rules, books: Books, year: int) -> None:
    """Write a closed year as the December run does, whatever today is."""
    closing = WearClosing(
        year=year, rulebook="r", closed_at=datetime(2026, 12, 1, tzinfo=UTC), closed_by="t", assets=0, tools=0,
        cost_vnd=0, annual_vnd=0, accumulated_vnd=0, digest="",
    )  # fmt: skip
    session.add(closing)
    session.flush()
    for one in read_book(session, rules, books.zone).standings:
        if one.entry.is_held(year):
            values = dict(zip(WearOfYear._fields, wear_in(one.entry.thing, rules, year), strict=True))
            session.add(
                WearYear(closing_id=closing.id or 0, asset_id=one.asset_id, site_id=one.site_id, **values)
            )  # fmt: skip


@given(
    assets,
    st.one_of(wear.rules(), rules_of_one_threshold(), st.just(read_rulebooks().rules())),
    st.one_of(st.none(), st.integers(wear.FIRST, wear.LAST)),
    wear.days,
    st.booleans(),
)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=40)
def test_the_database_sums_what_the_arithmetic_gives(  # noqa: PLR0917 - what is drawn
    books: Books,
    rows: list[tuple[str, date | None, int, str, bool]],
    rules: Rules,
    closed: int | None,
    day: date,
    year_end: bool,
) -> None:
    empty(books)
    day = date(day.year, 12, 31) if year_end else day
    december = day.year if (day.month, day.day) == (12, 31) else day.year - 1
    with writing(books.engine) as session:
        book(session, rows)
        if closed is not None:
            close(session, rules, books, closed)
    with reading(books.engine) as session:
        entries = read_book(session, rules, books.zone, closed_through=december).entries
        expected = book_value_on((one.thing for one in entries), rules, day)
        assert book_sum_on(session, rules, books.zone, day) == expected


@pytest.mark.parametrize("closed", [None, 1998, 2003])
@pytest.mark.parametrize("eras", [2, 3, 4, 6, 9])
def test_many_circulars_after_the_last_closing_are_not_too_deep_for_the_database(
    books: Books, eras: int, closed: int | None
) -> None:
    rules = wear.rules_of(*((2000 + 2 * era, 20 + era, 500 - 20 * era) for era in range(eras)))
    with writing(books.engine) as session:
        book(session, [("desktop", date(1997, 5, 1), 14_000_000, "in_use", False)])
        if closed is not None:
            close(session, rules, books, closed)
    day = date(2030, 6, 30)
    with reading(books.engine) as session:
        entries = read_book(session, rules, books.zone, closed_through=2029).entries
        assert book_sum_on(session, rules, books.zone, day) == book_value_on((one.thing for one in entries), rules, day)


@pytest.mark.parametrize("closed", [None, 2026])
def test_a_book_without_facts_is_summed_in_two_statements(books: Books, closed: int | None) -> None:
    rules = read_rulebooks().rules()
    with writing(books.engine) as session:
        book(session, [("desktop", date(2023, 5, 1), 14_000_000, "in_use", False)] * 3)
        if closed is not None:
            close(session, rules, books, closed)
    with statements(books) as seen, reading(books.engine) as session:
        value = book_sum_on(session, rules, books.zone, date(2028, 6, 30))
    assert (value.cost_vnd, value.accumulated_vnd) == (42_000_000, 33_600_000)
    assert len(seen) == 2


def test_the_sum_of_a_site_is_that_of_its_assets(books: Books) -> None:
    with writing(books.engine) as session:
        book(session, [("desktop", date(2023, 5, 1), 14_000_000, "in_use", False)])
    with reading(books.engine) as session:
        rules = read_rulebooks().rules()
        assert book_sum_on(session, rules, books.zone, date(2024, 1, 1), sites=[999]).cost_vnd == 0
