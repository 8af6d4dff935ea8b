"""Credentials on pages: written, never shown, kept when nobody types them anew."""

import httpx
import pytest

from api.polling.checking import opened_by_name
from collector.target import SnmpV2c, SnmpV3, SshLogin
from inventory.access.rights import SYSTEM
from inventory.nouns import NOUNS
from inventory.register import create, get
from tests.api.pages.conftest import Reader
from tests.support.api import Api

SECRET = "chuỗi-đọc-rất-kín"
PHRASES = {"auth_pass": "mật khẩu xác thực", "priv_pass": "mật khẩu mã hóa"}


def community_of(api: Api, name: str) -> str:
    found = opened_by_name(api.books, SYSTEM, name)
    assert isinstance(found, SnmpV2c)
    return found.community.get_secret_value()


def post(client: httpx.Client, path: str, **values: object) -> httpx.Response:
    return client.post(path, data={"kind": "snmp_v2c", "auth": "none", "priv": "none"} | values)


def test_a_credential_is_added_used_and_never_shown(pages: Api, reader: Reader) -> None:
    client = reader("it_staff")
    made = post(client, "/credentials/new", name="trung-tam", title="Toàn huyện", community=SECRET)
    assert made.headers["Location"] == "/credentials/trung-tam?done=created"
    assert community_of(pages, "trung-tam") == SECRET
    create(pages.books, SYSTEM, NOUNS["devices"], {
        "name": "moi", "site": "vinh-tuy", "category": "router", "snmp_credential": "trung-tam"})  # fmt: skip
    texts = [
        client.get(path).text for path in ("/credentials", "/credentials/trung-tam", "/credentials/trung-tam/edit")
    ]
    assert 'href="/devices/moi"' in texts[1]
    assert all(SECRET not in text for text in texts)


def test_a_change_without_the_secret_keeps_it(pages: Api, reader: Reader) -> None:
    client = reader("it_staff")
    post(client, "/credentials/new", name="giu", community=SECRET)
    version = str(get(pages.books, SYSTEM, NOUNS["credentials"], "giu").version)
    post(client, "/credentials/giu/edit", version=version, title="Tên mới", community="")
    assert community_of(pages, "giu") == SECRET
    version = str(get(pages.books, SYSTEM, NOUNS["credentials"], "giu").version)
    post(client, "/credentials/giu/edit", version=version, community="thay-doi")
    assert community_of(pages, "giu") == "thay-doi"


def test_what_belongs_to_another_kind_is_not_sent(pages: Api, reader: Reader) -> None:
    client = reader("it_staff")
    ssh = post(client, "/credentials/new", name="ssh", kind="ssh", user="sao-luu", password=SECRET, community="thừa")
    assert ssh.status_code == 303
    found = opened_by_name(pages.books, SYSTEM, "ssh")
    assert isinstance(found, SshLogin)
    assert (found.user, found.password and found.password.get_secret_value()) == ("sao-luu", SECRET)
    v3 = {"kind": "snmp_v3", "user": "quang", "auth": "sha256", "priv": "aes128"} | PHRASES
    assert post(client, "/credentials/new", name="v3", **v3).status_code == 303
    assert isinstance(opened_by_name(pages.books, SYSTEM, "v3"), SnmpV3)


@pytest.mark.parametrize(
    ("language", "words"), [("vi", "Mật khẩu nâng quyền (enable, super)"), ("en", "Secret for more rights")]
)
def test_a_secret_for_more_rights_is_stored_and_never_shown(
    pages: Api, reader: Reader, language: str, words: str
) -> None:
    client = reader("it_staff", language)
    secrets = {"password": SECRET, "enable_secret": "rất-kín-hơn"}
    assert post(client, "/credentials/new", name="cap", kind="ssh", user="sao-luu", **secrets).status_code == 303
    found = opened_by_name(pages.books, SYSTEM, "cap")
    assert isinstance(found, SshLogin)
    assert found.enable_secret is not None
    assert found.enable_secret.get_secret_value() == "rất-kín-hơn"
    texts = [client.get(path).text for path in ("/credentials", "/credentials/cap", "/credentials/cap/edit")]
    assert words in texts[2]
    assert all("rất-kín-hơn" not in text for text in texts)


@pytest.mark.parametrize("language", ["vi", "en"])
def test_what_is_wrong_is_told_and_the_secret_is_not_sent_back(reader: Reader, language: str) -> None:
    client = reader("it_staff", language)
    answer = post(client, "/credentials/new", name="Sai Tên", community=SECRET, reference="file:/etc/quang/x")
    assert answer.status_code == 422
    assert SECRET not in answer.text
    told = "Hoặc nhập bí mật" if language == "vi" else "Either send the secret"
    assert told in answer.text


def test_of_two_changes_the_second_sees_both_but_no_secret(pages: Api, reader: Reader) -> None:
    client = reader("it_staff", "en")
    post(client, "/credentials/new", name="hai", community=SECRET)
    post(client, "/credentials/hai/edit", version="1", title="Người thứ nhất", community="")
    answer = post(client, "/credentials/hai/edit", version="1", title="Người thứ hai", community="rất kín")
    assert answer.status_code == 412
    assert "Người thứ nhất" in answer.text
    assert "rất kín" not in answer.text
    assert "has to be typed again" in answer.text
