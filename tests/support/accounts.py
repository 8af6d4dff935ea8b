"""People to sign in: one account of each role, with its own password."""

from dataclasses import dataclass
from functools import cache

from inventory.access.accounts import Account, Role
from inventory.access.hashing import hash_password
from inventory.access.rights import SYSTEM
from inventory.books import Books
from inventory.columns import now
from inventory.db import writing
from inventory.history import alone, record

PASSWORD = "suối reo đầu bản vào xuân"


@dataclass(frozen=True)
class Person:
    """An account with the password that it was given."""

    username: str
    password: str = PASSWORD


@cache
def stored(password: str) -> str:
    """Return the hash of a password, made once: it is slow to make on purpose."""
    return hash_password(password)


def hire(
    books: Books, role: Role, username: str | None = None, *, site_id: int | None = None, must_change: bool = False
) -> Person:
    """Add an account of a role."""
    name = username or role.value.replace("_", "-")
    moment = now()
    account = Account(
        username=name,
        name=name.title(),
        role=role.value,
        site_id=site_id,
        password_hash=stored(PASSWORD),
        must_change_password=must_change,
        created_at=moment,
        updated_at=moment,
    )
    with writing(books.engine) as session:
        alone(session)
        session.add(account)
        session.flush()
        record(session, books.keys, actor=SYSTEM, act="create", obj=account, before=None, sites=())
    return Person(name)
