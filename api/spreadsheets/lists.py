"""Lists to take away: the rows that a list on a page shows with the same address, over all its pages."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

from fastapi import Request

from api.house import House
from api.views.asset_list import SORTS
from api.views.narrowing import devices_of, links_of, services_of, sites_of
from api.views.overview import overview
from inventory.access.rights import Actor
from inventory.listing import LONGEST_SEARCH, Query
from inventory.watch.incidents import IncidentState

_LONGEST: Final = 200
_ASSET_FILTERS: Final = ("within", "category", "status", "custodian")
_GOING_ON: Final = [state.value for state in IncidentState if state is not IncidentState.RESOLVED]


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which rows of a noun: those of a query, and of these only those with one of the keys; `None` = all."""

    query: Query
    keys: Collection[str] | None = None


async def wanted(request: Request, house: House, person: Actor, noun: str) -> Wanted:
    """Return which rows the list of a noun shows when it is asked for as this request is."""
    given = request.query_params
    words = given.get("q", "").strip()[:LONGEST_SEARCH]
    if noun == "assets":
        filters = {name: value for name in _ASSET_FILTERS if (value := given.get(name, "").strip()[:_LONGEST])}
        sort = given.get("sort", "")
        return Wanted(Query(filters=filters, search=words, sort=sort if sort in SORTS else ""))
    if noun == "documents":
        asked = {"kind": given.get("kind", ""), "at": given.get("site", "")}
        filters = {name: value[:_LONGEST] for name, value in asked.items() if value}
        return Wanted(Query(filters=filters, search=words, sort="-created_at"))
    if noun == "incidents":
        states = {} if given.get("state") == "all" else {"state": _GOING_ON}
        return Wanted(Query(filters=states, sort="-opened_at"))
    keys = await _keys(request, house, person, noun) if words or given.get("state") else None
    return Wanted(Query(), keys)


async def _keys(request: Request, house: House, person: Actor, noun: str) -> Collection[str] | None:
    """Return the keys of what is narrowed by its present state, which the books do not know."""
    if noun not in {"sites", "devices", "links", "services"}:
        return None
    seen = await overview(house, person)
    if noun == "sites":
        return {one.slug for one in sites_of(request, seen)}
    if noun == "devices":
        return {one.name for one in devices_of(request, seen)}
    if noun == "links":
        return {one.name for one in links_of(request, seen)}
    return {one.name for one in services_of(request, seen)}
