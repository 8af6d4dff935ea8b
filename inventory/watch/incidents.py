"""Incidents: what is or was wrong, one open at a time for each rule and element."""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any, ClassVar, Final

from sqlalchemy import Index, func, text
from sqlalchemy.sql.elements import ColumnElement
from sqlmodel import Field, Session, SQLModel, select

from inventory.columns import Booked, Places, column, json_field, moment_field
from inventory.fields import Record
from inventory.text import Text

SAID: Final[Mapping[str, Text]] = {
    "opened": Text(vi="Sự cố bắt đầu.", en="The incident began."),
    "fired_again": Text(vi="Cảnh báo bật lại trong lúc sự cố chưa hết.", en="The alert came again while it lasted."),
    "reopened": Text(vi="Sự cố lặp lại.", en="It happened again."),
    "resolved": Text(vi="Đã khắc phục: kết quả đo tốt trở lại.", en="Resolved: measurements are good again."),
    "acknowledged": Text(vi="Đã nhận xử lý.", en="Somebody takes care of it."),
}
"""What the timeline says of a kind of line that has no words of its own."""

_LONGEST_TEXT: Final = 2000
_INCIDENT_LOCK: Final = 0x7175616E67_04


class IncidentState(StrEnum):
    """Where an incident stands.

    UNKNOWN: the alert ended but no fresh good sample says that the element is well.
    """

    OPEN = "open"
    UNKNOWN = "unknown"
    RESOLVED = "resolved"


class Incident(Booked, table=True):
    """Something that is wrong with one element by one rule.

    Attributes:
        rule: Name of the alert rule.
        element: `device:NAME`, `link:NAME`, `site:SLUG`, `service:NAME`, `collector:NAME` or `rule:NAME`.
        site_id: Where; `None` if it is of no place. A link's incident belongs to the farther end's site.
        other_site_id: A link's other end.
        severity: `critical`, `warning` or `info`.
        state: One of `IncidentState`.
        opened_at: When the alert began, by Prometheus.
        resolved_at: When it ended.
        times: How often it fired within this incident; 1 at first.
        reconstructed: Whether it was found by comparing with Prometheus instead of being delivered.
        hidden_count: How many devices stand behind the cause and are silent because of it.
        values: The alert's annotations as delivered.
        summary_vi: One sentence for people.
        ticket: Number of the fault report at the carrier.
    """

    __tablename__ = "incident"
    __table_args__ = (
        Index(
            "uq_incident_open", "rule", "element", unique=True,
            sqlite_where=text("state <> 'resolved'"), postgresql_where=text("state <> 'resolved'"),
        ),
    )  # fmt: skip
    KEY: ClassVar[str] = "id"
    NOUN: ClassVar[Text] = Text(vi="sự cố", en="incident")
    SEARCH: ClassVar[tuple[str, ...]] = ("rule", "element", "summary_vi", "ticket")
    CHAINED: ClassVar[bool] = False

    rule: str = Field(max_length=64, index=True)
    element: str = Field(max_length=80, index=True)
    site_id: int | None = Field(default=None, foreign_key="site.id", index=True)
    other_site_id: int | None = Field(default=None, foreign_key="site.id", index=True)
    severity: str = Field(max_length=16)
    state: str = Field(default=IncidentState.OPEN.value, max_length=16, index=True)
    opened_at: datetime = moment_field(index=True)
    last_fired_at: datetime = moment_field()
    resolved_at: datetime | None = moment_field(default=None)
    times: int = Field(default=1, ge=1)
    reconstructed: bool = False
    hidden_count: int = Field(default=0, ge=0)
    values: dict[str, Any] = json_field(default_factory=dict)
    summary_vi: str = Field(default="", max_length=500)
    summary_en: str = Field(default="", max_length=500)
    acknowledged_by: str = Field(default="", max_length=120)
    acknowledged_at: datetime | None = moment_field(default=None)
    cause: str = Field(default="", max_length=1000)
    ticket: str = Field(default="", max_length=120)

    @classmethod
    def seen_from(cls, site_ids: Places) -> ColumnElement[bool]:
        """Return whether the incident, or the other end of its link, is at one of these sites."""
        return column(cls, "site_id").in_(site_ids) | column(cls, "other_site_id").in_(site_ids)


class IncidentEvent(SQLModel, table=True):
    """One line of an incident's timeline, append-only.

    Attributes:
        kind: `opened`, `fired_again`, `reopened`, `resolved`, `unknown`, `acknowledged`, `note`, `ticket`, `message`.
        actor: User name, or the part of the system that acted.
    """

    __tablename__ = "incident_event"

    id: int | None = Field(default=None, primary_key=True)
    incident_id: int = Field(foreign_key="incident.id", index=True)
    at: datetime = moment_field()
    kind: str = Field(max_length=24)
    actor: str = Field(default="", max_length=120)
    text_vi: str = Field(default="", max_length=2000)
    text_en: str = Field(default="", max_length=2000)


def alone_with_incidents(session: Session) -> None:
    """Make this the only transaction that moves incidents, until it ends; SQLite has one writer at a time anyhow.

    What also writes history asks for that lock first (`inventory.history.alone`).
    """
    session.flush()
    if session.get_bind().dialect.name == "postgresql":
        session.connection().execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _INCIDENT_LOCK})


def note_event(
    session: Session, incident: Incident, kind: str, at: datetime, *, actor: str = "system", said: Text | None = None
) -> IncidentEvent:
    """Append a line to an incident's timeline; its time is never before the line above, whatever the clock did.

    Args:
        session: Inside a writing transaction.
        incident: Stored.
        kind: One of the kinds of `IncidentEvent`.
        at: Aware UTC.
        actor: Who acted.
        said: What was done or said; the usual words for the kind if absent.
    """
    last = session.exec(select(func.max(IncidentEvent.at)).where(IncidentEvent.incident_id == incident.id)).one()
    event = IncidentEvent(incident_id=incident.id or 0, at=max(at, last or at), kind=kind, actor=actor)
    said = said or SAID.get(kind)
    if said is not None:
        event.text_vi, event.text_en = said.vi[:_LONGEST_TEXT], said.en[:_LONGEST_TEXT]
    session.add(event)
    session.flush()
    return event


def timeline(session: Session, incident: Incident) -> list[IncidentEvent]:
    """Return an incident's timeline, oldest first."""
    statement = select(IncidentEvent).where(IncidentEvent.incident_id == incident.id)
    return list(session.exec(statement.order_by(column(IncidentEvent, "at"), column(IncidentEvent, "id"))))


class IncidentRead(Record):
    """An incident as it stands; what is written to it goes through its own acts.

    Attributes:
        site: Slug of where it is.
        other_site: Slug of a link's other end.
    """

    rule: str
    element: str
    site: str | None = None
    other_site: str | None = None
    severity: str
    state: IncidentState
    opened_at: datetime
    last_fired_at: datetime
    resolved_at: datetime | None = None
    times: int
    reconstructed: bool
    hidden_count: int
    values: dict[str, Any]
    summary_vi: str
    summary_en: str
    acknowledged_by: str
    acknowledged_at: datetime | None = None
    cause: str
    ticket: str
