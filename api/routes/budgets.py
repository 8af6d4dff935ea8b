"""Budgets over HTTP: scenarios, their lines, comparing two, approving one, booking what was bought."""

from typing import Annotated, Final

from anyio.to_thread import run_sync
from fastapi import APIRouter, Depends, Path, Request, Response
from pydantic import BaseModel

from api.house import house_of
from api.http.auth import needs
from api.http.bodies import json_object
from api.http.description import BY_ETAG, ONCE, sending
from api.http.etag import etag_of, version_wanted
from api.http.idempotency import once_of
from api.http.problems import reader_language
from api.views.budgeting import XLSX, line_read, plan_read, plans, scenario, workbook
from inventory.access.rights import Act, Actor
from inventory.audit import approving, drafting, purchasing, settling, totals
from inventory.audit.budget import BudgetCreate, BudgetLineRead, BudgetRead
from inventory.audit.purchasing import PurchaseCreate
from inventory.audit.settling import SettlementCreate
from inventory.replays import Replayed

ROUTER: Final = APIRouter(prefix="/api/v1/budgets", tags=["budgets"])

Number = Annotated[int, Path(ge=1, le=2**31 - 1, description="The scenario's number.")]
Reading = Annotated[Actor, Depends(needs(Act.READ, "budgets"))]
Writing = Annotated[Actor, Depends(needs(Act.WRITE, "budgets"))]


class BudgetPage(BaseModel):
    """Scenarios, newest first."""

    items: list[BudgetRead]


class LinePage(BaseModel):
    """The lines of a scenario, by number."""

    items: list[BudgetLineRead]


class SumRead(BaseModel):
    """How many lines, what they cost, what need they meet."""

    lines: int
    vnd: int
    need: int


class PairRead(BaseModel):
    """The same group in two scenarios."""

    name_vi: str
    name_en: str
    first: SumRead
    second: SumRead


class ComparisonRead(BaseModel):
    """Two scenarios beside each other; `only_first` and `only_second` are numbers of their lines."""

    whole: PairRead
    sites: list[PairRead]
    sources: list[PairRead]
    categories: list[PairRead]
    only_first: list[int]
    only_second: list[int]
    both: int


class PurchaseRead(BaseModel):
    """The booked asset."""

    asset: str
    status: str
    version: int


@ROUTER.get("", summary="List scenarios")
def list_(request: Request, who: Reading) -> BudgetPage:
    """Return the newest scenarios that are not put aside."""
    found = plans(house_of(request), who)
    return BudgetPage(items=[plan_read(one.row, one.bought, one.left_out) for one in found])


@ROUTER.post(
    "",
    summary="Draft a scenario",
    status_code=201,
    response_model=BudgetRead,
    openapi_extra={
        "parameters": [ONCE],
        "requestBody": {
            "required": True,
            "content": {"application/json": {"schema": BudgetCreate.model_json_schema()}},
        },
    },
)
async def create(request: Request, who: Writing) -> Response:
    """Compute a scenario from the books as they are now; `Idempotency-Key` makes a repeated request harmless."""
    values, once, house = await json_object(request), await once_of(request), house_of(request)

    def work() -> int:
        try:
            return drafting.draft(house.books, who, values, house.rulebooks, once).id or 0
        except Replayed as replayed:
            return int(replayed.object_key)

    number = await run_sync(work)
    answer = await run_sync(_answer, request, who, number)
    answer.status_code = 201
    answer.headers["Location"] = f"{ROUTER.prefix}/{number}"
    return answer


@ROUTER.get("/{number}", summary="Show a scenario", response_model=BudgetRead)
def get(request: Request, number: Number, who: Reading) -> Response:
    """Return a scenario with its sums."""
    return _answer(request, who, number)


@ROUTER.get("/{number}/lines", summary="Lines of a scenario")
def lines(request: Request, number: Number, who: Reading) -> LinePage:
    """Return every line that the caller may see, bought or left out, with its reasons and evidence."""
    one = scenario(house_of(request), who, number)
    return LinePage(items=[line_read(line, one.planned) for line in one.lines])


@ROUTER.get(
    "/{number}/estimate.xlsx",
    summary="The estimate as a workbook",
    response_class=Response,
    responses={
        200: {"description": "The file.", "content": {XLSX: {"schema": {"type": "string", "format": "binary"}}}}
    },
)
def estimate(request: Request, number: Number, who: Reading) -> Response:
    """Return what is bought, by site, with totals by site, source and category."""
    one = scenario(house_of(request), who, number)
    return workbook(one, reader_language(request))


@ROUTER.get("/{number}/comparison/{other}", summary="Compare two scenarios")
def compare(request: Request, number: Number, other: Number, who: Reading) -> ComparisonRead:
    """Return two scenarios beside each other."""
    house = house_of(request)
    found = totals.compare(scenario(house, who, number).lines, scenario(house, who, other).lines)
    return ComparisonRead(
        whole=_pair(found.whole),
        sites=[_pair(one) for one in found.sites],
        sources=[_pair(one) for one in found.sources],
        categories=[_pair(one) for one in found.categories],
        only_first=[line.number for line in found.only_first],
        only_second=[line.number for line in found.only_second],
        both=found.both,
    )


@ROUTER.post("/{number}/approve", summary="Approve a scenario", response_model=BudgetRead)
def approve(request: Request, number: Number, who: Writing) -> Response:
    """Turn what it buys into planned assets and lock it; `If-Match` names the version that the caller has read."""
    approving.approve(house_of(request).books, who, number, version_wanted(request))
    return _answer(request, who, number)


@ROUTER.post("/{number}/discard", summary="Put a scenario aside", response_model=BudgetRead)
def discard(request: Request, number: Number, who: Writing) -> Response:
    """Put a draft aside; `If-Match` names the version that the caller has read."""
    drafting.discard(house_of(request).books, who, number, version_wanted(request))
    return _answer(request, who, number)


@ROUTER.post(
    "/{number}/lines/{line}/settle",
    summary="Settle a line",
    response_model=BudgetRead,
    openapi_extra=sending(SettlementCreate, BY_ETAG),
)
async def settle(request: Request, number: Number, line: Number, who: Writing) -> Response:
    """Say that a line must be bought or never is, or what it costs, and choose anew; `If-Match` as for approving."""
    version, values = version_wanted(request), await json_object(request)
    await run_sync(settling.settle, house_of(request).books, who, number, version, line, values)
    return await run_sync(_answer, request, who, number)


@ROUTER.post(
    "/{number}/lines/{line}/purchase",
    summary="Book what was bought",
    openapi_extra={
        "requestBody": {
            "required": True,
            "content": {"application/json": {"schema": PurchaseCreate.model_json_schema()}},
        }
    },
)
async def purchase(request: Request, number: Number, line: Number, who: Writing) -> PurchaseRead:
    """Turn the planned asset of a line into a booked one; told again with the same tag it changes nothing."""
    values, house = await json_object(request), house_of(request)
    asset = await run_sync(purchasing.purchase, house.books, who, number, line, values, house.rulebooks)
    return PurchaseRead(asset=asset.tag, status=asset.status, version=asset.version)


def _answer(request: Request, who: Actor, number: int) -> Response:
    one = scenario(house_of(request), who, number)
    shown = plan_read(one.row, one.totals.whole, one.totals.left_out.lines)
    return Response(shown.model_dump_json(), media_type="application/json", headers={"ETag": etag_of(shown.version)})


def _pair(pair: totals.Pair) -> PairRead:
    first, second = (SumRead(**one._asdict()) for one in (pair.first, pair.second))
    return PairRead(name_vi=pair.name.vi, name_en=pair.name.en, first=first, second=second)
