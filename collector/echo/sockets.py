"""Sockets for echo requests: ping sockets if the process's group may open them, else raw ones with CAP_NET_RAW.

The kernel drops what is not an answer to us: a raw socket would otherwise see our own requests and everyone's answers.
"""

import contextlib
import secrets
import socket
import struct
from collections.abc import Mapping
from typing import Final

from collector.echo.kernel import ANSWER_OCTETS, Inbox, Outbox, admit
from collector.probe import ProbeFailure

PACKET_OCTETS: Final = 64
"""An echo request with its ICMP header."""

REQUEST: Final[Mapping[int, int]] = {socket.AF_INET: 8, socket.AF_INET6: 128}
REPLY: Final[Mapping[int, int]] = {socket.AF_INET: 0, socket.AF_INET6: 129}
"""Types of messages (RFC 792, RFC 4443)."""

IP_OCTETS: Final = 20
"""What stands before the message on a raw IPv4 socket; a header with options is longer, and answers nobody here."""

AT_ONCE: Final = 128
"""Requests that one call sends, and answers that one call reads, at most."""

READ_OCTETS: Final = AT_ONCE * ANSWER_OCTETS
"""Length of what one call reads if more may wait."""

_PROTOCOL: Final[Mapping[int, int]] = {socket.AF_INET: socket.IPPROTO_ICMP, socket.AF_INET6: socket.IPPROTO_ICMPV6}
_TIMESTAMP: Final = 35
_BUFFERS: Final = ((socket.SO_RCVBUF, 33), (socket.SO_SNDBUF, 32))
_MTU_DISCOVER, _MTU_PROBE = 10, 3
_RAW_LEVEL: Final = 255
_TYPES_REFUSED: Final = 1
_LENGTH, _OCTET, _PAIR, _EQUAL, _RETURN = 0x80, 0x30, 0x28, 0x15, 0x06
"""Instructions of classic BPF."""


class Socket:
    """One address family's socket.

    Attributes:
        family: `socket.AF_INET` or `socket.AF_INET6`.
        raw: Whether it is a raw socket.
        mark: Identifier of our requests on a raw socket; a ping socket's is the kernel's choice.
        descriptor: Its number, for the event loop.
        outbox: Where the next requests are written.
        receive_octets: What may wait in it, as the kernel counts: an answer with what it keeps beside it.
    """

    def __init__(self, family: int, buffer_octets: int) -> None:
        """Open it.

        Args:
            family: `socket.AF_INET` or `socket.AF_INET6`.
            buffer_octets: Wanted size of each buffer; without CAP_NET_ADMIN the system's limit holds.

        Raises:
            ProbeFailure: This process may open neither kind.
            OSError: The system has no such sockets.
        """
        self.family = family
        self.mark = secrets.randbits(16)
        self._socket, self.raw = _opened(family)
        self.descriptor = self._socket.fileno()
        try:
            _tune(self._socket, buffer_octets)
            if self.raw:
                _refuse_types(self._socket)
            admit(self._socket, self._filter())
            self.outbox = Outbox(family, AT_ONCE, PACKET_OCTETS)
            self._inbox = Inbox(AT_ONCE)
            while self.read():
                pass
        except BaseException:
            self._socket.close()
            raise
        self.receive_octets = self._socket.getsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF)

    def read(self) -> memoryview:
        """Return the rooms of some answers, fewer than fit if there are no more; good until the next call."""
        return self._inbox.receive(self.descriptor)

    def send(self, first: int, end: int) -> int:
        """Send requests from the outbox, as `Outbox.send` does."""
        return self.outbox.send(self.descriptor, first, end)

    def close(self) -> None:
        """Give the descriptor back."""
        self._socket.close()

    def _filter(self) -> list[tuple[int, int, int, int]]:
        """Return the program that lets only answers to us through, of exactly their length."""
        at = IP_OCTETS if self.raw and self.family == socket.AF_INET else 0
        checks = [(_LENGTH, 0, at + PACKET_OCTETS), (_PAIR, at, REPLY[self.family] << 8)]
        if at:
            checks.append((_OCTET, 0, 0x45))
        if self.raw:
            checks.append((_PAIR, at + 4, self.mark))
        program = []
        for number, (load, where, value) in enumerate(checks):
            program += [(load, 0, 0, where), (_EQUAL, 0, 2 * (len(checks) - number) - 1, value)]
        return [*program, (_RETURN, 0, 0, 0xFFFF), (_RETURN, 0, 0, 0)]


def _opened(family: int) -> tuple[socket.socket, bool]:
    with contextlib.suppress(OSError):
        return socket.socket(family, socket.SOCK_DGRAM, _PROTOCOL[family]), False
    try:
        return socket.socket(family, socket.SOCK_RAW, _PROTOCOL[family]), True
    except PermissionError:
        raise ProbeFailure("icmp_not_allowed") from None


def _tune(opened: socket.socket, buffer_octets: int) -> None:
    opened.setblocking(False)
    opened.setsockopt(socket.SOL_SOCKET, _TIMESTAMP, 1)
    for modest, forced in _BUFFERS:
        opened.setsockopt(socket.SOL_SOCKET, modest, buffer_octets)
        with contextlib.suppress(PermissionError):
            opened.setsockopt(socket.SOL_SOCKET, forced, buffer_octets)
    if opened.family == socket.AF_INET:
        # A request that may not be cut into fragments needs no number that tells its fragments from others':
        # finding one costs the kernel a fifth of the whole sending. 84 octets fit through every line.
        opened.setsockopt(socket.IPPROTO_IP, _MTU_DISCOVER, _MTU_PROBE)


def _refuse_types(opened: socket.socket) -> None:
    """Let a raw socket see replies only, before the kernel copies anything for it."""
    wanted = REPLY[opened.family]
    if opened.family == socket.AF_INET:
        opened.setsockopt(_RAW_LEVEL, _TYPES_REFUSED, struct.pack("=I", 0xFFFFFFFF & ~(1 << wanted)))
    else:
        words = [0xFFFFFFFF] * 8
        words[wanted >> 5] &= ~(1 << (wanted & 31))
        opened.setsockopt(socket.IPPROTO_ICMPV6, _TYPES_REFUSED, struct.pack("=8I", *words))
