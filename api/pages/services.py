"""Services: the list and the page of each."""

from typing import Final

from fastapi import APIRouter, Request
from starlette.responses import Response

from api.house import house_of
from api.http.auth import actor
from api.views.changes import changes_of
from api.views.charting import RANGES
from api.views.choices import KINDS_OF_SERVICE
from api.views.faults import fault
from api.views.narrowing import part_of, services_of
from api.views.overview import overview
from api.views.record import record_of
from api.views.rendering import render
from api.views.states import State
from inventory.access.rights import Act, check
from inventory.errors import NotFound
from inventory.network.services import Service, ServiceKind

ROUTER: Final = APIRouter(include_in_schema=False)


@ROUTER.get("/services")
async def services(request: Request) -> Response:
    """Show the list."""
    check(actor(request), Act.READ, "services")
    seen = await overview(house_of(request), actor(request))
    part = part_of(request, services_of(request, seen))
    return render(
        request, "services/list.html", part=part, seen=seen, states=list(State), service_kinds=KINDS_OF_SERVICE
    )


@ROUTER.get("/services/{name}")
async def service(request: Request, name: str, range: str = "6h") -> Response:  # noqa: A002 - the address says `range`
    """Show one service: whether it works, how fast it answers, who owns it."""
    check(actor(request), Act.READ, "services")
    seen = await overview(house_of(request), actor(request))
    found = next((one for one in seen.services.values() if one.name == name), None)
    if found is None:
        raise NotFound(Service.NOUN, name)
    return render(
        request,
        "services/service.html",
        service=found,
        kind=KINDS_OF_SERVICE[ServiceKind(found.kind)],
        state=seen.state_of(f"service:{name}"),
        site=seen.sites.get(found.site_id),
        host=seen.devices.get(found.host_device_id or 0),
        seen=seen,
        ranges=RANGES,
        range=range if range in RANGES else "6h",
        faults=[fault(one, seen) for one in seen.incidents if one.element == f"service:{name}"],
        record=await record_of(request, f"service:{name}"),
        changes=await changes_of(request, "service", found.id or 0),
    )
