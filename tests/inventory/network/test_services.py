import pytest

from inventory.books import Books
from tests.support.refusals import change, refused, refused_change
from tests.support.rows import add, add_site

WEB = {"name": "w", "kind": "website", "site": "a", "url": "https://a.example.vn/x?y=1"}
TCP = {"name": "t", "kind": "tcp", "site": "a", "host": "10.0.0.1", "port": 443}


@pytest.mark.parametrize(
    ("values", "problem"),
    [
        (WEB | {"url": ""}, ("url", "required")),
        (WEB | {"url": "ftp://a.example/"}, ("url", "url_scheme")),
        (WEB | {"url": "javascript:alert(1)"}, ("url", "url_scheme")),
        (WEB | {"url": "http://user:pass@a.example/"}, ("url", "url_credentials")),
        (WEB | {"url": "http://user@a.example/"}, ("url", "url_credentials")),
        (WEB | {"url": "http:///x"}, ("url", "url")),
        (WEB | {"url": "http://a.example:99999/"}, ("url", "url")),
        (WEB | {"url": "http://a b/"}, ("url", "url")),
        (WEB | {"url": "http://[::1/"}, ("url", "url")),
        (WEB | {"url": "http://a/" + "x" * 2_000}, ("url", "too_long")),
        (WEB | {"host": "a"}, ("host", "not_for_kind")),
        (TCP | {"port": None}, ("port", "required")),
        (TCP | {"port": 0}, ("port", "out_of_range")),
        (TCP | {"host": ""}, ("host", "required")),
        (TCP | {"host": "a b"}, ("host", "host")),
        (TCP | {"host": "-a"}, ("host", "host")),
        (TCP | {"url": "http://a.example/"}, ("url", "not_for_kind")),
        (TCP | {"expect": "x"}, ("expect", "not_for_kind")),
        (TCP | {"kind": "gopher"}, ("kind", "not_a_choice")),
        (WEB | {"credential": "district"}, ("credential", "other_kind")),
    ],
)
def test_a_wrong_field_is_named(books: Books, values: dict[str, object], problem: tuple[str, str]) -> None:
    add_site(books, "a")
    add(books, "credentials", name="district", kind="snmp_v2c", community="a-long-word")
    assert refused(books, "services", **values) == {problem}


def test_a_service_that_becomes_of_another_kind_takes_that_kinds_address(books: Books) -> None:
    add_site(books, "a")
    add(books, "services", **WEB)
    assert refused_change(books, "services", "w", kind="mail") == {
        ("host", "required"), ("port", "required"), ("url", "not_for_kind"),
    }  # fmt: skip
    written = change(books, "services", "w", kind="mail", url="", host="Mail.Example.VN", port=25).model_dump()
    assert (written["kind"], written["host"]) == ("mail", "mail.example.vn")
