from datetime import datetime, timedelta

import pytest
from sqlmodel import select

from inventory.access.accounts import Account, Role, Scope, Token
from inventory.access.actors import actor_of_account
from inventory.access.rights import SYSTEM, Act, Actor, may
from inventory.access.tokens import LONGEST_LIFE, PREFIX, actor_of_token, issue_token
from inventory.books import Books
from inventory.columns import now
from inventory.db import reading, writing
from inventory.errors import Forbidden, Invalid
from tests.support.accounts import hire

SOON = timedelta(days=30)


def administrator(books: Books) -> Actor:
    hire(books, Role.ADMINISTRATOR, "an")
    with reading(books.engine) as session:
        return actor_of_account(session, session.exec(select(Account)).one())


def test_a_token_speaks_for_its_maker_within_its_scopes(books: Books) -> None:
    secret, token = issue_token(books, administrator(books), "report", [Scope.READ], now() + SOON)
    assert secret.startswith(PREFIX)
    assert len(secret) > 40
    actor = actor_of_token(books, secret)
    assert actor is not None
    assert actor.name == "token:report"
    assert may(actor, Act.READ, "sites")
    assert not may(actor, Act.WRITE, "sites")
    assert not may(actor, Act.ADMINISTER, "tokens")
    assert secret not in repr(token)
    assert token.secret_hash not in repr(token)


def test_a_token_of_the_system_reads_nothing(books: Books) -> None:
    secret, _ = issue_token(books, SYSTEM, "prometheus", [Scope.SCRAPE, Scope.READ], now() + SOON)
    actor = actor_of_token(books, secret)
    assert actor is not None
    assert actor.account_id is None
    assert may(actor, Act.SCRAPE, "metrics")
    assert not may(actor, Act.READ, "sites")


def test_a_token_ends_by_expiry_by_revocation_and_with_its_maker(books: Books) -> None:
    maker = administrator(books)
    secret, _ = issue_token(books, maker, "report", [Scope.READ], now() + SOON)
    assert actor_of_token(books, secret, now() + SOON) is None
    with writing(books.engine) as session:
        session.exec(select(Token)).one().retired_at = now()
    assert actor_of_token(books, secret) is None
    other, _ = issue_token(books, maker, "other", [Scope.READ], now() + SOON)
    with writing(books.engine) as session:
        session.exec(select(Account)).one().retired_at = now()
    assert actor_of_token(books, other) is None


def test_only_an_administrator_makes_tokens(books: Books) -> None:
    for role in (Role.IT_STAFF, Role.AUDITOR, Role.COMMUNE_STAFF):
        with pytest.raises(Forbidden):
            issue_token(books, Actor(name="x", role=role), "report", [Scope.READ], now() + SOON)


def test_a_token_cannot_make_another(books: Books) -> None:
    maker = administrator(books)
    secret, _ = issue_token(books, maker, "all", list(Scope), now() + SOON, "near")
    actor = actor_of_token(books, secret)
    assert actor is not None
    with pytest.raises(Forbidden):
        issue_token(books, actor, "more", [Scope.READ], now() + SOON)


@pytest.mark.parametrize(
    ("name", "scopes", "expires_at", "collector", "field"),
    [
        ("", [Scope.READ], now() + SOON, None, "name"),
        ("Báo cáo", [Scope.READ], now() + SOON, None, "name"),
        ("x" * 65, [Scope.READ], now() + SOON, None, "name"),
        ("report", [], now() + SOON, None, "scopes"),
        ("report", [Scope.READ], now() - timedelta(seconds=1), None, "expires_at"),
        ("report", [Scope.READ], now() + LONGEST_LIFE + timedelta(days=1), None, "expires_at"),
        ("report", [Scope.READ], datetime(2030, 1, 1), None, "expires_at"),  # noqa: DTZ001 - that is what is wrong
        ("report", [Scope.COLLECTOR], now() + SOON, None, "collector_name"),
        ("report", [Scope.COLLECTOR], now() + SOON, "no such name!", "collector_name"),
    ],
)
def test_a_wrong_token_is_refused_by_field(  # noqa: PLR0917 - one column each
    books: Books, name: str, scopes: list[Scope], expires_at: datetime, collector: str | None, field: str
) -> None:
    with pytest.raises(Invalid) as refused:
        issue_token(books, SYSTEM, name, scopes, expires_at, collector)
    assert [problem.field for problem in refused.value.problems] == [field]


def test_a_name_is_taken_once(books: Books) -> None:
    issue_token(books, SYSTEM, "report", [Scope.SCRAPE], now() + SOON)
    with pytest.raises(Invalid) as refused:
        issue_token(books, SYSTEM, "report", [Scope.SCRAPE], now() + SOON)
    assert refused.value.problems[0].code == "taken"


def test_use_is_noted_at_most_once_a_minute(books: Books) -> None:
    secret, _ = issue_token(books, SYSTEM, "report", [Scope.SCRAPE], now() + SOON)
    first = now()
    for seconds in (0, 30, 59):
        actor_of_token(books, secret, first + timedelta(seconds=seconds))
    with reading(books.engine) as session:
        assert session.exec(select(Token)).one().last_used_at == first
