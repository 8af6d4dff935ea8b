"""The outbox: messages written in the transaction of what they tell of, delivered at least once."""

from datetime import datetime
from typing import ClassVar

from sqlmodel import Field, SQLModel

from inventory.columns import moment_field, now
from inventory.text import Text


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
