"""As much of an HTTP client as the supervisor needs, without the weight of a whole one."""

import asyncio
from typing import Final

from inventory.text import Text

MOST_OCTETS: Final = 16 * 1024 * 1024
_DEADLINE_S: Final = 5.0


class NoAnswer(Exception):
    """Nobody answers there, or not with HTTP.

    Attributes:
        reason: Why.
    """

    def __init__(self, why: object) -> None:
        super().__init__(str(why))
        self.reason = Text(vi="không trả lời ({why})", en="no answer ({why})").fill(why=why)


async def get(address: str, path: str, token: str = "") -> tuple[int, bytes]:
    """Return status and body of a GET.

    Args:
        address: `host:port`, or the path of a Unix socket.
        path: Path and query.
        token: Bearer token; empty for none.

    Raises:
        NoAnswer: No whole answer came within 5 s, or it is larger than `MOST_OCTETS`.
    """
    lines = [f"GET {path} HTTP/1.0", "Host: localhost", "Accept: application/json, */*"]
    if token:
        lines.append(f"Authorization: Bearer {token}")
    try:
        async with asyncio.timeout(_DEADLINE_S):
            reader, writer = await _connect(address)
            try:
                writer.write("\r\n".join([*lines, "", ""]).encode())
                await writer.drain()
                head = await reader.readuntil(b"\r\n\r\n")
                body = await _rest(reader)
            finally:
                writer.close()
        return int(head.split(b" ", 2)[1]), body
    except (OSError, TimeoutError, ValueError, IndexError, EOFError, asyncio.LimitOverrunError) as error:
        raise NoAnswer(type(error).__name__) from error


async def _connect(address: str) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    if address.startswith("/"):
        return await asyncio.open_unix_connection(address)
    host, _, port = address.rpartition(":")
    return await asyncio.open_connection(host.strip("[]"), int(port))


async def _rest(reader: asyncio.StreamReader) -> bytes:
    body = bytearray()
    while part := await reader.read(65_536):
        body += part
        if len(body) > MOST_OCTETS:
            raise ValueError("too large")
    return bytes(body)
