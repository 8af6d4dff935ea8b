"""The API on a real socket, and clients of people and programs who ask it."""

import asyncio
import contextlib
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
import uvicorn
from fastapi import FastAPI

from api.app import create_app
from api.house import House
from api.http.server import configured
from api.settings import DatabaseSettings, PrometheusSettings, Settings
from inventory.access.accounts import Role, Scope
from inventory.access.rights import SYSTEM, Actor
from inventory.access.tokens import issue_token
from inventory.books import Books
from inventory.columns import now
from inventory.settings import Settings as InventorySettings
from tests.support.accounts import PASSWORD, Person, hire
from tests.support.parts import free_port


@dataclass
class Api:
    """A running API.

    Attributes:
        url: Where it listens.
        app: The application.
    """

    url: str
    app: FastAPI
    _clients: list[httpx.Client] = field(default_factory=list)

    @property
    def house(self) -> House:
        house: House = self.app.state.house
        return house

    @property
    def books(self) -> Books:
        return self.house.books

    def client(self, **headers: str) -> httpx.Client:
        """Return a client that nobody is signed in with; it answers in English unless told otherwise."""
        client = httpx.Client(
            base_url=self.url,
            headers={"Accept-Language": "en"} | headers,
            timeout=60,
            # Nothing here is TLS; to load the system's authorities for each client would take longer than most tests.
            verify=ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT),
        )
        self._clients.append(client)
        return client

    def signed_in(self, person: Person | Role, **headers: str) -> httpx.Client:
        """Return the client of a person; of a role, a person is hired first."""
        someone = person if isinstance(person, Person) else hire(self.books, person)
        client = self.client(**headers)
        answer = client.post("/api/v1/session", json={"username": someone.username, "password": someone.password})
        assert answer.status_code == 201, answer.text
        client.headers["X-CSRF-Token"] = answer.json()["csrf"]
        return client

    def with_token(
        self, *scopes: Scope, name: str | None = None, actor: Actor = SYSTEM, collector: str | None = None
    ) -> httpx.Client:
        """Return the client of a program with a token of these scopes."""
        title = name or "-".join(scope.value for scope in scopes)
        secret, _ = issue_token(self.books, actor, title, scopes, now() + timedelta(days=1), collector)
        return self.client(Authorization=f"Bearer {secret}")

    def close(self) -> None:
        """Close the clients' connections."""
        for client in self._clients:
            client.close()


def settings_for(inventory: InventorySettings, **more: Any) -> Settings:
    """Return settings of the API on books that a test made; where no Prometheus is named, none answers."""
    home: Path = inventory.key_file.parent
    nobody = PrometheusSettings(url=f"http://127.0.0.1:{free_port()}")
    return Settings(home=home, database=DatabaseSettings(url=inventory.database_url), **({"prometheus": nobody} | more))


@contextlib.contextmanager
def serving(app: FastAPI, settings: Settings, **options: Any) -> Iterator[str]:
    """Serve an application on a free port of 127.0.0.1 in a thread of its own."""
    server = uvicorn.Server(configured(app, settings, **({"host": "127.0.0.1", "port": 0} | options)))
    thread = threading.Thread(target=lambda: asyncio.run(server.serve()), name="api", daemon=True)
    thread.start()
    limit = time.monotonic() + 60
    while not server.started:
        assert thread.is_alive() and time.monotonic() < limit, "the API did not start"  # noqa: PT018 - one wait
        time.sleep(0.01)
    port = server.servers[0].sockets[0].getsockname()[1]
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        thread.join(60)


@contextlib.contextmanager
def running_api(settings: Settings, prepare: Callable[[FastAPI], None] = lambda _app: None) -> Iterator[Api]:
    """Run the API; `prepare` may add routes before it starts."""
    app = create_app(settings)
    prepare(app)
    with serving(app, settings) as url:
        api = Api(url, app)
        try:
            yield api
        finally:
            api.close()


@pytest.fixture
def api(new_settings: Callable[[], InventorySettings]) -> Iterator[Api]:
    """A running API on empty books."""
    with running_api(settings_for(new_settings())) as running:
        yield running


__all__ = ["PASSWORD", "Api", "api", "running_api", "serving", "settings_for"]
