"""A TCP server that says what a test wants: real sockets on a free port of loopback."""

import socket
import ssl
import threading
from collections.abc import Callable, Iterable
from types import TracebackType
from typing import Self

Speech = Callable[[bytes], Iterable[bytes | float]]
"""From what the client sent first (up to the blank line of HTTP) to octets to send and seconds to pause."""


class Speaker:
    """Serves each connection by `speech` in a thread of its own until the block ends.

    Attributes:
        port: Where it listens.
        heard: What the clients sent first.
    """

    def __init__(
        self, speech: Speech, *, tls: ssl.SSLContext | None = None, listens: bool = True, host: str = "127.0.0.1"
    ) -> None:
        self._speech = speech
        self._tls = tls
        self._listens = listens
        self._host = host
        self.heard: list[bytes] = []

    def __enter__(self) -> Self:
        self._socket = socket.create_server((self._host, 0))
        self._socket.settimeout(0.05)
        self.port = int(self._socket.getsockname()[1])
        self._stop = threading.Event()
        self._threads = [threading.Thread(target=self._accept, daemon=True)]
        self._threads[0].start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stop.set()
        for thread in self._threads:
            thread.join(timeout=5)
        self._socket.close()

    def _accept(self) -> None:
        while not self._stop.is_set():
            try:
                peer, _ = self._socket.accept()
            except TimeoutError:
                continue
            thread = threading.Thread(target=self._serve, args=(peer,), daemon=True)
            self._threads.append(thread)
            thread.start()

    def _serve(self, peer: socket.socket) -> None:
        peer.settimeout(60)
        try:
            with self._tls.wrap_socket(peer, server_side=True) if self._tls else peer as wire:
                for part in self._speech(self._listen(wire)):
                    if self._stop.is_set():
                        return
                    if isinstance(part, float):
                        self._stop.wait(part)
                    else:
                        wire.sendall(part)
        except OSError:
            return
        finally:
            peer.close()

    def _listen(self, wire: socket.socket) -> bytes:
        if not self._listens:
            return b""
        said = b""
        while b"\r\n\r\n" not in said and (more := wire.recv(65_536)):
            said += more
        self.heard.append(said)
        return said
