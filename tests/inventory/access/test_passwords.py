import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlmodel import col, select

from inventory.access import hashing
from inventory.access.accounts import Account, Role
from inventory.access.actors import actor_of_account
from inventory.access.passwords import (
    LONGEST,
    SHORTEST,
    change_password,
    first_administrator,
    new_password,
    problems_of,
    reset_password,
)
from inventory.access.rights import SYSTEM, Actor
from inventory.access.sessions import actor_of_session, digest, sign_in
from inventory.books import Books
from inventory.db import reading
from inventory.errors import Forbidden, Invalid, NotFound
from inventory.history import Change
from tests.support.accounts import PASSWORD, hire


def actor_named(books: Books, username: str) -> Actor:
    with reading(books.engine) as session:
        account = session.exec(select(Account).where(Account.username == username)).one()
        return actor_of_account(session, account)


@pytest.mark.parametrize(
    ("password", "code"),
    [
        ("short", "too_short"),
        ("x" * (LONGEST + 1), "too_long"),
        ("xin chào hoàng-an nhé", "contains_username"),
        ("aaaaaaaaaaaaaaaaaaaa", "too_simple"),
        ("mười bốn ký tự\x00 đó", "bad_character"),
    ],
)
def test_a_weak_password_is_refused_with_its_reason(password: str, code: str) -> None:
    assert code in [problem.code for problem in problems_of(password, "hoàng-an")]
    assert all(problem.value is None for problem in problems_of(password, "hoàng-an"))


def test_a_sentence_of_fourteen_characters_is_good() -> None:
    assert problems_of("mùa xuân đã về", "an") == []
    assert len("mùa xuân đã về") == SHORTEST


def test_made_passwords_are_good_and_never_alike() -> None:
    made = {new_password() for _ in range(50)}
    assert len(made) == 50
    assert all(problems_of(password, "admin") == [] for password in made)


def test_a_password_fits_however_the_keyboard_composes_its_letters() -> None:
    stored = hashing.hash_password(unicodedata.normalize("NFC", PASSWORD))
    assert hashing.fits(stored, unicodedata.normalize("NFD", PASSWORD))


@pytest.mark.parametrize("stored", [None, "", "no hash at all", "$argon2id$v=19$m=8,t=1,p=1$AAAA$AAAA"])
def test_nothing_fits_a_missing_or_broken_hash(stored: str | None) -> None:
    assert not hashing.fits(stored, PASSWORD)


@given(st.text(max_size=200))
def test_any_typed_text_is_judged_without_an_error(text: str) -> None:
    assert isinstance(list(problems_of(text, "an")), list)


def test_a_fresh_hash_is_not_outdated() -> None:
    assert not hashing.outdated(hashing.hash_password("x"))


def test_the_first_administrator_is_made_once(books: Books) -> None:
    password = first_administrator(books)
    assert password is not None
    assert first_administrator(books) is None
    secret, _ = sign_in(books, "admin", password)
    actor = actor_of_session(books, secret)
    assert actor is not None
    assert actor.role is Role.ADMINISTRATOR
    with reading(books.engine) as session:
        change = session.exec(select(Change)).one()
        stored = session.exec(select(Account)).one()
        assert stored.must_change_password
        assert password not in stored.password_hash
        assert password not in str(change.after)


def test_a_person_changes_the_own_password_and_other_sessions_end(books: Books) -> None:
    hire(books, Role.IT_STAFF, "binh")
    here, _ = sign_in(books, "binh", PASSWORD)
    there, _ = sign_in(books, "binh", PASSWORD)
    change_password(books, actor_named(books, "binh"), PASSWORD, "nắng lên trên đỉnh đồi", keep=digest(here))
    assert actor_of_session(books, here) is not None
    assert actor_of_session(books, there) is None
    sign_in(books, "binh", "nắng lên trên đỉnh đồi")


@pytest.mark.parametrize(
    ("current", "wanted", "code"),
    [("not it", "nắng lên trên đỉnh đồi", "wrong"), (PASSWORD, PASSWORD, "unchanged"), (PASSWORD, "ngắn", "too_short")],
)
def test_a_bad_change_of_password_changes_nothing(books: Books, current: str, wanted: str, code: str) -> None:
    hire(books, Role.IT_STAFF, "binh")
    with pytest.raises(Invalid) as refused:
        change_password(books, actor_named(books, "binh"), current, wanted)
    assert code in [problem.code for problem in refused.value.problems]
    sign_in(books, "binh", PASSWORD)


def test_a_program_has_no_password_to_change(books: Books) -> None:
    with pytest.raises(Forbidden):
        change_password(books, SYSTEM, "x", "nắng lên trên đỉnh đồi")


def test_a_reset_password_has_to_be_changed_and_ends_all_sessions(books: Books) -> None:
    hire(books, Role.AUDITOR, "chi")
    secret, _ = sign_in(books, "chi", PASSWORD)
    made = reset_password(books, SYSTEM, "chi")
    assert actor_of_session(books, secret) is None
    sign_in(books, "chi", made)
    with reading(books.engine) as session:
        assert session.exec(select(Account).where(Account.username == "chi")).one().must_change_password
        assert session.exec(select(Change).order_by(col(Change.id).desc())).first().act == "reset_password"  # type: ignore[union-attr]


def test_the_password_of_nobody_cannot_be_reset(books: Books) -> None:
    with pytest.raises(NotFound):
        reset_password(books, SYSTEM, "nobody")
