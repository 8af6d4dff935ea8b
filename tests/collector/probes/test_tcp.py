from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

from collector import metrics
from collector.probe import Result
from tests.support.certificates import server_context
from tests.support.parts import free_port
from tests.support.polling import poll, values
from tests.support.speaker import Speaker


def ask(server: Speaker, **settings: Any) -> Result:
    return poll("tcp", timeout_s=settings.pop("timeout_s", 30.0), port=server.port, **settings)


def test_a_port_that_takes_connections_is_enough() -> None:
    with Speaker(lambda _: (), listens=False) as server:
        result = ask(server)
    assert result.success
    assert result.samples == ()


def test_the_greeting_may_come_in_parts() -> None:
    with Speaker(lambda _: (b"220 mail.", 0.05, b"example ESMTP\r\n"), listens=False) as server:
        assert ask(server, expect="mail.example").success


def test_another_greeting_is_a_failure() -> None:
    with Speaker(lambda _: (b"SSH-2.0-x\r\n",), listens=False) as server:
        assert ask(server, expect="220").reason == "banner"


def test_a_banner_that_never_ends_is_a_failure() -> None:
    def endless(_: bytes) -> Iterable[bytes]:
        while True:
            yield b"x" * 1_000

    with Speaker(endless, listens=False) as server:
        assert ask(server, expect="220").reason == "banner"


def test_a_greeting_that_never_comes_ends_at_the_deadline() -> None:
    with Speaker(lambda _: (60.0,), listens=False) as server:
        result = ask(server, expect="220", timeout_s=0.2)
    assert result.reason == "deadline"
    assert result.duration_s < 30


def test_a_closed_port_is_a_failure() -> None:
    result = poll("tcp", port=free_port())
    assert (result.reason, result.detail) == ("connect", "Connection refused")


def test_tls_gives_the_end_of_the_certificate(tmp_path: Path) -> None:
    tls, ends, _ = server_context(tmp_path)
    with Speaker(lambda _: (b"* OK\r\n", 0.3), tls=tls, listens=False) as server:
        result = ask(server, tls=True, verify=False, expect="OK")
        strict = ask(server, tls=True)
    assert values(result, metrics.SSL_EXPIRY) == {(): ends.timestamp()}
    assert strict.reason == "tls_untrusted"


def test_a_target_without_address_needs_a_host() -> None:
    result = poll("tcp", address=None, port=25)
    assert (result.reason, result.detail) == ("settings", "host")


@pytest.mark.parametrize("settings", [{}, {"port": 0}, {"port": 65_536}, {"port": 25, "host": "a b"}])
def test_wrong_settings_are_refused(settings: dict[str, Any]) -> None:
    assert poll("tcp", **settings).reason == "settings"
