"""A rehearsal of the December run: what closing a year would book at each site, and what is still missing."""

from dataclasses import dataclass, replace
from typing import Final

from sqlalchemy import select
from sqlmodel import Session

from inventory.access.rights import Act, Actor, check
from inventory.assets.categories import CATEGORIES
from inventory.assets.closing import refusal_of
from inventory.assets.confirming import doubts_of
from inventory.assets.depreciation import WearOfYear, wear_in
from inventory.assets.rulebook import Doubt, Rulebooks
from inventory.assets.stays import read_stays
from inventory.assets.wear_book import read_book
from inventory.books import Books
from inventory.columns import column
from inventory.db import reading
from inventory.errors import Forbidden
from inventory.places.sites import Site
from inventory.text import Text

NAMED_MOST: Final = 50
"""Assets of which something is missing that are named."""


@dataclass(frozen=True, slots=True)
class SiteSum:
    """What a year would book at one site, whole đồng.

    Attributes:
        site: Slug; empty for the sum of all.
        name: The site's name.
        assets: Fixed assets.
        tools: Things below the threshold.
        cost_vnd: Cost of the fixed assets.
        annual_vnd: Wear of the year.
        accumulated_vnd: Accumulated wear.
    """

    site: str = ""
    name: str = ""
    assets: int = 0
    tools: int = 0
    cost_vnd: int = 0
    annual_vnd: int = 0
    accumulated_vnd: int = 0

    def plus(self, wear: WearOfYear) -> "SiteSum":
        """Return the sum with one more December."""
        if not wear.fixed:
            return replace(self, tools=self.tools + 1)
        return replace(
            self,
            assets=self.assets + 1,
            cost_vnd=self.cost_vnd + wear.cost_vnd,
            annual_vnd=self.annual_vnd + wear.annual_vnd,
            accumulated_vnd=self.accumulated_vnd + wear.accumulated_vnd,
        )


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """What closing a year would do.

    Attributes:
        year: The year.
        rulebook: Version of the book that would govern it.
        sites: By slug.
        total: Of all sites.
        no_cost: Tags of things on the books without a cost; the first of them, as of the other lists.
        not_in_use: Tags of fixed assets without a first day in use: they do not wear.
        unfit: Tags of things whose facts contradict each other: the year cannot be closed.
        unknown_category: Tags of things of a category that the program does not know.
        counts: How many there are of each of these four, by name.
        doubts: Lines of the governing book that nobody compared with the full text.
        refusal: Why closing would be refused now; `None` if it would not.
    """

    year: int
    rulebook: str
    sites: tuple[SiteSum, ...]
    total: SiteSum
    no_cost: tuple[str, ...]
    not_in_use: tuple[str, ...]
    unfit: tuple[str, ...]
    unknown_category: tuple[str, ...]
    counts: dict[str, int]
    doubts: tuple[Doubt, ...]
    refusal: Text | None


def rehearse_closing(books: Books, actor: Actor, year: int, rulebooks: Rulebooks) -> Rehearsal:
    """Compute a year as closing it would, and write nothing.

    Raises:
        Forbidden: The actor may not read assets, or sees some sites only: a year is closed for the whole book.
    """
    check(actor, Act.READ, "assets")
    if actor.site_ids is not None:
        raise Forbidden
    rules, book = rulebooks.rules(), rulebooks.wear_in(year)
    with reading(books.engine) as session:
        found = read_book(session, rules, books.zone, closed_through=year - 1, stays=read_stays(session))
        doubts = doubts_of(session, rulebooks, {book.key})
        refusal = refusal_of(session, year, books.today())
        names = _names(session)
    held = [(one, wear_in(one.entry.thing, rules, year)) for one in found.standings if one.entry.is_held(year)]
    sums: dict[str, SiteSum] = {}
    total = SiteSum()
    for one, wear in held:
        site = one.entry.computed_at(year)
        sums[site] = sums.get(site, SiteSum(site, names.get(site, site))).plus(wear)
        total = total.plus(wear)
    missing = {
        "no_cost": sorted(one.entry.tag for one, wear in held if not wear.cost_vnd),
        "not_in_use": sorted(one.entry.tag for one, wear in held if wear.fixed and not one.entry.thing.put_to_use),
        "unfit": sorted(found.unfit),
        "unknown_category": sorted(one.entry.tag for one, _ in held if one.entry.category not in CATEGORIES),
    }
    named = {name: tuple(tags[:NAMED_MOST]) for name, tags in missing.items()}
    counts = {name: len(tags) for name, tags in missing.items()}
    by_slug = tuple(sums[site] for site in sorted(sums))
    return Rehearsal(year, book.version, by_slug, total, **named, counts=counts, doubts=doubts, refusal=refusal)


def _names(session: Session) -> dict[str, str]:
    return {row[0]: row[1] for row in session.execute(select(column(Site, "slug"), column(Site, "name")))}
