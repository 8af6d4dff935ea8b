"""HTTP/2 over an open TLS connection (RFC 9113)."""

from collections.abc import Sequence
from typing import Final

from h2.config import H2Configuration
from h2.connection import H2Connection
from h2.events import ConnectionTerminated, DataReceived, Event, ResponseReceived, StreamEnded, StreamReset
from h2.exceptions import H2Error

from collector.probe import ProbeFailure
from collector.web.exchange import BODY_MAX, Question, Reply
from collector.wire.connection import Connection, Phases

PROTOCOL: Final = "h2"
"""Its name where TLS offers protocols (RFC 7301)."""


async def fetch(connection: Connection, question: Question, phases: Phases) -> Reply:
    """Ask and return the answer.

    Args:
        connection: Open with TLS, `h2` agreed upon, nothing said yet.
        question: What is asked.
        phases: Where the times of `processing` and `transfer` are added.

    Raises:
        ProbeFailure: The connection broke, or the answer is no HTTP/2.
    """
    exchange = _Exchange(connection)
    try:
        with phases.timed("processing"):
            await exchange.ask(question)
            while exchange.status is None:
                await exchange.listen()
        with phases.timed("transfer"):
            while not exchange.ended and len(exchange.body) < BODY_MAX:
                await exchange.listen()
    except H2Error as error:
        raise ProbeFailure("http_garbled", str(error)[:100]) from None
    return Reply(exchange.status, exchange.location, bytes(exchange.body[:BODY_MAX]), 2.0)


class _Exchange:
    """One stream of one connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._talk = H2Connection(H2Configuration(client_side=True, header_encoding=None))
        self.status: int | None = None
        self.location: str | None = None
        self.body = bytearray()
        self.ended = False

    async def ask(self, question: Question) -> None:
        self._talk.initiate_connection()
        own = (
            (":method", question.method),
            (":scheme", question.scheme),
            (":authority", question.authority),
            (":path", question.path),
        )
        self._talk.send_headers(self._talk.get_next_available_stream_id(), [*own, *question.headers], end_stream=True)
        await self._connection.write(self._talk.data_to_send())

    async def listen(self) -> None:
        data = await self._connection.read()
        if not data:
            raise ProbeFailure("broken", "EOF")
        self._take(self._talk.receive_data(data))
        # What the server must be told in turn: that its settings are taken, that more may come.
        if reply := self._talk.data_to_send():
            await self._connection.write(reply)

    def _take(self, events: Sequence[Event]) -> None:
        for event in events:
            if isinstance(event, ResponseReceived):
                headers = {bytes(name): bytes(value).decode("ascii", "replace") for name, value in event.headers or ()}
                self.status, self.location = _status(headers.get(b":status", "")), headers.get(b"location")
            elif isinstance(event, DataReceived):
                self.body += event.data or b""
                self._talk.acknowledge_received_data(event.flow_controlled_length or 0, event.stream_id or 0)
            elif isinstance(event, StreamEnded):
                self.ended = True
            elif isinstance(event, StreamReset | ConnectionTerminated):
                raise ProbeFailure("broken", f"HTTP/2: {event.error_code}")


def _status(text: str) -> int:
    if not (len(text) == 3 and text.isascii() and text.isdigit()):
        raise ProbeFailure("http_garbled", ":status")
    return int(text)
