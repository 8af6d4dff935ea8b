"""The whole book: wear table (C55-HD), fixed-asset ledger (S24-H) and value on a day, as plain rows with totals."""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from inventory.assets.depreciation import (
    Thing,
    Value,
    WearOfYear,
    booked_value_on,
    projected_value_on,
    wear_in,
)
from inventory.assets.wear_rules import Rules
from inventory.text import Text


@dataclass(frozen=True, slots=True)
class Stay:
    """Where a thing is from a day on.

    Attributes:
        since: First day.
        site: Slug of the site.
        document: Number of the document that brought it; empty if unknown.
    """

    since: date
    site: str
    document: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing of the books.

    Attributes:
        tag: Number on its label.
        name: What it is called.
        category: Key of its category.
        serial: Serial number; empty if it has none.
        stays: Where it was, by day; at least one. Before the first day it was there too.
        thing: What its wear depends on.
        left_because: Why it left the books; `None` while it has not, or if unknown.
        left_by: Document of that; empty if there is none.
    """

    tag: str
    name: str
    category: str
    stays: tuple[Stay, ...]
    thing: Thing
    serial: str = ""
    left_because: Text | None = None
    left_by: str = ""

    def stay_on(self, day: date) -> Stay:
        """Return where the thing is on a day."""
        stay = self.stays[0]
        for later in self.stays[1:]:
            if later.since > day:
                break
            stay = later
        return stay

    def computed_at(self, year: int) -> str:
        """Return the site that computes a year's wear: where the thing is in December, the receiver (Điều 12.1)."""
        return self.stay_on(_end(year)).site

    def is_held(self, year: int) -> bool:
        """Return whether it is on the books at the end of a year; of an opened December it is."""
        thing = self.thing
        if thing.opening is not None and thing.opening.year == year:
            # It was booked so in a year that is closed, whatever was written since.
            return True
        since = thing.found_on or thing.put_to_use
        gone = thing.left_on is not None and thing.left_on.year <= year
        return not gone and (since is None or since.year <= year)


@dataclass(frozen=True, slots=True)
class WearTableRow:
    """A line of the wear table.

    Attributes:
        number: From 1, within fixed assets and within tools.
        rate: Yearly rate as numerator and denominator; `None` where a residual is spread or nothing wears.
        life_years: The norm's life; 0 where nothing wears.
        wear: The December.
        site: Slug of the site that computes it.
    """

    number: int
    tag: str
    name: str
    category: str
    put_to_use: date | None
    rate: tuple[int, int] | None
    life_years: int
    wear: WearOfYear
    site: str = ""


@dataclass(frozen=True, slots=True)
class WearTotals:
    """Sums of a wear table, whole đồng."""

    pieces: int = 0
    cost_vnd: int = 0
    opening_vnd: int = 0
    written_off_vnd: int = 0
    annual_vnd: int = 0
    accumulated_vnd: int = 0

    @property
    def residual_vnd(self) -> int:
        """Return cost less accumulated wear."""
        return self.cost_vnd - self.accumulated_vnd


@dataclass(frozen=True, slots=True)
class WearTable:
    """The wear table of a year (C55-HD).

    Attributes:
        year: The year.
        site: Slug of the site, or of the one above them; empty for all sites.
        assets: Fixed assets, by category and tag.
        tools: What cost less than the threshold: listed and counted, without wear.
        by_category: Totals of the fixed assets of each category, by its key.
        total: Totals of the fixed assets.
        tools_total: Totals of the tools.
    """

    year: int
    site: str
    assets: tuple[WearTableRow, ...]
    tools: tuple[WearTableRow, ...]
    by_category: dict[str, WearTotals]
    total: WearTotals
    tools_total: WearTotals


@dataclass(frozen=True, slots=True)
class LedgerRow:
    """A line of the fixed-asset ledger of one site and year.

    Attributes:
        number: From 1, by tag.
        came_on: Day on which it came to the site or into use there; `None` if unknown.
        came_by: Document of that.
        came_this_year: Whether that day is in the year.
        cost_vnd: Original cost when it left, or at the end of the year.
        rate: Yearly rate as numerator and denominator; `None` where a residual is spread or nothing wears.
        annual_vnd: Wear that this site computed for the year.
        accumulated_vnd: Accumulated wear when it left, or at the end of the year.
        left_on: Day in the year on which it left the site; `None` if it did not.
        left_by: Document of that.
        left_because: Why it left.
        left_residual_vnd: Residual that left with it.
    """

    number: int
    tag: str
    name: str
    category: str
    serial: str
    put_to_use: date | None
    came_on: date | None
    came_by: str
    came_this_year: bool
    cost_vnd: int
    rate: tuple[int, int] | None
    annual_vnd: int
    accumulated_vnd: int
    left_on: date | None
    left_by: str
    left_because: Text | None
    left_residual_vnd: int


@dataclass(frozen=True, slots=True)
class LedgerTotals:
    """Sums of a ledger, whole đồng.

    Attributes:
        pieces: At the end of the year.
        cost_vnd: Of those.
        annual_vnd: Wear computed in the year.
        accumulated_vnd: Of those at the end of the year.
        came_vnd: Cost of what came in the year.
        left_vnd: Cost of what left in the year.
        left_residual_vnd: Residual of what left in the year.
    """

    pieces: int = 0
    cost_vnd: int = 0
    annual_vnd: int = 0
    accumulated_vnd: int = 0
    came_vnd: int = 0
    left_vnd: int = 0
    left_residual_vnd: int = 0


@dataclass(frozen=True, slots=True)
class Ledger:
    """The fixed-asset ledger of a site and year (S24-H); tools stand in the register of their place instead."""

    year: int
    site: str
    rows: tuple[LedgerRow, ...]
    total: LedgerTotals


def wear_table(
    entries: Iterable[Entry], rules: Rules, year: int, site: str = "", among: Collection[str] | None = None
) -> WearTable:
    """Return the wear table of a year for a site, or for all sites, of what is on the books that December.

    Args:
        entries: The things of the books, in any order.
        rules: The rules of wear.
        year: Past or future.
        site: Slug of the site that computes; empty = all.
        among: Slugs of several sites that compute, those of `site` and below; `None` = `site` alone.
    """
    wanted = ({site} if site else None) if among is None else set(among)
    held = (one for one in entries if one.is_held(year) and (wanted is None or one.computed_at(year) in wanted))
    worn = [(one, wear_in(one.thing, rules, year)) for one in sorted(held, key=lambda one: (one.category, one.tag))]
    assets = [(one, wear) for one, wear in worn if wear.fixed]
    tools = [(one, wear) for one, wear in worn if not wear.fixed]
    categories = sorted({one.category for one, _ in assets})
    return WearTable(
        year,
        site,
        tuple(_wear_row(number, one, wear, rules) for number, (one, wear) in enumerate(assets, 1)),
        tuple(_wear_row(number, one, wear, rules) for number, (one, wear) in enumerate(tools, 1)),
        {code: _wear_totals(wear for one, wear in assets if one.category == code) for code in categories},
        _wear_totals(wear for _, wear in assets),
        _wear_totals(wear for _, wear in tools),
    )


def ledger(entries: Iterable[Entry], rules: Rules, year: int, site: str) -> Ledger:
    """Return the fixed-asset ledger of a site and year: what stands there at its end, and what left during it."""
    rows: list[LedgerRow] = []
    for one in sorted(entries, key=lambda one: one.tag):
        row = _ledger_row(len(rows) + 1, one, rules, year, site)
        if row is not None:
            rows.append(row)
    stayed = [row for row in rows if row.left_on is None]
    left = [row for row in rows if row.left_on is not None]
    total = LedgerTotals(
        len(stayed),
        sum(row.cost_vnd for row in stayed),
        sum(row.annual_vnd for row in rows),
        sum(row.accumulated_vnd for row in stayed),
        sum(row.cost_vnd for row in rows if row.came_this_year),
        sum(row.cost_vnd for row in left),
        sum(row.left_residual_vnd for row in left),
    )
    return Ledger(year, site, tuple(rows), total)


def book_value_on(things: Iterable[Thing], rules: Rules, day: date) -> Value:
    """Return what the books show for many things on a day, tools at their cost."""
    return _sum(things, rules, day, booked_value_on)


def projected_book_value_on(things: Iterable[Thing], rules: Rules, day: date) -> Value:
    """Return the value of many things on a day if the year's wear grew by the day; no book shows this."""
    return _sum(things, rules, day, projected_value_on)


def _sum(things: Iterable[Thing], rules: Rules, day: date, value: Callable[[Thing, Rules, date], Value]) -> Value:
    cost = accumulated = 0
    for thing in things:
        one = value(thing, rules, day)
        cost += one.cost_vnd
        accumulated += one.accumulated_vnd
    return Value(cost, accumulated)


def _wear_row(number: int, one: Entry, wear: WearOfYear, rules: Rules) -> WearTableRow:
    return WearTableRow(
        number,
        one.tag,
        one.name,
        one.category,
        one.thing.put_to_use,
        rate_of(one.thing, wear, rules),
        wear.life_years,
        wear,
        one.computed_at(wear.year),
    )


def _wear_totals(wears: Iterable[WearOfYear]) -> WearTotals:
    listed = list(wears)
    return WearTotals(
        len(listed),
        sum(wear.cost_vnd for wear in listed),
        sum(wear.opening_vnd for wear in listed),
        sum(wear.written_off_vnd for wear in listed),
        sum(wear.annual_vnd for wear in listed),
        sum(wear.accumulated_vnd for wear in listed),
    )


def rate_of(thing: Thing, wear: WearOfYear, rules: Rules) -> tuple[int, int] | None:
    """Return the yearly rate as numerator and denominator; `None` where a residual is spread or nothing wears."""
    if wear.spread or not wear.life_years:
        return None
    life = rules.course(thing.kind).life_in(wear.year)
    return life.numerator, life.denominator


def _ledger_row(number: int, one: Entry, rules: Rules, year: int, site: str) -> LedgerRow | None:
    """Return the line of one thing, or `None` if it was not at the site in the year, or is a tool."""
    came, left, left_by, because = _presence(one, year, site)
    if came is None:
        return None
    stayed = left is None
    wear = wear_in(one.thing, rules, year)
    if not wear.fixed:
        return None
    value = Value(wear.cost_vnd, wear.accumulated_vnd) if stayed else _before_leaving(one, rules, left)
    return LedgerRow(
        number, one.tag, one.name, one.category, one.serial, one.thing.put_to_use,
        None if came.since == date.min else came.since, came.document,
        came.since.year == year, value.cost_vnd, rate_of(one.thing, wear, rules) if stayed else None,
        wear.annual_vnd if stayed else 0, value.accumulated_vnd, left, left_by, because,
        0 if stayed else value.residual_vnd,
    )  # fmt: skip


def _presence(one: Entry, year: int, site: str) -> tuple[Stay | None, date | None, str, Text | None]:
    """Return the last stay at the site that reaches into the year, and when, by what and why it ended within it."""
    gone = one.thing.left_on
    since = one.thing.found_on or one.thing.put_to_use
    found: tuple[Stay | None, date | None, str, Text | None] = (None, None, "", None)
    for place, stay in enumerate(one.stays):
        following = one.stays[place + 1] if place + 1 < len(one.stays) else None
        end = following.since if following is not None else gone
        if gone is not None and (end is None or gone < end):
            end = gone
        begins = max(stay.since, since) if since is not None else stay.since
        if stay.site != site or begins > _end(year) or (end is not None and end < date(year, 1, 1)):
            continue
        came = Stay(begins, site, stay.document)
        if end is None or end > _end(year):
            return came, None, "", None
        if following is not None and end == following.since:
            found = (came, end, following.document, _MOVED)
        else:
            found = (came, end, one.left_by, one.left_because or _LEFT)
    return found


def _before_leaving(one: Entry, rules: Rules, day: date | None) -> Value:
    """Return the value that leaves: the books' on the day before, without the wear of the year (Điều 12.1)."""
    if day is None:
        return Value()
    since = one.thing.found_on or one.thing.put_to_use or date.min
    eve = date.fromordinal(max(day.toordinal() - 1, since.toordinal()))
    return booked_value_on(replace(one.thing, left_on=None), rules, eve)


def _end(year: int) -> date:
    return date(year, 12, 31)


_MOVED: Final = Text(vi="điều chuyển sang đơn vị khác", en="transferred to another site")
_LEFT: Final = Text(vi="giảm khỏi sổ", en="left the books")
