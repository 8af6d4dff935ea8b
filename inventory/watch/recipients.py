"""Recipients: who is told of an incident, and in which language."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from sqlmodel import Session, col, select

from inventory.access.accounts import Account, Role
from inventory.access.rights import subtree
from inventory.text import Language


@dataclass(frozen=True, slots=True)
class Recipient:
    """An address and the language of its reader."""

    address: str
    language: Language


def recipients(
    session: Session, site_ids: Collection[int], always: Iterable[str] = (), language: Language = "vi"
) -> list[Recipient]:
    """Return who is told of an incident: accounts that want alerts and may see one of its sites, each address once.

    Args:
        session: A session.
        site_ids: The incident's sites; empty for one of no place, of which commune staff are not told.
        always: Addresses that are always told.
        language: The language of those.
    """
    statement = select(Account).where(
        col(Account.receives_alerts).is_(True), col(Account.retired_at).is_(None), Account.email != ""
    )
    found: dict[str, Recipient] = {}
    for account in session.exec(statement.order_by(Account.username)):
        if _sees(session, account, site_ids):
            chosen: Language = "en" if account.language == "en" else "vi"
            found.setdefault(account.email.casefold(), Recipient(account.email, chosen))
    for address in always:
        found.setdefault(address.casefold(), Recipient(address, language))
    return list(found.values())


def _sees(session: Session, account: Account, site_ids: Collection[int]) -> bool:
    if account.role != Role.COMMUNE_STAFF:
        return True
    return account.site_id is not None and not subtree(session, account.site_id).isdisjoint(site_ids)
