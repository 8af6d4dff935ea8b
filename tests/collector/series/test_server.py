import asyncio
import contextlib
import socket
import threading
from collections.abc import Awaitable, Callable, Iterable
from http.client import RemoteDisconnected
from pathlib import Path

import pytest

from collector.polling.on_demand import Polled
from collector.series import server
from collector.series.exposition import CONTENT_TYPE, Blocks, render
from collector.series.server import listener, serve
from tests.support.page_server import Source, ask


def test_the_collectors_own_health_is_a_page() -> None:
    [(status, headers, body)] = ask(("GET", "/metrics"))
    assert (status, headers["content-type"]) == (200, CONTENT_TYPE)
    assert b"\nquang_collector_sites 3.0\n" in body


def test_a_long_page_arrives_whole() -> None:
    [(status, headers, body)] = ask(("GET", "/targets/reach/vinh-tuy"))
    assert status == 200
    assert headers["transfer-encoding"] == "chunked"
    assert len(body) > 300_000
    assert body.count(b"\nquang_upstream_info{") == 6000


def test_a_page_of_ten_thousand_devices_is_made_off_the_loop_in_small_steps() -> None:
    threads = set()

    class Watching(dict[str, bytes]):
        def __getitem__(self, name: str) -> bytes:
            threads.add(threading.current_thread().name)
            return super().__getitem__(name)

    class Watched(Source):
        def target_page(self, job: str, site: str) -> Iterable[Blocks] | None:  # noqa: ARG002
            return (Watching(up=b'up{instance="r%d"} 1.0\n' % number * 24) for number in range(10_000))

    chunks = list(render(Watched().target_page("reach", "vinh-tuy") or ()))
    assert max(chunk.count(b"\n") for chunk in chunks) < 8_000, "so many lines take less than five milliseconds"
    threads.clear()
    [(status, headers, body)] = ask(("GET", "/targets/reach/vinh-tuy"), source=Watched())
    assert (status, headers["transfer-encoding"], body) == (200, "chunked", b"".join(chunks))
    assert any(name.startswith("pages") for name in threads)


def test_a_client_of_http_1_0_reads_a_long_page_up_to_the_end_of_the_connection() -> None:
    head, _, body = talk(b"GET /targets/reach/vinh-tuy HTTP/1.0\r\n\r\n").partition(b"\r\n\r\n")
    assert b"Connection: close" in head
    assert b"Transfer-Encoding" not in head
    assert b"Content-Length" not in head
    assert body == b"".join(render(Source().target_page("reach", "vinh-tuy") or ()))


def test_a_page_that_cannot_be_rendered_is_cut_off_and_never_taken_for_a_whole_one(
    caplog: pytest.LogCaptureFixture,
) -> None:
    class Broken(Source):
        def target_page(self, job: str, site: str) -> Iterable[Blocks] | None:  # noqa: ARG002
            yield from super().target_page("reach", "vinh-tuy") or ()
            raise RuntimeError

    with pytest.raises(RemoteDisconnected):
        ask(("GET", "/targets/reach/vinh-tuy"), source=Broken())
    assert "cannot be rendered" in caplog.text


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


GOOD = b"GET /metrics HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"


async def rest(reader: asyncio.StreamReader) -> bytes:
    """Return what comes until the end, which is a reset where the server left something unread."""
    heard = b""
    with contextlib.suppress(ConnectionError):
        while part := await reader.read(65_536):
            heard += part
    return heard


def talk(*parts: bytes, idle: int = 0, pause_s: float = 0.0) -> bytes:
    """Return what a server answers to some octets, sent with pauses, until it closes the connection."""

    async def go() -> bytes:
        sock = listener("127.0.0.1", 0)
        port = sock.getsockname()[1]
        serving = asyncio.create_task(serve(Source(), sock))
        others = [await asyncio.open_connection("127.0.0.1", port) for _ in range(idle)]
        await asyncio.sleep(0.05)
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        answer = asyncio.create_task(rest(reader))
        for part in parts:
            if not answer.done():
                writer.write(part)
            await asyncio.sleep(pause_s)
        try:
            return await asyncio.wait_for(answer, 60)
        finally:
            for _, each in [*others, (reader, writer)]:
                each.close()
            serving.cancel()
            await asyncio.gather(serving, return_exceptions=True)

    return asyncio.run(go())


@pytest.mark.parametrize(
    "garbage", [b"\x00\xff garbage\r\n\r\n", b"GET /metrics HTTP/9.9\r\n\r\n", b"GET \r\n\r\n", b"\r\n\r\nPOST"]
)
def test_garbage_is_refused(garbage: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server, "REQUEST_S", 0.3)
    assert talk(garbage)[:12] in {b"HTTP/1.1 400", b"HTTP/1.1 408"}


def test_a_request_without_end_is_refused() -> None:
    assert talk(b"GET /metrics HTTP/1.1\r\nX: " + b"x" * 20_000).startswith(b"HTTP/1.1 413")
    assert talk(b"GET /metrics HTTP/1.1\r\nContent-Length: 99999\r\n\r\n" + b"x" * 20_000).startswith(b"HTTP/1.1 413")


def test_a_request_that_drips_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server, "REQUEST_S", 0.3)
    assert talk(b"GET /met", b"rics HT", b"TP/1.1\r\n", b"Host: x\r\n", pause_s=0.12).startswith(b"HTTP/1.1 408")
    assert talk().startswith(b"HTTP/1.1 408")


def test_an_idle_connection_is_closed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server, "IDLE_S", 0.2)
    answer = talk(GOOD.replace(b"Connection: close\r\n", b""))
    assert answer.startswith(b"HTTP/1.1 200")
    assert answer.count(b"HTTP/1.1") == 1


def test_a_request_in_pieces_is_answered() -> None:
    assert b"quang_collector_sites 3.0" in talk(GOOD[:9], GOOD[9:30], GOOD[30:], pause_s=0.05)


def test_a_second_request_before_the_first_answer_ends_the_connection_after_the_first() -> None:
    answer = talk(GOOD.replace(b"Connection: close\r\n", b"") * 2)
    assert answer.count(b"HTTP/1.1 200") == 1
    assert b"Connection: close" in answer


class Slow(Source):
    """Polls for whoever asks until `go_on`."""

    def __init__(self) -> None:
        self.go_on = asyncio.Event()
        self.polls = 0
        self.port = 0
        self.writers: list[asyncio.StreamWriter] = []

    async def opened(self, said: bytes) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        self.writers.append(writer)
        writer.write(said)
        return reader, writer

    async def probe_page(self, instance: str, kind: str, within_s: float) -> Polled | None:
        self.polls += 1
        try:
            await self.go_on.wait()
        finally:
            self.polls -= 1
        return await super().probe_page(instance, kind, within_s)


POLL = b"GET /probe?target=r1&module=icmp HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"


def serving(act: Callable[[Slow], Awaitable[None]]) -> None:
    async def go() -> None:
        source, sock = Slow(), listener("127.0.0.1", 0)
        source.port = sock.getsockname()[1]
        task = asyncio.create_task(serve(source, sock))
        try:
            await act(source)
        finally:
            for writer in source.writers:
                writer.transport.abort()
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    asyncio.run(go())


async def until_polls(source: Slow, count: int) -> None:
    async with asyncio.timeout(60):
        while source.polls != count:  # noqa: ASYNC110 - what is waited for happens in the server
            await asyncio.sleep(0.01)


def test_slow_and_silent_connections_keep_nobody_out_and_those_idle_longest_make_room(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(server, "MOST_CONNECTIONS", 5)

    async def act(source: Slow) -> None:
        silent = [await source.opened(said) for said in (b"", b"GET /", GOOD[:-2], b"", b"")]
        reader, _ = await source.opened(GOOD)
        assert (await reader.read(12)) == b"HTTP/1.1 200"
        assert await silent[0][0].read() == b""  # it was the first
        assert not silent[1][0].at_eof()

    serving(act)


def test_more_connections_than_can_be_answered_are_told_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server, "MOST_CONNECTIONS", 3)

    async def act(source: Slow) -> None:
        polls = [await source.opened(POLL) for _ in range(3)]
        await until_polls(source, 3)
        reader, _ = await source.opened(GOOD)
        assert (await reader.read()).startswith(b"HTTP/1.1 503")
        source.go_on.set()
        assert [(await reader.read(12)) for reader, _ in polls] == [b"HTTP/1.1 200"] * 3

    serving(act)


def test_a_poll_for_somebody_who_has_gone_is_given_up() -> None:
    async def act(source: Slow) -> None:
        _, leaves = await source.opened(POLL)
        await until_polls(source, 1)
        leaves.close()
        await until_polls(source, 0)
        _, breaks = await source.opened(POLL)
        await until_polls(source, 1)
        breaks.transport.abort()
        await until_polls(source, 0)

    serving(act)


def test_who_has_said_all_still_gets_a_page() -> None:
    async def act(source: Slow) -> None:
        reader, writer = await source.opened(b"GET /targets/reach/vinh-tuy HTTP/1.1\r\nHost: x\r\n\r\n")
        writer.write_eof()
        assert (await reader.read()).endswith(b"0\r\n\r\n")

    serving(act)


def test_another_protocol_is_not_taken_and_the_question_answered() -> None:
    offer = GOOD.replace(b"Connection: close", b"Connection: upgrade\r\nUpgrade: h2c")
    assert b"quang_collector_sites 3.0" in talk(offer)
    assert talk(b"CONNECT x:80 HTTP/1.1\r\nHost: x\r\n\r\n").startswith(b"HTTP/1.1 405")


def is_established(here: str, there: str) -> bool:
    """Return whether one end of a connection has not closed it, by the kernel's table (proc(5))."""
    lines = Path("/proc/net/tcp").read_text(encoding="ascii").splitlines()
    return any(line.split()[1:4] == [here, there, "01"] for line in lines)


def test_who_does_not_read_the_answer_is_cut_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server, "READ_S", 0.3)

    class Endless(Source):
        def target_page(self, job: str, site: str) -> Iterable[Blocks] | None:
            return [*(super().target_page(job, site) or ())] * 60

    async def go() -> None:
        sock = listener("127.0.0.1", 0)
        serving = asyncio.create_task(serve(Endless(), sock))
        deaf = socket.create_connection(sock.getsockname())
        ours, theirs = (f"0100007F:{name[1]:04X}" for name in (deaf.getsockname(), deaf.getpeername()))
        deaf.sendall(b"GET /targets/reach/vinh-tuy HTTP/1.1\r\nHost: x\r\n\r\n")
        async with asyncio.timeout(60):
            while is_established(theirs, ours):  # noqa: ASYNC110 - what is waited for happens in the kernel
                await asyncio.sleep(0.05)

        def rest() -> int:
            size = 0
            with contextlib.suppress(ConnectionResetError):
                while part := deaf.recv(1_000_000):
                    size += len(part)
            return size

        assert await asyncio.to_thread(rest) < 20_000_000, "the whole answer is 28 MB"
        deaf.close()
        serving.cancel()
        await asyncio.gather(serving, return_exceptions=True)

    asyncio.run(go())


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
