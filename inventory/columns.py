"""Column types and the columns that every booked noun has."""

from datetime import UTC, datetime
from typing import Any, ClassVar

from sqlalchemy import JSON, DateTime
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator
from sqlmodel import Field, SQLModel

from inventory.text import Text


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


class Booked(SQLModel):
    """What every booked noun has.

    A subclass sets `KEY` to the column by which people and other programs name the object (`slug`, `tag`, `name`),
    and `NOUN` to its word. Nothing is ever deleted: `retired_at` ends it.

    Attributes:
        id: Internal number, never reused.
        version: Starts at 1 and grows by one with each write; the entity tag of the API.
        created_at: When the row was written first.
        updated_at: When it was written last.
        retired_at: When it went out of use; `None` while it is in use.
    """

    KEY: ClassVar[str]
    NOUN: ClassVar[Text]

    id: int | None = Field(default=None, primary_key=True)
    version: int = Field(default=1, ge=1)
    created_at: datetime = moment_field(default_factory=now)
    updated_at: datetime = moment_field(default_factory=now)
    retired_at: datetime | None = moment_field(default=None, index=True)

    @property
    def key(self) -> str:
        """Return the name by which people and programs know the object."""
        return str(getattr(self, self.KEY))
