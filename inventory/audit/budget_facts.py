"""The facts that a budget is drafted from, read from the books."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

from sqlalchemy import and_, literal, or_, select
from sqlmodel import Session

from inventory.access.rights import tree_below
from inventory.assets.assets import Asset
from inventory.assets.catalogue import Product
from inventory.assets.lifecycle import AssetStatus
from inventory.assets.wear_facts import WearFact, WearFactKind
from inventory.audit.budget import BudgetLine, BudgetPlan, PlanState
from inventory.audit.candidates import Piece
from inventory.audit.differences import tally
from inventory.audit.needs import Failure
from inventory.audit.norms import Unit
from inventory.audit.stocktake import CountEntry, ExpectedLine, Stocktake, StocktakeState
from inventory.books import Books
from inventory.columns import column, now
from inventory.network.devices import Device
from inventory.network.holdings import Holding
from inventory.places.sites import Site
from inventory.watch.incidents import Incident

INCIDENT_DAYS: Final = 730
"""For how long an incident speaks against the thing whose place it befell: 24 months."""

COUNT_DAYS: Final = 550
"""For how long a signed stocktake is believed: the yearly one and some months more."""

_LOOKED_AT: Final = tuple(
    status.value for status in AssetStatus if status not in {AssetStatus.RETIRED, AssetStatus.DISPOSED}
)


@dataclass(frozen=True, slots=True)
class Facts:
    """What the books know.

    Attributes:
        sites: Sites by number.
        units: Sites with people.
        pieces: What is booked or planned there.
    """

    sites: Mapping[int, Site]
    units: tuple[Unit, ...]
    pieces: tuple[Piece, ...]


def facts_of(session: Session, books: Books, within: str | None) -> Facts:
    """Read the facts, in a number of statements that grows with the signed stocktakes alone.

    Args:
        session: To read with.
        books: For what day it is and where days begin.
        within: Slug of a site: only it and what is below it; `None` = everywhere.
    """
    sites = {site.id or 0: site for site in session.execute(select(Site)).scalars()}
    scope = set(sites)
    if within is not None:
        scope = set(session.connection().scalars(select(tree_below(within).c.id)))
    unit_of = {number: _unit_of(number, sites) for number in sites}
    units = [Unit(number, sites[number].name, sites[number].headcount or 0) for number in scope]
    units = [unit for unit in units if unit_of[unit.site_id] == unit.site_id]
    return Facts(sites, tuple(units), tuple(_pieces(session, books, scope, unit_of)))


def _unit_of(number: int, sites: Mapping[int, Site]) -> int | None:
    """Return the nearest site with people that is in use, at a site or above; loops end the way up."""
    seen: set[int] = set()
    here: int | None = number
    while here is not None and here not in seen and here in sites:
        if sites[here].headcount and sites[here].retired_at is None:
            return here
        seen.add(here)
        here = sites[here].parent_id
    return None


def _pieces(session: Session, books: Books, scope: set[int], unit_of: Mapping[int, int | None]) -> list[Piece]:
    second_hand = select(column(WearFact, "asset_id"), column(WearFact, "years")).where(
        column(WearFact, "kind") == WearFactKind.SECOND_HAND.value, column(WearFact, "retired_at").is_(None)
    )
    used_before = {row[0]: row[1] for row in session.execute(second_hand)}
    incidents, failures, planned = _incidents(session, books), _failures(session, books), _planned(session)
    statement = (
        select(Asset, Product)
        .outerjoin(Product, column(Product, "id") == column(Asset, "product_id"))
        .where(column(Asset, "retired_at").is_(None), column(Asset, "status").in_(_LOOKED_AT))
        .order_by(column(Asset, "id"))
    )
    found = []
    for asset, product in session.execute(statement):
        number = asset.id or 0
        if asset.site_id in scope:
            more = {
                "used_before": used_before.get(number) or 0,
                "incidents": tuple(incidents.get(number, ())),
                "failure": failures.get(number),
                "replaced_by": planned.get(number, 0),
            }
            found.append(_piece(asset, product, unit_of[asset.site_id], more))
    return found


def _piece(asset: Asset, product: Product | None, unit_id: int | None, more: dict[str, Any]) -> Piece:
    return Piece(
        asset_id=asset.id or 0,
        tag=asset.tag,
        name=asset.name,
        category=asset.category,
        status=AssetStatus(asset.status),
        site_id=asset.site_id,
        unit_id=unit_id,
        cost_vnd=asset.cost_vnd,
        funding=asset.funding,
        since=asset.put_to_use,
        warranty_until=asset.warranty_until,
        product="" if product is None else f"{product.manufacturer} {product.model}",
        list_vnd=0 if product is None else product.list_price_vnd,
        support_until=None if product is None else product.end_of_support,
        operating_system=str(asset.attributes.get("operating_system") or ""),
        **more,
    )


def _incidents(session: Session, books: Books) -> dict[int, list[date]]:
    """Return by asset the days of incidents of a device while the asset stood in its place; remarks left out."""
    during = and_(
        column(Incident, "opened_at") >= column(Holding, "held_from"),
        or_(column(Holding, "held_to").is_(None), column(Incident, "opened_at") < column(Holding, "held_to")),
    )
    statement = (
        select(column(Holding, "asset_id"), column(Incident, "opened_at"))
        .join(Device, column(Device, "id") == column(Holding, "device_id"))
        .join(Incident, and_(column(Incident, "element") == literal("device:") + column(Device, "name"), during))
        .where(
            column(Holding, "retired_at").is_(None),
            column(Incident, "severity") != "info",
            column(Incident, "opened_at") >= now() - timedelta(days=INCIDENT_DAYS),
        )
    )
    found: dict[int, list[date]] = defaultdict(list)
    for asset_id, at in session.execute(statement):
        found[asset_id].append(at.astimezone(books.zone).date())
    return found


def _failures(session: Session, books: Books) -> dict[int, Failure]:
    """Return what the last signed stocktake that expected a thing says against it."""
    signed = (
        select(Stocktake)
        .where(
            column(Stocktake, "state") == StocktakeState.SIGNED.value,
            column(Stocktake, "signed_at") >= now() - timedelta(days=COUNT_DAYS),
        )
        .order_by(column(Stocktake, "signed_at"), column(Stocktake, "id"))
    )
    found: dict[int, Failure] = {}
    for row in session.execute(signed).scalars().all():
        if row.signed_at is None:
            continue
        day = row.signed_at.astimezone(books.zone).date()
        mine = [
            session.execute(select(table).where(column(table, "stocktake_id") == row.id)).scalars().all()
            for table in (ExpectedLine, CountEntry)
        ]
        for finding in tally(*mine).findings:
            found.pop(finding.line.asset_id, None)
            if not finding.present or finding.damaged:
                found[finding.line.asset_id] = Failure(not finding.present, row.title, day)
    return found


def _planned(session: Session) -> dict[int, int]:
    """Return by asset the approved budget that buys its successor."""
    statement = (
        select(column(BudgetLine, "asset_id"), column(BudgetLine, "plan_id"))
        .join(BudgetPlan, column(BudgetPlan, "id") == column(BudgetLine, "plan_id"))
        .where(
            column(BudgetPlan, "state") == PlanState.APPROVED.value,
            column(BudgetLine, "left_out") == "",
            column(BudgetLine, "asset_id").is_not(None),
        )
    )
    return {row[0]: row[1] for row in session.execute(statement)}
