"""The arithmetic of wear as the database computes it for each row: the same đồng as `inventory.assets.depreciation`."""

from collections.abc import Iterator
from datetime import date
from math import gcd
from typing import Any, Final

from sqlalchemy import BigInteger, and_, case, literal_column, or_
from sqlalchemy.sql.elements import ColumnElement

from inventory.assets.assets import Asset
from inventory.assets.categories import CATEGORIES, LifeClass
from inventory.assets.wear_rules import Course, Life, Rules
from inventory.assets.wear_years import WearYear
from inventory.columns import column

Amount = ColumnElement[Any]
"""A sum of money, as the database computes it for each row."""

LIVES_MOST: Final = 4
"""Lives of one class, one after the other, that are summed by the database."""

TURNS_MOST: Final = 1
"""Changes of a life after the last closed year that are summed by the database."""

_COST: Final = "cost_vnd"
_WIDE: Final = BigInteger()


def is_simple(rules: Rules) -> bool:
    """Return whether the rules can be written as one expression.

    Where the threshold moves, a thing may become a fixed asset in the middle of its life; and each change of a life
    nests the expression deeper, which SQLite's parser bounds. Both are rare, so such books are computed row by row.
    """
    courses = [rules.course(kind) for kind in LifeClass]
    if len({life.threshold_vnd for course in courses for life in course.lives}) > 1:
        return False
    return max(len(course.lives) for course in courses) <= LIVES_MOST


def threshold_of(rules: Rules) -> int:
    """Return the least cost of a fixed asset by simple rules, whole đồng."""
    return rules.course(LifeClass.TANGIBLE).lives[0].threshold_vnd


def can_go_on(rules: Rules, closed: int, december: int) -> bool:
    """Return whether what goes on from a closed year can be written as one expression."""
    return max(len(rules.course(kind).turns(closed + 1, december)) for kind in LifeClass) <= TURNS_MOST


def worn_since_first_use(rules: Rules, december: int) -> Amount:
    """Return the accumulated wear of an asset by its own row: 0 while it waits in the store."""
    by_class = _by_class({kind: _since_first_use(rules.course(kind), december) for kind in LifeClass})
    return case((column(Asset, "put_to_use").is_(None), whole(0)), else_=by_class)


def worn_since_closed(rules: Rules, closed: int, december: int) -> Amount:
    """Return the accumulated wear of an asset that goes on from its row of a closed year."""
    by_class = _by_class({kind: _since_closed(rules.course(kind), closed, december) for kind in LifeClass})
    return case((column(Asset, "put_to_use").is_(None), column(WearYear, "accumulated_vnd")), else_=by_class)


def whole(value: int) -> Amount:
    """Return a whole number, written out, so that each database takes the width that it needs."""
    return literal_column(str(int(value)), type_=_WIDE)


def _by_class(amounts: dict[LifeClass, Amount]) -> Amount:
    otherwise = amounts[LifeClass.TANGIBLE]
    others = [kind for kind in LifeClass if kind != LifeClass.TANGIBLE]
    return case(*((_of_class(kind), amounts[kind]) for kind in others), else_=otherwise)


def _of_class(kind: LifeClass) -> ColumnElement[bool]:
    return column(Asset, "category").in_([code for code, category in CATEGORIES.items() if category.life == kind])


def _since_first_use(course: Course, december: int) -> Amount:
    """Return the accumulated wear by the year of the first use: 0 after `december`, all of it long before."""
    cost, used = column(Asset, _COST), column(Asset, "put_to_use")
    branches = []
    oldest = date.min
    for first in range(december, 0, -1):
        worn = _from_year(course, first, december, cost)
        if worn is cost:
            # Worn out, and so is whatever is older.
            oldest = date(first + 1, 1, 1)
            break
        branches.append((used >= date(first, 1, 1), worn))
    # In the order in which most rows find their answer soonest: many are old.
    return case(
        (cost < whole(course.lives[0].threshold_vnd), 0),
        (used < oldest, cost),
        (used > date(december, 12, 31), whole(0)),
        *branches,
        else_=cost,
    )


def _from_year(course: Course, first: int, december: int, cost: Amount) -> Amount:
    """Return the accumulated wear of what was put to use in one year; years used and lives are figures here."""
    worn = yearly = whole(0)
    used, years_before, spread = 0, 0, False
    for life, years in _stretches(course, first, december):
        changes = 0 < years_before != life.years
        spread = spread or changes
        if changes:
            yearly = _rounded(cost - worn, max(1, life.years - used))
        elif not spread:
            yearly = _rate(life, cost)
        used, years_before = used + years, life.years
        worn = cost if used >= life.years else _least(cost, worn + whole(years) * yearly)
    return worn


def _since_closed(course: Course, closed: int, december: int) -> Amount:
    """Return the accumulated wear of what goes on from a closed year."""
    cost, worn = column(Asset, _COST), column(WearYear, "accumulated_vnd")
    used, years_before = column(WearYear, "used_years"), column(WearYear, "life_years")
    yearly, spread = column(WearYear, "yearly_vnd"), column(WearYear, "spread")
    for life, years in _stretches(course, closed + 1, december):
        same = years_before == whole(life.years)
        left = case((used < whole(life.years), whole(life.years) - used), else_=1)
        yearly = case(
            (and_(same, spread), yearly), (same, _rate(life, cost)), else_=_rounded(cost - worn, left)
        )  # fmt: skip
        spread, years_before, used = or_(spread, ~same), whole(life.years), used + whole(years)
        worn = case((used >= whole(life.years), cost), else_=_least(cost, worn + whole(years) * yearly))
    return case((column(WearYear, "fixed"), worn), else_=column(WearYear, "accumulated_vnd"))


def _stretches(course: Course, first: int, december: int) -> Iterator[tuple[Life, int]]:
    """Yield what holds from `first` through `december`, and for how many years."""
    if first > december:
        return
    starts = (first, *course.turns(first, december))
    for start, following in zip(starts, (*starts[1:], december + 1), strict=True):
        yield course.life_in(start), following - start


def _rate(life: Life, cost: Amount) -> Amount:
    common = gcd(life.numerator, life.denominator)
    return _rounded(cost * whole(life.numerator // common), life.denominator // common)


def _rounded(numerator: Amount, denominator: Amount | int) -> Amount:
    below = whole(denominator) if isinstance(denominator, int) else denominator
    return (whole(2) * numerator + below) // (whole(2) * below)


def _least(one: Amount, other: Amount) -> Amount:
    return case((other < one, other), else_=one)
