"""The simulated units' websites: one small server with a page for each."""

import asyncio
import html
from collections.abc import Mapping
from http import HTTPStatus
from typing import Final

from collector.lab.district import Website

_MOST_HEAD: Final = 8_192
_HEAD_S: Final = 5.0
_PAGE: Final = """<!doctype html>
<html lang="vi"><meta charset="utf-8"><title>{title}</title>
<h1>{title}</h1>
<p>Trang minh hoạ của huyện mô phỏng, mọi nội dung đều hư cấu.</p>
<p lang="en">A page of the simulated district; everything on it is fictional.</p>
</html>
"""


def pages_of(websites: tuple[Website, ...]) -> dict[str, bytes]:
    """Return the page of each website by its path."""
    return {site.path: _PAGE.format(title=html.escape(site.title)).encode() for site in websites}


async def serve(pages: Mapping[str, bytes], host: str = "0.0.0.0", port: int = 80) -> asyncio.Server:  # noqa: S104 - it stands in a namespace of its own
    """Start the server.

    Raises:
        OSError: The port is taken, or the user may not bind it.
    """

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            async with asyncio.timeout(_HEAD_S):
                head = await reader.readuntil(b"\r\n\r\n")
                writer.write(_response(head, pages))
                await writer.drain()
        except (asyncio.IncompleteReadError, asyncio.LimitOverrunError, OSError):
            return
        finally:
            writer.close()

    return await asyncio.start_server(answer, host, port, limit=_MOST_HEAD)


def _response(head: bytes, pages: Mapping[str, bytes]) -> bytes:
    words = head.split(b"\r\n", 1)[0].decode("latin-1").split(" ")
    if len(words) != 3 or not words[2].startswith("HTTP/1."):
        status, body = HTTPStatus.BAD_REQUEST, b""
    elif words[0] not in {"GET", "HEAD"}:
        status, body = HTTPStatus.METHOD_NOT_ALLOWED, b""
    else:
        body = pages.get(words[1].split("?")[0], b"")
        status = HTTPStatus.OK if body else HTTPStatus.NOT_FOUND
    lines = (
        f"HTTP/1.1 {status.value} {status.phrase}",
        "Content-Type: text/html; charset=utf-8",
        f"Content-Length: {len(body)}",
        "Connection: close",
    )
    return "\r\n".join((*lines, "", "")).encode() + (b"" if words[0] == "HEAD" else body)
