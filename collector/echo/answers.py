"""Matches each ICMP answer with its request, or drops it."""

import socket
import struct
from collections.abc import Mapping, MutableMapping
from time import monotonic_ns, time_ns
from typing import Final

from collector.echo.cohort import NANO, Cohort
from collector.echo.kernel import ANSWER_OCTETS, DATA_AT
from collector.echo.sockets import IP_OCTETS, PACKET_OCTETS

RTT_MIN_NS: Final = 1_000
"""What is told of an answer that came before its request is known to have left; both times are exact only so far."""


def _layout(family: int, *, raw: bool) -> struct.Struct:
    """Return how an answer's room is read: address, time of receipt, number, secret, ticket."""
    before = IP_OCTETS if raw and family == socket.AF_INET else 0
    name = "8x20s4x" if family == socket.AF_INET6 else "4x4s24x"
    rest = ANSWER_OCTETS - DATA_AT - before - PACKET_OCTETS + 32
    return struct.Struct(f"={name}16xqq{before}x7xBQ8xII{rest}x")


_LAYOUTS: Final[Mapping[tuple[int, bool], struct.Struct]] = {
    (family, raw): _layout(family, raw=raw) for family in (socket.AF_INET, socket.AF_INET6) for raw in (False, True)
}


def match(rooms: memoryview, family: int, raw: bool, cohorts: MutableMapping[int, Cohort]) -> None:
    """Enter the answers that belong to a request.

    An answer counts once, and only with the secret of its burst, from the host that was asked, to a request that left.

    Args:
        rooms: As `Socket.read` gives them; nothing is expected of their contents.
        family: `socket.AF_INET` or `socket.AF_INET6`.
        raw: Whether they are from a raw socket.
        cohorts: By the number in the ticket; those of which no burst is open any more are taken out.
    """
    now = monotonic_ns()
    ahead = time_ns() - now
    for host, seconds, nanos, number, secret, ticket, slot in _LAYOUTS[family, raw].iter_unpack(rooms):
        cohort = cohorts.get(ticket)
        if cohort is None or slot >= cohort.size or cohort.secrets[slot] != secret or cohort.hosts[slot] != host:
            continue
        if number >= len(cohort.departures) or slot >= len(cohort.departures[number]):
            continue
        rtts = cohort.rtts[slot]
        if rtts[number] is not None:
            continue
        left = cohort.departures[number][slot]
        rtt = seconds * NANO + nanos - ahead - left
        if rtt < RTT_MIN_NS:
            rtt = RTT_MIN_NS
        elif rtt > now - left:
            rtt = now - left
        rtts[number] = rtt / NANO
        if (number + 1 == cohort.count or cohort.number == cohort.count) and None not in rtts:
            cohort.finish(slot)
            if not cohort.open:
                del cohorts[ticket]
