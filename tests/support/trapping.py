"""A trap listener in a thread of its own, on a free port of loopback."""

import asyncio
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

import uvloop

from collector.traps.gate import Sender
from collector.traps.listener import Traps, listen


class Listening:
    """A running listener.

    Attributes:
        traps: The listener.
        port: Its UDP port.
        polled: Devices that were to be polled, in order.
        turns: How often the loop came round while it ran.
    """

    def __init__(self, senders: Mapping[str, Sender], host: str) -> None:
        self.polled: list[str] = []
        self.traps = Traps("edge", self.polled.append)
        self.port = 0
        self.turns = 0
        self._senders, self._host = senders, host
        self._ready = threading.Event()
        self._thread = threading.Thread(target=lambda: uvloop.run(self._run()))
        self._thread.start()
        assert self._ready.wait(60)

    def stop(self) -> None:
        """End the loop and close the socket."""
        self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join(60)

    async def _run(self) -> None:
        self._loop, self._stop = asyncio.get_running_loop(), asyncio.Event()
        self.traps.know(self._senders)
        transport = await listen(self._host, 0, self.traps)
        assert transport is not None
        self.port = transport.get_extra_info("sockname")[1]
        self._ready.set()
        while not self._stop.is_set():
            await asyncio.sleep(0.005)
            self.turns += 1
        transport.close()
        await asyncio.sleep(0)


@contextmanager
def listening(senders: Mapping[str, Sender], host: str = "127.0.0.1") -> Iterator[Listening]:
    """Run a listener until the block ends."""
    made = Listening(senders, host)
    try:
        yield made
    finally:
        made.stop()
