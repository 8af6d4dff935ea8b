"""Who acts: the actor that an account, or a token made by it, stands for."""

from sqlmodel import Session

from inventory.access.accounts import Account, Role, Scope
from inventory.access.rights import Actor, subtree
from inventory.text import Language


def actor_of_account(
    session: Session,
    account: Account,
    *,
    name: str | None = None,
    scopes: frozenset[Scope] | None = None,
    collector: str | None = None,
    sites: frozenset[int] | None = None,
) -> Actor:
    """Return the actor of an account as its rights are now.

    Args:
        session: A session of the database, for the subtree of commune staff.
        account: The account.
        name: What the history calls the actor; the user name if absent.
        scopes: What a token of the account may do; `None` for the person.
        collector: The collector for which a token may speak.
        sites: The subtree, where it was read with the account.
    """
    role = Role(account.role)
    everywhere = role is not Role.COMMUNE_STAFF
    own = sites
    if own is None and not everywhere:
        own = frozenset[int]() if account.site_id is None else subtree(session, account.site_id)
    language: Language = "en" if account.language == "en" else "vi"
    return Actor(
        name=name or account.username,
        role=role,
        scopes=scopes,
        account_id=account.id,
        site_ids=None if everywhere else own,
        language=language,
        collector=collector,
    )
