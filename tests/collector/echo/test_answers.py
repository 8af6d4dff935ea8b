import asyncio
import socket
import struct
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from time import monotonic_ns

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from collector.echo.answers import RTT_MIN_NS, match
from collector.echo.burst import Burst
from collector.echo.cohort import NANO, Cohort
from collector.echo.kernel import ANSWER_OCTETS
from collector.ping import WAIT_MAX_S, Pinger
from tests.support.far_end import NETWORK, Answers, FarEnd, reply
from tests.support.namespace import alone
from tests.support.pinging import burst, within
from tests.support.running import wait

FAMILIES = {socket.AF_INET: bytes([127, 0, 0, 1]), socket.AF_INET6: bytes(15) + b"\1" + bytes(4)}
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


FORGERIES: dict[str, Callable[[bytes], Answers]] = {
    "from another host": lambda request: [(0.0, reply(request, source=f"{NETWORK}.99"))],
    "with another secret": lambda request: [(0.0, reply(request, change=lambda message: _flip(message, 8)))],
    "with the ticket of no burst": lambda request: [(0.0, reply(request, change=lambda message: _flip(message, 24)))],
    "with another slot": lambda request: [(0.0, reply(request, change=lambda message: _flip(message, 28)))],
    "with a number that was never sent": lambda request: [
        (0.0, reply(request, change=lambda message: _put(message, 7, 250)))
    ],
    "with the mark of another process": lambda request: [
        (0.0, reply(request, change=lambda message: _flip(message, 4)))
    ],
    "too short": lambda request: [(0.0, reply(request, change=lambda message: _cut(message, 8)))],
    "too long": lambda request: [(0.0, reply(request, change=lambda message: message.extend(bytes(8))))],
    "that is no reply": lambda request: [(0.0, request)],
}


def _flip(message: bytearray, at: int) -> None:
    message[at] ^= 0x01


def _put(message: bytearray, at: int, value: int) -> None:
    message[at] = value


def _cut(message: bytearray, octets: int) -> None:
    del message[-octets:]


@pytest.mark.parametrize("group", ["1 0", "0 2147483647"], ids=["raw", "ping"])
def test_a_forged_answer_is_none_while_the_true_one_of_another_host_counts(group: str) -> None:
    kinds = list(FORGERIES)

    def answer(request: bytes) -> Answers:
        last = request[19]
        return FORGERIES[kinds[last - 10]](request) if last >= 10 else [(0.0, reply(request))]

    async def all_at_once(pinger: Pinger) -> list[Burst]:
        hosts = [f"{NETWORK}.{10 + number}" for number in range(len(kinds))]
        false = [pinger.burst(host, gap_s=0.0, wait_s=0.5) for host in hosts]
        return await asyncio.gather(pinger.burst(f"{NETWORK}.2", gap_s=0.0, wait_s=WAIT_MAX_S), *false)

    def forged() -> list[Burst]:
        Path("/proc/sys/net/ipv4/ping_group_range").write_text(group, encoding="ascii")
        with FarEnd(answer):
            found: list[Burst] = within(all_at_once)
            return found

    true, *false = alone(forged)
    assert true.loss == 0.0
    assert {kind: len(found.answered) for kind, found in zip(kinds, false, strict=True)} == dict.fromkeys(kinds, 0)


def test_an_answer_that_comes_twice_counts_once_with_its_first_time() -> None:
    def twice() -> Burst:
        with FarEnd(lambda request: [(0.0, reply(request)), (0.1, reply(request))]):
            # The copies of the first requests come before the last request has left.
            return burst(f"{NETWORK}.2", gap_s=0.05, wait_s=WAIT_MAX_S)

    found = alone(twice)
    assert (len(found.answered), found.unsent) == (5, 0)
    assert sum(rtt < 0.1 for rtt in found.answered) > 0


def test_answers_to_a_burst_that_has_ended_do_not_count_for_the_next() -> None:
    asked: list[bytes] = []

    def one_burst_late(request: bytes) -> Answers:
        asked.append(request)
        return [(0.0, reply(asked[-6]))] if len(asked) > 5 else ()

    async def one_after_the_other(pinger: Pinger) -> list[Burst]:
        return [await pinger.burst(f"{NETWORK}.2", gap_s=0.0, wait_s=0.5) for _ in range(2)]

    def late() -> tuple[list[Burst], int]:
        with FarEnd(one_burst_late) as far:
            found = within(one_after_the_other)
            wait(lambda: far.answered == 5)
            return found, len(far.seen)

    found, seen = alone(late)
    assert seen == 10
    assert [burst.loss for burst in found] == [1.0, 1.0]


def test_a_round_trip_is_what_the_line_took_however_busy_the_loop_is() -> None:
    async def busy(pinger: Pinger, far: FarEnd) -> tuple[Burst, float]:
        began = time.monotonic()
        future = pinger.burst(f"{NETWORK}.2", gap_s=0.0, wait_s=WAIT_MAX_S)
        await asyncio.sleep(0.03)
        # The loop is held up while the answers come, and for another second.
        wait(lambda: far.answered == 5)
        time.sleep(1.0)  # noqa: ASYNC251 - as above
        return await future, time.monotonic() - began

    def slow_line() -> tuple[Burst, float]:
        with FarEnd(lambda request: [(0.1, reply(request))]) as far:
            found: tuple[Burst, float] = within(lambda pinger: busy(pinger, far))
            return found

    found, passed_s = alone(slow_line)
    assert len(found.answered) == 5
    assert all(0.1 <= rtt < passed_s - 0.5 for rtt in found.answered)
