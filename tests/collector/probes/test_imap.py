from collections.abc import Iterator

import pytest

from collector import metrics
from collector.wire.dialog import LINES_MAX
from tests.support.certificates import server_context
from tests.support.parts import free_port
from tests.support.peers import dovecot
from tests.support.polling import poll, values
from tests.support.speaker import Speaker


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[int, float]]:
    folder = tmp_path_factory.mktemp("imap")
    _, ends, certificate = server_context(folder)
    with dovecot(certificate, folder / "key.pem") as port:
        yield port, ends.timestamp()


def test_a_mailbox_server_that_takes_part_is_well(server: tuple[int, float]) -> None:
    result = poll("imap", port=server[0])
    assert result.success, result
    assert ("imap", "talk") in values(result, metrics.SERVICE_PHASE)


def test_starttls_gives_the_end_of_the_certificate(server: tuple[int, float]) -> None:
    result = poll("imap", port=server[0], security="starttls", verify=False)
    assert values(result, metrics.SSL_EXPIRY) == {(): server[1]}
    assert poll("imap", port=server[0], security="starttls").reason == "tls_untrusted"


def test_a_server_without_encryption_is_a_failure_where_it_is_wanted() -> None:
    with dovecot() as port:
        assert poll("imap", port=port).success
        assert poll("imap", port=port, security="starttls").reason == "starttls_missing"


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        (b"* BYE too many connections\r\n", "mail_refused"),
        (b"220 mail ESMTP\r\n", "talk_garbled"),
        (b"\r\n", "talk_garbled"),
        (b"* OK hello\r\nq1 BAD no\r\n", "mail_refused"),
        (b"* OK hello\r\nq1 OK done\r\n", "talk_garbled"),
        (b"* OK hello\r\n" + b"* more\r\n" * (LINES_MAX + 1), "talk_garbled"),
        (b"* OK hello\r\n", "broken"),
    ],
)
def test_what_is_no_imap_or_a_refusal_is_a_failure(said: bytes, reason: str) -> None:
    with Speaker(lambda _: (said, 0.3), listens=False) as server:
        assert poll("imap", port=server.port).reason == reason


def test_a_closed_port_and_a_missing_host_are_failures() -> None:
    assert poll("imap", port=free_port()).reason == "connect"
    assert poll("imap", address=None).detail == "host"
