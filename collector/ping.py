"""The door to gufo.ping: the only file that imports it. Bursts of echo requests, paced for the whole process.

The library's Rust socket is driven directly: its own client takes a full send buffer for a lost packet, loses the other
answers when one waiting call is cancelled, and sees a loss only after one to two time-outs.
"""

import asyncio
import contextlib
import errno
import heapq
import itertools
from collections import deque
from dataclasses import dataclass
from typing import Final, NoReturn, TypeVar, cast

from gufo.ping import _fast
from gufo.ping.proto import SocketProto

from collector.probe import ProbeFailure

_T = TypeVar("_T")

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
    """A burst under way.

    Attributes:
        rtts: Round trip in seconds by sequence number.
        sessions: What the library calls the requests that were sent.
        open: Requests that are neither answered nor given up.
        queued: Requests that have not left.
        done: Set when nothing is open any more, or when the time is up.
    """

    __slots__ = ("address", "done", "open", "queued", "rtts", "sessions", "socket", "unsent", "wait_s")

    def __init__(self, socket: "_Socket", address: str, count: int, wait_s: float) -> None:
        self.socket, self.address, self.wait_s = socket, address, wait_s
        self.rtts: list[float | None] = [None] * count
        self.sessions: list[int] = []
        self.open = self.queued = count
        self.unsent = 0
        self.done: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def settle(self) -> None:
        """Note that one more request needs no waiting."""
        self.open -= 1
        if not self.open:
            self.end()

    def end(self) -> None:
        """Wait no longer."""
        if not self.done.done():
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
        loop.add_reader(self._raw.get_fd(), self.read)

    def send(self, flight: _Flight, number: int) -> bool:
        """Send one echo request; return whether it has to be tried again later."""
        try:
            session = self._raw.send(flight.address, PACKET_OCTETS)
        except OSError as error:
            if isinstance(error, BlockingIOError) or error.errno in _BUSY:
                return True
            flight.unsent += 1
            flight.settle()
            return False
        self._flights[session] = (flight, number)
        flight.sessions.append(session)
        return False

    def tidy(self, address: str) -> str:
        """Return an IPv6 address as the library compares it."""
        return self._raw.clean_ip(address)

    def forget(self, flight: _Flight) -> None:
        """Drop what still waits for a burst that has ended."""
        for session in flight.sessions:
            self._flights.pop(session, None)

    def close(self) -> None:
        with contextlib.suppress(RuntimeError, ValueError):
            self._loop.remove_reader(self._raw.get_fd())

    def read(self) -> None:
        """Take the answers that have come; the library forgets what is too old meanwhile."""
        for session, nanoseconds in (self._raw.recv() or {}).items():
            waiting = self._flights.pop(session, None)
            if waiting is not None and nanoseconds:
                flight, number = waiting
                flight.rtts[number] = nanoseconds / _NANO
                flight.settle()


class Pinger:
    """Sends bursts of ICMP and ICMPv6 echo requests. Sockets are opened when they are first needed.

    Time is cut into ticks. What is to be sent or given up in a tick stands in its list, and one timer goes from tick to
    tick while anything stands anywhere: a burst costs one future, whatever the number of its requests.
    """

    def __init__(self) -> None:
        self._sockets: dict[bool, _Socket] = {}
        self._queue: deque[tuple[_Flight, int]] = deque()
        self._to_send: dict[int, list[tuple[_Flight, int]]] = {}
        self._to_end: dict[int, list[_Flight]] = {}
        self._ticks: list[int] = []
        self._pump: asyncio.TimerHandle | None = None
        self._pump_at = 0
        self._sent_at = -1
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
        flight = _Flight(socket, socket.tidy(address) if ":" in address else address, count, wait_s)
        now = loop.time()
        self._queue.append((flight, 0))
        for number in range(1, count):
            if gap_s:
                self._put(self._to_send, _tick(now + number * gap_s), (flight, number))
            else:
                self._queue.append((flight, number))
        if self._sent_at < _tick(now):
            self._run(loop)
        else:
            self._plan(loop)
        try:
            await flight.done
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
        self._to_send.clear()
        self._to_end.clear()
        self._ticks.clear()

    def _socket(self, six: bool, loop: asyncio.AbstractEventLoop) -> _Socket:
        if six not in self._sockets:
            try:
                self._sockets[six] = _Socket(_fast.PS_IPV6 if six else _fast.PS_IPV4, loop)
            except PermissionError:
                raise ProbeFailure("icmp_not_allowed") from None
            except OSError as error:
                _unavailable(error)
        return self._sockets[six]

    def _put(self, ticks: dict[int, list[_T]], tick: int, what: _T) -> None:
        """Enter something into the list of a tick."""
        there = ticks.get(tick)
        if there is None:
            ticks[tick] = [what]
            heapq.heappush(self._ticks, tick)
        else:
            there.append(what)

    def _run(self, loop: asyncio.AbstractEventLoop) -> None:
        """Do what is due now: give up, send at most one tick's share, and come back while anything waits."""
        now = loop.time()
        self._sent_at = tick = _tick(now)
        while self._ticks and self._ticks[0] <= tick:
            due = heapq.heappop(self._ticks)
            self._queue.extend(self._to_send.pop(due, ()))
            if ending := self._to_end.pop(due, None):
                self._end(ending)
        for _ in range(min(_PER_TICK, len(self._queue))):
            flight, number = self._queue[0]
            if not flight.done.done() and flight.socket.send(flight, number):
                break
            self._queue.popleft()
            flight.queued -= 1
            if not flight.queued:
                self._put(self._to_end, _tick(now + flight.wait_s) + 1, flight)
        self._plan(loop)

    def _end(self, flights: list[_Flight]) -> None:
        for socket in self._sockets.values():
            socket.read()
        for flight in flights:
            flight.end()

    def _plan(self, loop: asyncio.AbstractEventLoop) -> None:
        """Set the timer to the next tick at which there is something to do."""
        if not self._queue and not self._ticks:
            return
        at = self._sent_at + 1 if self._queue else self._ticks[0]
        if self._pump is not None:
            if self._pump_at <= at:
                return
            self._pump.cancel()
        self._pump, self._pump_at = loop.call_at(at * _TICK_S, self._rest), at

    def _rest(self) -> None:
        self._pump = None
        self._run(asyncio.get_running_loop())


def _tick(time_s: float) -> int:
    return int(time_s / _TICK_S)


def _unavailable(error: OSError) -> NoReturn:
    if error.errno in {errno.EPERM, errno.EACCES}:
        raise ProbeFailure("icmp_not_allowed") from None
    raise error
