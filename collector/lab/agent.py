"""One SNMP agent that answers for every simulated address, each with its own variables.

The socket is bound to all addresses. The kernel reports with each datagram which address it was sent to (IP_PKTINFO,
ip(7)), and the answer is sent from there, as a client with a connected socket requires.
"""

import asyncio
import socket
import struct
import time
from collections.abc import Mapping
from typing import Final

from collector.lab import ber
from collector.lab.mib import Mib

IP_PKTINFO: Final = 8
"""Option and message type of Linux' ip(7); Python's socket module names it only in newer versions."""

_PKTINFO: Final = struct.Struct("=I4s4s")
_MOST_REQUEST: Final = 4_096
_MOST_AT_ONCE: Final = 64
_BUFFER_OCTETS: Final = 4 * 1024 * 1024


class Agent:
    """Answers SNMP v2c on one UDP port.

    Attributes:
        port: The port that it is bound to.
        answered: Requests answered.
        refused: Datagrams dropped: another community, an address of nobody, or no request at all.
    """

    def __init__(self, mibs: Mapping[str, Mib], community: str, port: int = 161) -> None:
        """Bind the port.

        Args:
            mibs: Variables by IPv4 address.
            community: The only password that is answered.
            port: UDP port; 0 takes any free one.

        Raises:
            OSError: The port is taken, or the user may not bind it.
        """
        self._mibs = {socket.inet_aton(address): mib for address, mib in mibs.items()}
        self._community = community.encode()
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM | socket.SOCK_NONBLOCK)
        self._socket.setsockopt(socket.IPPROTO_IP, IP_PKTINFO, 1)
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, _BUFFER_OCTETS)
        self._socket.bind(("0.0.0.0", port))  # noqa: S104 - it stands in a namespace of its own
        self.port: int = self._socket.getsockname()[1]
        self.answered = 0
        self.refused = 0

    def start(self, loop: asyncio.AbstractEventLoop) -> None:
        """Answer from now on, whenever the loop runs."""
        loop.add_reader(self._socket.fileno(), self._ready)

    def close(self, loop: asyncio.AbstractEventLoop) -> None:
        """Stop answering and give the port back."""
        loop.remove_reader(self._socket.fileno())
        self._socket.close()

    def _ready(self) -> None:
        for _ in range(_MOST_AT_ONCE):
            try:
                data, extra, _, sender = self._socket.recvmsg(_MOST_REQUEST, socket.CMSG_SPACE(_PKTINFO.size))
            except (BlockingIOError, InterruptedError):
                return
            asked = next((_PKTINFO.unpack(part)[2] for _, kind, part in extra if kind == IP_PKTINFO), b"")
            self._answer(data, asked, sender)

    def _answer(self, data: bytes, asked: bytes, sender: tuple[str, int]) -> None:
        mib = self._mibs.get(asked)
        try:
            request = ber.parse(data) if mib else None
        except ber.Malformed:
            request = None
        if mib is None or request is None or request.community != self._community:
            self.refused += 1
            return
        origin = (socket.IPPROTO_IP, IP_PKTINFO, _PKTINFO.pack(0, asked, b"\0" * 4))
        try:
            self._socket.sendmsg([mib.answer(request, time.time())], [origin], 0, sender)
        except OSError:
            # The way back is cut, or the buffer is full: the answer is lost, as on any network.
            self.refused += 1
            return
        self.answered += 1
