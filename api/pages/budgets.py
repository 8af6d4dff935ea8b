"""Budgets: the scenarios, a new one, one with its lines, two beside each other, approval and purchases."""

from collections.abc import Callable
from datetime import date
from typing import Any, Final

from anyio.to_thread import run_sync
from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from api.house import House, house_of
from api.http.auth import actor
from api.http.refusals import NoSuchPage
from api.pages.edits import version_of
from api.views.budgeting import Scenario, plans, scenario, workbook
from api.views.changes import changes_of
from api.views.forms import Field, Form, posted
from api.views.i18n import language_of
from api.views.rendering import formats_of, render
from inventory.access.rights import Act, Actor, check, may
from inventory.assets.categories import CATEGORIES
from inventory.assets.confirming import doubts_of
from inventory.audit import approving, drafting, operating_systems, purchasing, totals
from inventory.audit.budget import STATE_LABELS, BudgetLine, PlanState
from inventory.audit.candidates import LEFT_OUT_LABELS
from inventory.audit.needs import REASON_LABELS, Reason
from inventory.audit.norms import PRICE_LABELS
from inventory.db import reading
from inventory.errors import Conflict, Invalid, NotFound, Stale
from inventory.nouns import NOUNS
from inventory.register import Query, list_
from inventory.text import Text, same

ROUTER: Final = APIRouter(include_in_schema=False)

MOST_SITES: Final = 500
MOST_SHOWN: Final = 400
"""Lines of each table on a page; the workbook has them all."""

FIELDS: Final = (
    Field("title", Text(vi="Tên phương án", en="Name"), required=True),
    Field("year", Text(vi="Năm ngân sách", en="Budget year"), "integer", required=True, longest=4),
    Field(
        "cap_vnd",
        Text(vi="Trần kinh phí (đồng)", en="Cap (đồng)"),
        "integer",
        required=True,
        hint=Text(vi="Ví dụ: 500.000.000", en="For example: 500,000,000"),
        longest=20,
    ),
    Field("within", Text(vi="Chỉ đơn vị này và cấp dưới", en="Only this site and those below it"), "select"),
    Field(
        "funding",
        Text(vi="Nguồn kinh phí", en="Source of the money"),
        hint=Text(
            vi="Dùng khi tài sản cũ không ghi nguồn. Ví dụ: Ngân sách xã",
            en="Used where the old asset names none. For example: commune budget",
        ),
        longest=120,
    ),
    Field(
        "leaders",
        Text(vi="Số lãnh đạo mỗi đơn vị", en="Leaders of each site"),
        "integer",
        hint=Text(
            vi="Mỗi lãnh đạo được thêm một máy tính xách tay và một máy in theo định mức.",
            en="By the norms each leader may have a laptop and a printer more.",
        ),
        longest=2,
        zero_if_empty=True,
    ),
    Field(
        "fair_share",
        Text(
            vi="Chia công bằng: mỗi đơn vị trước hết được phần theo số cán bộ",
            en="Fair shares: each site first gets its share by headcount",
        ),
        "check",
    ),
    Field(
        "within_norm",
        Text(vi="Không thay máy vượt định mức", en="Replace nothing above the norm"),
        "check",
    ),
    *(Field(f"reason-{code.value}", label, "check") for code, label in REASON_LABELS.items()),
    *(Field(f"category-{code}", one.label, "check") for code, one in CATEGORIES.items()),
)

PURCHASE: Final = (
    Field("tag", Text(vi="Số tài sản (trên nhãn)", en="Number on the label"), required=True, longest=64, plain=True),
    Field("serial", Text(vi="Số máy", en="Serial number"), longest=120, plain=True),
    Field("name", Text(vi="Tên tài sản", en="Name"), longest=120),
    Field(
        "cost_vnd",
        Text(vi="Nguyên giá (đồng)", en="Cost (đồng)"),
        "integer",
        required=True,
        hint=Text(
            vi="Giá hóa đơn trừ chiết khấu, cộng vận chuyển, lắp đặt và thuế không được hoàn.",
            en="Invoice less discounts, with transport, installation and taxes that are not refunded.",
        ),
        longest=20,
    ),
    Field("day", Text(vi="Ngày nhận", en="Received on"), "date", required=True),
    Field("supplier", Text(vi="Nhà cung cấp", en="Supplier"), "select"),
    Field("product", Text(vi="Mẫu thiết bị", en="Product"), "select"),
    Field("warranty_until", Text(vi="Bảo hành đến", en="Warranty until"), "date"),
    Field("papers", Text(vi="Hóa đơn, hợp đồng", en="Invoice, contract"), longest=120),
)


@ROUTER.get("/budgets")
async def budgets(request: Request) -> Response:
    """Show the scenarios and where the year stands in the calendar of budgets."""
    house, person = house_of(request), actor(request)
    found = await run_sync(plans, house, person)
    return render(
        request,
        "budgets/list.html",
        rows=found,
        labels={state.value: label for state, label in STATE_LABELS.items()},
        month=house.books.today().month,
        year=house.books.today().year + 1,
        may_draft=may(person, Act.WRITE, "budgets"),
    )


@ROUTER.get("/budgets/start")
async def start(request: Request) -> Response:
    """Show the form of a new scenario."""
    house, person = house_of(request), actor(request)
    check(person, Act.WRITE, "budgets")
    year = house.books.today().year + 1
    title = Text(vi="Dự toán {year}, phương án 1", en="Budget {year}, scenario 1").fill(year=year)
    values = {"title": title.to(language_of(request)), "year": str(year), "within_norm": "1", "leaders": "0"}
    form = Form(FIELDS, values | {f"reason-{code.value}": "1" for code in Reason})
    return await _start_page(request, form)


@ROUTER.post("/budgets/start")
async def draft(request: Request) -> Response:
    """Draft a scenario, or show what is wrong with it."""
    house, person = house_of(request), actor(request)
    check(person, Act.WRITE, "budgets")
    form = Form(FIELDS)
    form.take(await posted(request))
    try:
        made = await run_sync(drafting.draft, house.books, person, _sent(form), house.rulebooks)
    except Invalid as error:
        form.problems = [*error.problems]
        return await _start_page(request, form, status=422)
    except Conflict as error:
        form.error = error
        return await _start_page(request, form, status=409)
    return RedirectResponse(f"/budgets/{made.id}?done=created", 303)


@ROUTER.get("/budgets/compare")
async def compare(request: Request, first: int = 0, second: int = 0) -> Response:
    """Show two scenarios beside each other."""
    house, person = house_of(request), actor(request)
    one, other = [await run_sync(scenario, house, person, number) for number in (first, second)]
    found = totals.compare(one.lines, other.lines)
    return render(request, "budgets/compare.html", one=one, other=other, found=found, most=MOST_SHOWN)


@ROUTER.get("/budgets/{number}")
async def show(request: Request, number: int) -> Response:
    """Show one scenario."""
    return await _page(request, number)


@ROUTER.get("/budgets/{number}/estimate.xlsx")
async def estimate(request: Request, number: int) -> Response:
    """Give the estimate as a workbook."""
    one = await run_sync(scenario, house_of(request), actor(request), number)
    return await run_sync(workbook, one, language_of(request))


@ROUTER.post("/budgets/{number}/{step}")
async def step(request: Request, number: int, step: str) -> Response:
    """Approve a scenario, or put it aside."""
    books, person = house_of(request).books, actor(request)
    version = version_of(await posted(request))
    steps: dict[str, Callable[[], Any]] = {
        "approve": lambda: approving.approve(books, person, number, version),
        "discard": lambda: drafting.discard(books, person, number, version),
    }
    if step not in steps:
        raise NoSuchPage
    try:
        await run_sync(steps[step])
    except (Conflict, Stale) as error:
        return await _page(request, number, error)
    return RedirectResponse(f"/budgets/{number}?done=saved" if step == "approve" else "/budgets?done=saved", 303)


@ROUTER.get("/budgets/{number}/lines/{line}/purchase")
async def buy(request: Request, number: int, line: int) -> Response:
    """Show the form for what was bought."""
    check(actor(request), Act.WRITE, "budgets")
    one, found = await _line(request, number, line)
    planned = one.planned.get(found.planned_id or 0)
    values = {
        "name": planned.name if planned else found.name.to(language_of(request)),
        "cost_vnd": formats_of(request).number(found.price_vnd),
        "day": house_of(request).books.today().isoformat(),
    }
    return await _purchase_page(request, one, found, Form(PURCHASE, values))


@ROUTER.post("/budgets/{number}/lines/{line}/purchase")
async def purchase(request: Request, number: int, line: int) -> Response:
    """Book what was bought, or show what is wrong with it."""
    house, person = house_of(request), actor(request)
    check(person, Act.WRITE, "budgets")
    form = Form(PURCHASE)
    form.take(await posted(request))
    try:
        await run_sync(purchasing.purchase, house.books, person, number, line, form.typed(), house.rulebooks)
    except Invalid as error:
        form.problems, status = [*error.problems], 422
    except Conflict as error:
        form.error, status = error, 409
    else:
        return RedirectResponse(f"/budgets/{number}?done=saved#line-{line}", 303)
    return await _purchase_page(request, *await _line(request, number, line), form, status)


async def _page(request: Request, number: int, error: Conflict | Stale | None = None) -> Response:
    house, person = house_of(request), actor(request)
    one = await run_sync(scenario, house, person, number)
    others = [other.row for other in await run_sync(plans, house, person) if other.row.id != number]
    return render(
        request,
        "budgets/scenario.html",
        status=200 if error is None else 409,
        one=one,
        label=STATE_LABELS[PlanState(one.row.state)],
        reasons={code.value: label for code, label in REASON_LABELS.items()},
        left_out={code.value: label for code, label in LEFT_OUT_LABELS.items()},
        prices={code.value: label for code, label in PRICE_LABELS.items()},
        categories=CATEGORIES,
        doubts=await run_sync(_doubts, house, one.row.year),
        support=sorted(operating_systems.SUPPORT_ENDS.items(), key=lambda pair: pair[1]) if _by_support(one) else (),
        support_source=operating_systems.SOURCE,
        support_written=operating_systems.WRITTEN_ON,
        others=others,
        form=Form((), error=error),
        may_write=may(person, Act.WRITE, "budgets"),
        most=MOST_SHOWN,
        changes=await changes_of(request, "budget_plan", number),
    )


async def _start_page(request: Request, form: Form, status: int = 200) -> Response:
    house, person = house_of(request), actor(request)
    form.choices = {"within": await run_sync(_choices, house, person, "sites")}
    groups: dict[str, list[Field]] = {"reason": [], "category": [], "": []}
    for one in form.fields:
        groups[one.name.split("-")[0] if "-" in one.name else ""].append(one)
    return render(request, "budgets/start.html", status=status, form=form, groups=groups)


async def _purchase_page(request: Request, one: Scenario, line: BudgetLine, form: Form, status: int = 200) -> Response:
    house, person = house_of(request), actor(request)
    form.choices = {
        "supplier": await run_sync(_choices, house, person, "providers", {"is_supplier": ["true"]}),
        "product": await run_sync(_choices, house, person, "products", {"category": [line.category]}),
    }
    return render(request, "budgets/purchase.html", status=status, one=one, line=line, form=form)


async def _line(request: Request, number: int, line: int) -> tuple[Scenario, BudgetLine]:
    one = await run_sync(scenario, house_of(request), actor(request), number)
    found = next((row for row in one.lines if row.number == line and row.planned_id is not None), None)
    if found is None:
        raise NotFound(purchasing.LINE, f"{number}/{line}")
    return one, found


def _choices(
    house: House, person: Actor, noun: str, filters: dict[str, list[str]] | None = None
) -> list[tuple[str, Text]]:
    sort = "manufacturer" if noun == "products" else "name"
    page = list_(house.books, person, NOUNS[noun], Query(limit=MOST_SITES, sort=sort, filters=filters or {}))
    return [(str(item.key), same(_name(item))) for item in page.items]


def _name(item: Any) -> str:  # noqa: ANN401 - a site, a provider or a product
    return str(getattr(item, "name", None) or f"{item.manufacturer} {item.model}")


def _sent(form: Form) -> dict[str, Any]:
    typed = form.typed()
    plain = {name: value for name, value in typed.items() if "-" not in name}
    reasons = [code.value for code in Reason if typed[f"reason-{code.value}"]]
    return plain | {"reasons": reasons, "categories": [code for code in CATEGORIES if typed[f"category-{code}"]]}


def _by_support(one: Scenario) -> bool:
    """Return whether the end of support is one of the reasons that were asked for."""
    return Reason.UNSUPPORTED.value in one.row.options.get("reasons", ())


def _doubts(house: House, year: int) -> list[Text]:
    """Return the titles of the rulebooks in use of which somebody still has to confirm a line."""
    books = house.rulebooks
    norms = books.norms_on(date(year, 12, 31))
    used = {books.wear_in(year).key} | (set() if norms is None else {norms.key})
    with reading(house.books.engine) as session:
        return list({doubt.book: doubt.title for doubt in doubts_of(session, books, used)}.values())
