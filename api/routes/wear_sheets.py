"""The wear ledger and the wear table of a year over HTTP: as rows and as workbooks."""

from datetime import date
from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Query, Request, Response
from pydantic import BaseModel, ConfigDict

from api.house import House, house_of
from api.http.auth import needs
from api.http.problems import reader_language
from api.views.wear_sheets import FIRST_YEAR, LAST_YEAR, XLSX, SheetName, bounded, sheet_of, workbook
from inventory.access.rights import Act, Actor
from inventory.assets.ledger import Ledger, LedgerRow, WearTableRow
from inventory.assets.wear_reports import ledgers_of, wear_table_of

ROUTER: Final = APIRouter(prefix="/api/v1/wear", tags=["wear"])

Reading = Annotated[Actor, Depends(needs(Act.READ, "assets"))]
Year = Annotated[int, Query(ge=FIRST_YEAR, le=LAST_YEAR, description="Past or future.", examples=[2026])]
Within = Annotated[str, Query(max_length=64, description="A site with all below it; empty = all that may be seen.")]


_LEDGER_LINE: Final[dict[str, Any]] = {
    "number": 2,
    "asset": "TS/2018/015",
    "name": "Bộ định tuyến phòng máy",
    "category": "router",
    "serial": "B8E20AC41F9D",
    "put_to_use": "2024-02-01",
    "came_on": "2025-06-01",
    "came_by": "DC-2025-0001",
    "came_this_year": True,
    "cost_vnd": 30_000_000,
    "rate": [200_000, 1_000_000],
    "annual_vnd": 6_000_000,
    "accumulated_vnd": 12_000_000,
    "left_on": None,
    "left_by": "",
    "left_because_vi": "",
    "left_because_en": "",
    "left_residual_vnd": 0,
}
_TABLE_LINE: Final[dict[str, Any]] = {
    "number": 1,
    "asset": "TS/2023/007",
    "name": "Máy tính để bàn phòng Văn thư",
    "category": "desktop",
    "site": "tan-lap",
    "put_to_use": "2023-05-01",
    "rate": None,
    "life_years": 7,
    "cost_vnd": 14_000_000,
    "opening_vnd": 8_400_000,
    "written_off_vnd": 0,
    "annual_vnd": 1_400_000,
    "accumulated_vnd": 9_800_000,
    "residual_vnd": 4_200_000,
}


class LedgerLine(BaseModel):
    """A line of the fixed-asset ledger; `rate` is numerator and denominator."""

    model_config = ConfigDict(json_schema_extra={"examples": [_LEDGER_LINE]})

    number: int
    asset: str
    name: str
    category: str
    serial: str
    put_to_use: date | None
    came_on: date | None
    came_by: str
    came_this_year: bool
    cost_vnd: int
    rate: tuple[int, int] | None
    annual_vnd: int
    accumulated_vnd: int
    left_on: date | None
    left_by: str
    left_because_vi: str
    left_because_en: str
    left_residual_vnd: int


class LedgerSums(BaseModel):
    """Sums of a ledger; `pieces` at the end of the year."""

    pieces: int
    cost_vnd: int
    annual_vnd: int
    accumulated_vnd: int
    came_vnd: int
    left_vnd: int
    left_residual_vnd: int


class LedgerRead(BaseModel):
    """The ledger of a site and year (S24-H)."""

    site: str
    rows: list[LedgerLine]
    total: LedgerSums


class LedgersRead(BaseModel):
    """Ledgers, by site."""

    year: int
    items: list[LedgerRead]


class TableLine(BaseModel):
    """A line of the wear table."""

    model_config = ConfigDict(json_schema_extra={"examples": [_TABLE_LINE]})

    number: int
    asset: str
    name: str
    category: str
    site: str
    put_to_use: date | None
    rate: tuple[int, int] | None
    life_years: int
    cost_vnd: int
    opening_vnd: int
    written_off_vnd: int
    annual_vnd: int
    accumulated_vnd: int
    residual_vnd: int


class TableSums(BaseModel):
    """Sums of a wear table."""

    pieces: int
    cost_vnd: int
    opening_vnd: int
    written_off_vnd: int
    annual_vnd: int
    accumulated_vnd: int
    residual_vnd: int


class TableRead(BaseModel):
    """The wear table of a year (C55-HD); tools cost less than the threshold and do not wear."""

    year: int
    assets: list[TableLine]
    tools: list[TableLine]
    by_category: dict[str, TableSums]
    total: TableSums
    tools_total: TableSums


_FILE: Final[dict[int | str, dict[str, Any]]] = {
    200: {"description": "The file.", "content": {XLSX: {"schema": {"type": "string", "format": "binary"}}}}
}


@ROUTER.get("/ledger", summary="Fixed-asset ledgers of a year")
def ledger(request: Request, who: Reading, year: Year, within: Within = "") -> LedgersRead:
    """Return the ledger (S24-H) of each site: what stands there at the end of the year, and what left during it."""
    house = house_of(request)
    found = ledgers_of(house.books, who, year, house.rulebooks, within=within)
    bounded(sum(len(one.rows) for one in found))
    return LedgersRead(year=year, items=[_ledger(one) for one in found])


@ROUTER.get("/table", summary="Wear table of a year")
def table(request: Request, who: Reading, year: Year, within: Within = "") -> TableRead:
    """Return the wear table (C55-HD): of a closed year as it was closed, of another as the books are now."""
    house = house_of(request)
    found = wear_table_of(house.books, who, year, house.rulebooks, within=within)
    bounded(len(found.assets) + len(found.tools))
    return TableRead(
        year=year,
        assets=[_line(row) for row in found.assets],
        tools=[_line(row) for row in found.tools],
        by_category={code: _sums(one) for code, one in found.by_category.items()},
        total=_sums(found.total),
        tools_total=_sums(found.tools_total),
    )


@ROUTER.get(
    "/ledger.xlsx", summary="Fixed-asset ledger as a workbook", response_class=Response, responses=_FILE
)  # fmt: skip
def ledger_file(request: Request, who: Reading, year: Year, within: Within = "") -> Response:
    """Return the ledger in the layout of form S24-H, ready to print."""
    return _workbook(request, house_of(request), who, "ledger", year, within)


@ROUTER.get("/table.xlsx", summary="Wear table as a workbook", response_class=Response, responses=_FILE)
def table_file(request: Request, who: Reading, year: Year, within: Within = "") -> Response:
    """Return the wear table in the layout of form C55-HD, ready to print."""
    return _workbook(request, house_of(request), who, "table", year, within)


def _workbook(  # noqa: PLR0917 - who asks, and what
    request: Request, house: House, who: Actor, name: SheetName, year: int, within: str
) -> Response:
    return workbook(sheet_of(house, who, name, year, within), within, reader_language(request))


def _ledger(one: Ledger) -> LedgerRead:
    total = LedgerSums.model_validate(one.total, from_attributes=True)
    return LedgerRead(site=one.site, rows=[_ledger_line(row) for row in one.rows], total=total)


def _ledger_line(row: LedgerRow) -> LedgerLine:
    because = row.left_because
    own = {"asset", "left_because_vi", "left_because_en"}
    return LedgerLine(
        asset=row.tag,
        left_because_vi="" if because is None else because.vi,
        left_because_en="" if because is None else because.en,
        **{name: getattr(row, name) for name in LedgerLine.model_fields if name not in own},
    )


def _line(row: WearTableRow) -> TableLine:
    wear = row.wear
    money = ("cost_vnd", "opening_vnd", "written_off_vnd", "annual_vnd", "accumulated_vnd", "residual_vnd")
    own = ("number", "name", "category", "site", "put_to_use", "rate", "life_years")
    values = {name: getattr(wear, name) for name in money} | {name: getattr(row, name) for name in own}
    return TableLine(asset=row.tag, **values)


def _sums(total: object) -> TableSums:
    return TableSums.model_validate(total, from_attributes=True)
