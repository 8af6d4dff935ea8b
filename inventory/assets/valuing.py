"""What assets are worth on a day, past or future: one of them, a page of a list, and the totals of all that fits it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, cast

from sqlalchemy import select
from sqlmodel import Session

from inventory.access.rights import Actor
from inventory.assets.asset_noun import ASSETS
from inventory.assets.assets import Asset, AssetRead, AssetStatus
from inventory.assets.depreciation import (
    Thing,
    Value,
    WearOfYear,
    booked_value_on,
    is_held_on,
    projected_value_on,
    wear_in,
)
from inventory.assets.ledger import rate_of
from inventory.assets.rulebook import Rulebooks
from inventory.assets.wear_book import read_book
from inventory.assets.wear_sums import Asked, By, Totals, december_of, single_ones, summed, totals_of, with_others
from inventory.assets.wear_years import LastClosing, WearClosing, last_closing
from inventory.books import Books
from inventory.columns import column
from inventory.db import reading
from inventory.errors import NotFound
from inventory.listing import Query, listing


@dataclass(frozen=True, slots=True)
class AssetValue:
    """One asset and what it is worth on a day.

    Attributes:
        asset: As it stands in the books now.
        held: Whether it was, or will be, on the books that day; where not, it is worth nothing.
        booked: What the books show: wear is booked in December.
        projected: What it would be worth if the year's wear grew by the day; no form shows it.
        wear: The last December that is in `booked`.
        rate: Yearly rate as numerator and denominator; `None` where a residual is spread or nothing wears.
        closed: Whether that December is closed for this asset.
        rulebook: Key of the book that governs it.
    """

    asset: AssetRead
    held: bool
    booked: Value
    projected: Value
    wear: WearOfYear
    rate: tuple[int, int] | None
    closed: bool
    rulebook: str


@dataclass(frozen=True, slots=True)
class ValuePage:
    """A page of assets with their values.

    Attributes:
        items: In the order that was asked for; planned assets, which are not booked yet, are left out.
        next_cursor: For the page after; `None` if this is the last.
        total: Of all that fits the filters, on whatever page; `None` if it was not asked for.
    """

    items: tuple[AssetValue, ...]
    next_cursor: str | None
    total: Totals | None


def value_of(books: Books, actor: Actor, tag: str, day: date, rulebooks: Rulebooks) -> AssetValue:
    """Return one asset and what it is worth on a day, in two statements.

    Raises:
        Forbidden: The actor may not read assets.
        NotFound: There is none, it is only planned, or the actor may not know of it.
    """
    page = values_on(books, actor, Query(filters={"tag": tag}, limit=1, include_retired=True), day, rulebooks)
    if not page.items:
        raise NotFound(Asset.NOUN, tag[:120])
    return page.items[0]


def values_on(books: Books, actor: Actor, query: Query, day: date, rulebooks: Rulebooks) -> ValuePage:
    """Return a page of assets with their values on a day, in two statements; three with the totals.

    Args:
        books: The books.
        actor: The reader.
        query: Which assets, as for the list of assets; with `total` the totals of all that fit come too.
        day: Past or future.
        rulebooks: The rules of wear.

    Raises:
        Forbidden: The actor may not read assets.
        Invalid: A filter, the sort, the limit or the cursor is wrong.
    """
    asked = listing(books, actor, ASSETS, query)
    rules, december = rulebooks.rules(), december_of(day)
    with reading(books.engine) as session:
        booked = column(Asset, "status") != AssetStatus.PLANNED.value
        rows = session.execute(asked.statement.where(booked).add_columns(*_closing(december))).all()
        page = asked.page(books.keys, rows, None)
        closing = _told(session, rows, query, december)
        numbers = tuple(one.id for one in page.items)
        sums = Asked(rules, books.zone, day, closing, asked.conditions, numbers)
        wanted = single_ones(sums) if query.total else numbers
        found = read_book(session, rules, books.zone, closed_through=december, assets=wanted)
        total = with_others(summed(session, sums), found, sums).get("", Totals()) if query.total else None
    things = {one.asset_id: one.entry.thing for one in found.standings}
    items = tuple(
        _value(cast("AssetRead", one), things[one.id], sums, rulebooks) for one in page.items if one.id in things
    )
    return ValuePage(items, page.next_cursor, total)


def totals_on(  # noqa: PLR0917 - who, which, when, by which rules and how
    books: Books, actor: Actor, query: Query, day: date, rulebooks: Rulebooks, by: By = ""
) -> dict[str, Totals]:
    """Return what the books show on a day for all assets that fit, by group, in three statements.

    Args:
        books: The books.
        actor: The reader.
        query: Which assets; its page does not matter.
        day: Past or future.
        rulebooks: The rules of wear.
        by: Not at all (one group, the empty text), by the slug of the site where they are now, or by category.

    Raises:
        Forbidden, Invalid: As `values_on`.
    """
    asked = listing(books, actor, ASSETS, query)
    with reading(books.engine) as session:
        closing = last_closing(session, december_of(day))
        return totals_of(session, Asked(rulebooks.rules(), books.zone, day, closing, asked.conditions), by)


def _closing(december: int) -> Sequence[Any]:
    """Return the last closing as two columns, so that it is read with the page."""
    year = column(WearClosing, "year")
    last = select(year).where(year <= december).order_by(year.desc()).limit(1)
    rules = select(column(WearClosing, "rules")).where(year <= december).order_by(year.desc()).limit(1)
    return last.scalar_subquery(), rules.scalar_subquery()


def _told(session: Session, rows: Sequence[Any], query: Query, december: int) -> LastClosing | None:
    if rows:
        year, rules = rows[0][-2:]
        return None if year is None else LastClosing(year, rules)
    # Nothing fits a first page; only behind the last one is there something to sum.
    return last_closing(session, december) if query.cursor else None


def _value(asset: AssetRead, thing: Thing, asked: Asked, rulebooks: Rulebooks) -> AssetValue:
    rules, day = asked.rules, asked.day
    wear = wear_in(thing, rules, asked.december)
    opening = thing.opening
    closed = asked.closing is not None and opening is not None and opening.year == asked.closing.year == wear.year
    return AssetValue(
        asset,
        is_held_on(thing, day),
        booked_value_on(thing, rules, day),
        projected_value_on(thing, rules, day),
        wear,
        rate_of(thing, wear, rules),
        closed,
        rulebooks.wear_in(asked.december).key,
    )
