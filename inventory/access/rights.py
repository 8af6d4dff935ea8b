"""Rights: who may do what, and which rows exist for whom."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final, Protocol

from sqlalchemy import CTE, Select, select, true
from sqlalchemy.sql.elements import ColumnElement
from sqlmodel import Session

from inventory.access.accounts import Role, Scope
from inventory.columns import Places, column
from inventory.errors import Forbidden
from inventory.places.sites import Site
from inventory.text import Language


class Act(StrEnum):
    """What can be done with a noun.

    ADMINISTER: accounts, tokens and settings; configurations with their secrets. COUNT: entries of a stocktake.
    INGEST: what collectors, agents and Alertmanager send. SCRAPE: the program's own series and the targets for
    Prometheus.
    """

    READ = "read"
    WRITE = "write"
    ADMINISTER = "administer"
    COUNT = "count"
    INGEST = "ingest"
    SCRAPE = "scrape"


@dataclass(frozen=True, slots=True)
class Actor:
    """Whoever acts: a person's session, a program's token, or a part of the system.

    Attributes:
        name: As the history shows it: user name, `token:NAME`, `system`.
        role: The role of the account behind it; `None` for a token that no account stands behind.
        scopes: What the token may do; `None` for a session, which may do all that the role may.
        account_id: The account behind it.
        site_ids: Sites that it sees; `None` = everywhere.
        language: Language of its messages.
        collector: Name of the only collector that a collector's token may speak for.
    """

    name: str
    role: Role | None
    scopes: frozenset[Scope] | None = None
    account_id: int | None = None
    site_ids: frozenset[int] | None = None
    language: Language = "vi"
    collector: str | None = None


SYSTEM: Final = Actor(name="system", role=Role.ADMINISTRATOR)
"""The program itself."""

_ALL_NOUNS: Final = frozenset(
    {
        "sites", "providers", "products", "assets", "devices", "holdings", "links", "services", "credentials",
        "accounts", "tokens", "collectors", "incidents", "observations", "transitions", "changes", "messages",
        "settings", "documents", "reorganisations", "stocktakes", "budgets", "rulebooks", "subnets", "findings",
    }
)  # fmt: skip
_OF_A_PLACE: Final = frozenset(
    {"sites", "providers", "products", "assets", "devices", "holdings", "links", "services", "incidents",
     "observations", "transitions", "changes", "documents", "stocktakes", "budgets", "rulebooks",
     "subnets", "findings"}
)  # fmt: skip
_WRITTEN_BY_IT: Final = frozenset(
    {"sites", "providers", "products", "assets", "devices", "holdings", "links", "services", "credentials",
     "collectors", "incidents", "documents", "stocktakes", "budgets", "subnets", "findings"}
)  # fmt: skip

_NETWORK: Final = frozenset({"configurations"})
"""Nouns of those who run the network: an auditor has no business in how a router is set up."""

RIGHTS: Final[Mapping[Role, Mapping[Act, frozenset[str]]]] = {
    Role.ADMINISTRATOR: {
        Act.READ: _ALL_NOUNS | _NETWORK,
        Act.WRITE: _ALL_NOUNS | _NETWORK,
        Act.ADMINISTER: _ALL_NOUNS | _NETWORK,
        Act.COUNT: frozenset({"assets", "stocktakes"}),
        Act.INGEST: frozenset({"collectors", "alertmanager", "agents"}),
        Act.SCRAPE: frozenset({"metrics", "discovery"}),
    },
    Role.IT_STAFF: {
        Act.READ: _ALL_NOUNS | _NETWORK,
        Act.WRITE: _WRITTEN_BY_IT | _NETWORK,
        Act.COUNT: frozenset({"assets", "stocktakes"}),
        Act.INGEST: frozenset({"collectors", "alertmanager", "agents"}),
        Act.SCRAPE: frozenset({"metrics", "discovery"}),
    },
    Role.AUDITOR: {
        Act.READ: _ALL_NOUNS,
        # The accountant has this role: comparing a rule with its text is what an auditor is for.
        Act.WRITE: frozenset({"rulebooks"}),
        Act.COUNT: frozenset({"assets", "stocktakes"}),
    },
    Role.COMMUNE_STAFF: {
        Act.READ: _OF_A_PLACE,
        Act.WRITE: frozenset({"assets", "incidents", "documents", "stocktakes"}),
        Act.COUNT: frozenset({"assets", "stocktakes"}),
    },
}
"""What each role may do with each noun; what is absent is forbidden."""

SCOPES: Final[Mapping[Scope, Mapping[Act, frozenset[str] | None]]] = {
    Scope.READ: {Act.READ: None},
    Scope.WRITE: {Act.READ: None, Act.WRITE: None, Act.COUNT: None},
    Scope.COLLECTOR: {Act.INGEST: frozenset({"collectors"})},
    Scope.AGENT: {Act.INGEST: frozenset({"agents"})},
    Scope.ALERTMANAGER: {Act.INGEST: frozenset({"alertmanager"})},
    Scope.SCRAPE: {Act.SCRAPE: None},
}
"""What each scope lets a token do, within what its account's role may; `None` = with any noun.

No scope administers: a stolen token cannot make itself another one.
"""

_PROGRAMS: Final = frozenset({Act.INGEST, Act.SCRAPE})


def check(actor: Actor, act: Act, noun: str) -> None:
    """Let `act` on `noun` (a path of `NOUNS`, or `changes`, `metrics`, ...) pass, or refuse it.

    Raises:
        Forbidden: The role or the token does not allow it.
    """
    if actor.scopes is not None and not _scoped(actor.scopes, act, noun):
        raise Forbidden
    if actor.role is None:
        # A token that the system itself issued for one of its own programs: nobody's rights to read or write.
        if actor.scopes is None or act not in _PROGRAMS:
            raise Forbidden
        return
    if noun not in RIGHTS[actor.role].get(act, frozenset()):
        raise Forbidden


def may(actor: Actor, act: Act, noun: str) -> bool:
    """Return whether `check` would pass; for pages that leave out what cannot be done."""
    try:
        check(actor, act, noun)
    except Forbidden:
        return False
    return True


class Placed(Protocol):
    """A table class whose rows are seen from some places only."""

    @classmethod
    def seen_from(cls, site_ids: Places) -> ColumnElement[bool]:
        """Return the condition under which a reader of these sites sees a row."""


def visible(actor: Actor, table: type[Placed]) -> ColumnElement[bool]:
    """Return the condition that keeps a query to the rows that the actor may know of.

    Current objects are seen by their current site, a link from either end, a change by every party to the act.
    """
    if actor.site_ids is None:
        return true()
    return table.seen_from(actor.site_ids)


def tree_below(slug_or_id: str | int) -> CTE:
    """Return a recursive query of the numbers of a site and all sites below it, whatever the depth."""
    start = column(Site, "slug") == slug_or_id if isinstance(slug_or_id, str) else column(Site, "id") == slug_or_id
    tree = select(column(Site, "id").label("id")).where(start).cte(recursive=True)
    # UNION, not UNION ALL: a loop written behind the program's back must not run for ever.
    return tree.union(select(column(Site, "id")).join(tree, column(Site, "parent_id") == tree.c.id))


def subtree(session: Session, site_id: int) -> frozenset[int]:
    """Return the numbers of a site, all below it, and all whose successors (of successors) they are.

    A unit that took over another one sees its history, and what stands below that other one.
    """
    tree = subtree_from(select(column(Site, "id").label("id")).where(column(Site, "id") == site_id))
    return frozenset(session.connection().scalars(select(tree.c.id)))


def subtree_from(start: Select[Any]) -> CTE:
    """Return the query of `subtree` for whatever sites a query gives as `id`, to be part of a larger one."""
    tree = start.cte("subtree", recursive=True)
    below = (column(Site, "parent_id") == tree.c.id) | (column(Site, "successor_id") == tree.c.id)
    return tree.union(select(column(Site, "id")).join(tree, below))


def _scoped(scopes: frozenset[Scope], act: Act, noun: str) -> bool:
    for scope in scopes:
        nouns = SCOPES[scope].get(act, frozenset())
        if nouns is None or noun in nouns:
            return True
    return False
