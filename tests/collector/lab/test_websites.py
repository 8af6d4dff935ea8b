"""The websites: a page for each unit, and bounded patience with strangers."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from collector.lab.district import district
from collector.lab.websites import pages_of, serve


def exchange(*sent: bytes) -> list[bytes]:
    """Send each text over a connection of its own and return what came back."""

    async def run() -> list[bytes]:
        server = await serve(pages_of(district().websites), "127.0.0.1", 0)
        port = server.sockets[0].getsockname()[1]
        answers = []
        async with server:
            for octets in sent:
                reader, writer = await asyncio.open_connection("127.0.0.1", port)
                writer.write(octets)
                answers.append(await _all(reader.read))
                writer.close()
        return answers

    return asyncio.run(run())


async def _all(read: Callable[[], Awaitable[bytes]]) -> bytes:
    try:
        return await asyncio.wait_for(read(), 10)
    except ConnectionError:
        return b""


def test_every_unit_has_a_page_with_its_name() -> None:
    websites = district().websites
    answers = exchange(*(f"GET {site.path} HTTP/1.1\r\nHost: x\r\n\r\n".encode() for site in websites))
    for site, answer in zip(websites, answers, strict=True):
        assert answer.startswith(b"HTTP/1.1 200 ")
        assert site.title.encode() in answer


@pytest.mark.parametrize(
    ("request_", "status"),
    [
        (b"GET /nothing/ HTTP/1.1\r\n\r\n", b"404"),
        (b"POST /tan-lap/ HTTP/1.1\r\n\r\n", b"405"),
        (b"rubbish\r\n\r\n", b"400"),
        (b"GET /tan-lap/ SPDY/9\r\n\r\n", b"400"),
    ],
)
def test_another_request_is_refused_with_its_status(request_: bytes, status: bytes) -> None:
    assert exchange(request_)[0].split(b" ")[1] == status


def test_a_head_request_gets_no_body() -> None:
    assert exchange(b"HEAD /tan-lap/ HTTP/1.1\r\n\r\n")[0].endswith(b"\r\n\r\n")


def test_a_head_without_end_is_cut_off() -> None:
    assert exchange(b"GET / HTTP/1.1\r\nX: " + b"x" * 20_000) == [b""]
