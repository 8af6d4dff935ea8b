"""The pages that Prometheus scrapes: a small HTTP/1.1 server, bounded in every direction.

Only the method and the path of a request are used. A connection serves one request at a time. A client that sends too
much, sends too slowly, or does not read the answer is disconnected, so none can keep Prometheus from its pages. Long
pages are rendered in a separate thread and sent piece by piece while polling goes on.
"""

import asyncio
import logging
import math
import socket
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Final, Protocol, cast
from urllib.parse import parse_qsl

import httptools

from collector.polling.on_demand import Busy, Polled
from collector.series.exposition import CHUNK_BYTES, CONTENT_TYPE, Blocks, render

log = logging.getLogger(__name__)

MOST_CONNECTIONS: Final = 200
"""Connections at once. Beyond that the one that has been idle longest makes room; where all are answered, 503."""

MOST_REQUEST_BYTES: Final = 16_384
"""Octets of one request, its body with it."""

REQUEST_S: Final = 10.0
"""Seconds within which a request has to arrive, from its first octet or from the connection on."""

IDLE_S: Final = 75.0
"""Seconds after which an idle connection is closed; longer than any scrape interval in use."""

READ_S: Final = 30.0
"""Seconds within which the other side has to take what was sent to it."""

ANSWER_S: Final = 120.0
"""Seconds within which it has to take a whole page."""

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

PATIENCE: Final = b"x-prometheus-scrape-timeout-seconds"
"""Head by which Prometheus says how long it waits for a page."""

MARGIN_S: Final = 0.5
"""So much sooner a poll ends than its page has to be there."""

SNMP_PATH: Final = "/snmp"
"""Here a poll that fails has no page, so that `up` tells of it, as it does with snmp_exporter."""

PROBE_PATHS: Final = {"/probe": "http_2xx", SNMP_PATH: "if_mib"}
"""Where one target is polled now, and the module that is meant where none is named, as exporters have them."""

_NO_PAGE: Final = b"no such page; a site's pages stand only at the collector that polls it\n"
_NO_TARGET: Final = b"no such target here; it is polled by the collector that holds its site, if the books ask for it\n"


class Source(Protocol):
    """Where the pages come from."""

    def target_page(self, job: str, site: str) -> Iterable[Blocks] | None:
        """Return the blocks of a page, or `None` if the site is not leased to this process."""

    async def probe_page(self, instance: str, kind: str, within_s: float) -> Polled | None:
        """Poll a target now, within so many seconds, and return its page; `None` if this process has no such target.

        Raises:
            Busy: Too many such polls are under way.
        """

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

    def __init__(self, source: Source, connections: dict["Connection", None], thread: ThreadPoolExecutor) -> None:
        self._source, self._connections, self._thread = source, connections, thread
        self._loop = asyncio.get_running_loop()
        self._parser = httptools.HttpRequestParser(self)
        self._url = b""
        self._size = 0
        self._method, self._stays, self._polls = b"", False, False
        self._within_s = math.inf
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
        if len(self._connections) >= MOST_CONNECTIONS and not self._make_room():
            self._refuse(503)
            return
        self._connections[self] = None
        self._within(REQUEST_S, 408)

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002 - the protocol's own argument
        """Forget the connection and end its answer."""
        self._connections.pop(self, None)
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
        if self.busy:
            self._stays = False  # a second request before the first was answered: it will have to come again
            return
        try:
            self._parser.feed_data(data)
        except httptools.HttpParserUpgrade:
            self._stays = False  # another protocol is offered, and not taken (RFC 9110, 7.8)
        except httptools.HttpParserError:
            self._refuse(400)

    def eof_received(self) -> bool:
        """Let an answer go out to who has said all; a poll for nobody is given up."""
        self._stays = False
        return self.busy and not self._polls

    def on_url(self, url: bytes) -> None:
        """Keep the address; the parser's callback."""
        self._url += url

    def on_header(self, name: bytes, value: bytes) -> None:
        """Note how long the other side waits; the parser's callback."""
        if name.lower() == PATIENCE:
            with suppress(ValueError):
                waits_s = float(value)
                self._within_s = max(waits_s - MARGIN_S, waits_s / 2) if waits_s > 0 else math.inf

    def on_headers_complete(self) -> None:
        """Note what is wanted; the parser's callback."""
        self._method, self._stays = self._parser.get_method(), self._parser.should_keep_alive()

    def on_message_complete(self) -> None:
        """Answer; the parser's callback. What is read meanwhile only tells whether the other side is still there."""
        if self.busy:
            self._stays = False
            return
        self._stop_clock()
        self._answering = self._loop.create_task(self._answer(self._method, *_address(self._url)))

    def pause_writing(self) -> None:
        """Note that the other side does not read; the transport's callback."""
        self._readable.clear()

    def resume_writing(self) -> None:
        """Note that it reads again; the transport's callback."""
        self._readable.set()

    def _make_room(self) -> bool:
        """End the connection that has been idle longest, so that slow or silent strangers keep nobody out."""
        idle = next((other for other in self._connections if not other.busy), None)
        if idle is not None:
            self._connections.pop(idle)
            idle.abort()
        return idle is not None

    def close(self) -> None:
        """End the connection if no answer is under way."""
        if not self.busy:
            self._transport.close()

    def abort(self) -> None:
        """End the connection at once."""
        self._transport.abort()

    async def _answer(self, method: bytes, path: str, query: str) -> None:
        try:
            await self._send_page(method, path, query)
        except TimeoutError:
            self._transport.abort()
            return
        except Exception:
            log.exception("the page %s cannot be rendered", path)
            self._transport.abort()  # the other side shall not take half a page for a whole one
            return
        finally:
            self._answering = None
        self._url, self._size, self._within_s = b"", 0, math.inf
        if self._stays:
            self._within(IDLE_S, None)
            self._connections[self] = self._connections.pop(self, None)  # of all that are idle it is the newest
        else:
            self._transport.close()

    async def _send_page(self, method: bytes, path: str, query: str) -> None:
        """Send a short page at once, a long one piece by piece while its next piece is made in the other thread."""
        status, chunks = await self._page(method, path, query)
        piece = next(chunks, None)
        if piece is None or 0 < len(piece) < CHUNK_BYTES:  # shorter than that is only the last one
            body = piece or b""
            self._transport.write(_head(status, self._stays, f"Content-Length: {len(body)}"))
            self._transport.write(b"" if method == b"HEAD" else body)
            return
        chunked = self._parser.get_http_version() != "1.0"
        self._stays = self._stays and chunked
        self._transport.write(_head(status, self._stays, "Transfer-Encoding: chunked" if chunked else None))
        async with asyncio.timeout(ANSWER_S):
            while piece is not None and method == b"GET":
                await self._write(piece, chunked)
                piece = await self._next(chunks)
        if chunked and method == b"GET":
            self._transport.write(b"0\r\n\r\n")

    async def _page(self, method: bytes, path: str, query: str) -> tuple[int, Iterator[bytes]]:
        if method not in {b"GET", b"HEAD"}:
            return 405, iter([b"only GET and HEAD\n"])
        if path in PROBE_PATHS:
            return await self._probe(query, path)
        parts = find(self._source, path)
        return (404, iter([_NO_PAGE])) if parts is None else (200, render(parts))

    async def _probe(self, query: str, path: str) -> tuple[int, Iterator[bytes]]:
        """Answer as exporters do that Prometheus sends from target to target: `/probe?target=NAME&module=KIND`."""
        self._polls = True
        try:
            pairs = parse_qsl(query, strict_parsing=True, max_num_fields=4)
            words = dict(pairs)
            if len(words) < len(pairs):
                raise ValueError  # noqa: TRY301 - several modules at once: half of the answer would pass for the whole
            polled = await self._source.probe_page(
                words["target"], words.get("module", PROBE_PATHS[path]), self._within_s
            )
        except (ValueError, KeyError):
            return 400, iter([b"ask for /probe?target=NAME&module=KIND\n"])
        except Busy:
            return 503, iter([b"too many polls out of turn are under way\n"])
        finally:
            self._polls = False
        if polled is None:
            return 404, iter([_NO_TARGET])
        if polled.reason is not None and path == SNMP_PATH:
            return 500, iter([f"the poll failed: {polled.reason}\n".encode()])
        return 200, render(polled.blocks)

    async def _next(self, chunks: Iterator[bytes]) -> bytes | None:
        """Return the next piece of a page, or `None` at its end. All pages take turns in one thread."""
        return await self._loop.run_in_executor(self._thread, next, chunks, None)

    async def _write(self, chunk: bytes, chunked: bool) -> None:
        """Send a piece, and wait until the other side has taken enough of what it was sent."""
        if not chunk:
            return
        self._transport.write(b"%x\r\n%b\r\n" % (len(chunk), chunk) if chunked else chunk)
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
        self._transport.write(_head(status, stays=False))
        self._transport.close()


def _address(url: bytes) -> tuple[str, str]:
    """Return path and query."""
    path, _, query = url.decode("ascii", errors="replace").partition("?")
    return path, query


def _head(status: int, stays: bool, extent: str | None = "Content-Length: 0") -> bytes:
    """Return the head of an answer; without a line about its extent it ends with the connection."""
    lines = [
        f"HTTP/1.1 {status} {_STATUS[status]}",
        f"Content-Type: {CONTENT_TYPE if status == 200 else 'text/plain; charset=utf-8'}",
        *([extent] if extent else []),
        "Cache-Control: no-store",
        f"Connection: {'keep-alive' if stays else 'close'}",
    ]
    return "\r\n".join([*lines, "", ""]).encode()


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
    connections: dict[Connection, None] = {}
    thread = ThreadPoolExecutor(1, "pages")
    server = await asyncio.get_running_loop().create_server(lambda: Connection(source, connections, thread), sock=sock)
    try:
        await asyncio.Event().wait()
    finally:
        server.close()
        for connection in list(connections):
            connection.close()
        await _end(connections)
        thread.shutdown(wait=False, cancel_futures=True)


async def _end(connections: dict[Connection, None]) -> None:
    loop = asyncio.get_running_loop()
    deadline = loop.time() + GRACE_S
    while connections and loop.time() < deadline:
        await asyncio.sleep(0.02)
        for connection in list(connections):
            connection.close()
    for connection in list(connections):
        connection.abort()
