"""Credentials: how devices let us ask them. Sealed at rest, given in clear only to a collector."""

from collections.abc import Collection
from typing import ClassVar

from sqlalchemy import false
from sqlalchemy.sql.elements import ColumnElement
from sqlmodel import Field

from inventory.columns import Booked
from inventory.text import Text


class Credential(Booked, table=True):
    """A sealed secret, or a reference to one outside the database.

    Attributes:
        kind: `snmp_v2c`, `snmp_v3`, `ssh` or `http`: the `kind` of `collector.target.Credential`.
        sealed: The secret parts as JSON, encrypted with the key outside the database; empty with a reference.
        reference: `env:NAME` or `file:PATH`, read when a roster is made; empty with a sealed secret.
        public: The parts that are no secret (user name, protocols), shown to people.
    """

    __tablename__ = "credential"
    KEY: ClassVar[str] = "name"
    NOUN: ClassVar[Text] = Text(vi="thông tin đăng nhập thiết bị", en="credential")
    SEARCH: ClassVar[tuple[str, ...]] = ("title",)
    MASKED: ClassVar[frozenset[str]] = frozenset({"sealed"})

    name: str = Field(unique=True, max_length=64)
    title: str = Field(default="", max_length=200)
    kind: str = Field(max_length=16)
    sealed: str = Field(default="", max_length=20_000, repr=False)
    reference: str = Field(default="", max_length=300)
    public: str = Field(default="{}", max_length=2000)
    note: str = Field(default="", max_length=2000)

    @classmethod
    def seen_from(cls, site_ids: Collection[int]) -> ColumnElement[bool]:
        """Return false: credentials are of the whole network, and a reader of some sites has no use for them."""
        del site_ids
        return false()
