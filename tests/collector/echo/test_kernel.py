import errno
import socket
import struct
from collections.abc import Iterator
from contextlib import closing

import pytest

from collector.echo.kernel import ANSWER_OCTETS, DATA_AT, Inbox, Outbox, admit
from tests.support.running import wait


def throw(there: socket.socket, here: socket.socket, *packets: bytes) -> None:
    """Send some packets, each once the one before has arrived: a busy kernel may be a while about it."""
    for packet in packets:
        before = _octets_waiting(here)
        there.send(packet)
        wait(lambda before=before: _octets_waiting(here) > before)


def _octets_waiting(sock: socket.socket) -> int:
    memory: int = struct.unpack_from("I", sock.getsockopt(socket.SOL_SOCKET, _MEMORY, 36))[0]
    return memory


_MEMORY = 55
"""SO_MEMINFO (linux/sock_diag.h), which Python has no name for: what waits to be read comes first."""


@pytest.fixture
def pair() -> Iterator[tuple[socket.socket, socket.socket]]:
    with socket.socket(type=socket.SOCK_DGRAM) as here, socket.socket(type=socket.SOCK_DGRAM) as there:
        for end in (here, there):
            end.bind(("127.0.0.1", 0))
        here.connect(there.getsockname())
        there.connect(here.getsockname())
        yield here, there


def told(rooms: memoryview) -> list[tuple[bytes, bytes]]:
    """Return sender and first octets of each answer."""
    each = [bytes(rooms[at : at + ANSWER_OCTETS]) for at in range(0, len(rooms), ANSWER_OCTETS)]
    return [(room[4:8], room[DATA_AT : DATA_AT + 4]) for room in each]


def test_an_inbox_gives_what_waits_as_often_as_it_is_asked_and_no_more_than_it_holds(
    pair: tuple[socket.socket, socket.socket],
) -> None:
    here, there = pair
    inbox = Inbox(3)
    throw(there, here, *(struct.pack("!I", number) for number in range(5)))
    read = [told(inbox.receive(here.fileno())) for _ in range(3)]
    home = socket.inet_aton("127.0.0.1")
    assert read == [
        [(home, struct.pack("!I", number)) for number in range(3)],
        [(home, struct.pack("!I", number)) for number in range(3, 5)],
        [],
    ]


def test_an_answer_longer_than_its_room_does_not_reach_into_the_next(pair: tuple[socket.socket, socket.socket]) -> None:
    here, there = pair
    throw(there, here, b"long" * 500, b"next")
    assert [data for _, data in told(Inbox(2).receive(here.fileno()))] == [b"long", b"next"]


def test_a_descriptor_that_is_none_gives_no_answer_and_takes_no_request() -> None:
    with closing(socket.socket(type=socket.SOCK_DGRAM)) as ended:
        number = ended.fileno()
    assert not Inbox(1).receive(number)
    assert Outbox(socket.AF_INET, 1, 64).send(number, 0, 1) == -errno.EBADF


@pytest.mark.parametrize(("family", "hosts"), [(socket.AF_INET, 4), (socket.AF_INET6, 20)])
def test_an_outbox_takes_fewer_requests_than_it_has_room_for(family: int, hosts: int) -> None:
    box = Outbox(family, 10, 64)
    box.address([bytes(hosts)] * 3)
    assert (len(box.words), len(box.halves)) == (80, 160)


def test_only_what_a_filter_lets_through_is_received(pair: tuple[socket.socket, socket.socket]) -> None:
    here, there = pair
    # A datagram of UDP begins with its header of eight octets: those of twelve in all pass.
    admit(here, [(0x80, 0, 0, 0), (0x15, 0, 1, 12), (0x06, 0, 0, 0xFFFF), (0x06, 0, 0, 0)])
    there.send(b"too long")
    throw(there, here, b"pass")
    assert [data for _, data in told(Inbox(5).receive(here.fileno()))] == [b"pass"]
