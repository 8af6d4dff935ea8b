import logging
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import psycopg
import pytest
from fastapi import FastAPI
from sqlalchemy.engine import make_url

from api.settings import DatabaseSettings, PrometheusSettings, Settings, WebSettings
from inventory.access.accounts import Role
from inventory.access.passwords import reset_password
from inventory.access.rights import SYSTEM
from inventory.columns import now
from inventory.settings import Settings as InventorySettings
from tests.support.accounts import hire
from tests.support.api import PASSWORD, Api, running_api, settings_for
from tests.support.parts import free_port

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
                "SELECT pg_terminate_backend(pid, 60000) FROM pg_stat_activity WHERE datname = %s", [url.database]
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
    nobody = PrometheusSettings(url=f"http://127.0.0.1:{free_port()}")
    with running_api(Settings(home=tmp_path, database=DatabaseSettings(url=url), prometheus=nobody)) as api:
        assert api.client().get("/healthz").status_code == 200
        answer = api.client(Cookie="quang_session=x").get("/api/v1/sites")
        assert answer.status_code == 503
        assert "Retry-After" in answer.headers
        assert "matkhau" not in answer.text


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
