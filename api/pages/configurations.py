"""The copies of a device's configuration: the list, what changed from one to another, and the way to restore."""

from collections.abc import Sequence
from typing import Final

from anyio.to_thread import run_sync
from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from api.configurations.archive import Copy
from api.configurations.comparing import Difference, difference, shown
from api.configurations.taking import SOURCE, Read, noted_of, proof_of
from api.configurations.versions import Version, device_of, note_taking, versions_of
from api.house import House, house_of
from api.http.auth import actor
from api.polling.checking import Outcome, check_now, device_targets
from api.views.rendering import render
from collector.platforms import PLATFORMS
from collector.probe import Result
from inventory.access.rights import Act, Actor, check, may
from inventory.db import writing
from inventory.network.devices import Device
from inventory.network.host_keys import trust_first
from inventory.network.observations import ingest_observations
from inventory.text import Text

ROUTER: Final = APIRouter(include_in_schema=False)

_COPY: Final = frozenset({SOURCE})

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
    file = f"{name}-{copy.at.astimezone(house.books.zone):%Y%m%d-%H%M}.cfg"
    headers = {"Content-Disposition": f'attachment; filename="{file}"', "Cache-Control": "no-store"}
    return Response(copy.text, media_type="text/plain; charset=utf-8", headers=headers)


@ROUTER.post("/devices/{name}/configurations/copy")
async def copy_now(request: Request, name: str) -> Response:
    """Read the configuration now, and keep it if it changed."""
    house, person = house_of(request), actor(request)
    check(person, Act.WRITE, "configurations")
    device = await run_sync(device_of, house.books, person, name)
    asked = await run_sync(lambda: device_targets(house.books, person, [name], only=_COPY))
    outcomes = await check_now(house, asked)
    if not outcomes or not outcomes[0].success:
        return await page(request, device, "", "", failed=outcomes[0] if outcomes else None, problems=asked.problems)
    written = await run_sync(_kept, house, person, outcomes[0].result)
    return RedirectResponse(f"/devices/{name}/configurations?done={'copied' if written else 'same_copy'}", 303)


def _kept(house: House, person: Actor, result: Result) -> bool:
    """Keep what was read, and note it as if the collector had reported it; return whether it differs from before."""
    target, read = result.target, result.configuration
    if read is None:
        return False
    one = Read(target.instance, target.site, read.platform, read.text, result.started_at)
    copy, written = house.archive.save(one.instance, one.platform, one.text, one.at)
    with writing(house.books.engine) as session:
        ingest_observations(session, noted_of(one, copy, written))
        trust_first(session, house.books.keys, person, [proof_of(one, seen) for seen in result.observations])
    return written


def _taken(house: House, person: Actor, name: str, version: str) -> Copy:
    device_of(house.books, person, name)
    copy = house.archive.version(name, version)
    note_taking(house.books, person, name)
    return copy


async def page(
    request: Request,
    device: Device,
    new: str,
    old: str,
    *,
    whole: bool = False,
    failed: Outcome | None = None,
    problems: Sequence[Text] = (),
) -> Response:
    """Return the page of a device's copies.

    Args:
        request: What the browser asked.
        device: Which one.
        new: Version that is shown; empty for the newest.
        old: Version that it is compared with; empty for the one before it.
        whole: Whether all of it is shown instead of what differs.
        failed: Why no copy could be made just now.
        problems: What in the books keeps one from being made.
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
        failed=failed,
        problems=problems,
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
