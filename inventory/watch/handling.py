"""What people do with an incident: take it on, say what they found, note the carrier's ticket. Each act is booked."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, select

from inventory.access.rights import Act, Actor, check, visible
from inventory.books import Books
from inventory.columns import now
from inventory.db import writing
from inventory.errors import NotFound, Stale
from inventory.history import alone, masked, record
from inventory.text import Text, same
from inventory.watch.incidents import Incident, alone_with_incidents, note_event


def acknowledge(books: Books, actor: Actor, number: int, version: int | None = None) -> Incident:
    """Note that somebody has taken an incident on; done by a second person, it is theirs.

    Args:
        books: The books.
        actor: Who takes it on.
        number: The incident.
        version: The version that the reader saw; `None` if any will do.

    Raises:
        Forbidden: The actor may not change incidents.
        NotFound: There is no such incident, or the actor may not know of it.
        Stale: It was changed since.
    """

    def take(incident: Incident, moment: datetime) -> Text | None:
        incident.acknowledged_by, incident.acknowledged_at = actor.name, moment
        return None

    return _done(books, actor, number, version, _Deed("acknowledge", "acknowledged", take))


def add_note(books: Books, actor: Actor, number: int, text: str) -> Incident:
    """Add a remark to the timeline. Raises as `acknowledge`."""
    return _done(books, actor, number, None, _Deed("note", "note", lambda _incident, _moment: same(text)))


def set_ticket(books: Books, actor: Actor, number: int, ticket: str, version: int | None = None) -> Incident:
    """Note the number of the fault report at the carrier; empty takes it away. Raises as `acknowledge`."""

    def note(incident: Incident, _moment: datetime) -> Text:
        incident.ticket = ticket
        shown = ticket or "–"
        return Text(vi="Số phiếu báo hỏng: {shown}", en="Ticket at the carrier: {shown}").fill(shown=shown)

    return _done(books, actor, number, version, _Deed("set_ticket", "ticket", note))


def set_cause(books: Books, actor: Actor, number: int, cause: str, version: int | None = None) -> Incident:
    """Note what the cause was; empty takes it away. Raises as `acknowledge`."""

    def note(incident: Incident, _moment: datetime) -> Text:
        incident.cause = cause
        return Text(vi="Nguyên nhân: {shown}", en="Cause: {shown}").fill(shown=cause or "–")

    return _done(books, actor, number, version, _Deed("set_cause", "note", note))


def seen(session: Session, actor: Actor, number: int) -> Incident:
    """Return an incident that the actor may know of.

    Raises:
        NotFound: There is none.
    """
    statement = select(Incident).where(Incident.id == number, visible(actor, Incident))
    incident = session.exec(statement).first()
    if incident is None:
        raise NotFound(Incident.NOUN, str(number))
    return incident


@dataclass(frozen=True, slots=True)
class _Deed:
    """What is done: its name in the history, its kind in the timeline, and the change, which returns what is said."""

    act: str
    kind: str
    change: Callable[[Incident, datetime], Text | None]


def _done(books: Books, actor: Actor, number: int, version: int | None, deed: _Deed) -> Incident:
    check(actor, Act.WRITE, "incidents")
    with writing(books.engine) as session:
        alone(session)
        alone_with_incidents(session)
        moment = now()
        incident = seen(session, actor, number)
        if version is not None and incident.version != version:
            raise Stale(incident.version)
        before = masked(incident)
        text = deed.change(incident, moment)
        incident.version += 1
        incident.updated_at = moment
        note_event(session, incident, deed.kind, moment, actor=actor.name, said=text)
        sites = {one for one in (incident.site_id, incident.other_site_id) if one is not None}
        record(session, books.keys, actor=actor, act=deed.act, obj=incident, before=before, sites=sites)
    return incident
