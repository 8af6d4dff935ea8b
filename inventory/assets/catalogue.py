"""Products: what a thing is, before it is a thing of ours."""

from datetime import date
from typing import ClassVar

from sqlmodel import Field, UniqueConstraint

from inventory.columns import Booked
from inventory.text import Text


class Product(Booked, table=True):
    """A manufacturer's model.

    Attributes:
        category: A key of `inventory.assets.categories.CATEGORIES`.
        sys_object_ids: `sysObjectID` values that identify it, comma-separated, numeric without a leading dot.
        platform: How to talk to it (`routeros`, `ios`, `junos`, `vrp`, `frr`, ...); empty if unknown.
        list_price_vnd: Price of a new one in whole đồng, 0 if unknown.
        end_of_support: Last day of the manufacturer's support; `None` if unknown.
    """

    __tablename__ = "product"
    __table_args__ = (UniqueConstraint("manufacturer", "model", name="uq_product_manufacturer_model"),)
    KEY: ClassVar[str] = "slug"
    NOUN: ClassVar[Text] = Text(vi="mẫu thiết bị", en="product")
    SEARCH: ClassVar[tuple[str, ...]] = ("manufacturer", "model")

    slug: str = Field(unique=True, max_length=64)
    manufacturer: str = Field(max_length=120, index=True)
    model: str = Field(max_length=120, index=True)
    category: str = Field(max_length=32, index=True)
    platform: str = Field(default="", max_length=32)
    sys_object_ids: str = Field(default="", max_length=400)
    list_price_vnd: int = Field(default=0, ge=0)
    end_of_support: date | None = None
    note: str = Field(default="", max_length=2000)
