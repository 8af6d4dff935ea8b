"""Counting: the page for the phone, its worker, and what the network vouches for."""

import hashlib
from typing import Final

from anyio.to_thread import run_sync
from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from api.house import house_of
from api.http.auth import actor
from api.views import static_files as assets
from api.views.labels import PREFIX
from api.views.rendering import POLICY, render
from api.views.stocktaking import count, phone_list
from inventory.access.rights import Act, check
from inventory.audit.evidence import MOST_CONFIRMED, confirm
from inventory.errors import Conflict, Invalid

ROUTER: Final = APIRouter(include_in_schema=False)

COUNT_POLICY: Final = POLICY.replace("img-src 'self' data:", "img-src 'self' data: blob:") + (
    "; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self'"
)
"""The reader of labels is a wasm program: compiling it has to be allowed here, and on no other page."""

SHELL: Final = (
    "barcode.js", "barcode.wasm", "count.css", "favicon.svg", "htmx.js", "icons.svg", "js/count.js",
    "js/count_queue.js", "js/count_scan.js", "js/count_store.js", "js/phone.js", "js/quang.js", "js/theme.js",
    "quang.css", "tabler.css",
)  # fmt: skip
"""What the page for the phone loads; all of it is kept in the phone."""

_MOST_FIELDS: Final = MOST_CONFIRMED + 10


@ROUTER.get("/stocktakes/worker.js")
async def worker(request: Request) -> Response:
    """Send the script that opens the counting page without a connection."""
    check(actor(request), Act.COUNT, "stocktakes")
    shell = [assets.url(name) for name in SHELL]
    version = hashlib.sha256(" ".join(shell).encode()).hexdigest()[:12]
    response = render(request, "stocktakes/worker.js", shell=shell, version=version)
    response.headers["Content-Type"] = "text/javascript; charset=utf-8"
    response.headers["Cache-Control"] = "no-cache"
    return response


@ROUTER.get("/stocktakes/{number}/count")
async def count_page(request: Request, number: int) -> Response:
    """Show the page on which a phone counts."""
    person = actor(request)
    check(person, Act.COUNT, "stocktakes")
    one, lines = await run_sync(phone_list, house_of(request), person, number)
    # Where there is something on the list, unless the reader comes from a certain site.
    chosen = request.query_params.get("site", "") or (one.progress[0].site if one.progress else "")
    response = render(
        request,
        "stocktakes/count.html",
        one=one,
        sites=[{"slug": site.slug, "name": site.name} for site in one.sites],
        chosen=chosen,
        rooms=sorted({line.room for line in lines if line.room}),
        prefix=PREFIX,
    )
    response.headers["Content-Security-Policy"] = COUNT_POLICY
    return response


@ROUTER.get("/stocktakes/{number}/evidence")
async def evidence_page(request: Request, number: int) -> Response:
    """Show what the network vouches for."""
    return await _evidence_page(request, number)


@ROUTER.post("/stocktakes/{number}/evidence")
async def confirm_lines(request: Request, number: int) -> Response:
    """Confirm the lines that were ticked."""
    person = actor(request)
    data = await request.form(max_files=0, max_fields=_MOST_FIELDS)
    given = [value for value in data.getlist("line") if isinstance(value, str)]
    lines = [int(value) for value in given if value.isascii() and value.isdigit() and len(value) < 7]
    try:
        await run_sync(confirm, house_of(request).books, person, number, lines)
    except (Invalid, Conflict) as error:
        return await _evidence_page(request, number, error)
    return RedirectResponse(f"/stocktakes/{number}/evidence?done=confirmed", 303)


async def _evidence_page(request: Request, number: int, error: Invalid | Conflict | None = None) -> Response:
    person = actor(request)
    check(person, Act.COUNT, "stocktakes")
    found = await run_sync(count, house_of(request), person, number)
    return render(
        request,
        "stocktakes/evidence.html",
        status=200 if error is None else 409,
        one=found.campaign,
        evidence=found.evidence,
        error=error,
    )
