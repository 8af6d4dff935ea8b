"""Documents of custody: the list, the page of each, its printed form, and the form for a new one."""

import secrets
from collections import Counter
from typing import Final
from urllib.parse import urlencode

from anyio.to_thread import run_sync
from fastapi import APIRouter, Request
from sqlalchemy import select
from starlette.datastructures import FormData
from starlette.responses import RedirectResponse, Response

from api.house import House, house_of
from api.http.auth import actor
from api.http.refusals import NoSuchPage
from api.pages.edits import version_of
from api.views.asset_list import asset_sites
from api.views.changes import changes_of
from api.views.document_forms import DETAILED, DETAILS, acts_for, chosen, entry_of, fields_of, suggested
from api.views.forms import Form, posted
from api.views.rendering import render
from api.views.stocktaking import forms_of
from inventory.access.rights import Act, Actor, check, may, visible
from inventory.assets.assets import Asset
from inventory.assets.custody import carry_out
from inventory.assets.documents import Document, DocumentItem, items_of
from inventory.assets.lifecycle import MOVES, STATUS_LABELS, ActKind
from inventory.assets.reversal import reverse
from inventory.audit.forms import HANDOVER
from inventory.columns import column
from inventory.db import reading
from inventory.errors import Conflict, FieldProblem, Invalid, NotFound, QuangError, Stale
from inventory.network.standing import follow
from inventory.nouns import DOCUMENTS
from inventory.places.sites import Site
from inventory.register import Query, get, list_
from inventory.replays import Once, Replayed
from inventory.text import same

ROUTER: Final = APIRouter(include_in_schema=False)

ROWS: Final = 50
_MOST_FIELDS: Final = 500


@ROUTER.get("/documents")
async def documents(request: Request, q: str = "", kind: str = "", site: str = "", cursor: str = "") -> Response:
    """Show the list, the newest first."""
    house, person = house_of(request), actor(request)
    check(person, Act.READ, "documents")
    sites = await run_sync(asset_sites, house, person)
    filters = {"kind": kind if kind in {one.value for one in ActKind} else "", "at": site if site in sites else ""}
    kept = {name: value for name, value in filters.items() if value}
    query = Query(
        filters=kept, search=q.strip()[:100], sort="-created_at", cursor=cursor[:2000], limit=ROWS, total=True
    )
    page = await run_sync(list_, house.books, person, DOCUMENTS, query)
    address = {"q": query.search, "kind": filters["kind"], "site": filters["at"]}
    later = f"/documents?{urlencode(address | {'cursor': page.next_cursor})}" if page.next_cursor else ""
    return render(
        request,
        "documents/list.html",
        page=page,
        later=later,
        asked=address,
        narrowed=any(address.values()),
        sites=sites,
        moves=MOVES,
    )


@ROUTER.post("/documents/draft")
async def draft(request: Request) -> Response:
    """Show the form for the assets that were chosen in the list; nothing is written."""
    data = await request.form(max_files=0, max_fields=_MOST_FIELDS)
    return await _draft_page(request, _kind(str(data.get("kind", ""))), _tags(data))


@ROUTER.get("/documents/new")
async def new(request: Request, kind: str = "", tag: str = "") -> Response:
    """Show the form for one asset."""
    return await _draft_page(request, _kind(kind), [tag])


@ROUTER.post("/documents/new")
async def write(request: Request) -> Response:
    """Carry an act out, or show what is wrong with it beside what was typed."""
    house, person = house_of(request), actor(request)
    check(person, Act.WRITE, "documents")
    data = await request.form(max_files=0, max_fields=_MOST_FIELDS)
    words = {name: value for name, value in data.items() if isinstance(value, str)}
    kind, tags = _kind(words.get("kind", "")), _tags(data)
    form = Form(fields_of(kind))
    form.take(words)
    entry = entry_of(kind.value, tags, form, words)
    # Pressed twice on a slow line, the form still makes one document.
    once = Once(person.name, words.get("once", "")[:64] or secrets.token_hex(16), "/documents/new", "page")
    try:
        number = await run_sync(carry_out, house.books, person, entry, house.rulebooks, follow, once)
    except Replayed as replayed:
        number = replayed.object_key
    except (Invalid, Conflict) as error:
        typed = {f"{name}-{n}": words.get(f"{name}-{n}", "") for name in DETAILS for n in range(len(tags))}
        form.values |= typed | {"once": words.get("once", "")[:64]}
        if isinstance(error, Invalid):
            form.problems = _at_fields(error.problems)
        else:
            form.error = error
        return await _form_page(request, kind, tags, form, 422 if isinstance(error, Invalid) else 409)
    return RedirectResponse(f"/documents/{number}?done=document", 303)


@ROUTER.get("/documents/{number}")
async def document(request: Request, number: str) -> Response:
    """Show one document: parties, assets and what became of them."""
    return await _page(request, number)


@ROUTER.get("/documents/{number}/print")
async def printed(request: Request, number: str) -> Response:
    """Show the handover minutes, ready to print."""
    house, person = house_of(request), actor(request)
    check(person, Act.READ, "documents")
    found, items, _ = await run_sync(_read, house, person, number)
    paper = forms_of(house).on(HANDOVER, found.day)
    sites = await run_sync(_parties, house, found)
    move = MOVES[ActKind(found.kind)]
    return render(
        request, "documents/paper.html", document=found, items=items, paper=paper, move=move, giver=sites[0],
        receiver=sites[1],
    )  # fmt: skip


@ROUTER.post("/documents/{number}/reverse")
async def undo(request: Request, number: str) -> Response:
    """Undo a wrong document by another one."""
    data = await posted(request)
    house, person = house_of(request), actor(request)
    values = {"day": house.books.today(), "reason": data.get("reason", "").replace("\r\n", "\n").strip()}
    try:
        made = await run_sync(
            reverse, house.books, person, number, version_of(data), values, house.rulebooks, follow
        )  # fmt: skip
    except (Invalid, Conflict, Stale) as error:
        return await _page(request, number, error)
    return RedirectResponse(f"/documents/{made}?done=reversed", 303)


async def _draft_page(request: Request, kind: ActKind, tags: list[str]) -> Response:
    house = house_of(request)
    check(actor(request), Act.WRITE, "documents")
    assets = await run_sync(_chosen, house, actor(request), tags)
    values = suggested(assets, house.books.today().isoformat()) | {"once": secrets.token_hex(16)}
    form = Form(fields_of(kind), values)
    return await _form_page(request, kind, [asset.tag for asset in assets], form)


async def _form_page(request: Request, kind: ActKind, tags: list[str], form: Form, status: int = 200) -> Response:
    house, person = house_of(request), actor(request)
    assets = await run_sync(_chosen, house, person, tags)
    sites = await run_sync(asset_sites, house, person)
    form.choices = {"to_site": [("", same("–")), *((slug, same(name)) for slug, name in sites.items())]}
    return render(
        request,
        "documents/form.html",
        status=status,
        kind=kind,
        move=MOVES[kind],
        form=form,
        assets=assets,
        tags=tags,
        detailed=len(assets) <= DETAILED,
        details=DETAILS,
        states=STATUS_LABELS,
        possible=acts_for(assets),
        moves=MOVES,
    )


async def _page(request: Request, number: str, error: QuangError | None = None) -> Response:
    house, person = house_of(request), actor(request)
    check(person, Act.READ, "documents")
    found, items, now_ = await run_sync(_read, house, person, number)
    sites = await run_sync(_parties, house, found)
    shown = (await run_sync(get, house.books, person, DOCUMENTS, number)).model_dump()
    problem = error.problems[0].message if isinstance(error, Invalid) else None
    return render(
        request,
        "documents/document.html",
        status=200 if error is None else 409,
        document=found,
        shown=shown,
        items=items,
        states=now_,
        labels=STATUS_LABELS,
        still=Counter(state.document_id == found.id for state in now_.values())[True],
        move=MOVES[ActKind(found.kind)],
        giver=sites[0],
        receiver=sites[1],
        form=Form((), error=error),
        problem=problem,
        may_reverse=may(person, Act.WRITE, "documents") and found.kind != ActKind.REVERSE and not shown["reversed_by"],
        changes=await changes_of(request, "document", found.id or 0),
    )


def _read(house: House, person: Actor, number: str) -> tuple[Document, list[DocumentItem], dict[int, Asset]]:
    """Return a document, its items, and those of its assets that the reader may see, as they are now."""
    with reading(house.books.engine) as session:
        mine = column(Document, "number") == number
        found = session.execute(select(Document).where(visible(person, Document), mine)).scalar_one_or_none()
        if found is None:
            raise NotFound(Document.NOUN, number[:40])
        items = items_of(session, found.id or 0)
        rows = select(Asset).where(column(Asset, "id").in_([item.asset_id for item in items]), visible(person, Asset))
        assets = {asset.id or 0: asset for asset in session.execute(rows).scalars()}
        session.expunge_all()
    return found, items, assets


def _parties(house: House, found: Document) -> tuple[Site, Site]:
    """Return the sites of both parties, which everybody who sees the paper may know by name."""
    with reading(house.books.engine) as session:
        sites = (session.get_one(Site, found.site_id), session.get_one(Site, found.to_site_id))
        session.expunge_all()
    return sites


def _chosen(house: House, person: Actor, tags: list[str]) -> list[Asset]:
    with reading(house.books.engine) as session:
        found = chosen(session, person, tags)
        session.expunge_all()
    return found


def _kind(given: str) -> ActKind:
    if given not in {kind.value for kind in ActKind} or given == ActKind.REVERSE:
        raise NoSuchPage
    return ActKind(given)


def _tags(data: FormData) -> list[str]:
    """Return the tags that were ticked, or that a form carries one on each line."""
    ticked = [value for value in data.getlist("tag") if isinstance(value, str)]
    carried = str(data.get("tags", "")).splitlines()
    return list(dict.fromkeys(tag.strip()[:64] for tag in (*ticked, *carried) if tag.strip()))[:_MOST_FIELDS]


def _at_fields(problems: tuple[FieldProblem, ...]) -> list[FieldProblem]:
    """Return the problems with those of single assets at the list of assets."""
    return [
        FieldProblem("items", one.code, one.message, one.value) if one.field.startswith("items") else one
        for one in problems
    ]
