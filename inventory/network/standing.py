"""What documents of custody do to holding periods: an asset that goes away stands in no device's place any more."""

from collections.abc import Sequence
from datetime import datetime, time, timedelta
from typing import Final

from sqlalchemy import or_, select

from inventory import history
from inventory.assets.assets import Asset
from inventory.assets.booking import Desk
from inventory.assets.documents import Document
from inventory.assets.lifecycle import MOVES, ActKind
from inventory.columns import column, now
from inventory.network.devices import Device
from inventory.network.holdings import Holding

_LONGEST_REASON: Final = 300


def follow(desk: Desk, document: Document, assets: Sequence[Asset], undone: bool) -> None:
    """End the holding periods of assets that went away, or go on with them where the document was undone.

    A place that another asset took meanwhile stays with that one.
    """
    if not MOVES[ActKind(document.kind)].leaves_place:
        return
    numbers = [asset.id for asset in assets]
    mine = (column(Holding, "asset_id").in_(numbers)) & column(Holding, "retired_at").is_(None)
    mark = f"[{document.number}]"
    if undone:
        ended = select(Holding).where(mine, column(Holding, "reason").endswith(mark, autoescape=True))
        for holding in desk.session.execute(ended).scalars().all():
            if not _is_taken(desk, holding):
                _write(desk, holding, document.kind, None, holding.reason.removesuffix(mark).strip())
        return
    going_on = select(Holding).where(mine, column(Holding, "held_to").is_(None))
    for holding in desk.session.execute(going_on).scalars().all():
        reason = f"{holding.reason[: _LONGEST_REASON - len(mark) - 1]} {mark}".strip()
        _write(desk, holding, document.kind, _end(desk, document, holding), reason)


def _end(desk: Desk, document: Document, holding: Holding) -> datetime:
    """Return the end of the document's day, or now if that day is today; never before the period began."""
    midnight = datetime.combine(document.day + timedelta(days=1), time(), tzinfo=desk.books.zone)
    return max(min(now(), midnight), holding.held_from + timedelta(microseconds=1))


def _is_taken(desk: Desk, holding: Holding) -> bool:
    same = or_(
        column(Holding, "device_id") == holding.device_id, column(Holding, "asset_id") == holding.asset_id
    )  # fmt: skip
    later = or_(column(Holding, "held_to").is_(None), column(Holding, "held_to") > holding.held_from)
    other = (column(Holding, "id") != holding.id) & column(Holding, "retired_at").is_(None)
    found = select(column(Holding, "id")).where(same, later, other, column(Holding, "held_from") >= holding.held_from)
    return desk.session.execute(found.limit(1)).scalar() is not None


def _write(desk: Desk, holding: Holding, act: str, held_to: datetime | None, reason: str) -> None:
    before = history.masked(holding)
    holding.held_to, holding.reason = held_to, reason
    holding.version += 1
    holding.updated_at = now()
    device, asset = desk.session.get(Device, holding.device_id), desk.session.get(Asset, holding.asset_id)
    sites = {thing.site_id for thing in (device, asset) if thing is not None}
    history.record(
        desk.session, desk.books.keys, actor=desk.actor, act=act, obj=holding, before=before, sites=sites
    )  # fmt: skip
