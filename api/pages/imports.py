"""Imports: a file is brought, its columns are looked at, it is rehearsed, and written if nothing is wrong."""

from typing import Final
from urllib.parse import urlencode

from anyio.to_thread import run_sync
from fastapi import APIRouter, Request
from starlette.datastructures import UploadFile
from starlette.responses import RedirectResponse, Response

from api.house import house_of
from api.http.auth import actor
from api.http.refusals import NoSuchPage, Refused
from api.spreadsheets.kept import UNDER_WAY, Kept, Step
from api.spreadsheets.tables import problems_file
from api.spreadsheets.working import looked_at
from api.views.forms import Form, posted
from api.views.i18n import language_of
from api.views.importing import (
    LISTS,
    address_of,
    chosen,
    column_of,
    fields_of,
    fields_told,
    lacking,
    list_of,
    part_of,
    writable,
)
from api.views.rendering import render
from inventory.access.rights import Act, check, may
from inventory.cells import BOUNDS, BadFile
from inventory.errors import FieldProblem, Forbidden, Invalid, QuangError
from inventory.exporting import Format
from inventory.nouns import NOUNS
from inventory.text import Text

ROUTER: Final = APIRouter(include_in_schema=False)


@ROUTER.get("/imports")
async def imports(request: Request, noun: str = "assets") -> Response:
    """Show where a file is chosen, and the lists that serve as its pattern."""
    return _start_page(request, noun)


@ROUTER.post("/imports")
async def bring(request: Request) -> Response:
    """Take a file and look at its columns; nothing is written."""
    house, person = house_of(request), actor(request)
    async with request.form(max_files=1, max_fields=10) as form:
        noun, file = str(form.get("noun", "")), form.get("file")
        octets = await file.read() if isinstance(file, UploadFile) else b""
        name = (file.filename or "") if isinstance(file, UploadFile) else ""
    if noun not in writable(person):
        raise Forbidden
    if not name:
        return _start_page(request, noun, Invalid([FieldProblem("file", "required", _CHOOSE)]))
    try:
        kept = await run_sync(
            looked_at, house.books, person, NOUNS[noun], name, octets, limiter=house.imports
        )  # fmt: skip
    except BadFile as error:
        return _start_page(request, noun, error)
    house.shelf.put(kept)
    return RedirectResponse(f"/imports/{kept.ref}", 303)


@ROUTER.get("/imports/{ref}")
async def show(request: Request, ref: str) -> Response:
    """Show how far a file has come and what is to be done next."""
    return _page(request, _kept(request, ref))


@ROUTER.get("/imports/{ref}/progress")
async def progress(request: Request, ref: str) -> Response:
    """Show how far the work is; when it is done, the whole page is asked for anew."""
    kept = _kept(request, ref)
    answer = render(request, "imports/progress.html", kept=kept)
    if kept.step not in UNDER_WAY:
        answer.headers["HX-Refresh"] = "true"
    return answer


@ROUTER.post("/imports/{ref}/rehearse")
async def rehearse(request: Request, ref: str) -> Response:
    """Rehearse with the columns as chosen."""
    kept, data = _kept(request, ref), await posted(request)
    if kept.step in UNDER_WAY or kept.step is Step.WRITTEN:
        return RedirectResponse(f"/imports/{ref}", 303)
    kept.columns, problems = chosen(kept, data)
    kept.empty_clears = data.get("empty_clears") == "1"
    if problems:
        kept.step, kept.report = Step.COLUMNS, None
        return _page(request, kept, Invalid(problems))
    house_of(request).shelf.ask(kept, dry_run=True, owner=actor(request))
    return RedirectResponse(f"/imports/{ref}", 303)


@ROUTER.post("/imports/{ref}/write")
async def write(request: Request, ref: str) -> Response:
    """Write the file that was rehearsed, just as it was: all of it or nothing."""
    kept = _kept(request, ref)
    if kept.is_clean:
        house_of(request).shelf.ask(kept, dry_run=False, owner=actor(request))
    return RedirectResponse(f"/imports/{ref}", 303)


@ROUTER.post("/imports/{ref}/discard")
async def discard(request: Request, ref: str) -> Response:
    """Let the file go."""
    kept = _kept(request, ref)
    if kept.step not in UNDER_WAY:
        house_of(request).shelf.drop(ref)
    return RedirectResponse(f"/imports?{urlencode({'noun': kept.noun.path})}", 303)


@ROUTER.get("/imports/{ref}/problems")
async def problems(request: Request, ref: str, format: Format = Format.XLSX) -> Response:  # noqa: A002 - in the address
    """Send all that is wrong as a file."""
    kept = _kept(request, ref)
    if kept.report is None:
        raise NoSuchPage
    return await run_sync(problems_file, kept.report, format, language_of(request))


def _kept(request: Request, ref: str) -> Kept:
    """Return a file of the reader.

    Raises:
        NoLonger: There is none of this address, or it was let go.
    """
    kept = house_of(request).shelf.get(actor(request), ref)
    if kept is None:
        raise NoLonger
    check(actor(request), kept.noun.write, kept.noun.path)
    return kept


class NoLonger(Refused):
    """The file is no longer kept."""

    code = "no_longer_kept"
    status = 404

    def __init__(self) -> None:
        super().__init__(_GONE, _AGAIN)


def _start_page(request: Request, noun: str, error: QuangError | None = None) -> Response:
    person = actor(request)
    lists = writable(person)
    if not lists:
        raise Forbidden
    return render(
        request,
        "imports/start.html",
        status=200 if error is None else 422,
        lists=lists,
        noun=noun if noun in lists else next(iter(lists)),
        files={path: text for path, text in LISTS.items() if may(person, Act.READ, path)},
        error=error,
        problem=error.problems[0].message if isinstance(error, Invalid) else None,
        most=BOUNDS.octets,
        rows=BOUNDS.rows - 1,
    )


def _page(request: Request, kept: Kept, error: Invalid | None = None) -> Response:
    language = language_of(request)
    query = request.query_params
    report = kept.report
    part = part_of(report, query.get("column", ""), query.get("page", ""), language) if report else None
    return render(
        request,
        "imports/file.html",
        status=200 if error is None else 422,
        kept=kept,
        step=kept.step,
        list_href=list_of(kept.noun),
        list_name=LISTS[kept.noun.path],
        report=report,
        part=part,
        fields=fields_of(kept.noun),
        lacking=lacking(kept),
        form=Form((), problems=() if error is None else error.problems),
        address_of=lambda key: address_of(kept.noun, key),
        column_of=lambda one: column_of(one, language),
        told=lambda fields: fields_told(kept.noun, fields),
        page_of=lambda page: _address(kept, part.column if part else "", page),
    )


def _address(kept: Kept, column: str, page: int) -> str:
    query = {name: value for name, value in (("column", column), ("page", page)) if value}
    return f"/imports/{kept.ref}" + (f"?{urlencode(query)}" if query else "")


_CHOOSE: Final = Text(vi="Chọn một tệp.", en="Choose a file.")
_GONE: Final = Text(
    vi="Tệp này không còn được giữ (mỗi tệp được giữ một giờ).",
    en="This file is no longer kept (each is kept for an hour).",
)
_AGAIN: Final = Text(
    vi="Mở trang “Nhập từ Excel” và chọn lại tệp. Chưa hoàn tất thì chưa có gì được ghi vào sổ.",
    en="Open “Import from Excel” and choose the file again. Of what was not finished, nothing was written.",
)
