"""Assets: the list, the page of each, and the form with the fields of its category."""

from typing import Any, Final
from urllib.parse import quote

from anyio.to_thread import run_sync
from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from api.house import House, house_of
from api.http.auth import actor
from api.pages.edits import MOST_CHOICES, version_of
from api.views.asset_forms import AssetForm, fields_of, told_of, values_of
from api.views.asset_list import CATEGORY_OPTIONS, SORTS, STATUS_OPTIONS, asset_list
from api.views.asset_page import asset_page
from api.views.changes import changes_of
from api.views.forms import Options, posted
from api.views.noun_form import NounForm
from api.views.rendering import render
from api.views.wear_asset import wear_of_asset
from inventory.access.rights import Act, Actor, check, may
from inventory.assets.asset_noun import ASSETS
from inventory.assets.categories import CATEGORIES
from inventory.assets.lifecycle import MOVES, STATUS_LABELS, AssetStatus, acts_from
from inventory.errors import Conflict, Invalid, Stale
from inventory.nouns import NOUNS
from inventory.register import Query, create, get, list_, update
from inventory.text import Text, same

ROUTER: Final = APIRouter(include_in_schema=False)

FORM: Final = NounForm(
    "assets", Text(vi="Thêm tài sản", en="Add an asset"), Text(vi="Sửa tài sản", en="Change the asset"), (), {}
)  # fmt: skip


@ROUTER.get("/assets")
async def assets(request: Request) -> Response:
    """Show the list."""
    house, person = house_of(request), actor(request)
    check(person, Act.READ, "assets")
    found = await run_sync(asset_list, request, house, person)
    return render(
        request,
        "assets/list.html",
        found=found,
        categories=CATEGORY_OPTIONS,
        category_of=CATEGORIES,
        statuses=STATUS_OPTIONS,
        status_of=STATUS_LABELS,
        sorts=SORTS,
        moves={kind: move for kind, move in MOVES.items() if move.steps},
    )


@ROUTER.get("/assets/new")
async def new(request: Request, category: str = "desktop", site: str = "") -> Response:
    """Show the form for a new one of a category; what the address gives of it stands in its fields."""
    person = actor(request)
    check(person, Act.WRITE, "assets")
    code = category if category in CATEGORIES else "other"
    given = {name: request.query_params.get(name, "")[:200] for name in ("name", "serial", "mac")}
    form = AssetForm(fields_of(code, new=True), {"status": AssetStatus.IN_STOCK.value, "site": site[:64], **given})
    return await _form_page(request, form, code, "")


@ROUTER.post("/assets/new")
async def add(request: Request) -> Response:
    """Write a new one, or show what is wrong with it beside what was typed."""
    house, person = house_of(request), actor(request)
    check(person, Act.WRITE, "assets")
    data = await posted(request)
    code = data.get("category", "")[:32]
    form = AssetForm(fields_of(code, new=True))
    form.take(data)
    try:
        made = await run_sync(create, house.books, person, ASSETS, form.typed() | {"category": code})
    except (Invalid, Conflict) as error:
        return await _again(request, form, code, "", error)
    return RedirectResponse(address_of(made.key, "created"), 303)


@ROUTER.get("/assets/{tag:path}/edit")
async def edit(request: Request, tag: str) -> Response:
    """Show the form with what stands in the books."""
    house, person = house_of(request), actor(request)
    check(person, Act.WRITE, "assets")
    stored = (await run_sync(get, house.books, person, ASSETS, tag)).model_dump()
    fields = fields_of(stored["category"], new=False)
    form = AssetForm(fields, values_of(stored, fields), version=stored["version"])
    return await _form_page(request, form, stored["category"], tag)


@ROUTER.post("/assets/{tag:path}/edit")
async def change(request: Request, tag: str) -> Response:
    """Write a change made from the version that was shown; after somebody else's, show both."""
    house, person = house_of(request), actor(request)
    check(person, Act.WRITE, "assets")
    data = await posted(request)
    stored = (await run_sync(get, house.books, person, ASSETS, tag)).model_dump()
    form = AssetForm(fields_of(stored["category"], new=False), version=version_of(data))
    form.take(data)
    try:
        made = await run_sync(update, house.books, person, ASSETS, tag, form.version, form.typed())
    except Stale as error:
        form.version, form.error = stored["version"], error
        rows = form.differing(stored)
        return render(request, "forms/conflict.html", status=412, form_of=FORM, form=form, key=tag, rows=rows)
    except (Invalid, Conflict) as error:
        return await _again(request, form, stored["category"], tag, error)
    return RedirectResponse(address_of(made.key, "saved"), 303)


@ROUTER.get("/assets/{tag:path}")
async def asset(request: Request, tag: str) -> Response:
    """Show one asset: what it is, who answers for it, what can be done with it, what happened to it."""
    house, person = house_of(request), actor(request)
    check(person, Act.READ, "assets")
    found = await run_sync(asset_page, house, person, tag)
    one = found.asset
    status = AssetStatus(one.status)
    acts = acts_from(status) if may(person, Act.WRITE, "documents") and one.retired_at is None else ()
    category = CATEGORIES.get(one.category)
    return render(
        request,
        "assets/asset.html",
        found=found,
        thing=one,
        stage=STATUS_LABELS[status],
        category=category.label if category else same(one.category),
        attributes=told_of(one.category, one.attributes),
        acts=[(kind, MOVES[kind].label) for kind in acts],
        moves=MOVES,
        today=house.books.today(),
        wear=await run_sync(wear_of_asset, house, person, tag) if status != AssetStatus.PLANNED else None,
        changes=await changes_of(request, "asset", one.id or 0),
    )


def address_of(tag: str, done: str = "") -> str:
    """Return the address of an asset's page; a tag may hold slashes."""
    return f"/assets/{quote(tag)}" + (f"?done={done}" if done else "")


async def _again(request: Request, form: AssetForm, category: str, tag: str, error: Invalid | Conflict) -> Response:
    if isinstance(error, Invalid):
        form.problems = error.problems
    else:
        form.error = error
    return await _form_page(request, form, category, tag, 422 if isinstance(error, Invalid) else 409)


async def _form_page(request: Request, form: AssetForm, category: str, tag: str, status: int = 200) -> Response:
    form.choices = await run_sync(_choices, house_of(request), actor(request), category)
    label = CATEGORIES[category].label if category in CATEGORIES else same(category or "–")
    return render(
        request,
        "assets/form.html",
        status=status,
        form=form,
        form_of=FORM,
        key=tag,
        category=category,
        category_label=label,
        categories=CATEGORY_OPTIONS,
    )


def _choices(house: House, person: Actor, category: str) -> dict[str, Options]:
    def rows(noun: str, sort: str, **filters: str) -> list[Any]:
        query = Query(filters=filters, limit=MOST_CHOICES, sort=sort)
        return list(list_(house.books, person, NOUNS[noun], query).items)

    products = rows("products", "manufacturer", category=category) if category in CATEGORIES else []
    return {
        "site": [(one.slug, same(f"{one.name} ({one.slug})")) for one in rows("sites", "name")],
        "product": [(one.slug, same(f"{one.manufacturer} {one.model}")) for one in products],
        "supplier": [(one.slug, same(one.name)) for one in rows("providers", "name", is_supplier="true")],
    }
