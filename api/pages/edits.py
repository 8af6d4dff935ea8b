"""Adding, changing and retiring what stands in the books, with one form for each noun."""

from typing import Any, Final

from anyio.to_thread import run_sync
from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from api.house import House, house_of
from api.http.auth import actor
from api.http.refusals import NoSuchPage
from api.views.forms import Form, Options, posted, shown, within
from api.views.noun_form import NounForm
from api.views.noun_forms import DEFAULTS, FORMS
from api.views.rendering import render
from inventory.access.rights import Actor, check
from inventory.errors import Conflict, Invalid, Stale
from inventory.nouns import NOUNS
from inventory.register import Query, create, get, list_, restore, retire, update
from inventory.text import same

ROUTER: Final = APIRouter(include_in_schema=False)

MOST_CHOICES: Final = 500


@ROUTER.get("/{noun}/new")
async def new(request: Request, noun: str) -> Response:
    """Show the form for a new one; what the address gives (`?site=tan-lap`) stands in its fields."""
    form_of, house, person = _form_of(noun), house_of(request), actor(request)
    check(person, NOUNS[noun].write, noun)
    given = {
        one.name: request.query_params.get(one.name, "")[: one.longest] for one in form_of.fields if not one.secret
    }
    form = Form(form_of.fields, dict(DEFAULTS[noun]) | {name: words for name, words in given.items() if words})
    form.choices = await run_sync(choices_of, house, person, form_of)
    return _form_page(request, form_of, form, "")


@ROUTER.post("/{noun}/new")
async def add(request: Request, noun: str) -> Response:
    """Write a new one, or show what is wrong with it beside what was typed."""
    form_of, house, person = _form_of(noun), house_of(request), actor(request)
    check(person, NOUNS[noun].write, noun)
    form = Form(form_of.fields)
    form.take(await posted(request))
    try:
        made = await run_sync(create, house.books, person, NOUNS[noun], form.typed())
    except (Invalid, Conflict) as error:
        return await _again(request, form_of, form, "", error)
    if noun == "accounts":
        return RedirectResponse(f"/accounts/{made.key}?done=created", 303)
    return RedirectResponse(f"/{noun}/{made.key}?done=created", 303)


@ROUTER.get("/{noun}/{key}/edit")
async def edit(request: Request, noun: str, key: str) -> Response:
    """Show the form with what stands in the books."""
    form_of, house, person = _form_of(noun), house_of(request), actor(request)
    check(person, NOUNS[noun].write, noun)
    form, _ = await run_sync(_filled, house, person, form_of, key)
    form.choices = await run_sync(choices_of, house, person, form_of)
    return _form_page(request, form_of, form, key)


@ROUTER.post("/{noun}/{key}/edit")
async def change(request: Request, noun: str, key: str) -> Response:
    """Write a change made from the version that was shown; after somebody else's, show both."""
    form_of, house, person = _form_of(noun), house_of(request), actor(request)
    check(person, NOUNS[noun].write, noun)
    data = await posted(request)
    form = Form(form_of.fields, version=version_of(data))
    form.take(data)
    try:
        _, form.stored = await run_sync(_filled, house, person, form_of, key)
        await run_sync(update, house.books, person, NOUNS[noun], key, form.version, form.typed())
    except Stale as error:
        return await _conflict(request, form_of, form, key, error)
    except (Invalid, Conflict) as error:
        return await _again(request, form_of, form, key, error)
    return RedirectResponse(f"/{noun}/{key}?done=saved", 303)


@ROUTER.post("/{noun}/{key}/retire")
async def retire_act(request: Request, noun: str, key: str) -> Response:
    """Take one out of use; its history stays."""
    form_of, house, person = _form_of(noun), house_of(request), actor(request)
    data = await posted(request)
    try:
        await run_sync(retire, house.books, person, NOUNS[noun], key, version_of(data))
    except (Conflict, Stale) as error:
        form, _ = await run_sync(_filled, house, person, form_of, key)
        return await _again(request, form_of, form, key, error)
    return RedirectResponse(f"/{noun}?done=retired", 303)


@ROUTER.post("/{noun}/{key}/restore")
async def restore_act(request: Request, noun: str, key: str) -> Response:
    """Take one into use again."""
    _form_of(noun)
    data = await posted(request)
    await run_sync(restore, house_of(request).books, actor(request), NOUNS[noun], key, version_of(data))
    return RedirectResponse(f"/{noun}/{key}?done=restored", 303)


def choices_of(house: House, person: Actor, form_of: NounForm) -> dict[str, Options]:
    """Return the choices of those fields that name something else in the books."""
    lists: dict[str, Options] = {}
    for noun in set(form_of.from_books.values()):
        page = list_(house.books, person, NOUNS[noun], Query(limit=MOST_CHOICES, sort=_sort(noun)))
        lists[noun] = [(str(item.key), same(_name(item))) for item in page.items]
    return {name: lists[noun] for name, noun in form_of.from_books.items()}


def version_of(data: dict[str, str]) -> int:
    """Return the version that a form was made from, 0 if it does not say."""
    given = data.get("version", "")
    return int(given) if given.isascii() and given.isdigit() and len(given) < 10 else 0


def _form_of(noun: str) -> NounForm:
    if noun not in FORMS:
        raise NoSuchPage
    return FORMS[noun]


def _filled(house: House, person: Actor, form_of: NounForm, key: str) -> tuple[Form, dict[str, Any]]:
    stored = get(house.books, person, NOUNS[form_of.noun], key).model_dump()
    values = {one.name: shown(within(stored, one.name), one.kind) for one in form_of.fields}
    return Form(form_of.fields, values, version=stored["version"]), stored


async def _again(
    request: Request, form_of: NounForm, form: Form, key: str, error: Invalid | Conflict | Stale
) -> Response:
    if isinstance(error, Invalid):
        form.refuse(error.problems)
    else:
        form.error = error
    form.choices = await run_sync(choices_of, house_of(request), actor(request), form_of)
    return _form_page(request, form_of, form, key, status=422 if isinstance(error, Invalid) else 409)


async def _conflict(request: Request, form_of: NounForm, form: Form, key: str, error: Stale) -> Response:
    house, person = house_of(request), actor(request)
    _, stored = await run_sync(_filled, house, person, form_of, key)
    form.version, form.error = stored["version"], error
    form.choices = await run_sync(choices_of, house, person, form_of)
    return render(
        request, "forms/conflict.html", status=412, form_of=form_of, form=form, key=key, rows=form.differing(stored)
    )


def _form_page(request: Request, form_of: NounForm, form: Form, key: str, status: int = 200) -> Response:
    return render(request, "forms/form.html", status=status, form_of=form_of, form=form, key=key)


def _sort(noun: str) -> str:
    return "name" if noun in {"sites", "providers"} else ""


def _name(item: Any) -> str:  # noqa: ANN401 - any noun's read model
    title = getattr(item, "title", "") or (getattr(item, "name", "") if hasattr(item, "slug") else "")
    return f"{title} ({item.key})" if title else str(item.key)
