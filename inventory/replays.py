"""Replays: what was answered to a creation, so that the same request sent again creates nothing twice.

The row is written in the transaction of the creation: either both are there or neither, whatever is killed when.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import delete, select
from sqlmodel import Field, Session, SQLModel, UniqueConstraint

from inventory.books import Books
from inventory.columns import column, moment_field, now
from inventory.db import reading, writing
from inventory.errors import Conflict
from inventory.text import Text

KEPT: Final = timedelta(hours=24)
LONGEST_KEY: Final = 200


class Replay(SQLModel, table=True):
    """One answered creation.

    Attributes:
        actor: Who sent it; keys of two actors never meet.
        key: The client's idempotency key.
        route: Address that it was sent to.
        request_hash: SHA-256 of the body.
        object_key: Key of what was created, by which the answer is made again.
        expires_at: When the key is forgotten.
    """

    __tablename__ = "replay"
    __table_args__ = (UniqueConstraint("actor", "key", name="uq_replay_actor_key"),)

    id: int | None = Field(default=None, primary_key=True)
    actor: str = Field(max_length=120)
    key: str = Field(max_length=LONGEST_KEY)
    route: str = Field(max_length=200)
    request_hash: str = Field(max_length=64)
    object_key: str = Field(max_length=120)
    created_at: datetime = moment_field(default_factory=now)
    expires_at: datetime = moment_field(index=True)


class KeyReused(Conflict):
    """An idempotency key came again with another request."""

    code = "key_reused"

    def __init__(self) -> None:
        super().__init__(
            Text(
                vi="Idempotency-Key này đã dùng cho một yêu cầu khác.",
                en="This Idempotency-Key was used for another request.",
            ),
            Text(vi="Tạo khóa mới cho mỗi yêu cầu mới.", en="Make a new key for each new request."),
        )


class Replayed(Exception):
    """The request was carried out before.

    Attributes:
        object_key: Key of what was created then.
    """

    def __init__(self, object_key: str) -> None:
        super().__init__(object_key)
        self.object_key = object_key


@dataclass(frozen=True, slots=True)
class Once:
    """One creation that is to happen once.

    Attributes:
        actor: Name of the actor.
        key: The client's idempotency key, 1 to 200 characters.
        route: Address of the creation.
        request_hash: SHA-256 of the body, hexadecimal.
    """

    actor: str
    key: str
    route: str
    request_hash: str

    def begin(self, session: Session) -> None:
        """Look whether it happened before, in a writing transaction that is alone.

        Raises:
            Replayed: It did.
            KeyReused: The key was used for another request.
        """
        mine = (column(Replay, "actor") == self.actor) & (column(Replay, "key") == self.key)
        found = session.execute(select(Replay).where(mine)).scalar_one_or_none()
        if found is None:
            return
        if found.expires_at <= now():
            session.delete(found)
            session.flush()
            return
        if (found.route, found.request_hash) != (self.route, self.request_hash):
            raise KeyReused
        raise Replayed(found.object_key)

    def end(self, session: Session, object_key: str) -> None:
        """Write down that it happened, in the same transaction."""
        moment = now()
        session.add(
            Replay(
                actor=self.actor,
                key=self.key,
                route=self.route,
                request_hash=self.request_hash,
                object_key=object_key,
                created_at=moment,
                expires_at=moment + KEPT,
            )
        )


def done_before(books: Books, once: Once) -> str | None:
    """Return the key of what the same request created before, `None` if it did not.

    Raises:
        KeyReused: The key was used for another request.
    """
    with reading(books.engine) as session:
        try:
            once.begin(session)
        except Replayed as replayed:
            return replayed.object_key
    return None


def forget(books: Books) -> None:
    """Delete what is past its time."""
    with writing(books.engine) as session:
        session.execute(delete(Replay).where(column(Replay, "expires_at") <= now()))
