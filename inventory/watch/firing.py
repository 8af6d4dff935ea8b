"""From alerts to incidents: what Prometheus says began, went on or ended, whatever the order in which it is heard.

News may come late, twice, out of order or not at all. What identifies one firing is its beginning by Prometheus' clock:
one that is not later than what is known already is a repetition.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Final

from sqlmodel import Session, select

from inventory.columns import column
from inventory.text import Text
from inventory.watch.incidents import Incident, IncidentState, alone_with_incidents, note_event

REOPENS_WITHIN: Final = timedelta(minutes=10)
"""What fires again so soon after its end is the same incident."""

SAME: Final = timedelta(milliseconds=500)
"""Beginnings closer than this are one: Prometheus rounds them differently in messages and in series, and it takes it at
least two seconds to end an alert and raise it again."""


SET_BACK: Final = timedelta(minutes=1)
"""What is known to have begun so far in the future began before the clock was set back."""


class News(StrEnum):
    """What people should be told."""

    OPENED = "opened"
    REOPENED = "reopened"
    RESOLVED = "resolved"


@dataclass(frozen=True, slots=True, kw_only=True)
class Firing:
    """An alert that fires.

    Attributes:
        started_at: When it began, by Prometheus' clock; aware UTC.
        summary: One sentence for people.
        values: The alert's annotations.
        site_id: Where; `None` if it is of no place.
        other_site_id: A link's other end.
        hidden_count: Devices behind the cause.
        reconstructed: Whether it was found by comparing with Prometheus.
    """

    rule: str
    element: str
    severity: str
    started_at: datetime
    summary: Text
    values: Mapping[str, Any]
    site_id: int | None = None
    other_site_id: int | None = None
    hidden_count: int = 0
    reconstructed: bool = False


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of it.

    Attributes:
        incident: The incident as it is now; `None` if there is none to speak of.
        news: What people should be told; `None` for a repetition.
    """

    incident: Incident | None
    news: News | None = None


def fire(session: Session, firing: Firing, now: datetime) -> Outcome:
    """Note that an alert fires: open an incident, reopen one that ended less than ten minutes before, or know already.

    Args:
        session: Inside a writing transaction.
        firing: The alert; one that began no later than the last known firing is a repetition.
        now: Aware UTC.
    """
    alone_with_incidents(session)
    began = min(firing.started_at, now)
    if firing.started_at <= now + SET_BACK:
        _bring_back(session, firing, began, now)
    incident = latest(session, firing.rule, firing.element)
    if incident is None:
        return _open(session, firing, began, now)
    if incident.state == IncidentState.RESOLVED:
        if began <= incident.last_fired_at + SAME:
            return Outcome(incident)
        if began - (incident.resolved_at or began) > REOPENS_WITHIN:
            return _open(session, firing, began, now)
        return _reopen(session, incident, firing, began, now)
    return _go_on(session, incident, firing, began, now)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ending:
    """An alert that no longer fires.

    Attributes:
        started_at: Beginning of the firing that ended, by Prometheus' clock.
        ended_at: When it ended.
        good: Whether a fresh good sample says that the element is well. Without it the state becomes unknown, and
            nobody is told that all is well.
    """

    rule: str
    element: str
    started_at: datetime
    ended_at: datetime
    good: bool


def end(session: Session, ending: Ending, now: datetime) -> Outcome:
    """Note that an alert ended.

    Args:
        session: Inside a writing transaction.
        ending: What ended; the end of an earlier firing than the last known one is a repetition.
        now: Aware UTC.
    """
    alone_with_incidents(session)
    incident = latest(session, ending.rule, ending.element)
    if incident is None or incident.state == IncidentState.RESOLVED:
        return Outcome(incident)
    if ending.started_at < incident.last_fired_at - SAME:
        return Outcome(incident)
    if not ending.good:
        if incident.state == IncidentState.OPEN:
            incident.state = IncidentState.UNKNOWN
            _touch(session, incident, now)
            note_event(session, incident, "unknown", now, said=_UNKNOWN)
        return Outcome(incident)
    incident.state = IncidentState.RESOLVED
    incident.resolved_at = max(incident.last_fired_at, min(ending.ended_at, now))
    _touch(session, incident, now)
    note_event(session, incident, "resolved", now)
    return Outcome(incident, News.RESOLVED)


def drop(session: Session, incident: Incident, now: datetime) -> None:
    """Close an incident of something that nobody watches any more: no good sample will ever come.

    Args:
        session: Inside a writing transaction.
        incident: Not resolved.
        now: Aware UTC.
    """
    incident.state = IncidentState.RESOLVED
    incident.resolved_at = max(incident.last_fired_at, now)
    _touch(session, incident, now)
    note_event(session, incident, "resolved", now, said=_DROPPED)


def past(session: Session, firing: Firing, ended_at: datetime, now: datetime) -> Outcome:
    """Note a firing that began and ended unheard, unless an incident covers its beginning already.

    Where nothing later is known it becomes the newest incident, resolved; an older gap is filled the same way without
    touching what came after it.

    Args:
        session: Inside a writing transaction.
        firing: The alert.
        ended_at: When it ended, by Prometheus.
        now: Aware UTC.
    """
    alone_with_incidents(session)
    if is_known(session, firing.rule, firing.element, firing.started_at):
        return Outcome(latest(session, firing.rule, firing.element))
    incident = _made(firing, min(firing.started_at, now))
    incident.state = IncidentState.RESOLVED
    incident.resolved_at = max(incident.last_fired_at, min(ended_at, now))
    session.add(incident)
    session.flush()
    note_event(session, incident, "opened", incident.opened_at, said=_RECONSTRUCTED)
    note_event(session, incident, "resolved", now)
    return Outcome(incident, News.RESOLVED)


def is_known(session: Session, rule: str, element: str, started_at: datetime) -> bool:
    """Return whether an incident covers the beginning of a firing."""
    covers = select(column(Incident, "id")).where(
        Incident.rule == rule,
        Incident.element == element,
        Incident.opened_at <= started_at + SAME,
        column(Incident, "resolved_at").is_(None) | (column(Incident, "resolved_at") >= started_at - SAME),
    )
    return session.execute(covers.limit(1)).first() is not None


def latest(session: Session, rule: str, element: str) -> Incident | None:
    """Return the newest incident of a rule and an element, as the database has it now; `None` if there is none."""
    statement = select(Incident).where(Incident.rule == rule, Incident.element == element)
    newest_first = statement.order_by(column(Incident, "opened_at").desc(), column(Incident, "id").desc()).limit(1)
    return session.exec(newest_first.execution_options(populate_existing=True)).first()


def unresolved(session: Session) -> list[Incident]:
    """Return every incident that is open or of unknown state, oldest first."""
    statement = select(Incident).where(column(Incident, "state") != IncidentState.RESOLVED)
    return list(session.exec(statement.order_by(column(Incident, "opened_at"), column(Incident, "id"))))


def _bring_back(session: Session, firing: Firing, began: datetime, now: datetime) -> None:
    """Move what lies in the future, since the clock was set back, before a firing that began after that.

    Otherwise the firing would be taken for a repetition of what began later, and nobody would hear of it for hours.
    """
    future = column(Incident, "last_fired_at") > now + SET_BACK
    statement = select(Incident).where(Incident.rule == firing.rule, Incident.element == firing.element, future)
    before = began - 2 * SAME
    for incident in session.exec(statement.execution_options(populate_existing=True)):
        incident.opened_at = min(incident.opened_at, before)
        incident.last_fired_at = before
        if incident.resolved_at is not None:
            incident.resolved_at = before
        _touch(session, incident, now)


def _open(session: Session, firing: Firing, began: datetime, now: datetime) -> Outcome:
    incident = _made(firing, began)
    session.add(incident)
    session.flush()
    note_event(session, incident, "opened", now, said=_RECONSTRUCTED if firing.reconstructed else None)
    return Outcome(incident, News.OPENED)


def _made(firing: Firing, began: datetime) -> Incident:
    incident = Incident(
        rule=firing.rule,
        element=firing.element,
        site_id=firing.site_id,
        other_site_id=firing.other_site_id,
        severity=firing.severity,
        opened_at=began,
        last_fired_at=began,
        reconstructed=firing.reconstructed,
    )
    _describe(incident, firing)
    return incident


def _reopen(session: Session, incident: Incident, firing: Firing, began: datetime, now: datetime) -> Outcome:
    incident.state = IncidentState.OPEN
    incident.resolved_at = None
    incident.times += 1
    incident.last_fired_at = max(began, incident.last_fired_at)
    # Whoever took it on believes that it is over.
    incident.acknowledged_by, incident.acknowledged_at = "", None
    _describe(incident, firing)
    _touch(session, incident, now)
    note_event(session, incident, "reopened", now, said=_RECONSTRUCTED if firing.reconstructed else None)
    return Outcome(incident, News.REOPENED)


def _go_on(session: Session, incident: Incident, firing: Firing, began: datetime, now: datetime) -> Outcome:
    again = began > incident.last_fired_at + SAME
    if again:
        incident.last_fired_at = began
        incident.times += 1
    if again or incident.state == IncidentState.UNKNOWN:
        incident.state = IncidentState.OPEN
        _describe(incident, firing)
        _touch(session, incident, now)
        note_event(session, incident, "fired_again", now)
    return Outcome(incident)


def _describe(incident: Incident, firing: Firing) -> None:
    incident.values = dict(firing.values)
    incident.summary_vi, incident.summary_en = firing.summary.vi[:500], firing.summary.en[:500]
    incident.hidden_count = firing.hidden_count


def _touch(session: Session, incident: Incident, now: datetime) -> None:
    incident.version += 1
    incident.updated_at = now
    session.add(incident)
    session.flush()


_UNKNOWN: Final = Text(
    vi="Cảnh báo đã tắt nhưng chưa có kết quả đo tốt nào; chưa coi là đã khắc phục.",
    en="The alert has ended, but no good measurement has come yet; it does not count as resolved.",
)
_DROPPED: Final = Text(
    vi="Không còn được theo dõi nên sự cố được đóng lại.", en="It is no longer watched, so the incident is closed."
)
_RECONSTRUCTED: Final = Text(
    vi="Không nhận được tin báo; sự cố được dựng lại khi đối chiếu với Prometheus.",
    en="The news never arrived; the incident was found by comparing with Prometheus.",
)
