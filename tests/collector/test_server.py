import asyncio
import socket
from collections.abc import Iterable
from http.client import HTTPConnection

import pytest

from collector import server
from collector.exposition import CONTENT_TYPE, Blocks, own_series
from collector.metrics import COLLECTOR_SITES, UPSTREAM
from collector.probe import Sample
from collector.server import listener, serve


class Source:
    """Two pages: a short one and a long one."""

    def target_page(self, job: str, site: str) -> Iterable[Blocks] | None:
        if (job, site) == ("reach", "empty"):
            return ()
        if (job, site) != ("reach", "vinh-tuy"):
            return None
        return [
            own_series([Sample(UPSTREAM, (f"m{n}", f"v{k}", "e" * 40), 1.0) for k in range(20)]) for n in range(300)
        ]

    def own_page(self) -> Iterable[Blocks]:
        return [own_series([Sample(COLLECTOR_SITES, (), 3.0)])]


def ask(*requests: tuple[str, str]) -> list[tuple[int, dict[str, str], bytes]]:
    """Return the answers to some requests over one connection."""

    def talk(port: int) -> list[tuple[int, dict[str, str], bytes]]:
        connection = HTTPConnection("127.0.0.1", port, timeout=10)
        answers = []
        for method, path in requests:
            connection.request(method, path)
            response = connection.getresponse()
            answers.append((response.status, {k.lower(): v for k, v in response.getheaders()}, response.read()))
        connection.close()
        return answers

    async def go() -> list[tuple[int, dict[str, str], bytes]]:
        sock = listener("127.0.0.1", 0)
        serving = asyncio.create_task(serve(Source(), sock))
        try:
            return await asyncio.to_thread(talk, sock.getsockname()[1])
        finally:
            serving.cancel()
            await asyncio.gather(serving, return_exceptions=True)

    return asyncio.run(go())


def test_the_collectors_own_health_is_a_page() -> None:
    [(status, headers, body)] = ask(("GET", "/metrics"))
    assert (status, headers["content-type"]) == (200, CONTENT_TYPE)
    assert b"\nquang_collector_sites 3.0\n" in body


def test_a_long_page_arrives_whole() -> None:
    [(status, headers, body)] = ask(("GET", "/targets/reach/vinh-tuy"))
    assert status == 200
    assert len(body) == int(headers["content-length"]) > 300_000
    assert body.count(b"\nquang_upstream_info{") == 6000


def test_a_page_without_series_is_empty_and_still_there() -> None:
    assert [(status, body) for status, _, body in ask(("GET", "/targets/reach/empty"))] == [(200, b"")]


def test_the_page_of_a_site_that_is_not_leased_is_not_there() -> None:
    paths = ("/targets/reach/other", "/targets/reach", "/targets/reach/vinh-tuy/x", "/", "/targets//", "/metrics/")
    assert {status for status, _, _ in ask(*(("GET", path) for path in paths))} == {404}


def test_nothing_but_reading_is_allowed_and_one_connection_serves_many_requests() -> None:
    answers = ask(
        ("POST", "/metrics"), ("HEAD", "/metrics"), ("DELETE", "/targets/reach/vinh-tuy"), ("GET", "/metrics")
    )
    assert [status for status, _, _ in answers] == [405, 200, 405, 200]
    assert answers[1][2] == b""


def test_garbage_and_too_many_connections_do_not_stop_the_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server, "MOST_CONNECTIONS", 5)

    async def go() -> list[bytes]:
        sock = listener("127.0.0.1", 0)
        port = sock.getsockname()[1]
        serving = asyncio.create_task(serve(Source(), sock))
        idle = [await asyncio.open_connection("127.0.0.1", port) for _ in range(10)]
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(b"\x00\xff garbage\r\n\r\n")
        answers = [await reader.read()]
        writer.close()
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(b"GET /metrics HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        answers.append(await reader.read())
        for _, each in [*idle, (reader, writer)]:
            each.close()
        await asyncio.sleep(0.1)
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(b"GET /metrics HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        answers.append(await reader.read())
        writer.close()
        serving.cancel()
        await asyncio.gather(serving, return_exceptions=True)
        return answers

    garbage, crowded, after = asyncio.run(go())
    assert garbage.startswith(b"HTTP/1.1 400")
    assert crowded.startswith(b"HTTP/1.1 503")
    assert after.startswith(b"HTTP/1.1 200")


def test_an_address_that_is_taken_is_an_error() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken, pytest.raises(OSError, match="in use"):
        listener("127.0.0.1", taken.getsockname()[1])


def test_version_6_is_served_too() -> None:
    try:
        sock = listener("::1", 0)
    except OSError:
        pytest.skip("this machine has no IPv6 on loopback")
    assert sock.family is socket.AF_INET6
    sock.close()
