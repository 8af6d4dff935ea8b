"""Accounts: made, given a password, closed and opened again by an administrator."""

import re

from tests.api.pages.conftest import Reader
from tests.support.api import Api


def test_a_new_person_gets_a_password_that_is_shown_once(pages: Api, reader: Reader) -> None:
    client = reader("administrator", "en")
    form = {
        "username": "hoa.nt",
        "name": "Nguyễn Thị Hoa",
        "role": "commune_staff",
        "site": "tan-lap",
        "language": "vi",
    }
    assert client.post("/accounts/new", data=form).headers["Location"] == "/accounts/hoa.nt?done=created"
    shown = client.post("/accounts/hoa.nt/password")
    found = re.search(r'id="password">([^<]+)<', shown.text)
    assert found
    assert found[1] not in client.get("/accounts/hoa.nt").text
    stranger = pages.client(Accept="text/html")
    answer = stranger.post("/login", data={"username": "hoa.nt", "password": found[1]})
    assert answer.status_code == 303
    assert stranger.get("/").headers["Location"].startswith("/password")


def test_a_closed_account_cannot_sign_in_until_it_gets_a_new_password(pages: Api, reader: Reader) -> None:
    client = reader("administrator", "en")
    inside = reader("auditor")
    assert inside.get("/").status_code == 200
    assert (
        client.post("/accounts/kiemtra/retire", data={"version": "1"}).headers["Location"] == "/accounts?done=retired"
    )
    assert inside.get("/").status_code == 303
    assert "closed" in client.get("/accounts/kiemtra").text
    client.post("/accounts/kiemtra/password")
    assert "has to choose a password" in client.get("/accounts").text


def test_the_settings_page_shows_no_secret(reader: Reader) -> None:
    text = reader("administrator", "en").get("/settings").text
    assert "(set, not shown)" in text
    assert "QUANG_WEB_PORT" in text
    assert "sqlite:///" not in text
