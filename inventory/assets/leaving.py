"""Leaving the books: the wear of what was disposed of ends on the day of the document that says so."""

from collections.abc import Sequence

from sqlalchemy import select

from inventory import history
from inventory.assets.assets import Asset
from inventory.assets.booking import Desk
from inventory.assets.documents import Document
from inventory.assets.wear_facts import WearFact, WearFactKind
from inventory.columns import column, now


def note_left(desk: Desk, document: Document, assets: Sequence[Asset]) -> None:
    """Note for each asset that it left the books; one that is noted already stays as it is."""
    noted = {fact.asset_id for fact in _left(desk, assets)}
    for asset in assets:
        if asset.id in noted:
            continue
        fact = WearFact(
            asset_id=asset.id or 0, kind=WearFactKind.LEFT.value, day=document.day, document=document.number
        )
        history.record(
            desk.session, desk.books.keys, actor=desk.actor, act="create", obj=fact, before=None, sites=[asset.site_id]
        )


def unnote_left(desk: Desk, document: Document, assets: Sequence[Asset]) -> None:
    """Take back what a document noted, because it was reversed."""
    sites = {asset.id: asset.site_id for asset in assets}
    for fact in _left(desk, assets):
        if fact.document != document.number:
            continue
        before = history.masked(fact)
        fact.retired_at = fact.updated_at = now()
        fact.version += 1
        history.record(
            desk.session, desk.books.keys, actor=desk.actor, act="retire", obj=fact, before=before,
            sites=[sites[fact.asset_id]],
        )  # fmt: skip


def _left(desk: Desk, assets: Sequence[Asset]) -> list[WearFact]:
    mine = column(WearFact, "asset_id").in_([asset.id for asset in assets])
    standing = (column(WearFact, "kind") == WearFactKind.LEFT.value) & column(WearFact, "retired_at").is_(None)
    return list(desk.session.execute(select(WearFact).where(mine, standing)).scalars())
