"""Subnets: which address ranges are whose, and a sweep out of turn."""

from typing import Final

from anyio.to_thread import run_sync
from fastapi import APIRouter, Request
from sqlalchemy import select
from starlette.responses import RedirectResponse, Response

from api.house import House, house_of
from api.http.auth import actor
from api.views.changes import changes_of
from api.views.overview import overview
from api.views.rendering import render
from inventory.access.rights import Act, Actor, check, visible
from inventory.columns import column, now
from inventory.db import reading
from inventory.network.subnets import Subnet
from inventory.network.sweeping import Swept, swept
from inventory.nouns import NOUNS
from inventory.register import Query, get, list_, update

ROUTER: Final = APIRouter(include_in_schema=False)

MOST: Final = 500


@ROUTER.get("/subnets")
async def subnets(request: Request) -> Response:
    """Show the list."""
    house, person = house_of(request), actor(request)
    check(person, Act.READ, "subnets")
    page = await run_sync(list_, house.books, person, NOUNS["subnets"], Query(limit=MOST))
    return render(request, "subnets/list.html", rows=page.items, sites=await _names(house, person))


@ROUTER.get("/subnets/{name}")
async def subnet(request: Request, name: str) -> Response:
    """Show one range."""
    house, person = house_of(request), actor(request)
    found = await run_sync(get, house.books, person, NOUNS["subnets"], name)
    changes = await changes_of(request, "subnet", found.id)
    sites = await _names(house, person)
    results = await run_sync(_results, house, person, name)
    return render(
        request,
        "subnets/subnet.html",
        subnet=found,
        sites=sites,
        changes=changes,
        results=results,
        maker_of=house.makers.of,
    )


@ROUTER.post("/subnets/{name}/scan")
async def scan(request: Request, name: str) -> Response:
    """Have the range swept now."""
    house, person = house_of(request), actor(request)
    check(person, Act.WRITE, "subnets")
    await run_sync(_ask, house, person, name)
    return RedirectResponse(f"/subnets/{name}?done=scan", 303)


async def _names(house: House, person: Actor) -> dict[str, str]:
    seen = await overview(house, person)
    return {site.slug: site.name for site in seen.sites.values()}


def _results(house: House, person: Actor, name: str) -> Swept:
    house.makers.load()
    with reading(house.books.engine) as session:
        row = session.scalars(select(Subnet).where(column(Subnet, "name") == name, visible(person, Subnet))).one()
        found = swept(session, person, row)
        session.expunge_all()
    return found


def _ask(house: House, person: Actor, name: str) -> None:
    noun = NOUNS["subnets"]
    found = get(house.books, person, noun, name)
    update(house.books, person, noun, name, found.version, {"scan_asked_at": now()})
