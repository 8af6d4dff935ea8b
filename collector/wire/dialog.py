"""A line-based dialog over a connection, as with mail servers; the length of lines is bounded."""

import ssl
from typing import Final, Literal

from collector.probe import ProbeFailure
from collector.wire.connection import Connection, Phases, secured
from collector.wire.host import HostSettings

LINE_MAX: Final = 4_096
"""Octets of one line."""

LINES_MAX: Final = 100
"""Lines of one answer."""


class TalkSettings(HostSettings):
    """Where such a server is and how it is protected; each probe adds its port."""

    security: Literal["none", "starttls", "tls"] = "none"
    """`tls` from the start, `starttls` after the greeting, or `none`."""

    verify: bool = True
    """Whether the certificate must be valid and of this name."""


class Dialog:
    """Lines to and from a server.

    Attributes:
        connection: What carries them; another one once TLS has begun.
    """

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self._rest = b""

    async def line(self) -> str:
        """Return the next line without its end.

        Raises:
            ProbeFailure: The connection broke, or the line is longer than `LINE_MAX`.
        """
        while b"\n" not in self._rest:
            if len(self._rest) > LINE_MAX:
                raise ProbeFailure("talk_garbled", f"> {LINE_MAX}")
            more = await self.connection.read()
            if not more:
                raise ProbeFailure("broken", "EOF")
            self._rest += more
        line, _, self._rest = self._rest.partition(b"\n")
        if len(line) > LINE_MAX:
            raise ProbeFailure("talk_garbled", f"> {LINE_MAX}")
        return line.rstrip(b"\r").decode("utf-8", "replace")

    async def say(self, line: str) -> None:
        """Send one line.

        Raises:
            ProbeFailure: The connection broke.
        """
        await self.connection.write(line.encode("ascii") + b"\r\n")

    async def secure(self, host: str, tls: ssl.SSLContext, phases: Phases) -> None:
        """Begin TLS on the same connection.

        Raises:
            ProbeFailure: `tls`; or the server had said more already, which an attacker could have put there (RFC 3207).
        """
        if self._rest:
            raise ProbeFailure("talk_garbled", "STARTTLS")
        self.connection = await secured(self.connection, host, tls, phases)


def shown(line: str) -> str:
    """Return a server's words fit for a page: printable, at most 100 characters."""
    return "".join(letter if letter.isprintable() else " " for letter in line)[:100].strip()
