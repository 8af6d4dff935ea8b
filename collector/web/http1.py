"""HTTP/1.1 over an open connection (RFC 9112)."""

from typing import Final

import h11

from collector.probe import ProbeFailure
from collector.web.address import location
from collector.web.exchange import BODY_MAX, Intake, Question, Reply
from collector.wire.connection import Connection, Phases

_OLD: Final = b"1.0"


async def fetch(connection: Connection, question: Question, phases: Phases) -> Reply:
    """Ask and return the answer.

    Args:
        connection: Open, nothing said yet.
        question: What is asked.
        phases: Where the times of `processing` and `transfer` are added.

    Raises:
        ProbeFailure: The connection broke, or the answer is no HTTP.
    """
    talk, intake = h11.Connection(h11.CLIENT), Intake(connection)
    with phases.timed("processing"):
        headers = [("host", question.authority), ("connection", "close"), *question.headers]
        request = h11.Request(method=question.method, target=question.path, headers=headers)
        await connection.write(talk.send(request) or b"")
        await connection.write(talk.send(h11.EndOfMessage()) or b"")
        head = await _head(intake, talk)
    with phases.timed("transfer"):
        body = await _body(intake, talk)
    moved = next((location(value) for name, value in head.headers if name == b"location"), None)
    return Reply(head.status_code, moved, body, 1.0 if head.http_version == _OLD else 1.1)


async def _head(intake: Intake, talk: h11.Connection) -> h11.Response:
    while True:
        event = await _event(intake, talk, 0)
        if isinstance(event, h11.Response):
            return event
        if not isinstance(event, h11.InformationalResponse):
            raise ProbeFailure("http_garbled", "no response")


async def _body(intake: Intake, talk: h11.Connection) -> bytes:
    body = bytearray()
    while len(body) < BODY_MAX:
        event = await _event(intake, talk, len(body))
        if not isinstance(event, h11.Data):
            break
        body += event.data
    return bytes(body[:BODY_MAX])


async def _event(intake: Intake, talk: h11.Connection, body: int) -> object:
    try:
        while (event := talk.next_event()) is h11.NEED_DATA:
            talk.receive_data(await intake.read(body))
    except h11.RemoteProtocolError as error:
        raise ProbeFailure("http_garbled", str(error)[:100]) from None
    return event
