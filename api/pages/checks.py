"""The button "check now": one poll by the collector that stands nearest, its outcome shown in place."""

from typing import Final

from anyio.to_thread import run_sync
from fastapi import APIRouter, Request
from starlette.responses import Response

from api.house import house_of
from api.http.auth import actor
from api.polling.checking import Asked, check_now, device_targets, ends_to_ask, service_targets
from api.views.rendering import render
from inventory.access.rights import Act, check

ROUTER: Final = APIRouter(include_in_schema=False)

_OF_A_LINE: Final = frozenset({"icmp", "snmp_link", "snmp_optics"})


@ROUTER.post("/checks/devices/{name}")
async def check_device(request: Request, name: str) -> Response:
    """Ask a device everything that the books ask of it."""
    check(actor(request), Act.READ, "devices")
    return await _answer(request, await run_sync(device_targets, house_of(request).books, actor(request), [name]))


@ROUTER.post("/checks/links/{name}")
async def check_link(request: Request, name: str) -> Response:
    """Ask both ends of a link for its state and its light."""
    check(actor(request), Act.READ, "links")
    books, person = house_of(request).books, actor(request)

    def ends() -> Asked:
        return device_targets(books, person, ends_to_ask(books, person, name), only=_OF_A_LINE)

    return await _answer(request, await run_sync(ends))


@ROUTER.post("/checks/services/{name}")
async def check_service(request: Request, name: str) -> Response:
    """Use a service once."""
    check(actor(request), Act.READ, "services")
    return await _answer(request, await run_sync(service_targets, house_of(request).books, actor(request), name))


async def _answer(request: Request, asked: Asked) -> Response:
    outcomes = await check_now(house_of(request), asked)
    template = "checks/outcomes.html" if "hx-request" in request.headers else "checks/page.html"
    return render(request, template, outcomes=outcomes, problems=asked.problems)
