"""Progress: how much of each site is counted, in one grouped statement."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import case, func, select
from sqlalchemy.sql.elements import ColumnElement
from sqlmodel import Session

from inventory.access.rights import Actor, visible
from inventory.audit.stocktake import OPEN, CountEntry, ExpectedLine, Stocktake, StocktakeState
from inventory.columns import column

COUNTS_IN: tuple[int, ...] = (5, 12)
"""Months in which a count is useful: May, before the budget is drafted, and December, before the books close."""


@dataclass(frozen=True, slots=True)
class SiteProgress:
    """One site of one campaign.

    Attributes:
        site: Slug.
        name: Its name when the list was frozen.
        lines: Things on the list.
        counted: Those that were found.
    """

    stocktake_id: int
    site: str
    name: str
    lines: int
    counted: int

    @property
    def left(self) -> int:
        """Return how many are still to be found."""
        return self.lines - self.counted


def progress(session: Session, actor: Actor, stocktakes: Sequence[int]) -> list[SiteProgress]:
    """Return the progress of campaigns, by site in the order of the lists, as far as the actor sees it."""
    wanted = column(ExpectedLine, "stocktake_id").in_(stocktakes) & visible(actor, ExpectedLine)
    return _grouped(session, wanted)


def lines_by_state(session: Session) -> dict[tuple[str, str], int]:
    """Return how many lines of open campaigns are `counted` and `left`, by (site, state)."""
    going_on = select(column(Stocktake, "id")).where(column(Stocktake, "state").in_(OPEN))
    found: dict[tuple[str, str], int] = {}
    for one in _grouped(session, column(ExpectedLine, "stocktake_id").in_(going_on)):
        for state, count in (("counted", one.counted), ("left", one.left)):
            found[one.site, state] = found.get((one.site, state), 0) + count
    return found


def next_due(today: date) -> date:
    """Return the last day of the next month in which a count is due, this month included."""
    for ahead in range(13):
        month = (today.month - 1 + ahead) % 12 + 1
        if month in COUNTS_IN:
            year = today.year + (today.month - 1 + ahead) // 12
            return date(year, month, 31)
    return today


def is_signed_for(session: Session, due: date) -> bool:
    """Return whether a campaign was signed for the month of a due day."""
    first = due.replace(day=1)
    here = column(Stocktake, "due").between(first, due) & (column(Stocktake, "state") == StocktakeState.SIGNED.value)
    return session.execute(select(column(Stocktake, "id")).where(here).limit(1)).first() is not None


def _grouped(session: Session, wanted: ColumnElement[bool]) -> list[SiteProgress]:
    line, voids = column(CountEntry, "line_id"), column(CountEntry, "voids")
    # Two sets that are made once, not a question for each line: both databases read each entry once.
    taken_back = select(voids).where(voids != "")
    found = select(line).where(line.is_not(None), voids == "", column(CountEntry, "uid").not_in(taken_back))
    counted = func.sum(case((column(ExpectedLine, "id").in_(found), 1), else_=0))
    group = [column(ExpectedLine, name) for name in ("stocktake_id", "site", "site_name")]
    statement = (
        select(*group, func.count(), counted)
        .where(wanted)
        .group_by(*group)
        .order_by(group[0], func.min(column(ExpectedLine, "number")))
    )
    return [SiteProgress(*row) for row in session.execute(statement)]
