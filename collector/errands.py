"""What one worker asks of the others: to poll a device now. A word over a socket in the state folder, no more.

One worker takes the traps of all devices, because they come to one port; the device may be another worker's.
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
"""Characters of a device's name."""


class Errands(asyncio.DatagramProtocol):
    """The sockets of all workers of one collector."""

    def __init__(self, folder: Path, worker: int, workers: int, poll: Callable[[str], object]) -> None:
        """Prepare; nothing is opened before `listen`.

        Args:
            folder: The state folder, which is the collector's alone.
            worker: Which worker this is, from 0.
            workers: How many there are.
            poll: Called with the name of a device that is to be polled now; unknown ones are ignored by it.
        """
        self._own = folder / f"errands-{worker}"
        self._others = [str(folder / f"errands-{number}") for number in range(workers) if number != worker]
        self._poll = poll
        self._sock = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._sock.setblocking(False)
        self._transport: asyncio.BaseTransport | None = None

    async def listen(self) -> None:
        """Open this worker's socket; where that is impossible, say so and go on without."""
        try:
            self._own.unlink(missing_ok=True)
            self._sock.bind(str(self._own))
        except OSError as error:
            log.warning("traps of devices that this worker serves bring no poll forward: %s", error)
            return
        loop = asyncio.get_running_loop()
        self._transport, _ = await loop.create_datagram_endpoint(lambda: self, sock=self._sock)

    def tell(self, instance: str) -> None:
        """Ask every other worker to poll a device; one that is away or busy misses it, as it may."""
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
