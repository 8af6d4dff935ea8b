"""A relay on loopback that counts what a UDP client sends to a server."""

import socket
import threading
import time
from collections import deque
from contextlib import suppress
from dataclasses import dataclass
from types import TracebackType
from typing import Self


@dataclass
class Relay:
    """Passes datagrams of one client to `server` and back until the block ends.

    Attributes:
        server: UDP port on loopback.
        port: Where the client sends to.
        sent: Datagrams of the client so far.
        delay_s: How much later than it came an answer is passed back; others may come meanwhile, as on a long line.
    """

    server: int
    port: int = 0
    sent: int = 0
    delay_s: float = 0.0

    def __enter__(self) -> Self:
        self._near = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._near.bind(("127.0.0.1", 0))
        self._near.settimeout(0.05)
        self._far = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._far.connect(("127.0.0.1", self.server))
        self._far.settimeout(0.05)
        self.port = int(self._near.getsockname()[1])
        self._client: tuple[str, int] | None = None
        self._stop = threading.Event()
        self._threads = [threading.Thread(target=one, daemon=True) for one in (self._there, self._back)]
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stop.set()
        for thread in self._threads:
            thread.join()
        self._near.close()
        self._far.close()

    def _there(self) -> None:
        while not self._stop.is_set():
            try:
                data, self._client = self._near.recvfrom(65_535)
            except TimeoutError:
                continue
            self.sent += 1
            self._far.send(data)

    def _back(self) -> None:
        held: deque[tuple[float, bytes]] = deque()
        if self.delay_s:
            self._far.settimeout(0.01)
        while not self._stop.is_set():
            with suppress(TimeoutError, ConnectionError):
                data = self._far.recv(65_535)
                held.append((time.monotonic() + self.delay_s, data))
            while held and held[0][0] <= time.monotonic() and self._client is not None:
                self._near.sendto(held.popleft()[1], self._client)
