"""Receives traps: a socket, the gate in front of the decoder, and an immediate poll of the device that sent one.

A trap is a hint and never a measurement: it may be lost, repeated or forged, so it only means that the device is worth
polling now. What cannot be decoded is counted, and no packet can stop the listener.
"""

import asyncio
import logging
import socket
from collections import Counter
from collections.abc import Callable, Mapping
from typing import Any, Final, cast

from collector.target import SnmpV3
from collector.traps.decoder import KINDS, Decoder, Dropped, Notice
from collector.traps.envelope import LONGEST
from collector.traps.gate import AGAIN_S, Gate, Sender

log = logging.getLogger(__name__)

HINTS: Final = frozenset(KINDS.values())
"""Kinds of notifications that cause a poll; the others are only counted."""

RECEIVE_OCTETS: Final = 1_048_576
"""Receive buffer: a burst waits in the kernel, and what is beyond it is lost there."""


class Traps(asyncio.DatagramProtocol):
    """Takes notifications; see `listen`.

    Attributes:
        listening: Whether the socket is open.
        taken: Notifications that were trusted, by (version, kind).
        dropped: Those that were not, by reason.
        answered: Informs acknowledged and reports sent.
        polls: `polled` and `held`.
    """

    def __init__(self, name: str, poll: Callable[[str], object]) -> None:
        """Know nobody yet: until `know`, everything is dropped.

        Args:
            name: Of the collector.
            poll: Called with the name of a device that is to be polled now; must be quick.
        """
        self._gate, self._decoder, self._poll = Gate(), Decoder(name), poll
        self._transport: asyncio.DatagramTransport | None = None
        self.taken: Counter[tuple[str, str]] = Counter()
        self.dropped: Counter[str] = Counter()
        self.polls: Counter[str] = Counter()
        self.answered = 0
        self._complained: set[tuple[str, str]] = set()
        self._held: dict[str, asyncio.TimerHandle] = {}

    @property
    def listening(self) -> bool:
        """Return whether the socket is open."""
        return self._transport is not None and not self._transport.is_closing()

    def know(self, senders: Mapping[str, Sender]) -> None:
        """Take notifications from exactly these addresses from now on."""
        self._gate.know(senders)
        self._decoder.forget(
            [one for sender in senders.values() for one in sender.credentials if isinstance(one, SnmpV3)]
        )

    def close(self) -> None:
        """Close the socket; nobody is asked any more."""
        for timer in self._held.values():
            timer.cancel()
        self._held.clear()
        if self._transport is not None:
            self._transport.close()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Note the socket, to answer on it."""
        self._transport = cast("asyncio.DatagramTransport", transport)

    def connection_lost(self, error: Exception | None) -> None:
        """Note that the socket is gone."""
        self._transport = None
        if error is not None:
            log.error("traps are no longer taken: %s", error)

    def error_received(self, error: Exception) -> None:
        """Ignore that an answer could not be delivered: its receiver is gone."""

    def datagram_received(self, data: bytes, addr: tuple[Any, ...]) -> None:
        """Drop, or decode, answer and poll."""
        address = str(addr[0]).removeprefix("::ffff:")
        now = asyncio.get_running_loop().time()
        sender = self._gate.admit(address, now, min(len(data), LONGEST))
        if isinstance(sender, str):
            self.dropped[sender] += 1
            return
        if len(data) > LONGEST:
            self._drop("oversized", address)
            return
        try:
            notice = self._decoder.read(data, sender.credentials)
        except Dropped as dropped:
            self._answer(dropped.reply, addr)
            self._drop(dropped.reason, address)
            return
        self._answer(notice.reply, addr)
        self._take(notice, sender, now)

    def _take(self, notice: Notice, sender: Sender, now: float) -> None:
        self.taken[notice.version, notice.kind] += 1
        if notice.kind not in HINTS:
            return
        for instance in sender.instances:
            if self._gate.may_poll(instance, now):
                log.info("%s says %s; it is asked now", instance, notice.kind)
                self._poll(instance)
                self.polls["polled"] += 1
                continue
            # A port that goes down and comes back within the second: the poll may have seen the first half alone.
            self.polls["held"] += 1
            if instance not in self._held:
                self._held[instance] = asyncio.get_running_loop().call_later(AGAIN_S, self._ask_again, instance)

    def _ask_again(self, instance: str) -> None:
        """Poll a device that had more to say than the last poll may have seen, unless it was polled since."""
        del self._held[instance]
        if self._gate.may_poll(instance, asyncio.get_running_loop().time()):
            self._poll(instance)
            self.polls["polled"] += 1

    def _answer(self, reply: bytes, addr: tuple[Any, ...]) -> None:
        if reply and self._transport is not None:
            self._transport.sendto(reply, addr)
            self.answered += 1

    def _drop(self, reason: str, address: str) -> None:
        """Count, and say so once for each device and reason: it is set up wrongly, or somebody tries its name."""
        self.dropped[reason] += 1
        if reason == "discovery" or (address, reason) in self._complained or len(self._complained) > 1_000:
            return
        self._complained.add((address, reason))
        log.warning("a trap of %s is not taken: %s (said once)", address, reason)


async def listen(host: str, port: int, traps: Traps) -> asyncio.DatagramTransport | None:
    """Open the socket; where that is impossible, say why and go on without traps.

    Args:
        host: Address to listen on, IPv4 or IPv6; `::` takes both.
        port: UDP port.
        traps: What takes the notifications.
    """
    six = ":" in host
    sock = socket.socket(socket.AF_INET6 if six else socket.AF_INET, socket.SOCK_DGRAM)
    try:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, RECEIVE_OCTETS)
        if six:
            sock.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
        sock.setblocking(False)
        sock.bind((host, port))
        transport, _ = await asyncio.get_running_loop().create_datagram_endpoint(lambda: traps, sock=sock)
    except OSError as error:
        sock.close()
        why = error.strerror or str(error)
        log.error("traps are not taken, %s port %d cannot be used: %s", host, port, why)  # noqa: TRY400 - no traceback
        return None
    log.info("traps are taken on %s port %d", host, port)
    return transport
