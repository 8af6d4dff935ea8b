"""What the books know of a thing beyond its own row and what its wear depends on: one line for each document."""

from collections.abc import Iterable, Mapping
from datetime import date
from enum import StrEnum
from typing import Annotated, ClassVar, Final, Protocol, TypeVar

from pydantic import ConfigDict
from pydantic import Field as Bounds
from sqlalchemy import BigInteger
from sqlalchemy.sql.elements import ColumnElement
from sqlmodel import Field

from inventory.columns import Booked, column
from inventory.fields import Day, Entry, Key, Line120, Note, Record, Whole
from inventory.text import Text


class WearFactKind(StrEnum):
    """What a line says.

    SECOND_HAND: others used it for `years` whole years before. SURPLUS: an inventory found it off the books that day.
    BROKEN: it broke beyond use. LEFT: it was disposed of, lost or given away. COST: a part added or taken away.
    OPENING: its accumulated wear at that year's end, from the paper books, and for how many years it was used by then.
    """

    SECOND_HAND = "second_hand"
    SURPLUS = "surplus"
    BROKEN = "broken"
    LEFT = "left"
    COST = "cost"
    OPENING = "opening"


FACT_LABELS: Final[Mapping[WearFactKind, Text]] = {
    WearFactKind.SECOND_HAND: Text(vi="đã qua sử dụng", en="second-hand"),
    WearFactKind.SURPLUS: Text(vi="phát hiện thừa khi kiểm kê", en="surplus found by an inventory"),
    WearFactKind.BROKEN: Text(vi="hỏng không sử dụng được", en="broken beyond use"),
    WearFactKind.LEFT: Text(vi="giảm khỏi sổ", en="left the books"),
    WearFactKind.COST: Text(vi="thay đổi nguyên giá", en="change of cost"),
    WearFactKind.OPENING: Text(vi="số dư đầu kỳ", en="opening balance"),
}


class WearFact(Booked, table=True):
    """One fact about one asset.

    Attributes:
        asset_id: The asset.
        kind: One of `WearFactKind`; of each but COST an asset has at most one in use.
        day: Day of the document; for OPENING a 31 December.
        amount_vnd: COST: what it adds, negative for a part taken away. OPENING: accumulated wear.
        worn_vnd: COST: accumulated wear that leaves with a part; `None` = in proportion to its cost.
        years: SECOND_HAND: whole years used before. OPENING: years used by then; `None` = counted from the first use.
        document: Number of the document.
    """

    __tablename__ = "wear_fact"
    KEY: ClassVar[str] = "id"
    NOUN: ClassVar[Text] = Text(vi="căn cứ tính hao mòn", en="wear fact")
    SEARCH: ClassVar[tuple[str, ...]] = ("document",)
    ORDER: ClassVar[str] = "document"

    asset_id: int = Field(foreign_key="asset.id", index=True)
    kind: str = Field(max_length=16)
    day: date
    amount_vnd: int = Field(default=0, sa_type=BigInteger)
    worn_vnd: int | None = Field(default=None, sa_type=BigInteger)
    years: int | None = None
    document: str = Field(default="", max_length=120)
    note: str = Field(default="", max_length=2000)

    @classmethod
    def in_use(cls) -> ColumnElement[bool]:
        """Return false for all: a fact never keeps its asset from being retired."""
        return column(cls, "id") < 0


SignedVnd = Annotated[int, Bounds(ge=-1_000_000_000_000, le=1_000_000_000_000)]


class WearFactCreate(Entry):
    """A fact; `asset` is a tag."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"asset": "BQ-000123", "kind": "cost", "day": "2026-05-20", "amount_vnd": 3200000}]
        }
    )

    asset: Key
    kind: WearFactKind
    day: Day
    amount_vnd: SignedVnd = 0
    worn_vnd: Whole | None = None
    years: Annotated[Whole, Bounds(le=200)] | None = None
    document: Line120 = ""
    note: Note = ""


class WearFactRead(WearFactCreate, Record):
    """A fact as it stands in the books."""


class Fact(Protocol):
    """A fact, or as much of one as wear depends on."""

    @property
    def kind(self) -> str:
        """Return one of `WearFactKind`."""

    @property
    def day(self) -> date:
        """Return the day of its document."""

    @property
    def amount_vnd(self) -> int:
        """Return its sum."""

    @property
    def worn_vnd(self) -> int | None:
        """Return the accumulated wear that leaves with a part."""

    @property
    def years(self) -> int | None:
        """Return the years used."""


F = TypeVar("F", bound=Fact)


def of_kind(facts: Iterable[F], kind: WearFactKind) -> F | None:
    """Return the one fact of a kind; `None` if there is none."""
    return next((fact for fact in facts if fact.kind == kind), None)
