import asyncio
import json
import socket
import threading
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import TypeVar

import pytest

from collector.polling.standstill import passed_s
from collector.upstream import client as door
from collector.upstream.client import Client, Refused, Unreachable
from tests.support.api_peer import ApiPeer
from tests.support.parts import free_port

T = TypeVar("T")


@pytest.fixture
def api() -> Iterator[ApiPeer]:
    made = ApiPeer()
    yield made
    made.close()


def ask(url: str, act: Callable[[Client], Awaitable[T]], *tokens: str) -> T:
    async def run() -> T:
        async with Client(url, "edge", lambda: tokens or ("first-token",)) as client:
            return await act(client)

    return asyncio.run(run())


def serve_once(answer: bytes) -> str:
    """Return the address of a server that answers one connection with some octets, whatever was asked."""
    listening = socket.create_server(("127.0.0.1", 0))

    def run() -> None:
        connection, _ = listening.accept()
        with listening, connection, connection.makefile("rb") as asked:
            length = 0
            while (line := asked.readline()).strip():
                name, _, value = line.partition(b":")
                length = int(value) if name.lower() == b"content-length" else length
            # What is left unread would make a reset of the end.
            asked.read(length)
            connection.sendall(answer)

    threading.Thread(target=run, daemon=True).start()
    return f"http://127.0.0.1:{listening.getsockname()[1]}"


def test_leases_come_on_the_collectors_own_clock(api: ApiPeer) -> None:
    api.sites, api.lease_s, api.renew_after_s = ["vinh-tuy"], 3_000, 10

    async def act(client: Client) -> tuple[float, float]:
        held = await client.renew("1.0", "http://x:1", 2)
        return held.until["vinh-tuy"] - passed_s(), held.renew_after_s

    left, renew = ask(api.url, act)
    assert 2_900 < left <= 3_001
    assert renew == 10
    assert api.bodies[0][1:] == ("/api/v1/collectors/edge/lease", {"version": "1.0", "url": "http://x:1", "workers": 2})


def test_a_wrong_wall_clock_does_not_shorten_a_lease() -> None:
    body = json.dumps({"leases": [{"site": "s", "until": "2001-01-01T00:50:00Z"}], "renew_after_s": 99}).encode()
    head = b"HTTP/1.1 200 OK\r\nDate: Mon, 01 Jan 2001 00:00:00 GMT\r\nContent-Length: %d\r\n\r\n" % len(body)

    async def act(client: Client) -> tuple[float, float]:
        held = await client.renew("1", None, 1)
        return held.until["s"] - passed_s(), held.renew_after_s

    left, renew = ask(serve_once(head + body), act)
    assert 2_900 < left <= 3_000
    assert renew == 15


def test_an_unchanged_roster_is_not_sent_again(api: ApiPeer) -> None:
    async def act(client: Client) -> tuple[object, object]:
        first = await client.roster(None)
        assert first is not None
        return json.loads(first.body), await client.roster(first.etag)

    assert ask(api.url, act) == (api.roster, None)


def test_the_api_is_reached_over_a_unix_socket(tmp_path: Path) -> None:
    api = ApiPeer(unix=tmp_path / "api.sock")
    try:
        document = ask(api.url, lambda client: client.roster(None))
        assert document is not None
        assert json.loads(document.body) == api.roster
    finally:
        api.close()


def test_while_tokens_are_changed_both_are_tried_and_the_good_one_is_remembered(api: ApiPeer) -> None:
    api.tokens = {"old"}

    async def act(client: Client) -> str | None:
        await client.roster(None)
        await client.roster(None)
        return client.token

    assert ask(api.url, act, "new", "old") == "old"


def test_a_token_that_nobody_knows_is_a_clear_no(api: ApiPeer) -> None:
    with pytest.raises(Refused, match="who are you") as caught:
        ask(api.url, lambda client: client.roster(None), "bad", "worse")
    assert caught.value.status == 401
    assert "bad" not in str(caught.value)


@pytest.mark.parametrize("status", [500, 502, 503, 429, 302])
def test_an_answer_that_says_nothing_is_no_answer(api: ApiPeer, status: int) -> None:
    api.status = status
    with pytest.raises(Unreachable):
        ask(api.url, lambda client: client.roster(None))


@pytest.mark.parametrize("status", [400, 403, 404, 413, 422])
def test_a_no_says_why(api: ApiPeer, status: int) -> None:
    api.status = status
    with pytest.raises(Refused, match="not now") as caught:
        ask(api.url, lambda client: client.report([]))
    assert caught.value.status == status


def test_a_closed_port_and_a_missing_socket_are_no_answer(tmp_path: Path) -> None:
    for url in (f"http://127.0.0.1:{free_port()}", f"unix:{tmp_path}/none.sock"):
        with pytest.raises(Unreachable):
            ask(url, lambda client: client.renew("1", None, 1))


@pytest.mark.parametrize(
    "answer",
    [
        b"garbage\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nshort",
        b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n[]",
        b'HTTP/1.1 200 OK\r\nContent-Length: 28\r\n\r\n{"leases": [{"site": "A B"}]}',
        b"",
    ],
)
def test_garbage_in_place_of_leases_is_no_answer(answer: bytes) -> None:
    with pytest.raises(Unreachable):
        ask(serve_once(answer), lambda client: client.renew("1", None, 1))


def test_an_answer_without_end_is_cut_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(door, "MOST_BYTES", 1000)
    url = serve_once(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n" + b"x" * 100_000)
    with pytest.raises(Unreachable, match="longer than"):
        ask(url, lambda client: client.roster(None))


def test_an_answer_that_drips_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(door, "CALL_S", 0.3)
    listening = socket.create_server(("127.0.0.1", 0))
    with listening, pytest.raises(Unreachable, match="TimeoutError"):
        ask(f"http://127.0.0.1:{listening.getsockname()[1]}", lambda client: client.roster(None))


def test_reports_arrive_once_even_when_they_are_sent_twice(api: ApiPeer) -> None:
    report = {"uid": "a" * 32, "kind": "transition", "detail": "đứt cáp"}

    async def act(client: Client) -> None:
        await client.report([report])
        await client.report([report])

    ask(api.url, act)
    assert api.reports == [report]
