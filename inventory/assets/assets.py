"""Assets: the things that the books answer for."""

from collections.abc import Collection
from datetime import date
from enum import StrEnum
from typing import Any, ClassVar

from sqlalchemy.sql.elements import ColumnElement
from sqlmodel import Field

from inventory.columns import Booked, column, json_field
from inventory.text import Text


class AssetStatus(StrEnum):
    """Where an asset is in its life."""

    PLANNED = "planned"
    IN_STOCK = "in_stock"
    IN_USE = "in_use"
    REPAIR = "repair"
    RETIRED = "retired"
    DISPOSED = "disposed"


class Asset(Booked, table=True):
    """A booked thing.

    Attributes:
        tag: The number on its label.
        serial: The maker's serial number; empty if it has none. Unique among serials that are not empty.
        category: A key of `inventory.assets.categories.CATEGORIES`.
        attributes: Validated against the category's attribute model.
        status: One of `AssetStatus`; changed by acts, each with its history.
        custodian: Who answers for it: name and title.
        put_to_use: First day in use; never in the future for an asset in use.
        cost_vnd: Original cost in whole đồng, not negative.
        funding: Source of the money.
        supplier_id: The provider who sold it.
        warranty_until: Last day of the warranty.
    """

    __tablename__ = "asset"
    KEY: ClassVar[str] = "tag"
    NOUN: ClassVar[Text] = Text(vi="tài sản", en="asset")
    SEARCH: ClassVar[tuple[str, ...]] = ("serial", "name", "mac", "custodian", "room")
    ORDER: ClassVar[str] = "name"

    tag: str = Field(unique=True, max_length=64)
    serial: str | None = Field(default=None, max_length=120, unique=True)
    name: str = Field(max_length=200, index=True)
    category: str = Field(max_length=32, index=True)
    product_id: int | None = Field(default=None, foreign_key="product.id", index=True)
    site_id: int = Field(foreign_key="site.id", index=True)
    room: str = Field(default="", max_length=120)
    custodian: str = Field(default="", max_length=200)
    status: str = Field(default=AssetStatus.IN_STOCK.value, max_length=16, index=True)
    put_to_use: date | None = None
    cost_vnd: int = Field(default=0, ge=0)
    funding: str = Field(default="", max_length=120)
    supplier_id: int | None = Field(default=None, foreign_key="provider.id", index=True)
    warranty_until: date | None = None
    attributes: dict[str, Any] = json_field(default_factory=dict)
    mac: str = Field(default="", max_length=17, index=True)
    note: str = Field(default="", max_length=2000)
    fictional: bool = False

    @classmethod
    def seen_from(cls, site_ids: Collection[int]) -> ColumnElement[bool]:
        """Return whether the asset stands at one of these sites now."""
        return column(cls, "site_id").in_(site_ids)
