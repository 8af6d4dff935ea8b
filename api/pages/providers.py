"""Providers: carriers and suppliers, with the numbers to call."""

from typing import Final

from anyio.to_thread import run_sync
from fastapi import APIRouter, Request
from starlette.responses import Response

from api.house import house_of
from api.http.auth import actor
from api.views.changes import changes_of
from api.views.overview import overview
from api.views.rendering import render
from inventory.access.rights import Act, check
from inventory.nouns import NOUNS
from inventory.register import Query, get, list_

ROUTER: Final = APIRouter(include_in_schema=False)

MOST: Final = 200


@ROUTER.get("/providers")
async def providers(request: Request) -> Response:
    """Show the list."""
    check(actor(request), Act.READ, "providers")
    query = Query(limit=MOST, sort="name")
    page = await run_sync(list_, house_of(request).books, actor(request), NOUNS["providers"], query)
    return render(request, "providers/list.html", rows=page.items)


@ROUTER.get("/providers/{slug}")
async def provider(request: Request, slug: str) -> Response:
    """Show one provider and its lines."""
    found = await run_sync(get, house_of(request).books, actor(request), NOUNS["providers"], slug)
    seen = await overview(house_of(request), actor(request))
    lines = [one for one in seen.links.values() if one.provider_id == found.id]
    changes = await changes_of(request, "provider", found.id)
    return render(request, "providers/provider.html", provider=found, lines=lines, seen=seen, changes=changes)
