import socket
import threading
import time
from collections.abc import Iterator

import pytest

from collector.wire.line import Line


@pytest.fixture
def pair() -> Iterator[tuple[socket.socket, socket.socket]]:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        yield ours, theirs


def test_what_comes_is_counted_and_cut_off(pair: tuple[socket.socket, socket.socket]) -> None:
    line = Line(pair[0], time.monotonic() + 9, 10)
    pair[1].sendall(b"x" * 8)
    assert line.recv(100) == b"x" * 8
    pair[1].sendall(b"x" * 8)
    assert line.recv(100) == b""
    assert (line.ended, line.octets) == ("long", 16)


def test_more_may_be_allowed_later(pair: tuple[socket.socket, socket.socket]) -> None:
    line = Line(pair[0], time.monotonic() + 9, 4)
    line.allow(100)
    pair[1].sendall(b"x" * 50)
    assert len(line.recv(100)) == 50


def test_a_reader_waits_no_longer_than_it_said(pair: tuple[socket.socket, socket.socket]) -> None:
    line = Line(pair[0], time.monotonic() + 9, 10)
    line.settimeout(0.05)
    assert line.gettimeout() == 0.05
    with pytest.raises(TimeoutError):
        line.recv(1)
    assert line.ended is None


def test_after_the_deadline_nothing_comes_through(pair: tuple[socket.socket, socket.socket]) -> None:
    line = Line(pair[0], time.monotonic() - 1, 10)
    pair[1].sendall(b"x")
    assert line.recv(1) == b""
    assert line.ended == "deadline"
    with pytest.raises(OSError, match="ended"):
        line.send(b"x")


def test_a_reader_that_waits_is_woken_when_the_line_is_closed(pair: tuple[socket.socket, socket.socket]) -> None:
    line = Line(pair[0], time.monotonic() + 60, 10)
    got: list[bytes] = []
    reader = threading.Thread(target=lambda: got.append(line.recv(1)))
    line.settimeout(30)
    reader.start()
    line.close()
    reader.join(10)
    assert got == [b""]
    line.release()
    line.release()
