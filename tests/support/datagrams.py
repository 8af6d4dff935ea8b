"""A UDP server that says what a test wants: real datagrams on a free port of loopback."""

import socket
import threading
from collections.abc import Callable, Iterable
from types import TracebackType
from typing import Self

Reply = Callable[[bytes], Iterable[bytes]]
"""From a packet to the packets that go back."""


class Datagrams:
    """Answers each packet by `reply` in a thread of its own until the block ends.

    Attributes:
        port: Where it listens.
        heard: What came.
    """

    def __init__(self, reply: Reply) -> None:
        self._reply = reply
        self.heard: list[bytes] = []

    def __enter__(self) -> Self:
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.bind(("127.0.0.1", 0))
        self._socket.settimeout(0.05)
        self.port = int(self._socket.getsockname()[1])
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stop.set()
        self._thread.join(timeout=5)
        self._socket.close()

    def _serve(self) -> None:
        while not self._stop.is_set():
            try:
                packet, peer = self._socket.recvfrom(65_536)
            except TimeoutError:
                continue
            self.heard.append(packet)
            for answer in self._reply(packet):
                self._socket.sendto(answer, peer)
