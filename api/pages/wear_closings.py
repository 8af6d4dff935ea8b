"""The December closing: rehearsed, run, locked; the closed years and whether their rows are as they were closed."""

from typing import Annotated, Final

from anyio.to_thread import run_sync
from fastapi import APIRouter, Path, Request
from starlette.responses import RedirectResponse, Response

from api.house import house_of
from api.http.auth import actor
from api.pages.wear_sheets import last_year
from api.views.forms import Form, posted
from api.views.rendering import render
from api.views.wear_closing import GAPS, edited_years, next_year, year_shown
from api.views.wear_sheets import FIRST_YEAR, LAST_YEAR
from inventory.access.rights import Act, Actor, check, may
from inventory.assets.closing import close_year
from inventory.assets.wear_reports import closings_of
from inventory.errors import Conflict

ROUTER: Final = APIRouter(include_in_schema=False)

Year = Annotated[int, Path(ge=FIRST_YEAR, le=LAST_YEAR)]


@ROUTER.get("/wear/closings")
async def closings(request: Request, check_rows: bool = False) -> Response:
    """Show the closed years and the one that comes next; on demand, whether closed rows were edited since."""
    house, person = house_of(request), actor(request)
    check(person, Act.READ, "assets")
    closed = await run_sync(closings_of, house.books, person)
    return render(
        request,
        "wear/closings.html",
        closed=closed[::-1],
        following=next_year(closed, last_year(house)),
        sees_all=person.site_ids is None,
        may_close=may_close(person),
        checked=check_rows,
        edited=await run_sync(edited_years, house, person) if check_rows else {},
    )


@ROUTER.get("/wear/closings/{year}")
async def closing(request: Request, year: Year) -> Response:
    """Show a closed year, or rehearse it: what would be booked, and what is missing."""
    return await _page(request, year)


@ROUTER.post("/wear/closings/{year}")
async def close(request: Request, year: Year) -> Response:
    """Close a year; told again it changes nothing."""
    house, person = house_of(request), actor(request)
    check(person, Act.ADMINISTER, "assets")
    data = await posted(request)
    if data.get("sure") != "1":
        return RedirectResponse(f"/wear/closings/{year}", 303)
    try:
        await run_sync(close_year, house.books, person, year, house.rulebooks)
    except Conflict as error:
        return await _page(request, year, error)
    return RedirectResponse(f"/wear/closings/{year}?done=closed", 303)


def may_close(person: Actor) -> bool:
    """Return whether somebody may close a year: an administrator of the whole book."""
    return may(person, Act.ADMINISTER, "assets") and person.site_ids is None


async def _page(request: Request, year: int, error: Conflict | None = None) -> Response:
    house, person = house_of(request), actor(request)
    done, found = await run_sync(year_shown, house, person, year)
    return render(
        request,
        "wear/closing.html",
        status=200 if error is None else 409,
        year=year,
        closed=done,
        found=found,
        gaps=GAPS,
        may_close=may_close(person),
        form=Form((), error=error),
    )
