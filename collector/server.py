"""The pages that Prometheus reads: a small HTTP/1.1 server, bounded in every direction.

Nothing is read from a request but its method and its path. One request at a time is answered on a connection; who sends
too much, too slowly, or does not read the answer is cut off, so that nobody can keep Prometheus from its pages.
"""

import asyncio
import socket
from collections.abc import Iterable
from typing import Final, Protocol, cast

import httptools

from collector.exposition import CONTENT_TYPE, Blocks, render

MOST_CONNECTIONS: Final = 200
"""Connections at once; more are answered 503."""

MOST_REQUEST_BYTES: Final = 16_384
"""Octets of one request, its body with it."""

REQUEST_S: Final = 10.0
"""Seconds within which a request has to arrive, from its first octet or from the connection on."""

IDLE_S: Final = 75.0
"""Seconds after which an idle connection is closed; longer than any scrape interval in use."""

READ_S: Final = 30.0
"""Seconds within which the other side has to take what was sent to it."""

GRACE_S: Final = 2.0
"""Seconds that answers under way have when the server ends."""

_STATUS: Final = {
    200: "OK",
    400: "Bad Request",
    404: "Not Found",
    405: "Method Not Allowed",
    408: "Request Timeout",
    413: "Content Too Large",
    500: "Internal Server Error",
    503: "Service Unavailable",
}

_NO_PAGE: Final = b"no such page; a site's pages stand only at the collector that polls it\n"


class Source(Protocol):
    """Where the pages come from."""

    def target_page(self, job: str, site: str) -> Iterable[Blocks] | None:
        """Return the blocks of a page, or `None` if the site is not leased to this process."""

    def own_page(self) -> Iterable[Blocks]:
        """Return the collector's own health."""


def find(source: Source, path: str) -> Iterable[Blocks] | None:
    """Return the page at a path: `/targets/{job}/{site}`, `/metrics`, nothing else."""
    if path == "/metrics":
        return source.own_page()
    words = path.split("/", 4)
    if len(words) == 4 and words[1] == "targets":
        return source.target_page(words[2], words[3])
    return None


class Connection(asyncio.Protocol):
    """One connection, from its first octet to its last."""

    def __init__(self, source: Source, connections: set["Connection"]) -> None:
        self._source, self._connections = source, connections
        self._loop = asyncio.get_running_loop()
        self._parser = httptools.HttpRequestParser(self)
        self._url = b""
        self._size = 0
        self._method, self._stays = b"", False
        self._clock: asyncio.TimerHandle | None = None
        self._readable = asyncio.Event()
        self._readable.set()
        self._answering: asyncio.Task[None] | None = None

    @property
    def busy(self) -> bool:
        """Return whether an answer is under way."""
        return self._answering is not None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Take the connection, or refuse it if there are too many."""
        self._transport = cast("asyncio.Transport", transport)  # uvloop's is no subclass of it
        if len(self._connections) >= MOST_CONNECTIONS:
            self._refuse(503)
            return
        self._connections.add(self)
        self._within(REQUEST_S, 408)

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002 - the protocol's own argument
        """Forget the connection and end its answer."""
        self._connections.discard(self)
        self._stop_clock()
        if self._answering:
            self._answering.cancel()

    def data_received(self, data: bytes) -> None:
        """Read a request."""
        if self._size == 0:
            self._within(REQUEST_S, 408)
        self._size += len(data)
        if self._size > MOST_REQUEST_BYTES:
            self._refuse(413)
            return
        try:
            self._parser.feed_data(data)
        except (httptools.HttpParserError, httptools.HttpParserUpgrade):
            self._refuse(400)

    def on_url(self, url: bytes) -> None:
        """Keep the address; the parser's callback."""
        self._url += url

    def on_headers_complete(self) -> None:
        """Note what is wanted; the parser's callback."""
        self._method, self._stays = self._parser.get_method(), self._parser.should_keep_alive()

    def on_message_complete(self) -> None:
        """Answer, and read no further meanwhile; the parser's callback."""
        if self.busy:
            self._stays = False  # a second request before the first was answered: it will have to come again
            return
        self._stop_clock()
        self._transport.pause_reading()
        self._answering = self._loop.create_task(self._answer(self._method, _path(self._url)))

    def pause_writing(self) -> None:
        """Note that the other side does not read; the transport's callback."""
        self._readable.clear()

    def resume_writing(self) -> None:
        """Note that it reads again; the transport's callback."""
        self._readable.set()

    def close(self) -> None:
        """End the connection if no answer is under way."""
        if not self.busy:
            self._transport.close()

    def abort(self) -> None:
        """End the connection at once."""
        self._transport.abort()

    async def _answer(self, method: bytes, path: str) -> None:
        status, chunks = self._page(method, path)
        head = _head(status, sum(map(len, chunks)), self._stays)
        try:
            await self._send([head] if method == b"HEAD" else [head, *chunks])
        except TimeoutError:
            self._transport.abort()
            return
        finally:
            self._answering = None
        self._url, self._size = b"", 0
        if self._stays:
            self._within(IDLE_S, None)
            self._transport.resume_reading()
        else:
            self._transport.close()

    def _page(self, method: bytes, path: str) -> tuple[int, list[bytes]]:
        if method not in {b"GET", b"HEAD"}:
            return 405, [b"only GET and HEAD\n"]
        parts = find(self._source, path)
        return (404, [_NO_PAGE]) if parts is None else (200, list(render(parts)))

    async def _send(self, chunks: list[bytes]) -> None:
        if len(chunks) <= 2:
            self._transport.write(b"".join(chunks))
            return
        for chunk in chunks:
            self._transport.write(chunk)
            await asyncio.sleep(0)  # the polls go on between two chunks
            async with asyncio.timeout(READ_S):
                await self._readable.wait()

    def _within(self, seconds: float, status: int | None) -> None:
        self._stop_clock()
        self._clock = self._loop.call_later(seconds, self._refuse, status)

    def _stop_clock(self) -> None:
        if self._clock:
            self._clock.cancel()
            self._clock = None

    def _refuse(self, status: int | None) -> None:
        self._stop_clock()
        if status is None or self.busy:
            self._transport.abort()  # closing would wait for a peer that may never read
            return
        self._transport.write(_head(status, 0, stays=False))
        self._transport.close()


def _path(url: bytes) -> str:
    return url.partition(b"?")[0].decode("ascii", errors="replace")


def _head(status: int, length: int, stays: bool) -> bytes:
    kind = CONTENT_TYPE if status == 200 else "text/plain; charset=utf-8"
    return (
        f"HTTP/1.1 {status} {_STATUS[status]}\r\nContent-Type: {kind}\r\nContent-Length: {length}\r\n"
        f"Cache-Control: no-store\r\nConnection: {'keep-alive' if stays else 'close'}\r\n\r\n"
    ).encode()


def listener(host: str, port: int) -> socket.socket:
    """Return a listening socket.

    Raises:
        OSError: The address is taken, or is not one of this machine.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    made = socket.socket(family, socket.SOCK_STREAM)
    try:
        made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        made.bind((host, port))
        made.listen(128)
    except OSError:
        made.close()
        raise
    return made


async def serve(source: Source, sock: socket.socket) -> None:
    """Serve the pages until cancelled; answers under way have `GRACE_S` to finish."""
    connections: set[Connection] = set()
    server = await asyncio.get_running_loop().create_server(lambda: Connection(source, connections), sock=sock)
    try:
        await asyncio.Event().wait()
    finally:
        server.close()
        for connection in list(connections):
            connection.close()
        await _end(connections)


async def _end(connections: set[Connection]) -> None:
    loop = asyncio.get_running_loop()
    deadline = loop.time() + GRACE_S
    while connections and loop.time() < deadline:
        await asyncio.sleep(0.02)
        for connection in list(connections):
            connection.close()
    for connection in list(connections):
        connection.abort()
