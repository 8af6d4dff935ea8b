"""Files to take away from the pages: each list as it is narrowed, and the lines of documents and stocktakes."""

from typing import Final

from anyio.to_thread import run_sync
from fastapi import APIRouter, Request
from starlette.responses import Response

from api.house import house_of
from api.http.auth import actor
from api.http.refusals import NoSuchPage
from api.spreadsheets.lists import wanted
from api.spreadsheets.papers import document_file, merger_file, stocktake_file
from api.spreadsheets.tables import as_file
from api.spreadsheets.yearly import YEARLY, Taking
from api.views.i18n import language_of
from inventory.access.rights import Act, check
from inventory.exporting import Format, export, exportable
from inventory.nouns import NOUNS

ROUTER: Final = APIRouter(include_in_schema=False)


@ROUTER.get("/exports/{noun}")
async def listed(request: Request, noun: str, format: Format = Format.XLSX) -> Response:  # noqa: A002 - in the address
    """Send a list with the rows that its page shows for the same words, states and choices."""
    if noun in YEARLY:
        taking = Taking(request, house_of(request), actor(request), format, language_of(request))
        return await run_sync(YEARLY[noun], taking)
    if noun not in NOUNS or not exportable(NOUNS[noun]):
        raise NoSuchPage
    house, person = house_of(request), actor(request)
    check(person, Act.READ, noun)
    asked = await wanted(request, house, person, noun)

    def file() -> bytes:
        language = language_of(request)
        return b"".join(export(house.books, person, NOUNS[noun], format, language, asked.query, asked.keys))

    return as_file(await run_sync(file), f"{noun}-{house.books.today().isoformat()}.{format.value}", format)


@ROUTER.get("/exports/documents/{number}")
async def document(request: Request, number: str, format: Format = Format.XLSX) -> Response:  # noqa: A002 - as above
    """Send the assets of a document."""
    return await run_sync(document_file, house_of(request), actor(request), number, format, language_of(request))


@ROUTER.get("/exports/stocktakes/{number}")
async def stocktake(request: Request, number: int, format: Format = Format.XLSX) -> Response:  # noqa: A002 - as above
    """Send the lines of a stocktake with what was found."""
    return await run_sync(stocktake_file, house_of(request), actor(request), number, format, language_of(request))


@ROUTER.get("/exports/reorganisations/{number}")
async def merger(request: Request, number: str, format: Format = Format.XLSX) -> Response:  # noqa: A002 - as above
    """Send everything that a merger moved."""
    return await run_sync(merger_file, house_of(request), actor(request), number, format, language_of(request))
