import asyncio
import subprocess
import sys
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collector.ping import PACE_PER_S, Burst, Pinger
from collector.probe import ProbeFailure
from tests.support.namespace import alone, ip, without_net_raw

RTTS = st.lists(st.none() | st.floats(min_value=1e-6, max_value=10), min_size=5, max_size=50)


def burst(address: str, **options: float) -> Burst:
    async def inside() -> Burst:
        pinger = Pinger()
        try:
            return await pinger.burst(address, **options)  # type: ignore[arg-type]
        finally:
            pinger.close()

    return asyncio.run(inside())


def test_a_living_host_answers_each_request_of_a_burst() -> None:
    found = alone(lambda: burst("127.0.0.1", count=7, gap_s=0.001))
    assert len(found.answered) == 7
    assert found.loss == 0.0
    assert all(0 < rtt < 1 for rtt in found.answered)


def test_ipv6_is_pinged_by_any_spelling_of_the_address() -> None:
    assert alone(lambda: burst("0:0:0:0:0:0:0:1", gap_s=0.001)).loss == 0.0


def test_a_silent_host_loses_the_whole_burst_and_the_wait_is_bounded() -> None:
    def silent() -> tuple[Burst, float]:
        ip("link add near type veth peer name far")
        ip("link set near up")
        ip("link set far up")
        ip("address add 192.0.2.1/24 dev near")
        began = time.monotonic()
        return burst("192.0.2.2", gap_s=0.0, wait_s=0.3), time.monotonic() - began

    found, took_s = alone(silent)
    assert found.loss == 1.0
    assert not found.answered
    assert took_s < 5


def test_a_host_without_a_route_counts_as_lost_and_as_unsent() -> None:
    found = alone(lambda: burst("192.0.2.1", gap_s=0.0, wait_s=5.0))
    assert (found.loss, found.unsent) == (1.0, 5)


def test_no_answer_is_lost_among_two_thousand_living_and_two_thousand_dead_hosts_at_once() -> None:
    living = [f"127.1.{number // 250}.{number % 250 + 1}" for number in range(2_000)]
    dead = [f"198.18.{number // 250}.{number % 250 + 1}" for number in range(2_000)]

    async def inside() -> tuple[list[Burst], float]:
        pinger = Pinger()
        began = time.monotonic()
        found = await asyncio.gather(*(pinger.burst(address, gap_s=0.0, wait_s=0.5) for address in living + dead))
        pinger.close()
        return found, time.monotonic() - began

    def crowd() -> tuple[list[Burst], float]:
        ip("route add blackhole 198.18.0.0/16")
        return asyncio.run(inside())

    bursts, took_s = alone(crowd)
    assert sum(len(found.answered) for found in bursts[:2_000]) == 10_000
    assert not any(found.answered for found in bursts[2_000:])
    assert took_s >= 20_000 / PACE_PER_S * 0.95


def test_a_cancelled_burst_takes_nothing_from_the_others() -> None:
    async def inside() -> Burst:
        pinger = Pinger()
        first = asyncio.ensure_future(pinger.burst("127.0.0.1", gap_s=0.0))
        second = asyncio.ensure_future(pinger.burst("127.0.0.2", gap_s=0.0))
        await asyncio.sleep(0)
        first.cancel()
        found = await second
        pinger.close()
        return found

    assert alone(lambda: asyncio.run(inside())).loss == 0.0


def test_without_the_right_to_send_the_failure_says_what_is_missing() -> None:
    def unprivileged() -> None:
        without_net_raw()
        burst("127.0.0.1")

    with pytest.raises(ProbeFailure) as failure:
        alone(unprivileged)
    assert failure.value.code == "icmp_not_allowed"


FRESH_PROCESS = """
import asyncio
from collector.ping import Pinger
from tests.support.namespace import without_net_raw

async def main():
    without_net_raw()
    pinger = Pinger()
    print((await pinger.burst("127.0.0.1", gap_s=0.0)).loss)
    pinger.close()

asyncio.run(main())
"""
"""The library remembers for its whole process whether it may open a socket, hence another one."""


def test_a_group_that_may_ping_needs_no_other_right() -> None:
    def unprivileged() -> str:
        Path("/proc/sys/net/ipv4/ping_group_range").write_text("0 2147483647", encoding="ascii")
        command = [sys.executable, "-c", FRESH_PROCESS]
        root = Path(__file__).parents[2]
        return subprocess.run(command, cwd=root, check=True, capture_output=True, text=True, timeout=20).stdout

    assert alone(unprivileged).strip() == "0.0"


@pytest.mark.parametrize("options", [{"count": 4}, {"count": 101}, {"gap_s": -0.1}, {"wait_s": 0.0}, {"wait_s": 10.1}])
def test_a_burst_out_of_bounds_is_refused(options: dict[str, float]) -> None:
    with pytest.raises(ValueError, match="out of bounds"):
        burst("127.0.0.1", **options)


@given(RTTS)
def test_loss_is_a_share_and_jitter_is_never_negative(rtts: list[float | None]) -> None:
    found = Burst(tuple(rtts))
    assert 0.0 <= found.loss <= 1.0
    assert (found.loss == 1.0) == (not found.answered)
    assert 0.0 <= found.jitter_s <= max(found.answered, default=0.0)


@given(st.floats(min_value=1e-6, max_value=10), st.integers(min_value=5, max_value=50))
def test_a_steady_line_has_no_jitter(rtt: float, count: int) -> None:
    assert Burst((rtt,) * count).jitter_s == 0.0


def test_jitter_is_the_mean_step_between_answers_that_follow_each_other() -> None:
    assert Burst((0.010, 0.030, None, 0.020, None)).jitter_s == pytest.approx(0.015)


def test_totals_grow_by_target() -> None:
    pinger = Pinger()
    assert pinger.count("a", Burst((0.1, None, 0.1, 0.1, 0.1))) == (5, 1)
    assert pinger.count("a", Burst((None,) * 5)) == (10, 6)
    assert pinger.count("b", Burst((0.1,) * 5)) == (5, 0)
