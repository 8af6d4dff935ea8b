"""Bursts that are sent together: one system call sends the next request of each.

A request carries a ticket, which identifies its burst, and a secret of that burst, so no host can answer for another.
Next to each stands its complement: all requests with the same number then have the same checksum, and none has to be
computed.
"""

import asyncio
import errno
import struct
import sys
from array import array
from os import urandom
from time import monotonic_ns
from typing import Final

from collector.echo.burst import Burst
from collector.echo.sockets import PACKET_OCTETS, REQUEST, Socket

SLOTS: Final = 100
"""Bursts in a cohort, at most."""

NANO: Final = 1_000_000_000

_WORDS: Final = PACKET_OCTETS // 8
_ONES: Final = (1 << 32) - 1
_NUMBERS: Final = array("I", range(SLOTS))
_TURNED: Final = array("I", range(_ONES, _ONES - SLOTS, -1))
_BUSY: Final = {errno.EAGAIN, errno.ENOBUFS, errno.ENOMEM, errno.EINTR}
_REFUSED: Final = -1.0
_is_done: Final = asyncio.Future.done

Future = asyncio.Future[Burst]
Shape = tuple[int, int, float, float]
"""Family, count, gap and wait in seconds."""


class Cohort:
    """Bursts of one shape, each in a slot.

    Attributes:
        family: `socket.AF_INET` or `socket.AF_INET6`.
        size: How many.
        count: Requests of each burst.
        gap_ns: Nanoseconds between two requests to one host.
        wait_ns: Nanoseconds to wait after the last.
        hosts: Packed address by slot.
        secrets: What an answer must bring back, by slot.
        rtts: Round trips in seconds by slot and number; negative for what the kernel refused to send.
        departures: When the requests left, by number and slot, on the monotonic clock in nanoseconds.
        number: Number of the request that each burst sends next; `count` if all have left.
        slot: Slot whose turn it is.
        open: Bursts without a result.
    """

    __slots__ = (
        "_bursts", "_stuck_ns", "_ticket", "_turned", "_unsent", "count", "departures", "family", "gap_ns", "hosts",
        "number", "open", "rtts", "secrets", "size", "slot", "wait_ns",
    )  # fmt: skip

    def __init__(self, ticket: int, shape: Shape, bursts: list[Future], hosts: list[bytes]) -> None:
        """Begin.

        Args:
            ticket: A number of 32 bits that no other cohort under way has.
            shape: Of each burst.
            bursts: At most `SLOTS`.
            hosts: Their packed addresses.
        """
        self._ticket, self._bursts, self.hosts = ticket, bursts, hosts
        self.family, self.count, gap_s, wait_s = shape
        self.gap_ns, self.wait_ns = int(gap_s * NANO), int(wait_s * NANO)
        self.size = self.open = size = len(bursts)
        self.rtts: list[list[float | None]] = [[None] * self.count for _ in bursts]
        self.departures: list[list[int]] = []
        random = urandom(8 * size)
        self.secrets = array("Q", random)
        turned = int.from_bytes(random, "little") ^ ((1 << 64 * size) - 1)
        self._turned = array("Q", turned.to_bytes(8 * size, "little"))
        self.number = self.slot = 0
        self._unsent: dict[int, int] = {}
        self._stuck_ns = 0

    def send(self, through: Socket, most: int) -> int:
        """Send requests of the number that is due, from the slot whose turn it is.

        Args:
            through: The socket of our family.
            most: Requests, at least one.

        Returns:
            How many are dealt with; 0 if the kernel has no room now.
        """
        first = self.slot
        if len(self.departures) == self.number:
            self.departures.append([])
        gone = list(map(_is_done, self._bursts[first : first + most]))
        if gone[0]:
            self.departures[-1].append(0)
            return self._passed(1)
        size = gone.index(True) if True in gone else len(gone)
        self._write(through, first, first + size)
        dealt = 0
        while dealt < size:
            began = monotonic_ns()
            taken = through.send(dealt, size)
            if taken > 0:
                # Within one call the kernel sends one after the other.
                step = (monotonic_ns() - began) // taken or 1
                self.departures[-1].extend(range(began, began + taken * step, step))
                self._stuck_ns = 0
                dealt += taken
            elif self._may_wait(-taken, began):
                break
            else:
                self._refuse(first + dealt)
                dealt += 1
        return self._passed(dealt)

    def _write(self, through: Socket, first: int, end: int) -> None:
        """Write the requests of some slots side by side."""
        box, size = through.outbox, end - first
        box.address(self.hosts[first:end])
        words, halves = box.words, box.halves
        words[0 : _WORDS * size : _WORDS] = array("Q", [_head(through, self.number)]) * size
        words[1 : _WORDS * size : _WORDS] = self.secrets[first:end]
        words[2 : _WORDS * size : _WORDS] = self._turned[first:end]
        halves[6 : 2 * _WORDS * size : 2 * _WORDS] = array("I", [self._ticket]) * size
        halves[7 : 2 * _WORDS * size : 2 * _WORDS] = _NUMBERS[first:end]
        halves[8 : 2 * _WORDS * size : 2 * _WORDS] = array("I", [_ONES - self._ticket]) * size
        halves[9 : 2 * _WORDS * size : 2 * _WORDS] = _TURNED[first:end]

    def _may_wait(self, number: int, now_ns: int) -> bool:
        """Tell whether to try again later: the kernel is busy, and not for longer than an answer is waited for."""
        if number not in _BUSY:
            return False
        self._stuck_ns = self._stuck_ns or now_ns
        return now_ns - self._stuck_ns < self.wait_ns

    def _refuse(self, slot: int) -> None:
        self.departures[-1].append(0)
        self.rtts[slot][self.number] = _REFUSED
        self._unsent[slot] = self._unsent.get(slot, 0) + 1

    def _passed(self, slots: int) -> int:
        """Go on to the slot after these; when all requests have left, end the bursts for which none is open."""
        self.slot += slots
        if self.slot == self.size:
            self.slot = 0
            self.number += 1
            if self.number == self.count:
                for slot in self._unsent:
                    if None not in self.rtts[slot]:
                        self.finish(slot)
        return slots

    def finish(self, slot: int) -> None:
        """End a burst with what it has."""
        burst = self._bursts[slot]
        if burst.done():
            return
        rtts = self.rtts[slot]
        unsent = self._unsent.get(slot, 0)
        if unsent:
            rtts = [None if rtt == _REFUSED else rtt for rtt in rtts]
        burst.set_result(Burst(tuple(rtts), unsent))
        self.open -= 1

    def end(self) -> None:
        """End all bursts with what they have."""
        nothing = [None] * self.count
        lost = Burst(tuple(nothing))
        for slot, rtts in enumerate(self.rtts):
            if rtts != nothing:
                self.finish(slot)
            elif not self._bursts[slot].done():
                self._bursts[slot].set_result(lost)


def _head(through: Socket, number: int) -> int:
    """Return the first eight octets of a request (RFC 792), as a word of this machine.

    The rest of a request adds up to nothing. The kernel itself sums what leaves by a ping socket or over IPv6.
    """
    kind = REQUEST[through.family] << 8
    total = kind + through.mark + number
    checksum = ~(total + (total >> 16)) & 0xFFFF
    return int.from_bytes(struct.pack("!HHHH", kind, checksum, through.mark, number), sys.byteorder)
