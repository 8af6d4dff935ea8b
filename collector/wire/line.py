"""A socket that limits octets and time, for libraries that do neither."""

import socket
import threading
import time
from contextlib import suppress
from typing import Any, Final, Literal

Ended = Literal["long", "deadline", "closed"]

GLANCE_S: Final = 0.2
"""Seconds after which a reader that waits looks whether it may go on waiting."""


class Line:
    """Stands in for a connected socket (or a channel through another host); safe to close from another thread.

    Attributes:
        ended: Why nothing more comes through; `None` while something may.
        octets: What has come in.
    """

    def __init__(self, sock: Any, ends: float, most: int) -> None:  # noqa: ANN401 - a socket or like one
        """Take over a connected socket.

        Args:
            sock: What is read from and written to.
            ends: Moment of `time.monotonic` after which nothing comes through.
            most: Octets that may come in; see `allow`.
        """
        self._sock, self._ends, self._most = sock, ends, most
        self._lock = threading.Lock()
        self._timeout: float | None = None
        self._closed = False  # paramiko looks at it, as a socket has it
        self.ended: Ended | None = None
        self.octets = 0

    def allow(self, most: int) -> None:
        """Let so many octets in, counted from the beginning."""
        self._most = most

    def recv(self, size: int) -> bytes:
        """Return what has come, or nothing once the line has ended.

        Raises:
            TimeoutError: Nothing has come within the reader's own time.
        """
        if self._over():
            return b""
        self._sock.settimeout(GLANCE_S if self._timeout is None else min(GLANCE_S, self._timeout))
        try:
            data: bytes = self._sock.recv(size)
        except OSError:
            if self._over():
                return b""
            raise
        self.octets += len(data)
        if self.octets > self._most:
            self._end("long")
            return b""
        return data

    def send(self, data: bytes) -> int:
        """Send octets and return how many went.

        Raises:
            OSError: The line has ended, or the peer is gone.
        """
        if self._over():
            raise OSError("ended")
        self._sock.settimeout(min(GLANCE_S, max(0.01, self._ends - time.monotonic())))
        return int(self._sock.send(data))

    def settimeout(self, seconds: float | None) -> None:
        """Let a reader wait so long at most."""
        self._timeout = seconds

    def gettimeout(self) -> float | None:
        """Return how long a reader waits at most."""
        return self._timeout

    def getpeername(self) -> Any:  # noqa: ANN401 - as the socket says it
        """Return the peer's address."""
        return self._sock.getpeername()

    def close(self) -> None:
        """Let nothing more through."""
        self._end("closed")

    def release(self) -> None:
        """Give the socket back; only when nobody reads or writes any more."""
        self.close()
        self._closed = True
        with suppress(OSError, EOFError):
            self._sock.close()

    def _over(self) -> bool:
        if self.ended is None and time.monotonic() >= self._ends:
            self._end("deadline")
        return self.ended is not None

    def _end(self, why: Ended) -> None:
        with self._lock:
            if self.ended is not None:
                return
            self.ended = why
        # Not closed: another thread may be reading, and the number of a closed socket may be another's at once.
        with suppress(OSError, EOFError):
            self._sock.shutdown(socket.SHUT_RDWR)
