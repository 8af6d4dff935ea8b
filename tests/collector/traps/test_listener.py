"""The listener over a real socket, with what net-snmp sends and with floods."""

import asyncio
import logging
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from typing import Any

import pytest

from collector.traps import gate as trap_gate
from collector.traps.envelope import LONGEST
from collector.traps.gate import Sender
from collector.traps.listener import Traps, listen
from tests.support import notifier
from tests.support.polling import PUBLIC, v3
from tests.support.trapping import Listening, listening

OPS = v3("ops", "authpass1", "privpass1")
KNOWN = {"127.0.0.1": Sender(("r1",), (PUBLIC, OPS))}


@pytest.fixture
def here() -> Iterator[Listening]:
    with listening(KNOWN) as made:
        yield made


@pytest.fixture
def stray() -> Iterator[socket.socket]:
    """A socket from which anything may be thrown."""
    with closing(socket.socket(socket.AF_INET, socket.SOCK_DGRAM)) as made:
        yield made


def until(true: Callable[[], Any], seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.01)


@pytest.mark.parametrize("options", [notifier.v2c(), notifier.v3()], ids=["v2c", "v3"])
def test_a_trap_of_a_known_device_has_it_polled(here: Listening, options: list[str]) -> None:
    assert notifier.send(here.port, options)
    until(lambda: here.traps.polls["polled"] == 1)
    assert here.polled == ["r1"]
    assert here.traps.taken == {(options[0][1:], "link_down"): 1}


@pytest.mark.parametrize("options", [notifier.v2c(), notifier.v3()], ids=["v2c", "v3"])
def test_an_inform_is_acknowledged(here: Listening, options: list[str]) -> None:
    assert notifier.send(here.port, options, inform=True)
    # The answer leaves before all is noted.
    until(lambda: here.traps.polls["polled"] == 1)
    assert here.polled == ["r1"]
    assert here.traps.answered == (2 if "-v3" in options else 1)


def test_an_inform_with_a_wrong_key_is_not_acknowledged(here: Listening) -> None:
    assert not notifier.send(here.port, notifier.v2c("private"), inform=True, patience_s=1)
    assert not notifier.send(here.port, notifier.v3(auth="wrongpass1"), inform=True, patience_s=1)
    until(lambda: here.traps.dropped["wrong_credential"] >= 2)
    assert here.polled == []


def test_a_trap_that_is_no_hint_is_counted_alone(here: Listening) -> None:
    notifier.send(here.port, notifier.v2c(), notifier.OTHER)
    until(lambda: here.traps.taken["v2c", "other"] == 1)
    assert here.polled == []


def test_a_storm_of_one_device_has_it_polled_once_a_second(here: Listening, stray: socket.socket) -> None:
    stray.bind(("127.0.0.1", 0))
    stray.settimeout(60)
    notifier.send_v1(stray.getsockname()[1], 2)
    trap = stray.recv(9_000)
    began = time.monotonic()
    for _ in range(8):
        stray.sendto(trap, ("127.0.0.1", here.port))
    until(lambda: here.traps.polls["polled"] + here.traps.polls["held"] >= 8)
    assert here.traps.taken == {("v1", "link_down"): 8}
    assert 1 <= len(here.polled) <= 1 + time.monotonic() - began


def test_what_a_device_says_within_the_second_has_it_polled_once_more_when_that_is_over(
    here: Listening, stray: socket.socket
) -> None:
    stray.bind(("127.0.0.1", 0))
    stray.settimeout(60)
    notifier.send_v1(stray.getsockname()[1], 2)
    trap = stray.recv(9_000)
    while not here.traps.polls["held"]:
        stray.sendto(trap, ("127.0.0.1", here.port))
        time.sleep(0.01)
    polled = here.traps.polls["polled"]
    until(lambda: here.traps.polls["polled"] > polled)


def test_a_stranger_is_not_even_decoded() -> None:
    with listening({"10.0.0.1": Sender(("r1",), (PUBLIC,))}) as here:
        notifier.send(here.port, notifier.v2c())
        until(lambda: here.traps.dropped == {"unknown_source": 1})


def test_what_is_no_trap_is_counted_by_its_reason(here: Listening, stray: socket.socket) -> None:
    stray.sendto(b"", ("127.0.0.1", here.port))
    stray.sendto(b"\x30" * 500, ("127.0.0.1", here.port))
    stray.sendto(b"\x30" * (LONGEST + 1), ("127.0.0.1", here.port))
    until(lambda: here.traps.dropped == {"malformed": 2, "oversized": 1})
    notifier.send(here.port, notifier.v2c())
    until(lambda: here.polled == ["r1"])


@pytest.mark.parametrize("known", [True, False])
def test_a_flood_is_dropped_at_the_gate_and_the_loop_goes_on(stray: socket.socket, known: bool) -> None:
    packet = bytes.fromhex("3029020101040670726976617465a71c02047f000001020100020100300e300c06082b060102010103000500")
    with listening(KNOWN if known else {"10.0.0.1": KNOWN["127.0.0.1"]}) as here:
        reason = "source_rate" if known else "unknown_source"
        began = time.monotonic()

        def flooded() -> bool:
            for _ in range(20_000):
                stray.sendto(packet, ("127.0.0.1", here.port))
            return here.traps.dropped[reason] > 1_000

        until(flooded)
        turns = here.turns
        until(lambda: here.turns > turns)
        decoded = here.traps.dropped["malformed"] + here.traps.dropped["wrong_credential"]
        assert decoded <= trap_gate.SOURCE_BURST + (1 + time.monotonic() - began) * trap_gate.SOURCE_PER_S
        assert not here.traps.taken


def test_a_known_device_is_heard_while_strangers_flood(stray: socket.socket) -> None:
    with closing(socket.socket(socket.AF_INET, socket.SOCK_DGRAM)) as flood, listening(KNOWN) as here:
        flood.bind(("127.0.0.9", 0))
        for _ in range(5_000):
            flood.sendto(b"x", ("127.0.0.1", here.port))
        # Where the kernel had no room for it in the midst of the flood, it is sent again.
        assert notifier.send(here.port, notifier.v2c(), inform=True, patience_s=5)
        until(lambda: here.polled == ["r1"])


def test_a_device_is_known_by_its_ipv4_address_on_a_socket_for_both() -> None:
    with listening(KNOWN, "::") as here:
        assert notifier.send(here.port, notifier.v2c(), inform=True)
        until(lambda: here.polled == ["r1"])


def test_a_port_in_use_is_said_and_the_collector_goes_on(
    stray: socket.socket, caplog: pytest.LogCaptureFixture
) -> None:
    stray.bind(("127.0.0.1", 0))
    traps = Traps("edge", lambda _: None)
    with caplog.at_level(logging.ERROR):
        assert asyncio.run(listen("127.0.0.1", stray.getsockname()[1], traps)) is None
    assert "cannot be used" in caplog.text
    assert not traps.listening


def test_a_wrong_device_is_named_in_the_log_once_and_without_its_community(
    here: Listening, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING):
        for _ in range(3):
            notifier.send(here.port, notifier.v2c("planted-secret"))
        until(lambda: here.traps.dropped["wrong_credential"] == 3)
    assert caplog.text.count("127.0.0.1 is not taken: wrong_credential") == 1
    assert "planted" not in caplog.text
