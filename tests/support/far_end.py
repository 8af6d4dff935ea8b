"""The far end of a cable: sees each IPv4 packet that is sent into it, and answers what a test wants (root)."""

import fcntl
import heapq
import itertools
import socket
import struct
import threading
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from types import TracebackType
from typing import Self

from tests.support.namespace import ip

HERE = "192.0.2.1"
NETWORK = "192.0.2"

Answers = Iterable[tuple[float, bytes]]
"""Packets, each with the seconds until it is sent."""

_IPV4 = 0x0800
_RECEIVE_FORCE, _TIMES = 33, 35
"""SO_RCVBUFFORCE and SO_TIMESTAMPNS (socket(7)), which Python has no names for."""


class FarEnd:
    """Lays a cable `near`, `far` into the calling thread's network, which must be `alone`.

    Attributes:
        seen: Echo requests that came, as IPv4 packets.
        times_s: When each of them came, by the kernel's clock.
        answered: How many packets were sent back.
    """

    def __init__(self, answer: Callable[[bytes], Answers] = lambda _: ()) -> None:
        self._answer = answer
        self.seen: list[bytes] = []
        self.times_s: list[float] = []
        self.answered = 0
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._serve, daemon=True)

    def __enter__(self) -> Self:
        ip("link add near type veth peer name far")
        for end in ("near", "far"):
            # No neighbour is asked for, no router looked for: nothing but our own packets goes through the cable.
            Path(f"/proc/sys/net/ipv6/conf/{end}/disable_ipv6").write_text("1", encoding="ascii")
            ip(f"link set {end} up arp off")
        ip(f"address add {HERE}/24 dev near")
        self._near = _address_of("near")
        self._socket = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(_IPV4))
        # However late this thread gets its turn, nothing that came is lost, and when it came is known.
        self._socket.setsockopt(socket.SOL_SOCKET, _RECEIVE_FORCE, 16_777_216)
        self._socket.setsockopt(socket.SOL_SOCKET, _TIMES, 1)
        self._socket.bind(("far", _IPV4))
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._ended.set()
        self._thread.join()
        self._socket.close()

    def _serve(self) -> None:
        waiting: list[tuple[float, int, bytes]] = []
        number = itertools.count()
        while not self._ended.is_set():
            pause = max(0.0, waiting[0][0] - time.monotonic()) if waiting else 0.05
            self._socket.settimeout(min(0.05, pause) or 0.0001)
            try:
                frame, said, _, where = self._socket.recvmsg(2_000, 100)
            except (TimeoutError, BlockingIOError):
                pass
            else:
                if where[2] != socket.PACKET_OUTGOING:
                    seconds, nanos = struct.unpack("=qq", said[0][2][:16])
                    self.times_s.append(seconds + nanos / 1e9)
                    self.seen.append(frame[14:])
                    for delay_s, packet in self._answer(frame[14:]):
                        heapq.heappush(waiting, (time.monotonic() + delay_s, next(number), packet))
            while waiting and waiting[0][0] <= time.monotonic():
                self._socket.send(self._near + self._near + struct.pack("!H", _IPV4) + heapq.heappop(waiting)[2])
                self.answered += 1


def reply(request: bytes, *, source: str | None = None, change: Callable[[bytearray], None] = lambda _: None) -> bytes:
    """Return the echo reply to a request.

    Args:
        request: An IPv4 packet.
        source: Who it is from, if not from who was asked.
        change: What is made of the ICMP message before it is summed.
    """
    message = bytearray(request[20:])
    message[0] = 0
    message[2:4] = b"\0\0"
    change(message)
    message[2:4] = _checksum(message)
    host = socket.inet_aton(source) if source else request[16:20]
    head = bytearray(struct.pack("!BBHHHBBH", 0x45, 0, 20 + len(message), 0, 0, 64, 1, 0) + host + request[12:16])
    head[10:12] = _checksum(head)
    return bytes(head + message)


def _address_of(device: str) -> bytes:
    """Return a device's hardware address, asked of the calling thread's own network (SIOCGIFHWADDR)."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asked:
        return fcntl.ioctl(asked, 0x8927, struct.pack("256s", device.encode()))[18:24]


def _checksum(data: bytes | bytearray) -> bytes:
    padded = bytes(data) + b"\0" * (len(data) % 2)
    total = sum(struct.unpack(f"!{len(padded) // 2}H", padded))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return struct.pack("!H", ~total & 0xFFFF)
