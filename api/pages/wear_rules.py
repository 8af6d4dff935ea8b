"""Rulebooks: every line with its source; an accountant confirms those that were not read in the full text."""

from typing import Final

from anyio.to_thread import run_sync
from fastapi import APIRouter, Request
from starlette.datastructures import FormData
from starlette.responses import RedirectResponse, Response

from api.house import house_of
from api.http.auth import actor
from api.pages.edits import version_of
from api.views.forms import Field, Form, posted
from api.views.rendering import render
from api.views.wear_rules import shown_books
from inventory.access.rights import Act, check, may
from inventory.assets.confirming import LINE_STATES, confirm_all, revoke
from inventory.errors import Conflict, FieldProblem, Invalid, Stale
from inventory.text import Text

ROUTER: Final = APIRouter(include_in_schema=False)

MOST_LINES: Final = 200
"""Lines that are confirmed at once."""

FIELDS: Final = (
    Field(
        "confirmed_by",
        Text(vi="Người đối chiếu", en="Compared by"),
        required=True,
        hint=Text(vi="Họ tên và chức vụ. Ví dụ: Nguyễn Thị Hoa, kế toán trưởng",
                  en="Name and title. For example: Nguyễn Thị Hoa, chief accountant"),
        longest=200,
        autocomplete="name",
    ),
    Field("day", Text(vi="Ngày đối chiếu", en="Compared on"), "date", required=True, longest=10),
    Field("note", Text(vi="Ghi chú", en="Note"), "long", longest=2000),
)  # fmt: skip


@ROUTER.get("/wear/rulebooks")
async def rulebooks(request: Request) -> Response:
    """Show every rulebook, every line with its source and whether somebody compared it."""
    check(actor(request), Act.READ, "rulebooks")
    return await _page(request, Form(FIELDS, {"day": house_of(request).books.today().isoformat()}))


@ROUTER.post("/wear/rulebooks/confirm")
async def confirm_lines(request: Request) -> Response:
    """Confirm the lines that were ticked."""
    house, person = house_of(request), actor(request)
    check(person, Act.WRITE, "rulebooks")
    data = await request.form(max_files=0, max_fields=MOST_LINES + 10)
    form = Form(FIELDS)
    form.take({name: value for name, value in data.items() if isinstance(value, str)})
    try:
        lines = [line | form.typed() for line in _ticked(data)]
        await run_sync(confirm_all, house.books, person, lines, house.rulebooks)
    except Invalid as error:
        form.refuse(error.problems)
        return await _page(request, form, 422)
    except Conflict as error:
        form.error = error
        return await _page(request, form, 409)
    return RedirectResponse("/wear/rulebooks?done=confirmed", 303)


@ROUTER.post("/wear/rulebooks/confirmations/{number}/revoke")
async def take_back(request: Request, number: int) -> Response:
    """Take a confirmation back; it stays in the history."""
    house, person = house_of(request), actor(request)
    check(person, Act.WRITE, "rulebooks")
    version = version_of(await posted(request))
    try:
        await run_sync(revoke, house.books, person, number, version)
    except (Conflict, Stale) as error:
        return await _page(request, Form(FIELDS, error=error), 409)
    return RedirectResponse("/wear/rulebooks?done=revoked", 303)


def _ticked(data: FormData) -> list[dict[str, str]]:
    """Return rulebook, place and digest of each line that was ticked.

    Raises:
        Invalid: None was.
    """
    ticked = [value.split("|") for value in data.getlist("line") if isinstance(value, str) and value.count("|") == 2]
    if not ticked:
        raise Invalid([FieldProblem("line", "required", _NONE)])
    return [dict(zip(("rulebook", "place", "digest"), one, strict=True)) for one in ticked[:MOST_LINES]]


async def _page(request: Request, form: Form, status: int = 200) -> Response:
    person = actor(request)
    return render(
        request,
        "wear/rulebooks.html",
        status=status,
        books=await run_sync(shown_books, house_of(request), person),
        states=LINE_STATES,
        form=form,
        may_confirm=may(person, Act.WRITE, "rulebooks") and person.site_ids is None,
    )


_NONE: Final = Text(vi="Chọn ít nhất một dòng.", en="Tick a line.")
