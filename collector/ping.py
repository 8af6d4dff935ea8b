"""The door to gufo.ping: the only file that imports it. Bursts of echo requests, paced for the whole process.

The library's Rust socket is driven directly: its own client takes a full send buffer for a lost packet, loses the other
answers when one waiting call is cancelled, and sees a loss only after one to two time-outs.
"""

import asyncio
import contextlib
import errno
import itertools
from collections import deque
from dataclasses import dataclass
from typing import Final, NoReturn, cast

from gufo.ping import _fast
from gufo.ping.proto import SocketProto

from collector.probe import ProbeFailure

PACE_PER_S: Final = 5_000
"""Most echo requests per second of one process: faster ones overrun the sockets' buffers and look lost."""

BUFFER_BYTES: Final = 4_194_304
COUNT_MIN: Final = 5
COUNT_MAX: Final = 100
WAIT_MAX_S: Final = 10.0

PACKET_OCTETS: Final = 64
_TICK_S: Final = 0.005
_PER_TICK: Final = int(PACE_PER_S * _TICK_S)
_NANO: Final = 1_000_000_000
_BUSY: Final = {errno.EAGAIN, errno.ENOBUFS, errno.ENOMEM}


@dataclass(frozen=True, slots=True)
class Burst:
    """What came of one burst.

    Attributes:
        rtts_s: Round trip in seconds by sequence number; `None` for a request without an answer.
        unsent: How many requests the kernel refused to send (no route, for example).
    """

    rtts_s: tuple[float | None, ...]
    unsent: int = 0

    @property
    def answered(self) -> tuple[float, ...]:
        """Return the round trips that were measured, in the order of sending."""
        return tuple(rtt for rtt in self.rtts_s if rtt is not None)

    @property
    def loss(self) -> float:
        """Return the share without an answer, 0 to 1."""
        return 1.0 - len(self.answered) / len(self.rtts_s)

    @property
    def jitter_s(self) -> float:
        """Return the mean difference of consecutive round trips in seconds; 0 with fewer than two."""
        pairs = list(itertools.pairwise(self.answered))
        return sum(abs(later - earlier) for earlier, later in pairs) / len(pairs) if pairs else 0.0


class _Flight:
    """A burst under way."""

    __slots__ = ("done", "open", "queued", "rtts", "sent", "unsent")

    def __init__(self, count: int, loop: asyncio.AbstractEventLoop) -> None:
        self.rtts: list[float | None] = [None] * count
        self.open = self.queued = count
        self.unsent = 0
        self.sent: asyncio.Future[None] = loop.create_future()
        self.done: asyncio.Future[None] = loop.create_future()

    def leave(self) -> None:
        """Note that one more request has left the queue."""
        self.queued -= 1
        if not self.queued and not self.sent.done():
            self.sent.set_result(None)

    def settle(self) -> None:
        """Note that one more request needs no waiting."""
        self.open -= 1
        if not self.open and not self.done.done():
            self.done.set_result(None)


class _Socket:
    """One address family's socket with its reader."""

    def __init__(self, family: int, loop: asyncio.AbstractEventLoop) -> None:
        wrapper = _fast.SocketWrapper(family + _fast.PS_RAW_DGRAM, int(2 * WAIT_MAX_S) * _NANO, False)
        self._raw = cast("SocketProto", wrapper)
        self._raw.set_send_buffer_size(BUFFER_BYTES)
        self._raw.set_recv_buffer_size(BUFFER_BYTES)
        self._flights: dict[int, tuple[_Flight, int]] = {}
        self._loop = loop
        loop.add_reader(self._raw.get_fd(), self._read)

    def send(self, address: str, flight: _Flight, number: int) -> bool:
        """Send one echo request; return whether it has to be tried again later."""
        try:
            session = self._raw.send(address, PACKET_OCTETS)
        except OSError as error:
            if isinstance(error, BlockingIOError) or error.errno in _BUSY:
                return True
            flight.unsent += 1
            flight.settle()
            return False
        self._flights[session] = (flight, number)
        return False

    def tidy(self, address: str) -> str:
        """Return an IPv6 address as the library compares it."""
        return self._raw.clean_ip(address)

    def forget(self, flight: _Flight) -> None:
        """Drop what still waits for a burst that has ended, here and, by reading, in the library."""
        self._read()
        for session in [key for key, (owner, _) in self._flights.items() if owner is flight]:
            del self._flights[session]

    def close(self) -> None:
        with contextlib.suppress(RuntimeError, ValueError):
            self._loop.remove_reader(self._raw.get_fd())

    def _read(self) -> None:
        for session, nanoseconds in (self._raw.recv() or {}).items():
            waiting = self._flights.pop(session, None)
            if waiting is not None and nanoseconds:
                flight, number = waiting
                flight.rtts[number] = nanoseconds / _NANO
                flight.settle()


class Pinger:
    """Sends bursts of ICMP and ICMPv6 echo requests. Sockets are opened when they are first needed."""

    def __init__(self) -> None:
        self._sockets: dict[bool, _Socket] = {}
        self._queue: deque[tuple[_Socket, str, _Flight, int]] = deque()
        self._pump: asyncio.TimerHandle | None = None
        self.totals: dict[str, tuple[int, int]] = {}

    async def burst(self, address: str, *, count: int = COUNT_MIN, gap_s: float = 0.02, wait_s: float = 1.0) -> Burst:
        """Send `count` echo requests, `gap_s` apart, and wait at most `wait_s` after the last one has left.

        Args:
            address: IPv4 or IPv6 address.
            count: Requests, 5 to 100.
            gap_s: Seconds between two of them, 0 to 1.
            wait_s: Seconds, above 0, at most 10.

        Raises:
            ProbeFailure: This process may not open an ICMP socket.
            ValueError: A bound is broken.
        """
        if not (COUNT_MIN <= count <= COUNT_MAX and 0 <= gap_s <= 1 and 0 < wait_s <= WAIT_MAX_S):
            raise ValueError("count, gap_s or wait_s out of bounds")
        loop = asyncio.get_running_loop()
        socket = self._socket(":" in address, loop)
        if ":" in address:
            address = socket.tidy(address)
        flight = _Flight(count, loop)
        try:
            for number in range(count):
                self._enqueue(socket, address, flight, number)
                if number + 1 < count:
                    await asyncio.sleep(gap_s)
            await flight.sent
            async with asyncio.timeout(wait_s):
                await flight.done
        except TimeoutError:
            pass
        finally:
            flight.done.cancel()
            if flight.open:
                socket.forget(flight)
        return Burst(tuple(flight.rtts), flight.unsent)

    def count(self, name: str, burst: Burst) -> tuple[int, int]:
        """Add a burst to the totals of a target and return them: (sent, lost) since this process started."""
        sent, lost = self.totals.get(name, (0, 0))
        total = (sent + len(burst.rtts_s), lost + len(burst.rtts_s) - len(burst.answered))
        self.totals[name] = total
        return total

    def close(self) -> None:
        """Close both sockets."""
        if self._pump is not None:
            self._pump.cancel()
            self._pump = None
        for socket in self._sockets.values():
            socket.close()
        self._sockets.clear()
        self._queue.clear()

    def _socket(self, six: bool, loop: asyncio.AbstractEventLoop) -> _Socket:
        if six not in self._sockets:
            try:
                self._sockets[six] = _Socket(_fast.PS_IPV6 if six else _fast.PS_IPV4, loop)
            except PermissionError:
                raise ProbeFailure("icmp_not_allowed") from None
            except OSError as error:
                _unavailable(error)
        return self._sockets[six]

    def _enqueue(self, socket: _Socket, address: str, flight: _Flight, number: int) -> None:
        self._queue.append((socket, address, flight, number))
        if self._pump is None:
            self._send()

    def _send(self) -> None:
        """Send what is due now, at most one tick's share, and come back while anything waits."""
        self._pump = None
        for _ in range(min(_PER_TICK, len(self._queue))):
            socket, address, flight, number = self._queue[0]
            if not flight.done.cancelled() and socket.send(address, flight, number):
                break
            self._queue.popleft()
            flight.leave()
        self._pump = asyncio.get_running_loop().call_later(_TICK_S, self._rest)

    def _rest(self) -> None:
        self._pump = None
        if self._queue:
            self._send()


def _unavailable(error: OSError) -> NoReturn:
    if error.errno in {errno.EPERM, errno.EACCES}:
        raise ProbeFailure("icmp_not_allowed") from None
    raise error
