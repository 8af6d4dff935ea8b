"""The outbox: messages written in the transaction of what they tell of, delivered at least once."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import ClassVar, Final

from sqlalchemy import or_, select, update
from sqlalchemy.orm import aliased
from sqlalchemy.sql.elements import ColumnElement
from sqlmodel import Field, Session, SQLModel

from inventory.columns import column, moment_field, now
from inventory.text import Text

BACK_OFF_S: Final = (5, 15, 60, 300, 900, 1800, 3600)
"""Seconds until the next attempt after the first, second, ... failure; the last one is repeated."""

GIVEN_UP_AFTER: Final = timedelta(hours=48)
"""A message that nobody took for so long is given up, visibly."""

CLAIM: Final = timedelta(seconds=60)
"""How long a message is left to whoever took it for delivery; after that it counts as not delivered."""


class OutboxMessage(SQLModel, table=True):
    """One message to one recipient.

    Attributes:
        message_id: Stable over retries, so that a mail server or reader drops a second copy (RFC 5322 Message-ID).
        reference: `message_id` of the first message of the incident, for threading; empty if this is the first.
        channel: A key of the channels table (`email`).
        attempts: Deliveries tried.
        next_attempt_at: Not before this moment; grows with each failure.
        delivered_at: When the channel took it.
        abandoned_at: When it was given up.
        last_error: Why the last attempt failed, without secrets.
    """

    __tablename__ = "outbox_message"
    NOUN: ClassVar[Text] = Text(vi="tin nhắn", en="message")

    id: int | None = Field(default=None, primary_key=True)
    message_id: str = Field(unique=True, max_length=200)
    reference: str = Field(default="", max_length=200)
    incident_id: int | None = Field(default=None, foreign_key="incident.id", index=True)
    channel: str = Field(max_length=16, index=True)
    recipient: str = Field(max_length=254)
    language: str = Field(default="vi", max_length=2)
    subject: str = Field(max_length=300)
    body_text: str = Field(max_length=20_000)
    body_html: str = Field(default="", max_length=60_000)
    created_at: datetime = moment_field(default_factory=now)
    next_attempt_at: datetime = moment_field(default_factory=now, index=True)
    attempts: int = Field(default=0, ge=0)
    delivered_at: datetime | None = moment_field(default=None, index=True)
    abandoned_at: datetime | None = moment_field(default=None)
    last_error: str = Field(default="", max_length=500)


def enqueue(session: Session, messages: Iterable[OutboxMessage]) -> int:
    """Put messages into the outbox, each Message-ID once.

    Args:
        session: The transaction of what the messages tell of.
        messages: Not yet added to any session.

    Returns:
        How many are new.
    """
    waiting = {message.message_id: message for message in messages}
    known = column(OutboxMessage, "message_id")
    for message_id in session.execute(select(known).where(known.in_(waiting))).scalars():
        del waiting[message_id]
    session.add_all(waiting.values())
    session.flush()
    return len(waiting)


def claim(session: Session, moment: datetime, *, limit: int = 50) -> list[OutboxMessage]:
    """Take messages that are due, for delivery outside of the transaction.

    Of several messages about one incident to one recipient only the first is given: news arrive in their order. If
    the taker dies, the messages are due again after `CLAIM`.

    Args:
        session: Inside a writing transaction.
        moment: Aware UTC.
        limit: How many at most.
    """
    before = aliased(OutboxMessage)
    earlier = (
        select(column(before, "id"))
        .where(
            column(before, "incident_id") == column(OutboxMessage, "incident_id"),
            column(before, "recipient") == column(OutboxMessage, "recipient"),
            column(before, "channel") == column(OutboxMessage, "channel"),
            column(before, "id") < column(OutboxMessage, "id"),
            column(before, "delivered_at").is_(None),
            column(before, "abandoned_at").is_(None),
        )
        .exists()
    )
    statement = (
        select(OutboxMessage)
        .where(_undelivered(), _due(moment), ~earlier)
        .order_by(column(OutboxMessage, "id"))
        .limit(limit)
        .with_for_update(skip_locked=True, of=OutboxMessage)
    )
    taken = list(session.execute(statement).scalars())
    for message in taken:
        message.next_attempt_at = moment + CLAIM
    session.flush()
    return taken


def delivered(session: Session, numbers: Sequence[int], moment: datetime) -> None:
    """Note that the channel took messages. Others that wait after a failure are due at once: the way is open again."""
    if not numbers:
        return
    taken = column(OutboxMessage, "id").in_(numbers)
    session.execute(
        update(OutboxMessage)
        .where(taken)
        .values(delivered_at=moment, attempts=column(OutboxMessage, "attempts") + 1, last_error="")
    )
    failed_before = column(OutboxMessage, "attempts") > 0
    session.execute(update(OutboxMessage).where(_undelivered(), failed_before).values(next_attempt_at=moment))


def failed(session: Session, number: int, why: str, moment: datetime) -> OutboxMessage | None:
    """Note that a delivery failed; the message is tried again later, or given up after `GIVEN_UP_AFTER`.

    Args:
        session: Inside a writing transaction.
        number: Of the message.
        why: The reason, without secrets.
        moment: Aware UTC.

    Returns:
        The message if it was given up by this.
    """
    message = session.get(OutboxMessage, number)
    if message is None or message.delivered_at or message.abandoned_at:
        return None
    message.attempts += 1
    message.last_error = why[:500]
    message.next_attempt_at = moment + timedelta(seconds=BACK_OFF_S[min(message.attempts, len(BACK_OFF_S)) - 1])
    if moment - message.created_at >= GIVEN_UP_AFTER:
        message.abandoned_at = moment
    session.flush()
    return message if message.abandoned_at else None


def first_reference(session: Session, incident_id: int, recipient: str) -> str:
    """Return the Message-ID of the first message about an incident to a recipient; empty if there is none."""
    statement = select(column(OutboxMessage, "message_id")).where(
        column(OutboxMessage, "incident_id") == incident_id, column(OutboxMessage, "recipient") == recipient
    )
    return session.execute(statement.order_by(column(OutboxMessage, "id")).limit(1)).scalar() or ""


def _due(moment: datetime) -> ColumnElement[bool]:
    """Return whether it is time for a message, or its time is later than any can be: then the clock was set back."""
    planned, untried = column(OutboxMessage, "next_attempt_at"), column(OutboxMessage, "attempts") == 0
    return or_(
        planned <= moment,
        planned > moment + timedelta(seconds=BACK_OFF_S[-1]),
        untried & (planned > moment + CLAIM),
    )


def _undelivered() -> ColumnElement[bool]:
    return column(OutboxMessage, "delivered_at").is_(None) & column(OutboxMessage, "abandoned_at").is_(None)
