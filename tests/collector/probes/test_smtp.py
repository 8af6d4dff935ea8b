import asyncio
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

from collector import metrics
from collector.wire.dialog import LINE_MAX, LINES_MAX
from tests.support.certificates import server_context
from tests.support.parts import free_port
from tests.support.polling import poll, values
from tests.support.smtp_sink import mail_sink
from tests.support.speaker import Speaker


def test_a_mail_server_that_takes_part_is_well() -> None:
    with mail_sink() as server:
        result = poll("smtp", port=server.port)
        assert server.mails == []
    assert result.success
    assert set(values(result, metrics.SERVICE_PHASE)) == {
        ("smtp", phase) for phase in ("resolve", "connect", "greeting", "talk")
    }


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_tls_gives_the_end_of_the_certificate(tmp_path: Path, security: str) -> None:
    tls, ends, _ = server_context(tmp_path)
    options: dict[str, Any] = {"tls": tls} if security == "tls" else {"tls_context": tls}
    with mail_sink(**options) as server:
        result = poll("smtp", port=server.port, security=security, verify=False)
        strict = poll("smtp", port=server.port, security=security)
    assert values(result, metrics.SSL_EXPIRY) == {(): ends.timestamp()}
    assert strict.reason == "tls_untrusted"


def test_a_server_without_encryption_is_a_failure_where_it_is_wanted() -> None:
    with mail_sink() as server:
        assert poll("smtp", port=server.port, security="starttls").reason == "starttls_missing"


def test_a_server_that_sends_everybody_away_is_a_failure_in_its_own_words() -> None:
    with Speaker(lambda _: (b"554 5.7.1 go away\x1b[0m\r\n", 0.5), listens=False) as server:
        result = poll("smtp", port=server.port)
    assert (result.reason, result.detail) == ("mail_refused", "554 5.7.1 go away [0m")


@pytest.mark.parametrize("said", [b"SSH-2.0-x\r\n", b"\r\n", b"22\r\n", b"220x hello\r\n", "٢٢٠ x\r\n".encode()])
def test_another_protocol_is_a_failure(said: bytes) -> None:
    with Speaker(lambda _: (said, 0.5), listens=False) as server:
        assert poll("smtp", port=server.port).reason == "talk_garbled"


def endless_line(_: bytes) -> Iterable[bytes]:
    while True:
        yield b"2" * 1_000


def endless_lines(_: bytes) -> Iterable[bytes]:
    while True:
        yield b"220-more\r\n"


@pytest.mark.parametrize(("speech", "detail"), [(endless_line, f"> {LINE_MAX}"), (endless_lines, f"> {LINES_MAX}")])
def test_a_greeting_that_never_ends_is_a_failure(speech: Any, detail: str) -> None:
    with Speaker(speech, listens=False) as server:
        result = poll("smtp", port=server.port)
    assert (result.reason, result.detail) == ("talk_garbled", detail)


def test_words_slipped_in_before_tls_end_the_poll() -> None:
    async def inside() -> None:
        async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            writer.write(b"220 hello\r\n")
            await reader.readline()
            writer.write(b"250-mail\r\n250 STARTTLS\r\n")
            await reader.readline()
            writer.write(b"220 go on\r\n250 injected\r\n")
            await reader.read()
            writer.close()

        async with await asyncio.start_server(serve, "127.0.0.1", 0) as server:
            port = server.sockets[0].getsockname()[1]
            result = await asyncio.to_thread(poll, "smtp", port=port, security="starttls", verify=False)
        assert (result.reason, result.detail) == ("talk_garbled", "STARTTLS")

    asyncio.run(inside())


def test_a_drip_of_one_letter_a_time_ends_at_the_deadline() -> None:
    def drip(_: bytes) -> Iterable[bytes | float]:
        while True:
            yield b"2"
            yield 0.05

    with Speaker(drip, listens=False) as server:
        assert poll("smtp", port=server.port, timeout_s=0.3).reason == "deadline"


def test_a_closed_port_and_a_missing_host_are_failures() -> None:
    assert poll("smtp", port=free_port()).reason == "connect"
    assert poll("smtp", address=None).detail == "host"
