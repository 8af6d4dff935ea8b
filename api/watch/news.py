"""News of an incident: one message for everybody who should hear of it, put in the outbox with what it tells of."""

from datetime import datetime
from hashlib import sha256
from typing import Final

from sqlmodel import Session

from api.settings import Settings
from api.views.i18n import Formats
from api.watch.mail import sender_of
from api.watch.messages import Piece, compose
from inventory.text import Text
from inventory.watch.firing import News
from inventory.watch.incidents import Incident, note_event
from inventory.watch.outbox import OutboxMessage, enqueue, first_reference
from inventory.watch.recipients import Recipient, recipients

_TOLD: Final = Text(vi="Báo tin qua thư cho: {who}", en="Told by e-mail: {who}")
_NAMED: Final = 10
"""Recipients that the timeline names; of more it says how many."""


def tell(session: Session, settings: Settings, piece: Piece, now: datetime) -> int:
    """Put a message for each recipient into the outbox; none where no mail server is set.

    Args:
        session: The transaction that moved the incident, which is stored.
        settings: The settings.
        piece: What is told.
        now: Aware UTC.

    Returns:
        How many messages were added.
    """
    if not settings.mail.host:
        return 0
    told = recipients(session, piece.subject.site_ids, settings.mail.always_to, settings.language)
    added = enqueue(session, [_message(session, settings, piece, one, now) for one in told])
    if added:
        note_event(session, piece.incident, "message", now, said=_TOLD.fill(who=_who(told)))
    return added


def _message(session: Session, settings: Settings, piece: Piece, to: Recipient, now: datetime) -> OutboxMessage:
    composed = compose(piece, Formats(to.language, settings.timezone), settings.base_url)
    return OutboxMessage(
        message_id=message_id_of(piece.news, piece.incident, to.address, sender_of(settings.mail)),
        reference=first_reference(session, piece.incident.id or 0, to.address),
        incident_id=piece.incident.id,
        channel="email",
        recipient=to.address,
        language=to.language,
        subject=composed.subject,
        body_text=composed.text,
        body_html=composed.html,
        created_at=now,
        next_attempt_at=now,
    )


def message_id_of(news: News, incident: Incident, address: str, sender: str) -> str:
    """Return the Message-ID of one piece of news for one reader: the same however often it is told.

    The recipient stands in it as a digest, so that no address leaks to another reader of the thread.
    """
    reader = sha256(address.casefold().encode()).hexdigest()[:12]
    began = int(incident.opened_at.timestamp())
    return f"<incident-{incident.id}-{began}.{news.value}.{incident.times}.{reader}@{sender.rpartition('@')[2]}>"


def _who(told: list[Recipient]) -> str:
    named = ", ".join(one.address for one in told[:_NAMED])
    return f"{named} (+{len(told) - _NAMED})" if len(told) > _NAMED else named
