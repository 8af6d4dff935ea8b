"""Labels to print: sheets of A4 or a tape, with a code, the number in figures, the name and the site."""

from dataclasses import dataclass
from typing import Final

from anyio.to_thread import run_sync
from fastapi import APIRouter, Request
from markupsafe import Markup
from sqlalchemy import select
from starlette.responses import Response

from api.house import House, house_of
from api.http.auth import actor
from api.views.document_forms import chosen
from api.views.labels import SHEETS, code_of
from api.views.rendering import render
from inventory.access.rights import Act, Actor, check
from inventory.columns import column
from inventory.db import reading
from inventory.places.sites import Site

ROUTER: Final = APIRouter(include_in_schema=False)

_MOST_FIELDS: Final = 500


@dataclass(frozen=True, slots=True)
class Label:
    """What one label shows."""

    tag: str
    name: str
    site: str
    code: Markup


@ROUTER.get("/labels")
async def one(request: Request, tag: str = "", sheet: str = "tape", skip: int = 0) -> Response:
    """Show the label of one asset."""
    return await _sheet(request, [tag], sheet, skip)


@ROUTER.post("/labels")
async def many(request: Request) -> Response:
    """Show the labels of the assets that were chosen in the list; nothing is written."""
    data = await request.form(max_files=0, max_fields=_MOST_FIELDS)
    carried = str(data.get("tags", "")).splitlines()
    tags = [value for value in (*data.getlist("tag"), *carried) if isinstance(value, str)]
    skip = str(data.get("skip", ""))
    return await _sheet(
        request, tags, str(data.get("sheet", "a4")), int(skip) if skip.isascii() and skip.isdigit() else 0
    )


async def _sheet(request: Request, tags: list[str], sheet: str, skip: int) -> Response:
    person = actor(request)
    check(person, Act.READ, "assets")
    kind = sheet if sheet in SHEETS else "a4"
    on_page = SHEETS[kind].on_page
    free = min(max(skip, 0), on_page - 1)
    labels = await run_sync(_labels, house_of(request), person, tags)
    places: list[Label | None] = [None] * free + list(labels)
    pages = [places[start : start + on_page] for start in range(0, len(places), on_page)] if labels else []
    return render(
        request, "labels/sheet.html", pages=pages, kind=kind, sheets=SHEETS, skip=free,
        tags=[label.tag for label in labels],
    )  # fmt: skip


def _labels(house: House, person: Actor, tags: list[str]) -> list[Label]:
    with reading(house.books.engine) as session:
        assets = chosen(session, person, [tag[:64] for tag in tags])
        wanted = {asset.site_id for asset in assets}
        rows = select(column(Site, "id"), column(Site, "name")).where(column(Site, "id").in_(wanted))
        sites = {row[0]: row[1] for row in session.execute(rows)}
        # The code is an SVG that segno wrote from the tag; nothing typed stands in it as markup.
        return [
            Label(asset.tag, asset.name, sites.get(asset.site_id, ""), Markup(code_of(asset.tag)))  # noqa: S704
            for asset in assets
        ]
