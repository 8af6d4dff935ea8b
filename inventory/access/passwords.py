"""Passwords: what is a good one, how an account gets one, and the first administrator's."""

import secrets
import unicodedata
from datetime import datetime
from typing import Final

from sqlalchemy import func, select, update
from sqlmodel import Session, col

from inventory import errors
from inventory.access import hashing
from inventory.access.accounts import Account, LoginSession, Role
from inventory.access.rights import SYSTEM, Actor
from inventory.books import Books
from inventory.columns import now as this_moment
from inventory.db import reading, writing
from inventory.errors import FieldProblem, Invalid
from inventory.history import alone, masked, record
from inventory.text import Text

SHORTEST: Final = 14
"""Characters of a password without a second factor (security duties for level 2 systems; 8 with one)."""

LONGEST: Final = 128
"""Characters; a bound for the slow hash, far beyond what anybody types."""

_FEWEST_DIFFERENT: Final = 5

# Without 0/O, 1/l/I and the like: this is read from a screen or a sheet of paper and typed by hand.
_READABLE: Final = "abcdefghjkmnpqrstuvwxyzABCDEFGHJKMNPQRSTUVWXYZ23456789"

FIRST_USERNAME: Final = "admin"


def problems_of(password: str, username: str, field: str = "password") -> list[FieldProblem]:
    """Return everything that is wrong with a new password; an empty list means that it is good.

    Args:
        password: What the person wants.
        username: The account it is for; a password may not contain it.
        field: Name of the field for the messages.
    """
    plain = unicodedata.normalize("NFC", password)
    found: list[FieldProblem] = []
    if len(plain) < SHORTEST:
        found.append(FieldProblem(field, "too_short", _TOO_SHORT.fill(count=SHORTEST)))
    if len(plain) > LONGEST:
        found.append(FieldProblem(field, "too_long", _TOO_LONG.fill(count=LONGEST)))
    if username and username.casefold() in plain.casefold():
        found.append(FieldProblem(field, "contains_username", _HAS_USERNAME))
    if len(set(plain)) < _FEWEST_DIFFERENT:
        found.append(FieldProblem(field, "too_simple", _TOO_SIMPLE.fill(count=_FEWEST_DIFFERENT)))
    if any(ord(character) < 32 or 0xD800 <= ord(character) <= 0xDFFF for character in plain):
        found.append(FieldProblem(field, "bad_character", _BAD_CHARACTER))
    return found


def new_password() -> str:
    """Return a random password of 20 easily read characters in groups of five, about 115 bits."""
    return "-".join("".join(secrets.choice(_READABLE) for _ in range(5)) for _ in range(4))


def first_administrator(books: Books) -> str | None:
    """Make the account `admin` if there is no account at all and return its password, else `None`.

    The password is returned here once and stored only as a hash; it has to be changed at the first sign-in.
    """
    password = new_password()
    hashed = hashing.hash_password(password)
    with writing(books.engine) as session:
        alone(session)
        if session.execute(select(func.count()).select_from(Account)).scalar_one():
            return None
        account = Account(
            username=FIRST_USERNAME,
            name="Quản trị",
            role=Role.ADMINISTRATOR.value,
            password_hash=hashed,
            must_change_password=True,
        )
        session.add(account)
        session.flush()
        record(session, books.keys, actor=SYSTEM, act="create", obj=account, before=None, sites=())
    return password


def change_password(books: Books, actor: Actor, current: str, wanted: str, *, keep: str = "") -> None:
    """Let a person change the own password; every other session of the account ends.

    Args:
        books: The books.
        actor: The person who is signed in.
        current: The password until now.
        wanted: The new one.
        keep: Hash of the secret of the session that goes on; empty ends all of them.

    Raises:
        Invalid: The current password is wrong, or the new one is not good enough or the same.
        Forbidden: The actor is no person.
    """
    if actor.account_id is None or actor.scopes is not None:
        raise errors.Forbidden
    with reading(books.engine) as session:
        account = session.get(Account, actor.account_id)
        stored, username = (account.password_hash, account.username) if account else ("", "")
    if not hashing.fits(stored, current):
        raise Invalid([FieldProblem("current", "wrong", _WRONG_CURRENT)])
    found = problems_of(wanted, username, "password")
    if unicodedata.normalize("NFC", wanted) == unicodedata.normalize("NFC", current):
        found.append(FieldProblem("password", "unchanged", _UNCHANGED))
    if found:
        raise Invalid(found)
    hashed = hashing.hash_password(wanted)
    with writing(books.engine) as session:
        alone(session)
        _store(session, books, actor, actor.account_id, hashed, must_change=False, keep=keep, act="change_password")


def reset_password(books: Books, actor: Actor, username: str) -> str:
    """Give an account a new random password, unlock it, end its sessions and bring it back if it was disabled.

    Returns:
        The password, to be handed over once; it has to be changed at the next sign-in.

    Raises:
        NotFound: There is no such account.
    """
    password = new_password()
    hashed = hashing.hash_password(password)
    with writing(books.engine) as session:
        alone(session)
        found = session.execute(select(col(Account.id)).where(col(Account.username) == username)).scalar_one_or_none()
        if found is None:
            raise errors.NotFound(Account.NOUN, username)
        _store(session, books, actor, found, hashed, must_change=True, keep="", act="reset_password")
    return password


def renew_hash(books: Books, account_id: int, stored: str, password: str) -> None:
    """Store the hash of a password that was just proved right anew, with today's parameters.

    Args:
        books: The books.
        account_id: Whose password it is.
        stored: The hash that it was proved against; another one stays as it is.
        password: The password.
    """
    hashed = hashing.hash_password(password)
    with writing(books.engine) as session:
        alone(session)
        account = session.execute(select(Account).where(col(Account.id) == account_id).with_for_update()).scalar_one()
        if account.password_hash != stored:
            return
        before = masked(account)
        account.password_hash = hashed
        account.version += 1
        account.updated_at = this_moment()
        record(session, books.keys, actor=SYSTEM, act="renew_hash", obj=account, before=before, sites=())


def _store(
    session: Session,
    books: Books,
    actor: Actor,
    account_id: int,
    hashed: str,
    *,
    must_change: bool,
    keep: str,
    act: str,
) -> None:
    account = session.execute(select(Account).where(col(Account.id) == account_id).with_for_update()).scalar_one()
    before = masked(account)
    account.password_hash = hashed
    account.must_change_password = must_change
    account.failures = 0
    account.locked_until = None
    if must_change:
        account.retired_at = None
    account.version += 1
    account.updated_at = this_moment()
    session.add(account)
    end_sessions(session, account_id, account.updated_at, keep=keep)
    session.flush()
    record(session, books.keys, actor=actor, act=act, obj=account, before=before, sites=())


def end_sessions(session: Session, account_id: int, at: datetime, *, keep: str = "") -> None:
    """End the sessions of an account, except the one whose secret has the hash `keep`."""
    session.execute(
        update(LoginSession)
        .where(col(LoginSession.account_id) == account_id, col(LoginSession.ended_at).is_(None))
        .where(col(LoginSession.secret_hash) != keep)
        .values(ended_at=at)
    )


_TOO_SHORT: Final = Text(
    vi="Mật khẩu cần ít nhất {count} ký tự; một câu ngắn dễ nhớ là tốt nhất.",
    en="A password needs at least {count} characters; a short sentence is the easiest to remember.",
)
_TOO_LONG: Final = Text(vi="Mật khẩu dài nhất {count} ký tự.", en="A password has at most {count} characters.")
_HAS_USERNAME: Final = Text(
    vi="Mật khẩu không được chứa tên đăng nhập.", en="The password may not contain the user name."
)
_TOO_SIMPLE: Final = Text(
    vi="Mật khẩu cần ít nhất {count} ký tự khác nhau.", en="The password needs at least {count} different characters."
)
_BAD_CHARACTER: Final = Text(
    vi="Mật khẩu có ký tự không gõ được.", en="The password has a character that cannot be typed."
)
_WRONG_CURRENT: Final = Text(vi="Mật khẩu hiện tại không đúng.", en="The current password is not right.")
_UNCHANGED: Final = Text(
    vi="Mật khẩu mới phải khác mật khẩu cũ.", en="The new password has to differ from the old one."
)
