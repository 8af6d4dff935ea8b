"""Accounts of people, their sessions, and tokens of programs. Only hashes of secrets are stored."""

from collections.abc import Collection
from datetime import datetime
from enum import StrEnum
from typing import ClassVar

from sqlalchemy import false
from sqlalchemy.sql.elements import ColumnElement
from sqlmodel import Field, SQLModel

from inventory.columns import Booked, moment_field, now
from inventory.text import Text


class Role(StrEnum):
    """What a person may do."""

    ADMINISTRATOR = "administrator"
    IT_STAFF = "it_staff"
    AUDITOR = "auditor"
    COMMUNE_STAFF = "commune_staff"


class Scope(StrEnum):
    """What a program's token may do."""

    READ = "read"
    WRITE = "write"
    COLLECTOR = "collector"
    AGENT = "agent"
    SCRAPE = "scrape"
    ALERTMANAGER = "alertmanager"


class Account(Booked, table=True):
    """A person who signs in.

    Attributes:
        role: One of `Role`.
        site_id: Root of the subtree that commune staff see; `None` for the other roles.
        password_hash: Argon2id.
        must_change_password: Set with the first password, cleared by the person's own.
        failures: Wrong passwords in a row; the account is locked after five.
        language: `vi` or `en`.
    """

    __tablename__ = "account"
    KEY: ClassVar[str] = "username"
    NOUN: ClassVar[Text] = Text(vi="tài khoản", en="account")
    SEARCH: ClassVar[tuple[str, ...]] = ("name", "email", "phone", "title")
    ORDER: ClassVar[str] = "name"
    MASKED: ClassVar[frozenset[str]] = frozenset({"password_hash"})
    UNBOOKED: ClassVar[frozenset[str]] = frozenset({"failures", "locked_until", "last_login_at"})

    username: str = Field(unique=True, max_length=64)
    name: str = Field(default="", max_length=120)
    title: str = Field(default="", max_length=120)
    email: str = Field(default="", max_length=254)
    phone: str = Field(default="", max_length=40)
    role: str = Field(max_length=24, index=True)
    site_id: int | None = Field(default=None, foreign_key="site.id", index=True)
    language: str = Field(default="vi", max_length=2)
    password_hash: str = Field(default="", max_length=300, repr=False)
    must_change_password: bool = True
    failures: int = 0
    locked_until: datetime | None = moment_field(default=None)
    last_login_at: datetime | None = moment_field(default=None)
    receives_alerts: bool = False

    @classmethod
    def seen_from(cls, site_ids: Collection[int]) -> ColumnElement[bool]:
        """Return false: accounts are the administrator's; a person's own is read by name elsewhere."""
        del site_ids
        return false()


class LoginSession(SQLModel, table=True):
    """A signed-in browser. The cookie holds a random secret, the table its SHA-256."""

    __tablename__ = "login_session"

    id: int | None = Field(default=None, primary_key=True)
    secret_hash: str = Field(unique=True, max_length=64, repr=False)
    account_id: int = Field(foreign_key="account.id", index=True)
    csrf: str = Field(max_length=64, repr=False)
    created_at: datetime = moment_field(default_factory=now)
    seen_at: datetime = moment_field(default_factory=now)
    expires_at: datetime = moment_field()
    ended_at: datetime | None = moment_field(default=None)


class Token(Booked, table=True):
    """A program's right to use the API.

    Attributes:
        secret_hash: SHA-256 of the random secret (256 bits, so no slow hash is needed).
        scopes: Comma-separated `Scope` values.
        account_id: Who made it; its reads and writes are bounded by that account's rights.
        collector_name: For scope `collector`: the only collector it may speak for.
        expires_at: Never absent.
    """

    __tablename__ = "token"
    KEY: ClassVar[str] = "name"
    NOUN: ClassVar[Text] = Text(vi="mã truy cập", en="token")
    MASKED: ClassVar[frozenset[str]] = frozenset({"secret_hash"})
    UNBOOKED: ClassVar[frozenset[str]] = frozenset({"last_used_at"})

    name: str = Field(unique=True, max_length=64)
    secret_hash: str = Field(unique=True, max_length=64, repr=False)
    scopes: str = Field(max_length=120)
    account_id: int | None = Field(default=None, foreign_key="account.id", index=True)
    collector_name: str | None = Field(default=None, max_length=64)
    expires_at: datetime = moment_field()
    last_used_at: datetime | None = moment_field(default=None)

    @classmethod
    def seen_from(cls, site_ids: Collection[int]) -> ColumnElement[bool]:
        """Return false, as for accounts."""
        del site_ids
        return false()
