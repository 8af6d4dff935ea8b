"""Writing a document: its number, its items as they are that day, and the change of every asset on it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from sqlalchemy import select
from sqlmodel import Session

from inventory import history
from inventory.access.rights import Actor
from inventory.assets.assets import Asset
from inventory.assets.catalogue import Product
from inventory.assets.depreciation import booked_value_on
from inventory.assets.documents import (
    Document,
    DocumentItem,
    DocumentSite,
    ItemEntry,
    digest_of,
    next_sequence,
    number_of,
)
from inventory.assets.lifecycle import ActKind
from inventory.assets.rulebook import Rulebooks
from inventory.assets.wear_book import read_book
from inventory.books import Books
from inventory.columns import column, now
from inventory.errors import Forbidden

MOVED: Final = ("status", "site_id", "custodian", "room", "put_to_use", "document_id")
"""What documents change of an asset."""


@dataclass(frozen=True, slots=True)
class Desk:
    """One act at work: who acts in which transaction, alone with the books.

    Attributes:
        rulebooks: By which the wear on the paper is computed.
    """

    books: Books
    session: Session
    actor: Actor
    rulebooks: Rulebooks


Aside = Callable[[Desk, Document, Sequence[Asset], bool], None]
"""What else follows from an act, or from undoing one (last argument), in the same transaction."""


def nothing_beside(desk: Desk, document: Document, assets: Sequence[Asset], undone: bool) -> None:
    """Do nothing beside the act."""
    del desk, document, assets, undone


def book(
    desk: Desk,
    document: Document,
    assets: Sequence[Asset],
    targets: Sequence[Mapping[str, Any]],
    typed: Sequence[ItemEntry],
) -> Document:
    """Write the document and change its assets; each change stands in the history.

    Args:
        desk: In a transaction that alone writes the books.
        document: All but its number, sums and digest.
        assets: In the order of the lines.
        targets: For each asset what of `MOVED` it has afterwards, but the document unless another one is to govern it.
        typed: For each asset what the paper says beside the books.

    Raises:
        Forbidden: The actor may not write at a site where an asset comes to stand.
    """
    session = desk.session
    kind = ActKind(document.kind)
    document.year = document.day.year
    document.sequence = next_sequence(session, kind, document.year)
    document.number = number_of(kind, document.year, document.sequence)
    worn = worn_on(desk, assets, document.day)
    document.items = len(assets)
    document.cost_vnd = sum(asset.cost_vnd for asset in assets)
    document.worn_vnd = sum(worn.values())
    session.add(document)
    session.flush()
    items = []
    for line, (asset, target, more) in enumerate(zip(assets, targets, typed, strict=True), start=1):
        after = {"document_id": document.id} | dict(target)
        items.append(_item(session, document, line, asset, after, more, worn.get(asset.id or 0, 0)))
    session.add_all(items)
    document.digest = digest_of(items)
    _let_parties_see(desk, document, items)
    sites = {document.site_id, document.to_site_id}
    history.record(session, desk.books.keys, actor=desk.actor, act="create", obj=document, before=None, sites=sites)
    for asset, item in zip(assets, items, strict=True):
        change(desk, asset, kind.value, item.after, sites)
    return document


def change(desk: Desk, asset: Asset, act: str, after: Mapping[str, Any], sites: set[int]) -> None:
    """Give an asset its new state, with its history row."""
    before, parties = history.masked(asset), {asset.site_id} | sites
    for name, value in after.items():
        setattr(asset, name, _stored(name, value))
    asset.version += 1
    asset.updated_at = now()
    if desk.actor.site_ids is not None and asset.site_id not in desk.actor.site_ids:
        raise Forbidden
    history.record(
        desk.session, desk.books.keys, actor=desk.actor, act=act, obj=asset, before=before,
        sites=parties | {asset.site_id},
    )  # fmt: skip


def state_of(asset: Asset) -> dict[str, Any]:
    """Return what documents change of an asset, as JSON holds it."""
    return {name: _plain(getattr(asset, name)) for name in MOVED}


def worn_on(desk: Desk, assets: Sequence[Asset], day: date) -> dict[int, int]:
    """Return the accumulated wear that the books show on a day, by the asset's number."""
    numbers = [asset.id or 0 for asset in assets]
    rules, zone = desk.rulebooks.rules(), desk.books.zone
    standings = read_book(desk.session, rules, zone, closed_through=day.year - 1, assets=numbers).standings
    return {one.asset_id: booked_value_on(one.entry.thing, rules, day).accumulated_vnd for one in standings}


def capacity_of(asset: Asset) -> str:
    """Return what the column for capacity or power says of an asset by itself; empty if the books do not know."""
    known = asset.attributes
    if known.get("capacity_va"):
        return f"{known['capacity_va']} VA"
    if known.get("rated_a"):
        return f"{known['rated_a']} A"
    parts = [f"{known[name]} GB" for name in ("memory_gb", "disk_gb") if known.get(name)]
    return " / ".join(parts) or (f"{known['ports']} port" if known.get("ports") else "")


def last_days(session: Session, assets: Sequence[Asset]) -> dict[int, date]:
    """Return by document number (internal) the day of each document that governs one of the assets."""
    numbers = {asset.document_id for asset in assets if asset.document_id is not None}
    if not numbers:
        return {}
    rows = select(column(Document, "id"), column(Document, "day")).where(column(Document, "id").in_(numbers))
    return {row[0]: row[1] for row in session.execute(rows)}


def _item(  # noqa: PLR0917 - what, where on the paper, from what to what
    session: Session,
    document: Document,
    line: int,
    asset: Asset,
    after: Mapping[str, Any],
    typed: ItemEntry,
    worn_vnd: int,
) -> DocumentItem:
    product = None if asset.product_id is None else session.get(Product, asset.product_id)
    before = state_of(asset)
    return DocumentItem(
        document_id=document.id or 0,
        line=line,
        asset_id=asset.id or 0,
        tag=asset.tag,
        name=asset.name,
        serial=asset.serial or "",
        category=asset.category,
        specification=f"{product.manufacturer} {product.model}"[:200] if product else "",
        origin=typed.origin,
        capacity=typed.capacity or capacity_of(asset),
        used_since=asset.put_to_use.year if asset.put_to_use else None,
        cost_vnd=asset.cost_vnd,
        worn_vnd=worn_vnd,
        papers=typed.papers,
        before=before,
        after=before | {name: _plain(value) for name, value in after.items()},
    )


def _let_parties_see(desk: Desk, document: Document, items: Sequence[DocumentItem]) -> None:
    sites = {document.site_id, document.to_site_id, document.standing_site_id}
    sites |= {int(state["site_id"]) for item in items for state in (item.before, item.after)}
    desk.session.add_all(DocumentSite(document_id=document.id or 0, site_id=site) for site in sorted(sites))
    desk.session.flush()


def _plain(value: Any) -> Any:  # noqa: ANN401 - any of the moved columns
    return value.isoformat() if isinstance(value, date) else value


def _stored(name: str, value: Any) -> Any:  # noqa: ANN401 - as above
    return date.fromisoformat(value) if name == "put_to_use" and isinstance(value, str) else value
