"""Tokens: how programs prove who they are. The secret is shown once and stored as SHA-256."""

import logging
import re
import secrets
from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import select, update
from sqlmodel import Session, col

from inventory.access.accounts import Account, Scope, Token
from inventory.access.actors import actor_of_account
from inventory.access.rights import Act, Actor, check
from inventory.access.sessions import digest
from inventory.books import Books
from inventory.columns import now as this_moment
from inventory.db import noting, reading, writing
from inventory.errors import FieldProblem, Invalid, Unavailable
from inventory.history import alone, record
from inventory.text import DEFAULT_LANGUAGE, Text

_LOG: Final = logging.getLogger(__name__)

PREFIX: Final = "quang_"
"""Every secret begins so, that a scanner of published files can find one that slipped out."""

LONGEST_LIFE: Final = timedelta(days=800)
_TOUCH_EVERY: Final = timedelta(minutes=1)
_NAME: Final = re.compile(r"[a-z0-9][a-z0-9._-]{0,63}")


def issue_token(  # noqa: PLR0917 - who makes what for whom until when
    books: Books,
    actor: Actor,
    name: str,
    scopes: Collection[Scope],
    expires_at: datetime,
    collector_name: str | None = None,
) -> tuple[str, Token]:
    """Make a token.

    Args:
        books: The books.
        actor: Who makes it; its reads and writes are bounded by this account's rights.
        name: Lower-case letters, digits, `.`, `_` and `-`, at most 64.
        scopes: What it may do; at least one.
        expires_at: Aware; later than now, at most 800 days ahead.
        collector_name: The only collector for which a token of the scope `collector` may speak.

    Returns:
        The secret, which is stored nowhere, and the token.

    Raises:
        Forbidden: The actor may not make tokens.
        Invalid: A value is wrong, or the name is taken.
    """
    check(actor, Act.ADMINISTER, "tokens")
    secret = PREFIX + secrets.token_urlsafe(32)
    with writing(books.engine) as session:
        alone(session)
        found = _problems(session, name, scopes, expires_at, collector_name)
        if found:
            raise Invalid(found)
        token = Token(
            name=name,
            secret_hash=digest(secret),
            scopes=",".join(sorted(Scope(scope).value for scope in scopes)),
            account_id=actor.account_id,
            collector_name=collector_name,
            expires_at=expires_at,
        )
        session.add(token)
        session.flush()
        record(session, books.keys, actor=actor, act="create", obj=token, before=None, sites=())
        session.refresh(token)
    return secret, token


def actor_of_token(books: Books, secret: str, now: datetime | None = None) -> Actor | None:
    """Return for whom a token's secret speaks; `None` if it is unknown, revoked, expired, or its maker is disabled."""
    moment = now or this_moment()
    hashed = digest(secret)
    with reading(books.engine) as session:
        token = session.execute(select(Token).where(col(Token.secret_hash) == hashed)).scalar_one_or_none()
        if token is None or token.retired_at is not None or moment >= token.expires_at:
            return None
        actor = _actor(session, token)
        used = token.last_used_at
    if actor is not None and (used is None or moment - used >= _TOUCH_EVERY):
        _touch(books, hashed, moment)
    return actor


def _touch(books: Books, hashed: str, moment: datetime) -> None:
    try:
        with noting(books.engine) as session:
            session.execute(update(Token).where(col(Token.secret_hash) == hashed).values(last_used_at=moment))
    except Unavailable as error:
        # Neither a full disk nor somebody's long import must keep Prometheus from reading.
        _LOG.info("the use of a token could not be noted: %s", error)


def scopes_of(token: Token) -> frozenset[Scope]:
    """Return the scopes of a token."""
    return frozenset(Scope(word) for word in token.scopes.split(",") if word)


def _actor(session: Session, token: Token) -> Actor | None:
    name, scopes = f"token:{token.name}", scopes_of(token)
    if token.account_id is None:
        # Made by `quang up` for its own parts: no person stands behind it, only its scopes say what it may do.
        return Actor(
            name=name,
            role=None,
            scopes=scopes,
            account_id=None,
            site_ids=None,
            language=DEFAULT_LANGUAGE,
            collector=token.collector_name,
        )
    account = session.get(Account, token.account_id)
    if account is None or account.retired_at is not None:
        return None
    return actor_of_account(session, account, name=name, scopes=scopes, collector=token.collector_name)


def _problems(
    session: Session, name: str, scopes: Collection[Scope], expires_at: datetime, collector_name: str | None
) -> list[FieldProblem]:
    found: list[FieldProblem] = []
    if not _NAME.fullmatch(name):
        found.append(FieldProblem("name", "pattern", _BAD_NAME, name[:200]))
    elif session.execute(select(col(Token.id)).where(col(Token.name) == name)).first():
        found.append(FieldProblem("name", "taken", _TAKEN, name))
    if not scopes:
        found.append(FieldProblem("scopes", "required", _NO_SCOPE))
    if Scope.COLLECTOR in scopes and not collector_name:
        found.append(FieldProblem("collector_name", "required", _NO_COLLECTOR))
    if collector_name is not None and not _NAME.fullmatch(collector_name):
        found.append(FieldProblem("collector_name", "pattern", _BAD_NAME, collector_name[:200]))
    moment = this_moment()
    if expires_at.tzinfo is None:
        found.append(FieldProblem("expires_at", "no_zone", _NO_ZONE, expires_at.isoformat()))
    elif not moment < expires_at <= moment + LONGEST_LIFE:
        found.append(FieldProblem("expires_at", "out_of_range", _BAD_EXPIRY, expires_at.isoformat()))
    return found


_BAD_NAME: Final = Text(
    vi="Chỉ dùng chữ thường không dấu, chữ số và . _ - (tối đa 64 ký tự).",
    en="Use lower-case letters, digits and . _ - only, at most 64.",
)
_TAKEN: Final = Text(vi="Tên này đã có.", en="This name is taken.")
_NO_SCOPE: Final = Text(vi="Cần ít nhất một phạm vi.", en="At least one scope is needed.")
_NO_COLLECTOR: Final = Text(
    vi="Phạm vi “collector” cần tên bộ thu thập.", en="The scope “collector” needs the name of a collector."
)
_NO_ZONE: Final = Text(vi="Thời điểm cần có múi giờ.", en="The time needs a zone.")
_BAD_EXPIRY: Final = Text(
    vi="Thời điểm hết hạn phải ở tương lai và không quá 800 ngày.",
    en="The expiry has to lie in the future and at most 800 days ahead.",
)
