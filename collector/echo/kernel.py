"""The door to ctypes: many datagrams per system call, which Python's own sockets cannot do.

The memory that the kernel reads and writes is laid out here once, for 64-bit Linux of either byte order: an array of
headers that point to an array of addresses and an array of packets. glibc and musl provide both calls; the library is
loaded on first use.
"""

import ctypes
import errno
import socket
import struct
from array import array
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Final

NAME_OCTETS: Final = 32
"""Room for one address; one of IPv6 takes 28."""

ANSWER_OCTETS: Final = 256
"""Stride of what is received: address, control message, datagram."""

CONTROL_AT: Final = NAME_OCTETS
DATA_AT: Final = 64
"""Where in an answer's room the control message and the datagram begin."""

_HEADER: Final = 64
_VECTOR: Final = 16
_WORD: Final = 8
_ATTACH_FILTER: Final = 26
_NAME_LENGTHS: Final[Mapping[int, int]] = {socket.AF_INET: 16, socket.AF_INET6: 28}


class Outbox:
    """Buffers for requests to many hosts, of which the kernel takes a run per call.

    Attributes:
        words: The packets, eight octets an item, in the machine's own order.
        halves: The same, four octets an item.
    """

    def __init__(self, family: int, slots: int, octets: int) -> None:
        """Lay out the room.

        Args:
            family: `socket.AF_INET` or `socket.AF_INET6`.
            slots: Requests it holds.
            octets: Length of each, a multiple of eight.
        """
        self._six = family == socket.AF_INET6
        names = slots * (_HEADER + _VECTOR)
        packets = names + slots * NAME_OCTETS
        self._memory, self._at = _memory(packets + slots * octets)
        headers = self._memory[: slots * (_HEADER + _VECTOR)].cast("Q")
        at = self._at
        _point(headers, slots, (at + names, NAME_OCTETS), (at + packets, octets), octets)
        _every(headers, 1, _HEADER // _WORD, [_padded(_NAME_LENGTHS[family])] * slots)
        self._names = self._memory[names:packets].cast("I")
        _every(self._memory[names:packets].cast("H"), 0, NAME_OCTETS // 2, [family] * slots)
        self.words = self._memory[packets:].cast("Q")
        self.halves = self._memory[packets:].cast("I")

    def address(self, hosts: Sequence[bytes]) -> None:
        """Write the addresses of the first requests.

        Args:
            hosts: Each of four octets, or of IPv6 sixteen and the number of the interface in four more, 0 for any.
        """
        parts, at = (5, 2) if self._six else (1, 1)
        joined = array("I", b"".join(hosts))
        for part in range(parts):
            _every(self._names, at + part, NAME_OCTETS // 4, joined[part::parts])

    def send(self, descriptor: int, first: int, end: int) -> int:
        """Let the kernel take the requests from `first` until before `end`.

        Returns:
            How many it took, at least one; or, negative, the number of the error for which it refused the first: a line
            that is down refuses each of a thousand requests, and an exception costs as much as sending two.
        """
        at = self._at + first * _HEADER
        taken: int = _library().sendmmsg(descriptor, at, end - first, socket.MSG_DONTWAIT)
        return taken if taken > 0 else -ctypes.get_errno()


class Inbox:
    """Buffers for answers, filled by one call.

    Attributes:
        slots: Answers it holds.
    """

    def __init__(self, slots: int) -> None:
        self.slots = slots
        rooms = slots * (_HEADER + _VECTOR)
        self._memory, self._at = _memory(rooms + slots * ANSWER_OCTETS)
        self._headers = self._memory[: slots * _HEADER]
        at, end = self._at + rooms, self._at + rooms + slots * ANSWER_OCTETS
        headers = self._memory[:rooms].cast("Q")
        _point(headers, slots, (at, ANSWER_OCTETS), (at + DATA_AT, ANSWER_OCTETS), ANSWER_OCTETS - DATA_AT)
        _every(headers, 1, _HEADER // _WORD, [_padded(NAME_OCTETS)] * slots)
        _every(headers, 4, _HEADER // _WORD, range(at + CONTROL_AT, end, ANSWER_OCTETS))
        _every(headers, 5, _HEADER // _WORD, [DATA_AT - CONTROL_AT] * slots)
        self._fresh = bytes(self._headers)
        self._rooms = self._memory[rooms:]

    def receive(self, descriptor: int) -> memoryview:
        """Return the rooms of the answers that waited, good until the next call.

        There are none if nothing waited, or if the kernel had to tell of an error first, which is no answer either.
        """
        taken: int = _library().recvmmsg(descriptor, self._at, self.slots, socket.MSG_DONTWAIT, None)
        if taken > 0:
            used = taken * _HEADER
            self._headers[:used] = self._fresh[:used]
            return self._rooms[: taken * ANSWER_OCTETS]
        return self._rooms[:0]


def admit(opened: socket.socket, program: Sequence[tuple[int, int, int, int]]) -> None:
    """Let a socket receive only what a filter lets through.

    Args:
        opened: The socket.
        program: Classic BPF: code, steps forward if true, steps forward if false, operand.

    Raises:
        OSError: The kernel does not take it.
    """
    memory, at = _memory(len(program) * _WORD)
    memory[:] = b"".join(struct.pack("=HBBI", *step) for step in program)
    opened.setsockopt(socket.SOL_SOCKET, _ATTACH_FILTER, struct.pack("@HP", len(program), at))


def _memory(octets: int) -> tuple[memoryview, int]:
    """Return zeroed memory with its address, at which it stays as long as it is in use."""
    memory = bytearray(octets)
    return memoryview(memory), ctypes.addressof((ctypes.c_char * octets).from_buffer(memory))


def _point(headers: memoryview, slots: int, names: tuple[int, int], data: tuple[int, int], octets: int) -> None:
    """Let each header point at its room for an address, and by its vector at its room for data.

    Args:
        headers: All headers and then all vectors, as words.
        slots: How many.
        names: Address of the first name, and from one to the next.
        data: The same of the data.
        octets: Length of the data.
    """
    vectors = slots * _HEADER // _WORD
    at = ctypes.addressof(ctypes.c_char.from_buffer(headers))
    _every(headers, 0, _HEADER // _WORD, range(names[0], names[0] + slots * names[1], names[1]))
    _every(headers, 2, _HEADER // _WORD, range(at + slots * _HEADER, at + slots * (_HEADER + _VECTOR), _VECTOR))
    _every(headers, 3, _HEADER // _WORD, [1] * slots)
    _every(headers, vectors, 2, range(data[0], data[0] + slots * data[1], data[1]))
    _every(headers, vectors + 1, 2, [octets] * slots)


def _every(cells: memoryview, first: int, stride: int, values: Sequence[int]) -> None:
    """Write the values into the cells `first`, `first + stride`, and so on."""
    cells[first : first + stride * len(values) : stride] = array(cells.format, values)


def _padded(number: int) -> int:
    """Return the word whose first four octets are a number and whose others are unused."""
    word: tuple[int] = struct.unpack("=Q", struct.pack("=I4x", number))
    return word[0]


@cache
def _library() -> ctypes.CDLL:
    """Return the C library that Python itself runs on.

    Raises:
        OSError: Addresses have not 64 bits, so that nothing would lie where the kernel looks for it.
    """
    if ctypes.sizeof(ctypes.c_void_p) != _WORD:
        raise OSError(errno.ENOSYS, "pinging needs 64-bit Linux")
    library = ctypes.CDLL(None, use_errno=True)
    library.sendmmsg.argtypes = [ctypes.c_int, ctypes.c_void_p, ctypes.c_uint, ctypes.c_int]
    library.recvmmsg.argtypes = [*library.sendmmsg.argtypes, ctypes.c_void_p]
    return library
