import asyncio
import subprocess
import sys
import time
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collector.ping import PACE_PER_S, Burst, Pinger
from collector.probe import ProbeFailure
from tests.support.far_end import NETWORK, Answers, FarEnd, reply
from tests.support.namespace import alone, ip, without_net_raw
from tests.support.parts import need

RTTS = st.lists(st.none() | st.floats(min_value=1e-6, max_value=10), min_size=5, max_size=50)


def within(act: Callable[[Pinger], Coroutine[Any, Any, Any]], **options: int) -> Any:
    async def inside() -> Any:
        pinger = Pinger(**options)
        try:
            return await act(pinger)
        finally:
            pinger.close()

    return asyncio.run(inside())


def burst(address: str, **options: float) -> Burst:
    async def one(pinger: Pinger) -> Burst:
        return await pinger.burst(address, **options)  # type: ignore[arg-type]

    return within(one)


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


@pytest.mark.parametrize("address", ["127.0.0.1", "::1"])
def test_a_group_that_may_ping_needs_no_other_right(address: str) -> None:
    def unprivileged() -> float:
        Path("/proc/sys/net/ipv4/ping_group_range").write_text("0 2147483647", encoding="ascii")
        without_net_raw()
        return burst(address, gap_s=0.0).loss

    assert alone(unprivileged) == 0.0


@pytest.mark.parametrize("address", ["127.0.0.1", "::1"])
def test_where_no_group_may_ping_a_raw_socket_does_the_same(address: str) -> None:
    def privileged() -> float:
        Path("/proc/sys/net/ipv4/ping_group_range").write_text("1 0", encoding="ascii")
        return burst(address, gap_s=0.0).loss

    assert alone(privileged) == 0.0


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
        hosts = [f"{NETWORK}.2", *(f"{NETWORK}.{10 + number}" for number in range(len(kinds)))]
        return await asyncio.gather(*(pinger.burst(host, gap_s=0.0, wait_s=0.5) for host in hosts))

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
            return burst(f"{NETWORK}.2", gap_s=0.05, wait_s=2.0)

    found = alone(twice)
    assert (len(found.answered), found.unsent) == (5, 0)
    assert sum(rtt < 0.1 for rtt in found.answered) > 0


def test_answers_to_a_burst_that_has_ended_do_not_count_for_the_next() -> None:
    async def one_after_the_other(pinger: Pinger) -> list[Burst]:
        return [await pinger.burst(f"{NETWORK}.2", gap_s=0.0, wait_s=0.2) for _ in range(2)]

    def late() -> tuple[list[Burst], int]:
        with FarEnd(lambda request: [(0.3, reply(request))]) as far:
            return within(one_after_the_other), len(far.seen)

    found, seen = alone(late)
    assert seen == 10
    assert [burst.loss for burst in found] == [1.0, 1.0]


def test_a_round_trip_is_what_the_line_took_however_busy_the_loop_is() -> None:
    async def busy(pinger: Pinger) -> Burst:
        future = pinger.burst(f"{NETWORK}.2", gap_s=0.0, wait_s=5.0)
        await asyncio.sleep(0.03)
        time.sleep(1.0)  # noqa: ASYNC251 - the loop is held up while the answers come
        return await future

    def slow_line() -> Burst:
        with FarEnd(lambda request: [(0.1, reply(request))]):
            found: Burst = within(busy)
            return found

    found = alone(slow_line)
    assert len(found.answered) == 5
    assert all(0.1 <= rtt < 0.9 for rtt in found.answered)


def test_the_gap_between_two_requests_to_one_host_is_kept() -> None:
    arrivals: list[float] = []

    def answer(request: bytes) -> Answers:
        arrivals.append(time.monotonic())
        return [(0.0, reply(request))]

    def watched() -> None:
        with FarEnd(answer):
            burst(f"{NETWORK}.2", count=6, gap_s=0.1)

    alone(watched)
    assert len(arrivals) == 6
    assert arrivals[-1] - arrivals[0] >= 5 * 0.1 * 0.9


def test_a_full_send_queue_delays_requests_but_loses_none() -> None:
    hosts = [f"{NETWORK}.{number}" for number in range(2, 152)]

    async def crowd(pinger: Pinger) -> list[Burst]:
        return await asyncio.gather(*(pinger.burst(host, gap_s=0.0, wait_s=5.0) for host in hosts))

    def narrow() -> list[Burst]:
        with FarEnd(lambda request: [(0.0, reply(request))]):
            # The queue drains 1,000 requests a second, and the socket may have some 50 in it.
            _queue("rate 784kbit burst 1600 limit 1000000")
            found: list[Burst] = within(crowd, buffer_octets=20_000)
            return found

    found = alone(narrow)
    assert sum(burst.unsent for burst in found) == 0
    assert sum(len(burst.answered) for burst in found) == 5 * len(hosts)


def test_what_a_stuck_queue_never_takes_counts_as_unsent_and_holds_nobody_up_for_good() -> None:
    async def crowd(pinger: Pinger) -> list[Burst]:
        hosts = [f"{NETWORK}.{number}" for number in range(2, 82)]
        return await asyncio.gather(*(pinger.burst(host, gap_s=0.0, wait_s=0.3) for host in hosts))

    def stuck() -> tuple[list[Burst], Burst]:
        with FarEnd():
            _queue("rate 1kbit burst 1600 limit 1000000")
            return within(crowd, buffer_octets=20_000), burst("127.0.0.1", gap_s=0.0)

    found, other = alone(stuck)
    assert all(burst.loss == 1.0 for burst in found)
    assert 0 < sum(burst.unsent for burst in found) < 400
    assert other.loss == 0.0


def _queue(kind: str) -> None:
    command = [need("tc"), "qdisc", "replace", "dev", "near", "root", "tbf", *kind.split()]
    subprocess.run(command, check=True, capture_output=True, timeout=10)


def test_bursts_that_exceed_a_share_leave_in_parts() -> None:
    async def crowd(pinger: Pinger) -> list[Burst]:
        hosts = [f"127.1.0.{number}" for number in range(1, 41)]
        return await asyncio.gather(*(pinger.burst(host, gap_s=0.0) for host in hosts))

    # A receive buffer so small allows 17 requests a tick.
    found = alone(lambda: within(crowd, buffer_octets=40_000))
    assert [burst.loss for burst in found] == [0.0] * 40


def test_a_host_without_a_route_takes_nothing_from_those_beside_it() -> None:
    async def crowd(pinger: Pinger) -> list[Burst]:
        hosts = ["198.18.0.1", "127.0.0.2", "198.18.0.2", "127.0.0.3", "198.18.0.3"]
        return await asyncio.gather(*(pinger.burst(host, gap_s=0.001) for host in hosts))

    found = alone(lambda: within(crowd))
    assert [burst.unsent for burst in found] == [5, 0, 5, 0, 5]
    assert [burst.loss for burst in found] == [1.0, 0.0, 1.0, 0.0, 1.0]


def test_a_cancelled_burst_sends_no_more() -> None:
    async def cancelled(pinger: Pinger) -> Burst:
        first = pinger.burst(f"{NETWORK}.2", gap_s=0.1)
        other = pinger.burst(f"{NETWORK}.3", gap_s=0.1)
        await asyncio.sleep(0.05)
        first.cancel()
        return await other

    def watched() -> tuple[Burst, list[int]]:
        with FarEnd(lambda request: [(0.0, reply(request))]) as far:
            return within(cancelled), [request[19] for request in far.seen]

    found, seen = alone(watched)
    assert found.loss == 0.0
    assert (seen.count(2), seen.count(3)) == (1, 5)


def test_two_pingers_and_another_process_take_nothing_from_each_other() -> None:
    async def beside(first: Pinger) -> list[Burst]:
        second = Pinger()
        try:
            return await asyncio.gather(*(pinger.burst("127.0.0.1", count=30) for pinger in (first, second) * 2))
        finally:
            second.close()

    def three() -> tuple[list[Burst], str]:
        root = Path(__file__).parents[2]
        command = [sys.executable, "-c", OTHER_PROCESS]
        with subprocess.Popen(command, cwd=root, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as other:
            assert other.stdout
            assert other.stdout.readline() == "ready\n"
            other.stdin.write("go\n")  # type: ignore[union-attr]
            other.stdin.flush()  # type: ignore[union-attr]
            found = within(beside)
            return found, other.communicate(timeout=30)[0].strip()

    found, told = alone(three)
    assert [burst.loss for burst in found] == [0.0] * 4
    assert told == "0.0"


OTHER_PROCESS = """
import asyncio
from collector.ping import Pinger

async def main():
    pinger = Pinger()
    await pinger.burst("127.0.0.1", gap_s=0.0)
    print("ready", flush=True)
    input()
    print((await pinger.burst("127.0.0.1", count=30)).loss)
    pinger.close()

asyncio.run(main())
"""


def test_closing_ends_what_is_under_way_and_gives_the_descriptors_back() -> None:
    async def closed(pinger: Pinger) -> list[Burst]:
        bursts = [pinger.burst(address, wait_s=10.0, gap_s=1.0) for address in ("127.0.0.1", "::1")]
        await asyncio.sleep(0.1)
        pinger.close()
        pinger.close()
        return [await burst for burst in bursts]

    def counted() -> tuple[list[Burst], set[Path], set[Path]]:
        before = set(Path("/proc/self/fd").iterdir())
        found = within(closed)
        return found, before, set(Path("/proc/self/fd").iterdir())

    found, before, after = alone(counted)
    assert [len(burst.rtts_s) for burst in found] == [5, 5]
    assert all(len(burst.answered) == 1 for burst in found)
    assert before == after


def test_a_pinger_goes_on_in_another_loop() -> None:
    def twice() -> list[float]:
        pinger = Pinger()

        async def one() -> Burst:
            return await pinger.burst("127.0.0.1", gap_s=0.0)

        found = [asyncio.run(one()).loss for _ in range(2)]
        pinger.close()
        return found

    assert alone(twice) == [0.0, 0.0]


def test_what_is_no_address_is_refused() -> None:
    with pytest.raises(ValueError, match="no address"):
        burst("127.0.0.1.example")


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
