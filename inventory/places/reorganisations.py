"""Reorganisations, as rows: which units went into which, and everything that moved, so that it can be moved back."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from typing import Annotated, Any, ClassVar, Final

from pydantic import ConfigDict
from pydantic import Field as Bounds
from sqlalchemy import select
from sqlalchemy.sql.elements import ColumnElement
from sqlmodel import Field, Session, SQLModel

from inventory.columns import Booked, column, json_field
from inventory.fields import Day, Entry, Key, Line300, Note, Record
from inventory.history import canonical
from inventory.text import Text

MOST_PAIRS: Final = 500


class Reorganisation(Booked, table=True):
    """Units that went into others, in one act.

    Attributes:
        number: `SN-2025-0001`.
        day: First day of the new order; the old units end the day before.
        decree: By whose decision.
        pairs: `[{"old": slug, "new": slug}]`.
        counts: How many rows moved, by table.
        reversed_on: Day on which all was moved back; `None` while it stands.
        digest: SHA-256 over the moves.
    """

    __tablename__ = "reorganisation"
    KEY: ClassVar[str] = "number"
    NOUN: ClassVar[Text] = Text(vi="đợt sáp nhập", en="reorganisation")
    SEARCH: ClassVar[tuple[str, ...]] = ("decree",)

    number: str = Field(unique=True, max_length=32)
    year: int
    sequence: int
    day: date
    decree: str = Field(max_length=300)
    note: str = Field(default="", max_length=2000)
    pairs: list[dict[str, str]] = json_field(default_factory=list)
    counts: dict[str, int] = json_field(default_factory=dict)
    reversed_on: date | None = None
    digest: str = Field(max_length=64)

    @classmethod
    def in_use(cls) -> ColumnElement[bool]:
        """Return false for all: what was moved is not needed by the paper that moved it."""
        return column(cls, "id") < 0


class ReorganisationMove(SQLModel, table=True):
    """One row that moved: what of it changed, before and after.

    Attributes:
        noun: Its table.
        object_id: Its internal number.
        before: Changed columns as they were.
        after: The same afterwards.
    """

    __tablename__ = "reorganisation_move"

    id: int | None = Field(default=None, primary_key=True)
    reorganisation_id: int = Field(foreign_key="reorganisation.id", index=True)
    noun: str = Field(max_length=32)
    object_id: int
    before: dict[str, Any] = json_field(default_factory=dict)
    after: dict[str, Any] = json_field(default_factory=dict)


class PairEntry(Entry):
    """A unit and the one that takes it over; both are slugs."""

    old: Key
    new: Key


class ReorganisationCreate(Entry):
    """Which units go into which on a day. Without `pairs` the successors in the books that begin on `day`."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"day": "2025-07-01", "decree": "Nghị quyết sắp xếp đơn vị hành chính 2025"}]}
    )

    day: Day
    decree: Annotated[Line300, Bounds(min_length=1)]
    note: Note = ""
    pairs: Annotated[list[PairEntry], Bounds(max_length=MOST_PAIRS)] = Bounds(default_factory=list)


class ReorganisationRead(Record):
    """A reorganisation as it stands in the books."""

    number: str
    day: date
    decree: str
    note: str
    pairs: list[dict[str, str]]
    counts: dict[str, int]
    reversed_on: date | None


@dataclass(frozen=True, slots=True)
class Moved:
    """One thing that moves, as people know it.

    Attributes:
        noun: Its table.
        key: Its key.
        title: What it is called.
        holder: Who answers for it; empty if nobody does.
        detail: Serial number of an asset, address of a device or service; empty where there is none.
        old: Slug of the unit that it leaves.
        new: Slug of the unit that takes it over.
    """

    noun: str
    key: str
    title: str
    holder: str
    detail: str
    old: str
    new: str


def moved(row: Booked, old: str, new: str) -> Moved:
    """Return a row that moves, as people know it."""
    title, name, holder, receiver = (
        str(getattr(row, column_name, None) or "") for column_name in ("title", "name", "custodian", "to_name")
    )
    details = (getattr(row, known, None) for known in ("serial", "address", "cidr", "url"))
    detail = next((str(text) for text in details if text), "")
    return Moved(str(row.__tablename__), row.key, title or name, holder or receiver, detail, old, new)


def moves_of(session: Session, reorganisation_id: int) -> list[ReorganisationMove]:
    """Return what moved, in the order in which it was moved."""
    mine = column(ReorganisationMove, "reorganisation_id") == reorganisation_id
    order = column(ReorganisationMove, "id")
    return list(session.execute(select(ReorganisationMove).where(mine).order_by(order)).scalars())


def digest_of(moves: Iterable[ReorganisationMove]) -> str:
    """Return the SHA-256 of the moves of one reorganisation, in order; hexadecimal."""
    found = sha256()
    for move in moves:
        found.update(canonical([move.noun, move.object_id, move.before, move.after]) + b"\n")
    return found.hexdigest()


def changed_reorganisations(session: Session) -> list[str]:
    """Return the numbers of the reorganisations whose moves are not as they were written; nothing if all is well."""
    columns = (column(Reorganisation, name) for name in ("id", "number", "digest"))
    rows = session.execute(select(*columns).order_by(column(Reorganisation, "id"))).all()
    return [number for own, number, digest in rows if digest_of(moves_of(session, own)) != digest]
