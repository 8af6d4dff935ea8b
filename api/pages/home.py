"""The home page: what is wrong now, what to do first and whom to call."""

import hashlib
from collections import Counter
from dataclasses import dataclass
from typing import Any, Final

from anyio.to_thread import run_sync
from fastapi import APIRouter, Request
from sqlalchemy import select
from starlette.responses import Response

from api.house import House, house_of
from api.http.auth import actor
from api.views import timelines
from api.views.faults import Fault, fault
from api.views.overview import Overview, overview
from api.views.rendering import render
from api.views.states import State
from inventory.access.rights import Actor, visible
from inventory.columns import column
from inventory.db import reading
from inventory.text import Text
from inventory.watch.incidents import Incident, IncidentEvent

ROUTER: Final = APIRouter(include_in_schema=False)

_SHOWN_EVENTS: Final = 8
_SHOWN_FAULTS: Final = 20


@dataclass(frozen=True, slots=True)
class Tile:
    """How many of one kind there are, and how they are."""

    href: str
    icon: str
    text: Text
    total: int
    states: list[tuple[State, int]]

    @property
    def known(self) -> bool:
        """Return whether the state of any is known; otherwise "0 are well" would frighten for nothing."""
        return any(state not in {State.UNKNOWN, State.UNWATCHED} for state, _ in self.states)

    @property
    def good(self) -> int:
        """Return how many are well."""
        return dict(self.states).get(State.OK, 0)


@ROUTER.get("/")
async def home(request: Request) -> Response:
    """Show the whole page."""
    return render(request, "home/home.html", **await _what_is(request))


@ROUTER.get("/home/now")
async def home_now(request: Request, seen: str = "") -> Response:
    """Give the part that refreshes itself; 204 without a body while nothing has changed since `seen`."""
    values = await _what_is(request)
    if values["mark"] == seen:
        return Response(status_code=204)
    return render(request, "home/now.html", **values)


async def _what_is(request: Request) -> dict[str, Any]:
    house, person = house_of(request), actor(request)
    now = await overview(house, person)
    events = await run_sync(_latest, house, person)
    faults = [fault(incident, now) for incident in now.incidents]
    return {
        "faults": faults[:_SHOWN_FAULTS],
        "more_faults": max(0, len(faults) - _SHOWN_FAULTS),
        "cut_off": any(_cuts_off(one) for one in faults),
        "unclear": any(one.state is State.UNKNOWN for one in faults),
        "headline_state": _headline(faults, now),
        "measured": now.measured.available,
        "empty": not (now.devices or now.links or now.services),
        "tiles": _tiles(now),
        "events": [(event, fault(incident, now)) for event, incident in events],
        "timelines": timelines,
        "root": now.root,
        "mark": _mark(now, events),
    }


def _cuts_off(one: Fault) -> bool:
    """Return whether somebody has no network because of it; a line of a ring is cut without that."""
    is_line = one.incident.element.startswith("link:")
    return one.state is State.DOWN and (one.incident.hidden_count > 0 or not is_line)


def _headline(faults: list[Fault], now: Overview) -> State:
    if any(one.state is State.DOWN for one in faults):
        return State.DOWN
    if faults:
        return State.WARNING
    watched = [state for state in now.states.values() if state is not State.UNWATCHED]
    if not now.measured.available or not watched or all(state is State.UNKNOWN for state in watched):
        return State.UNKNOWN
    return State.OK


def _tiles(now: Overview) -> list[Tile]:
    kinds = (
        ("site", "sites", Text(vi="Đơn vị", en="Sites"), len(now.sites) - len(now.ended)),
        ("link", "links", Text(vi="Đường truyền", en="Links"), len(now.links)),
        ("device", "devices", Text(vi="Thiết bị mạng", en="Devices"), len(now.devices)),
        ("service", "services", Text(vi="Dịch vụ", en="Services"), len(now.services)),
    )
    gone = {f"site:{now.sites[number].slug}" for number in now.ended}
    tiles = []
    for kind, path, text, total in kinds:
        mine = {element for element in now.states if element.startswith(f"{kind}:")} - gone
        counts = Counter(now.states[element] for element in mine)
        tiles.append(Tile(f"/{path}", path, text, total, [(state, counts[state]) for state in State if counts[state]]))
    return tiles


def _latest(house: House, person: Actor) -> list[tuple[IncidentEvent, Incident]]:
    with reading(house.books.engine) as session:
        statement = (
            select(IncidentEvent, Incident)
            .join(Incident, column(Incident, "id") == column(IncidentEvent, "incident_id"))
            .where(visible(person, Incident), column(IncidentEvent, "kind") != "message")
            .order_by(column(IncidentEvent, "at").desc(), column(IncidentEvent, "id").desc())
            .limit(_SHOWN_EVENTS)
        )
        rows = [(event, incident) for event, incident in session.execute(statement)]
        session.expunge_all()
    return rows


def _mark(now: Overview, events: list[tuple[IncidentEvent, Incident]]) -> str:
    parts = (
        [(one.id, one.version) for one in now.incidents],
        sorted((element, state.value) for element, state in now.states.items()),
        now.measured.available,
        [event.id for event, _ in events],
    )
    return hashlib.sha256(repr(parts).encode()).hexdigest()[:16]
