"""Collectors and the sites leased to them."""

from datetime import datetime
from typing import ClassVar

from pydantic import ConfigDict
from sqlmodel import Field, Session, SQLModel, select

from inventory.columns import Booked, moment_field, now
from inventory.errors import NotFound
from inventory.fields import Entry, Record, Slug, changes_of
from inventory.history import Acting, alone, record
from inventory.keys import Keys
from inventory.text import Text


class Collector(Booked, table=True):
    """A registered collector process.

    Attributes:
        scope: The part of the network that it can reach; each target belongs to exactly one scope.
        url: Where Prometheus finds its pages; empty until the first lease.
        workers: Number of processes; worker k listens at the port of `url` plus k.
        seen_at: Last renewal of its leases.
    """

    __tablename__ = "collector"
    KEY: ClassVar[str] = "name"
    NOUN: ClassVar[Text] = Text(vi="bộ thu thập", en="collector")
    UNBOOKED: ClassVar[frozenset[str]] = frozenset({"url", "workers", "program_version", "seen_at"})

    name: str = Field(unique=True, max_length=64)
    scope: str = Field(default="district", max_length=64, index=True)
    url: str = Field(default="", max_length=300)
    workers: int = Field(default=1, ge=1, le=64)
    program_version: str = Field(default="", max_length=32)
    seen_at: datetime | None = moment_field(default=None)


class SiteLease(SQLModel, table=True):
    """The right to poll and expose a site until a moment; at most one row a site and scope."""

    __tablename__ = "site_lease"

    site_id: int = Field(primary_key=True, foreign_key="site.id")
    scope: str = Field(primary_key=True, max_length=64)
    collector_id: int = Field(foreign_key="collector.id", index=True)
    leased_from: datetime = moment_field(default_factory=now)
    leased_until: datetime = moment_field()


def register(session: Session, keys: Keys, actor: Acting, name: str) -> Collector:
    """Return the collector of a name, booked now if it is new.

    Args:
        session: Inside a writing transaction.
        keys: The keys of the installation.
        actor: The collector's own token: whoever issued it allowed the collector.
        name: Its name.
    """
    collector = _named(session, name)
    if collector is None:
        alone(session)
        collector = _named(session, name)
    if collector is None:
        collector = Collector(name=name)
        record(session, keys, actor=actor, act="create", obj=collector, before=None, sites=())
    return collector


def beat(session: Session, name: str, *, version: str, url: str | None, workers: int, now: datetime) -> Collector:
    """Note that a collector is alive and where its pages are.

    A heartbeat is no act of anybody: it leaves no history and does not count as a change of the row.

    Args:
        session: Inside a writing transaction.
        name: Of a collector in the books.
        version: Of its program.
        url: Base address of its pages, without a path; `None` keeps what is known.
        workers: Its processes, 1 to 64.
        now: Aware UTC.

    Raises:
        NotFound: There is none of this name, or it is retired.
    """
    collector = _named(session, name)
    if collector is None or collector.retired_at is not None:
        raise NotFound(Collector.NOUN, name)
    collector.program_version = version
    collector.workers = workers
    collector.seen_at = now
    if url is not None:
        collector.url = url
    return collector


def _named(session: Session, name: str) -> Collector | None:
    return session.exec(select(Collector).where(Collector.name == name)).first()


class CollectorCreate(Entry):
    """A collector before it first speaks."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"name": "district-1", "scope": "district"}]})

    name: Slug
    scope: Slug = "district"


class CollectorRead(CollectorCreate, Record):
    """A collector as it stands in the books, and as it was last heard of."""

    url: str = ""
    workers: int = 1
    program_version: str = ""
    seen_at: datetime | None = None


CollectorChange = changes_of(CollectorCreate, "CollectorChange")
