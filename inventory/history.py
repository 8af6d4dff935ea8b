"""Changes: who changed what and when, append-only, each row chained to the one before."""

import hmac
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import StrEnum
from hashlib import sha256
from typing import Any, Final, Protocol

from sqlalchemy import insert, select, text
from sqlalchemy.orm import InstanceState
from sqlalchemy.sql.elements import ColumnElement
from sqlmodel import Field, Session, SQLModel

from inventory.columns import Booked, Places, column, json_field, moment_field, now
from inventory.keys import Keys
from inventory.text import Text

START: Final = "0" * 64
"""What the first change is chained to."""

_CHAIN_LOCK: Final = 0x7175616E67_02
_HEAD_ID: Final = 1
_DERIVED: Final = frozenset({"search_text", "order_text"})


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

    @classmethod
    def seen_from(cls, site_ids: Places) -> ColumnElement[bool]:
        """Return whether one of these sites was party to the act."""
        parties = select(column(ChangeSite, "change_id")).where(column(ChangeSite, "site_id").in_(site_ids))
        return column(cls, "id").in_(parties)


class ChangeSite(SQLModel, table=True):
    """A site that was party to a change: `Change.site_ids` again, where a query can use it."""

    __tablename__ = "change_site"

    change_id: int = Field(primary_key=True, foreign_key="change.id")
    site_id: int = Field(primary_key=True, foreign_key="site.id", index=True)


class ChainHead(SQLModel, table=True):
    """The one row that says where the chain ends, so that cutting off its tail is seen.

    Attributes:
        changes: How many changes there are.
        chain: `chain` of the last one.
        seal: HMAC over both; it also tells whether the key fits this database.
    """

    __tablename__ = "chain_head"

    id: int = Field(default=_HEAD_ID, primary_key=True)
    changes: int
    chain: str = Field(max_length=64)
    seal: str = Field(max_length=64)


class Acting(Protocol):
    """Whoever acts; only the name is booked."""

    @property
    def name(self) -> str:
        """Return the name that the history shows."""


def alone(session: Session) -> None:
    """Make this the only transaction that writes history, until it ends.

    A booked write begins with this: what it then reads and checks (a name not taken, a period not overlapping) stays
    true until it commits. On SQLite every writing transaction is alone from its beginning.
    """
    if session.get_bind().dialect.name == "postgresql":
        session.connection().execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _CHAIN_LOCK})


def record(
    session: Session,
    keys: Keys,
    *,
    actor: Acting | str,
    act: str,
    obj: Booked,
    before: dict[str, Any] | None,
    sites: Iterable[int],
) -> Change:
    """Append a change of `obj` to the history, inside the transaction that makes the change.

    Args:
        session: Inside `db.writing`.
        keys: The keys of the installation.
        actor: Who acts.
        act: What was done, a word of at most 32 characters.
        obj: The object as it is now; it is flushed first, so that it has its number.
        before: `masked(obj)` from before the change; `None` for a creation.
        sites: Internal numbers of all sites that are party to the act.

    Returns:
        The row, flushed.
    """
    return record_all(session, keys, actor=actor, acts=[Done(act, obj, before, sites)])[0]


@dataclass(frozen=True, slots=True)
class Done:
    """One act among several that one transaction writes down: as the arguments of `record`."""

    act: str
    obj: Booked
    before: dict[str, Any] | None
    sites: Iterable[int]


def record_all(session: Session, keys: Keys, *, actor: Acting | str, acts: Sequence[Done]) -> list[Change]:
    """Append changes to the history, in order, inside the transaction that makes them; as `record`, for many at once.

    Returns:
        The rows, flushed.
    """
    session.add_all(done.obj for done in acts)
    alone(session)
    session.flush()
    head = session.get(ChainHead, _HEAD_ID)
    if head is None:
        head = ChainHead(changes=0, chain=START, seal="")
    changes = []
    for done in acts:
        changes.append(_change(actor, done, head.chain))
        changes[-1].chain = chain_of(keys, changes[-1])
        head.changes += 1
        head.chain = changes[-1].chain
    head.seal = seal_of(keys, head)
    session.add_all([*changes, head])
    session.flush()
    parties = [
        {"change_id": change.id, "site_id": site_id} for change in changes for site_id in change.site_ids
    ]  # fmt: skip
    if parties:
        session.execute(insert(ChangeSite), parties)
    return changes


def _change(actor: Acting | str, done: Done, previous: str) -> Change:
    return Change(
        at=now(),
        actor=actor if isinstance(actor, str) else actor.name,
        noun=str(done.obj.__tablename__),
        object_id=done.obj.id or 0,
        object_key=done.obj.key[:120],
        act=done.act,
        before=done.before,
        after=masked(done.obj),
        site_ids=sorted(set(done.sites)),
        previous=previous,
        chain="",
    )


def masked(obj: Booked) -> dict[str, Any]:
    """Return the row as JSON can hold it: secrets as fingerprints, without what beats like a heart or is derived."""
    state: InstanceState[Booked] = obj._sa_instance_state  # type: ignore[attr-defined]
    kept = (attribute.key for attribute in state.mapper.column_attrs)
    return masked_values(type(obj), {name: getattr(obj, name) for name in kept})


def masked_values(table: type[Booked], values: dict[str, Any]) -> dict[str, Any]:
    """Return the columns of a row of `table` as `masked` does for an object."""
    return {
        name: _fingerprint(value) if name in table.MASKED else _plain(value)
        for name, value in sorted(values.items())
        if name not in _DERIVED and name not in table.UNBOOKED
    }


def chain_of(keys: Keys, change: Change) -> str:
    """Return the HMAC-SHA256 of a change, hexadecimal: over the chain before it and every field but its number."""
    content = {
        "act": change.act,
        "actor": change.actor,
        "after": change.after,
        "at": _plain(change.at),
        "before": change.before,
        "noun": change.noun,
        "object_id": change.object_id,
        "object_key": change.object_key,
        "previous": change.previous,
        "site_ids": change.site_ids,
    }
    return hmac.new(keys.chain_key, canonical(content), sha256).hexdigest()


def seal_of(keys: Keys, head: ChainHead) -> str:
    """Return the seal of the head of the chain, hexadecimal."""
    return hmac.new(keys.chain_key, f"head:{head.changes}:{head.chain}".encode(), sha256).hexdigest()


class BreachKind(StrEnum):
    """What was done behind the program's back.

    EDITED: a change says something else than when it was written. CUT: changes are missing before it. PARTIES: its
    sites for the rights differ. HEAD: the end of the chain is not where it was. ROW: an object is not as its last
    change left it. UNBOOKED: an object has no history. GONE: an object of the history is no more.
    """

    EDITED = "edited"
    CUT = "cut"
    PARTIES = "parties"
    HEAD = "head"
    ROW = "row"
    UNBOOKED = "unbooked"
    GONE = "gone"


_BREACHES: Final = {
    BreachKind.EDITED: Text(
        vi="Dòng lịch sử số {change} ({noun} “{key}”) đã bị sửa sau khi ghi.",
        en="Change {change} ({noun} “{key}”) was edited after it was written.",
    ),
    BreachKind.CUT: Text(
        vi="Có dòng lịch sử bị xóa trước dòng số {change}.", en="Changes before change {change} were removed."
    ),
    BreachKind.PARTIES: Text(
        vi="Danh sách đơn vị liên quan của dòng lịch sử số {change} đã bị sửa.",
        en="The sites that are party to change {change} were edited.",
    ),
    BreachKind.HEAD: Text(
        vi="Cuối lịch sử không khớp: đã ghi {change} dòng, có dòng bị xóa hoặc thêm vào.",
        en="The end of the history does not fit: {change} changes were written, some were removed or added.",
    ),
    BreachKind.ROW: Text(
        vi="{noun} “{key}” bị sửa ngoài chương trình: {fields}.",
        en="The {noun} “{key}” was changed behind the program's back: {fields}.",
    ),
    BreachKind.UNBOOKED: Text(
        vi="{noun} “{key}” không có trong lịch sử.", en="The {noun} “{key}” has no history."
    ),
    BreachKind.GONE: Text(
        vi="{noun} “{key}” có trong lịch sử nhưng đã bị xóa khỏi sổ.",
        en="The {noun} “{key}” stands in the history but was removed from the books.",
    ),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Breach:
    """Something that was done behind the program's back.

    Attributes:
        kind: What.
        noun: Table of the object; empty if it is about the history as a whole.
        key: Key of the object.
        change: Number of the change; for HEAD how many there should be; 0 if none.
        fields: Columns that differ.
        text: All this as a sentence.
    """

    kind: BreachKind
    noun: str
    key: str
    change: int
    fields: tuple[str, ...]
    text: Text


def breach_of(kind: BreachKind, noun: str = "", key: str = "", change: int = 0, fields: tuple[str, ...] = ()) -> Breach:
    """Return a breach with its sentence."""
    words = {str(table.__tablename__): table.NOUN for table in Booked.__subclasses__()}
    text = _BREACHES[kind].fill(noun=words.get(noun, noun), key=key, change=change, fields=", ".join(fields))
    return Breach(kind, noun, key, change, fields, text)


def canonical(content: Any) -> bytes:  # noqa: ANN401 - any JSON value
    """Return JSON that is the same for the same content: sorted keys, no blanks, UTF-8, whatever the database."""
    return json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False).encode()


def _plain(value: Any) -> Any:  # noqa: ANN401 - any column's value
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    if isinstance(value, date):
        return value.isoformat()
    return value


def _fingerprint(value: Any) -> str:  # noqa: ANN401 - any column's value
    # What is masked is a ciphertext or a slow hash, so its digest tells nothing, yet an exchanged secret is seen.
    return "masked:" + sha256(str(value).encode()).hexdigest()[:16] if value else ""
