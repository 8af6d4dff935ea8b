import json
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlmodel import select

from api.settings import AccessSettings, WebSettings
from inventory.access.accounts import LoginSession, Role, Scope
from inventory.access.passwords import first_administrator
from inventory.columns import now
from inventory.db import writing
from inventory.settings import Settings as InventorySettings
from tests.support.accounts import hire
from tests.support.api import PASSWORD, Api, running_api, settings_for

ONE_DATABASE = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


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
    short = AccessSettings(idle_minutes=5)
    with running_api(settings_for(new_settings(), access=short)) as api:
        client = api.signed_in(Role.IT_STAFF)
        assert client.get("/api/v1/session").status_code == 200
        for minutes, status in ((4, 200), (6, 401)):
            with writing(api.books.engine) as session:
                session.exec(select(LoginSession)).one().seen_at = now() - timedelta(minutes=minutes)
            assert client.get("/api/v1/session").status_code == status


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
@pytest.mark.alone
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
    # Without the hash of a password that nobody has, a twentieth: noise of the machine decides nothing.
    assert 0.25 < sorted(known)[6] / sorted(unknown)[6] < 4


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


@ONE_DATABASE
def test_behind_a_trusted_proxy_each_address_is_counted_by_itself(api: Api) -> None:
    person = hire(api.books, Role.IT_STAFF)
    client = api.client()
    wrong = {"username": "nobody", "password": "sai"}
    for _ in range(30):
        assert client.post("/api/v1/session", json=wrong, headers={"X-Forwarded-For": "10.1.1.1"}).status_code == 401
    right = {"username": person.username, "password": PASSWORD}
    assert client.post("/api/v1/session", json=right, headers={"X-Forwarded-For": "10.1.1.1"}).status_code == 429
    assert client.post("/api/v1/session", json=right, headers={"X-Forwarded-For": "10.1.1.2"}).status_code == 201


@ONE_DATABASE
def test_an_address_that_nobody_trusts_cannot_name_another(new_settings: Callable[[], InventorySettings]) -> None:
    with running_api(settings_for(new_settings(), web=WebSettings(trusted_proxies=("10.9.9.9",)))) as api:
        client = api.client()
        wrong = {"username": "nobody", "password": "sai"}
        answers = [
            client.post("/api/v1/session", json=wrong, headers={"X-Forwarded-For": f"10.1.1.{number}"}).status_code
            for number in range(31)
        ]
        assert answers == [401] * 30 + [429]


@ONE_DATABASE
def test_signing_in_again_ends_the_session_before(api: Api) -> None:
    person = hire(api.books, Role.IT_STAFF)
    client = api.signed_in(person)
    before = client.cookies["quang_session"]
    again = client.post("/api/v1/session", json={"username": person.username, "password": PASSWORD})
    assert again.status_code == 201
    assert api.client(Cookie=f"quang_session={before}").get("/api/v1/session").status_code == 401


# -- anything at all ---------------------------------------------------------------------------------------------------

latin = st.text(st.characters(min_codepoint=33, max_codepoint=255, exclude_characters="\x7f"), min_size=1, max_size=60)
values = latin | st.sampled_from(
    ["multipart/form-data", "multipart/form-data; boundary=x", "application/x-www-form-urlencoded", "application/json",
     "Bearer", "Bearer x", "Bearer quang_x", "http://[", "null", "http://127.0.0.1", "quang_session=x", '"1"', "*",
     "[::1"]
)  # fmt: skip
names = st.sampled_from(
    ["Authorization", "Cookie", "Origin", "Content-Type", "If-Match", "If-None-Match", "Idempotency-Key", "Accept",
     "Accept-Language", "X-CSRF-Token", "X-Request-Id", "X-Forwarded-For", "X-Forwarded-Proto", "Sec-Fetch-Site",
     "Host", "HX-Request"]
)  # fmt: skip


@pytest.fixture
def askers(api: Api) -> tuple[httpx.Client, httpx.Client]:
    return api.signed_in(Role.IT_STAFF), api.client()


@ONE_DATABASE
@given(
    headers=st.dictionaries(names, values, max_size=6),
    method=st.sampled_from(["GET", "POST", "PATCH", "PUT"]),
    body=st.binary(max_size=80),
)
@settings(
    max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
def test_no_head_makes_the_api_fail(
    askers: tuple[httpx.Client, httpx.Client], headers: dict[str, str], method: str, body: bytes
) -> None:
    sent = {name: value.encode("latin-1") for name, value in headers.items()}
    for client in askers:
        for path in ("/api/v1/sites", "/api/v1/session", "/login", "/nowhere"):
            answer = client.request(method, path, headers=sent, content=body)
            assert answer.status_code < 500, (method, path, headers, answer.text)


@ONE_DATABASE
@pytest.mark.alone
def test_a_flood_of_sign_ins_does_not_keep_others_waiting(api: Api) -> None:
    person = api.signed_in(Role.IT_STAFF)
    stranger = api.client()
    with ThreadPoolExecutor(24) as pool:
        flood = [
            pool.submit(stranger.post, "/api/v1/session", json={"username": "an", "password": f"sai {number}"})
            for number in range(24)
        ]
        began = time.monotonic()
        assert person.get("/api/v1/session").status_code == 200
        assert time.monotonic() - began < 2 or not all(one.done() for one in flood)
        assert {one.result().status_code for one in flood} <= {401, 429}
