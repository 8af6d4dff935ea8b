"""Tokens from the command line: for the administrator of the machine, who acts as the system itself."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta
from typing import Final

from api.desk.people import books, every
from api.settings import load
from api.stack import books as stack_books
from inventory import register
from inventory.access.accounts import Scope
from inventory.access.rights import SYSTEM
from inventory.access.tokens import issue_token
from inventory.books import Books
from inventory.columns import now
from inventory.errors import FieldProblem, Invalid
from inventory.nouns import NOUNS
from inventory.text import Text

_OF_A_PERSON: Final = frozenset({Scope.READ, Scope.WRITE})
"""Scopes that mean nothing without an account, whose rights bound them."""


def issue(
    opened: Books,
    name: str,
    scopes: Iterable[str],
    life: timedelta,
    *,
    collector: str | None = None,
    account: str | None = None,
) -> str:
    """Make a token and return its secret, which is stored nowhere.

    Args:
        opened: Prepared books.
        name: Lower-case letters, digits, `.`, `_`, `-`.
        scopes: Values of `Scope`.
        life: Until it expires, at most 800 days.
        collector: For the scope `collector`: whom it speaks for.
        account: User name of the account whose rights bound what it reads and writes.

    Raises:
        Invalid: A value is wrong, the name is taken, or an account is missing.
        NotFound: There is no such account.
    """
    wanted = {Scope(scope) for scope in scopes}
    if account is None and wanted & _OF_A_PERSON:
        raise Invalid([FieldProblem("account", "required", _NEEDS_ACCOUNT)])
    maker = SYSTEM if account is None else replace(SYSTEM, account_id=_number_of(opened, account))
    return issue_token(opened, maker, name, wanted, now() + life, collector)[0]


def _number_of(opened: Books, username: str) -> int:
    return register.get(opened, SYSTEM, NOUNS["accounts"], username).id


_NEEDS_ACCOUNT: Final = Text(
    vi="Phạm vi read và write cần một tài khoản (--account): mã chỉ làm được những gì tài khoản đó được làm.",
    en="The scopes read and write need an account (--account): the token may do what that account may do.",
)


def rows() -> list[tuple[str, ...]]:
    """Return name, scopes, collector, expiry and state of every token."""
    return [
        (
            str(one["name"]),
            ",".join(one["scopes"]),
            str(one.get("collector_name") or "–"),
            str(one["expires_at"]),
            "đã thu hồi / revoked" if one.get("retired_at") else "còn hiệu lực / valid",
        )
        for one in every(books(), "tokens")
    ]


def revoke(name: str) -> None:
    """End a token at once.

    Raises:
        NotFound: There is none of this name.
    """
    opened = books()
    found = register.get(opened, SYSTEM, NOUNS["tokens"], name)
    register.retire(opened, SYSTEM, NOUNS["tokens"], name, found.version)


def renew() -> list[str]:
    """Replace the tokens of the stack that end soon and return the names of the parts that got one."""
    return stack_books.keep_tokens(books(), load().home / "tokens")
