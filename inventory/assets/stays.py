"""Where assets stood over time: told by the documents that brought them elsewhere, and by the mergers of units."""

from collections.abc import Sequence
from datetime import date
from itertools import groupby
from typing import Any, Final

from sqlalchemy import Select, literal, select, union, union_all
from sqlalchemy.orm import aliased
from sqlmodel import Session

from inventory.assets.assets import Asset
from inventory.assets.documents import Document, DocumentItem
from inventory.assets.ledger import Stay
from inventory.assets.wear_years import WearYear
from inventory.columns import Places, column
from inventory.places.reorganisations import Reorganisation, ReorganisationMove
from inventory.places.sites import Site

_ASSETS: Final = str(Asset.__tablename__)


def read_stays(session: Session, assets: Places | None = None) -> dict[int, tuple[Stay, ...]]:
    """Return the stays of every asset that ever went elsewhere, by its number, in one statement.

    Before its first move an asset was where that move took it from. A document that was reversed, and a merger that
    was undone, moved nothing. A move that was written down late counts from its day, yet never from before a move that
    was written down earlier. An asset that is not among them was always where it is now.

    Args:
        session: To read with.
        assets: Internal numbers of the assets, or a query that gives them; `None` = all.
    """
    moved = session.execute(_moves(assets))
    return {asset: _stays(list(rows)) for asset, rows in groupby(moved, key=lambda row: int(row.asset))}


def ever_at(sites: Places) -> Select[Any]:
    """Return the query of the numbers of all assets that stand at one of the sites, stood there or were worn there."""
    given = (column(Document, "site_id"), column(Document, "to_site_id"))
    from_there, to_there = _place(ReorganisationMove, "before"), _place(ReorganisationMove, "after")
    found = union(
        select(column(Asset, "id").label("asset")).where(column(Asset, "site_id").in_(sites)),
        select(column(WearYear, "asset_id")).where(column(WearYear, "site_id").in_(sites)),
        _carried(column(DocumentItem, "asset_id")).where(given[0].in_(sites) | given[1].in_(sites)),
        _merged(column(ReorganisationMove, "object_id")).where(from_there.in_(sites) | to_there.in_(sites)),
    ).subquery("ever")
    return select(found.c.asset)


def _stays(rows: Sequence[Any]) -> tuple[Stay, ...]:
    """Return the stays of one asset from its moves, in the order in which they were written down."""
    stays, since = [Stay(date.min, rows[0].before)], date.min
    for row in rows:
        since = max(row.day, since)
        if stays[-1].since == since:
            # It went on the same day: nobody computes the wear of a stay without a night.
            stays.pop()
        if not stays or stays[-1].site != row.after:
            stays.append(Stay(since, row.after, row.number))
    if stays[-1].site != rows[-1].here:
        # Its site was corrected by hand since, before anybody signed for it.
        stays[-1] = Stay(stays[-1].since, rows[-1].here, stays[-1].document)
    return tuple(stays)


def _moves(assets: Places | None) -> Any:  # noqa: ANN401 - a query of several columns
    before, after, here = aliased(Site), aliased(Site), aliased(Site)
    carried = _carried(column(DocumentItem, "asset_id").label("asset"), *_when(Document, "created_at")).add_columns(
        column(Document, "site_id").label("from_id"), column(Document, "to_site_id").label("to_id")
    )
    merged = _merged(column(ReorganisationMove, "object_id"), *_when(Reorganisation, "created_at")).add_columns(
        _place(ReorganisationMove, "before"), _place(ReorganisationMove, "after")
    )
    if assets is not None:
        carried = carried.where(column(DocumentItem, "asset_id").in_(assets))
        merged = merged.where(column(ReorganisationMove, "object_id").in_(assets))
    moves = union_all(carried, merged).subquery("moves")
    return (
        select(
            moves.c.asset, moves.c.day, moves.c.number, column(before, "slug").label("before"),
            column(after, "slug").label("after"), column(here, "slug").label("here"),
        )
        .join(before, column(before, "id") == moves.c.from_id)
        .join(after, column(after, "id") == moves.c.to_id)
        .join(Asset, column(Asset, "id") == moves.c.asset)
        .join(here, column(here, "id") == column(Asset, "site_id"))
        .order_by(moves.c.asset, moves.c.at, moves.c.own)
    )  # fmt: skip


def _when(table: type[Document] | type[Reorganisation], moment: str) -> tuple[Any, ...]:
    return (
        column(table, "day").label("day"), column(table, "number").label("number"), column(table, moment).label("at"),
        column(table, "id").label("own"),
    )  # fmt: skip


def _carried(*columns: Any) -> Select[Any]:  # noqa: ANN401 - columns of a query
    """Return the query of what documents that stand brought elsewhere."""
    stands = column(Document, "reversed_by_id").is_(None) & column(Document, "reverses_id").is_(None)
    elsewhere = column(Document, "site_id") != column(Document, "to_site_id")
    mine = column(Document, "id") == column(DocumentItem, "document_id")
    return select(*columns).select_from(DocumentItem).join(Document, mine).where(stands, elsewhere)


def _merged(*columns: Any) -> Select[Any]:  # noqa: ANN401 - as above
    """Return the query of what mergers that stand brought elsewhere."""
    mine = column(Reorganisation, "id") == column(ReorganisationMove, "reorganisation_id")
    stands = column(Reorganisation, "reversed_on").is_(None) & (column(ReorganisationMove, "noun") == literal(_ASSETS))
    return select(*columns).select_from(ReorganisationMove).join(Reorganisation, mine).where(stands)


def _place(table: type[ReorganisationMove], name: str) -> Any:  # noqa: ANN401 - a number inside a JSON column
    kept: Any = column(table, name)
    return kept["site_id"].as_integer()
