"""The booked value of the whole book on a day, summed by the database.

A hundred thousand rows take seconds to read and a fraction of one to sum. So the database computes what is plain: an
asset with no facts beyond its row, which wears by the rules from its first use or goes on from a closed year. The few
others are read and computed one by one. Both ways give the same đồng: `inventory.assets.depreciation`.
"""

from collections.abc import Iterator
from datetime import date
from math import gcd
from typing import Any, Final
from zoneinfo import ZoneInfo

from sqlalchemy import BigInteger, and_, case, false, func, literal_column, or_, select
from sqlalchemy.sql.elements import ColumnElement
from sqlmodel import Session

from inventory.assets.assets import Asset, AssetStatus
from inventory.assets.categories import CATEGORIES, LifeClass
from inventory.assets.depreciation import Value
from inventory.assets.ledger import book_value_on
from inventory.assets.wear_book import read_book
from inventory.assets.wear_facts import WearFact
from inventory.assets.wear_rules import Course, Life, Rules
from inventory.assets.wear_years import WearYear, last_closed
from inventory.columns import Places, column

Amount = ColumnElement[Any]
"""A sum of money, as the database computes it for each row."""

LIVES_MOST: Final = 4
"""Lives of one class, one after the other, that are summed by the database."""

TURNS_MOST: Final = 1
"""Changes of a life after the last closed year that are summed by the database."""

_COST: Final = "cost_vnd"
_WIDE: Final = BigInteger()
_NOTED: Final = (
    select(column(WearFact, "asset_id")).where(column(WearFact, "retired_at").is_(None)).distinct().subquery("noted")
)


def book_sum_on(session: Session, rules: Rules, zone: ZoneInfo, day: date, *, sites: Places | None = None) -> Value:
    """Return what the books show on a day for all assets, or for those that are now at some sites.

    Two statements; three more where there are assets with facts of their own.

    Args:
        session: To read with.
        rules: The rules of wear.
        zone: Where a day begins.
        day: Past or future.
        sites: Internal numbers of the sites; `None` = all.
    """
    december = day.year if (day.month, day.day) == (12, 31) else day.year - 1
    closed = last_closed(session, december)
    simple = _is_simple(rules, closed, december)
    plain = _plain(closed) if simple else false()
    worn = _worn(rules, december, closed) if simple else _whole(0)
    cost, accumulated, others = session.execute(_sums(closed, day, sites, plain, worn)).one()
    value = Value(int(cost or 0), int(accumulated or 0))
    if not others:
        return value
    ids = _joined(select(column(Asset, "id")).select_from(Asset).where(~plain).correlate(None), closed)
    found = read_book(session, rules, zone, closed_through=december, sites=sites, assets=ids)
    rest = book_value_on((one.thing for one in found.entries), rules, day)
    return Value(value.cost_vnd + rest.cost_vnd, value.accumulated_vnd + rest.accumulated_vnd)


def _sums(closed: int | None, day: date, sites: Places | None, plain: Any, worn: Amount) -> Any:  # noqa: ANN401 - conditions and a query
    used = column(Asset, "put_to_use")
    held = and_(plain, or_(used.is_(None), used <= day))
    worn = case((used.is_(None), _carried(closed)), else_=worn)
    statement = select(
        func.sum(case((held, column(Asset, _COST)), else_=0)),
        func.sum(case((held, worn), else_=0)),
        func.sum(case((plain, 0), else_=1)),
    ).where(column(Asset, "status") != AssetStatus.PLANNED.value)
    if sites is not None:
        statement = statement.where(column(Asset, "site_id").in_(sites))
    return _joined(statement.select_from(Asset), closed)


def _is_simple(rules: Rules, closed: int | None, december: int) -> bool:
    """Return whether the rules can be written as one expression.

    Where the threshold moves, a thing may become a fixed asset in the middle of its life; and each change of a life
    nests the expression deeper, which SQLite's parser bounds. Both are rare, so such books are computed row by row.
    """
    courses = [rules.course(kind) for kind in LifeClass]
    if len({life.threshold_vnd for course in courses for life in course.lives}) > 1:
        return False
    if max(len(course.lives) for course in courses) > LIVES_MOST:
        return False
    return closed is None or max(len(course.turns(closed + 1, december)) for course in courses) <= TURNS_MOST


def _joined(statement: Any, closed: int | None) -> Any:  # noqa: ANN401 - a query
    """Put beside each asset whether it has facts, and its row of the closed year, if there is one."""
    statement = statement.outerjoin(_NOTED, _NOTED.c.asset_id == column(Asset, "id"))
    mine = and_(column(WearYear, "asset_id") == column(Asset, "id"), column(WearYear, "year") == closed)
    return statement if closed is None else statement.outerjoin(WearYear, mine)


def _plain(closed: int | None) -> ColumnElement[bool]:
    """Return the condition under which the database can compute an asset."""
    there = and_(
        _NOTED.c.asset_id.is_(None),
        column(Asset, "retired_at").is_(None),
        column(Asset, "status") != AssetStatus.DISPOSED.value,
    )
    if closed is None:
        return there
    used = column(Asset, "put_to_use")
    going_on = and_(
        column(WearYear, _COST) == column(Asset, _COST),
        or_(
            used.is_(None),
            and_(used <= date(closed, 12, 31), or_(column(WearYear, "life_years") > 0, ~column(WearYear, "fixed"))),
        ),
    )
    return and_(there, or_(column(WearYear, "id").is_(None), going_on))


def _carried(closed: int | None) -> Amount:
    return _whole(0) if closed is None else func.coalesce(column(WearYear, "accumulated_vnd"), 0)


def _worn(rules: Rules, december: int, closed: int | None) -> Amount:
    """Return the accumulated wear of an asset in use, by its class."""
    branches = []
    for kind in LifeClass:
        codes = [code for code, category in CATEGORIES.items() if category.life == kind]
        course = rules.course(kind)
        amount = _since_first_use(course, december)
        if closed is not None:
            from_closed = _since_closed(course, closed, december)
            amount = case((column(WearYear, "id").is_(None), amount), else_=from_closed)
        branches.append((kind, column(Asset, "category").in_(codes), amount))
    otherwise = next(amount for kind, _, amount in branches if kind == LifeClass.TANGIBLE)
    return case(*((these, amount) for kind, these, amount in branches if kind != LifeClass.TANGIBLE), else_=otherwise)


def _since_first_use(course: Course, december: int) -> Amount:
    """Return the accumulated wear by the year of the first use: 0 after `december`, all of it long before."""
    cost, used = column(Asset, _COST), column(Asset, "put_to_use")
    branches = [(used > date(december, 12, 31), _whole(0))]
    for first in range(december, 0, -1):
        worn = _from_year(course, first, december, cost)
        if worn is cost:
            # Worn out, and so is whatever is older.
            break
        branches.append((used >= date(first, 1, 1), worn))
    return case((cost < _whole(course.lives[0].threshold_vnd), 0), *branches, else_=cost)


def _from_year(course: Course, first: int, december: int, cost: Amount) -> Amount:
    """Return the accumulated wear of what was put to use in one year; years used and lives are figures here."""
    worn = yearly = _whole(0)
    used, years_before, spread = 0, 0, False
    for life, years in _stretches(course, first, december):
        changes = 0 < years_before != life.years
        spread = spread or changes
        if changes:
            yearly = _rounded(cost - worn, max(1, life.years - used))
        elif not spread:
            yearly = _rate(life, cost)
        used, years_before = used + years, life.years
        worn = cost if used >= life.years else _least(cost, worn + _whole(years) * yearly)
    return worn


def _since_closed(course: Course, closed: int, december: int) -> Amount:
    """Return the accumulated wear of what goes on from a closed year."""
    cost, worn = column(Asset, _COST), column(WearYear, "accumulated_vnd")
    used, years_before = column(WearYear, "used_years"), column(WearYear, "life_years")
    yearly, spread = column(WearYear, "yearly_vnd"), column(WearYear, "spread")
    for life, years in _stretches(course, closed + 1, december):
        same = years_before == _whole(life.years)
        left = case((used < _whole(life.years), _whole(life.years) - used), else_=1)
        yearly = case(
            (and_(same, spread), yearly), (same, _rate(life, cost)), else_=_rounded(cost - worn, left)
        )  # fmt: skip
        spread, years_before, used = or_(spread, ~same), _whole(life.years), used + _whole(years)
        worn = case((used >= _whole(life.years), cost), else_=_least(cost, worn + _whole(years) * yearly))
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
    return _rounded(cost * _whole(life.numerator // common), life.denominator // common)


def _rounded(numerator: Amount, denominator: Amount | int) -> Amount:
    below = _whole(denominator) if isinstance(denominator, int) else denominator
    return (_whole(2) * numerator + below) // (_whole(2) * below)


def _least(one: Amount, other: Amount) -> Amount:
    return case((other < one, other), else_=one)


def _whole(value: int) -> Amount:
    # Written out, so that each database takes the width that it needs.
    return literal_column(str(int(value)), type_=_WIDE)
