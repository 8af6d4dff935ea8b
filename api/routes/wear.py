"""Values of assets over HTTP: on any day, past or future; one asset year by year; the facts that its wear rests on."""

from datetime import date
from typing import Annotated, Any, Final, Literal

from anyio.to_thread import run_sync
from fastapi import APIRouter, Depends, Path, Query
from pydantic import BaseModel, ConfigDict
from starlette.datastructures import QueryParams
from starlette.requests import Request
from starlette.responses import Response

from api.house import house_of
from api.http.auth import needs
from api.http.bodies import json_object
from api.http.description import BY_ETAG, ONCE, listing, sending
from api.http.etag import etag_of, version_wanted
from api.http.idempotency import once_of
from api.http.listing import query_of
from api.views.wear_asset import YEARS_AHEAD, wear_of_asset
from api.views.wear_values import FIRST_DAY, LAST_DAY
from inventory.access.rights import Act, Actor
from inventory.assets.asset_noun import ASSETS
from inventory.assets.depreciation import Value, WearOfYear
from inventory.assets.valuing import AssetValue, totals_on, values_on
from inventory.assets.wear_facts import WearFactCreate, WearFactRead
from inventory.assets.wear_noting import fact_of, note_fact, withdraw_fact
from inventory.assets.wear_sums import Totals
from inventory.replays import Replayed

ROUTER: Final = APIRouter(prefix="/api/v1/wear", tags=["wear"])

Day = Annotated[date, Query(ge=FIRST_DAY, le=LAST_DAY, description="The day, past or future.", examples=["2026-12-31"])]
Key = Annotated[str, Path(max_length=64, description="The asset's tag.")]
Number = Annotated[int, Path(ge=1, le=2**31 - 1, description="The fact's number.")]
Reading = Annotated[Actor, Depends(needs(Act.READ, "assets"))]
Writing = Annotated[Actor, Depends(needs(Act.WRITE, "assets"))]


class Money(BaseModel):
    """Cost and wear, whole đồng."""

    cost_vnd: int
    accumulated_vnd: int
    residual_vnd: int


class Year(BaseModel):
    """The December of a year.

    Attributes:
        rate: Yearly rate as numerator and denominator; `null` where a residual is spread or nothing wears.
        closed: Whether the year is closed.
        rulebook: Key of the rulebook that governs it.
    """

    year: int
    cost_vnd: int
    opening_vnd: int
    written_off_vnd: int
    annual_vnd: int
    accumulated_vnd: int
    residual_vnd: int
    used_years: int
    life_years: int
    fixed: bool
    closed: bool
    rulebook: str


class ValueRead(BaseModel):
    """What an asset is worth on a day.

    Attributes:
        held: Whether it is on the books that day.
        booked: As the books show it.
        projected: With the wear of the year by the day; no book shows it.
        last: The last December that is in `booked`.
    """

    asset: str
    name: str
    category: str
    site: str
    put_to_use: date | None
    held: bool
    booked: Money
    projected: Money
    rate: tuple[int, int] | None
    last: Year


class TotalRead(Money):
    """Sums of what is on the books."""

    pieces: int


_EXAMPLE: Final[dict[str, Any]] = {
    "day": "2026-12-31",
    "items": [
        {
            "asset": "TS/2023/007",
            "name": "Máy tính để bàn phòng Văn thư",
            "category": "desktop",
            "site": "tan-lap",
            "put_to_use": "2023-05-01",
            "held": True,
            "booked": {"cost_vnd": 14_000_000, "accumulated_vnd": 9_800_000, "residual_vnd": 4_200_000},
            "projected": {"cost_vnd": 14_000_000, "accumulated_vnd": 9_800_000, "residual_vnd": 4_200_000},
            "rate": None,
            "last": {
                "year": 2026,
                "cost_vnd": 14_000_000,
                "opening_vnd": 8_400_000,
                "written_off_vnd": 0,
                "annual_vnd": 1_400_000,
                "accumulated_vnd": 9_800_000,
                "residual_vnd": 4_200_000,
                "used_years": 4,
                "life_years": 7,
                "fixed": True,
                "closed": False,
                "rulebook": "tt-141-2025",
            },
        }
    ],
    "next_cursor": None,
    "total": {"pieces": 1, "cost_vnd": 14_000_000, "accumulated_vnd": 9_800_000, "residual_vnd": 4_200_000},
}


class ValuesRead(BaseModel):
    """A page of values; `total` only if it was asked for."""

    model_config = ConfigDict(json_schema_extra={"examples": [_EXAMPLE]})

    day: date
    items: list[ValueRead]
    next_cursor: str | None
    total: TotalRead | None


class Group(TotalRead):
    """Sums of a site or a category; `key` is its slug or code, empty for all."""

    key: str


class TotalsRead(BaseModel):
    """Sums on a day."""

    day: date
    items: list[Group]


class AssetWearRead(BaseModel):
    """The wear of an asset.

    Attributes:
        now: Its value today; `null` while it is only planned, or if its facts contradict each other.
        years: Every year until it is worn out, ascending.
        facts: What its wear rests on beside its row.
    """

    now: ValueRead | None
    years: list[Year]
    facts: list[WearFactRead]


@ROUTER.get("/values", summary="Values on a day", openapi_extra=listing(ASSETS))
def values(request: Request, who: Reading, day: Day) -> ValuesRead:
    """Return what assets are worth on a day, narrowed, ordered and paged as the list of assets is."""
    house = house_of(request)
    page = values_on(house.books, who, query_of(_without(request.query_params, "day")), day, house.rulebooks)
    total = None if page.total is None else _total(page.total)
    return ValuesRead(day=day, items=[_value(one) for one in page.items], next_cursor=page.next_cursor, total=total)


@ROUTER.get("/totals", summary="Sums on a day", openapi_extra=listing(ASSETS))
def totals(
    request: Request, who: Reading, day: Day, by: Annotated[Literal["", "site", "category"], Query()] = ""
) -> TotalsRead:
    """Return the sums of all that fits, of each site or of each category."""
    house = house_of(request)
    query = query_of(_without(request.query_params, "day", "by"))
    found = totals_on(house.books, who, query, day, house.rulebooks, by)
    groups = [Group(key=key, **_total(one).model_dump()) for key, one in sorted(found.items())]
    return TotalsRead(day=day, items=groups)


@ROUTER.get("/assets/{key:path}", summary="One asset year by year")
def asset(request: Request, key: Key, who: Reading) -> AssetWearRead:
    """Return every year of an asset until it is worn out, with the facts that its wear rests on."""
    found = wear_of_asset(house_of(request), who, key)
    years = [_year(line.year.wear, line.year.closed, line.year.rulebook) for line in found.years]
    return AssetWearRead(
        now=_value(found.now.one) if found.now else None, years=years[:_MOST_YEARS], facts=list(found.facts)
    )


@ROUTER.post(
    "/facts",
    summary="Note a fact of wear",
    status_code=201,
    response_model=WearFactRead,
    openapi_extra=sending(WearFactCreate, ONCE),
)
async def note(request: Request, who: Writing) -> Response:
    """Note second-hand, surplus, broken, gone, a change of cost, an opening balance; its year has to be open."""
    values_, once, house = await json_object(request), await once_of(request), house_of(request)

    def work() -> WearFactRead:
        try:
            return note_fact(house.books, who, values_, house.rulebooks, once)
        except Replayed as replayed:
            return fact_of(house.books, who, int(replayed.object_key))

    return _fact(await run_sync(work), 201)


@ROUTER.post(
    "/facts/{number}/withdraw",
    summary="Take a fact back",
    response_model=WearFactRead,
    openapi_extra=sending(None, BY_ETAG),
)
def withdraw(request: Request, number: Number, who: Writing) -> Response:
    """Take a wrong fact back while its year is open; `If-Match` names the version that was read."""
    house = house_of(request)
    return _fact(withdraw_fact(house.books, who, number, version_wanted(request), house.rulebooks), 200)


_MOST_YEARS: Final = 200 + YEARS_AHEAD


def _without(given: QueryParams, *names: str) -> QueryParams:
    return QueryParams([(name, value) for name, value in given.multi_items() if name not in names])


def _money(value: Value) -> Money:
    return Money(
        cost_vnd=value.cost_vnd, accumulated_vnd=value.accumulated_vnd, residual_vnd=value.residual_vnd
    )  # fmt: skip


def _total(total: Totals) -> TotalRead:
    return TotalRead(pieces=total.pieces, **_money(total.value).model_dump())


def _year(wear: WearOfYear, closed: bool, rulebook: str) -> Year:
    names = [name for name in Year.model_fields if name not in {"closed", "rulebook"}]
    return Year(closed=closed, rulebook=rulebook, **{name: getattr(wear, name) for name in names})


def _value(one: AssetValue) -> ValueRead:
    asset_ = one.asset
    return ValueRead(
        asset=asset_.tag,
        name=asset_.name,
        category=asset_.category,
        site=asset_.site,
        put_to_use=asset_.put_to_use,
        held=one.held,
        booked=_money(one.booked),
        projected=_money(one.projected),
        rate=one.rate,
        last=_year(one.wear, one.closed, one.rulebook),
    )


def _fact(fact: WearFactRead, status: int) -> Response:
    return Response(
        fact.model_dump_json(warnings=False),
        status_code=status,
        headers={"ETag": etag_of(fact.version)},
        media_type="application/json",
    )
