"""Documents of custody: who gave what to whom, when and why. None is ever deleted; a wrong one is reversed."""

from collections.abc import Iterable
from datetime import date
from hashlib import sha256
from typing import Annotated, Any, ClassVar, Final

from pydantic import ConfigDict
from pydantic import Field as Bounds
from sqlalchemy import BigInteger, false, func, select
from sqlalchemy.sql.elements import ColumnElement
from sqlmodel import Field, Session, SQLModel, UniqueConstraint

from inventory.assets.lifecycle import MOVES, ActKind
from inventory.columns import Booked, Places, column, json_field
from inventory.fields import Day, Entry, Key, Line64, Line120, Line200, Money, Note, Record, Tag, Whole
from inventory.history import canonical
from inventory.text import Text

MOST_ITEMS: Final = 500
MOST_ACCESSORIES: Final = 50


class Document(Booked, table=True):
    """One act with its paper.

    Attributes:
        number: `BG-2026-0001`: kind, year and sequence; what people say and print.
        kind: One of `ActKind`.
        year: Year of the day.
        sequence: Counts the documents of a kind in a year from 1, without a gap.
        day: Day of the act.
        site_id: Site of the party that gives.
        to_site_id: Site of the party that receives; the same one unless the assets went elsewhere.
        standing_site_id: Site that answers for what this document still governs; a reorganisation moves it.
        from_name: Who gives; a name.
        from_title: Title of who gives.
        to_name: Who receives.
        to_title: Title of who receives.
        reason: Why.
        papers: What paper goes with the assets.
        accessories: Things handed over beside the assets: name, unit, quantity, value.
        broken: Whether what is retired is broken beyond use.
        reverses_id: The document that this one undoes.
        reversed_by_id: The document that undid this one.
        items: How many assets.
        cost_vnd: Their original cost.
        worn_vnd: Their accumulated wear as of the last December before the day.
        digest: SHA-256 over the items, so that a later edit of one is seen.
    """

    __tablename__ = "document"
    __table_args__ = (UniqueConstraint("kind", "year", "sequence", name="uq_document_kind_year_sequence"),)
    KEY: ClassVar[str] = "number"
    NOUN: ClassVar[Text] = Text(vi="chứng từ", en="document")
    SEARCH: ClassVar[tuple[str, ...]] = ("from_name", "to_name", "reason")

    number: str = Field(unique=True, max_length=32)
    kind: str = Field(max_length=16, index=True)
    year: int = Field(index=True)
    sequence: int = Field(ge=1)
    day: date = Field(index=True)
    site_id: int = Field(foreign_key="site.id", index=True)
    to_site_id: int = Field(foreign_key="site.id", index=True)
    standing_site_id: int = Field(foreign_key="site.id", index=True)
    from_name: str = Field(default="", max_length=120)
    from_title: str = Field(default="", max_length=120)
    to_name: str = Field(default="", max_length=120)
    to_title: str = Field(default="", max_length=120)
    reason: str = Field(default="", max_length=2000)
    papers: str = Field(default="", max_length=200)
    accessories: list[dict[str, Any]] = json_field(default_factory=list)
    broken: bool = Field(default=False, sa_column_kwargs={"server_default": false()})
    reverses_id: int | None = Field(default=None, foreign_key="document.id", unique=True)
    reversed_by_id: int | None = Field(default=None, foreign_key="document.id", unique=True)
    items: int
    cost_vnd: int = Field(default=0, sa_type=BigInteger)
    worn_vnd: int = Field(default=0, sa_type=BigInteger)
    digest: str = Field(max_length=64)

    @classmethod
    def seen_from(cls, site_ids: Places) -> ColumnElement[bool]:
        """Return whether one of these sites was party to the act."""
        parties = select(column(DocumentSite, "document_id")).where(column(DocumentSite, "site_id").in_(site_ids))
        return column(cls, "id").in_(parties)

    @classmethod
    def in_use(cls) -> ColumnElement[bool]:
        """Return false for all: a paper never keeps what it names from being retired."""
        return column(cls, "id") < 0


class DocumentSite(SQLModel, table=True):
    """A site that was party to a document, as of the act, for the rights."""

    __tablename__ = "document_site"

    document_id: int = Field(primary_key=True, foreign_key="document.id")
    site_id: int = Field(primary_key=True, foreign_key="site.id", index=True)


class DocumentItem(SQLModel, table=True):
    """One asset on a document, as it was that day; never changed afterwards.

    Attributes:
        line: Counts from 1.
        specification: Maker and model.
        origin: Country and year of make.
        capacity: Capacity or power.
        used_since: Year put to use.
        cost_vnd: Original cost.
        worn_vnd: Accumulated wear as of the last December before the day.
        papers: What paper goes with this asset.
        before: What the act changed of the asset, before: status, site, custodian, room, first day, document.
        after: The same after it.
    """

    __tablename__ = "document_item"
    __table_args__ = (UniqueConstraint("document_id", "asset_id", name="uq_document_item_document_asset"),)

    id: int | None = Field(default=None, primary_key=True)
    document_id: int = Field(foreign_key="document.id")
    line: int = Field(ge=1)
    asset_id: int = Field(foreign_key="asset.id", index=True)
    tag: str = Field(max_length=64)
    name: str = Field(max_length=200)
    serial: str = Field(default="", max_length=120)
    category: str = Field(max_length=32)
    specification: str = Field(default="", max_length=200)
    origin: str = Field(default="", max_length=64)
    capacity: str = Field(default="", max_length=64)
    used_since: int | None = None
    cost_vnd: int = Field(default=0, sa_type=BigInteger)
    worn_vnd: int = Field(default=0, sa_type=BigInteger)
    papers: str = Field(default="", max_length=200)
    before: dict[str, Any] = json_field(default_factory=dict)
    after: dict[str, Any] = json_field(default_factory=dict)

    @property
    def residual_vnd(self) -> int:
        """Return cost less accumulated wear."""
        return self.cost_vnd - self.worn_vnd


class ItemEntry(Entry):
    """One asset of an act; `asset` is a tag. What the printed form wants beside the books is typed here."""

    asset: Tag
    origin: Line64 = ""
    capacity: Line64 = ""
    papers: Line200 = ""


class AccessoryEntry(Entry):
    """Something handed over beside the assets."""

    name: Annotated[Line200, Bounds(min_length=1)]
    unit: Line64 = ""
    quantity: Annotated[Whole, Bounds(ge=1, le=100_000)] = 1
    value_vnd: Money = 0


class DocumentCreate(Entry):
    """An act: what is done with which assets.

    `to_site` only for a transfer, `to_name` where somebody takes over, `broken` only where assets are retired.
    """

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "kind": "hand_over",
                    "day": "2026-03-02",
                    "items": [{"asset": "BQ-000123"}],
                    "to_name": "Lý Văn Páo",
                    "to_title": "Văn phòng UBND",
                    "reason": "Phân công lại công việc",
                }
            ]
        }
    )

    kind: ActKind
    day: Day
    items: Annotated[list[ItemEntry], Bounds(min_length=1, max_length=MOST_ITEMS)]
    from_name: Line120 = ""
    from_title: Line120 = ""
    to_name: Line120 = ""
    to_title: Line120 = ""
    to_site: Key | None = None
    room: Line120 = ""
    reason: Note = ""
    papers: Line200 = ""
    accessories: Annotated[list[AccessoryEntry], Bounds(max_length=MOST_ACCESSORIES)] = Bounds(default_factory=list)
    broken: bool = False


class ReversalCreate(Entry):
    """Why a document is undone, and when."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"day": "2026-03-03", "reason": "Ghi nhầm người nhận"}]})

    day: Day
    reason: Annotated[Note, Bounds(min_length=1)]


class DocumentRead(Record):
    """A document as it stands in the books."""

    number: str
    kind: ActKind
    day: date
    site: str
    to_site: str
    standing_site: str
    from_name: str
    from_title: str
    to_name: str
    to_title: str
    reason: str
    papers: str
    accessories: list[dict[str, Any]]
    broken: bool
    reverses: str | None
    reversed_by: str | None
    items: int
    cost_vnd: int
    worn_vnd: int


def parties(session: Session, row: Booked) -> set[int]:
    """Return the sites that were party to the act."""
    mine = column(DocumentSite, "document_id") == row.id
    return set(session.execute(select(column(DocumentSite, "site_id")).where(mine)).scalars())


def next_sequence(session: Session, kind: ActKind, year: int) -> int:
    """Return the next number of a kind in a year; right only in a transaction that alone writes the books."""
    mine = (column(Document, "kind") == kind.value) & (column(Document, "year") == year)
    last = session.execute(select(func.max(column(Document, "sequence"))).where(mine)).scalar()
    return (last or 0) + 1


def number_of(kind: ActKind, year: int, sequence: int) -> str:
    """Return the number as people say it."""
    return f"{MOVES[kind].prefix}-{year}-{sequence:04d}"


def items_of(session: Session, document_id: int) -> list[DocumentItem]:
    """Return the assets of a document, by line."""
    mine = column(DocumentItem, "document_id") == document_id
    return list(session.execute(select(DocumentItem).where(mine).order_by(column(DocumentItem, "line"))).scalars())


def digest_of(items: Iterable[DocumentItem]) -> str:
    """Return the SHA-256 of the items of one document, by line; hexadecimal."""
    found = sha256()
    for item in items:
        found.update(canonical(item.model_dump(exclude={"id", "document_id"})) + b"\n")
    return found.hexdigest()


def changed_documents(session: Session) -> list[str]:
    """Return the numbers of the documents whose items are not as they were written; nothing if all is well."""
    columns = (column(Document, name) for name in ("id", "number", "digest"))
    rows = session.execute(select(*columns).order_by(column(Document, "id"))).all()
    return [number for own, number, digest in rows if digest_of(items_of(session, own)) != digest]
