import socket
from collections.abc import Iterator
from typing import Any

import pytest
from dns import flags, message
from hypothesis import given
from hypothesis import strategies as st

from collector import metrics
from collector.probes import dns as probe
from collector.wire.datagram import STRANGE_MAX
from tests.support.datagrams import Datagrams
from tests.support.parts import free_port
from tests.support.peers import dnsmasq
from tests.support.polling import poll, values
from tests.support.running import wait
from tests.support.speaker import Speaker

RECORDS = (
    "address=/ubnd.example/10.1.2.3",
    "mx-host=ubnd.example,mail.ubnd.example,10",
    "txt-record=ubnd.example,v=spf1 -all",
    "auth-server=ns.ubnd.example",
    "auth-zone=zone.example",
    "auth-soa=2026112401",
    *(f"txt-record=long.example,{number:03d}{'x' * 200}" for number in range(20)),
)


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    with dnsmasq(*RECORDS) as port:
        yield port


@pytest.mark.parametrize("transport", ["udp", "tcp"])
def test_a_record_that_exists_is_an_answer(port: int, transport: str) -> None:
    result = poll("dns", port=port, name="ubnd.example", type="A", contains="10.1.2.3", transport=transport)
    assert result.success, result
    assert values(result, metrics.DNS_ANSWERS) == {(): 1}
    assert ("dns", "request") in values(result, metrics.SERVICE_PHASE)


@pytest.mark.parametrize(("kind", "text"), [("MX", "mail.ubnd.example"), ("TXT", "v=spf1 -all")])
def test_other_types_of_records_are_read(port: int, kind: str, text: str) -> None:
    assert poll("dns", port=port, name="ubnd.example", type=kind, contains=text).success


def test_a_changed_record_is_a_failure_that_names_what_is_missing(port: int) -> None:
    result = poll("dns", port=port, name="ubnd.example", type="A", contains="10.9.9.9")
    assert (result.reason, result.detail) == ("dns_missing", "ubnd.example. A: 10.9.9.9")


def test_a_name_that_does_not_exist_is_a_failure_unless_it_is_wanted(port: int) -> None:
    assert poll("dns", port=port, name="no.example", type="A").detail.startswith("NXDOMAIN")
    assert poll("dns", port=port, name="no.example", type="A", rcode="NXDOMAIN").success


def test_an_answer_that_was_cut_in_the_middle_of_a_record_is_asked_for_over_tcp() -> None:
    def cut(data: bytes) -> list[bytes]:
        reply = message.make_response(message.from_wire(data))
        reply.flags |= flags.TC
        wire = bytearray(reply.to_wire())
        wire[7] = 1  # one answer, of which only the beginning came
        return [bytes(wire) + b"\xc0\x0c\x00\x01"]

    with Datagrams(cut) as server:
        result = poll("dns", port=server.port, name="long.example", type="TXT", timeout_s=10)
        assert len(server.heard) == 1
    assert (result.reason, result.detail) == ("connect", "Connection refused")


def test_an_answer_too_long_for_udp_is_asked_for_over_tcp(port: int) -> None:
    result = poll("dns", port=port, name="long.example", type="TXT")
    assert values(result, metrics.DNS_ANSWERS) == {(): 20}
    assert ("dns", "connect") in values(result, metrics.SERVICE_PHASE)


def test_the_serial_number_of_a_zone_is_told() -> None:
    def answer(packet: bytes) -> list[bytes]:
        reply = message.make_response(message.from_wire(packet))
        text = "\n".join(reply.to_text().splitlines())
        body = text.replace(";ANSWER", ";ANSWER\nzone.example. 60 IN SOA ns.zone.example. me.zone.example. 77 1 1 1 1")
        return [message.from_text(body).to_wire()]

    with Datagrams(answer) as server:
        result = poll("dns", port=server.port, name="zone.example", type="SOA")
    assert values(result, metrics.DNS_SERIAL) == {(): 77}


def test_an_answer_to_somebody_else_is_not_taken() -> None:
    def strangers(packet: bytes) -> list[bytes]:
        reply = message.make_response(message.from_wire(packet))
        reply.flags |= flags.RA
        other = message.make_query("evil.example", "A")
        return [b"", b"\xff" * 20, message.make_response(other).to_wire(), reply.to_wire()]

    with Datagrams(strangers) as server:
        assert poll("dns", port=server.port, answers=0).success


def test_a_flood_of_strange_packets_ends_the_poll() -> None:
    with Datagrams(lambda _: [b"no DNS"] * (STRANGE_MAX + 1)) as server:
        assert poll("dns", port=server.port).reason == "udp_strange"


def test_a_server_that_is_silent_is_asked_three_times() -> None:
    with Datagrams(lambda _: []) as server:
        result = poll("dns", port=server.port)
        wait(lambda: len(server.heard) == 3)
    assert (result.reason, result.detail) == ("udp_no_answer", str(server.port))


def test_a_closed_port_is_told_at_once() -> None:
    result = poll("dns", port=free_port(socket.SOCK_DGRAM))
    assert (result.reason, result.detail) == ("connect", "Connection refused")


@pytest.mark.parametrize("said", [b"\x00\x05hello", b"\xff\xff" + b"x" * 65_535])
def test_garbage_over_tcp_is_a_failure(said: bytes) -> None:
    with Speaker(lambda _: (said,), listens=False) as server:
        assert poll("dns", port=server.port, transport="tcp").reason == "dns_garbled"


def test_an_answer_cut_short_over_tcp_is_a_failure() -> None:
    with Speaker(lambda _: (b"\x01\x00abc",), listens=False) as server:
        assert poll("dns", port=server.port, transport="tcp").reason == "broken"


@pytest.mark.parametrize(
    "settings", [{"name": "a..b"}, {"name": "x" * 64 + ".vn"}, {"type": "AXFR"}, {"port": 0}, {"answers": -1}]
)
def test_wrong_settings_are_refused(settings: dict[str, Any]) -> None:
    assert poll("dns", **settings).reason == "settings"


@given(st.binary(max_size=600))
def test_no_packet_breaks_the_reader(data: bytes) -> None:
    query = message.make_query("ubnd.example", "A")
    assert probe._read(data, query) is None
    head = query.to_wire()[:2] + b"\x81\x80"
    reply = probe._read(head + data, query)
    assert reply is None or query.is_response(reply)
