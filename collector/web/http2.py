"""HTTP/2 over an open TLS connection (RFC 9113)."""

from collections.abc import Sequence
from typing import Final

from h2.config import H2Configuration
from h2.connection import H2Connection
from h2.events import ConnectionTerminated, DataReceived, Event, ResponseReceived, StreamEnded, StreamReset
from h2.exceptions import H2Error
from h2.settings import SettingCodes, Settings

from collector.probe import ProbeFailure
from collector.web.address import location
from collector.web.exchange import BODY_MAX, Intake, Question, Reply
from collector.wire.connection import Connection, Phases

PROTOCOL: Final = "h2"
"""Its name where TLS offers protocols (RFC 7301)."""

_OWN_SETTINGS: Final = {SettingCodes.ENABLE_PUSH: 0, SettingCodes.MAX_HEADER_LIST_SIZE: 65_536}
"""Nothing but the answer is wanted, and a head no longer than this."""

_FRAME_HEAD: Final = 9
_FRAME_MAX: Final = 16_384
"""Octets of a frame's content; nobody was allowed to send longer ones (RFC 9113, 4.2)."""

_GOAWAY: Final = 7
_GOAWAY_LEAST: Final = 8


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
        self._intake = Intake(connection)
        self._talk = H2Connection(H2Configuration(client_side=True, header_encoding=None))
        self._talk.local_settings = Settings(client=True, initial_values=_OWN_SETTINGS)
        self._stream = 0
        self._unread = b""
        self._deaf = False
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
        self._stream = self._talk.get_next_available_stream_id()
        self._talk.send_headers(self._stream, [*own, *question.headers], end_stream=True)
        await self._tell(self._talk.data_to_send())

    async def listen(self) -> None:
        data = await self._intake.read(len(self.body))
        if not data:
            raise ProbeFailure("broken", "EOF")
        self._take(self._talk.receive_data(self._without_farewell(data)))
        # What the server must be told in turn: that its settings are taken, that more may come.
        if reply := self._talk.data_to_send():
            await self._tell(reply)

    async def _tell(self, words: bytes) -> None:
        """Send them, unless nobody listens any more: what the server said before that is judged all the same."""
        if not self._deaf:
            try:
                await self._connection.write(words)
            except ProbeFailure:
                self._deaf = True

    def _without_farewell(self, data: bytes) -> bytes:
        """Return whole frames, without a GOAWAY that lets this stream come to its end.

        A server that ends in order, or serves one question a connection, says so before it answers; the library would
        take nothing any more then.
        """
        heard, wanted, at = self._unread + data, bytearray(), 0
        while len(heard) - at >= _FRAME_HEAD:
            size = int.from_bytes(heard[at : at + 3])
            end = at + _FRAME_HEAD + size if size <= _FRAME_MAX else len(heard)  # the library says what is wrong
            if end > len(heard):
                break
            if not self._is_farewell(heard[at:end]):
                wanted += heard[at:end]
            at = end
        self._unread = heard[at:]
        return bytes(wanted)

    def _is_farewell(self, frame: bytes) -> bool:
        content = frame[_FRAME_HEAD:]
        if frame[3] != _GOAWAY or len(content) < _GOAWAY_LEAST:
            return False
        return int.from_bytes(content[:4]) & 0x7FFFFFFF >= self._stream and not any(content[4:8])

    def _take(self, events: Sequence[Event]) -> None:
        for event in events:
            if isinstance(event, ResponseReceived):
                headers = {bytes(name): bytes(value) for name, value in event.headers or ()}
                self.status = _status(headers.get(b":status", b"").decode("ascii", "replace"))
                self.location = location(headers[b"location"]) if b"location" in headers else None
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
