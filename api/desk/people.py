"""Accounts from the command line: for the administrator of the machine, who acts as the system itself."""

import weakref
from typing import Any

from api.settings import load
from inventory import register
from inventory.access.passwords import reset_password
from inventory.access.rights import SYSTEM
from inventory.books import Books, open_books, prepare
from inventory.listing import Query
from inventory.nouns import NOUNS
from inventory.occupation import occupy


def books() -> Books:
    """Return the books of the settings, ready for use; as long as they live, no other books are put in their place.

    Raises:
        Unavailable: The database does not answer, or its books are being put back.
        inventory.keys.BadKey: The key file cannot be used.
    """
    opened = open_books(load().inventory)
    prepare(opened)
    weakref.finalize(opened, occupy(opened.engine.url).end)
    return opened


def add(username: str, role: str, **more: Any) -> str:  # noqa: ANN401 - fields of the account, checked by the register
    """Make an account and return its first password, which has to be changed at the first sign-in.

    Args:
        username: Lower-case letters, digits, `.`, `_`, `-`.
        role: One of `inventory.access.accounts.Role`.
        more: Other fields of the account; empty ones are left out.

    Raises:
        Invalid: A field is wrong; all of them are named.
    """
    opened = books()
    values = {"username": username, "role": role} | {name: value for name, value in more.items() if value}
    register.create(opened, SYSTEM, NOUNS["accounts"], values)
    return reset_password(opened, SYSTEM, username)


def new_password(username: str) -> str:
    """Give an account a new password, unlock it, and return the password.

    Raises:
        NotFound: There is no such account.
    """
    return reset_password(books(), SYSTEM, username)


def rows() -> list[tuple[str, ...]]:
    """Return user name, role, site, name and state of every account, by user name."""
    return [
        (
            str(one["username"]),
            str(one["role"]),
            str(one.get("site") or "–"),
            str(one.get("name") or "–"),
            "ngừng dùng / disabled" if one.get("retired_at") else "đang dùng / active",
        )
        for one in every(books(), "accounts")
    ]


def every(opened: Books, noun: str) -> list[dict[str, Any]]:
    """Return all rows of a noun, retired ones as well, page by page."""
    found: list[dict[str, Any]] = []
    cursor = ""
    while True:
        page = register.list_(opened, SYSTEM, NOUNS[noun], Query(cursor=cursor, limit=500, include_retired=True))
        found += [item.model_dump(mode="json") for item in page.items]
        if not page.next_cursor:
            return found
        cursor = page.next_cursor
