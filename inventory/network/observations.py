"""What was seen, never to be mixed with what is booked."""

from datetime import datetime
from typing import ClassVar

from sqlmodel import Field, SQLModel, UniqueConstraint

from inventory.columns import moment_field, now
from inventory.text import Text


class Observation(SQLModel, table=True):
    """A fact that something reported, with the first and the last time.

    Attributes:
        source: Who saw it: the probe (`snmp_system`), an agent, `lldp`, `arp`.
        instance: The device or service that was asked.
        site: Slug of the site then.
        fact: `serial`, `model`, `firmware`, `mac`, `neighbour`, `name`.
        subject: What within the device: `chassis`, an ifName.
        value: The fact itself, at most 500 characters.
    """

    __tablename__ = "observation"
    __table_args__ = (UniqueConstraint("instance", "source", "fact", "subject", "value", name="uq_observation_fact"),)
    NOUN: ClassVar[Text] = Text(vi="ghi nhận", en="observation")

    id: int | None = Field(default=None, primary_key=True)
    source: str = Field(max_length=32)
    instance: str = Field(max_length=64, index=True)
    site: str = Field(max_length=64, index=True)
    fact: str = Field(max_length=32)
    subject: str = Field(default="", max_length=128)
    value: str = Field(max_length=500, index=True)
    first_seen: datetime = moment_field()
    last_seen: datetime = moment_field(index=True)


class Transition(SQLModel, table=True):
    """A change of state that a collector saw; availability is computed from these.

    Attributes:
        uid: Given by the collector's spool; a second delivery of the same uid changes nothing.
        element: `device:NAME`, `link:NAME` or `service:NAME`.
        state: `up` or `down`.
        at: When it was seen, by the collector's clock.
        received_at: When the API wrote it.
    """

    __tablename__ = "transition"
    NOUN: ClassVar[Text] = Text(vi="thay đổi trạng thái", en="transition")

    id: int | None = Field(default=None, primary_key=True)
    uid: str = Field(unique=True, max_length=32)
    collector: str = Field(max_length=64)
    element: str = Field(max_length=80, index=True)
    instance: str = Field(max_length=64)
    site: str = Field(max_length=64, index=True)
    probe: str = Field(max_length=32)
    state: str = Field(max_length=8)
    reason: str | None = Field(default=None, max_length=32)
    detail: str = Field(default="", max_length=200)
    at: datetime = moment_field(index=True)
    received_at: datetime = moment_field(default_factory=now)
