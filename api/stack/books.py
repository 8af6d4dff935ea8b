"""What a stack needs in the books before its parts can talk: the first administrator, its collector, and tokens."""

import os
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from sqlalchemy import select
from sqlmodel import col

from inventory import register
from inventory.access.accounts import Account, Role, Scope, Token
from inventory.access.passwords import first_administrator
from inventory.access.rights import SYSTEM
from inventory.access.sessions import digest
from inventory.access.tokens import issue_token
from inventory.books import Books
from inventory.columns import now as this_moment
from inventory.db import reading
from inventory.errors import NotFound
from inventory.nouns import NOUNS

COLLECTOR: Final = "main"
"""Name of the collector that `quang up` runs."""

LIFE: Final = timedelta(days=400)
RENEW_BEFORE: Final = timedelta(days=60)
_MOST_TOKEN_OCTETS: Final = 4_096


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the stack that has a token of its own.

    Attributes:
        name: Stem of the file, and beginning of the token's name in the books.
        scope: What it may do.
        collector: For the scope `collector`: whom it speaks for.
    """

    name: str
    scope: Scope
    collector: str | None = None


PARTS: Final = (
    Part("scrape", Scope.SCRAPE),
    Part("alertmanager", Scope.ALERTMANAGER),
    Part("collector", Scope.COLLECTOR, COLLECTOR),
)


def first_start(books: Books) -> str | None:
    """Make what is missing in prepared books and return the first administrator's password, if there was none yet."""
    password = first_administrator(books)
    try:
        register.get(books, SYSTEM, NOUNS["collectors"], COLLECTOR)
    except NotFound:
        register.create(books, SYSTEM, NOUNS["collectors"], {"name": COLLECTOR})
    return password


def administrators_mail(books: Books) -> tuple[str, ...]:
    """Return the addresses of the administrators who want to hear of faults, sorted."""
    with reading(books.engine) as session:
        statement = select(col(Account.email)).where(
            col(Account.role) == Role.ADMINISTRATOR.value,
            col(Account.receives_alerts).is_(True),
            col(Account.retired_at).is_(None),
            col(Account.email) != "",
        )
        return tuple(sorted(session.execute(statement).scalars()))


def token_file(folder: Path, part: str) -> Path:
    """Return where the token of a part stands."""
    return folder / part


def tokens_exist(folder: Path, parts: Sequence[Part] = PARTS) -> bool:
    """Return whether every part has a token file, valid or not."""
    return all(token_file(folder, part.name).exists() for part in parts)


def keep_tokens(books: Books, folder: Path, parts: Sequence[Part] = PARTS, now: datetime | None = None) -> list[str]:
    """Make the tokens that are missing, revoked or soon to expire, each in a file of its own (mode 0600).

    The one before stays valid until it expires, so that a part that has read it goes on.

    Args:
        books: Prepared books.
        folder: Where the files stand.
        parts: Who gets one.
        now: Aware UTC; the present moment if absent.

    Returns:
        Names of the parts that got a new one.
    """
    moment = now or this_moment()
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    renewed = []
    for part in parts:
        path = token_file(folder, part.name)
        if _lasts(books, _read(path), moment + RENEW_BEFORE):
            continue
        name = f"up-{part.name}-{moment:%Y%m%d}-{secrets.token_hex(3)}"
        secret, _ = issue_token(books, SYSTEM, name, [part.scope], moment + LIFE, part.collector)
        _write(path, secret)
        renewed.append(part.name)
    return renewed


def _lasts(books: Books, secret: str, until: datetime) -> bool:
    if not secret:
        return False
    with reading(books.engine) as session:
        statement = select(Token).where(col(Token.secret_hash) == digest(secret))
        token = session.execute(statement).scalar_one_or_none()
        return token is not None and token.retired_at is None and token.expires_at > until


def _read(path: Path) -> str:
    try:
        with path.open(encoding="ascii") as file:
            return file.read(_MOST_TOKEN_OCTETS).split("\n", 1)[0].strip()
    except (FileNotFoundError, UnicodeDecodeError):
        return ""


def _write(path: Path, secret: str) -> None:
    """Replace the file in one step; no moment passes in which others could read it or it is half written."""
    draft = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    number = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(number, "w", encoding="ascii") as file:
        file.write(secret + "\n")
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)
