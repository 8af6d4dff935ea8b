"""What was seen, never to be mixed with what is booked."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, ClassVar, Final

from sqlalchemy import Index, Table, case, select, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.sql.elements import ColumnElement
from sqlmodel import Field, Session, SQLModel, UniqueConstraint

from inventory.columns import Places, column, moment_field, now
from inventory.places.sites import Site
from inventory.text import Text

_ROWS: Final = 500
"""Rows of one statement: bounded by how many values both databases take at once."""

_NEIGHBOURS: Final = text("fact = 'neighbour' OR fact = 'name'")


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
    __table_args__ = (
        UniqueConstraint("instance", "source", "fact", "subject", "value", name="uq_observation_fact"),
        Index("ix_observation_seen", "value", "fact", "last_seen"),
        # Who is whose neighbour: a few of very many facts.
        Index(
            "ix_observation_neighbours", "fact", "instance", "subject",
            sqlite_where=_NEIGHBOURS, postgresql_where=_NEIGHBOURS,
        ),
    )  # fmt: skip
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

    @classmethod
    def seen_from(cls, site_ids: Places) -> ColumnElement[bool]:
        """Return whether it was seen at one of these sites."""
        return column(cls, "site").in_(select(column(Site, "slug")).where(Site.seen_from(site_ids)))


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

    @classmethod
    def seen_from(cls, site_ids: Places) -> ColumnElement[bool]:
        """Return whether it was seen at one of these sites."""
        return column(cls, "site").in_(select(column(Site, "slug")).where(Site.seen_from(site_ids)))


def ingest_transitions(session: Session, seen: Sequence[Transition]) -> int:
    """Store changes of state, each uid once, whatever is delivered again and by however many at a time.

    Args:
        session: Inside a writing transaction.
        seen: Not yet added to any session, in the order in which they happened.

    Returns:
        How many of them were new.
    """
    new = 0
    for rows in _batches(one.model_dump(exclude={"id"}) for one in seen):
        statement = _insert(session, Transition).values(rows).on_conflict_do_nothing(index_elements=["uid"])
        new += len(session.execute(statement.returning(_table(Transition).c.uid)).all())
    return new


def ingest_observations(session: Session, seen: Iterable[Observation]) -> None:
    """Store facts; one that is known only widens its time, so that a second delivery changes nothing.

    Args:
        session: Inside a writing transaction.
        seen: Not yet added to any session, in any order.
    """
    merged: dict[tuple[str, ...], Observation] = {}
    for one in seen:
        fact = (one.instance, one.source, one.fact, one.subject, one.value)
        known = merged.setdefault(fact, one)
        known.first_seen, known.last_seen = (
            min(known.first_seen, one.first_seen),
            max(known.last_seen, one.last_seen),
        )
        known.site = one.site if one.last_seen >= known.last_seen else known.site
    stored = _table(Observation).c
    # In the order of the key, so that two collectors that saw the same facts never wait for each other in a circle.
    for rows in _batches(merged[fact].model_dump(exclude={"id"}) for fact in sorted(merged)):
        statement = _insert(session, Observation).values(rows)
        later = statement.excluded.last_seen > stored.last_seen
        earlier = statement.excluded.first_seen < stored.first_seen
        session.execute(
            statement.on_conflict_do_update(
                index_elements=["instance", "source", "fact", "subject", "value"],
                set_={
                    "first_seen": case((earlier, statement.excluded.first_seen), else_=stored.first_seen),
                    "last_seen": case((later, statement.excluded.last_seen), else_=stored.last_seen),
                    "site": case((later, statement.excluded.site), else_=stored.site),
                },
            )
        )


def _batches(rows: Iterable[dict[str, Any]]) -> Iterable[list[dict[str, Any]]]:
    waiting = list(rows)
    return (waiting[start : start + _ROWS] for start in range(0, len(waiting), _ROWS))


def _insert(session: Session, table: type[SQLModel]) -> sqlite.Insert | postgresql.Insert:
    make = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    return make(_table(table))


def _table(of: type[SQLModel]) -> Table:
    return SQLModel.metadata.tables[str(of.__tablename__)]
