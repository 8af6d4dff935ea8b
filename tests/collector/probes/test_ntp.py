import itertools
import socket
import struct
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collector import metrics
from collector.probes.ntp import Times, unix
from tests.support.datagrams import Datagrams
from tests.support.parts import free_port
from tests.support.peers import chronyd
from tests.support.polling import poll, values

UNIX_S = 2_208_988_800


def packet(
    asked: bytes, *, first: int = 0x24, stratum: int = 2, refers: bytes = b"\0" * 4, ahead_s: float = 0
) -> bytes:
    stamp = int((time.time() + ahead_s + UNIX_S) % 2**32 * 2**32)
    return struct.pack("!BBbbII4sQ8sQQ", first, stratum, 6, -20, 0, 655, refers, 0, asked[40:48], stamp, stamp)


def test_a_time_server_that_knows_the_time_is_well() -> None:
    with chronyd("local stratum 5") as port:
        result = poll("ntp", port=port)
    assert result.success, result
    assert values(result, metrics.NTP_STRATUM) == {(): 5}
    assert abs(values(result, metrics.NTP_OFFSET)[()]) < 30


def test_a_time_server_that_knows_no_time_yet_is_a_failure() -> None:
    with chronyd() as port:
        assert poll("ntp", port=port).reason == "ntp_unsynchronised"


@pytest.mark.parametrize("ahead_s", [-7_200.0, 90.0, 400 * 86_400.0])
def test_a_clock_that_is_wrong_is_measured(ahead_s: float) -> None:
    with Datagrams(lambda asked: [packet(asked, ahead_s=ahead_s)]) as server:
        result = poll("ntp", port=server.port)
    assert values(result, metrics.NTP_OFFSET)[()] == pytest.approx(ahead_s, abs=30)
    assert values(result, metrics.NTP_ROOT_DISPERSION)[()] == pytest.approx(0.01, abs=0.001)


@pytest.mark.parametrize(
    ("first", "stratum", "refers", "reason", "detail"),
    [
        (0xE4, 0, b"RATE", "ntp_refused", "RATE"),
        (0xE4, 0, b"DENY", "ntp_refused", "DENY"),
        (0xE4, 2, b"", "ntp_unsynchronised", "2"),
        (0x24, 16, b"", "ntp_unsynchronised", "16"),
        (0x24, 0, b"\1\2\3\4", "ntp_unsynchronised", "0"),
    ],
)
def test_a_server_that_refuses_or_does_not_know_is_a_failure(
    first: int, stratum: int, refers: bytes, reason: str, detail: str
) -> None:
    with Datagrams(lambda asked: [packet(asked, first=first, stratum=stratum, refers=refers)]) as server:
        result = poll("ntp", port=server.port)
    assert (result.reason, result.detail) == (reason, detail)


def test_an_answer_without_our_cookie_is_not_taken() -> None:
    with Datagrams(lambda asked: [packet(b"\0" * 48, ahead_s=9_999), b"short", packet(asked)]) as server:
        assert abs(values(poll("ntp", port=server.port), metrics.NTP_OFFSET)[()]) < 30


def test_our_own_time_is_not_told() -> None:
    with Datagrams(lambda asked: [packet(asked)]) as server:
        poll("ntp", port=server.port)
        poll("ntp", port=server.port)
        first, *_, last = server.heard
    assert (first[0], first[1:40]) == (0x23, b"\0" * 39)
    assert first[40:] != last[40:]


def test_a_closed_port_and_a_missing_host_are_failures() -> None:
    assert poll("ntp", port=free_port(socket.SOCK_DGRAM)).reason == "connect"
    assert poll("ntp", address=None).detail == "host"


@given(st.floats(0, 2**33), st.floats(-(2**30), 2**30))
def test_a_stamp_of_any_era_is_the_moment_nearest_to_ours(moment: float, off: float) -> None:
    stamp = int((moment + UNIX_S) % 2**32 * 2**32) % 2**64
    assert unix(stamp, near=moment + off) == pytest.approx(moment, abs=1e-3)


@given(st.floats(-1e6, 1e6), st.floats(0, 10), st.floats(0, 10), st.floats(0, 10))
def test_an_offset_is_wrong_by_half_the_difference_of_the_ways_at_most(
    ahead: float, there: float, inside: float, back: float
) -> None:
    times = Times(0.0, there + ahead, there + ahead + inside, there + inside + back)
    assert abs(times.offset_s - ahead) <= abs(there - back) / 2 + 1e-6
    assert times.delay_s == pytest.approx(there + back, abs=1e-6)


def test_what_answers_a_later_try_is_not_measured_from_the_first() -> None:
    def measured() -> tuple[float, float]:
        seen = itertools.count()
        with Datagrams(lambda asked: [packet(asked)] if next(seen) else []) as server:
            result = poll("ntp", port=server.port)
        assert len(set(server.heard)) == len(server.heard) > 1
        return values(result, metrics.NTP_DELAY)[()], abs(values(result, metrics.NTP_OFFSET)[()])

    # If this process stands still meanwhile, that is measured too; from the first try it would be a second each time.
    assert any(delay_s < 0.5 and offset_s < 0.4 for delay_s, offset_s in (measured() for _ in range(5)))
