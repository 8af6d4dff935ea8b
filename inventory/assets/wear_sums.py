"""What the books show on a day for many assets, summed by the database.

A hundred thousand rows take seconds to read and a fraction of one to sum. So the database computes what is plain: an
asset whose wear follows from its own row, whatever years were closed, and one that goes on from a closed year. The few
others are read and computed one by one. All ways give the same đồng: `inventory.assets.depreciation`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, Final, Literal, NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import Select, and_, case, func, literal, or_, select, true, union, union_all
from sqlalchemy.sql.elements import ColumnElement
from sqlmodel import Session

from inventory.assets.assets import Asset, AssetStatus
from inventory.assets.depreciation import Value, booked_value_on, is_held_on
from inventory.assets.wear_amounts import (
    Amount,
    can_go_on,
    is_simple,
    threshold_of,
    whole,
    worn_since_closed,
    worn_since_first_use,
)
from inventory.assets.wear_book import Reading, read_book
from inventory.assets.wear_facts import WearFact, WearFactKind
from inventory.assets.wear_rules import Rules
from inventory.assets.wear_years import LastClosing, WearYear, last_closing
from inventory.columns import Places, column
from inventory.places.sites import Site

By = Literal["", "site", "category"]
"""How sums are grouped: not at all, by the slug of the site where the assets are now, by their category."""

_ID: Final = "id"


class Totals(NamedTuple):
    """What the books show for many assets.

    Attributes:
        pieces: How many are on the books that day, tools included.
        value: Cost and accumulated wear, tools at their cost.
    """

    pieces: int = 0
    value: Value = Value()

    def plus(self, other: "Totals") -> "Totals":
        """Return the totals of both."""
        cost = self.value.cost_vnd + other.value.cost_vnd
        return Totals(
            self.pieces + other.pieces, Value(cost, self.value.accumulated_vnd + other.value.accumulated_vnd)
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Asked:
    """What is summed.

    Attributes:
        rules: The rules of wear.
        zone: Where a day begins.
        day: Past or future.
        closing: The last closing of a December that the day's value rests on; `None` if there is none.
        among: Conditions on `Asset`; none = the whole book.
        singly: Numbers of assets that fit and are read one by one in any case.
    """

    rules: Rules
    zone: ZoneInfo
    day: date
    closing: LastClosing | None
    among: tuple[ColumnElement[bool], ...] = ()
    singly: tuple[int, ...] = ()

    @property
    def december(self) -> int:
        """Return the year of the last December that is in the value."""
        return december_of(self.day)

    @property
    def simple(self) -> bool:
        """Return whether the database can compute anything by these rules."""
        return is_simple(self.rules)

    @property
    def is_as_closed(self) -> bool:
        """Return whether the rules still give what they gave in the closed years."""
        return self.closing is None or self.closing.rules == self.rules.digest(self.closing.year)

    @property
    def goes_on(self) -> bool:
        """Return whether the database can go on from rows of the closed year.

        Not from a year that was closed before its rules were noted: nor were the corrections made since then.
        """
        if self.closing is None or not self.closing.rules:
            return False
        return can_go_on(self.rules, self.closing.year, self.december)


def december_of(day: date) -> int:
    """Return the year of the last December whose wear the books show on a day: on 31 December its own."""
    return day.year if (day.month, day.day) == (12, 31) else day.year - 1


def book_sum_on(session: Session, rules: Rules, zone: ZoneInfo, day: date, *, sites: Places | None = None) -> Value:
    """Return what the books show on a day for all assets, or for those that are now at some sites.

    At most three statements.

    Args:
        session: To read with.
        rules: The rules of wear.
        zone: Where a day begins.
        day: Past or future.
        sites: Internal numbers of the sites; `None` = all.
    """
    among = () if sites is None else (column(Asset, "site_id").in_(sites),)
    asked = Asked(rules, zone, day, last_closing(session, december_of(day)), among)
    return totals_of(session, asked).get("", Totals()).value


def totals_of(session: Session, asked: Asked, by: By = "") -> dict[str, Totals]:
    """Return the totals by group, in two statements; groups of which nothing is on the books are absent."""
    found = summed(session, asked, by)
    wanted = single_ones(asked)
    others = read_book(session, asked.rules, asked.zone, closed_through=asked.december, assets=wanted)
    return with_others(found, others, asked, by)


def with_others(found: dict[str, Totals], others: Reading, asked: Asked, by: By = "") -> dict[str, Totals]:
    """Return totals by group with those that were read one by one."""
    for one in others.standings:
        thing = one.entry.thing
        if is_held_on(thing, asked.day):
            group = {"": "", "site": one.site, "category": one.entry.category}[by]
            more = Totals(1, booked_value_on(thing, asked.rules, asked.day))
            found[group] = found.get(group, Totals()).plus(more)
    return found


def summed(session: Session, asked: Asked, by: By = "") -> dict[str, Totals]:
    """Return the totals by group of all that the database computes, in one statement."""
    if not asked.simple:
        return {}
    parts = union_all(*_parts(asked, bool(by))).subquery("parts")
    sums = (func.sum(parts.c.pieces), func.sum(parts.c.cost), func.sum(parts.c.worn))
    if not by:
        statement = select(literal(""), *sums)
    elif by == "category":
        statement = select(parts.c.category, *sums).group_by(parts.c.category)
    else:
        slug = column(Site, "slug")
        named = parts.join(Site, column(Site, _ID) == parts.c.site_id)
        statement = select(slug, *sums).select_from(named).group_by(slug)
    return {
        str(group): Totals(int(pieces), Value(int(cost or 0), int(worn or 0)))
        for group, pieces, cost, worn in session.execute(statement)
        if pieces
    }


def others_of(asked: Asked) -> Any:  # noqa: ANN401 - a query of numbers
    """Return the query of the numbers of assets that have to be computed one by one."""
    if not asked.simple:
        return select(column(Asset, _ID))
    found = [_noted(asked)]
    if asked.singly:
        found.append(select(column(Asset, _ID)).where(column(Asset, _ID).in_(asked.singly)))
    closing = asked.closing
    if closing is not None:
        corrected = column(Asset, "corrected_from")
        found.append(select(column(Asset, _ID)).where(corrected > closing.year))
        own = _own(asked)
        found.append(own.where(~_goes_on_alone(asked.rules)) if asked.goes_on else own)
    return union(*found)


def single_ones(asked: Asked) -> Any:  # noqa: ANN401 - a query of numbers
    """Return the query of the numbers of `others_of` that fit what was asked."""
    if not asked.among:
        return others_of(asked)
    return select(column(Asset, _ID)).where(*asked.among, column(Asset, _ID).in_(others_of(asked)))


def _parts(asked: Asked, grouped: bool) -> list[Select[Any]]:
    """Return the sums whose sum is the total: of all as if all were plain, less what is not, and that as it is.

    What is not plain is little, and is reached by its number; so the many rows are gone through once, without a look
    at any other table.
    """
    others, left = others_of(asked).cte("others"), _left().cte("left_")
    special = [select(others.c[0]), select(left.c.asset_id)]
    own = None if asked.closing is None else _own(asked).cte("own")
    if own is not None:
        special.append(select(own.c.asset_id))
    these = union(*special).subquery("special")
    many, few = _keys(grouped)
    first, here, held = worn_since_first_use(asked.rules, asked.december), column(Asset, _ID), _is_held(asked)
    found = [
        _sums(asked, many, first, held).select_from(Asset),
        _sums(asked, few, first, held, sign=-1).select_from(these).join(Asset, these.c[0] == here),
    ]
    gone = _sums(asked, few, first, left.c.day > asked.day).select_from(left).join(Asset, left.c.asset_id == here)
    gone = _without(gone, others)
    found.append(gone if own is None else _without(gone, own))
    if asked.closing is not None and asked.goes_on:
        going = worn_since_closed(asked.rules, asked.closing.year, asked.december)
        on_books = case((left.c.asset_id.is_not(None), left.c.day > asked.day), else_=held)
        rows = _sums(asked, few, going, on_books).select_from(WearYear).where(*_own_rows(asked))
        rows = rows.join(Asset, here == column(WearYear, "asset_id"))
        found.append(_without(rows.outerjoin(left, left.c.asset_id == here), others))
    return found


def _keys(grouped: bool) -> tuple[tuple[Any, ...], tuple[Any, ...]]:
    """Return by what the many rows and the few are grouped: by site and category, whichever is asked for, or not.

    An index has the many in that order, with all that is summed. The few are not to be looked for in that order, so
    theirs are no mere columns.
    """
    if not grouped:
        return (), ()
    site, category = column(Asset, "site_id"), column(Asset, "category")
    few = (func.coalesce(site, 0).label("site_id"), func.coalesce(category, "").label("category"))
    return (site, category), few


def _sums(asked: Asked, keys: tuple[Any, ...], worn: Amount, held: Any, sign: int = 1) -> Select[Any]:  # noqa: ANN401 - a condition
    statement = select(
        *keys,
        (func.count() * sign).label("pieces"),
        (func.sum(column(Asset, "cost_vnd")) * sign).label("cost"),
        (func.sum(worn) * sign).label("worn"),
    ).where(
        # Within a function, so that no index leads SQLite to take the rows one by one.
        func.coalesce(column(Asset, "put_to_use"), date.min) <= asked.day,
        column(Asset, "status") != AssetStatus.PLANNED.value,
        held,
        *asked.among,
    )
    return statement.group_by(*keys) if keys else statement


def _without(statement: Select[Any], these: Any) -> Select[Any]:  # noqa: ANN401 - a query of numbers
    number = these.c[0]
    return statement.outerjoin(these, number == column(Asset, _ID)).where(number.is_(None))


def _is_held(asked: Asked) -> ColumnElement[bool]:
    """Return the condition under which an asset that no document took off the books is on them that day."""
    after = datetime.combine(asked.day + timedelta(days=1), time.min, asked.zone)
    retired = column(Asset, "retired_at")
    disposed = column(Asset, "status") == AssetStatus.DISPOSED.value
    told = case((disposed, column(Asset, "updated_at") >= after), else_=true())
    return case((retired.is_not(None), retired >= after), else_=told)


def _left() -> Select[Any]:
    """Return the query of who left the books on which day, by documents."""
    asset, day = column(WearFact, "asset_id"), func.min(column(WearFact, "day"))
    left = (column(WearFact, "kind") == WearFactKind.LEFT.value) & column(WearFact, "retired_at").is_(None)
    return select(asset.label("asset_id"), day.label("day")).where(left).group_by(asset)


def _noted(asked: Asked) -> Select[Any]:
    """Return the query of the assets about which a document says something that matters that day."""
    kind, day = column(WearFact, "kind"), column(WearFact, "day")
    end = date(asked.december, 12, 31)
    later = and_(kind.in_((WearFactKind.OPENING.value, WearFactKind.BROKEN.value)), day > end)
    told = [column(WearFact, "retired_at").is_(None), kind != WearFactKind.LEFT.value, ~later]
    number = column(WearFact, "asset_id")
    if asked.closing is None:
        return select(number).where(*told)
    year = asked.closing.year
    closed = and_(column(WearYear, "asset_id") == number, column(WearYear, "year") == year)
    # What was told before an asset's closed year is in that year's row; that it is broken counts on.
    settled = and_(
        column(WearYear, _ID).is_not(None), day <= date(year, 12, 31), kind != WearFactKind.BROKEN.value
    )  # fmt: skip
    return select(number).select_from(WearFact).outerjoin(WearYear, closed).where(*told, ~settled)


def _own_rows(asked: Asked) -> Sequence[ColumnElement[bool]]:
    """Return the conditions on rows of the closed year that the rules do not give by themselves."""
    closing = asked.closing
    year = column(WearYear, "year") == (None if closing is None else closing.year)
    return (year, column(WearYear, "own")) if asked.is_as_closed else (year,)


def _own(asked: Asked) -> Select[Any]:
    return select(column(WearYear, "asset_id")).where(*_own_rows(asked))


def _goes_on_alone(rules: Rules) -> ColumnElement[bool]:
    """Return whether a row of the closed year says how its asset wears on: it has begun to, or is a tool for good."""
    threshold = whole(threshold_of(rules))
    begun = and_(column(WearYear, "fixed"), column(WearYear, "life_years") > 0)
    return or_(begun, and_(~column(WearYear, "fixed"), column(WearYear, "cost_vnd") < threshold))
