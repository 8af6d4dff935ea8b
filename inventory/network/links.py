"""Links: the lines between two ends, most of them fibre."""

from collections.abc import Collection
from datetime import date, datetime
from enum import StrEnum
from typing import ClassVar

from sqlalchemy import select
from sqlalchemy.sql.elements import ColumnElement
from sqlmodel import Field

from inventory.columns import Booked, column, moment_field
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
    bandwidth_bps: int = Field(default=0, ge=0)
    monthly_cost_vnd: int = Field(default=0, ge=0)
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
    def seen_from(cls, site_ids: Collection[int]) -> ColumnElement[bool]:
        """Return whether either end stands at one of these sites."""
        devices = select(column(Device, "id")).where(Device.seen_from(site_ids))
        return column(cls, "a_device_id").in_(devices) | column(cls, "b_device_id").in_(devices)
