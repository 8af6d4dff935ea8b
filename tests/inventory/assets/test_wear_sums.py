from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select, update
from sqlmodel import Session

from inventory.assets.assets import Asset
from inventory.assets.depreciation import WearOfYear, is_held_on, wear_in
from inventory.assets.ledger import book_value_on
from inventory.assets.rulebook_files import read_rulebooks
from inventory.assets.wear_book import read_book
from inventory.assets.wear_facts import WearFact
from inventory.assets.wear_rules import Era, Life, Rules
from inventory.assets.wear_sums import Asked, book_sum_on, totals_of
from inventory.assets.wear_years import WearClosing, WearYear, closed_through, last_closing
from inventory.books import Books
from inventory.columns import column
from inventory.db import reading, writing
from inventory.places.sites import Site
from tests.support import wear
from tests.support.books import empty, statements

KINDS = ("second_hand", "surplus", "broken", "left", "cost", "opening")
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


@dataclass(frozen=True)
class Piece:
    """An asset to be booked, with its facts as (kind, day), and what is corrected of it once a year was closed."""

    category: str
    used: date | None
    cost_vnd: int
    status: str = "in_use"
    facts: tuple[tuple[str, date], ...] = ()
    retired_on: date | None = None
    corrected_vnd: int = 0


@st.composite
def pieces(draw: st.DrawFn) -> Piece:
    """Draw an asset: new or with a history, in the store, in use, disposed of or taken out of the books."""
    used, cost = draw(st.one_of(st.none(), wear.days)), draw(wear.costs)
    kinds = draw(st.lists(st.sampled_from(KINDS), max_size=2, unique=True))
    facts = tuple((kind, draw(wear.days)) for kind in kinds if used is not None or kind != "opening")
    return Piece(
        draw(st.sampled_from(CATEGORIES)),
        used,
        cost,
        draw(st.sampled_from(("planned", "in_stock", "in_use", "in_use", "in_use", "disposed"))),
        facts,
        draw(st.one_of(st.none(), st.none(), wear.days)),
        draw(st.sampled_from((0, 0, 0, 1_000_000))),
    )


assets = st.lists(pieces(), max_size=12)


def book(session: Session, rows: Sequence[Piece]) -> None:
    site = Site(slug="a", name="A", kind="commune")
    session.add(site)
    session.flush()
    for number, piece in enumerate(rows):
        retired = None if piece.retired_on is None else datetime.combine(piece.retired_on, time(12), UTC)
        asset = Asset(
            tag=f"T{number}", name="x", category=piece.category, site_id=site.id or 0, status=piece.status,
            put_to_use=piece.used, cost_vnd=piece.cost_vnd, retired_at=retired,
        )  # fmt: skip
        session.add(asset)
        session.flush()
        session.add_all(fact(asset, kind, day) for kind, day in piece.facts)


def fact(asset: Asset, kind: str, day: date) -> WearFact:
    """Return a fact that fits the asset: a part is half of it, the paper's balance a third."""
    if kind == "opening":
        day = date(max(day.year, (asset.put_to_use or day).year), 12, 31)
    if kind == "surplus" and asset.put_to_use is not None:
        day = max(day, asset.put_to_use)
    amount = {"cost": asset.cost_vnd // 2, "opening": asset.cost_vnd // 3}.get(kind, 0)
    years = 2 if kind == "second_hand" else None
    return WearFact(asset_id=asset.id or 0, kind=kind, day=day, amount_vnd=amount, years=years)


def correct(session: Session, rows: Sequence[Piece], closed: int) -> None:
    """Correct costs after a year was closed, as the register does."""
    for number, piece in enumerate(rows):
        asset = session.execute(select(Asset).where(column(Asset, "tag") == f"T{number}")).scalar_one()
        if piece.corrected_vnd and closed_through(session, asset.id or 0) is not None:
            asset.cost_vnd += piece.corrected_vnd
            asset.corrected_from = closed + 1


def close(session: Session, rules: Rules, books: Books, year: int) -> None:
    """Write a closed year as the December run does, whatever today is."""
    closing = WearClosing(
        year=year, rulebook="r", closed_at=datetime(2026, 12, 1, tzinfo=UTC), closed_by="t", assets=0, tools=0,
        cost_vnd=0, annual_vnd=0, accumulated_vnd=0, digest="", rules=rules.digest(year),
    )  # fmt: skip
    session.add(closing)
    session.flush()
    for one in read_book(session, rules, books.zone).standings:
        if one.entry.is_held(year):
            wear = wear_in(one.entry.thing, rules, year)
            values = dict(zip(WearOfYear._fields, wear, strict=True)) | {"own": one.has_own(wear, rules)}
            session.add(WearYear(closing_id=closing.id or 0, asset_id=one.asset_id, site_id=one.site_id, **values))


@given(
    assets,
    st.one_of(wear.rules(), rules_of_one_threshold(), st.just(read_rulebooks().rules())),
    st.one_of(st.none(), st.integers(wear.FIRST, wear.LAST)),
    st.one_of(st.none(), rules_of_one_threshold()),
    wear.days,
    st.booleans(),
)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=40)
def test_the_database_sums_what_the_arithmetic_gives(  # noqa: PLR0917 - what is drawn
    books: Books,
    rows: list[Piece],
    rules: Rules,
    closed: int | None,
    others: Rules | None,
    day: date,
    year_end: bool,
) -> None:
    empty(books)
    day = date(day.year, 12, 31) if year_end else day
    december = day.year if (day.month, day.day) == (12, 31) else day.year - 1
    with writing(books.engine) as session:
        book(session, rows)
        if closed is not None:
            close(session, others or rules, books, closed)
            session.flush()
            correct(session, rows, closed)
    with reading(books.engine) as session:
        entries = read_book(session, rules, books.zone, closed_through=december).entries
        things = [one.thing for one in entries]
        assert book_sum_on(session, rules, books.zone, day) == book_value_on(things, rules, day)
        asked = Asked(rules, books.zone, day, last_closing(session, december))
        by_category = totals_of(session, asked, "category")
        assert sum(one.pieces for one in by_category.values()) == sum(is_held_on(thing, day) for thing in things)
        for code, totals in by_category.items():
            mine = [one.thing for one in entries if one.category == code]
            assert totals.value == book_value_on(mine, rules, day)
        assert set(totals_of(session, asked, "site")) <= {"a"}


@pytest.mark.parametrize("closed", [None, 1998, 2003])
@pytest.mark.parametrize("eras", [2, 3, 4, 6, 9])
def test_many_circulars_after_the_last_closing_are_not_too_deep_for_the_database(
    books: Books, eras: int, closed: int | None
) -> None:
    rules = wear.rules_of(*((2000 + 2 * era, 20 + era, 500 - 20 * era) for era in range(eras)))
    with writing(books.engine) as session:
        book(session, [Piece("desktop", date(1997, 5, 1), 14_000_000)])
        if closed is not None:
            close(session, rules, books, closed)
    day = date(2030, 6, 30)
    with reading(books.engine) as session:
        entries = read_book(session, rules, books.zone, closed_through=2029).entries
        assert book_sum_on(session, rules, books.zone, day) == book_value_on((one.thing for one in entries), rules, day)


@pytest.mark.parametrize("closed", [None, 2026])
def test_a_book_is_summed_in_three_statements(books: Books, closed: int | None) -> None:
    rules = read_rulebooks().rules()
    with writing(books.engine) as session:
        book(session, [Piece("desktop", date(2023, 5, 1), 14_000_000)] * 3)
        if closed is not None:
            close(session, rules, books, closed)
    with statements(books) as seen, reading(books.engine) as session:
        value = book_sum_on(session, rules, books.zone, date(2028, 6, 30))
    assert (value.cost_vnd, value.accumulated_vnd) == (42_000_000, 33_600_000)
    assert len(seen) == 3


def test_the_sum_of_a_site_is_that_of_its_assets(books: Books) -> None:
    with writing(books.engine) as session:
        book(session, [Piece("desktop", date(2023, 5, 1), 14_000_000)])
    with reading(books.engine) as session:
        rules = read_rulebooks().rules()
        assert book_sum_on(session, rules, books.zone, date(2024, 1, 1), sites=[999]).cost_vnd == 0


@pytest.mark.parametrize(
    "corrected", [{"cost_vnd": 40_000_000}, {"cost_vnd": 5_000_000}, {"category": "phone"}, {"category": "licence"}]
)
def test_what_was_corrected_in_an_older_version_is_summed_as_it_is_shown(
    books: Books, corrected: dict[str, object]
) -> None:
    """A version before noted neither by which rules a year was closed nor from when a correction counts."""
    rules = read_rulebooks().rules()
    with writing(books.engine) as session:
        book(session, [Piece("desktop", date(2023, 3, 1), 20_000_000), Piece("router", date(2024, 5, 1), 30_000_000)])
        close(session, rules, books, 2025)
        session.execute(update(WearClosing).values(rules=""))
        session.execute(update(WearYear).values(own=True))
        session.execute(update(Asset).where(column(Asset, "category") == "router").values(**corrected))
    with reading(books.engine) as session:
        for day in (date(2026, 6, 1), date(2026, 12, 31), date(2028, 1, 1)):
            found = read_book(session, rules, books.zone, closed_through=day.year - (day.month != 12))
            things = [one.thing for one in found.entries]
            assert book_sum_on(session, rules, books.zone, day) == book_value_on(things, rules, day)
