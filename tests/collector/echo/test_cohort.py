import asyncio
import subprocess
from collections import Counter

from collector.ping import WAIT_MAX_S, Burst, Pinger
from tests.support.far_end import NETWORK, FarEnd, reply
from tests.support.namespace import alone
from tests.support.parts import need
from tests.support.pinging import burst, within
from tests.support.running import wait


def test_the_gap_between_two_requests_to_one_host_is_kept() -> None:
    def watched() -> list[float]:
        with FarEnd(lambda request: [(0.0, reply(request))]) as far:
            burst(f"{NETWORK}.2", count=6, gap_s=0.1, wait_s=WAIT_MAX_S)
            return far.times_s

    arrivals = alone(watched)
    assert len(arrivals) == 6
    assert arrivals[-1] - arrivals[0] >= 5 * 0.1 * 0.9


def test_a_full_send_queue_delays_requests_but_loses_none() -> None:
    hosts = [f"{NETWORK}.{number}" for number in range(2, 152)]

    async def crowd(pinger: Pinger) -> list[Burst]:
        return await asyncio.gather(*(pinger.burst(host, gap_s=0.0, wait_s=WAIT_MAX_S) for host in hosts))

    def narrow() -> tuple[list[Burst], list[bytes]]:
        with FarEnd(lambda request: [(0.0, reply(request))]) as far:
            # The queue drains 1,000 requests a second, and the socket may have some 50 in it.
            _queue("rate 784kbit burst 1600 limit 1000000")
            found: list[Burst] = within(crowd, buffer_octets=20_000)
            wait(lambda: len(far.seen) == 5 * len(hosts))
            return found, far.seen

    found, seen = alone(narrow)
    assert sum(burst.unsent for burst in found) == 0
    # Not each answer must find room in a buffer that is so small.
    assert Counter(request[19] for request in seen) == dict.fromkeys(range(2, 152), 5)
    assert sum(len(burst.answered) for burst in found) > 0


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
    subprocess.run(command, check=True, capture_output=True, timeout=60)


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
        first = pinger.burst(f"{NETWORK}.2", gap_s=0.1, wait_s=WAIT_MAX_S)
        other = pinger.burst(f"{NETWORK}.3", gap_s=0.1, wait_s=WAIT_MAX_S)
        await asyncio.sleep(0.05)
        first.cancel()
        return await other

    def watched() -> tuple[Burst, list[int]]:
        with FarEnd(lambda request: [(0.0, reply(request))]) as far:
            return within(cancelled), [request[19] for request in far.seen]

    found, seen = alone(watched)
    assert found.loss == 0.0
    assert seen.count(3) == 5
    # One, unless the process stood still just then.
    assert 1 <= seen.count(2) < 5
