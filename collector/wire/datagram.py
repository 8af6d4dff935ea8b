"""One request and its answer over UDP: sent again when lost, unrelated packets ignored."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from collector.probe import ProbeFailure
from collector.wire.connection import Phases, reason_of, resolve
from collector.wire.limits import is_exhausted

TRIES: Final = 3
AGAIN_S: Final = 1.0
"""Seconds after which a question is asked again."""

STRANGE_MAX: Final = 64
"""Packets that do not answer the question; more of them are a flood and end the poll."""


@dataclass(frozen=True, slots=True)
class Wire:
    """The socket that a question goes out by.

    Attributes:
        own: Own IP address and port.
        peer: IP address and port of the server.
    """

    own: tuple[str, int]
    peer: tuple[str, int]


Ask = Callable[[Wire], bytes]
"""From the socket to the question: some protocols name their own address in it."""

Understand = Callable[[bytes], bool]
"""Whether a packet answers the question."""


@dataclass
class _Answers(asyncio.DatagramProtocol):
    is_answer: Understand
    answer: asyncio.Future[bytes] = field(default_factory=lambda: asyncio.get_running_loop().create_future())
    strange: int = 0

    def datagram_received(self, data: bytes, _addr: object) -> None:
        if self.answer.done():
            return
        if self.is_answer(data):
            self.answer.set_result(data)
            return
        self.strange += 1
        if self.strange > STRANGE_MAX:
            self.answer.set_exception(ProbeFailure("udp_strange", str(self.strange)))

    def error_received(self, exc: Exception) -> None:
        if not self.answer.done():
            self.answer.set_exception(ProbeFailure("connect", reason_of(exc)))


async def ask(
    host: str, port: int, question: Ask, is_answer: Understand, phases: Phases, *, address: str | None = None
) -> bytes:
    """Ask over UDP until an answer comes, at most `TRIES` times.

    Args:
        host: Name or IP address of the server.
        port: UDP port.
        question: Makes the packet, for each try anew.
        is_answer: Tells the answer from packets that do not belong here.
        phases: Where the times of `resolve` and `request` are added.
        address: IP address to ask instead of the resolver's.

    Raises:
        ProbeFailure: `dns`, `connect`, `udp_no_answer` or `udp_strange`.
    """
    with phases.timed("resolve"):
        found = address or (await resolve(host, port))[0]
    transport, answers = await _open(found, port, is_answer)
    try:
        wire = wire_of(transport)
        with phases.timed("request"):
            for _ in range(TRIES):
                transport.sendto(question(wire))
                done, _pending = await asyncio.wait({answers.answer}, timeout=AGAIN_S)
                if done:
                    return answers.answer.result()
        raise ProbeFailure("udp_no_answer", str(port))
    finally:
        answers.answer.cancel()
        transport.abort()


async def _open(address: str, port: int, is_answer: Understand) -> tuple[asyncio.DatagramTransport, _Answers]:
    loop = asyncio.get_running_loop()
    try:
        return await loop.create_datagram_endpoint(lambda: _Answers(is_answer), remote_addr=(address, port))
    except OSError as error:
        if is_exhausted(error):
            raise
        raise ProbeFailure("connect", reason_of(error)) from None


def wire_of(transport: asyncio.BaseTransport) -> Wire:
    """Return the two ends of an open socket."""
    own, peer = (transport.get_extra_info(name) for name in ("sockname", "peername"))
    return Wire((str(own[0]), int(own[1])), (str(peer[0]), int(peer[1])))
