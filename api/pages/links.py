"""Links: the list, the page of each, and accepting the optical power of now as its baseline."""

from datetime import UTC, datetime
from typing import Final

from anyio.to_thread import run_sync
from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from api.house import House, house_of
from api.http.auth import actor
from api.views.changes import changes_of
from api.views.charting import RANGES
from api.views.choices import END_KINDS, MEDIA
from api.views.faults import fault, name_of
from api.views.forms import posted
from api.views.narrowing import links_of, part_of
from api.views.overview import Overview, overview
from api.views.record import record_of
from api.views.rendering import render
from api.views.states import State
from collector.metrics import OPTICAL_RX
from inventory.access.rights import Act, Actor, check
from inventory.errors import Conflict, NotFound
from inventory.network.links import Link, Medium
from inventory.nouns import NOUNS
from inventory.register import update
from inventory.text import Text

ROUTER: Final = APIRouter(include_in_schema=False)

BASELINE_OVER: Final = "10m"
"""Over how long the accepted power is averaged, so that one odd sample is not made the measure of years."""


@ROUTER.get("/links")
async def links(request: Request) -> Response:
    """Show the list."""
    check(actor(request), Act.READ, "links")
    seen = await overview(house_of(request), actor(request))
    part = part_of(request, links_of(request, seen))
    return render(request, "links/list.html", part=part, seen=seen, states=list(State))


@ROUTER.get("/links/{name}")
async def link(request: Request, name: str, range: str = "6h") -> Response:  # noqa: A002 - the address says `range`
    """Show one link: state, ends, charts, what it costs and whom to call."""
    check(actor(request), Act.READ, "links")
    seen = await overview(house_of(request), actor(request))
    found = _found(seen, name)
    provider = seen.providers.get(found.provider_id or 0)
    return render(
        request,
        "links/link.html",
        link=found,
        state=seen.state_of(f"link:{name}"),
        ends=seen.ends_of(found),
        devices=(seen.devices.get(found.a_device_id), seen.devices.get(found.b_device_id)),
        provider=provider,
        medium=MEDIA[Medium(found.medium)],
        end_kinds=END_KINDS,
        seen=seen,
        name_of=name_of,
        ranges=RANGES,
        range=range if range in RANGES else "6h",
        faults=[fault(one, seen) for one in seen.incidents if one.element == f"link:{name}"],
        record=await record_of(request, f"link:{name}"),
        changes=await changes_of(request, "link", found.id or 0),
    )


@ROUTER.post("/links/{name}/baseline")
async def accept_baseline(request: Request, name: str) -> Response:
    """Accept the received power of now, at each end that reports one, as what the link should have."""
    data = await posted(request)
    person = actor(request)
    check(person, Act.WRITE, "links")
    seen = await overview(house_of(request), person)
    found = _found(seen, name)
    version = data.get("version", "")
    asked = int(version) if version.isascii() and version.isdigit() and len(version) < 10 else 0
    await run_sync(_accept, house_of(request), person, found, seen, asked)
    return RedirectResponse(f"/links/{name}?done=baseline", 303)


def _accept(house: House, person: Actor, found: Link, seen: Overview, version: int) -> None:
    values: dict[str, object] = {}
    for end, number, interface in (
        ("a", found.a_device_id, found.a_interface),
        ("b", found.b_device_id, found.b_interface),
    ):
        device = seen.devices.get(number)
        if device is None or not interface:
            continue
        selector = OPTICAL_RX(BASELINE_OVER, instance=device.name, ifName=interface)
        power = house.prometheus.query(f"min(avg_over_time({selector}))")
        if power:
            values[f"{end}_baseline_rx_dbm"] = round(power[0].value, 2)
            values[f"{end}_baseline_at"] = datetime.now(UTC)
    if not values:
        raise Conflict(_NO_LIGHT, _CHECK_OPTICS)
    update(house.books, person, NOUNS["links"], found.name, version, values)


def _found(seen: Overview, name: str) -> Link:
    found = next((one for one in seen.links.values() if one.name == name), None)
    if found is None:
        raise NotFound(Link.NOUN, name)
    return found


_NO_LIGHT: Final = Text(
    vi="Không đầu nào của đường truyền báo công suất quang trong 10 phút qua.",
    en="Neither end of the link has reported its optical power within the last 10 minutes.",
)
_CHECK_OPTICS: Final = Text(
    vi="Xem thiết bị có trả lời SNMP và mô-đun quang có hỗ trợ đo công suất không.",
    en="See whether the device answers SNMP and whether its optical module measures power.",
)
