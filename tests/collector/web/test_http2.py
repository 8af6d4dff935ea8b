from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from h2.config import H2Configuration
from h2.connection import H2Connection

from collector import metrics
from collector.probe import Result
from collector.probes.http import PHASES
from collector.web.exchange import BODY_MAX
from tests.support.certificates import server_context
from tests.support.peers import nginx
from tests.support.polling import poll, values
from tests.support.speaker import Speaker


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("web")
    server_context(folder)
    (folder / "big").write_bytes(b"x" * (BODY_MAX + 300_000))
    folder.chmod(0o755)
    folder.parent.chmod(0o755)
    return folder


@pytest.fixture(scope="module")
def port(folder: Path) -> Iterator[int]:
    lines = (
        f"root {folder};",
        "location = / { return 200 'Ủy ban nhân dân'; }",
        "location = /moved { return 302 /; }",
        "location = /broken { return 503; }",
    )
    with nginx(folder / "certificate.pem", folder / "key.pem", *lines) as port:
        yield port


def ask(port: int, path: str = "/", **settings: Any) -> Result:
    return poll("http", address=None, url=f"https://127.0.0.1:{port}{path}", verify=False, **settings)


def test_a_server_that_speaks_http_2_is_asked_in_it(port: int) -> None:
    result = ask(port, contains="nhân dân")
    assert result.success, result
    assert values(result, metrics.HTTP_VERSION) == {(): 2}
    assert set(values(result, metrics.HTTP_DURATION)) == {(phase,) for phase in PHASES}
    assert values(result, metrics.SSL_EXPIRY)


def test_it_is_not_offered_where_it_is_not_wanted(port: int) -> None:
    assert values(ask(port, http2=False), metrics.HTTP_VERSION) == {(): 1.1}


def test_redirects_and_states_are_those_of_any_version(port: int) -> None:
    assert values(ask(port, "/moved"), metrics.HTTP_REDIRECTS) == {(): 1}
    assert ask(port, "/broken").detail == "503"


def test_no_more_than_the_bound_of_a_body_is_read(port: int) -> None:
    assert values(ask(port, "/big"), metrics.HTTP_CONTENT_LENGTH) == {(): BODY_MAX}


def hostile(folder: Path, said: bytes) -> Result:
    tls, _, _ = server_context(folder)
    tls.set_alpn_protocols(["h2"])
    with Speaker(lambda _: (said, 0.3), tls=tls, listens=False) as server:
        return ask(server.port)


def test_garbage_is_a_failure(tmp_path: Path) -> None:
    frame_of_a_kind_that_opens_nothing = b"\0\0\4\0\0\0\0\0\1junk"
    assert hostile(tmp_path, frame_of_a_kind_that_opens_nothing).reason == "http_garbled"
    assert hostile(tmp_path, b"HTTP/1.1 200 OK\r\n\r\n" * 10).reason in {"http_garbled", "broken"}
    assert hostile(tmp_path, b"").reason == "broken"


def test_a_server_that_says_goodbye_or_resets_is_a_failure(tmp_path: Path) -> None:
    talk = H2Connection(H2Configuration(client_side=False))
    talk.initiate_connection()
    talk.close_connection(error_code=11)
    assert hostile(tmp_path, talk.data_to_send()).reason == "broken"


def test_a_head_in_no_known_writing_is_read_as_far_as_it_goes(tmp_path: Path) -> None:
    talk = H2Connection(H2Configuration(client_side=False, header_encoding=None))
    client = H2Connection(H2Configuration(client_side=True))
    client.initiate_connection()
    client.send_headers(
        1, [(":method", "GET"), (":scheme", "https"), (":authority", "x"), (":path", "/")], end_stream=True
    )
    talk.initiate_connection()
    talk.receive_data(client.data_to_send())
    talk.send_headers(1, [(b":status", b"200"), (b"server", b"\xff\xfe")], end_stream=True)
    assert hostile(tmp_path, talk.data_to_send()).success
