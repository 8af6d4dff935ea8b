import asyncio
import socket
import struct
from dataclasses import dataclass
from time import monotonic_ns

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from collector.echo.answers import RTT_MIN_NS, match
from collector.echo.burst import Burst
from collector.echo.cohort import NANO, Cohort
from collector.echo.kernel import ANSWER_OCTETS

FAMILIES = {socket.AF_INET: bytes([127, 0, 0, 1]), socket.AF_INET6: bytes(15) + b"\1"}
TICKET = 7
COUNT = 5


def cohort(family: int, bursts: int = 1) -> Cohort:
    loop = asyncio.new_event_loop()
    futures: list[asyncio.Future[Burst]] = [loop.create_future() for _ in range(bursts)]
    loop.close()
    made = Cohort(TICKET, (family, COUNT, 0.0, 1.0), futures, [FAMILIES[family]] * bursts)
    made.departures = [[monotonic_ns() - NANO] * bursts]
    return made


@dataclass(frozen=True)
class Said:
    """What an answer says."""

    own: bool
    at_ns: int
    number: int
    secret: int | None
    ticket: int
    slot: int


SAYINGS = st.builds(
    Said,
    own=st.booleans(),
    at_ns=st.integers(-(2**63), 2**63 - 1),
    number=st.integers(0, 1) | st.integers(0, 255),
    secret=st.none() | st.integers(0, 2**64 - 1),
    ticket=st.just(TICKET) | st.integers(0, 2**32 - 1),
    slot=st.integers(0, 3) | st.integers(0, 2**32 - 1),
)


def room(family: int, raw: bool, said: Said, secret: int) -> bytes:
    host = FAMILIES[family] if said.own else bytes(len(FAMILIES[family]))
    name = bytes(4) + host if family == socket.AF_INET else bytes(8) + host
    control = bytes(16) + struct.pack("=qq", *divmod(said.at_ns, NANO))
    before = bytes(20) if raw and family == socket.AF_INET else b""
    data = before + bytes(7) + bytes([said.number]) + struct.pack("=Q8xII", secret, said.ticket, said.slot)
    return (name.ljust(32, b"\0") + control + data).ljust(ANSWER_OCTETS, b"\0")


@pytest.mark.parametrize("family", FAMILIES)
@pytest.mark.parametrize("raw", [False, True])
@given(
    rooms=st.sampled_from([0, ANSWER_OCTETS, 2 * ANSWER_OCTETS]).flatmap(
        lambda size: st.binary(min_size=size, max_size=size)
    )
)
def test_whatever_octets_come_nothing_is_raised_and_nothing_counts(family: int, raw: bool, rooms: bytes) -> None:
    asked = cohort(family)
    match(memoryview(rooms), family, raw, {TICKET: asked})
    assert asked.rtts == [[None] * COUNT]


@pytest.mark.parametrize("family", FAMILIES)
@pytest.mark.parametrize("raw", [False, True])
@given(said=SAYINGS)
@example(said=Said(own=True, at_ns=0, number=0, secret=None, ticket=TICKET, slot=1))
def test_only_the_answer_to_what_was_asked_counts_and_never_with_an_impossible_time(
    family: int, raw: bool, said: Said
) -> None:
    asked = cohort(family, bursts=2)
    secret = asked.secrets[min(said.slot, 1)] if said.secret is None else said.secret
    match(memoryview(room(family, raw, said, secret)), family, raw, {TICKET: asked})
    told = secret in asked.secrets[said.slot : said.slot + 1]
    right = told and (said.own, said.ticket, said.number) == (True, TICKET, 0)
    found = [rtt for rtts in asked.rtts for rtt in rtts if rtt is not None]
    assert len(found) == int(right)
    # A wall clock that was set meanwhile cannot make a round trip longer than the time since the request left.
    assert all(RTT_MIN_NS / NANO <= rtt < 60 for rtt in found)
