import contextlib
import json
import logging
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import psycopg
import pytest
from fastapi import FastAPI
from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy.engine import make_url

from api import server
from api.settings import AccessSettings, DatabaseSettings, Settings, WebSettings
from collector import metrics
from inventory.access.accounts import Role, Scope
from inventory.access.passwords import first_administrator, reset_password
from inventory.access.rights import SYSTEM
from inventory.columns import now
from inventory.settings import Settings as InventorySettings
from tests.support.accounts import hire
from tests.support.api import PASSWORD, Api, running_api, settings_for
from tests.support.parts import free_port, need

ONE_DATABASE = pytest.mark.parametrize("database", ["sqlite"], indirect=True)
BOOM = "chi-tiet-ben-trong"


def with_faults(app: FastAPI) -> None:
    @app.get("/api/v1/broken")
    def broken() -> None:
        raise RuntimeError(BOOM)


@pytest.fixture
def faulty(new_settings: Callable[[], InventorySettings]) -> Iterator[Api]:
    with running_api(settings_for(new_settings()), with_faults) as api:
        yield api


# -- what stands around every answer -----------------------------------------------------------------------------------


@ONE_DATABASE
def test_health_is_open_and_says_nothing_else(api: Api) -> None:
    answer = api.client().get("/healthz")
    assert (answer.status_code, answer.json()) == (200, {"status": "ok"})
    assert api.client().get("/readyz").status_code == 401
    assert api.signed_in(Role.AUDITOR).get("/readyz").status_code == 200


@ONE_DATABASE
@pytest.mark.parametrize("path", ["/healthz", "/api/v1/sites", "/nowhere", "/login"])
def test_every_answer_carries_the_security_headers(api: Api, path: str) -> None:
    headers = api.client().get(path).headers
    policy = {
        name: rest
        for name, _, rest in (part.strip().partition(" ") for part in headers["Content-Security-Policy"].split(";"))
    }
    assert policy["frame-ancestors"] == "'none'"
    assert policy.get("script-src", policy["default-src"]) == "'self'"
    assert policy["default-src"] == "'self'"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["X-Request-Id"]
    assert "Strict-Transport-Security" not in headers
    assert "server" not in headers


@ONE_DATABASE
def test_behind_tls_the_cookie_is_secure_and_browsers_stay_with_it(
    new_settings: Callable[[], InventorySettings],
) -> None:
    with running_api(settings_for(new_settings(), web=WebSettings(tls=True))) as api:
        person = hire(api.books, Role.IT_STAFF)
        answer = api.client().post("/api/v1/session", json={"username": person.username, "password": PASSWORD})
        cookie = answer.headers["Set-Cookie"]
        assert cookie.startswith("__Host-quang_session=")
        assert {"HttpOnly", "Secure", "SameSite=lax", "Path=/"} <= {part.strip() for part in cookie.split(";")}
        assert "max-age=" in answer.headers["Strict-Transport-Security"]


@ONE_DATABASE
def test_the_id_of_a_request_is_taken_from_the_client_only_if_it_is_plain(api: Api) -> None:
    client = api.client()
    assert client.get("/healthz", headers={"X-Request-Id": "abc-12345"}).headers["X-Request-Id"] == "abc-12345"
    assert (
        client.get("/healthz", headers={"X-Request-Id": "a b\tc<script>"}).headers["X-Request-Id"] != "a b\tc<script>"
    )


@ONE_DATABASE
def test_an_unexpected_error_shows_nothing_of_the_inside_but_is_in_the_log(
    faulty: Api, caplog: pytest.LogCaptureFixture
) -> None:
    client = faulty.signed_in(Role.IT_STAFF)
    with caplog.at_level(logging.INFO):
        answer = client.get("/api/v1/broken")
    assert answer.status_code == 500
    assert answer.headers["content-type"] == "application/problem+json"
    assert BOOM not in answer.text
    assert "Traceback" not in answer.text
    problem = answer.json()
    assert problem["first_step"]
    told = [record for record in caplog.records if problem["request_id"] in record.getMessage() and record.exc_info]
    assert len(told) == 1
    assert BOOM in str(told[0].exc_info)


@ONE_DATABASE
def test_what_is_not_there_is_a_problem_too(api: Api) -> None:
    client = api.signed_in(Role.IT_STAFF)
    assert client.get("/api/v1/nothing").json()["type"] == "urn:quang:problem:no_such_page"
    wrong = client.delete("/api/v1/sites")
    assert (wrong.status_code, wrong.json()["title"]) == (405, "Method not taken")
    assert "GET" in wrong.headers["Allow"]


@ONE_DATABASE
def test_the_language_is_that_of_the_question_the_browser_or_the_house(api: Api) -> None:
    client = api.client()
    get = lambda **more: client.get("/api/v1/sites", **more).json()["title"]  # noqa: E731
    assert get(headers={"Accept-Language": "vi-VN,vi;q=0.9"}) == "Cần đăng nhập"
    assert get(headers={"Accept-Language": "en-GB"}) == "Sign in first"
    assert get(headers={"Accept-Language": "en"}, params={"lang": "vi"}) == "Cần đăng nhập"
    assert get(headers={"Accept-Language": "fr;q=0.3, *"}) == "Cần đăng nhập"


# -- the session -------------------------------------------------------------------------------------------------------


def test_a_first_administrator_signs_in_and_must_change_the_password(api: Api) -> None:
    password = first_administrator(api.books)
    client = api.client()
    answer = client.post("/api/v1/session", json={"username": "admin", "password": password})
    assert answer.json()["must_change_password"] is True
    client.headers["X-CSRF-Token"] = answer.json()["csrf"]
    barred = client.get("/api/v1/sites")
    assert (barred.status_code, barred.json()["type"]) == (403, "urn:quang:problem:password_change_needed")
    wanted = {"current": password, "password": "nắng lên trên đỉnh đồi"}
    assert client.post("/api/v1/session/password", json=wanted).status_code == 204
    assert client.get("/api/v1/sites").status_code == 200


def test_signing_out_ends_the_session_on_the_server(api: Api) -> None:
    client = api.signed_in(Role.IT_STAFF)
    secret = client.cookies["quang_session"]
    assert client.get("/api/v1/session").json()["role"] == "it_staff"
    assert client.delete("/api/v1/session").status_code == 204
    thief = api.client(Cookie=f"quang_session={secret}")
    assert thief.get("/api/v1/session").status_code == 401


@ONE_DATABASE
def test_the_cookie_is_kept_from_scripts_and_other_sites(api: Api) -> None:
    person = hire(api.books, Role.IT_STAFF)
    answer = api.client().post("/api/v1/session", json={"username": person.username, "password": PASSWORD})
    parts = {part.strip() for part in answer.headers["Set-Cookie"].split(";")}
    assert {"HttpOnly", "SameSite=lax", "Path=/"} <= parts
    assert not any(part.lower().startswith(("domain", "max-age", "expires")) for part in parts)


@ONE_DATABASE
def test_a_session_of_the_settings_length_ends(new_settings: Callable[[], InventorySettings]) -> None:
    short = AccessSettings(idle_minutes=0.02)
    with running_api(settings_for(new_settings(), access=short)) as api:
        client = api.signed_in(Role.IT_STAFF)
        assert client.get("/api/v1/session").status_code == 200
        time.sleep(1.5)
        assert client.get("/api/v1/session").status_code == 401


@ONE_DATABASE
def test_wrong_passwords_are_refused_alike_and_an_address_is_slowed_down(api: Api) -> None:
    person = hire(api.books, Role.IT_STAFF)
    client = api.client()
    texts = set()
    for username in (person.username, "nobody"):
        answer = client.post("/api/v1/session", json={"username": username, "password": "sai"})
        assert answer.status_code == 401
        texts.add(answer.json()["detail"] + answer.json()["first_step"])
    assert len(texts) == 1
    for _ in range(28):
        client.post("/api/v1/session", json={"username": "nobody", "password": "sai"})
    slowed = client.post("/api/v1/session", json={"username": person.username, "password": PASSWORD})
    assert slowed.status_code == 429
    assert 0 < int(slowed.headers["Retry-After"]) <= 900


@ONE_DATABASE
def test_an_unknown_name_costs_as_much_time_as_a_known_one(api: Api) -> None:
    client = api.client()
    for number in range(3):
        hire(api.books, Role.IT_STAFF, f"person-{number}")
    known, unknown = [], []
    for number in range(12):
        for username, times in ((f"person-{number % 3}", known), (f"nobody-{number % 3}", unknown)):
            began = time.perf_counter()
            client.post("/api/v1/session", json={"username": username, "password": "sai rồi nhé"})
            times.append(time.perf_counter() - began)
    assert 0.5 < sorted(known)[6] / sorted(unknown)[6] < 2


@ONE_DATABASE
@pytest.mark.parametrize(
    "body",
    [
        {},
        {"username": "an"},
        {"username": "an", "password": "x", "more": 1},
        {"username": ["an"], "password": "x"},
        {"username": "an", "password": "x" * 5000},
        {"username": "\u0000", "password": "\ud800"},
    ],
)
def test_a_malformed_sign_in_is_refused_without_repeating_the_password(api: Api, body: dict[str, object]) -> None:
    content = json.dumps(body).encode()
    answer = api.client().post("/api/v1/session", content=content, headers={"Content-Type": "application/json"})
    assert answer.status_code in {401, 422}, answer.text
    assert "xxxx" not in answer.text


# -- pages of other sites ----------------------------------------------------------------------------------------------


@ONE_DATABASE
def test_a_request_with_a_session_repeats_its_token(api: Api) -> None:
    client = api.signed_in(Role.IT_STAFF)
    body = {"slug": "a", "name": "A", "kind": "district"}
    token = client.headers.pop("X-CSRF-Token")
    for wrong in ({}, {"X-CSRF-Token": ""}, {"X-CSRF-Token": "x" * 43}, {"X-CSRF-Token": token[:-1]}):
        answer = client.post("/api/v1/sites", json=body, headers=wrong)
        assert (answer.status_code, answer.json()["type"]) == (403, "urn:quang:problem:foreign_page")
    assert client.post("/api/v1/sites", json=body, headers={"X-CSRF-Token": token}).status_code == 201


@ONE_DATABASE
def test_a_form_may_carry_the_token_as_a_field(api: Api) -> None:
    client = api.signed_in(Role.IT_STAFF)
    token = client.headers.pop("X-CSRF-Token")
    assert client.post("/logout", data={"csrf": "wrong"}).status_code == 403
    assert client.post("/logout", data={"csrf": token, "x": "1"}).status_code == 303


@ONE_DATABASE
@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ],
)
def test_another_site_cannot_sign_a_browser_in(api: Api, headers: dict[str, str]) -> None:
    person = hire(api.books, Role.IT_STAFF)
    body = {"username": person.username, "password": PASSWORD}
    assert api.client().post("/api/v1/session", json=body, headers=headers).status_code == 403
    ours = {"Origin": api.url, "Sec-Fetch-Site": "same-origin"}
    assert api.client().post("/api/v1/session", json=body, headers=ours).status_code == 201


@ONE_DATABASE
def test_a_program_with_a_token_needs_no_csrf_token(api: Api) -> None:
    assert api.with_token(Scope.SCRAPE).get("/metrics").status_code == 200
    assert api.with_token(Scope.SCRAPE, name="b").post("/api/v1/sites", json={}).json()["type"].endswith(":forbidden")


# -- bounds ------------------------------------------------------------------------------------------------------------


def raw(api: Api, *parts: bytes, wait_s: float = 5.0) -> bytes:
    """Send bytes as they are and return all that comes back until the other side closes."""
    address = urlsplit(api.url)
    with socket.create_connection((address.hostname or "", address.port or 0), timeout=wait_s) as connection:
        for part in parts:
            # The server may close while we still send; what it answered before is what counts.
            with contextlib.suppress(ConnectionError):
                connection.sendall(part)
        received = b""
        with contextlib.suppress(ConnectionError, TimeoutError):
            while True:
                data = connection.recv(65536)
                if not data:
                    break
                received += data
    return received


@ONE_DATABASE
def test_a_chunked_body_is_counted_while_it_arrives(api: Api) -> None:
    client = api.signed_in(Role.IT_STAFF)

    def endless() -> Iterator[bytes]:
        for _ in range(64):
            yield b"x" * 65536

    with contextlib.suppress(httpx.WriteError):
        answer = client.post("/api/v1/sites", content=endless(), headers={"Content-Type": "application/json"})
        assert (answer.status_code, answer.json()["type"]) == (413, "urn:quang:problem:too_large")
    assert client.get("/api/v1/sites").status_code == 200


@ONE_DATABASE
def test_a_stranger_cannot_make_the_api_read_a_body(api: Api) -> None:
    head = b"POST /api/v1/sites HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 900000\r\n\r\n"
    began = time.monotonic()
    assert b" 401 " in raw(api, head, wait_s=2).split(b"\r\n", 1)[0]
    assert time.monotonic() - began < 5


@ONE_DATABASE
def test_a_head_that_never_ends_is_cut_off(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server, "HEAD_SECONDS", 0.3)
    began = time.monotonic()
    assert b" 408 " in raw(api, b"GET /healthz HTTP/1.1\r\nHost: x\r\nX-Slow: ")
    assert time.monotonic() - began < 4


@ONE_DATABASE
def test_a_connection_that_says_nothing_is_cut_off(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server, "HEAD_SECONDS", 0.3)
    assert b" 408 " in raw(api)


@ONE_DATABASE
def test_a_second_request_on_a_connection_has_its_own_time(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server, "HEAD_SECONDS", 0.3)
    one = b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n"
    received = raw(api, one + b"GET /healthz HTTP/1.1\r\nHo")
    assert b" 200 " in received


@ONE_DATABASE
@pytest.mark.parametrize("line", [b"X-A: " + b"a" * 4096 + b"\r\n", b"X-B: b\r\n"])
def test_a_head_without_end_is_refused(api: Api, line: bytes) -> None:
    received = raw(api, b"GET /healthz HTTP/1.1\r\nHost: x\r\n", *[line * 20 for _ in range(400)])
    assert received == b"" or b" 431 " in received.split(b"\r\n", 1)[0] or b" 400 " in received.split(b"\r\n", 1)[0]
    assert api.client().get("/healthz").status_code == 200


@ONE_DATABASE
def test_a_body_that_drips_is_given_up(new_settings: Callable[[], InventorySettings]) -> None:
    with running_api(settings_for(new_settings(), web=WebSettings(deadline_s=0.5))) as api:
        body = b'{"username": "an", '
        head = (
            b"POST /api/v1/session HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 99\r\n\r\n"
        )
        received = raw(api, head, body)
        assert b" 408 " in received.split(b"\r\n", 1)[0]
        assert b"urn:quang:problem:too_slow" in received


@ONE_DATABASE
def test_an_address_that_is_too_long_is_refused(api: Api) -> None:
    assert api.client().get("/api/v1/sites?q=" + "x" * 5000).status_code == 414
    assert api.client().get("/healthz", headers={"X-Much": "y" * 20_000}).status_code == 431


# -- the database ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_while_the_database_is_gone_the_answer_is_503_with_a_reason(
    new_settings: Callable[[], InventorySettings],
) -> None:
    inventory = new_settings()
    url = make_url(inventory.database_url)
    with running_api(settings_for(inventory)) as api:
        client = api.signed_in(Role.IT_STAFF)
        with psycopg.connect(
            host=str(url.query["host"]), user=url.username, dbname="postgres", autocommit=True
        ) as connection:
            name = psycopg.sql.Identifier(url.database or "")
            connection.execute(psycopg.sql.SQL("ALTER DATABASE {} ALLOW_CONNECTIONS false").format(name))
            connection.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [url.database]
            )
            answer = client.get("/api/v1/sites")
            assert answer.status_code == 503, answer.text
            assert answer.headers["Retry-After"] == "5"
            assert answer.json()["detail"] == "The database does not answer."
            assert "password" not in answer.text.lower()
            assert client.get("/healthz").status_code == 200
            connection.execute(psycopg.sql.SQL("ALTER DATABASE {} ALLOW_CONNECTIONS true").format(name))
        assert client.get("/api/v1/sites").status_code == 200


def test_the_api_starts_while_the_database_is_down(tmp_path: Path) -> None:
    url = f"postgresql://quang:matkhau@127.0.0.1:{free_port()}/quang"
    with running_api(Settings(home=tmp_path, database=DatabaseSettings(url=url))) as api:
        assert api.client().get("/healthz").status_code == 200
        answer = api.client(Cookie="quang_session=x").get("/api/v1/sites")
        assert answer.status_code == 503
        assert "Retry-After" in answer.headers
        assert "matkhau" not in answer.text


# -- secrets -----------------------------------------------------------------------------------------------------------


@ONE_DATABASE
def test_no_secret_stands_in_the_log(faulty: Api, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    community = "cong-dong-bi-mat-77"
    with caplog.at_level(logging.DEBUG):
        client = faulty.signed_in(Role.ADMINISTRATOR)
        secrets = {
            PASSWORD,
            community,
            "mat-khau-sai-roi",
            client.cookies["quang_session"],
            client.headers["X-CSRF-Token"],
        }
        client.post("/api/v1/session", json={"username": "mat-khau-sai-roi", "password": "mat-khau-sai-roi"})
        client.post("/api/v1/credentials", json={"name": "a", "kind": "snmp_v2c", "community": community})
        client.post("/api/v1/credentials", json={"name": "b", "kind": community, "community": [community]})
        made = client.post("/api/v1/tokens", json={"name": "t", "scopes": ["scrape"], "expires_at": soon()})
        token = made.json()["secret"]
        program = faulty.client(Authorization=f"Bearer {token}")
        program.get("/metrics")
        program.get("/api/v1/broken")
        program.get("/api/v1/broken", params={"q": community})
        hire(faulty.books, Role.AUDITOR, "chi")
        given = client.post("/api/v1/accounts/chi/password").json()["password"]
        reset = reset_password(faulty.books, SYSTEM, "chi")
        faulty.client(Authorization="Bearer quang_" + "z" * 43).get("/api/v1/sites")
        secrets |= {token, given, reset, "quang_" + "z" * 43}
    # What our own process writes; the test's HTTP client logs addresses under its own name.
    lines = [
        record.getMessage() + str(record.exc_text) + str(record.exc_info)
        for record in caplog.records
        if not record.name.startswith(("httpx", "httpcore"))
    ]
    assert lines
    assert [(secret, line) for secret in secrets for line in lines if secret in line] == []


def soon() -> str:
    return (now() + timedelta(days=30)).isoformat()


# -- tokens, passwords, series -----------------------------------------------------------------------------------------


def test_a_token_shows_its_secret_once(api: Api) -> None:
    client = api.signed_in(Role.ADMINISTRATOR)
    made = client.post("/api/v1/tokens", json={"name": "report", "scopes": ["read"], "expires_at": soon()})
    assert made.status_code == 201, made.text
    secret = made.json()["secret"]
    program = api.client(Authorization=f"Bearer {secret}")
    assert program.get("/api/v1/sites").status_code == 200
    assert program.get("/api/v1/session").json()["scopes"] == ["read"]
    shown = client.get("/api/v1/tokens/report")
    assert secret not in shown.text
    ended = client.post("/api/v1/tokens/report/retire", headers={"If-Match": shown.headers["ETag"]})
    assert ended.status_code == 200, ended.text
    assert program.get("/api/v1/sites").status_code == 401


@ONE_DATABASE
def test_a_wrong_token_is_refused_by_field_over_http(api: Api) -> None:
    client = api.signed_in(Role.ADMINISTRATOR)
    answer = client.post("/api/v1/tokens", json={"name": "A B", "scopes": [], "expires_at": "2030-01-01"})
    assert answer.status_code == 422
    fields = {error["field"] for error in answer.json()["errors"]}
    assert {"scopes", "expires_at"} <= fields


def test_the_page_of_series_parses_and_names_only_the_catalogue(api: Api) -> None:
    api.signed_in(Role.IT_STAFF).get("/api/v1/sites/none")
    page = api.with_token(Scope.SCRAPE).get("/metrics")
    assert page.status_code == 200
    families = {family.name: family for family in text_string_to_metric_families(page.text)}
    names = {name + ("_total" if family.type == "counter" else "") for name, family in families.items()}
    assert names <= set(metrics.BY_NAME)
    assert {"quang_api_requests_total", "quang_incidents_open", "quang_outbox_waiting"} <= names
    routes = {sample.labels["route"] for sample in families["quang_api_requests"].samples}
    assert "/api/v1/sites/{key}" in routes
    assert not any("none" in route for route in routes)
    for family in families.values():
        metric = metrics.BY_NAME[family.name + ("_total" if family.type == "counter" else "")]
        assert all(set(sample.labels) == set(metric.all_labels) for sample in family.samples)


@ONE_DATABASE
def test_promtool_has_nothing_to_say_about_the_page_of_series(api: Api) -> None:
    promtool = need("promtool")
    page = api.with_token(Scope.SCRAPE).get("/metrics")
    done = subprocess.run(
        [promtool, "check", "metrics"], input=page.text, capture_output=True, text=True, timeout=20, check=False
    )
    assert (done.returncode, done.stdout + done.stderr) == (0, "")
