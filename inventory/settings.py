"""Settings of the books; a part of the program's settings."""

from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, BaseModel, ConfigDict, Field
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError


def _database_url(value: str) -> str:
    try:
        url = make_url(value)
    except ArgumentError:
        # The driver's own message repeats the URL, and with it the password.
        raise ValueError("not a database URL") from None
    if url.drivername not in {"sqlite", "postgresql", "postgresql+psycopg"}:
        raise ValueError("the database is sqlite:///PATH or postgresql://...")
    if url.drivername == "sqlite" and url.database in {None, "", ":memory:"}:
        raise ValueError("an SQLite database needs a file: sqlite:///PATH")
    return value


def _zone(value: str) -> str:
    try:
        ZoneInfo(value)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError("no such time zone") from None
    return value


class Settings(BaseModel):
    """Where the books are kept.

    Attributes:
        database_url: `sqlite:///PATH` for one machine, `postgresql://USER:PASSWORD@HOST/NAME` past one.
        key_file: File with the key that seals secrets and chains the history; made at the first start, mode 0600.
            Keep a copy apart from the database's: without it sealed credentials are lost.
        timezone: Zone in which days begin and times are shown; an IANA name.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    database_url: Annotated[str, AfterValidator(_database_url)] = Field(repr=False)
    key_file: Path
    timezone: Annotated[str, AfterValidator(_zone)] = "Asia/Ho_Chi_Minh"

    @property
    def zone(self) -> ZoneInfo:
        """Return the time zone."""
        return ZoneInfo(self.timezone)
