"""Door to uvicorn: the server that listens, with bounds on slow and endless request heads."""

import asyncio
import gc
import socket
from typing import Any, Final

import uvicorn
from fastapi import FastAPI
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from api.settings import Settings

HEAD_SECONDS: Final = 10.0
"""Seconds within which the head of a request has to arrive, from its first byte or from the connection on."""

HEAD_BYTES: Final = 32 * 1024
"""Bytes that may arrive before the head is complete."""

_TOO_LARGE: Final = b"HTTP/1.1 431 Request Header Fields Too Large\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"
_TOO_SLOW: Final = b"HTTP/1.1 408 Request Timeout\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"


class BoundedProtocol(HttpToolsProtocol):
    """uvicorn's HTTP protocol, which itself waits for ever for a head and stores any number of headers."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - uvicorn's own arguments, passed on
        super().__init__(*args, **kwargs)
        # Whatever handlers a logger has: uvicorn's line holds the query, which may hold what is nobody's business.
        self.access_log = False
        self._clock: asyncio.TimerHandle | None = None
        self._head_bytes = 0

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin to wait for the first head."""
        super().connection_made(transport)
        self._wait()

    def connection_lost(self, exc: Exception | None) -> None:
        """Stop waiting."""
        self._stop()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Hand on what arrives, and count it while the head is not complete."""
        super().data_received(data)
        if self._clock is not None:
            self._head_bytes += len(data)
            if self._head_bytes > HEAD_BYTES:
                self._refuse(_TOO_LARGE)

    def on_message_begin(self) -> None:
        """Begin to wait for the rest of this head, also behind another request on the same connection."""
        super().on_message_begin()
        if self._clock is None:
            self._wait()

    def on_headers_complete(self) -> None:
        """Stop waiting: the head is here."""
        self._stop()
        super().on_headers_complete()

    def _wait(self) -> None:
        self._head_bytes = 0
        self._clock = self.loop.call_later(HEAD_SECONDS, self._refuse, _TOO_SLOW)

    def _stop(self) -> None:
        if self._clock is not None:
            self._clock.cancel()
            self._clock = None

    def _refuse(self, answer: bytes) -> None:
        self._stop()
        if self.transport is not None and not self.transport.is_closing():
            self.transport.write(answer)
            self.transport.close()


def configured(app: FastAPI, settings: Settings, **more: Any) -> uvicorn.Config:  # noqa: ANN401 - uvicorn's options
    """Return uvicorn's configuration for the application.

    Args:
        app: The application.
        settings: The settings.
        more: Options of `uvicorn.Config` that differ (`fd`, `uds`, `port`).
    """
    options: dict[str, Any] = {
        "host": settings.web.host,
        "port": settings.web.port,
        "http": BoundedProtocol,
        "ws": "none",
        "lifespan": "on",
        # The frame writes one line a request itself, without the query.
        "access_log": False,
        "log_config": None,
        "server_header": False,
        "proxy_headers": True,
        "forwarded_allow_ips": list(settings.web.trusted_proxies),
        "limit_concurrency": settings.web.connections,
        "timeout_keep_alive": 20,
        "timeout_graceful_shutdown": 5,
    }
    return uvicorn.Config(app, **(options | more))


def run(config: uvicorn.Config, sockets: list[socket.socket]) -> bool:
    """Serve on listening sockets until SIGTERM or SIGINT; return whether the start succeeded."""
    # What is loaded by now stays until the end: the collector of garbage need not look through it, a tenth of a second
    # each time, while somebody waits for a page.
    gc.collect()
    gc.freeze()
    server = uvicorn.Server(config)
    server.run(sockets=sockets)
    return server.started
