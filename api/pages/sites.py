"""Sites: the list, the map, and the page of each."""

from typing import Any, Final

from anyio.to_thread import run_sync
from fastapi import APIRouter, Request
from sqlalchemy import select
from starlette.responses import JSONResponse, Response

from api.house import House, house_of
from api.http.auth import actor
from api.views import static_files as assets
from api.views.changes import changes_of
from api.views.choices import KINDS_OF_SERVICE, KINDS_OF_SITE
from api.views.faults import fault, name_of
from api.views.i18n import language_of
from api.views.narrowing import sites_of
from api.views.overview import Overview, overview
from api.views.rendering import render
from api.views.states import State
from inventory.access.rights import Act, Actor, check, may, visible
from inventory.columns import column
from inventory.db import reading
from inventory.errors import NotFound
from inventory.network.links import Link
from inventory.nouns import NOUNS
from inventory.places.sites import Site, SiteKind
from inventory.register import Query, list_
from inventory.watch.incidents import Incident, IncidentState

ROUTER: Final = APIRouter(include_in_schema=False)

_SHOWN_PAST: Final = 5


@ROUTER.get("/sites")
async def sites(request: Request, q: str = "", state: str = "") -> Response:
    """Show the map and the list, narrowed by name and state."""
    check(actor(request), Act.READ, "sites")
    now = await overview(house_of(request), actor(request))
    rows = [(site, now.state_of(f"site:{site.slug}")) for site in sites_of(request, now)]
    return render(
        request, "sites/list.html", rows=rows, now_seen=now, q=q, state=state, states=list(State), kinds=KINDS_OF_SITE
    )


@ROUTER.get("/sites/map.json")
async def sites_map(request: Request) -> Response:
    """Give the map's marks: places with their states, and lines between places."""
    check(actor(request), Act.READ, "sites")
    now = await overview(house_of(request), actor(request))
    language = language_of(request)
    places = [
        {
            "name": site.name,
            "href": f"/sites/{site.slug}",
            "at": [site.lat, site.lon],
            "state": now.state_of(f"site:{site.slug}").value,
            "text": now.state_of(f"site:{site.slug}").text.to(language),
        }
        for site in now.sites.values()
        if site.lat is not None and site.lon is not None and site.id not in now.ended
    ]
    lines = [line for link in now.links.values() if (line := _line(link, now))]
    body = {
        "places": places,
        "lines": lines,
        "areas": assets.url("map/communes_2025.geojson"),
        "icons": assets.url("icons.svg"),
    }
    return JSONResponse(body, headers={"Cache-Control": "no-store"})


@ROUTER.get("/sites/{slug}")
async def site(request: Request, slug: str) -> Response:
    """Show one site: what is wrong there, its lines, devices and services."""
    check(actor(request), Act.READ, "sites")
    now = await overview(house_of(request), actor(request))
    found = next((one for one in now.sites.values() if one.slug == slug), None)
    if found is None:
        raise NotFound(Site.NOUN, slug)
    number = found.id or 0
    devices = now.devices_by_site.get(number, [])
    lines = now.links_by_site.get(number, [])
    services = now.services_by_site.get(number, [])
    here = {f"site:{slug}"} | {f"device:{one.name}" for one in devices}
    here |= {f"link:{one.name}" for one in lines} | {f"service:{one.name}" for one in services}
    return render(
        request,
        "sites/site.html",
        site=found,
        kind=KINDS_OF_SITE[SiteKind(found.kind)],
        parent=now.sites.get(found.parent_id or 0),
        children=[one for one in now.sites.values() if one.parent_id == found.id],
        seen=now,
        name_of=name_of,
        devices=devices,
        lines=lines,
        services=services,
        service_kinds=KINDS_OF_SERVICE,
        faults=[fault(one, now) for one in now.incidents if one.element in here],
        past=[fault(one, now) for one in await run_sync(_past, house_of(request), actor(request), number)],
        assets=await run_sync(_assets, house_of(request), actor(request), slug),
        changes=await changes_of(request, "site", number),
    )


def _past(house: House, person: Actor, number: int) -> list[Incident]:
    """Return the newest incidents of a site that are over; those of a line count at both of its ends."""
    here = (column(Incident, "site_id") == number) | (column(Incident, "other_site_id") == number)
    with reading(house.books.engine) as session:
        rows = list(
            session.scalars(
                select(Incident)
                .where(here, visible(person, Incident), column(Incident, "state") == IncidentState.RESOLVED)
                .order_by(column(Incident, "id").desc())
                .limit(_SHOWN_PAST)
            )
        )
        session.expunge_all()
    return rows


def _assets(house: House, person: Actor, slug: str) -> int | None:
    """Return how many assets stand at a site and below it; `None` for a reader who may not read them."""
    if not may(person, Act.READ, "assets"):
        return None
    return list_(house.books, person, NOUNS["assets"], Query({"within": slug}, limit=1, total=True)).total


def _line(link: Link, now: Overview) -> dict[str, Any] | None:
    near, far = now.ends_of(link)
    if near is None or far is None or near is far or None in (near.lat, near.lon, far.lat, far.lon):
        return None
    return {
        "name": link.title or link.name,
        "href": f"/links/{link.name}",
        "from": [near.lat, near.lon],
        "to": [far.lat, far.lon],
        "state": now.state_of(f"link:{link.name}").value,
    }
