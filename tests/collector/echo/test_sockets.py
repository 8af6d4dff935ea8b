import asyncio
import select
import socket
import struct
from pathlib import Path
from typing import Any

import pytest

from collector.echo.burst import Burst
from collector.echo.cohort import Cohort
from collector.echo.kernel import ANSWER_OCTETS
from collector.echo.sockets import Socket
from tests.support.namespace import alone, without_net_raw

HOSTS = {socket.AF_INET: bytes([127, 0, 0, 1]), socket.AF_INET6: bytes(15) + b"\1" + bytes(4)}


def opened(family: int, group: str) -> Socket:
    Path("/proc/sys/net/ipv4/ping_group_range").write_text(group, encoding="ascii")
    return Socket(family, 1_000_000)


def one(family: int) -> Cohort:
    loop = asyncio.new_event_loop()
    future: asyncio.Future[Burst] = loop.create_future()
    loop.close()
    return Cohort(1, (family, 5, 0.0, 1.0), [future], [HOSTS[family]])


@pytest.mark.parametrize("family", HOSTS)
@pytest.mark.parametrize(("group", "raw"), [("1 0", True), ("0 2147483647", False)])
def test_a_socket_hears_answers_to_itself_and_nothing_else(family: int, group: str, raw: bool) -> None:
    def heard() -> tuple[bool, list[int]]:
        first, second = opened(family, group), opened(family, group)
        # Own requests, and everything of others, come by a raw socket too.
        second.mark = first.mark ^ 1 if first.mark == second.mark else second.mark
        one(family).send(first, 1)
        # A busy kernel may be a while about it.
        select.select([first.descriptor], [], [], 60)
        found = [len(some.read()) // ANSWER_OCTETS for some in (first, second)]
        first.close()
        second.close()
        return first.raw, found

    assert alone(heard) == (raw, [1, 0])


@pytest.mark.parametrize("family", HOSTS)
def test_a_ping_socket_needs_no_right_that_the_group_has_not(family: int) -> None:
    def unprivileged() -> bool:
        without_net_raw()
        found = opened(family, "0 2147483647")
        found.close()
        return found.raw

    assert alone(unprivileged) is False


def test_the_buffers_are_as_large_as_they_are_asked_for() -> None:
    def size() -> Any:
        found = opened(socket.AF_INET, "1 0")
        found.close()
        return found.receive_octets

    assert alone(size) >= 1_000_000


def test_a_request_that_may_not_be_cut_carries_no_number() -> None:
    def seen() -> bytes:
        with socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_ICMP) as all_ears:
            sender = opened(socket.AF_INET, "1 0")
            one(socket.AF_INET).send(sender, 1)
            sender.close()
            all_ears.settimeout(60)
            return all_ears.recv(100)

    packet = alone(seen)
    assert packet[20] == 8
    assert struct.unpack("!HH", packet[4:8]) == (0, 0x4000)
