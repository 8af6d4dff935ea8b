"""What acts of custody mean for wear: it ends with what is disposed of, and rests with what is broken beyond use."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Final

from sqlalchemy import select
from sqlalchemy.sql.elements import ColumnElement
from sqlmodel import Session

from inventory import history
from inventory.access.rights import Actor
from inventory.assets.assets import Asset
from inventory.assets.booking import Desk
from inventory.assets.documents import Document
from inventory.assets.lifecycle import ActKind
from inventory.assets.wear_facts import WearFact, WearFactKind
from inventory.assets.wear_years import require_open
from inventory.books import Books
from inventory.columns import column, now

_NOTES: Final[Mapping[ActKind, WearFactKind]] = {
    ActKind.DISPOSE: WearFactKind.LEFT,
    ActKind.RETIRE: WearFactKind.BROKEN,
}


def note_wear(desk: Desk, document: Document, assets: Sequence[Asset]) -> None:
    """Note for each asset what a document says of its wear; what is noted already stays as it is.

    Disposed of: it left the books. Retired as broken: no wear from that year on (TT 141/2025, Điều 11.3). Taken back
    into stock: it was not broken beyond use after all, so a note that it was is taken back.
    """
    act = ActKind(document.kind)
    if act == ActKind.REINSTATE:
        # The moment is the document's, so that its reversal finds what it took back.
        _take_back(desk, _facts(desk, assets, kind=WearFactKind.BROKEN.value), document.created_at)
    elif act == ActKind.DISPOSE or (act == ActKind.RETIRE and document.broken):
        noted = {fact.asset_id for fact in _facts(desk, assets, kind=_NOTES[act].value)}
        for asset in assets:
            if asset.id not in noted:
                _note(desk, document, asset, _NOTES[act])


def note_surplus(session: Session, books: Books, actor: Actor, asset: Asset, found_on: date, document: str) -> None:  # noqa: PLR0917 - what, when, by what paper
    """Note that an inventory found what was not on the books: its first year catches up (TT 141/2025, Điều 14.3).

    What was not used before it was found has nothing to catch up, so nothing is noted of it.

    Raises:
        Conflict: The wear of the year in which it was found is closed.
    """
    if asset.put_to_use is None or asset.put_to_use > found_on:
        return
    require_open(session, found_on)
    fact = WearFact(asset_id=asset.id or 0, kind=WearFactKind.SURPLUS.value, day=found_on, document=document[:120])
    history.record(session, books.keys, actor=actor, act="create", obj=fact, before=None, sites=[asset.site_id])


def unnote_wear(desk: Desk, document: Document, assets: Sequence[Asset]) -> None:
    """Make the wear of assets as if a document had not been written, because it was reversed."""
    _take_back(desk, _facts(desk, assets, document=document.number), now())
    if document.kind == ActKind.REINSTATE:
        taken = _facts(desk, assets, stands=False, kind=WearFactKind.BROKEN.value, retired_at=document.created_at)
        for fact in taken:
            _write(desk, fact, "restore", None)


def _note(desk: Desk, document: Document, asset: Asset, kind: WearFactKind) -> None:
    fact = WearFact(asset_id=asset.id or 0, kind=kind.value, day=document.day, document=document.number)
    history.record(
        desk.session, desk.books.keys, actor=desk.actor, act="create", obj=fact, before=None, sites=[asset.site_id]
    )  # fmt: skip


def _take_back(desk: Desk, facts: Iterable[WearFact], moment: datetime) -> None:
    for fact in facts:
        _write(desk, fact, "retire", moment)


def _write(desk: Desk, fact: WearFact, act: str, retired_at: datetime | None) -> None:
    before = history.masked(fact)
    fact.retired_at = retired_at
    fact.updated_at = now()
    fact.version += 1
    asset = desk.session.get(Asset, fact.asset_id)
    sites = [] if asset is None else [asset.site_id]
    history.record(desk.session, desk.books.keys, actor=desk.actor, act=act, obj=fact, before=before, sites=sites)


def _facts(desk: Desk, assets: Sequence[Asset], *, stands: bool = True, **wanted: object) -> list[WearFact]:
    """Return the facts about the assets that say what is wanted, by column."""
    retired = column(WearFact, "retired_at")
    conditions: list[ColumnElement[bool]] = [column(WearFact, "asset_id").in_([asset.id for asset in assets])]
    conditions += [retired.is_(None)] if stands else []
    conditions += [column(WearFact, name) == value for name, value in wanted.items()]
    order = column(WearFact, "id")
    return list(desk.session.execute(select(WearFact).where(*conditions).order_by(order)).scalars())
