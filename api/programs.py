"""Tokens from the command line: for the administrator of the machine, who acts as the system itself."""

from collections.abc import Iterable
from datetime import timedelta

from api import stack_books
from api.people import books, every
from api.settings import load
from inventory import register
from inventory.access.accounts import Scope
from inventory.access.rights import SYSTEM
from inventory.access.tokens import issue_token
from inventory.columns import now
from inventory.nouns import NOUNS


def issue(name: str, scopes: Iterable[str], days: int, collector: str | None) -> str:
    """Make a token and return its secret, which is stored nowhere.

    Args:
        name: Lower-case letters, digits, `.`, `_`, `-`.
        scopes: Values of `Scope`.
        days: Until it expires, 1 to 800.
        collector: For the scope `collector`: whom it speaks for.

    Raises:
        Invalid: A value is wrong, or the name is taken.
    """
    secret, _ = issue_token(
        books(), SYSTEM, name, [Scope(scope) for scope in scopes], now() + timedelta(days=days), collector
    )
    return secret


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
