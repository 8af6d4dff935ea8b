"""Holding periods: which asset stood in which device's place, and when."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, ClassVar, Final, cast

from pydantic import ConfigDict
from sqlalchemy import select
from sqlalchemy.sql.elements import ColumnElement
from sqlmodel import Field, Session

from inventory.assets.assets import Asset
from inventory.columns import Booked, Places, column, moment_field
from inventory.draft import Draft
from inventory.fields import Entry, Key, Line300, Moment, Record, changes_of
from inventory.near import Key as Shared
from inventory.near import Near
from inventory.network.devices import Device
from inventory.text import Text


class Holding(Booked, table=True):
    """A period in which an asset stands in a device's place: half open, [held_from, held_to).

    Never two at once for one device, never two at once for one asset.
    """

    __tablename__ = "holding"
    KEY: ClassVar[str] = "id"
    NOUN: ClassVar[Text] = Text(vi="kỳ lắp đặt", en="holding period")

    device_id: int = Field(foreign_key="device.id", index=True)
    asset_id: int = Field(foreign_key="asset.id", index=True)
    held_from: datetime = moment_field()
    held_to: datetime | None = moment_field(default=None)
    reason: str = Field(default="", max_length=300)

    @classmethod
    def seen_from(cls, site_ids: Places) -> ColumnElement[bool]:
        """Return whether the device stands at one of these sites."""
        return column(cls, "device_id").in_(select(column(Device, "id")).where(Device.seen_from(site_ids)))

    @classmethod
    def in_use(cls) -> ColumnElement[bool]:
        """Return whether the asset stands there still."""
        return column(cls, "retired_at").is_(None) & column(cls, "held_to").is_(None)


class HoldingCreate(Entry):
    """A period; `device` is a name, `asset` a tag. Without `held_to` it still goes on."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"device": "tan-lap-router", "asset": "BQ-000123", "held_from": "2018-03-15T08:00:00+07:00"}]
        }
    )

    device: Key
    asset: Key
    held_from: Moment
    held_to: Moment | None = None
    reason: Line300 = ""


class HoldingRead(HoldingCreate, Record):
    """A holding period as it stands in the books."""


HoldingChange = changes_of(HoldingCreate, "HoldingChange")


def _sides(row: Any) -> list[Shared]:  # noqa: ANN401 - a period, or some columns of one
    return [(name, number) for name, number in (("device", row.device_id), ("asset", row.asset_id)) if number]


def _with_sides(sides: Sequence[Shared]) -> ColumnElement[bool]:
    devices, assets = ([number for kind, number in sides if kind == name] for name in ("device", "asset"))
    reached = column(Holding, "device_id").in_(devices) | column(Holding, "asset_id").in_(assets)
    return reached & column(Holding, "retired_at").is_(None)


SIDES: Final = Near(Holding, _sides, _with_sides)
"""Periods of one device, or of one asset, never overlap."""


def examine(draft: Draft) -> None:
    """Find what is wrong with a period: empty, or overlapping another one of its device or its asset."""
    start, end = draft.values.get("held_from"), draft.values.get("held_to")
    if start is None:
        return
    if end is not None and end <= start:
        draft.wrong("held_to", "order", _EMPTY, value=end.isoformat())
        return
    for name in ("device", "asset"):
        reached = draft.refers.get(name)
        other = None if reached is None else _overlapping(draft, (name, reached.id), start, end)
        if other is not None:
            text = _DEVICE_HELD if name == "device" else _ASSET_HOLDS
            until = "…" if other.held_to is None else other.held_to.isoformat()
            period = {"start": other.held_from.isoformat(), "until": until, "number": other.id or "–"}
            draft.wrong(name, "overlap", text.fill(**period))


def parties(session: Session, row: Booked) -> set[int]:
    """Return the sites of the device and of the asset."""
    if not isinstance(row, Holding):
        return set()
    device, asset = session.get(Device, row.device_id), session.get(Asset, row.asset_id)
    return {thing.site_id for thing in (device, asset) if thing is not None}


def _overlapping(draft: Draft, side: Shared, start: datetime, end: datetime | None) -> Holding | None:
    """Return a period of the same side that shares a moment with [start, end); nobody else writes meanwhile."""
    for other in draft.sharing(SIDES, side):
        if (other.held_to is None or other.held_to > start) and (end is None or other.held_from < end):
            return cast("Holding", other)
    return None


_EMPTY: Final = Text(vi="Phải sau lúc bắt đầu.", en="This has to be after the beginning.")
_DEVICE_HELD: Final = Text(
    vi="Vị trí này đã có tài sản khác từ {start} đến {until} (kỳ số {number}).",
    en="Another asset stands here from {start} to {until} (period {number}).",
)
_ASSET_HOLDS: Final = Text(
    vi="Tài sản này đang ở vị trí khác từ {start} đến {until} (kỳ số {number}).",
    en="This asset stands elsewhere from {start} to {until} (period {number}).",
)
