"""Forwards "poll this device now" between the workers of one collector, over datagram sockets in the state folder.

All traps arrive at one port and so at one worker, while the device may be polled by another.
"""

import asyncio
import logging
import socket
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Final

log = logging.getLogger(__name__)

LONGEST: Final = 64
"""Characters of a device's name; longer datagrams are dropped."""


class Relay(asyncio.DatagramProtocol):
    """One worker's end: it hears the other workers and speaks to them."""

    def __init__(self, folder: Path, worker: int, workers: int, poll: Callable[[str], object]) -> None:
        """Prepare; nothing is opened before `listen`.

        Args:
            folder: The state folder, which belongs to this collector alone.
            worker: Number of this worker, from 0.
            workers: How many there are.
            poll: Called with the name of a device to poll now; it ignores names it does not know.
        """
        self._own = folder / f"relay-{worker}"
        self._others = [str(folder / f"relay-{number}") for number in range(workers) if number != worker]
        self._poll = poll
        self._sock = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._sock.setblocking(False)
        self._transport: asyncio.BaseTransport | None = None

    async def listen(self) -> None:
        """Open this worker's socket; if that is impossible, log it and go on without."""
        try:
            self._own.unlink(missing_ok=True)
            self._sock.bind(str(self._own))
        except OSError as error:
            log.warning("traps of devices that this worker serves bring no poll forward: %s", error)
            return
        loop = asyncio.get_running_loop()
        self._transport, _ = await loop.create_datagram_endpoint(lambda: self, sock=self._sock)

    def forward(self, instance: str) -> None:
        """Ask every other worker to poll a device. A worker that is down or busy misses the request."""
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as sock:
            sock.setblocking(False)
            for other in self._others:
                with suppress(OSError):
                    sock.sendto(instance.encode(), other)

    def datagram_received(self, data: bytes, _addr: object) -> None:
        """Poll the device that is named."""
        if len(data) <= LONGEST:
            with suppress(UnicodeDecodeError):
                self._poll(data.decode("ascii"))

    def close(self) -> None:
        """Close the socket."""
        if self._transport is not None:
            self._transport.close()
        else:
            self._sock.close()
