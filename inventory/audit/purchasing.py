"""Purchases: a planned asset becomes a booked one, with its own number, serial, cost and a document of receipt."""

from collections.abc import Mapping
from typing import Annotated, Any, Final

from pydantic import ConfigDict, ValidationError
from pydantic import Field as Bounds
from sqlalchemy import select
from sqlmodel import Session

from inventory import history
from inventory.access.rights import Act, Actor, check, visible
from inventory.assets import assets
from inventory.assets.assets import Asset, AssetChange, AssetCreate, AssetRead
from inventory.assets.booking import Desk, book
from inventory.assets.catalogue import Product
from inventory.assets.documents import Document, ItemEntry
from inventory.assets.lifecycle import ActKind, AssetStatus
from inventory.assets.rulebook import Rulebooks
from inventory.assets.wear_years import require_open
from inventory.audit.budget import BudgetLine
from inventory.books import Books
from inventory.columns import column, now
from inventory.db import writing
from inventory.errors import Conflict, FieldProblem, Invalid, NotFound
from inventory.fields import Day, Entry, Key, Line120, Money, Tag
from inventory.filling import Sitting, filled
from inventory.noun import Noun, Reference
from inventory.places.providers import Provider
from inventory.text import Text
from inventory.wording import problems_in

_WRITTEN: Final = ("tag", "serial", "name", "cost_vnd", "product", "supplier", "warranty_until", "room", "funding")

PURCHASED: Final = Noun(
    path="assets",
    table=Asset,
    read=AssetRead,
    create=AssetCreate,
    change=AssetChange,
    references={"product": Reference("product_id", Product), "supplier": Reference("supplier_id", Provider)},
    unique=("tag", "serial"),
    parties=assets.parties,
    examine=assets.examine,
)
"""Assets, as far as a purchase writes them; the same checks as everywhere."""


class PurchaseCreate(Entry):
    """What was bought in place of a planned asset; `product` and `supplier` are slugs.

    Attributes:
        tag: The number on its label from now on.
        cost_vnd: What it cost: invoice less discounts, with transport, installation and taxes.
        day: Day of the receipt.
        papers: Invoice or contract.
    """

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "tag": "BQ-000777",
                    "serial": "PF3X1B2C",
                    "cost_vnd": 14800000,
                    "day": "2027-03-20",
                    "papers": "HĐ 118",
                }
            ]
        }
    )

    tag: Tag
    serial: Line120 = ""
    name: Line120 = ""
    cost_vnd: Annotated[Money, Bounds(ge=1)]
    day: Day
    product: Key | None = None
    supplier: Key | None = None
    warranty_until: Day | None = None
    room: Line120 = ""
    funding: Line120 = ""
    papers: Line120 = ""


def purchase(  # noqa: PLR0917 - who, which, what, by which rules
    books: Books, actor: Actor, number: int, line: int, values: Mapping[str, Any] | PurchaseCreate, rulebooks: Rulebooks
) -> Asset:
    """Book what was bought for a line of an approved budget; told again with the same tag, only return it.

    The planned asset gets what is sent, and a document takes it into stock, in one transaction.

    Args:
        books: The books.
        actor: Who books; needs the right to write budgets.
        number: The budget.
        line: Number of the line.
        values: As sent, or as the model.
        rulebooks: By which the paper shows wear.

    Raises:
        Forbidden: The actor may not write budgets.
        NotFound: There is no such line, or the actor may not know of it.
        Invalid: Fields are wrong; all of them are named.
        Conflict: The line is no planned asset (any more), or the year's wear is closed.
    """
    check(actor, Act.WRITE, "budgets")
    sent = _read(values)
    with writing(books.engine) as session:
        history.alone(session)
        asset = _planned(session, actor, number, line)
        if asset.status != AssetStatus.PLANNED:
            if asset.tag == sent.tag:
                return asset
            raise Conflict(_BOUGHT.fill(tag=asset.tag), Text(vi="Không cần làm gì thêm.", en="There is nothing to do."))
        if sent.day > books.today():
            raise Invalid([FieldProblem("day", "future", _FUTURE, sent.day.isoformat())])
        require_open(session, sent.day)
        _fill(Sitting(books, session, actor, PURCHASED), asset, sent)
        _receive(Desk(books, session, actor, rulebooks), asset, sent)
        return asset


def _read(values: Mapping[str, Any] | PurchaseCreate) -> PurchaseCreate:
    try:
        return PurchaseCreate.model_validate(values)
    except ValidationError as error:
        raise Invalid(problems_in(error)) from None


def _planned(session: Session, actor: Actor, number: int, line: int) -> Asset:
    statement = (
        select(Asset)
        .join(BudgetLine, column(BudgetLine, "planned_id") == column(Asset, "id"))
        .where(
            column(BudgetLine, "plan_id") == number,
            column(BudgetLine, "number") == line,
            visible(actor, BudgetLine),
            visible(actor, Asset),
        )
    )
    asset: Asset | None = session.execute(statement).scalar_one_or_none()
    if asset is None:
        raise NotFound(LINE, f"{number}/{line}")
    if asset.retired_at is not None:
        raise Conflict(
            Text(vi="Tài sản dự kiến “{tag}” đã bỏ.", en="The planned asset “{tag}” was given up.").fill(tag=asset.tag),
            Text(vi="Khôi phục tài sản đó trước.", en="Restore it first."),
        )
    return asset


def _fill(sitting: Sitting, asset: Asset, sent: PurchaseCreate) -> None:
    """Write what was sent, checked as any change of an asset, with its history."""
    given = sent.model_dump(exclude_defaults=True)
    columns = filled(sitting, asset, {name: given[name] for name in _WRITTEN if name in given})
    before = history.masked(asset)
    for name, value in columns.items():
        setattr(asset, name, value)
    asset.version, asset.updated_at = asset.version + 1, now()
    history.record(
        sitting.session, sitting.books.keys, actor=sitting.actor, act="purchase", obj=asset, before=before,
        sites={asset.site_id},
    )  # fmt: skip


def _receive(desk: Desk, asset: Asset, sent: PurchaseCreate) -> None:
    """Take it into stock by a document: nothing else changes the state of an asset."""
    supplier = None if asset.supplier_id is None else desk.session.get(Provider, asset.supplier_id)
    document = Document(
        number="",
        kind=ActKind.RECEIVE.value,
        year=sent.day.year,
        sequence=1,
        day=sent.day,
        site_id=asset.site_id,
        to_site_id=asset.site_id,
        standing_site_id=asset.site_id,
        from_name="" if supplier is None else supplier.name[:120],
        papers=sent.papers,
        items=1,
        digest="",
    )
    book(desk, document, [asset], [{"status": AssetStatus.IN_STOCK.value}], [ItemEntry(asset=asset.tag)])


LINE: Final = Text(vi="dòng dự toán đã duyệt", en="line of an approved budget")
_BOUGHT: Final = Text(vi="Dòng này đã mua: tài sản “{tag}”.", en="This line was bought already: asset “{tag}”.")
_FUTURE: Final = Text(vi="Ngày nhận không thể ở tương lai.", en="The day of the receipt cannot be in the future.")
