"""Revising a campaign by a form: all of it before it begins, afterwards what stands on its minutes."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Final

from anyio.to_thread import run_sync
from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from api.house import house_of
from api.http.auth import actor
from api.pages.edits import version_of
from api.pages.stocktakes import FIELDS, sent_of, site_choices
from api.views.forms import Field, Form, posted
from api.views.rendering import render
from api.views.stocktaking import Campaign, campaign
from inventory.access.rights import Act, check
from inventory.assets.categories import CATEGORIES
from inventory.audit.revising import revise
from inventory.audit.stocktake import Stocktake, StocktakeState
from inventory.errors import Conflict, Invalid, NotFound, Stale
from inventory.text import Text

ROUTER: Final = APIRouter(include_in_schema=False)

KEEP: Final = Text(vi="Để “–” thì giữ các đơn vị hiện có.", en="With “–” the sites stay as they are.")
SCOPE: Final = ("site", "below", "evidence_days", *(f"category-{code}" for code in CATEGORIES))
"""Fields that are gone once the list is frozen."""


@ROUTER.get("/stocktakes/{number}/edit")
async def edit(request: Request, number: int) -> Response:
    """Show the form with what is planned."""
    one = await _campaign(request, number)
    return await _page(request, one, Form(fields_of(one.row), _values(one.row), version=one.row.version))


@ROUTER.post("/stocktakes/{number}/edit")
async def change(request: Request, number: int) -> Response:
    """Write the campaign as it was typed, or show what is wrong with it."""
    house, person = house_of(request), actor(request)
    one = await _campaign(request, number)
    data = await posted(request)
    form = Form(fields_of(one.row), version=version_of(data))
    form.take(data)
    try:
        await run_sync(lambda: revise(house.books, person, number, form.version, _sent(request, one, form)))
    except Invalid as error:
        form.refuse(error.problems)
        return await _page(request, one, form, 422)
    except (Conflict, Stale) as error:
        form.error = error
        return await _page(request, one, form, 409)
    return RedirectResponse(f"/stocktakes/{number}?done=saved", 303)


def fields_of(row: Stocktake) -> Sequence[Field]:
    """Return the fields that may still be changed."""
    open_ = row.state == StocktakeState.DRAFT
    fields = [one for one in FIELDS if open_ or one.name not in SCOPE]
    return [replace(one, required=False, hint=KEEP) if one.name == "site" else one for one in fields]


async def _campaign(request: Request, number: int) -> Campaign:
    person = actor(request)
    check(person, Act.WRITE, "stocktakes")
    one = await run_sync(campaign, house_of(request), person, number)
    if one.state == StocktakeState.SIGNED:
        raise NotFound(Stocktake.NOUN, str(number))
    return one


def _values(row: Stocktake) -> dict[str, str]:
    kept = ("title", "unit", "department", "unit_code", "head_of_unit", "chief_accountant")
    people = sorted(row.committee, key=lambda member: member["role"] != "head")
    values = {name: str(getattr(row, name)) for name in kept}
    values |= {f"category-{code}": "1" for code in row.categories}
    return values | {
        "due": row.due.isoformat(),
        "evidence_days": str(row.evidence_days),
        "below": "1",
        "committee": "\n".join(", ".join(word for word in (one["name"], one["title"]) if word) for one in people),
    }


def _sent(request: Request, one: Campaign, form: Form) -> dict[str, Any]:
    """Return what was typed, with what the form does not ask for as it is."""
    missing = {field.name: "" for field in FIELDS if field.name not in form.values}
    whole = Form(FIELDS, missing | form.values)
    sent = sent_of(house_of(request), actor(request), whole)
    if one.state != StocktakeState.DRAFT:
        sent |= {"categories": list(one.row.categories), "evidence_days": one.row.evidence_days}
    if not whole.values["site"]:
        sent["sites"] = [site.slug for site in one.sites]
    return sent


async def _page(request: Request, one: Campaign, form: Form, status: int = 200) -> Response:
    if one.state == StocktakeState.DRAFT:
        form.choices = {"site": await run_sync(site_choices, house_of(request), actor(request))}
    plain = [field for field in form.fields if not field.name.startswith("category-")]
    kinds = [field for field in form.fields if field.name.startswith("category-")]
    return render(request, "stocktakes/start.html", status=status, form=form, plain=plain, kinds=kinds, one=one)
