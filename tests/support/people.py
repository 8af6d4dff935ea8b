"""People of each role, as the rights see them."""

from sqlmodel import select

from inventory.access.accounts import Role, Scope
from inventory.access.rights import Actor, subtree
from inventory.books import Books
from inventory.db import reading
from inventory.places.sites import Site


def person(role: Role) -> Actor:
    """Return somebody who sees every site."""
    return Actor(name=f"a-{role.value}", role=role, account_id=1)


def program(role: Role | None, *scopes: Scope) -> Actor:
    """Return a token of an account of that role."""
    return Actor(name="token:t", role=role, scopes=frozenset(scopes), account_id=1)


def commune_staff(books: Books, slug: str) -> Actor:
    """Return somebody of the commune, who sees it, what is below it, and what it took over."""
    with reading(books.engine) as session:
        site = session.exec(select(Site).where(Site.slug == slug)).one()
        seen = subtree(session, site.id or 0)
    return Actor(name="b-commune-staff", role=Role.COMMUNE_STAFF, account_id=2, site_ids=seen)
