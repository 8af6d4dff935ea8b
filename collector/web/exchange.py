"""One HTTP request and its answer, whatever version carries them."""

import asyncio
from typing import Final, NamedTuple

from collector.probe import ProbeFailure
from collector.wire.connection import Connection

BODY_MAX: Final = 1_048_576
"""Octets of the body that are read and searched."""

AROUND_MAX: Final = 65_536
"""Octets of heads, frames and sizes of chunks that may come besides the body, and once more as many as it has."""

PIECE_OCTETS: Final = 4_096
"""Octets that are looked into at once: hundreds of frames fit in, and other polls wait meanwhile."""


class Question(NamedTuple):
    """What is asked.

    Attributes:
        method: `GET` or `HEAD`.
        scheme: `http` or `https`.
        authority: Host and port as the address has them.
        path: With the query.
        headers: Lower-case names; without host, connection and length.
    """

    method: str
    scheme: str
    authority: str
    path: str
    headers: tuple[tuple[str, str], ...]


class Reply(NamedTuple):
    """What came back.

    Attributes:
        status: Of the final answer.
        location: Where a redirect leads.
        body: Its first `BODY_MAX` octets.
        version: 1.0, 1.1 or 2.
    """

    status: int
    location: str | None
    body: bytes
    version: float


class Intake:
    """What comes in by a connection during one exchange, counted, and taken in pieces that hold up nobody.

    A server that fills its answer with what is no answer (chunks of one octet, empty frames, heads without an end)
    would otherwise keep the collector busy until the deadline.
    """

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._octets = 0

    async def read(self, body: int) -> bytes:
        """Return what has come; nothing at the end.

        Args:
            body: Octets of the body that were found so far in what was returned.

        Raises:
            ProbeFailure: The connection broke, or far more has come than the body explains.
        """
        if self._octets > AROUND_MAX + 2 * body:
            raise ProbeFailure("http_garbled", f"{self._octets} B, body {body} B")
        data = await self._connection.read(PIECE_OCTETS)
        self._octets += len(data)
        await asyncio.sleep(0)  # what has come already is returned without waiting, so nobody else would have a turn
        return data
