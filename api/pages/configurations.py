"""The copies of a device's configuration: the list, what changed from one to another, and the way to restore."""

from typing import Final

from anyio.to_thread import run_sync
from fastapi import APIRouter, Request
from starlette.responses import Response

from api.configurations.archive import Copy
from api.configurations.comparing import Difference, difference, shown
from api.configurations.versions import Version, device_of, note_taking, versions_of
from api.house import House, house_of
from api.http.auth import actor
from api.views.rendering import render
from collector.platforms import PLATFORMS
from inventory.access.rights import Act, Actor, check, may
from inventory.network.devices import Device

ROUTER: Final = APIRouter(include_in_schema=False)

MOST_SHOWN: Final = 5_000
"""Lines of a whole configuration on a page; the file has them all."""


@ROUTER.get("/devices/{name}/configurations")
async def configurations(request: Request, name: str, new: str = "", old: str = "", whole: bool = False) -> Response:
    """Show the copies of a device, and what differs between two of them."""
    house, person = house_of(request), actor(request)
    check(person, Act.READ, "configurations")
    device = await run_sync(device_of, house.books, person, name)
    return await page(request, device, new, old, whole=whole)


@ROUTER.post("/devices/{name}/configurations/{version}/take")
async def take(request: Request, name: str, version: str) -> Response:
    """Give out one copy with its secrets, after it is written down who took it."""
    house, person = house_of(request), actor(request)
    check(person, Act.ADMINISTER, "configurations")
    copy = await run_sync(_taken, house, person, name, version)
    file = f"{name}-{copy.at:%Y%m%d-%H%M}.cfg"
    headers = {"Content-Disposition": f'attachment; filename="{file}"', "Cache-Control": "no-store"}
    return Response(copy.text, media_type="text/plain; charset=utf-8", headers=headers)


def _taken(house: House, person: Actor, name: str, version: str) -> Copy:
    device_of(house.books, person, name)
    copy = house.archive.version(name, version)
    note_taking(house.books, person, name)
    return copy


async def page(request: Request, device: Device, new: str, old: str, *, whole: bool = False) -> Response:
    """Return the page of a device's copies.

    Args:
        request: What the browser asked.
        device: Which one.
        new: Version that is shown; empty for the newest.
        old: Version that it is compared with; empty for the one before it.
        whole: Whether all of it is shown instead of what differs.
    """
    house = house_of(request)
    versions = await run_sync(versions_of, house.books, device.name)
    newer = _chosen(versions, new, 0)
    place = versions.index(newer) if newer in versions else 0
    older = _chosen(versions, old, place + 1)
    differs, lines = await run_sync(_compared, house, device.name, newer, older, whole)
    platform = PLATFORMS.get(device.platform)
    return render(
        request,
        "devices/configurations.html",
        device=device,
        platform=platform,
        versions=versions,
        newer=newer,
        older=older,
        differs=differs,
        lines=lines,
        most=MOST_SHOWN,
        may_take=may(actor(request), Act.ADMINISTER, "configurations"),
    )


def _chosen(versions: list[Version], wanted: str, place: int) -> Version | None:
    found = next((one for one in versions if one.version == wanted), None)
    return found or (versions[place] if place < len(versions) else None)


def _compared(
    house: House, name: str, newer: Version | None, older: Version | None, whole: bool
) -> tuple[Difference | None, list[str]]:
    if newer is None:
        return None, []
    copy = house.archive.version(name, newer.version)
    if whole or older is None:
        return None, shown(house.archive, copy)
    return difference(house.archive, house.archive.version(name, older.version), copy), []
