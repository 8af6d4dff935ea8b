"""What pages and routes show of budgets."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import case, func, select
from sqlmodel import Session
from starlette.responses import Response

from api.house import House
from inventory.access.rights import Act, Actor, check, visible
from inventory.assets.assets import Asset
from inventory.audit.budget import BudgetLine, BudgetLineRead, BudgetPlan, BudgetRead
from inventory.audit.drafting import lines_of, seen
from inventory.audit.estimate import estimate_of
from inventory.audit.totals import Share, Sum, Totals, shares_of, totals_of
from inventory.columns import column
from inventory.db import reading
from inventory.spreadsheet import write_paper
from inventory.text import Language

XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

MOST_PLANS: Final = 200
"""Scenarios in the list, the newest."""


@dataclass(frozen=True, slots=True)
class Listed:
    """A scenario in the list, with the sums of the lines that the reader may see."""

    row: BudgetPlan
    bought: Sum
    left_out: int


@dataclass(frozen=True, slots=True)
class Scenario:
    """A scenario with the lines that the reader may see.

    Attributes:
        totals: Sums of these lines.
        shares: What each unit gets; only with fair shares asked for.
        planned: By number the planned assets, or what was bought in their place.
    """

    row: BudgetPlan
    lines: Sequence[BudgetLine]
    totals: Totals
    shares: Sequence[Share]
    planned: Mapping[int, Asset]

    @property
    def by_site(self) -> list[tuple[str, list[BudgetLine]]]:
        """Return what is bought, by site."""
        return _by_site(line for line in self.lines if not line.left_out)

    @property
    def left_by_site(self) -> list[tuple[str, list[BudgetLine]]]:
        """Return what is left out, by site."""
        return _by_site(line for line in self.lines if line.left_out)


def plans(house: House, person: Actor, most: int = MOST_PLANS) -> list[Listed]:
    """Return so many scenarios that are not put aside, newest first.

    Raises:
        Forbidden: The reader may not read budgets.
    """
    check(person, Act.READ, "budgets")
    bought = case((column(BudgetLine, "left_out") == "", 1), else_=0)
    sums = (
        select(
            column(BudgetLine, "plan_id").label("plan_id"),
            func.sum(bought).label("lines"),
            func.sum(bought * column(BudgetLine, "price_vnd")).label("vnd"),
            func.sum(bought * column(BudgetLine, "need")).label("need"),
            func.count().label("all"),
        )
        .where(visible(person, BudgetLine))
        .group_by(column(BudgetLine, "plan_id"))
        .subquery()
    )
    statement = (
        select(BudgetPlan, sums.c.lines, sums.c.vnd, sums.c.need, sums.c["all"])
        .outerjoin(sums, sums.c.plan_id == column(BudgetPlan, "id"))
        .where(visible(person, BudgetPlan), column(BudgetPlan, "retired_at").is_(None))
        .order_by(column(BudgetPlan, "id").desc())
        .limit(most)
    )
    with reading(house.books.engine) as session:
        found = [
            Listed(row, Sum(int(lines or 0), int(vnd or 0), int(need or 0)), int(every or 0) - int(lines or 0))
            for row, lines, vnd, need, every in session.execute(statement)
        ]
        session.expunge_all()
    return found


def scenario(house: House, person: Actor, number: int) -> Scenario:
    """Return one scenario.

    Raises:
        NotFound: There is none, or the reader may not know of it.
    """
    check(person, Act.READ, "budgets")
    with reading(house.books.engine) as session:
        row = seen(session, person, number)
        lines = lines_of(session, person, row)
        planned = _planned(session, lines)
        session.expunge_all()
    shares = shares_of(row, lines) if row.options.get("fair_share") else []
    return Scenario(row, lines, totals_of(lines), shares, planned)


def workbook(one: Scenario, language: Language) -> Response:
    """Return the estimate as a file to save."""
    name = f"du-toan-{one.row.year}-{one.row.id}.xlsx"
    return Response(
        write_paper(estimate_of(one.row, one.lines, language)),
        media_type=XLSX,
        headers={"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"},
    )


def plan_read(row: BudgetPlan, bought: Sum, left_out: int) -> BudgetRead:
    """Return a scenario as programs read it."""
    values = row.model_dump() | {"key": row.key, "bought": bought.lines, "spent_vnd": bought.vnd}
    return BudgetRead.model_validate(values | {"need": bought.need, "left_out": left_out})


def line_read(line: BudgetLine, planned: Mapping[int, Asset]) -> BudgetLineRead:
    """Return a line as programs read it."""
    asset = planned.get(line.planned_id or 0)
    values = {name: getattr(line, name) for name in BudgetLineRead.model_fields if hasattr(line, name)}
    values |= {"replaces": line.tag, "price_source": line.price_source or None, "left_out": line.left_out or None}
    return BudgetLineRead.model_validate(values | {"planned": None if asset is None else asset.tag})


def _planned(session: Session, lines: Sequence[BudgetLine]) -> dict[int, Asset]:
    plans_ = {line.plan_id for line in lines if line.planned_id is not None}
    if not plans_:
        return {}
    mine = select(column(BudgetLine, "planned_id")).where(column(BudgetLine, "plan_id").in_(plans_))
    shown = {line.planned_id for line in lines}
    found = session.execute(select(Asset).where(column(Asset, "id").in_(mine))).scalars()
    return {asset.id or 0: asset for asset in found if asset.id in shown}


def _by_site(lines: Iterable[BudgetLine]) -> list[tuple[str, list[BudgetLine]]]:
    found: dict[str, tuple[str, list[BudgetLine]]] = {}
    for line in lines:
        found.setdefault(line.site, (line.site_name, []))[1].append(line)
    return list(found.values())
