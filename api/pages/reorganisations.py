"""Mergers of units: past ones, a new one that is rehearsed before it is done, its record, and taking it back."""

from collections.abc import Mapping, Sequence
from hashlib import sha256
from typing import Any, Final

from anyio.to_thread import run_sync
from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from api.house import house_of
from api.http.auth import actor
from api.pages.edits import version_of
from api.views.changes import changes_of
from api.views.forms import Form
from api.views.merging import (
    FIELDS,
    KINDS,
    SELECTS,
    SHOWN,
    address_of,
    at_fields,
    day_named,
    entry_of,
    proposed,
    totals_of,
    units_of,
)
from api.views.rendering import render
from inventory.access.rights import Act, check, may
from inventory.audit.mergers import Candidate, beside, candidates, merger_record
from inventory.audit.reorganisation import Outcome, reorganise, undo
from inventory.errors import Conflict, Invalid, QuangError, Stale
from inventory.nouns import REORGANISATIONS
from inventory.places.reorganisations import MOST_PAIRS
from inventory.register import Query, list_

ROUTER: Final = APIRouter(include_in_schema=False)

MOST: Final = 200
_MOST_FIELDS: Final = MOST_PAIRS + 20


@ROUTER.get("/reorganisations")
async def mergers(request: Request) -> Response:
    """Show the past ones, the newest first."""
    house, person = house_of(request), actor(request)
    check(person, Act.READ, "reorganisations")
    page = await run_sync(list_, house.books, person, REORGANISATIONS, Query(limit=MOST, sort="-created_at"))
    return render(
        request,
        "reorganisations/list.html",
        rows=page.items,
        may_merge=may(person, Act.ADMINISTER, "reorganisations"),
    )


@ROUTER.get("/reorganisations/start")
async def start(request: Request) -> Response:
    """Show the form of a new one, with the successions that the books name already."""
    house, person = house_of(request), actor(request)
    units = await run_sync(candidates, house.books, person)
    day = day_named(units)
    form = Form(FIELDS, {"day": day or house.books.today().isoformat()})
    return _form_page(request, form, units, proposed(units, day))


@ROUTER.post("/reorganisations/rehearse")
async def rehearse(request: Request) -> Response:
    """Show what would move; nothing is written."""
    return await _act(request, rehearsing=True)


@ROUTER.post("/reorganisations/start")
async def merge(request: Request) -> Response:
    """Merge the units as they were rehearsed; if it would be something else by now, show that instead."""
    return await _act(request, rehearsing=False)


@ROUTER.get("/reorganisations/{number}")
async def show(request: Request, number: str) -> Response:
    """Show one: which units went into which, and all that moved."""
    return await _page(request, number)


@ROUTER.get("/reorganisations/{number}/print")
async def printed(request: Request, number: str) -> Response:
    """Show its record, ready to print."""
    record = await run_sync(merger_record, house_of(request).books, actor(request), number)
    units = units_of(_pairs(record.row.pairs), record.things)
    return render(
        request,
        "reorganisations/paper.html",
        row=record.row,
        names=record.names,
        units=units,
        totals=totals_of(units),
        kinds=KINDS,
        assets=[one for one in record.things if one.noun == "asset"],
    )


@ROUTER.post("/reorganisations/{number}/undo")
async def take_back(request: Request, number: str) -> Response:
    """Move everything back."""
    data = await request.form(max_files=0, max_fields=10)
    version = version_of({name: value for name, value in data.items() if isinstance(value, str)})
    try:
        await run_sync(undo, house_of(request).books, actor(request), number, version)
    except (Conflict, Stale) as error:
        return await _page(request, number, error)
    return RedirectResponse(f"/reorganisations/{number}?done=moved_back", 303)


async def _act(request: Request, *, rehearsing: bool) -> Response:
    books, person = house_of(request).books, actor(request)
    check(person, Act.ADMINISTER, "reorganisations")
    sent = await request.form(max_files=0, max_fields=_MOST_FIELDS)
    data = {name: value for name, value in sent.items() if isinstance(value, str)}
    form = Form(FIELDS)
    form.take(data)
    entry, chosen = entry_of(form, data)
    changing = data.get("change") == "1"
    try:
        rehearsed = None if changing else await run_sync(lambda: reorganise(books, person, entry, rehearse=True))
        if rehearsed is not None and not rehearsing and data.get("seen") == _mark(rehearsed):
            done = await run_sync(reorganise, books, person, entry)
            return RedirectResponse(f"/reorganisations/{done.number}?done=merged", 303)
    except (Invalid, Conflict) as error:
        units = await run_sync(candidates, books, person)
        if isinstance(error, Invalid):
            form.refuse(at_fields(error.problems, chosen))
        else:
            form.error = error
        return _form_page(request, form, units, chosen, 422 if isinstance(error, Invalid) else 409)
    units = await run_sync(candidates, books, person)
    if rehearsed is None:
        return _form_page(request, form, units, chosen)
    return await _rehearsal_page(request, form, units, chosen, rehearsed, again=not rehearsing)


async def _rehearsal_page(
    request: Request, form: Form, units: list[Candidate], chosen: Mapping[str, str], found: Outcome, *, again: bool
) -> Response:
    told = units_of(found.pairs, found.things)
    others = await run_sync(beside, house_of(request).books, actor(request), [old for old, _ in found.pairs])
    return render(
        request,
        "reorganisations/rehearsal.html",
        form=form,
        chosen=chosen,
        seen=_mark(found),
        again=again,
        names={one.slug: one.name for one in units},
        units=told,
        totals=totals_of(told),
        kinds=KINDS,
        most=SHOWN,
        beside=others,
        address_of=address_of,
    )


def _form_page(
    request: Request, form: Form, units: list[Candidate], chosen: Mapping[str, str], status: int = 200
) -> Response:
    return render(
        request,
        "reorganisations/start.html",
        status=status,
        form=form,
        units=units,
        chosen=chosen,
        names={one.slug: one.name for one in units},
        selects=len(units) <= SELECTS,
        named=len(chosen),
    )


async def _page(request: Request, number: str, error: QuangError | None = None) -> Response:
    house, person = house_of(request), actor(request)
    record = await run_sync(merger_record, house.books, person, number)
    units = units_of(_pairs(record.row.pairs), record.things)
    return render(
        request,
        "reorganisations/reorganisation.html",
        status=200 if error is None else 409,
        row=record.row,
        names=record.names,
        units=units,
        totals=totals_of(units),
        kinds=KINDS,
        most=SHOWN,
        address_of=address_of,
        error=error,
        may_merge=may(person, Act.ADMINISTER, "reorganisations"),
        changes=await changes_of(request, "reorganisation", record.row.id or 0),
    )


def _pairs(stored: Sequence[Mapping[str, Any]]) -> list[tuple[str, str]]:
    return [(str(one["old"]), str(one["new"])) for one in stored]


def _mark(found: Outcome) -> str:
    """Return a digest of what moves, so that what was looked at is what is done."""
    words = "\n".join(sorted(f"{one.noun} {one.key} {one.old} {one.new}" for one in found.things))
    return sha256(f"{found.pairs}\n{words}".encode()).hexdigest()
