"""The door to ICMP: bursts of echo requests, paced for the whole process.

It talks to the kernel directly. A library that sends and receives packet by packet costs more time in Python than in
the kernel; here one system call sends a request of each of up to a hundred bursts, and another reads as many answers.
"""

import asyncio
import contextlib
import errno
import heapq
import socket
import struct
from collections import deque
from time import monotonic_ns
from typing import Final

from collector.echo.answers import match
from collector.echo.burst import Burst
from collector.echo.cohort import NANO, SLOTS, Cohort, Future, Shape
from collector.echo.sockets import READ_OCTETS, Socket

__all__ = ["BUFFER_OCTETS", "COUNT_MAX", "COUNT_MIN", "PACE_PER_S", "WAIT_MAX_S", "Burst", "Pinger"]

PACE_PER_S: Final = 40_000
"""Most echo requests per second of one process: 31 Mbit/s, and 78 kB at once. Each host has its own gap besides."""

BUFFER_OCTETS: Final = 4_194_304
COUNT_MIN: Final = 5
COUNT_MAX: Final = 100
WAIT_MAX_S: Final = 10.0

_TICK_NS: Final = 20_000_000
_EARLY_NS: Final = 1_000_000
"""Grain of the event loop's timers: so much sooner than asked they may come."""

_SETTLE_NS: Final = 2_000_000
"""The kernel notes times of receipt only a moment after it was first asked to."""

_PER_TICK: Final = PACE_PER_S * _TICK_NS // NANO
_ANSWER_OCTETS: Final = 2_304
"""What the kernel counts for one answer that waits, with most network cards at most."""

_READS: Final = 16
"""Calls by which one tick reads the answers that wait, at most."""


_INDEX_MAX: Final = 0x7FFFFFFF


class Pinger:
    """Sends bursts of ICMP and ICMPv6 echo requests. Sockets are opened when they are first needed.

    Time is cut into ticks. In each, answers are read, what is due is sent, up to a tick's share, and what has waited
    long enough is ended; when an answer came, the kernel has noted. While nothing is to be sent, the loop sleeps until
    an answer comes or a wait is over.
    """

    def __init__(self, buffer_octets: int = BUFFER_OCTETS) -> None:
        """Open nothing yet.

        Args:
            buffer_octets: Wanted size of each socket's buffers.
        """
        self._buffer_octets = buffer_octets
        self._sockets: dict[int, Socket] = {}
        self._new: dict[Shape, tuple[list[Future], list[bytes]]] = {}
        self._cohorts: dict[int, Cohort] = {}
        self._made = 0
        self._ready: deque[tuple[int, Cohort]] = deque()
        self._due: list[tuple[int, int]] = []
        self._loop: asyncio.AbstractEventLoop | None = None
        self._timer: asyncio.TimerHandle | None = None
        self._timer_ns = self._ran_ns = 0
        self._listening = False
        self._share = _PER_TICK
        self.totals: dict[str, tuple[int, int]] = {}

    def burst(self, address: str, *, count: int = COUNT_MIN, gap_s: float = 0.02, wait_s: float = 1.0) -> Future:
        """Send `count` echo requests, `gap_s` apart, and wait at most `wait_s` after the last one has left.

        Args:
            address: IPv4 or IPv6 address; one of a single link with its interface, `fe80::1%eth0`.
            count: Requests, 5 to 100.
            gap_s: Seconds between two of them, 0 to 1.
            wait_s: Seconds, above 0, at most 10.

        Returns:
            What comes of it, to be awaited; who cancels it sends no more.

        Raises:
            ProbeFailure: This process may not open an ICMP socket.
            ValueError: A bound is broken, or it is no address.
        """
        if not (COUNT_MIN <= count <= COUNT_MAX and 0 <= gap_s <= 1 and 0 < wait_s <= WAIT_MAX_S):
            raise ValueError("count, gap_s or wait_s out of bounds")
        try:
            if ":" in address:
                family, host = socket.AF_INET6, _packed(address)
            else:
                family, host = socket.AF_INET, socket.inet_pton(socket.AF_INET, address)
        except OSError:
            raise ValueError("no address") from None
        loop = self._loop
        if loop is None or loop.is_closed():
            self.close()
            self._loop = loop = asyncio.get_running_loop()
        if family not in self._sockets:
            self._open(family)
        future: Future = loop.create_future()
        shape = (family, count, gap_s, wait_s)
        new = self._new.get(shape)
        if new is None:
            new = self._new[shape] = ([], [])
        new[0].append(future)
        new[1].append(host)
        if self._timer is None or self._timer_ns > self._ran_ns + _TICK_NS:
            self._wake(self._ran_ns + _TICK_NS)
        return future

    def count(self, name: str, burst: Burst) -> tuple[int, int]:
        """Add a burst to the totals of a target and return them: (sent, lost) since this process started."""
        sent, lost = self.totals.get(name, (0, 0))
        total = (sent + len(burst.rtts_s), lost + len(burst.rtts_s) - len(burst.answered))
        self.totals[name] = total
        return total

    def close(self) -> None:
        """Close both sockets; bursts under way end with what they have."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        self._form()
        # The loop may be closed already.
        with contextlib.suppress(RuntimeError):
            self._listen(on=False)
            for cohort in self._cohorts.values():
                cohort.end()
        self._listening = False
        for opened in self._sockets.values():
            opened.close()
        for held in (self._sockets, self._cohorts, self._ready, self._due):
            held.clear()

    def _open(self, family: int) -> None:
        opened = self._sockets[family] = Socket(family, self._buffer_octets)
        self._share = max(1, min(self._share, opened.receive_octets // (2 * _ANSWER_OCTETS)))
        self._ran_ns = monotonic_ns() + _SETTLE_NS - _TICK_NS

    def _wake(self, at_ns: int) -> None:
        """Set the timer to a time on the monotonic clock."""
        if self._loop is None:
            return
        if self._timer is not None:
            self._timer.cancel()
        self._timer = self._loop.call_later(max(0, at_ns - monotonic_ns()) / NANO, self._run)
        self._timer_ns = at_ns

    def _listen(self, *, on: bool) -> None:
        """Let the next answer end the sleep, or not."""
        if on is self._listening or self._loop is None:
            return
        self._listening = on
        for opened in self._sockets.values():
            if on:
                self._loop.add_reader(opened.descriptor, self._heard)
            else:
                self._loop.remove_reader(opened.descriptor)

    def _heard(self) -> None:
        """Read what has come, but not sooner than a tick after the last time: more will have come by then."""
        self._listen(on=False)
        self._wake(self._ran_ns + _TICK_NS)

    def _run(self) -> None:
        """Do what is due now, and decide when to come back."""
        self._timer = None
        self._listen(on=False)
        self._ran_ns = now = monotonic_ns()
        try:
            self._read()
            self._take_due(now + _EARLY_NS)
            self._form()
            self._send()
            self._read()
        finally:
            self._rest()

    def _take_due(self, now_ns: int) -> None:
        while self._due and self._due[0][0] <= now_ns:
            _, number = heapq.heappop(self._due)
            cohort = self._cohorts.get(number)
            if cohort is None:
                continue
            if cohort.number < cohort.count:
                self._ready.append((number, cohort))
            else:
                cohort.end()
                del self._cohorts[number]

    def _rest(self) -> None:
        """Come back when something is due; until then, if that is long, let the next answer wake us."""
        at = self._ran_ns + _TICK_NS
        if not self._ready:
            while self._due and self._due[0][1] not in self._cohorts:
                heapq.heappop(self._due)
            if not self._due:
                return
            at = max(at, self._due[0][0])
        self._wake(at)
        self._listen(on=at > self._ran_ns + 2 * _TICK_NS)

    def _read(self) -> None:
        for family, opened in self._sockets.items():
            for _ in range(_READS):
                rooms = opened.read()
                match(rooms, family, opened.raw, self._cohorts)
                if len(rooms) < READ_OCTETS:
                    break

    def _form(self) -> None:
        """Let bursts that were asked for since the last tick go together."""
        for shape, (futures, hosts) in self._new.items():
            for at in range(0, len(futures), SLOTS):
                self._made = number = (self._made + 1) & 0xFFFFFFFF
                cohort = Cohort(number, shape, futures[at : at + SLOTS], hosts[at : at + SLOTS])
                self._cohorts[number] = cohort
                self._ready.append((number, cohort))
        self._new.clear()

    def _send(self) -> None:
        left = self._share
        while self._ready and left:
            number, cohort = self._ready[0]
            sent = cohort.send(self._sockets[cohort.family], left)
            if not sent:
                break
            left -= sent
            if not cohort.slot:
                self._ready.popleft()
                self._after(number, cohort)

    def _after(self, number: int, cohort: Cohort) -> None:
        """Decide what comes after a request of each burst has left."""
        if not cohort.open:
            del self._cohorts[number]
        elif cohort.number == cohort.count:
            heapq.heappush(self._due, (monotonic_ns() + cohort.wait_ns + _EARLY_NS, number))
        elif cohort.gap_ns:
            heapq.heappush(self._due, (monotonic_ns() + cohort.gap_ns, number))
        else:
            self._ready.append((number, cohort))


def _packed(address: str) -> bytes:
    """Return an IPv6 address in 16 octets, and its interface's number in four as the kernel has them."""
    host, _, zone = address.partition("%")
    index = int(zone) if zone.isdecimal() else socket.if_nametoindex(zone) if zone else 0
    if index > _INDEX_MAX:
        raise OSError(errno.ENXIO, zone)
    return socket.inet_pton(socket.AF_INET6, host) + struct.pack("=I", index)
