"""Column types and the columns that every booked noun has."""

from collections.abc import Collection
from datetime import UTC, datetime
from typing import Any, ClassVar, Final, cast

from sqlalchemy import JSON, BigInteger, Connection, DateTime, Integer, Select, event, true
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import Mapper
from sqlalchemy.sql.elements import ColumnElement
from sqlalchemy.types import TypeDecorator
from sqlmodel import Field, SQLModel

from inventory.spelling import fold, vietnamese_order
from inventory.text import Text

SEARCH_LENGTH: Final = 400

Places = Collection[int] | Select[Any]
"""Internal numbers of sites, or a query that gives them."""


class UtcDateTime(TypeDecorator[datetime]):
    """An instant: aware UTC in Python on both databases, although SQLite stores no zone."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuse a naive time and store UTC.

        Raises:
            ValueError: The time has no zone.
        """
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a stored time needs a zone")
        moment = value.astimezone(UTC)
        return moment.replace(tzinfo=None) if dialect.name == "sqlite" else moment

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Return the stored instant as aware UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if dialect.name == "sqlite" else value.astimezone(UTC)


def now() -> datetime:
    """Return the current instant in aware UTC, whole microseconds."""
    return datetime.now(UTC)


def moment_field(**options: Any) -> Any:  # noqa: ANN401 - what SQLModel's own Field takes and gives
    """Return a field for an instant; a class of its own keeps each table's column separate."""
    return Field(sa_type=UtcDateTime, **options)


def json_field(**options: Any) -> Any:  # noqa: ANN401 - as above
    """Return a field for a small validated JSON value."""
    return Field(sa_type=JSON, **options)


def whole_field(**options: Any) -> Any:  # noqa: ANN401 - as above
    """Return a field for a sum of money or bits a second: whole, up to a trillion, which 32 bits do not hold.

    SQLite's integers hold 64 bits under their own name.
    """
    return Field(sa_type=cast("type[Any]", BigInteger().with_variant(Integer(), "sqlite")), **options)


def column(table: type[SQLModel], name: str) -> ColumnElement[Any]:
    """Return a column of a table class as what it is in a query; type checkers see only the value's type."""
    return cast("ColumnElement[Any]", getattr(table, name))


class Booked(SQLModel):
    """What every booked noun has.

    A subclass sets `KEY` to the column by which people and other programs name the object (`slug`, `tag`, `name`),
    and `NOUN` to its word. Nothing is ever deleted: `retired_at` ends it.

    Class attributes that a subclass may set:
        SEARCH: Columns in which search looks, besides the key.
        ORDER: Column by whose Vietnamese alphabet lists are ordered; the key if empty.
        MASKED: Columns that hold secrets; the history keeps only their fingerprints.
        UNBOOKED: Columns that beat like a heart (last seen, failures) and are no part of the history.
        CHAINED: Whether every write of the noun stands in the history, so that a row can be checked against it.

    Attributes:
        id: Internal number, never reused.
        version: Starts at 1 and grows by one with each write; the entity tag of the API.
        created_at: When the row was written first.
        updated_at: When it was written last.
        retired_at: When it went out of use; `None` while it is in use.
        search_text: The searched columns without case and diacritics; kept by an event, never set by hand.
        order_text: The order column by the Vietnamese alphabet; kept likewise.
    """

    KEY: ClassVar[str]
    NOUN: ClassVar[Text]
    SEARCH: ClassVar[tuple[str, ...]] = ()
    ORDER: ClassVar[str] = ""
    MASKED: ClassVar[frozenset[str]] = frozenset()
    UNBOOKED: ClassVar[frozenset[str]] = frozenset()
    CHAINED: ClassVar[bool] = True

    id: int | None = Field(default=None, primary_key=True)
    version: int = Field(default=1, ge=1)
    created_at: datetime = moment_field(default_factory=now, index=True)
    updated_at: datetime = moment_field(default_factory=now, index=True)
    retired_at: datetime | None = moment_field(default=None, index=True)
    search_text: str = Field(default="", max_length=SEARCH_LENGTH, index=True, repr=False)
    order_text: str = Field(default="", max_length=200, index=True, repr=False)

    @property
    def key(self) -> str:
        """Return the name by which people and programs know the object."""
        return str(getattr(self, self.KEY))

    @classmethod
    def seen_from(cls, site_ids: Places) -> ColumnElement[bool]:
        """Return the condition under which a reader of these sites sees a row; everybody sees a noun of no place."""
        del site_ids
        return true()

    @classmethod
    def in_use(cls) -> ColumnElement[bool]:
        """Return the condition under which a row still needs what it refers to."""
        return column(cls, "retired_at").is_(None)


def _index(_mapper: Mapper[Any], _connection: Connection, row: Booked) -> None:
    words = (getattr(row, name) for name in (row.KEY, *row.SEARCH))
    row.search_text = fold(" ".join(str(word) for word in words if word))[:SEARCH_LENGTH]
    row.order_text = vietnamese_order(str(getattr(row, row.ORDER or row.KEY) or ""))


event.listen(Booked, "before_insert", _index, propagate=True)
event.listen(Booked, "before_update", _index, propagate=True)
