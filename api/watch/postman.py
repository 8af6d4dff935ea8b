"""The postman: empties the outbox, at once when the bell rings and every few seconds anyhow."""

import logging
from typing import Final

from anyio.to_thread import run_sync

from api.house import House
from api.watch.mail import Mail, MailTrouble, send
from inventory.columns import now
from inventory.db import writing
from inventory.text import Text
from inventory.watch.incidents import Incident, note_event
from inventory.watch.outbox import OutboxMessage, claim, delivered, failed

log = logging.getLogger(__name__)

PAUSE_S: Final = 5.0
"""Seconds between two looks into the outbox when nobody rings."""

BATCH: Final = 50

_GIVEN_UP: Final = Text(
    vi="Không gửi được thư cho {who} sau 48 giờ, không thử nữa: {why}",
    en="No mail reached {who} within 48 hours, it was given up: {why}",
)


async def deliver(house: House) -> None:
    """Wait for the bell or a few seconds, then deliver all that is due.

    Raises:
        Unavailable: The database does not answer.
        MailTrouble: The mail server takes nothing; the messages wait.
    """
    await house.bell.wait(PAUSE_S)
    if house.settings.mail.host:
        while await run_sync(deliver_batch, house):
            pass


def deliver_batch(house: House) -> int:
    """Deliver what is due, up to `BATCH` messages over one connection, and note what became of each.

    Returns:
        How many were delivered.

    Raises:
        Unavailable: The database does not answer; what was sent meanwhile is sent again, with the same Message-ID.
        MailTrouble: The mail server takes nothing at all.
    """
    with writing(house.books.engine) as session:
        messages = claim(session, now(), limit=BATCH)
    if not messages:
        return 0
    outcomes = send(house.settings.mail, [_mail(message) for message in messages])
    taken = [message.id or 0 for message, trouble in zip(messages, outcomes, strict=True) if trouble is None]
    with writing(house.books.engine) as session:
        moment = now()
        delivered(session, taken, moment)
        for message, trouble in zip(messages, outcomes, strict=True):
            if trouble is not None:
                given_up = failed(session, message.id or 0, f"{trouble.reason.vi} / {trouble.reason.en}", moment)
                if given_up is not None and (incident := session.get(Incident, given_up.incident_id)) is not None:
                    said = _GIVEN_UP.fill(who=given_up.recipient, why=trouble.reason)
                    note_event(session, incident, "message", moment, said=said)
                    log.error("message %s was given up: %s", given_up.message_id, trouble.reason.en)
    _tell_of(outcomes)
    return len(taken)


def _tell_of(outcomes: list[MailTrouble | None]) -> None:
    for trouble in outcomes:
        if trouble is not None and trouble.is_about_all:
            raise trouble
        if trouble is not None:
            log.warning("%s %s", trouble.reason.en, trouble.first_step.en)


def _mail(message: OutboxMessage) -> Mail:
    return Mail(
        message_id=message.message_id,
        recipient=message.recipient,
        subject=message.subject,
        text=message.body_text,
        html=message.body_html,
        written_at=message.created_at,
        language=message.language,
        reference=message.reference,
    )
