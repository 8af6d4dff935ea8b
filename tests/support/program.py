"""The API as a program speaks to it: an application on given books, and tokens of each scope."""

import socket
import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import httpx
import uvicorn
from fastapi import FastAPI

from api.app import create_app
from api.house import House
from api.http.server import configured
from api.settings import PrometheusSettings, Settings
from inventory.access.accounts import Scope
from inventory.access.rights import SYSTEM
from inventory.access.tokens import issue_token
from inventory.books import Books
from inventory.columns import now


def token(books: Books, scope: Scope, collector: str | None = None, name: str | None = None) -> dict[str, str]:
    """Return the header of a new token of the system's own."""
    label = name or f"{scope.value}-{collector or 'x'}"
    secret, _ = issue_token(books, SYSTEM, label, {scope}, now() + timedelta(days=1), collector)
    return {"Authorization": f"Bearer {secret}"}


class Program:
    """The application, serving.

    Attributes:
        house: What its routes share.
        url: Its base address.
        http: A client of it without a cookie or a token.
    """

    def __init__(self, app: FastAPI, url: str, http: httpx.Client) -> None:
        self.house: House = app.state.house
        self.url = url
        self.http = http


@contextmanager
def serving(books: Books, home: Path, port: int = 0, **settings: object) -> Iterator[Program]:
    """Serve the application on these books at a port of the loopback; its duties run too."""
    nobody = PrometheusSettings(url="http://127.0.0.1:1")
    chosen = Settings(home=home, **({"prometheus": nobody} | settings))  # type: ignore[arg-type]
    app = create_app(chosen)
    app.state.house.books.engine.dispose()
    app.state.house.books = books
    listening = socket.create_server(("127.0.0.1", port))
    url = f"http://127.0.0.1:{listening.getsockname()[1]}"
    server = uvicorn.Server(configured(app, chosen))
    thread = threading.Thread(target=server.run, args=([listening],))
    thread.start()
    try:
        # Nothing here is TLS: no need to load the system's authorities.
        bare = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        with httpx.Client(base_url=url, timeout=60, trust_env=False, verify=bare) as http:
            _wait(server, thread)
            yield Program(app, url, http)
    finally:
        server.should_exit = True
        thread.join(60)
        listening.close()


def _wait(server: uvicorn.Server, thread: threading.Thread) -> None:
    end = time.monotonic() + 60
    while not server.started:
        assert thread.is_alive(), "the application does not start"
        assert time.monotonic() < end, "the application does not start in time"
        time.sleep(0.01)
