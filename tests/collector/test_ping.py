import asyncio
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from collector.ping import PACE_PER_S, Burst, Pinger
from collector.probe import ProbeFailure
from tests.support.namespace import alone, ip, without_net_raw
from tests.support.pinging import burst, within


def test_a_living_host_answers_each_request_of_a_burst() -> None:
    found = alone(lambda: burst("127.0.0.1", count=7, gap_s=0.001))
    assert len(found.answered) == 7
    assert found.loss == 0.0
    assert all(0 < rtt < 60 for rtt in found.answered)


def test_ipv6_is_pinged_by_any_spelling_of_the_address() -> None:
    assert alone(lambda: burst("0:0:0:0:0:0:0:1", gap_s=0.001)).loss == 0.0


def test_an_address_of_one_link_is_pinged_with_its_interface() -> None:
    def linked() -> list[Burst]:
        ip("link add near type veth peer name far")
        ip("link set near up")
        ip("link set far up")
        ip("address add fe80::7/64 dev near nodad")
        number = socket.if_nametoindex("near")
        return [burst(f"fe80::7%{zone}", gap_s=0.001) for zone in ("near", number)]

    assert [found.loss for found in alone(linked)] == [0.0, 0.0]


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
    assert took_s < 30


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
            return found, other.communicate(timeout=100)[0].strip()

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
    # One, unless the process stood still just then.
    assert all(1 <= len(burst.answered) < 5 for burst in found)
    assert after <= before


def test_a_pinger_goes_on_in_another_loop() -> None:
    def twice() -> list[float]:
        pinger = Pinger()

        async def one() -> Burst:
            return await pinger.burst("127.0.0.1", gap_s=0.0)

        found = [asyncio.run(one()).loss for _ in range(2)]
        pinger.close()
        return found

    assert alone(twice) == [0.0, 0.0]


@pytest.mark.parametrize("address", ["127.0.0.1.example", "", "::1::", "fe80::1%there-is-none", "fe80::1%4294967296"])
def test_what_is_no_address_is_refused(address: str) -> None:
    with pytest.raises(ValueError, match="no address"):
        burst(address)


@pytest.mark.parametrize("options", [{"count": 4}, {"count": 101}, {"gap_s": -0.1}, {"wait_s": 0.0}, {"wait_s": 10.1}])
def test_a_burst_out_of_bounds_is_refused(options: dict[str, float]) -> None:
    with pytest.raises(ValueError, match="out of bounds"):
        burst("127.0.0.1", **options)


def test_totals_grow_by_target() -> None:
    pinger = Pinger()
    assert pinger.count("a", Burst((0.1, None, 0.1, 0.1, 0.1))) == (5, 1)
    assert pinger.count("a", Burst((None,) * 5)) == (10, 6)
    assert pinger.count("b", Burst((0.1,) * 5)) == (5, 0)
