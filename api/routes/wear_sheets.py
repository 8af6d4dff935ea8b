"""The wear ledger and the wear table of a year over HTTP: as rows and as workbooks."""

from datetime import date
from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Query, Request, Response
from pydantic import BaseModel

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


class LedgerLine(BaseModel):
    """A line of the fixed-asset ledger; `rate` is numerator and denominator."""

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
