"""Signing in, signing out, and the password that somebody else handed over."""

import re

import httpx

from inventory.access.accounts import Role
from inventory.access.passwords import reset_password
from inventory.access.rights import SYSTEM
from tests.api.pages.conftest import Reader
from tests.support.accounts import hire
from tests.support.api import Api
from tests.support.district import PASSWORD


def csrf_in(answer: httpx.Response) -> str:
    found = re.search(r'name="csrf" value="([^"]+)"', answer.text)
    assert found
    return found[1]


def browser(api: Api) -> httpx.Client:
    return api.client(Accept="text/html")


def test_the_right_password_leads_to_the_page_that_was_asked_for(pages: Api) -> None:
    client = browser(pages)
    form = {"username": "kythuat", "password": PASSWORD, "next": "/links?q=a"}
    answer = client.post("/login", data=form)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/links?q=a")
    assert client.get("/links?q=a").status_code == 200


def test_signing_in_never_leads_to_another_site(pages: Api) -> None:
    form = {"username": "kythuat", "password": PASSWORD, "next": "//evil.example/"}
    assert browser(pages).post("/login", data=form).headers["Location"] == "/"


def test_a_wrong_password_says_what_to_check_and_keeps_the_name(pages: Api) -> None:
    answer = browser(pages).post("/login", data={"username": "kythuat", "password": "không phải"})
    assert answer.status_code == 401
    assert 'value="kythuat"' in answer.text
    assert "You could not be signed in." in answer.text
    assert "không phải" not in answer.text


def test_too_many_wrong_passwords_from_one_address_have_to_wait(pages: Api) -> None:
    client = browser(pages)
    statuses = [client.post("/login", data={"username": f"nobody-{n}", "password": "x"}).status_code for n in range(40)]
    assert statuses[0] == 401
    assert statuses[-1] == 429


def test_the_login_page_speaks_the_language_that_was_chosen_on_it(pages: Api) -> None:
    client = browser(pages)
    assert client.get("/login?language=vi").headers["Location"] == "/login"
    assert "Đăng nhập" in client.get("/login").text
    assert "Vì" not in client.get("/login?ended=1", headers={"Cookie": "quang_language=en"}).text


def test_the_first_sign_in_sets_the_language_of_the_account(pages: Api) -> None:
    client = pages.client(Accept="text/html")
    answer = client.post("/login", data={"username": "kythuat", "password": PASSWORD})
    assert answer.cookies["quang_language"] == "vi"


def test_a_password_from_somebody_else_has_to_be_changed_before_anything_is_shown(pages: Api) -> None:
    hire(pages.books, Role.AUDITOR, "moi", must_change=True)
    given = reset_password(pages.books, SYSTEM, "moi")
    client = browser(pages)
    client.post("/login", data={"username": "moi", "password": given})
    assert client.get("/sites").headers["Location"].startswith("/password")
    page = client.get("/password")
    assert "Hãy đặt mật khẩu của riêng bạn" in page.text
    wanted = "một câu ngắn dễ nhớ hơn"
    form = {"csrf": csrf_in(page), "current": given, "password": wanted, "again": wanted}
    assert client.post("/password", data=form).headers["Location"] == "/?done=password"
    assert "Đã đổi mật khẩu." in client.get("/?done=password").text


def test_a_bad_new_password_is_told_at_its_field(pages: Api, reader: Reader) -> None:
    client = reader("auditor", "en")
    csrf = client.headers["X-CSRF-Token"]
    form = {"csrf": csrf, "current": PASSWORD, "password": "short", "again": "shirt"}
    answer = client.post("/password", data=form)
    assert answer.status_code == 422
    assert "at least 14 characters" in answer.text
    assert "The two new passwords are not alike." in answer.text
    assert 'aria-describedby="e-password h-password"' in answer.text
    assert "short" not in answer.text.replace("A short sentence", "").replace("a short sentence", "")


def test_a_form_without_its_token_is_refused(reader: Reader) -> None:
    client = reader("it_staff", "en")
    del client.headers["X-CSRF-Token"]
    assert client.post("/incidents/1/acknowledge", data={"version": "1"}).status_code == 403
    assert client.post("/logout", data={"csrf": "wrong"}).status_code == 403


def test_signing_out_ends_the_session(reader: Reader) -> None:
    client = reader("it_staff")
    answer = client.post("/logout")
    assert answer.headers["Location"] == "/login"
    assert client.get("/").status_code == 303
