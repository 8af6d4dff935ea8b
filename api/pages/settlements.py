"""Settling a line of a scenario: must have, never, another price, with the reason."""

from typing import Any, Final

from anyio.to_thread import run_sync
from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from api.house import house_of
from api.http.auth import actor
from api.pages.edits import version_of
from api.views.budgeting import Scenario, scenario
from api.views.forms import Field, Form, posted
from api.views.rendering import formats_of, render
from inventory.access.rights import Act, check
from inventory.audit import settling
from inventory.audit.budget import BudgetLine, PlanState
from inventory.audit.candidates import LEFT_OUT_LABELS
from inventory.audit.needs import REASON_LABELS
from inventory.audit.norms import PRICE_LABELS
from inventory.audit.settling import PIN_LABELS
from inventory.errors import Conflict, Invalid, NotFound, Stale
from inventory.text import Text

ROUTER: Final = APIRouter(include_in_schema=False)

FIELDS: Final = (
    Field(
        "pin",
        Text(vi="Quyết định", en="Decision"),
        "select",
        options=tuple((code.value, label) for code, label in PIN_LABELS.items()),
        hint=Text(vi="Để “–” thì phương án tự chọn.", en="With “–” the choice decides."),
    ),
    Field(
        "price_vnd",
        Text(vi="Giá dự toán (đồng)", en="Estimate (đồng)"),
        "integer",
        hint=Text(vi="Để trống: giá như khi lập phương án.", en="Empty: the price of the draft."),
        longest=20,
        zero_if_empty=True,
    ),
    Field(
        "reason",
        Text(vi="Lý do", en="Reason"),
        required=True,
        hint=Text(
            vi="Ghi trên trang, trong bảng dự toán và trong lịch sử. Ví dụ: báo giá ngày 12/5 của công ty A",
            en="Stands on the page, in the estimate and in the history. For example: quotation of company A of 12 May",
        ),
    ),
)


@ROUTER.get("/budgets/{number}/lines/{line}/settle")
async def settle(request: Request, number: int, line: int) -> Response:
    """Show what the rules say of a line, and the form."""
    check(actor(request), Act.WRITE, "budgets")
    one, found = await _line(request, number, line)
    price = formats_of(request).number(found.price_vnd) if found.price_vnd else ""
    return _page(request, one, found, Form(FIELDS, {"pin": found.pin, "price_vnd": price}))


@ROUTER.post("/budgets/{number}/lines/{line}/settle")
async def settled(request: Request, number: int, line: int) -> Response:
    """Write what is settled and choose anew, or show what is wrong with it."""
    person = actor(request)
    check(person, Act.WRITE, "budgets")
    data = await posted(request)
    form = Form(FIELDS)
    form.take(data)
    books, version = house_of(request).books, version_of(data)
    values: dict[str, Any] = form.typed()
    try:
        await run_sync(settling.settle, books, person, number, version, line, values)
    except Invalid as error:
        form.refuse(error.problems)
        status = 422
    except (Conflict, Stale) as error:
        form.error, status = error, 409
    else:
        return RedirectResponse(f"/budgets/{number}?done=saved#line-{line}", 303)
    return _page(request, *await _line(request, number, line), form, status)


async def _line(request: Request, number: int, line: int) -> tuple[Scenario, BudgetLine]:
    one = await run_sync(scenario, house_of(request), actor(request), number)
    found = next((row for row in one.lines if row.number == line), None)
    if found is None or one.row.state != PlanState.DRAFT or one.row.retired_at is not None:
        raise NotFound(settling.LINE, f"{number}/{line}")
    return one, found


def _page(request: Request, one: Scenario, line: BudgetLine, form: Form, status: int = 200) -> Response:
    return render(
        request,
        "budgets/settle.html",
        status=status,
        one=one,
        line=line,
        form=form,
        reasons={code.value: label for code, label in REASON_LABELS.items()},
        left_out={code.value: label for code, label in LEFT_OUT_LABELS.items()},
        prices={code.value: label for code, label in PRICE_LABELS.items()},
        before=[entry for entry in reversed(one.row.settled) if entry["line"] == line.number],
    )
