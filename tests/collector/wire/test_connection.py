import asyncio
import threading
from collections.abc import Iterable

import pytest

from collector.probe import ProbeFailure
from collector.wire.connection import Phases, connected
from tests.support.speaker import Speaker


@pytest.mark.parametrize("size", [1, 100_000])
def test_what_came_before_a_reset_is_read_before_the_reset_is_told(size: int) -> None:
    written = threading.Event()

    def speech(_: bytes) -> Iterable[bytes | float]:
        yield b"x" * size
        written.wait(60)
        yield 0.2

    async def talk(port: int) -> tuple[bytes, str]:
        async with connected("127.0.0.1", port, Phases()) as connection:
            await connection.write(b"what the peer leaves unread, so that its end is a reset")
            written.set()
            async with asyncio.timeout(60):
                while connection.reader.broken_by is None:  # noqa: ASYNC110 - what is waited for is the kernel's word
                    await asyncio.sleep(0.01)
            heard = bytearray()
            try:
                while data := await connection.read(4_096):
                    heard += data
            except ProbeFailure as failure:
                return bytes(heard), failure.code
            return bytes(heard), "end"

    with Speaker(speech, listens=False) as server:
        heard, end = asyncio.run(talk(server.port))
    assert (len(heard), end) == (size, "broken")


def test_an_end_in_order_is_no_reset() -> None:
    async def talk(port: int) -> list[bytes]:
        async with connected("127.0.0.1", port, Phases()) as connection:
            return [await connection.read() for _ in range(2)]

    with Speaker(lambda _: (b"bye",), listens=False) as server:
        assert asyncio.run(talk(server.port)) == [b"bye", b""]
