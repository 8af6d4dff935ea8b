"""The pages that Prometheus reads, served by uvicorn on a socket that is bound before anything else starts.

Nothing is read from a request but its method and its path, and no page says more than the samples that stand on it.
"""

import asyncio
import contextlib
import socket
from collections.abc import Awaitable, Callable, Iterable, Iterator, MutableMapping
from typing import Any, Final, Protocol

import uvicorn

from collector.exposition import CONTENT_TYPE, Blocks, render

MOST_CONNECTIONS: Final = 200
"""Requests and idle connections at once; more are answered 503."""

IDLE_S: Final = 75
"""Seconds after which an idle connection is closed; longer than any scrape interval in use."""

_Scope = MutableMapping[str, Any]
_Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
_Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]


class Source(Protocol):
    """Where the pages come from."""

    def target_page(self, job: str, site: str) -> Iterable[Blocks] | None:
        """Return the blocks of a page, or `None` if the site is not leased to this process."""

    def own_page(self) -> Iterable[Blocks]:
        """Return the collector's own health."""


class Pages:
    """The ASGI application: `/targets/{job}/{site}`, `/metrics`, nothing else."""

    def __init__(self, source: Source) -> None:
        self._source = source

    async def __call__(self, scope: _Scope, _receive: _Receive, send: _Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            return
        if scope["method"] not in {"GET", "HEAD"}:
            await _plain(send, 405, b"only GET and HEAD\n")
            return
        parts = self._find(scope["path"])
        if parts is None:
            await _plain(send, 404, b"no such page; a site's pages stand only at the collector that polls it\n")
            return
        await _page(send, parts, scope["method"] == "HEAD")

    def _find(self, path: str) -> Iterable[Blocks] | None:
        if path == "/metrics":
            return self._source.own_page()
        words = path.split("/", 4)
        if len(words) == 4 and words[1] == "targets":
            return self._source.target_page(words[2], words[3])
        return None


async def _page(send: _Send, parts: Iterable[Blocks], head: bool) -> None:
    headers = [(b"content-type", CONTENT_TYPE.encode()), (b"cache-control", b"no-store")]
    chunks = list(render(parts))
    headers.append((b"content-length", str(sum(map(len, chunks))).encode()))
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    if not head:
        for chunk in chunks[:-1]:
            await send({"type": "http.response.body", "body": chunk, "more_body": True})
            await asyncio.sleep(0)  # the polls go on between two chunks
    body = chunks[-1] if chunks and not head else b""
    await send({"type": "http.response.body", "body": body})


async def _plain(send: _Send, status: int, body: bytes) -> None:
    headers = [(b"content-type", b"text/plain; charset=utf-8"), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


class _Server(uvicorn.Server):
    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave the signals to the collector, which has more to end than its pages."""
        yield


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
    """Serve the pages until cancelled; requests under way are finished, for at most two seconds."""
    config = uvicorn.Config(
        Pages(source),
        http="httptools",
        ws="none",
        lifespan="off",
        log_config=None,
        access_log=False,
        server_header=False,
        date_header=True,
        proxy_headers=False,
        limit_concurrency=MOST_CONNECTIONS,
        timeout_keep_alive=IDLE_S,
        timeout_graceful_shutdown=2,
        backlog=128,
    )
    server = _Server(config)
    serving = asyncio.ensure_future(server.serve(sockets=[sock]))
    try:
        await asyncio.shield(serving)
    except asyncio.CancelledError:
        server.should_exit = True
        await serving
        raise
