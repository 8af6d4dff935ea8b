"""Incidents: the list, the page of each, and what people do with one."""

from collections.abc import Callable
from typing import Any, Final

from anyio.to_thread import run_sync
from fastapi import APIRouter, Request
from sqlalchemy import select
from starlette.responses import RedirectResponse, Response

from api.house import House, house_of
from api.http.auth import actor
from api.views import timelines
from api.views.faults import Fault, fault
from api.views.forms import Field, Form, posted
from api.views.overview import Overview, overview
from api.views.rendering import local_path, render
from inventory.access.rights import Act, Actor, check, visible
from inventory.columns import column
from inventory.db import reading
from inventory.errors import FieldProblem, NotFound, Stale
from inventory.network.topology import behind, read_graph
from inventory.places.sites import Site
from inventory.text import Text
from inventory.watch import handling
from inventory.watch.incidents import Incident, IncidentEvent, IncidentState, timeline

ROUTER: Final = APIRouter(include_in_schema=False)

ROWS: Final = 50

FIELDS: Final = {
    "note": Field("note", Text(vi="Ghi chú", en="Note"), "long", required=True, longest=1000),
    "ticket": Field("ticket", Text(vi="Số phiếu báo hỏng của nhà mạng", en="The carrier's ticket number"), longest=120),
    "cause": Field("cause", Text(vi="Nguyên nhân", en="Cause"), "long", longest=1000),
}
"""What people write to an incident; each is its own small form."""

_EMPTY: Final = Text(vi="Hãy ghi vài chữ.", en="Write a few words.")
_LONG: Final = Text(vi="Dài nhất {most} ký tự.", en="At most {most} characters are allowed.")


@ROUTER.get("/incidents")
async def incidents(request: Request, state: str = "open", before: int = 0) -> Response:
    """Show what is wrong now, or with `?state=all` everything that ever was, the newest first."""
    check(actor(request), Act.READ, "incidents")
    house, person = house_of(request), actor(request)
    seen = await overview(house, person)
    everything = state == "all"
    rows = await run_sync(_past, house, person, before) if everything else seen.incidents
    faults = [fault(one, seen) for one in rows[:ROWS]]
    older = rows[ROWS - 1].id if everything and len(rows) > ROWS else 0
    return render(request, "incidents/list.html", faults=faults, everything=everything, older=older, before=before)


@ROUTER.get("/incidents/{number}")
async def incident(request: Request, number: int) -> Response:
    """Show one incident: what to do, whom to call, and what happened when."""
    return await _page(request, number)


@ROUTER.post("/incidents/{number}/acknowledge")
async def acknowledge(request: Request, number: int) -> Response:
    """Take an incident on."""
    data = await posted(request)
    books, person = house_of(request).books, actor(request)
    try:
        await run_sync(handling.acknowledge, books, person, number, _version(data))
    except Stale as error:
        return await _page(request, number, status=412, error=error)
    following = local_path(data.get("next", ""))
    away = following if following != "/" else "/"
    return RedirectResponse(
        f"{away}?done=acknowledged" if data.get("next") else f"/incidents/{number}?done=acknowledged", 303
    )


@ROUTER.post("/incidents/{number}/{what}")
async def write(request: Request, number: int, what: str) -> Response:
    """Write a note, the carrier's ticket or the cause."""
    if what not in FIELDS:
        raise NotFound(Incident.NOUN, f"{number}/{what}")
    data = await posted(request)
    books, person = house_of(request).books, actor(request)
    words = data.get(what, "").replace("\r\n", "\n").strip()
    one = FIELDS[what]
    if (one.required and not words) or len(words) > one.longest:
        message = _EMPTY if not words else _LONG.fill(most=one.longest)
        problem = FieldProblem(what, "required" if not words else "too_long", message)
        return await _page(request, number, status=422, typed={what: words}, problem=problem)
    acts: dict[str, Callable[[], Any]] = {
        "note": lambda: handling.add_note(books, person, number, words),
        "ticket": lambda: handling.set_ticket(books, person, number, words, _version(data)),
        "cause": lambda: handling.set_cause(books, person, number, words, _version(data)),
    }
    try:
        await run_sync(acts[what])
    except Stale as error:
        return await _page(request, number, status=412, typed={what: words}, error=error)
    return RedirectResponse(f"/incidents/{number}?done=noted", 303)


async def _page(
    request: Request,
    number: int,
    *,
    status: int = 200,
    typed: dict[str, str] | None = None,
    problem: FieldProblem | None = None,
    error: Stale | None = None,
) -> Response:
    check(actor(request), Act.READ, "incidents")
    house, person = house_of(request), actor(request)
    seen = await overview(house, person)
    found, events = await run_sync(_one, house, person, number)
    stored = {"note": "", "ticket": found.ticket, "cause": found.cause}
    form = Form(list(FIELDS.values()), stored | (typed or {}), [problem] if problem else (), error, found.version)
    told: Fault = fault(found, seen)
    return render(
        request,
        "incidents/incident.html",
        status=status,
        fault=told,
        incident=found,
        events=events,
        timelines=timelines,
        form=form,
        stored=stored,
        fields=FIELDS,
        other=_other_site(found, seen),
        over=found.state == IncidentState.RESOLVED,
        affected=await run_sync(_affected, house, found, seen),
    )


def _other_site(found: Incident, seen: Overview) -> Any:  # noqa: ANN401 - a site or nothing
    return seen.sites.get(found.other_site_id or 0)


def _affected(house: House, found: Incident, seen: Overview) -> list[Site]:
    """Return the sites, as far as the reader sees them, whose devices are cut off behind an incident now."""
    if found.state == IncidentState.RESOLVED or not found.hidden_count:
        return []
    with reading(house.books.engine) as session:
        graph = read_graph(session)
    names = behind(graph, found.element, {site.slug: number for number, site in seen.sites.items()})
    numbers = {device.site_id for device in seen.devices.values() if device.name in names}
    return sorted((seen.sites[number] for number in numbers if number in seen.sites), key=lambda site: site.name)


def _one(house: House, person: Actor, number: int) -> tuple[Incident, list[IncidentEvent]]:
    with reading(house.books.engine) as session:
        found = handling.seen(session, person, number)
        events = timeline(session, found)
        session.expunge_all()
    return found, events


def _past(house: House, person: Actor, before: int) -> list[Incident]:
    with reading(house.books.engine) as session:
        statement = select(Incident).where(visible(person, Incident))
        if before:
            statement = statement.where(column(Incident, "id") < before)
        rows = list(session.scalars(statement.order_by(column(Incident, "id").desc()).limit(ROWS + 1)))
        session.expunge_all()
    return rows


def _version(data: dict[str, str]) -> int | None:
    given = data.get("version", "")
    return int(given) if given.isascii() and given.isdigit() and len(given) < 10 else None
