"""The list of assets on a page: narrowed by address, one page at a time, in two statements however many there are."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlencode

from fastapi import Request
from sqlalchemy import select

from api.house import House
from api.views.forms import Options
from inventory.access.rights import Actor, visible
from inventory.assets.asset_noun import ASSETS
from inventory.assets.categories import CATEGORIES
from inventory.assets.lifecycle import STATUS_LABELS, AssetStatus
from inventory.columns import column
from inventory.db import reading
from inventory.errors import Invalid
from inventory.listing import LONGEST_SEARCH, Page, Query
from inventory.places.sites import Site
from inventory.register import list_
from inventory.text import Text, same

ROWS: Final = 50
MOST_SITES: Final = 500

SORTS: Final = {
    "": Text(vi="Số hiệu", en="Tag"),
    "name": Text(vi="Tên", en="Name"),
    "-put_to_use": Text(vi="Mới dùng trước", en="Newest in use"),
    "put_to_use": Text(vi="Dùng lâu trước", en="Oldest in use"),
    "-cost_vnd": Text(vi="Nguyên giá cao trước", en="Highest cost"),
}


@dataclass(frozen=True, slots=True)
class AssetList:
    """One page of the list.

    Attributes:
        page: Its rows, the total over all pages, and whether there is a next one.
        asked: What was asked for, by the names of the address.
        later: Address of the next page; empty on the last.
        first: Address of the first page; empty on it.
        sites: Every site that the reader sees, by slug.
        problem: Why the list could not be narrowed as asked.
    """

    page: Page
    asked: dict[str, str]
    later: str
    first: str
    sites: dict[str, str]
    problem: Text | None = None

    @property
    def narrowed(self) -> bool:
        """Return whether the list was narrowed at all."""
        return any(value for name, value in self.asked.items() if name != "sort")

    @property
    def site_options(self) -> Options:
        """Return the sites to choose from."""
        return [(slug, same(name)) for slug, name in self.sites.items()]


def asset_list(request: Request, house: House, person: Actor) -> AssetList:
    """Return the page that the address asks for: `q`, `within`, `category`, `status`, `custodian`, `sort`, `cursor`.

    Raises:
        Forbidden: The reader may not read assets.
    """
    given = request.query_params
    asked = {name: given.get(name, "").strip()[:200] for name in (*_FILTERS, "q", "sort")}
    sites = asset_sites(house, person)
    query = Query(
        filters={name: asked[name] for name in _FILTERS if _known(name, asked[name], sites)},
        search=asked["q"][:LONGEST_SEARCH],
        sort=asked["sort"] if asked["sort"] in SORTS else "",
        cursor=given.get("cursor", "")[:2000],
        limit=ROWS,
        total=True,
    )
    problem = None
    try:
        page = list_(house.books, person, ASSETS, query)
    except Invalid as error:
        page, problem = Page([], None, 0), error.problems[0].message
    kept = {name: value for name, value in asked.items() if value}
    later = f"/assets?{urlencode(kept | {'cursor': page.next_cursor})}" if page.next_cursor else ""
    first = f"/assets?{urlencode(kept)}" if query.cursor else ""
    return AssetList(page, asked, later, first, sites, problem)


_FILTERS: Final = ("within", "category", "status", "custodian")


def _known(name: str, value: str, sites: dict[str, str]) -> bool:
    choices: dict[str, Sequence[Any]] = {
        "within": list(sites),
        "category": list(CATEGORIES),
        "status": [status.value for status in AssetStatus],
    }
    return bool(value) and (name not in choices or value in choices[name])


def asset_sites(house: House, person: Actor) -> dict[str, str]:
    """Return the names of the sites that a reader may choose from, by slug, in the order of the alphabet."""
    rows = (
        select(column(Site, "slug"), column(Site, "name"))
        .where(visible(person, Site), column(Site, "retired_at").is_(None))
        .order_by(column(Site, "order_text"))
        .limit(MOST_SITES)
    )
    with reading(house.books.engine) as session:
        return {row[0]: row[1] for row in session.execute(rows)}


CATEGORY_OPTIONS: Final = [(code, category.label) for code, category in CATEGORIES.items()]
STATUS_OPTIONS: Final = [(status.value, text) for status, text in STATUS_LABELS.items()]
