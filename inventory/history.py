"""Changes: who changed what and when, append-only, each row chained to the one before."""

from datetime import datetime
from typing import Any

from sqlmodel import Field, SQLModel

from inventory.columns import json_field, moment_field


class Change(SQLModel, table=True):
    """One act on one booked noun.

    Attributes:
        actor: User name, `token:NAME`, or the part of the system that acted.
        noun: Table of the object.
        object_id: Its internal number.
        object_key: Its key as of the act.
        act: `create`, `update`, `retire`, `restore`, or the name of the act (`hand_over`, `acknowledge`).
        before: The row before, secrets masked; `None` for a creation.
        after: The row after, secrets masked.
        site_ids: Every site that is party to the act, as of the act, for the rights.
        previous: `chain` of the row before.
        chain: HMAC-SHA256 over `previous` and this row's fields, with a key outside the database.
    """

    __tablename__ = "change"

    id: int | None = Field(default=None, primary_key=True)
    at: datetime = moment_field(index=True)
    actor: str = Field(max_length=120)
    noun: str = Field(max_length=32, index=True)
    object_id: int = Field(index=True)
    object_key: str = Field(max_length=120, index=True)
    act: str = Field(max_length=32)
    before: dict[str, Any] | None = json_field(default=None)
    after: dict[str, Any] | None = json_field(default=None)
    site_ids: list[int] = json_field(default_factory=list)
    previous: str = Field(max_length=64)
    chain: str = Field(unique=True, max_length=64)
