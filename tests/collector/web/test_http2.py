from collections.abc import Iterator
from pathlib import Path
from typing import Any

import hpack
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


def hostile(folder: Path, *said: bytes | float, stays_s: float = 0.3, **settings: Any) -> Result:
    tls, _, _ = server_context(folder)
    tls.set_alpn_protocols(["h2"])
    with Speaker(lambda _: (*said, stays_s), tls=tls, listens=False) as server:
        return ask(server.port, **settings)


def frame(kind: int, flags: int, stream: int, content: bytes = b"") -> bytes:
    return len(content).to_bytes(3) + bytes((kind, flags)) + stream.to_bytes(4) + content


DATA, HEADERS, SETTINGS, PUSH_PROMISE, PING, GOAWAY = 0, 1, 4, 5, 6, 7
END_STREAM, END_HEADERS = 1, 4


def head(*fields: tuple[str, str]) -> bytes:
    return bytes(hpack.Encoder().encode(fields or [(":status", "200")]))


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


@pytest.mark.parametrize(
    "again",
    [
        frame(SETTINGS, 0, 0),
        frame(PING, 0, 0, b"12345678"),
        frame(DATA, 0, 1),
        frame(99, 0, 0),
        frame(HEADERS, END_HEADERS, 1, head((":status", "103"))),
    ],
    ids=["settings", "ping", "empty", "unknown", "informational"],
)
def test_a_flood_of_frames_that_are_no_body_ends_long_before_the_deadline(again: bytes, tmp_path: Path) -> None:
    begun = frame(HEADERS, END_HEADERS, 1, head()) if again[3] == DATA else b""
    flood = [again * 200] * 500
    result = hostile(tmp_path, frame(SETTINGS, 0, 0) + begun, *flood, stays_s=60.0, timeout_s=30.0)
    assert result.reason == "http_garbled"
    assert int(result.detail.split()[0]) < 100_000


def test_a_flood_that_a_reset_ends_is_a_flood(tmp_path: Path) -> None:
    flood = (frame(SETTINGS, 0, 0), frame(99, 0, 0) * 10_000)

    def reason() -> str | None:
        return hostile(tmp_path, *flood, stays_s=0.0, timeout_s=30.0).reason

    # A reset that comes before this process had its turn takes what was sent with it: then nobody can know.
    assert next((found for found in (reason() for _ in range(20)) if found != "broken"), None) == "http_garbled"


def test_what_a_server_pushes_is_not_taken_for_the_answer(tmp_path: Path) -> None:
    asked = head((":method", "GET"), (":scheme", "https"), (":authority", "x"), (":path", "/a.css"))
    pushed = frame(PUSH_PROMISE, END_HEADERS, 1, (2).to_bytes(4) + asked) + frame(HEADERS, END_HEADERS, 2, head())
    answer = frame(HEADERS, END_HEADERS | END_STREAM, 1, head((":status", "500")))
    assert not hostile(tmp_path, frame(SETTINGS, 0, 0), 0.1, pushed + answer).success


@pytest.mark.parametrize("cut", [1, 12, 30])
def test_a_server_that_says_goodbye_before_it_answers_is_heard_to_the_end(cut: int, tmp_path: Path) -> None:
    farewell = frame(GOAWAY, 0, 0, (1).to_bytes(4) + bytes(4))
    said = (
        frame(SETTINGS, 0, 0) + farewell + frame(HEADERS, END_HEADERS, 1, head()) + frame(DATA, END_STREAM, 1, b"all")
    )
    result = hostile(tmp_path, said[:cut], 0.05, said[cut:])
    assert (result.success, values(result, metrics.HTTP_CONTENT_LENGTH)) == (True, {(): 3})


def test_a_goodbye_that_leaves_the_question_unanswered_is_a_failure(tmp_path: Path) -> None:
    farewell = frame(GOAWAY, 0, 0, bytes(8))
    assert hostile(tmp_path, frame(SETTINGS, 0, 0) + farewell).reason == "broken"
    assert hostile(tmp_path, frame(SETTINGS, 0, 0) + frame(GOAWAY, 0, 0, (1).to_bytes(4) + bytes(4))).reason == "broken"


def test_nginx_that_answers_one_question_a_connection_is_well(folder: Path) -> None:
    lines = ("keepalive_requests 1;", f"root {folder};")
    with nginx(folder / "certificate.pem", folder / "key.pem", *lines) as port:
        result = ask(port, "/big")
    assert (result.success, values(result, metrics.HTTP_VERSION)) == (True, {(): 2})
