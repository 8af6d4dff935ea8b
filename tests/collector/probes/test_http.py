import base64
import itertools
import time
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from collector import metrics
from collector.probe import Result
from collector.probes.http import PHASES, REDIRECTS_MAX
from collector.target import HttpLogin
from collector.web.exchange import BODY_MAX
from collector.wire.connection import RENEWED_S, made_context, tls_context
from tests.support.certificates import chain_context, server_context
from tests.support.namespace import alone, ip
from tests.support.parts import free_port
from tests.support.polling import poll, values
from tests.support.speaker import Speaker


def answer(status: str = "200 OK", body: bytes = b"hello", *headers: str) -> bytes:
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", *headers, "", ""]
    return "\r\n".join(lines).encode() + body


def ask(server: Speaker, path: str = "/", *, scheme: str = "http", **settings: Any) -> Result:
    credential = settings.pop("credential", None)
    timeout_s = settings.pop("timeout_s", 30.0)
    url = f"{scheme}://127.0.0.1:{server.port}{path}"
    return poll("http", credential, address=None, timeout_s=timeout_s, url=url, **settings)


def test_a_page_gives_status_phases_and_length() -> None:
    with Speaker(lambda _: (answer(),)) as server:
        result = ask(server, "/index?q=1")
    assert result.success
    assert values(result, metrics.HTTP_STATUS) == {(): 200}
    assert values(result, metrics.HTTP_CONTENT_LENGTH) == {(): 5}
    assert values(result, metrics.HTTP_REDIRECTS) == {(): 0}
    assert values(result, metrics.HTTP_SSL) == {(): 0}
    assert set(values(result, metrics.HTTP_DURATION)) == {(phase,) for phase in PHASES}
    assert values(result, metrics.SSL_EXPIRY) == {}
    assert server.heard[0].startswith(b"GET /index?q=1 HTTP/1.1\r\n")


def test_the_address_of_the_target_is_used_instead_of_the_resolver() -> None:
    with Speaker(lambda _: (answer(),)) as server:
        result = poll("http", url=f"http://office.invalid:{server.port}/", address="127.0.0.1")
        assert result.success
        assert f"host: office.invalid:{server.port}".encode() in server.heard[0]


def test_a_status_that_is_not_wanted_is_a_failure_that_names_it() -> None:
    with Speaker(lambda _: (answer("503 Busy"),)) as server:
        result = ask(server)
        wanted = ask(server, status=[503])
    assert (result.reason, result.detail, result.samples) == ("http_status", "503", ())
    assert wanted.success


def test_redirects_are_followed_and_counted() -> None:
    def moved(said: bytes) -> Iterable[bytes]:
        return (answer("302 Found", b"", "Location: /home") if said.startswith(b"GET / ") else answer(),)

    with Speaker(moved) as server:
        result = ask(server)
    assert result.success
    assert values(result, metrics.HTTP_REDIRECTS) == {(): 1}


def test_a_circle_of_redirects_ends_after_five() -> None:
    with Speaker(lambda _: (answer("301 Moved", b"", "Location: /"),)) as server:
        result = ask(server)
        assert len(server.heard) == REDIRECTS_MAX + 1
    assert result.reason == "http_redirects"


def test_without_redirects_the_first_answer_counts() -> None:
    with Speaker(lambda _: (answer("302 Found", b"", "Location: /home"),)) as server:
        assert ask(server, redirects=0, status=[302]).success
        assert ask(server, redirects=0).reason == "http_status"


@pytest.mark.parametrize(
    "location", ["ftp://127.0.0.1/", "https://", "http://127.0.0.1:99999/", "http://u:p@127.0.0.1/"]
)
def test_a_redirect_to_nowhere_is_a_failure(location: str) -> None:
    with Speaker(lambda _: (answer("302 Found", b"", f"Location: {location}"),)) as server:
        assert ask(server).reason == "http_garbled"


@pytest.mark.parametrize("location", ["/trang-chủ?a=ý b", "/trang-ch%E1%BB%A7?a=%C3%BD%20b"])
def test_a_redirect_is_followed_where_browsers_follow_it(location: str) -> None:
    def moved(said: bytes) -> Iterable[bytes]:
        head = f"HTTP/1.1 302 Found\r\nContent-Length: 0\r\nLocation: {location}\r\n\r\n".encode()
        return (head if said.startswith(b"GET / ") else answer(),)

    with Speaker(moved) as server:
        assert ask(server).success
        assert server.heard[1].startswith(b"GET /trang-ch%E1%BB%A7?a=%C3%BD%20b HTTP/1.1\r\n")


def test_an_address_in_vietnamese_is_asked_as_browsers_ask_it() -> None:
    with Speaker(lambda _: (answer(),)) as server:
        assert poll("http", url=f"http://Tân-Lập.invalid:{server.port}/trang-chủ?a=ý&b=%20").success
        asked = f"GET /trang-ch%E1%BB%A7?a=%C3%BD&b=%20 HTTP/1.1\r\nhost: xn--tn-lp-3qa6054c.invalid:{server.port}\r\n"
        assert server.heard[0].lower().startswith(asked.lower().encode())


def test_a_password_is_not_carried_to_another_server() -> None:
    login = HttpLogin(user="quang", password=SecretStr("secret"))
    with (
        Speaker(lambda _: (answer(),)) as other,
        Speaker(lambda _: (answer("302 Found", b"", f"Location: http://127.0.0.1:{other.port}/"),)) as server,
    ):
        assert ask(server, credential=login).success
        assert b"Basic " + base64.b64encode(b"quang:secret") in server.heard[0]
        assert b"authorization" not in other.heard[0]


@pytest.mark.parametrize(
    "inside", ["127.0.0.1", "[::1]", "0.0.0.0", "localhost", "169.254.169.254", "[::ffff:127.0.0.1]"]
)
def test_a_website_elsewhere_leads_nobody_to_this_machine(inside: str) -> None:
    def act() -> Result:
        ip("address add 192.0.2.1/32 dev lo")
        moved = answer("302 Found", b"", f"Location: http://{inside}:9/")
        with Speaker(lambda _: (moved,), host="192.0.2.1") as server:
            return poll("http", address=None, url=f"http://192.0.2.1:{server.port}/")

    result = alone(act)
    assert (result.reason, result.detail) == ("shunned", inside.strip("[]"))


def test_a_website_on_this_machine_may_lead_to_itself_by_another_name() -> None:
    def moved(said: bytes) -> Iterable[bytes]:
        there = f"Location: http://localhost:{server.port}/home"
        return (answer("302 Found", b"", there) if said.startswith(b"GET / ") else answer(),)

    with Speaker(moved) as server:
        assert ask(server).success


def test_addresses_of_the_link_are_not_asked_even_if_they_are_booked() -> None:
    assert poll("http", address=None, url="http://169.254.169.254/latest/meta-data/").reason == "shunned"


def test_a_bearer_token_is_sent() -> None:
    with Speaker(lambda _: (answer(),)) as server:
        assert ask(server, credential=HttpLogin(bearer=SecretStr("token"))).success
        assert b"authorization: Bearer token\r\n" in server.heard[0]


@pytest.mark.parametrize(
    ("settings", "reason", "detail"),
    [
        ({"contains": "Bắc Quang"}, None, ""),
        ({"contains": "Hà Giang"}, "http_text_missing", "Hà Giang"),
        ({"lacks": "hacked"}, None, ""),
        ({"lacks": "Quang"}, "http_text_present", "Quang"),
    ],
)
def test_the_body_must_hold_what_is_expected(settings: dict[str, str], reason: str | None, detail: str) -> None:
    with Speaker(lambda _: (answer(body="Huyện Bắc Quang".encode()),)) as server:
        result = ask(server, **settings)
    assert (result.reason, result.detail) == (reason, detail)


def test_an_endless_body_is_read_only_up_to_its_bound() -> None:
    def endless(_: bytes) -> Iterable[bytes]:
        return itertools.chain((b"HTTP/1.1 200 OK\r\n\r\n",), itertools.repeat(b"x" * 65_536))

    with Speaker(endless) as server:
        result = ask(server)
    assert values(result, metrics.HTTP_CONTENT_LENGTH) == {(): BODY_MAX}


@pytest.mark.parametrize(
    ("head", "again"),
    [
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", b"1\r\na\r\n" * 1_000),
        (
            b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n",
            (b"1;" + b"x" * 4_000 + b"\r\na\r\n") * 2,
        ),
        (b"", b"HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n" * 100),
    ],
)
def test_an_answer_that_is_hardly_any_body_ends_long_before_the_deadline(head: bytes, again: bytes) -> None:
    with Speaker(lambda _: itertools.chain((head,), itertools.repeat(again))) as server:
        result = ask(server, timeout_s=30.0)
    assert result.reason == "http_garbled"
    assert int(result.detail.split()[0]) < 200_000


def test_a_server_that_drips_one_octet_at_a_time_ends_at_the_deadline() -> None:
    def drip(_: bytes) -> Iterable[bytes | float]:
        yield b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n"
        while True:
            yield b"x"
            yield 0.05

    with Speaker(drip) as server:
        result = ask(server, timeout_s=0.4)
    assert result.reason == "deadline"
    assert result.duration_s < 30


@pytest.mark.parametrize(
    "said",
    [b"SSH-2.0-OpenSSH\r\n" * 3, b"\x00" * 200, b"HTTP/1.1 200 OK\r\nX: " + b"y" * 200_000, b"HTTP/1.1 2\r\n\r\n"],
)
def test_what_is_no_http_is_a_failure(said: bytes) -> None:
    with Speaker(lambda _: (said,)) as server:
        assert ask(server).reason == "http_garbled"


def test_a_connection_that_closes_without_a_word_is_a_failure() -> None:
    with Speaker(lambda _: ()) as server:
        assert ask(server).reason in {"http_garbled", "broken"}


def test_a_closed_port_and_an_unknown_name_have_their_own_reasons() -> None:
    closed = poll("http", address=None, url=f"http://127.0.0.1:{free_port()}/")
    assert (closed.reason, closed.detail) == ("connect", "Connection refused")
    assert poll("http", address=None, url="http://nowhere.invalid/", timeout_s=10).reason in {"dns", "deadline"}


def test_a_certificate_that_nobody_vouches_for_is_a_failure_unless_it_is_allowed(tmp_path: Path) -> None:
    tls, ends, _ = server_context(tmp_path)
    with Speaker(lambda _: (answer(),), tls=tls) as server:
        strict = ask(server, scheme="https")
        lax = ask(server, scheme="https", verify=False)
    assert strict.reason == "tls_untrusted"
    assert "self" in strict.detail
    assert values(lax, metrics.SSL_EXPIRY) == {(): ends.timestamp()}
    assert values(lax, metrics.HTTP_SSL) == {(): 1}
    assert values(lax, metrics.HTTP_DURATION)[("tls",)] > 0


@pytest.mark.parametrize(
    ("days_left", "host", "said"),
    [
        (-1, "127.0.0.1", ("tls_expired", "certificate has expired")),
        (100, "127.0.0.1", ("tls_early", "certificate is not yet valid")),
        (30, "office.invalid", ("tls_name", "Hostname mismatch, certificate is not valid for 'office.invalid'.")),
        (30, "127.0.0.1", (None, "")),
    ],
)
def test_what_is_wrong_with_a_certificate_has_a_reason_of_its_own(
    days_left: int, host: str, said: tuple[str | None, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tls, _, file = server_context(tmp_path, ends=datetime.now(UTC) + timedelta(days=days_left))
    monkeypatch.setenv("SSL_CERT_FILE", str(file))
    made_context.cache_clear()
    with Speaker(lambda _: (answer(),), tls=tls) as server:
        result = poll("http", url=f"https://{host}:{server.port}/", http2=False)
    made_context.cache_clear()
    assert (result.reason, result.detail) == said


@pytest.mark.parametrize("stale", [False, True])
def test_the_first_end_of_the_chain_is_told_and_not_that_of_a_certificate_that_nobody_needs(
    stale: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ends = [(datetime.now(UTC) + timedelta(days=days)).replace(microsecond=0) for days in (50, 10, 40)]
    tls, root = chain_context(tmp_path, *ends, stale=stale)
    monkeypatch.setenv("SSL_CERT_FILE", str(root))
    made_context.cache_clear()
    with Speaker(lambda _: (answer(),), tls=tls) as server:
        strict, lax = ask(server, scheme="https"), ask(server, scheme="https", verify=False)
    made_context.cache_clear()
    assert values(strict, metrics.SSL_EXPIRY) == {(): ends[1].timestamp()}
    assert (values(lax, metrics.SSL_EXPIRY) == {(): ends[1].timestamp()}) is not stale


def test_authorities_are_read_once_a_day_and_not_once_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    today = tls_context(True)
    assert tls_context(True) is today
    at = time.monotonic()
    monkeypatch.setattr(time, "monotonic", lambda: at + RENEWED_S)
    assert tls_context(True) is not today


def test_plain_http_where_tls_is_expected_is_a_failure() -> None:
    with Speaker(lambda _: (answer(),), listens=False) as server:
        assert ask(server, scheme="https").reason == "tls"


@pytest.mark.parametrize(
    "url",
    [
        "ftp://a/",
        "http:///x",
        "http://u:p@a/",
        "http://a:99999/",
        "http://a/ b",
        "http://ế:p@a/",
        "http://" + "ế" * 70 + "/",
        "x" * 2_001,
    ],
)
def test_a_wrong_address_is_refused_by_name(url: str) -> None:
    result = poll("http", address=None, url=url)
    assert (result.reason, result.detail) == ("settings", "url")
