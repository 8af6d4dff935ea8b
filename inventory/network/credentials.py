"""Credentials: how devices let us ask them. Sealed at rest, given in clear only to a collector."""

import json
import re
from collections.abc import Iterator, Mapping
from enum import StrEnum
from typing import Annotated, Any, ClassVar, Final, Literal

from pydantic import AfterValidator, ConfigDict, SecretStr
from pydantic import Field as Bounds
from sqlalchemy import false
from sqlalchemy.sql.elements import ColumnElement
from sqlmodel import Field

from inventory.columns import Booked, Places
from inventory.draft import Draft
from inventory.fields import Entry, Line64, Line200, Note, Record, Slug, changes_of, refuse
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
    def seen_from(cls, site_ids: Places) -> ColumnElement[bool]:
        """Return false: credentials are of the whole network, and a reader of some sites has no use for them."""
        del site_ids
        return false()


class CredentialKind(StrEnum):
    """How a device is asked."""

    SNMP_V2C = "snmp_v2c"
    SNMP_V3 = "snmp_v3"
    SSH = "ssh"
    HTTP = "http"


Auth = Literal["none", "sha1", "sha224", "sha256", "sha384", "sha512", "md5"]
Priv = Literal["none", "aes128", "des"]
Secret = Annotated[SecretStr, Bounds(min_length=1, max_length=255)]
Phrase = Annotated[SecretStr, Bounds(min_length=8, max_length=255)]
"""RFC 3414 asks for at least eight characters."""
PrivateKey = Annotated[SecretStr, Bounds(min_length=1, max_length=12_000)]


_OWN_SECRET: Final = re.compile(r"env:QUANG_(?!SECRET_)|file:/(?:proc|sys|dev)/")
_REFERENCE: Final = re.compile(r"env:[A-Za-z_][A-Za-z0-9_]{0,119}|file:/[^\x00-\x1f]{1,280}")


def _reference(value: str) -> str:
    value = value.strip()
    if value and (_REFERENCE.fullmatch(value) is None or "/../" in value):
        refuse(
            "reference",
            "Chỉ nhận env:TEN_BIEN hoặc file:/duong/dan/day/du.",
            "Only env:NAME or file:/full/path is taken.",
        )
    if _OWN_SECRET.match(value):
        # What is referred to is sent to a device; the program's own secrets must never be.
        refuse(
            "reference",
            "Không trỏ vào thông tin của chương trình hay hệ điều hành; dùng biến QUANG_SECRET_... hoặc tệp riêng.",
            "It may not be the program's or the system's own; use a variable QUANG_SECRET_... or a file of its own.",
        )
    return value


class CredentialPublic(Entry):
    """The parts of a credential that people see.

    Attributes:
        user: User name (SNMP v3, SSH, HTTP basic).
        auth: SNMP v3 authentication.
        priv: SNMP v3 encryption.
        reference: `env:NAME` or `file:/PATH` with the secret, instead of a sealed one.
    """

    name: Slug
    title: Line200 = ""
    kind: CredentialKind
    user: Line64 = ""
    auth: Auth = "none"
    priv: Priv = "none"
    reference: Annotated[str, AfterValidator(_reference), Bounds(max_length=300)] = ""
    note: Note = ""


class CredentialCreate(CredentialPublic):
    """A credential. Its secret parts are written and never read back."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"name": "district", "kind": "snmp_v2c", "community": "a-long-random-word"}]}
    )

    community: Secret | None = None
    auth_pass: Phrase | None = None
    priv_pass: Phrase | None = None
    password: Secret | None = None
    private_key: PrivateKey | None = None
    enable_secret: Secret | None = None
    bearer: Annotated[SecretStr, Bounds(min_length=1, max_length=4_000)] | None = None


class CredentialRead(CredentialPublic, Record):
    """A credential as people may see it.

    Attributes:
        has_secret: Whether a sealed secret is stored.
    """

    has_secret: bool = False


CredentialChange = changes_of(CredentialCreate, "CredentialChange")

SECRETS: Final = ("community", "auth_pass", "priv_pass", "password", "private_key", "enable_secret", "bearer")

_PARTS: Final[Mapping[CredentialKind, frozenset[str]]] = {
    CredentialKind.SNMP_V2C: frozenset({"community"}),
    CredentialKind.SNMP_V3: frozenset({"user", "auth", "priv", "auth_pass", "priv_pass"}),
    CredentialKind.SSH: frozenset({"user", "password", "private_key", "enable_secret"}),
    CredentialKind.HTTP: frozenset({"user", "password", "bearer"}),
}
"""The parts that each kind has."""


def show(values: dict[str, Any]) -> None:
    """Turn the stored columns into what may be seen."""
    values.update(json.loads(values.pop("public") or "{}"))
    values["has_secret"] = bool(values.pop("sealed"))


def examine(draft: Draft) -> None:
    """Find what is wrong with a credential, and seal its secret."""
    kind = draft.values.get("kind")
    if kind is None or (isinstance(draft.row, Credential) and kind != draft.row.kind):
        return
    kind = CredentialKind(kind)
    secrets = _secrets(draft)
    for name in ("user", "auth", "priv", *SECRETS):
        unset = draft.values.get(name) in {None, "", "none"}
        if not unset and name not in _PARTS[kind]:
            draft.wrong(name, "not_for_kind", _NOT_FOR_KIND.fill(kind=kind.value))
    reference = draft.values.get("reference")
    if reference and any(draft.values.get(name) is not None for name in SECRETS):
        draft.wrong("reference", "two_secrets", _TWO_SECRETS)
    for name in _lacking(kind, draft, secrets, referred=bool(reference) or draft.is_wrong("reference")):
        if not draft.is_wrong(name):
            draft.wrong(name, "required", _LACKING)
    _write(draft, kind, secrets)


def _secrets(draft: Draft) -> dict[str, str]:
    """Return the secret parts as they would be: those stored, with those sent over them."""
    stored = getattr(draft.row, "sealed", "")
    secrets: dict[str, str] = json.loads(draft.keys.open(stored)) if stored else {}
    for name in SECRETS:
        if name in draft.sent:
            value = draft.values[name]
            if value is None:
                secrets.pop(name, None)
            else:
                secrets[name] = value.get_secret_value()
    return secrets


def _lacking(kind: CredentialKind, draft: Draft, secrets: Mapping[str, str], *, referred: bool) -> Iterator[str]:
    """Give the fields without which the kind does not work; a reference stands for all secret parts."""
    if kind in {CredentialKind.SNMP_V3, CredentialKind.SSH} and not draft.values.get("user"):
        yield "user"
    if kind is CredentialKind.SNMP_V3 and _on(draft, "priv") and draft.values.get("auth") == "none":
        yield "auth"
    if referred:
        return
    if kind is CredentialKind.SNMP_V2C and "community" not in secrets:
        yield "community"
    if kind is CredentialKind.SNMP_V3:
        yield from (f"{part}_pass" for part in ("auth", "priv")
                    if _on(draft, part) and f"{part}_pass" not in secrets)  # fmt: skip
    if kind is CredentialKind.SSH and not {"password", "private_key"} & secrets.keys():
        yield "password"
    if kind is CredentialKind.HTTP and "bearer" not in secrets:
        yield from (name for name in ("user", "password") if not (draft.values.get(name) or name in secrets))


def _on(draft: Draft, part: str) -> bool:
    return draft.values.get(part) not in {None, "none"}


def _write(draft: Draft, kind: CredentialKind, secrets: dict[str, str]) -> None:
    if draft.changed("user", "auth", "priv"):
        shown = {name: draft.values.get(name) for name in ("user", "auth", "priv") if name in _PARTS[kind]}
        draft.columns["public"] = json.dumps({name: value for name, value in shown.items() if value}, sort_keys=True)
    if draft.values.get("reference"):
        draft.columns["sealed"] = ""
    elif draft.changed(*SECRETS):
        draft.columns["sealed"] = draft.keys.seal(json.dumps(secrets)) if secrets else ""


_NOT_FOR_KIND: Final = Text(vi="Loại {kind} không có trường này.", en="The kind {kind} has no such field.")
_TWO_SECRETS: Final = Text(
    vi="Hoặc nhập bí mật, hoặc chỉ nơi cất bí mật; không dùng cả hai.",
    en="Either send the secret or say where it is kept, not both.",
)
_LACKING: Final = Text(vi="Loại này cần trường này.", en="This kind needs this field.")
