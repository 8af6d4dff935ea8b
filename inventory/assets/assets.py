"""Assets: the things that the books answer for."""

from dataclasses import replace
from datetime import date
from typing import Annotated, Any, ClassVar, Final

from pydantic import AfterValidator, ConfigDict, ValidationError
from pydantic import Field as Bounds
from sqlalchemy import Index, text
from sqlalchemy.sql.elements import ColumnElement
from sqlmodel import Field, Session

from inventory.assets.catalogue import Product
from inventory.assets.categories import CATEGORIES, LifeClass, no_such_category
from inventory.assets.lifecycle import MOVES, STATUS_LABELS, ActKind, AssetStatus, refusal
from inventory.assets.placeholders import is_placeholder
from inventory.assets.wear_years import closed_through
from inventory.columns import SEARCH_LENGTH, Booked, Places, column, json_field, whole_field
from inventory.draft import Draft
from inventory.fields import (
    Day,
    Entry,
    Key,
    Line,
    Line120,
    Line200,
    Mac,
    Money,
    Name,
    Note,
    Record,
    Tag,
    changes_of,
    refuse,
)
from inventory.places.providers import Provider
from inventory.text import Text
from inventory.wording import problems_in

__all__ = [
    "STATUS_LABELS", "Asset", "AssetChange", "AssetCreate", "AssetRead", "AssetStatus", "examine", "parties",
]  # fmt: skip


WATCHED: Final = "asset.status = 'in_use' AND asset.retired_at IS NULL"
"""The assets that the network may miss, in the words of the index that holds them alone."""

_WATCHED: Final = text(WATCHED.replace("asset.", ""))


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
        document_id: The document that says who answers for it and where; `None` before the first one.
        corrected_from: First year in which the last correction of its cost or class counts, years before being closed.
    """

    __tablename__ = "asset"
    KEY: ClassVar[str] = "tag"
    NOUN: ClassVar[Text] = Text(vi="tài sản", en="asset")
    SEARCH: ClassVar[tuple[str, ...]] = ("serial", "name", "mac", "custodian", "room")
    ORDER: ClassVar[str] = "name"
    __table_args__ = (
        Index("ix_asset_search_text", "search_text", "retired_at"),
        # All that the sums of wear read of an asset, by the groups in which they are shown.
        Index("ix_asset_worth", "site_id", "category", "status", "put_to_use", "cost_vnd", "retired_at", "updated_at"),
        # By MAC, as the findings are, so that whom the network misses is found in one way through both.
        Index(
            "ix_asset_watched", "mac", "serial", "category", "site_id", "created_at",
            sqlite_where=_WATCHED, postgresql_where=_WATCHED,
        ),
    )  # fmt: skip

    # A search of a hundred thousand reads this index alone, not the wide rows.
    search_text: str = Field(default="", max_length=SEARCH_LENGTH, repr=False)
    tag: str = Field(unique=True, max_length=64)
    serial: str | None = Field(default=None, max_length=120, unique=True)
    name: str = Field(max_length=200, index=True)
    category: str = Field(max_length=32, index=True)
    product_id: int | None = Field(default=None, foreign_key="product.id", index=True)
    site_id: int = Field(foreign_key="site.id", index=True)
    room: str = Field(default="", max_length=120)
    custodian: str = Field(default="", max_length=200)
    status: str = Field(default=AssetStatus.IN_STOCK.value, max_length=16, index=True)
    put_to_use: date | None = Field(default=None, index=True)
    cost_vnd: int = whole_field(default=0, ge=0, index=True)
    funding: str = Field(default="", max_length=120)
    supplier_id: int | None = Field(default=None, foreign_key="provider.id", index=True)
    warranty_until: date | None = Field(default=None, index=True)
    attributes: dict[str, Any] = json_field(default_factory=dict)
    mac: str = Field(default="", max_length=17, index=True)
    document_id: int | None = Field(default=None, foreign_key="document.id", index=True)
    corrected_from: int | None = Field(default=None, index=True)
    note: str = Field(default="", max_length=2000)
    fictional: bool = False

    @classmethod
    def seen_from(cls, site_ids: Places) -> ColumnElement[bool]:
        """Return whether the asset stands at one of these sites now."""
        return column(cls, "site_id").in_(site_ids)


def _serial(value: str) -> str:
    if is_placeholder(value):
        refuse(
            "placeholder",
            "“{value}” không phải số máy thật, chỉ là chữ nhà sản xuất để sẵn. Để trống, hoặc đọc số trên nhãn máy.",
            "“{value}” is no serial number but what makers leave there. Leave it empty, or read it from the label.",
            value=value.strip()[:60],
        )
    return value


class AssetCreate(Entry):
    """A thing; `site`, `product` and `supplier` are slugs."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "tag": "BQ-000123",
                    "serial": "HEX20A1B2C3",
                    "name": "Bộ định tuyến UBND xã Tân Lập",
                    "category": "router",
                    "site": "tan-lap",
                    "status": "in_use",
                    "put_to_use": "2018-03-15",
                    "cost_vnd": 6500000,
                }
            ]
        }
    )

    tag: Tag
    serial: Annotated[Line120, AfterValidator(_serial)] | None = None
    name: Name
    category: Line
    product: Key | None = None
    site: Key
    room: Line120 = ""
    custodian: Line200 = ""
    status: AssetStatus = AssetStatus.IN_STOCK
    put_to_use: Day | None = None
    cost_vnd: Money = 0
    funding: Line120 = ""
    supplier: Key | None = None
    warranty_until: Day | None = None
    attributes: Annotated[dict[str, Any], Bounds(max_length=40)] = Bounds(default_factory=dict)
    mac: Mac = ""
    note: Note = ""
    fictional: bool = False


class AssetRead(AssetCreate, Record):
    """An asset as it stands in the books; `document` is the number of the last act that stands."""

    document: str | None = None


AssetChange = changes_of(AssetCreate, "AssetChange")


def examine(draft: Draft) -> None:
    """Find what is wrong with an asset beyond its single fields."""
    values = draft.values
    if values.get("status") != AssetStatus.PLANNED:
        draft.not_after_today("put_to_use")
    draft.in_order("put_to_use", "warranty_until")
    _attributes_fit(draft)
    _moved_by_documents_only(draft)
    _closed_years_stand(draft)
    product = draft.refers.get("product")
    fits = not isinstance(product, Product) or product.category == values.get("category")
    if isinstance(product, Product) and not fits and draft.changed("product", "category"):
        text = Text(vi="Mẫu “{key}” thuộc loại “{code}”.", en="The product “{key}” is of the category “{code}”.")
        draft.wrong("product", "other_category", text.fill(key=product.key, code=product.category))
    supplier = draft.refers.get("supplier")
    if isinstance(supplier, Provider) and draft.changed("supplier") and not supplier.is_supplier:
        text = Text(vi="“{key}” không phải nhà cung cấp hàng hóa.", en="“{key}” is no supplier.")
        draft.wrong("supplier", "no_supplier", text.fill(key=supplier.key))


def parties(_session: Session, row: Booked) -> set[int]:
    """Return the site where the asset stands."""
    return {row.site_id} if isinstance(row, Asset) else set()


def _attributes_fit(draft: Draft) -> None:
    code, attributes = draft.values.get("category"), draft.values.get("attributes")
    if code is None or not draft.changed("category", "attributes"):
        return
    category = CATEGORIES.get(code)
    if category is None:
        draft.wrong("category", "no_such", no_such_category(code), value=code)
        return
    if attributes is None:
        return
    try:
        checked = category.attributes.model_validate(attributes)
    except ValidationError as error:
        draft.problems += [replace(one, field=f"attributes.{one.field}") for one in problems_in(error)]
    else:
        draft.columns["attributes"] = checked.model_dump(mode="json", exclude_unset=True)


def _moved_by_documents_only(draft: Draft) -> None:
    """Refuse to type what only an act with its document changes; before its first document, holder and site are free.

    What was loaded from paper books may be corrected until somebody signed for it.
    """
    row, values = draft.row, draft.values
    if not isinstance(row, Asset):
        return
    status = values.get("status")
    if status is not None and status != row.status:
        draft.wrong("status", "by_document", refusal(AssetStatus(row.status), status), value=status)
    if row.document_id is None:
        return
    for name, kind in (("site", ActKind.TRANSFER), ("custodian", ActKind.HAND_OVER)):
        stored = row.custodian if name == "custodian" else row.site_id
        reached = draft.refers.get("site")
        new = values.get("custodian") if name == "custodian" else getattr(reached, "id", row.site_id)
        if name in draft.sent and new is not None and new != stored:
            draft.wrong(name, "by_document", _BY_DOCUMENT.fill(act=MOVES[kind].label), value=values.get(name))


def _closed_years_stand(draft: Draft) -> None:
    """Refuse what would make closed years of wear say something that was not so: the first use, and the place.

    A corrected cost or category counts from the year after the last closed one; it changes nothing before.
    """
    row, values = draft.row, draft.values
    if not isinstance(row, Asset) or draft.sent.isdisjoint({"put_to_use", "site", "cost_vnd", "category"}):
        return
    closed = closed_through(draft.session, row.id or 0)
    if closed is None:
        return
    if values.get("cost_vnd") != row.cost_vnd or _life(values.get("category")) != _life(row.category):
        draft.columns["corrected_from"] = closed + 1
    used = values.get("put_to_use", row.put_to_use)
    if used != row.put_to_use and any(day is not None and day.year <= closed for day in (used, row.put_to_use)):
        draft.wrong("put_to_use", "closed", _CLOSED_USE.fill(year=closed), value=used)
    site = draft.refers.get("site")
    if "site" in draft.sent and site is not None and site.id != row.site_id and not draft.is_wrong("site"):
        draft.wrong("site", "closed", _CLOSED_SITE.fill(year=closed, act=MOVES[ActKind.TRANSFER].label))


def _life(category: str | None) -> LifeClass | None:
    known = CATEGORIES.get(category or "")
    return None if known is None else known.life


_CLOSED_USE: Final = Text(
    vi="Hao mòn của tài sản này đã khóa sổ đến hết năm {year}, không đổi ngày sử dụng của các năm đó được.",
    en="The wear of this asset is closed through {year}; the first use in those years stands.",
)
_CLOSED_SITE: Final = Text(
    vi="Hao mòn của tài sản này đã khóa sổ đến hết năm {year} ở đơn vị đang ghi; lập “{act}” để chuyển đi.",
    en="The wear of this asset is closed through {year} at the site that is booked; make a “{act}”.",
)
_BY_DOCUMENT: Final = Text(
    vi="Tài sản này đã có chứng từ, nên mục này chỉ đổi bằng chứng từ: lập “{act}”.",
    en="There are documents about this asset, so this changes by a document only: make a “{act}”.",
)
