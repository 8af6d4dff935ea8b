"""Products: what a thing is, before it is a thing of ours."""

import re
from collections.abc import Sequence
from datetime import date
from typing import Annotated, Any, ClassVar, Final

from pydantic import AfterValidator, ConfigDict
from pydantic import Field as Bounds
from sqlalchemy import tuple_
from sqlalchemy.sql.elements import ColumnElement
from sqlmodel import Field, UniqueConstraint

from inventory.assets.categories import CATEGORIES, no_such_category
from inventory.columns import Booked, column, whole_field
from inventory.draft import Draft
from inventory.fields import Day, Entry, Line, Line120, Money, Note, Record, Slug, changes_of, refuse
from inventory.near import Key as Shared
from inventory.near import Near
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
    list_price_vnd: int = whole_field(default=0, ge=0)
    end_of_support: date | None = None
    note: str = Field(default="", max_length=2000)


def _object_ids(value: str) -> str:
    ids = [one.strip().removeprefix(".") for one in value.split(",") if one.strip()]
    if not all(re.fullmatch(r"\d+(?:\.\d+){2,}", one) for one in ids):
        refuse("oid", "Cần mã OID viết bằng số, cách nhau dấu phẩy.", "Numeric OIDs, separated by commas, are needed.")
    return ",".join(ids)


class ProductCreate(Entry):
    """A manufacturer's model."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"slug": "mikrotik-rb4011", "manufacturer": "MikroTik", "model": "RB4011iGS+", "category": "router"}
            ]
        }
    )

    slug: Slug
    manufacturer: Annotated[Line120, Bounds(min_length=1)]
    model: Annotated[Line120, Bounds(min_length=1)]
    category: Line
    platform: Annotated[str, Bounds(pattern=r"^[a-z0-9_-]{0,32}$")] = ""
    sys_object_ids: Annotated[str, AfterValidator(_object_ids), Bounds(max_length=400)] = ""
    list_price_vnd: Money = 0
    end_of_support: Day | None = None
    note: Note = ""


class ProductRead(ProductCreate, Record):
    """A product as it stands in the books."""


ProductChange = changes_of(ProductCreate, "ProductChange")


def _models(row: Any) -> list[Shared]:  # noqa: ANN401 - a product, or some columns of one
    return [(row.manufacturer, row.model)] if row.manufacturer and row.model else []


def _with_models(models: Sequence[Shared]) -> ColumnElement[bool]:
    return tuple_(column(Product, "manufacturer"), column(Product, "model")).in_(models)


MODELS: Final = Near(Product, _models, _with_models)
"""A maker's model stands in the catalogue once, in use or retired."""


def examine(draft: Draft) -> None:
    """Find what is wrong with a product: an unknown category, or the same model twice."""
    category = draft.values.get("category")
    if category is not None and category not in CATEGORIES:
        draft.wrong("category", "no_such", no_such_category(category), value=category)
    maker, model = draft.values.get("manufacturer"), draft.values.get("model")
    if not draft.changed("manufacturer", "model") or maker is None or model is None:
        return
    other = next(iter(draft.sharing(MODELS, (maker, model))), None)
    if other is not None:
        text = Text(vi="Mẫu này đã có: “{key}”.", en="This model is in the books already: “{key}”.")
        draft.wrong("model", "taken", text.fill(key=other.slug), value=model)
