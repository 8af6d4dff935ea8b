"""The wear ledger and the wear table: chosen by site and year, on the screen, on paper and as a workbook."""

from typing import Annotated, Final

from anyio.to_thread import run_sync
from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from api.house import House, house_of
from api.http.auth import actor
from api.views.asset_list import asset_sites
from api.views.i18n import language_of
from api.views.rendering import render
from api.views.wear_papers import DAY, label_of
from api.views.wear_sheets import FIRST_YEAR, LAST_YEAR, SheetName, sheet_of, state_of, workbook
from inventory.access.rights import Act, Actor, check
from inventory.assets.ledger import WearTable
from inventory.assets.wear_reports import closings_of, wear_table_of
from inventory.text import Text

ROUTER: Final = APIRouter(include_in_schema=False)

Year = Annotated[int, Query(ge=FIRST_YEAR, le=LAST_YEAR)]
Slug = Annotated[str, Query(max_length=64)]

MOST_SHOWN: Final = 2_000
"""Rows of a sheet on the screen."""

SIGNERS: Final[dict[SheetName, tuple[str, ...]]] = {
    "ledger": ("book_keeper", "chief_accountant", "head_of_unit"),
    "table": ("made_by", "chief_accountant", "head_of_unit"),
}


@ROUTER.get("/wear/papers")
async def papers(request: Request, site: Slug = "", year: Year | None = None) -> Response:
    """Lead to the two sheets of a site and year; what the year comes to follows by itself."""
    house, person = house_of(request), actor(request)
    check(person, Act.READ, "assets")
    return render(
        request,
        "wear/papers.html",
        sites=await run_sync(asset_sites, house, person),
        site=site,
        year=year or last_year(house),
        years=(FIRST_YEAR, LAST_YEAR),
    )


@ROUTER.get("/wear/papers/year")
async def sums(request: Request, year: Year, site: Slug = "") -> Response:
    """Give what a year comes to, by category; of a large book it takes seconds."""
    table, state = await run_sync(_year, house_of(request), actor(request), year, site)
    return render(request, "wear/year.html", year=year, table=table, state=state, label_of=label_of)


@ROUTER.get("/wear/ledger")
async def ledger(request: Request, year: Year, site: Slug = "") -> Response:
    """Show the fixed-asset ledger (S24-H), ready to print."""
    return await _sheet_page(request, "ledger", year, site)


@ROUTER.get("/wear/table")
async def table(request: Request, year: Year, site: Slug = "") -> Response:
    """Show the wear table (C55-HD), ready to print."""
    return await _sheet_page(request, "table", year, site)


@ROUTER.get("/wear/ledger.xlsx")
async def ledger_file(request: Request, year: Year, site: Slug = "") -> Response:
    """Give the ledger as a workbook."""
    return await _file(request, "ledger", year, site)


@ROUTER.get("/wear/table.xlsx")
async def table_file(request: Request, year: Year, site: Slug = "") -> Response:
    """Give the wear table as a workbook."""
    return await _file(request, "table", year, site)


def last_year(house: House) -> int:
    """Return the year whose papers are asked for most: this one in its December, else the one before."""
    today = house.books.today()
    return today.year if today.month == 12 else today.year - 1


def _year(house: House, person: Actor, year: int, site: str) -> tuple[WearTable, Text]:
    closed = next((one for one in closings_of(house.books, person) if one.year == year), None)
    return wear_table_of(house.books, person, year, house.rulebooks, within=site), state_of(house, year, closed)


async def _sheet_page(request: Request, name: SheetName, year: int, site: str) -> Response:
    house = house_of(request)
    found = await run_sync(sheet_of, house, actor(request), name, year, site)
    day = found.head.day
    return render(
        request,
        f"wear/{name}.html",
        sheet=name,
        form=found.form,
        head=found.head,
        rows=found.rows,
        most=MOST_SHOWN,
        site=site,
        signers=SIGNERS[name],
        day_line=DAY.fill(day=f"{day:%d}", month=f"{day:%m}", year=day.year),
    )


async def _file(request: Request, name: SheetName, year: int, site: str) -> Response:
    found = await run_sync(sheet_of, house_of(request), actor(request), name, year, site)
    return await run_sync(workbook, found, site, language_of(request))
