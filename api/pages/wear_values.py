"""What assets are worth on a day, past or future; the wear of one asset with the facts that it rests on."""

from typing import Final
from urllib.parse import quote

from anyio.to_thread import run_sync
from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from api.house import house_of
from api.http.auth import actor
from api.http.refusals import NoSuchPage
from api.pages.edits import version_of
from api.views.asset_list import CATEGORY_OPTIONS
from api.views.forms import Form, posted
from api.views.rendering import render
from api.views.wear_asset import wear_of_asset
from api.views.wear_fact_forms import FIELDS, MEANINGS, entry_of
from api.views.wear_values import FIRST_DAY, KINDS, LAST_DAY, SORTS, sums_of, values_page
from inventory.access.rights import Act, check, may
from inventory.assets.wear_facts import FACT_LABELS, WearFactKind
from inventory.assets.wear_noting import note_fact, withdraw_fact
from inventory.errors import Conflict, Invalid, Stale

ROUTER: Final = APIRouter(include_in_schema=False)


@ROUTER.get("/wear")
async def values(request: Request) -> Response:
    """Show what assets are worth on a day."""
    house, person = house_of(request), actor(request)
    check(person, Act.READ, "assets")
    return render(
        request,
        "wear/values.html",
        found=await run_sync(values_page, request, house, person),
        categories=CATEGORY_OPTIONS,
        kinds=KINDS,
        sorts=SORTS,
        bounds=(FIRST_DAY, LAST_DAY),
    )


@ROUTER.get("/wear/sums")
async def sums(request: Request) -> Response:
    """Give the sums over all that fits, for their place on the page of values."""
    house, person = house_of(request), actor(request)
    check(person, Act.READ, "assets")
    found = await run_sync(sums_of, request, house, person)
    return render(request, "wear/sums.html", found=found, today=house.books.today())


@ROUTER.get("/wear/assets/{tag:path}")
async def asset(request: Request, tag: str, kind: str = "") -> Response:
    """Show the wear of an asset year by year, its facts, and the form for one more of a kind."""
    chosen = _kind(kind) if kind else None
    form = Form(FIELDS[chosen] if chosen else (), {"day": house_of(request).books.today().isoformat()})
    return await _page(request, tag, chosen, form)


@ROUTER.post("/wear/assets/{tag:path}")
async def note(request: Request, tag: str) -> Response:
    """Note a fact, or show what is wrong with it."""
    house, person = house_of(request), actor(request)
    check(person, Act.WRITE, "assets")
    data = await posted(request)
    kind = _kind(data.get("kind", ""))
    form = Form(FIELDS[kind])
    form.take(data)
    try:
        await run_sync(note_fact, house.books, person, entry_of(kind, tag, form), house.rulebooks)
    except Invalid as error:
        form.refuse(error.problems)
        return await _page(request, tag, kind, form, 422)
    except Conflict as error:
        form.error = error
        return await _page(request, tag, kind, form, 409)
    return RedirectResponse(f"/wear/assets/{quote(tag)}?done=saved", 303)


@ROUTER.post("/wear/facts/{number}/withdraw")
async def withdraw(request: Request, number: int) -> Response:
    """Take a wrong fact back; it stays in the history."""
    house, person = house_of(request), actor(request)
    check(person, Act.WRITE, "assets")
    data = await posted(request)
    try:
        fact = await run_sync(withdraw_fact, house.books, person, number, version_of(data), house.rulebooks)
    except (Conflict, Stale) as error:
        return await _page(request, data.get("tag", "")[:64], None, Form((), error=error), 409)
    return RedirectResponse(f"/wear/assets/{quote(fact.asset)}?done=withdrawn", 303)


async def _page(request: Request, tag: str, kind: WearFactKind | None, form: Form, status: int = 200) -> Response:
    house, person = house_of(request), actor(request)
    check(person, Act.READ, "assets")
    found = await run_sync(wear_of_asset, house, person, tag)
    return render(
        request,
        "wear/asset.html",
        status=status,
        found=found,
        thing=found.asset,
        kind=kind,
        form=form,
        labels=FACT_LABELS,
        meanings=MEANINGS,
        today=house.books.today(),
        may_note=may(person, Act.WRITE, "assets"),
    )


def _kind(given: str) -> WearFactKind:
    if given not in {kind.value for kind in WearFactKind}:
        raise NoSuchPage
    return WearFactKind(given)
