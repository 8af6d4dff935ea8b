"""Follow-ups of signed minutes: what each decision asks of the books, and one button to do it."""

from typing import Any, Final

from anyio.to_thread import run_sync
from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from api.house import House, house_of
from api.http.auth import actor
from api.views.forms import Field, Form, posted
from api.views.rendering import render
from api.views.stocktaking import campaign
from inventory.access.rights import Act, may
from inventory.assets.categories import CATEGORIES
from inventory.assets.lifecycle import MOVES, ActKind
from inventory.audit.differences import KIND_LABELS
from inventory.audit.following import FollowUp, follow, follow_ups
from inventory.errors import Conflict, Invalid
from inventory.text import Text

ROUTER: Final = APIRouter(include_in_schema=False)

DAY: Final = Field("day", Text(vi="Ngày", en="Day"), "date", required=True)
RECEIVER: Final = (
    Field("to_name", Text(vi="Người nhận", en="Who takes it over"), required=True, longest=120),
    Field("to_title", Text(vi="Chức vụ", en="Title"), longest=120),
)
SURPLUS: Final = (
    Field("tag", Text(vi="Số tài sản (trên nhãn)", en="Number on the label"), required=True, longest=64, plain=True),
    Field("name", Text(vi="Tên tài sản", en="Name"), required=True),
    Field(
        "category",
        Text(vi="Loại", en="Category"),
        "select",
        required=True,
        options=tuple((code, one.label) for code, one in CATEGORIES.items()),
    ),
    Field(
        "cost_vnd",
        Text(vi="Nguyên giá (đồng)", en="Cost (đồng)"),
        "integer",
        longest=20,
        zero_if_empty=True,
        hint=Text(vi="Giá trị do ban kiểm kê xác định.", en="The value that the committee settled."),
    ),
    Field(
        "put_to_use",
        Text(vi="Dùng từ ngày", en="In use since"),
        "date",
        hint=Text(vi="Để trống nếu đưa vào kho.", en="Empty if it goes to the store."),
    ),
)


@ROUTER.get("/stocktakes/{number}/follow-ups")
async def show(request: Request, number: int) -> Response:
    """Show each decision of signed minutes with what it asks of the books."""
    return await _page(request, number)


@ROUTER.post("/stocktakes/{number}/follow-ups")
async def do(request: Request, number: int) -> Response:
    """Carry one decision out, or show what is wrong with it."""
    house, person = house_of(request), actor(request)
    data = await posted(request)
    subject = data.get("subject", "")[:200]
    form = Form((DAY, *RECEIVER, *SURPLUS))
    form.take(data)
    values: dict[str, Any] = {name: value for name, value in form.typed().items() if value not in {None, ""}}
    try:
        await run_sync(lambda: follow(house.books, person, number, values | {"subject": subject}, house.rulebooks))
    except Invalid as error:
        form.refuse(error.problems)
        return await _page(request, number, subject, form, 422)
    except Conflict as error:
        form.error = error
        return await _page(request, number, subject, form, 409)
    return RedirectResponse(f"/stocktakes/{number}/follow-ups?done=saved", 303)


def form_of(one: FollowUp, house: House) -> Form:
    """Return the form of what a person has to say to carry a decision out."""
    today = house.books.today().isoformat()
    if one.act is None:
        first = one.difference.entries[0]
        return Form((DAY, *SURPLUS), {"day": today, "tag": first.tag, "name": first.name, "cost_vnd": "0"})
    return Form((DAY, *RECEIVER) if one.receiver else (DAY,), {"day": today})


def words_of(one: FollowUp) -> Text:
    """Return what will be done, in words."""
    if one.act is None:
        return _BOOK
    if one.act == ActKind.TRANSFER and one.asset is not None and one.to_site is not None:
        if one.to_site.id == one.asset.site_id:
            return _ROOM.fill(room=one.room or "–")
        return _TO.fill(site=one.to_site.name)
    return MOVES[one.act].label


async def _page(
    request: Request, number: int, subject: str = "", sent: Form | None = None, status: int = 200
) -> Response:
    house, person = house_of(request), actor(request)
    found: list[FollowUp] = []
    early: Conflict | None = None
    try:
        row, found = await run_sync(follow_ups, house.books, person, number)
    except Conflict as error:
        row, early = (await run_sync(campaign, house, person, number)).row, error
    forms = {one.difference.subject: form_of(one, house) for one in found if one.follows}
    if sent is not None and subject in forms:
        kept = forms[subject]
        forms[subject] = Form(kept.fields, kept.values | sent.values, sent.problems, sent.error)
    return render(
        request,
        "stocktakes/follow_ups.html",
        status=status,
        row=row,
        found=found,
        forms=forms,
        words={one.difference.subject: words_of(one) for one in found if one.follows},
        kinds=KIND_LABELS,
        may_do=may(person, Act.WRITE, "stocktakes") and may(person, Act.WRITE, "documents"),
        error=early or (sent.error if sent is not None and subject not in forms else None),
    )


_BOOK: Final = Text(vi="Ghi tăng vào sổ", en="Enter it in the books")
_ROOM: Final = Text(vi="Sửa phòng trong sổ thành “{room}”", en="Correct the room in the books to “{room}”")
_TO: Final = Text(vi="Điều chuyển về {site}", en="Transfer to {site}")
