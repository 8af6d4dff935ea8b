import pytest
from sqlmodel import Session

from inventory.access.accounts import Token
from inventory.access.rights import SYSTEM
from inventory.books import Books
from inventory.columns import now
from inventory.db import writing
from inventory.errors import Conflict
from inventory.nouns import NOUNS
from inventory.register import Query, create, get, list_, retire
from tests.support.refusals import change, refused, refused_change
from tests.support.rows import add, add_site

BASE = {"username": "hoa.nt", "role": "it_staff"}


@pytest.mark.parametrize(
    ("values", "problem"),
    [
        ({"username": "Hoa NT"}, ("username", "slug")),
        ({"role": "king"}, ("role", "not_a_choice")),
        ({"role": "commune_staff"}, ("site", "required")),
        ({"site": "a"}, ("site", "not_for_role")),
        ({"email": "hoa"}, ("email", "email")),
        ({"email": "a@b.vn\nBcc: x@y.vn"}, ("email", "email")),
        ({"receives_alerts": True}, ("email", "required")),
        ({"language": "fr"}, ("language", "not_a_choice")),
        ({"password": "x"}, ("password", "unknown")),
        ({"password_hash": "x"}, ("password_hash", "unknown")),
    ],
)
def test_a_wrong_field_is_named(books: Books, values: dict[str, object], problem: tuple[str, str]) -> None:
    add_site(books, "a")
    assert refused(books, "accounts", **BASE | values) == {problem}


def test_the_last_administrator_stays(books: Books) -> None:
    add(books, "accounts", username="one", role="administrator")
    assert refused_change(books, "accounts", "one", role="auditor") == {("role", "last_administrator")}
    with pytest.raises(Conflict, match="last administrator"):
        retire(books, SYSTEM, NOUNS["accounts"], "one", 1)
    add(books, "accounts", username="two", role="administrator")
    change(books, "accounts", "one", role="auditor")
    with pytest.raises(Conflict, match="last administrator"):
        retire(books, SYSTEM, NOUNS["accounts"], "two", 1)


def token_of(session: Session, account_id: int) -> Token:
    token = Token(
        name="t", secret_hash="0" * 64, scopes="read,scrape", account_id=account_id, expires_at=now()
    )  # fmt: skip
    session.add(token)
    return token


def test_neither_hashes_nor_secrets_are_ever_shown(books: Books) -> None:
    account = add(books, "accounts", **BASE)
    with writing(books.engine) as session:
        token_of(session, account.id)
    (shown,) = list_(books, SYSTEM, NOUNS["tokens"], Query()).items
    assert shown.model_dump()["scopes"] == ["read", "scrape"]
    assert shown.model_dump()["account"] == "hoa.nt"
    assert "0" * 64 not in shown.model_dump_json()
    assert "password_hash" not in get(books, SYSTEM, NOUNS["accounts"], "hoa.nt").model_dump()


def test_a_token_is_not_made_by_the_register(books: Books) -> None:
    with pytest.raises(Conflict):
        create(books, SYSTEM, NOUNS["tokens"], {"name": "t"})
