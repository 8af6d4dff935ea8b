"""Devices: places on the network, each held by an asset for a time."""

from collections.abc import Collection
from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import select
from sqlalchemy.sql.elements import ColumnElement
from sqlmodel import Field

from inventory.columns import Booked, column, json_field, moment_field
from inventory.text import Text


class Device(Booked, table=True):
    """A place on the network with a stable name.

    Swapping the broken router changes the asset that holds the place, never the name and so never the series.

    Attributes:
        name: Label `instance` of every series; never changes.
        category: A key of `inventory.assets.categories.CATEGORIES`; decides the default probes.
        role: What it does here (`core`, `access`, `office`, ...), for people.
        platform: How to talk to it; empty if unknown.
        address: IPv4 or IPv6 literal; `None` for a place without one.
        ports: Port by protocol where it is not the usual one (`{"snmp": 1161}`).
        snmp_credential_id: Credential for SNMP; `None` = no SNMP probes.
        ssh_credential_id: Credential for SSH.
        probes: Per-probe overrides: `{"icmp": {"interval_s": 1}, "snmp_optics": {"enabled": false}}`.
        optical_overrides: Operator's limits in dBm by ifName: `{"sfp1": {"rx_warn_low": -24.0}}`.
        is_root: Whether it is its scope's gateway, from which reachability is counted.
        is_anchor: Whether the scope watches it to know whether its own way out works.
    """

    __tablename__ = "device"
    KEY: ClassVar[str] = "name"
    NOUN: ClassVar[Text] = Text(vi="thiết bị mạng", en="device")
    SEARCH: ClassVar[tuple[str, ...]] = ("title", "address", "role")

    name: str = Field(unique=True, max_length=64)
    title: str = Field(default="", max_length=200)
    site_id: int = Field(foreign_key="site.id", index=True)
    category: str = Field(max_length=32, index=True)
    role: str = Field(default="", max_length=32)
    platform: str = Field(default="", max_length=32)
    address: str | None = Field(default=None, max_length=45, index=True)
    ports: dict[str, int] = json_field(default_factory=dict)
    snmp_credential_id: int | None = Field(default=None, foreign_key="credential.id")
    ssh_credential_id: int | None = Field(default=None, foreign_key="credential.id")
    probes: dict[str, dict[str, Any]] = json_field(default_factory=dict)
    optical_overrides: dict[str, dict[str, float]] = json_field(default_factory=dict)
    is_root: bool = False
    is_anchor: bool = False
    note: str = Field(default="", max_length=2000)
    fictional: bool = False

    @classmethod
    def seen_from(cls, site_ids: Collection[int]) -> ColumnElement[bool]:
        """Return whether the device stands at one of these sites."""
        return column(cls, "site_id").in_(site_ids)


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
    def seen_from(cls, site_ids: Collection[int]) -> ColumnElement[bool]:
        """Return whether the device stands at one of these sites."""
        return column(cls, "device_id").in_(select(column(Device, "id")).where(Device.seen_from(site_ids)))

    @classmethod
    def in_use(cls) -> ColumnElement[bool]:
        """Return whether the asset stands there still."""
        return column(cls, "retired_at").is_(None) & column(cls, "held_to").is_(None)
