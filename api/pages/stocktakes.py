"""Stocktakes: the list with what is due, a new one, one campaign with its progress, and its steps."""

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
from api.views.changes import changes_of
from api.views.forms import Field, Form, posted
from api.views.rendering import render
from api.views.stocktaking import Campaign, campaign, campaigns, rules_of
from inventory.access.rights import Act, Actor, check, may
from inventory.assets.categories import CATEGORIES
from inventory.audit import campaigns as acts
from inventory.audit.campaigns import may_lead
from inventory.audit.progress import next_due
from inventory.audit.stocktake import STATE_LABELS, StocktakeState
from inventory.errors import Conflict, Invalid, Stale
from inventory.nouns import NOUNS
from inventory.register import Query, list_
from inventory.text import Text, same

ROUTER: Final = APIRouter(include_in_schema=False)

MOST_SITES: Final = 500
_ROLE_OF_HEAD: Final = ("truong ban", "head")

FIELDS: Final = (
    Field(
        "title",
        Text(vi="Tên đợt kiểm kê", en="Name"),
        required=True,
        hint=Text(vi="Ví dụ: Kiểm kê tháng 12 năm 2026", en="For example: count of December 2026"),
    ),
    Field("due", Text(vi="Hạn hoàn thành", en="Done by"), "date", required=True),
    Field("site", Text(vi="Đơn vị", en="Site"), "select", required=True),
    Field("below", Text(vi="Cả các đơn vị trực thuộc", en="With all sites below it"), "check"),
    Field(
        "committee",
        Text(vi="Ban kiểm kê", en="Counting committee"),
        "long",
        required=True,
        hint=Text(
            vi="Mỗi người một dòng, họ tên rồi dấu phẩy và chức vụ; người đầu tiên là trưởng ban.",
            en="One person a line, name, comma, title; the first is the head.",
        ),
        longest=4000,
    ),
    Field("unit", Text(vi="Tên đơn vị trên biên bản", en="Unit on the minutes")),
    Field("department", Text(vi="Bộ phận", en="Department")),
    Field("unit_code", Text(vi="Mã đơn vị", en="Unit code"), longest=40, plain=True),
    Field("head_of_unit", Text(vi="Thủ trưởng đơn vị", en="Head of the unit"), longest=120),
    Field("chief_accountant", Text(vi="Kế toán trưởng", en="Chief accountant"), longest=120),
    Field(
        "evidence_days",
        Text(vi="Bằng chứng qua mạng có giá trị trong (ngày)", en="Days for which the network vouches"),
        "integer",
        hint=Text(
            vi="Máy mà mạng nhìn thấy đúng số máy hoặc địa chỉ MAC trong thời gian này sẽ được đề nghị xác nhận.",
            en="What the network saw by serial number or MAC within these days is proposed for confirmation.",
        ),
        longest=3,
    ),
    *(Field(f"category-{code}", one.label, "check") for code, one in CATEGORIES.items()),
)


@ROUTER.get("/stocktakes")
async def stocktakes(request: Request) -> Response:
    """Show the campaigns and when the next count is due."""
    house, person = house_of(request), actor(request)
    found = await run_sync(campaigns, house, person)
    today = house.books.today()
    due = next_due(today)
    return render(
        request,
        "stocktakes/list.html",
        rows=found,
        labels=STATE_LABELS,
        due=due,
        due_done=_is_done(found, due),
        days_left=(due - today).days,
        may_plan=may(person, Act.WRITE, "stocktakes"),
    )


@ROUTER.get("/stocktakes/start")
async def start(request: Request) -> Response:
    """Show the form of a new campaign."""
    house, person = house_of(request), actor(request)
    check(person, Act.WRITE, "stocktakes")
    due = next_due(house.books.today())
    title = Text(vi="Kiểm kê tháng {month} năm {year}", en="Count of {month}/{year}").fill(
        month=due.month, year=due.year
    )
    values = {"title": title.to(person.language), "due": due.isoformat(), "below": "1", "evidence_days": "30"}
    form = Form(FIELDS, values)
    form.choices = {"site": await run_sync(site_choices, house, person)}
    return _start_page(request, form)


@ROUTER.post("/stocktakes/start")
async def plan(request: Request) -> Response:
    """Write a new campaign, or show what is wrong with it."""
    house, person = house_of(request), actor(request)
    check(person, Act.WRITE, "stocktakes")
    form = Form(FIELDS)
    form.take(await posted(request))
    try:
        made = await run_sync(lambda: acts.plan(house.books, person, sent_of(house, person, form)))
    except Invalid as error:
        form.problems = [*error.problems]
        form.choices = {"site": await run_sync(site_choices, house, person)}
        return _start_page(request, form, status=422)
    return RedirectResponse(f"/stocktakes/{made.id}?done=created", 303)


@ROUTER.get("/stocktakes/{number}")
async def show(request: Request, number: int) -> Response:
    """Show one campaign."""
    return await _page(request, number)


@ROUTER.post("/stocktakes/{number}/{step}")
async def step(request: Request, number: int, step: str) -> Response:
    """Take a campaign a step further: `begin`, `review`, or back: `reopen`."""
    house, person = house_of(request), actor(request)
    version = version_of(await posted(request))
    steps: dict[str, Callable[[], Any]] = {
        "begin": lambda: acts.begin(house.books, person, number, version, rules_of(house)),
        "review": lambda: acts.review(house.books, person, number, version),
        "reopen": lambda: acts.reopen(house.books, person, number, version),
    }
    if step not in steps:
        raise NoSuchPage
    try:
        await run_sync(steps[step])
    except (Conflict, Stale) as error:
        return await _page(request, number, error=error)
    following = "/decisions" if step == "review" else ""
    return RedirectResponse(f"/stocktakes/{number}{following}?done=saved", 303)


async def _page(request: Request, number: int, error: Conflict | Stale | None = None) -> Response:
    person = actor(request)
    one = await run_sync(campaign, house_of(request), person, number)
    return render(
        request,
        "stocktakes/stocktake.html",
        status=200 if error is None else 409,
        one=one,
        label=STATE_LABELS[one.state],
        categories=[CATEGORIES[code].label for code in one.row.categories if code in CATEGORIES],
        form=Form((), error=error),
        may_count=may(person, Act.COUNT, "stocktakes"),
        may_lead=may(person, Act.WRITE, "stocktakes") and may_lead(person, one.row),
        changes=await changes_of(request, "stocktake", number),
    )


def _start_page(request: Request, form: Form, status: int = 200) -> Response:
    plain = [one for one in form.fields if not one.name.startswith("category-")]
    kinds = [one for one in form.fields if one.name.startswith("category-")]
    return render(request, "stocktakes/start.html", status=status, form=form, plain=plain, kinds=kinds, one=None)


def site_choices(house: House, person: Actor) -> list[tuple[str, Text]]:
    """Return the sites that a reader may choose from."""
    page = list_(house.books, person, NOUNS["sites"], Query(limit=MOST_SITES, sort="name"))
    return [(str(item.key), same(getattr(item, "name", item.key))) for item in page.items]


def sent_of(house: House, person: Actor, form: Form) -> dict[str, Any]:
    """Return what a form says, as the model of a plan takes it."""
    values = form.values
    chosen = values["site"]
    sites = [chosen] if chosen else []
    if chosen and values["below"] == "1":
        query = Query(limit=MOST_SITES, filters={"within": [chosen]})
        sites = [str(item.key) for item in list_(house.books, person, NOUNS["sites"], query).items] or sites
    kept = ("title", "due", "unit", "department", "unit_code", "head_of_unit", "chief_accountant")
    sent: dict[str, Any] = {name: values[name] for name in kept}
    sent |= {"sites": sites, "committee": _committee(values["committee"])}
    sent["categories"] = [code for code in CATEGORIES if values[f"category-{code}"] == "1"]
    days = values["evidence_days"]
    return sent | ({"evidence_days": int(days)} if days.isascii() and days.isdigit() else {})


def _committee(text: str) -> list[dict[str, str]]:
    people = [line.partition(",") for line in text.splitlines() if line.strip()]
    return [
        {"name": name.strip(), "title": title.strip(), "role": "member" if n else "head"}
        for n, (name, _, title) in enumerate(people)
    ]


def _is_done(found: list[Campaign], due: date) -> bool:
    """Return whether a campaign was signed for the due month."""
    return any(
        one.state == StocktakeState.SIGNED and (one.row.due.year, one.row.due.month) == (due.year, due.month)
        for one in found
    )
