"""Minutes: deciding on the differences, signing, and the form to print."""

from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import quote

from anyio.to_thread import run_sync
from fastapi import APIRouter, Request
from pydantic import TypeAdapter, ValidationError
from starlette.responses import RedirectResponse, Response

from api.house import House, house_of
from api.http.auth import actor
from api.pages.edits import version_of
from api.views.forms import Form
from api.views.i18n import language_of
from api.views.rendering import render
from api.views.stocktaking import Count, count, forms_of, missing_of
from inventory.access.rights import Act, Actor, may
from inventory.audit.campaigns import may_lead
from inventory.audit.deciding import DECISIONS, DecisionCreate, decide, identify
from inventory.audit.differences import KIND_LABELS, Difference, DifferenceKind
from inventory.audit.forms import COUNT_MINUTES
from inventory.audit.forms import Form as PrintedForm
from inventory.audit.identity import MOST_ASKED, Suggestion
from inventory.audit.minutes import minutes_of
from inventory.audit.minutes_paper import minutes_paper
from inventory.audit.signing import sign
from inventory.audit.stocktake import METHOD_LABELS, Stocktake, StocktakeState
from inventory.errors import Conflict, Invalid, QuangError, Stale
from inventory.spreadsheet import write_paper
from inventory.text import Language
from inventory.wording import problems_in

ROUTER: Final = APIRouter(include_in_schema=False)

ON_A_PAGE: Final = 100
"""Differences of one page: three fields each, which a form may have."""

_MOST_FIELDS: Final = 500
_XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_DECISIONS: Final = TypeAdapter(list[DecisionCreate])


@ROUTER.get("/stocktakes/{number}/decisions")
async def decisions(request: Request, number: int) -> Response:
    """Show the differences with what can be decided on each."""
    return await _decisions_page(request, number)


@ROUTER.post("/stocktakes/{number}/decisions")
async def write_decisions(request: Request, number: int) -> Response:
    """Write what was decided."""
    data = await _posted(request)
    house, person = house_of(request), actor(request)
    sent = [
        {
            "subject": data.get(f"subject-{n}", ""),
            "basis": data.get(f"basis-{n}", ""),
            "kind": data[f"kind-{n}"],
            "note": " ".join(data.get(f"note-{n}", "").split())[:500],
        }
        for n in range(ON_A_PAGE)
        if data.get(f"kind-{n}")
    ]
    try:
        checked = _DECISIONS.validate_python(sent)
        await run_sync(decide, house.books, person, number, version_of(data), checked)
    except ValidationError as error:
        return await _decisions_page(request, number, Invalid(problems_in(error)))
    except (Invalid, Conflict, Stale) as error:
        return await _decisions_page(request, number, error)
    page = data.get("page", "")
    return RedirectResponse(
        f"/stocktakes/{number}/decisions?done=saved" + (f"&page={page}" if page.isdigit() else ""), 303
    )


@ROUTER.post("/stocktakes/{number}/identity")
async def write_identity(request: Request, number: int) -> Response:
    """Say that an unknown thing is one of the list."""
    data = await _posted(request)
    subject, _, line = data.get("pick", "").rpartition("|")
    number_of_line = int(line) if line.isascii() and line.isdigit() and len(line) < 7 else 0
    person = actor(request)
    try:
        await run_sync(identify, house_of(request).books, person, number, version_of(data), subject, number_of_line)
    except (Invalid, Conflict, Stale) as error:
        return await _decisions_page(request, number, error)
    return RedirectResponse(f"/stocktakes/{number}/decisions?done=saved", 303)


@ROUTER.post("/stocktakes/{number}/sign")
async def write_signature(request: Request, number: int) -> Response:
    """Sign the minutes off."""
    data = await _posted(request)
    house, person = house_of(request), actor(request)
    try:
        await run_sync(sign, house.books, person, number, version_of(data), data.get("conclusion", ""))
    except (Invalid, Conflict, Stale) as error:
        return await _minutes_page(request, number, error)
    return RedirectResponse(f"/stocktakes/{number}/minutes?done=signed", 303)


@ROUTER.get("/stocktakes/{number}/minutes")
async def minutes(request: Request, number: int) -> Response:
    """Show the minutes, ready to print."""
    return await _minutes_page(request, number)


@ROUTER.get("/stocktakes/{number}/minutes.xlsx")
async def minutes_file(request: Request, number: int) -> Response:
    """Send the minutes as a workbook, ready to print."""
    house, language = house_of(request), language_of(request)
    found = await run_sync(count, house, actor(request), number)
    octets = await run_sync(_workbook, house, found, language)
    name = quote(f"{found.campaign.row.title}.xlsx")
    return Response(octets, media_type=_XLSX, headers={"Content-Disposition": f"attachment; filename*=UTF-8''{name}"})


def _workbook(house: House, found: Count, language: Language) -> bytes:
    row = found.campaign.row
    return write_paper(
        minutes_paper(row, minutes_of(found.state, _threshold(house, row)), _form(house, found), language)
    )


async def _decisions_page(request: Request, number: int, error: QuangError | None = None) -> Response:
    house, person = house_of(request), actor(request)
    found = await run_sync(count, house, person, number)
    everything = found.state.count.differences
    page = _page_of(request, len(everything))
    shown = everything[page * ON_A_PAGE : (page + 1) * ON_A_PAGE]
    return render(
        request,
        "stocktakes/decisions.html",
        status=200 if error is None else 409,
        one=found.campaign,
        state=found.state,
        shown=shown,
        page=page,
        pages=-(-len(everything) // ON_A_PAGE),
        suggestions=await run_sync(_suggestions, found, shown),
        kinds=KIND_LABELS,
        choices=DECISIONS,
        numbers={one.line.asset_id: one.line.number for one in found.state.count.findings},
        totals={kind: sum(one.kind == kind for one in everything) for kind in DifferenceKind},
        form=Form((), problems=(), error=error),
        **_leading(person, found),
    )


async def _minutes_page(request: Request, number: int, error: QuangError | None = None) -> Response:
    house, person = house_of(request), actor(request)
    found = await run_sync(count, house, person, number)
    row = found.campaign.row
    return render(
        request,
        "stocktakes/minutes.html",
        status=200 if error is None else 409,
        one=found.campaign,
        paper=await run_sync(_form, house, found),
        minutes=minutes_of(found.state, _threshold(house, row)),
        methods=METHOD_LABELS,
        undecided=len(found.state.undecided),
        head=next((member["name"] for member in row.committee if member["role"] == "head"), ""),
        form=Form((), error=error),
        **_leading(person, found),
    )


def _threshold(house: House, row: Stocktake) -> int:
    return house.rulebooks.wear_in(row.year).threshold.cost_vnd


def _form(house: House, found: Count) -> PrintedForm:
    row = found.campaign.row
    day = row.signed_at.astimezone(house.books.zone).date() if row.signed_at is not None else house.books.today()
    return forms_of(house).on(COUNT_MINUTES, day)


def _leading(person: Actor, found: Count) -> dict[str, Any]:
    leads = may(person, Act.WRITE, "stocktakes") and may_lead(person, found.campaign.row)
    signed = found.campaign.state == StocktakeState.SIGNED
    return {"may_lead": leads, "may_decide": leads and not signed, "signed": signed}


def _suggestions(found: Count, shown: tuple[Difference, ...]) -> Mapping[str, list[Suggestion]]:
    identities = missing_of(found.state)
    unknown = [one for one in shown if one.extra is not None][:MOST_ASKED]
    return {
        one.subject: identities.suggest(one.entries[0].tag, one.entries[0].serial, one.entries[0].name)
        for one in unknown
    }


def _page_of(request: Request, rows: int) -> int:
    given = request.query_params.get("page", "")
    page = int(given) if given.isascii() and given.isdigit() and len(given) < 5 else 0
    return min(page, max(0, (rows - 1) // ON_A_PAGE))


async def _posted(request: Request) -> dict[str, str]:
    data = await request.form(max_files=0, max_fields=_MOST_FIELDS)
    return {name: value for name, value in data.items() if isinstance(value, str)}
