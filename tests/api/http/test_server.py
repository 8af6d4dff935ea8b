import contextlib
import socket
import time
from collections.abc import Callable, Iterator
from urllib.parse import urlsplit

import httpx
import pytest

from api.http import server
from api.settings import WebSettings
from inventory.access.accounts import Role
from inventory.settings import Settings as InventorySettings
from tests.support.api import Api, running_api, settings_for

ONE_DATABASE = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


def raw(api: Api, *parts: bytes, wait_s: float = 60.0) -> bytes:
    """Send bytes as they are and return all that comes back until the other side closes."""
    address = urlsplit(api.url)
    with socket.create_connection((address.hostname or "", address.port or 0), timeout=wait_s) as connection:
        for part in parts:
            # The server may close while we still send; what it answered before is what counts.
            with contextlib.suppress(ConnectionError):
                connection.sendall(part)
        received = b""
        with contextlib.suppress(ConnectionError, TimeoutError):
            while True:
                data = connection.recv(65536)
                if not data:
                    break
                received += data
    return received


@ONE_DATABASE
def test_a_chunked_body_is_counted_while_it_arrives(api: Api) -> None:
    client = api.signed_in(Role.IT_STAFF)

    def endless() -> Iterator[bytes]:
        for _ in range(64):
            yield b"x" * 65536

    with contextlib.suppress(httpx.WriteError, httpx.ReadError):
        answer = client.post("/api/v1/sites", content=endless(), headers={"Content-Type": "application/json"})
        assert (answer.status_code, answer.json()["type"]) == (413, "urn:quang:problem:too_large")
    assert client.get("/api/v1/sites").status_code == 200


@ONE_DATABASE
def test_a_stranger_cannot_make_the_api_read_a_body(api: Api) -> None:
    head = b"POST /api/v1/sites HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 900000\r\n\r\n"
    began = time.monotonic()
    received = raw(api, head)
    assert b" 401 " in received.split(b"\r\n", 1)[0]
    assert b"connection: close" in received.lower()
    assert time.monotonic() - began < 50


@ONE_DATABASE
def test_a_head_that_never_ends_is_cut_off(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server, "HEAD_SECONDS", 0.3)
    began = time.monotonic()
    assert b" 408 " in raw(api, b"GET /healthz HTTP/1.1\r\nHost: x\r\nX-Slow: ")
    assert time.monotonic() - began < 50


@ONE_DATABASE
def test_a_connection_that_says_nothing_is_cut_off(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server, "HEAD_SECONDS", 0.3)
    assert b" 408 " in raw(api)


@ONE_DATABASE
def test_a_second_request_on_a_connection_has_its_own_time(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    # Long enough for the first head to arrive on a busy machine.
    monkeypatch.setattr(server, "HEAD_SECONDS", 2.0)
    one = b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n"
    began = time.monotonic()
    received = raw(api, one + b"GET /healthz HTTP/1.1\r\nHo")
    assert b" 200 " in received
    assert b" 408 " in received
    assert time.monotonic() - began < 50
    monkeypatch.setattr(server, "HEAD_SECONDS", 0.3)
    received = raw(api, one, b"GET /healthz HTTP/1.1\r\nHo")
    assert b" 408 " in received


@ONE_DATABASE
@pytest.mark.parametrize("line", [b"X-A: " + b"a" * 4096 + b"\r\n", b"X-B: b\r\n"])
def test_a_head_without_end_is_refused(api: Api, line: bytes) -> None:
    received = raw(api, b"GET /healthz HTTP/1.1\r\nHost: x\r\n", *[line * 20 for _ in range(400)])
    assert received == b"" or b" 431 " in received.split(b"\r\n", 1)[0] or b" 400 " in received.split(b"\r\n", 1)[0]
    assert api.client().get("/healthz").status_code == 200


@ONE_DATABASE
def test_a_body_that_drips_is_given_up(new_settings: Callable[[], InventorySettings]) -> None:
    with running_api(settings_for(new_settings(), web=WebSettings(deadline_s=0.5))) as api:
        body = b'{"username": "an", '
        head = (
            b"POST /api/v1/session HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 99\r\n\r\n"
        )
        received = raw(api, head, body)
        assert b" 408 " in received.split(b"\r\n", 1)[0]
        assert b"urn:quang:problem:too_slow" in received


@ONE_DATABASE
def test_an_address_that_is_too_long_is_refused(api: Api) -> None:
    assert api.client().get("/api/v1/sites?q=" + "x" * 5000).status_code == 414
    assert api.client().get("/healthz", headers={"X-Much": "y" * 20_000}).status_code == 431
