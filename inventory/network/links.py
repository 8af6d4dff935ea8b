"""Links: the lines between two ends, most of them fibre."""

from collections.abc import Sequence
from datetime import date, datetime
from enum import StrEnum
from typing import Annotated, Any, ClassVar, Final

from pydantic import ConfigDict
from pydantic import Field as Bounds
from sqlalchemy import or_, select, tuple_
from sqlalchemy.sql.elements import ColumnElement
from sqlmodel import Field, Session

from inventory.columns import Booked, Places, column, moment_field, now, whole_field
from inventory.draft import Draft
from inventory.fields import (
    Day,
    Dbm,
    Entry,
    Key,
    Line64,
    Line120,
    Line200,
    Moment,
    Money,
    Note,
    Record,
    Slug,
    Whole,
    changes_of,
)
from inventory.near import Key as Shared
from inventory.near import Near
from inventory.network.devices import Device
from inventory.text import Text


class EndKind(StrEnum):
    """What stands at a link's end, and so what can be asked of it."""

    SNMP = "snmp"
    ONT = "ont"
    MEDIA_CONVERTER = "media_converter"


class Medium(StrEnum):
    """What carries the link."""

    FIBRE = "fibre"
    COPPER = "copper"
    RADIO = "radio"
    LEASED = "leased"


class Link(Booked, table=True):
    """A line between two ends, `a` and `b`.

    Attributes:
        name: Label `link`; never changes.
        a_device_id: Device at the end nearer to the centre.
        a_interface: Its ifName, case kept; empty if it has none that can be asked.
        a_kind: One of `EndKind`.
        circuit: The carrier's channel number, as it is read out on the phone.
        bandwidth_bps: Contracted bit/s, 0 if unknown.
        monthly_cost_vnd: Whole đồng a month.
        sla_target: Contracted availability as a share, 0 to 1; `None` if none.
        length_m: Metres of line, 0 if unknown.
        a_baseline_rx_dbm: Received power at end a that a person accepted after commissioning or repair.
        a_baseline_at: When it was accepted.
    """

    __tablename__ = "link"
    KEY: ClassVar[str] = "name"
    NOUN: ClassVar[Text] = Text(vi="đường truyền", en="link")
    SEARCH: ClassVar[tuple[str, ...]] = ("title", "circuit", "a_interface", "b_interface")

    name: str = Field(unique=True, max_length=64)
    title: str = Field(default="", max_length=200)
    a_device_id: int = Field(foreign_key="device.id", index=True)
    a_interface: str = Field(default="", max_length=128)
    a_kind: str = Field(default=EndKind.SNMP.value, max_length=16)
    b_device_id: int = Field(foreign_key="device.id", index=True)
    b_interface: str = Field(default="", max_length=128)
    b_kind: str = Field(default=EndKind.SNMP.value, max_length=16)
    medium: str = Field(default=Medium.FIBRE.value, max_length=16)
    provider_id: int | None = Field(default=None, foreign_key="provider.id", index=True)
    circuit: str = Field(default="", max_length=64, index=True)
    bandwidth_bps: int = whole_field(default=0, ge=0)
    monthly_cost_vnd: int = whole_field(default=0, ge=0)
    sla_target: float | None = None
    contract_until: date | None = None
    length_m: int = Field(default=0, ge=0)
    a_baseline_rx_dbm: float | None = None
    a_baseline_at: datetime | None = moment_field(default=None)
    b_baseline_rx_dbm: float | None = None
    b_baseline_at: datetime | None = moment_field(default=None)
    note: str = Field(default="", max_length=2000)
    fictional: bool = False

    @classmethod
    def seen_from(cls, site_ids: Places) -> ColumnElement[bool]:
        """Return whether either end stands at one of these sites."""
        devices = select(column(Device, "id")).where(Device.seen_from(site_ids))
        return column(cls, "a_device_id").in_(devices) | column(cls, "b_device_id").in_(devices)


class LinkCreate(Entry):
    """A line; `a_device` and `b_device` are names, `provider` is a slug."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "name": "vnpt-tan-lap",
                    "title": "Cáp quang Bắc Quang – Tân Lập",
                    "a_device": "core",
                    "a_interface": "sfp3",
                    "b_device": "tan-lap-router",
                    "b_interface": "sfp1",
                    "provider": "vnpt-ha-giang",
                    "circuit": "HGG-BQG-0159",
                    "bandwidth_bps": 100000000,
                }
            ]
        }
    )

    name: Slug
    title: Line200 = ""
    a_device: Key
    a_interface: Line120 = ""
    a_kind: EndKind = EndKind.SNMP
    b_device: Key
    b_interface: Line120 = ""
    b_kind: EndKind = EndKind.SNMP
    medium: Medium = Medium.FIBRE
    provider: Key | None = None
    circuit: Line64 = ""
    bandwidth_bps: Whole = 0
    monthly_cost_vnd: Money = 0
    sla_target: Annotated[float, Bounds(gt=0, le=1)] | None = None
    contract_until: Day | None = None
    length_m: Annotated[Whole, Bounds(le=10_000_000)] = 0
    a_baseline_rx_dbm: Dbm | None = None
    a_baseline_at: Moment | None = None
    b_baseline_rx_dbm: Dbm | None = None
    b_baseline_at: Moment | None = None
    note: Note = ""
    fictional: bool = False


class LinkRead(LinkCreate, Record):
    """A link as it stands in the books."""


LinkChange = changes_of(LinkCreate, "LinkChange")


def _ends(row: Any) -> list[Shared]:  # noqa: ANN401 - a link, or some columns of one
    ends = ((row.a_device_id, row.a_interface), (row.b_device_id, row.b_interface))
    return [(device, interface) for device, interface in ends if device and interface]


def _with_ends(ends: Sequence[Shared]) -> ColumnElement[bool]:
    sides = (tuple_(column(Link, f"{side}_device_id"), column(Link, f"{side}_interface")) for side in ("a", "b"))
    return or_(*(side.in_(ends) for side in sides)) & Link.in_use()


ENDS: Final = Near(Link, _ends, _with_ends)
"""No two links in use share an interface of a device."""


def examine(draft: Draft) -> None:
    """Find what is wrong with a link: its ends, its carrier; date an accepted baseline."""
    a, b = draft.refers.get("a_device"), draft.refers.get("b_device")
    if a is not None and b is not None and a.id == b.id:
        draft.wrong("b_device", "same_ends", _SAME_ENDS, value=b.key)
    provider = draft.refers.get("provider")
    if provider is not None and draft.changed("provider") and not getattr(provider, "is_carrier", False):
        draft.wrong("provider", "no_carrier", _NO_CARRIER.fill(key=provider.key), value=provider.key)
    for end in ("a", "b"):
        _end_is_free(draft, end)
        power, moment = f"{end}_baseline_rx_dbm", f"{end}_baseline_at"
        if power in draft.columns and moment not in draft.sent:
            draft.columns[moment] = None if draft.columns[power] is None else now()


def parties(session: Session, row: Booked) -> set[int]:
    """Return the sites of both ends."""
    if not isinstance(row, Link):
        return set()
    devices = (session.get(Device, row.a_device_id), session.get(Device, row.b_device_id))
    return {device.site_id for device in devices if device is not None}


def _end_is_free(draft: Draft, end: str) -> None:
    device, interface = draft.refers.get(f"{end}_device"), draft.values.get(f"{end}_interface")
    if device is None or not interface:
        return
    other = next(iter(draft.sharing(ENDS, (device.id, interface))), None)
    if other is not None:
        draft.wrong(f"{end}_interface", "taken", _END_TAKEN.fill(key=other.name), value=interface)


_SAME_ENDS: Final = Text(vi="Hai đầu phải là hai thiết bị khác nhau.", en="The ends have to be two devices.")
_NO_CARRIER: Final = Text(vi="“{key}” không phải nhà mạng.", en="“{key}” is no carrier.")
_END_TAKEN: Final = Text(
    vi="Cổng này đã thuộc đường truyền “{key}”.", en="This interface belongs to the link “{key}” already."
)
