"""Wear of one thing: pure arithmetic in whole đồng, year by year or straight to any year.

The method and a worked example: `docs/depreciation.md`. Sources: TT 141/2025/TT-BTC, Điều 9, 11, 12, 13, 14, 16, 18.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final, NamedTuple

from inventory.assets.categories import LifeClass
from inventory.assets.wear_rules import Course, Life, Rules, rounded

NEVER: Final = 10_000
"""A year after every year."""


class WearOfYear(NamedTuple):
    """The December of one year: what the wear table shows, and what the next year goes on from.

    Attributes:
        year: The year.
        cost_vnd: Original cost as of that December.
        opening_vnd: Accumulated wear of the December before.
        written_off_vnd: Accumulated wear that left with parts taken away during the year.
        annual_vnd: Wear of the year.
        accumulated_vnd: `opening_vnd - written_off_vnd + annual_vnd`; 0 to `cost_vnd`.
        used_years: Years used by then, years before this office's included.
        life_years: The norm's life that was applied; 0 before the first year.
        yearly_vnd: What a full year takes until something changes.
        spread: Whether `yearly_vnd` spreads a residual over remaining years, and is not cost × rate.
        fixed: Whether it is a fixed asset; what never cost enough is a tool.
    """

    year: int
    cost_vnd: int
    opening_vnd: int = 0
    written_off_vnd: int = 0
    annual_vnd: int = 0
    accumulated_vnd: int = 0
    used_years: int = 0
    life_years: int = 0
    yearly_vnd: int = 0
    spread: bool = False
    fixed: bool = False

    @property
    def residual_vnd(self) -> int:
        """Return cost less accumulated wear (Điều 16)."""
        return self.cost_vnd - self.accumulated_vnd


@dataclass(frozen=True, slots=True)
class CostChange:
    """A part added or taken away (Điều 9); replacing a part to keep the thing working changes nothing.

    Attributes:
        on: Day of the document.
        amount_vnd: What it adds to the cost; negative for a part taken away.
        worn_vnd: Accumulated wear that leaves with the part; `None` = in proportion to its cost.
    """

    on: date
    amount_vnd: int
    worn_vnd: int | None = None


@dataclass(frozen=True, slots=True)
class Thing:
    """What the wear of one thing depends on.

    Attributes:
        cost_vnd: Original cost before `changes`; with an `opening`, its cost.
        kind: Its line in the rulebooks.
        put_to_use: First day in use; `None` while it waits in the store, when it does not wear.
        used_before: Whole years that others used it before (second-hand, Điều 13.1h).
        found_on: When an inventory found it without being on the books (Điều 14.3).
        broken_on: When it broke beyond use; no wear from that year on (Điều 11.3).
        left_on: When it left the books: disposed of, lost.
        changes: Parts added and taken away, by day.
        opening: A December from which to go on, taken over from closed books.

    Raises:
        ValueError: The facts do not fit together.
    """

    cost_vnd: int
    kind: LifeClass
    put_to_use: date | None
    used_before: int = 0
    found_on: date | None = None
    broken_on: date | None = None
    left_on: date | None = None
    changes: tuple[CostChange, ...] = ()
    opening: WearOfYear | None = None

    def __post_init__(self) -> None:
        if self.cost_vnd < 0 or self.used_before < 0:
            raise ValueError("cost and years used are not negative")
        if self.opening is not None:
            _check_opening(self, self.opening)
        if self.found_on is not None and self.put_to_use is not None and self.found_on < self.put_to_use:
            raise ValueError("a thing is not found before its first use")
        if self.changes:
            _check_changes(self)

    @property
    def first_year(self) -> int:
        """Return the first December that is still to be computed; `NEVER` if nothing is."""
        if self.opening is not None:
            return self.opening.year + 1
        since = self.found_on or self.put_to_use or (self.changes[0].on if self.changes else None)
        return NEVER if since is None else since.year

    @property
    def stop_year(self) -> int:
        """Return the first year without wear because it is broken or gone; `NEVER` if there is none."""
        broken = NEVER if self.broken_on is None else self.broken_on.year
        return broken if self.left_on is None else min(broken, self.left_on.year)


class Value(NamedTuple):
    """What a thing, or many, are worth.

    Attributes:
        cost_vnd: Original cost.
        accumulated_vnd: Accumulated wear.
    """

    cost_vnd: int = 0
    accumulated_vnd: int = 0

    @property
    def residual_vnd(self) -> int:
        """Return cost less accumulated wear."""
        return self.cost_vnd - self.accumulated_vnd


def wear_in(thing: Thing, rules: Rules, year: int) -> WearOfYear:
    """Return the December of a year, past or future, in steps that do not grow with the years between.

    Before the first year nothing is worn; before an opening the opening itself is returned, the past being closed.
    """
    first = thing.first_year
    state = _start(thing)
    course = rules.course(thing.kind)
    if year < first:
        if thing.opening is not None:
            return state
        return state._replace(year=year, fixed=thing.cost_vnd >= course.life_in(year).threshold_vnd)
    for turn in _turns(thing, course, first, year):
        if state.year < turn - 1:
            state = _ahead(thing, state, turn - 1)
        state = _next(thing, course, state, turn)
    return _ahead(thing, state, year) if state.year < year else state


def wear_by_year(thing: Thing, rules: Rules, through: int) -> Iterator[WearOfYear]:
    """Yield every December from the first year with wear to be computed `through` a year, one after the other."""
    course = rules.course(thing.kind)
    state = _start(thing)
    for year in range(thing.first_year, through + 1):
        state = _next(thing, course, state, year)
        yield state


def booked_value_on(thing: Thing, rules: Rules, day: date) -> Value:
    """Return what the books show on a day: wear is booked in December, so during a year it is last December's.

    On 31 December the year's own wear is booked. Parts added and taken away count from their day.
    """
    if not is_held_on(thing, day):
        return Value()
    is_last = day.month == 12 and day.day == 31
    state = wear_in(thing, rules, day.year if is_last else day.year - 1)
    return _on(thing, state, day)


def projected_value_on(thing: Thing, rules: Rules, day: date) -> Value:
    """Return what a thing would be worth if the year's wear grew by the day; no book shows this.

    To last December's value comes the share of this year's wear that the days gone by are of the year, rounded down.
    """
    if not is_held_on(thing, day):
        return Value()
    before = wear_in(thing, rules, day.year - 1)
    cost, accumulated = _on(thing, before, day)
    if before.year >= day.year:
        return Value(cost, accumulated)
    start = date(day.year, 1, 1)
    gone, days = (day - start).days + 1, (date(day.year + 1, 1, 1) - start).days
    worn = wear_in(thing, rules, day.year).annual_vnd
    return Value(cost, min(cost, accumulated + worn * gone // days))


def _on(thing: Thing, before: WearOfYear, day: date) -> Value:
    """Return the value on a day after a December, before the next one."""
    if not thing.changes or before.year >= day.year:
        return Value(before.cost_vnd, before.accumulated_vnd)
    return Value(*_changed(thing, before, day.year, until=day))


def is_held_on(thing: Thing, day: date) -> bool:
    """Return whether a thing is on the books on a day."""
    since = thing.found_on or thing.put_to_use
    return (since is None or since <= day) and (thing.left_on is None or day < thing.left_on)


def _start(thing: Thing) -> WearOfYear:
    if thing.opening is not None:
        return thing.opening
    return WearOfYear(
        thing.first_year - 1, thing.cost_vnd, used_years=thing.used_before, spread=thing.used_before > 0
    )  # fmt: skip


def _turns(thing: Thing, course: Course, first: int, through: int) -> tuple[int, ...]:
    """Return the years in which something changes, ascending: those that cannot be skipped."""
    turns = course.turns(first, through)
    used = thing.put_to_use
    stop = thing.stop_year
    if not thing.changes and stop > through and (used is None or used.year <= first):
        return (first, *turns)
    own = {change.on.year for change in thing.changes}.union((stop,), () if used is None else (used.year,))
    return (first, *sorted({year for year in own if first < year <= through}.union(turns)))


def _next(thing: Thing, course: Course, before: WearOfYear, year: int) -> WearOfYear:
    """Return the December after `before`."""
    cost, left = before.cost_vnd, before.accumulated_vnd
    if thing.changes:
        cost, left = _changed(thing, before, year)
    life = course.life_in(year)
    fixed = before.fixed or cost >= life.threshold_vnd
    if fixed and thing.put_to_use is not None and thing.put_to_use.year <= year < thing.stop_year:
        return _worn(before, year, cost, left, life, _years_at_once(thing, before, year))
    return before._replace(
        year=year,
        cost_vnd=cost,
        opening_vnd=before.accumulated_vnd,
        written_off_vnd=before.accumulated_vnd - left,
        annual_vnd=0,
        accumulated_vnd=left,
        fixed=fixed,
    )


def _worn(before: WearOfYear, year: int, cost: int, left: int, life: Life, years: int) -> WearOfYear:  # noqa: PLR0917
    """Return the December with the wear of so many years: never more than is left, all of it at life's end."""
    rest = cost - left
    spread = before.spread or 0 < before.life_years != life.years
    same = before.life_years == life.years and before.cost_vnd == cost and before.accumulated_vnd == left
    if not spread:
        yearly = life.yearly_vnd(cost)
    elif before.spread and same:
        yearly = before.yearly_vnd
    else:
        # Điều 18.1, and second-hand lives likewise: what is left, over the years that are left.
        yearly = rounded(rest, max(1, life.years - before.used_years))
    used = before.used_years + years
    annual = rest if used >= life.years else min(rest, yearly * years)
    written_off = before.accumulated_vnd - left
    return WearOfYear(
        year, cost, before.accumulated_vnd, written_off, annual, left + annual, used, life.years, yearly, spread, True
    )  # fmt: skip


def _years_at_once(thing: Thing, before: WearOfYear, year: int) -> int:
    """Return for how many years this December computes: that in which a surplus was found catches up (Điều 14.3)."""
    if thing.found_on is None or thing.put_to_use is None or thing.found_on.year != year or before.life_years:
        return 1
    return year - thing.put_to_use.year + 1


def _ahead(thing: Thing, state: WearOfYear, year: int) -> WearOfYear:
    """Return a December after `state`, nothing changing between."""
    years = year - state.year
    if not (state.fixed and state.life_years) or state.year >= thing.stop_year:
        return state._replace(year=year, opening_vnd=state.accumulated_vnd, written_off_vnd=0, annual_vnd=0)
    opening, accumulated = _worn_after(state, years - 1), _worn_after(state, years)
    return WearOfYear(
        year, state.cost_vnd, opening, 0, accumulated - opening, accumulated, state.used_years + years,
        state.life_years, state.yearly_vnd, state.spread, True,
    )  # fmt: skip


def _worn_after(state: WearOfYear, years: int) -> int:
    if years and state.used_years + years >= state.life_years:
        return state.cost_vnd
    return min(state.cost_vnd, state.accumulated_vnd + years * state.yearly_vnd)


def _changed(thing: Thing, before: WearOfYear, year: int, until: date | None = None) -> tuple[int, int]:
    """Return cost and accumulated wear after the changes since `before`, through `year` or a day in it."""
    cost, left = before.cost_vnd, before.accumulated_vnd
    since = -NEVER if thing.opening is None and year == thing.first_year else before.year
    for change in thing.changes:
        if change.on.year <= since or change.on.year > year or (until is not None and change.on > until):
            continue
        if change.amount_vnd < 0 < cost:
            share = rounded(left * -change.amount_vnd, cost) if change.worn_vnd is None else change.worn_vnd
            left -= min(left, share)
        cost += change.amount_vnd
        left = min(left, cost)
    return cost, left


def _check_changes(thing: Thing) -> None:
    cost, after = thing.cost_vnd, date.min
    for change in thing.changes:
        cost += change.amount_vnd
        if change.on < after or cost < 0 or (change.worn_vnd is not None and change.worn_vnd < 0):
            raise ValueError("changes come by day and leave neither a negative cost nor negative wear")
        after = change.on


def _check_opening(thing: Thing, opening: WearOfYear) -> None:
    if opening.cost_vnd != thing.cost_vnd or not 0 <= opening.accumulated_vnd <= opening.cost_vnd:
        raise ValueError("an opening has the cost of the thing, and is worn by no more than that")
