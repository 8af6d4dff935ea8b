import itertools
import re
import socket
from collections.abc import Iterable
from pathlib import Path

import pytest

from collector import metrics
from collector.probes.sip import ANSWER_MAX
from tests.support.certificates import server_context
from tests.support.datagrams import Datagrams
from tests.support.parts import free_port
from tests.support.peers import kamailio
from tests.support.polling import poll, values
from tests.support.speaker import Speaker


def answer(asked: bytes, status: int, *, call_id: str | None = None, cseq: str = "1 OPTIONS") -> bytes:
    own = re.search(rb"Call-ID: (\S+)", asked)
    name = call_id or (own[1].decode() if own else "")
    return f"SIP/2.0 {status} Words\r\ni: {name}\r\nCSeq: {cseq}\r\nContent-Length: 0\r\n\r\n".encode()


@pytest.mark.parametrize("transport", ["udp", "tcp"])
def test_a_real_server_answers(transport: str) -> None:
    with kamailio('if (method == "OPTIONS") sl_send_reply("200", "OK");') as port:
        result = poll("sip", port=port, transport=transport, user="hop")
    assert result.success, result
    assert values(result, metrics.SIP_STATUS) == {(): 200}


@pytest.mark.parametrize(("status", "well"), [(200, True), (401, True), (404, True), (486, True), (503, False)])
def test_who_asks_for_a_name_is_there_and_who_is_out_of_order_is_not(status: int, well: bool) -> None:
    with Datagrams(lambda asked: [answer(asked, 100), answer(asked, status)]) as server:
        result = poll("sip", port=server.port)
    assert result.success is well
    assert result.reason == (None if well else "sip_status")


def test_only_the_wanted_status_counts_where_one_is_named() -> None:
    with Datagrams(lambda asked: [answer(asked, 404)]) as server:
        assert poll("sip", port=server.port, status=[200]).detail == "404"


def test_answers_to_others_are_not_taken() -> None:
    def strangers(asked: bytes) -> Iterable[bytes]:
        yield answer(asked, 503, call_id="somebody-else")
        yield answer(asked, 503, cseq="2 INVITE")
        yield b"SIP/2.0 " + "٢٠٠".encode() + b"\r\n\r\n"
        yield b"\xff\xfe"
        yield answer(asked, 200)

    with Datagrams(strangers) as server:
        assert poll("sip", port=server.port).success


def test_over_tls_a_provisional_answer_is_waited_out(tmp_path: Path) -> None:
    tls, _, _ = server_context(tmp_path)
    with Speaker(lambda asked: (answer(asked, 100), 0.05, answer(asked, 200)), tls=tls) as server:
        assert poll("sip", port=server.port, transport="tls", verify=False).success
        assert poll("sip", port=server.port, transport="tls").reason == "tls_untrusted"
        assert server.heard[0].startswith(b"OPTIONS sip:127.0.0.1:")


@pytest.mark.parametrize("said", [b"HTTP/1.1 200 OK\r\n\r\n", b"x" * (ANSWER_MAX + 1)])
def test_another_protocol_or_an_answer_without_end_is_a_failure(said: bytes) -> None:
    with Speaker(lambda _: (said, 0.3)) as server:
        assert poll("sip", port=server.port, transport="tcp").reason == "talk_garbled"


def test_a_server_that_puts_off_for_ever_is_a_failure_long_before_the_deadline() -> None:
    with Speaker(lambda asked: itertools.repeat(answer(asked, 100) * 50)) as server:
        result = poll("sip", port=server.port, transport="tcp", timeout_s=30.0)
    assert (result.reason, result.detail) == ("talk_garbled", f"> {ANSWER_MAX}")


def test_a_server_that_hangs_up_is_a_failure() -> None:
    with Speaker(lambda _: ()) as server:
        assert poll("sip", port=server.port, transport="tcp").reason == "broken"


def test_a_closed_port_and_a_missing_host_are_failures() -> None:
    assert poll("sip", port=free_port(socket.SOCK_DGRAM)).reason == "connect"
    assert poll("sip", address=None).detail == "host"
