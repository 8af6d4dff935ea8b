"""Accounts of people, their sessions, and tokens of programs. Only hashes of secrets are stored."""

import re
from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any, ClassVar, Final

from pydantic import AfterValidator, ConfigDict
from pydantic import Field as Bounds
from sqlalchemy import false, func, select
from sqlalchemy.sql.elements import ColumnElement
from sqlmodel import Field, Session, SQLModel

from inventory.columns import Booked, Places, column, moment_field, now
from inventory.draft import Draft
from inventory.errors import Conflict
from inventory.fields import Entry, Key, Line, Line120, Record, Slug, changes_of, refuse
from inventory.text import Language, Text


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
    def seen_from(cls, site_ids: Places) -> ColumnElement[bool]:
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
    def seen_from(cls, site_ids: Places) -> ColumnElement[bool]:
        """Return false, as for accounts."""
        del site_ids
        return false()


_EMAIL: Final = re.compile(r"[^\s@<>,;\"()\[\]\\]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63})*")


def _email(value: str) -> str:
    value = value.strip()
    if value and _EMAIL.fullmatch(value) is None:
        refuse("email", "Địa chỉ thư điện tử viết sai.", "The e-mail address is not well formed.")
    return value


class AccountCreate(Entry):
    """A person; a password is set apart from this. `site` is the slug at the root of what commune staff see."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"username": "hoa.nt", "name": "Nguyễn Thị Hoa", "role": "commune_staff", "site": "tan-lap"}]
        }
    )

    username: Slug
    name: Line120 = ""
    title: Line120 = ""
    email: Annotated[str, AfterValidator(_email), Bounds(max_length=254)] = ""
    phone: Line = ""
    role: Role
    site: Key | None = None
    language: Language = "vi"
    receives_alerts: bool = False


class AccountRead(AccountCreate, Record):
    """An account as administrators and auditors see it."""

    must_change_password: bool = True
    failures: int = 0
    locked_until: datetime | None = None
    last_login_at: datetime | None = None


AccountChange = changes_of(AccountCreate, "AccountChange")


class TokenRead(Record):
    """A token as it may be seen; its secret is shown once, when it is made.

    Attributes:
        account: Who made it.
    """

    name: str
    scopes: list[Scope]
    account: str | None = None
    collector_name: str | None = None
    expires_at: datetime
    last_used_at: datetime | None = None


def show_token(values: dict[str, Any]) -> None:
    """Turn the stored columns of a token into what may be seen."""
    values["scopes"] = [Scope(word) for word in str(values["scopes"]).split(",") if word]
    values.pop("secret_hash")


def examine(draft: Draft) -> None:
    """Find what is wrong with an account: its role and place, and that somebody still administers."""
    role, site = draft.values.get("role"), draft.values.get("site")
    if role == Role.COMMUNE_STAFF and site is None and not draft.is_wrong("site"):
        draft.wrong("site", "required", _SITE_NEEDED)
    if role is not None and role != Role.COMMUNE_STAFF and site is not None:
        draft.wrong("site", "not_for_role", _NO_SITE)
    if draft.values.get("receives_alerts") and not draft.values.get("email") and not draft.is_wrong("email"):
        draft.wrong("email", "required", _EMAIL_NEEDED)
    demoted = draft.row is not None and "role" in draft.sent and role != Role.ADMINISTRATOR
    if draft.row is not None and demoted and is_last_administrator(draft.session, draft.row):
        draft.wrong("role", "last_administrator", LAST_ADMINISTRATOR)


def leave(session: Session, row: Booked) -> None:
    """Refuse that the last administrator is retired.

    Raises:
        Conflict: It is the last one.
    """
    if is_last_administrator(session, row):
        raise Conflict(LAST_ADMINISTRATOR, Text(vi="Lập thêm một người quản trị trước.", en="Make another one first."))


def is_last_administrator(session: Session, row: Booked) -> bool:
    """Return whether nobody else in use administers."""
    if getattr(row, "role", "") != Role.ADMINISTRATOR:
        return False
    others = (
        select(func.count())
        .select_from(Account)
        .where(column(Account, "role") == Role.ADMINISTRATOR.value, Account.in_use(), column(Account, "id") != row.id)
    )
    return int(session.execute(others).scalar_one()) == 0


LAST_ADMINISTRATOR: Final = Text(vi="Đây là người quản trị cuối cùng.", en="This is the last administrator.")
_SITE_NEEDED: Final = Text(vi="Cán bộ xã cần có đơn vị của mình.", en="Commune staff need their site.")
_NO_SITE: Final = Text(vi="Vai trò này thấy mọi đơn vị; hãy để trống.", en="This role sees every site; leave it empty.")
_EMAIL_NEEDED: Final = Text(vi="Người nhận cảnh báo cần có thư điện tử.", en="Who receives alerts needs an e-mail.")
