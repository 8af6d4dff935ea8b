"""Progress of all counts on one page: by campaign and site what is counted, confirmed and different."""

from typing import Final

from anyio.to_thread import run_sync
from fastapi import APIRouter, Request
from starlette.responses import Response

from api.house import House, house_of
from api.http.auth import actor
from api.views.rendering import render
from inventory.access.rights import Act, Actor, check
from inventory.audit.differences import KIND_LABELS
from inventory.audit.standing import Standing, standings
from inventory.audit.stocktake import STATE_LABELS
from inventory.db import reading

ROUTER: Final = APIRouter(include_in_schema=False)


@ROUTER.get("/stocktakes/progress")
async def progress(request: Request) -> Response:
    """Show where the counts stand, those that go on first."""
    house, person = house_of(request), actor(request)
    check(person, Act.READ, "stocktakes")
    found = await run_sync(_found, house, person)
    return render(
        request,
        "stocktakes/progress.html",
        found=found,
        labels={state.value: label for state, label in STATE_LABELS.items()},
        kinds=KIND_LABELS,
        today=house.books.today(),
    )


def _found(house: House, person: Actor) -> list[Standing]:
    with reading(house.books.engine) as session:
        found = standings(session, person)
        session.expunge_all()
    return found
