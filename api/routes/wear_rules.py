"""Rulebooks over HTTP: every line with its source, and the confirmations of those who compared it."""

from datetime import date
from typing import Annotated, Any, Final

from anyio.to_thread import run_sync
from fastapi import APIRouter, Depends, Path, Request
from pydantic import BaseModel, ConfigDict
from starlette.responses import Response

from api.house import house_of
from api.http.auth import needs
from api.http.bodies import json_object
from api.http.description import BY_ETAG, sending
from api.http.etag import etag_of, version_wanted
from inventory.access.rights import Act, Actor
from inventory.assets.confirmations import ConfirmationCreate, ConfirmationRead
from inventory.assets.confirming import LineState, LineStatus, confirm, lines_of, revoke

ROUTER: Final = APIRouter(prefix="/api/v1/wear", tags=["wear"])

Reading = Annotated[Actor, Depends(needs(Act.READ, "rulebooks"))]
Writing = Annotated[Actor, Depends(needs(Act.WRITE, "rulebooks"))]
Number = Annotated[int, Path(ge=1, le=2**31 - 1, description="The confirmation's number.")]

_EXAMPLE: Final[dict[str, Any]] = {
    "rulebook": "tt-141-2025",
    "title_vi": "Thông tư 141/2025/TT-BTC",
    "title_en": "Circular 141/2025/TT-BTC",
    "kind": "wear",
    "first_day": "2026-01-01",
    "place": "lives.computer",
    "says": {"years": 7, "rate_bp": 1429, "variation_percent": 0},
    "source_vi": "phụ lục I, máy vi tính, máy in, máy quét; đọc ở nguồn thứ cấp",
    "source_en": "annex I, computers, printers, scanners; read in a secondary source",
    "digest": "0" * 64,
    "state": "open",
    "confirmation": None,
}


class LineRead(BaseModel):
    """A line of a rulebook.

    Attributes:
        says: Its figures.
        digest: What a confirmation repeats, so that a line changed meanwhile is not confirmed.
        state: `read` in the full text, `confirmed` here, `open`, or `outdated`: changed since it was confirmed.
        confirmation: The one that stands, also if outdated.
    """

    model_config = ConfigDict(json_schema_extra={"examples": [_EXAMPLE]})

    rulebook: str
    title_vi: str
    title_en: str
    kind: str
    first_day: date
    place: str
    says: dict[str, Any]
    source_vi: str
    source_en: str
    digest: str
    state: LineState
    confirmation: ConfirmationRead | None


class LinesRead(BaseModel):
    """Lines, in the order of the books."""

    items: list[LineRead]


@ROUTER.get("/rulebooks", summary="Lines of the rulebooks")
def rulebooks(request: Request, who: Reading) -> LinesRead:
    """Return every line of every rulebook with its source and its confirmation."""
    house = house_of(request)
    return LinesRead(items=[_line(line) for line in lines_of(house.books, who, house.rulebooks)])


@ROUTER.post(
    "/confirmations",
    summary="Confirm a line",
    status_code=201,
    response_model=ConfirmationRead,
    openapi_extra=sending(ConfirmationCreate),
)
async def create(request: Request, who: Writing) -> Response:
    """Note who compared a line with the full text, and when."""
    values, house = await json_object(request), house_of(request)
    return _answer(await run_sync(confirm, house.books, who, values, house.rulebooks), 201)


@ROUTER.post(
    "/confirmations/{number}/revoke",
    summary="Take a confirmation back",
    response_model=ConfirmationRead,
    openapi_extra=sending(None, BY_ETAG),
)
def take_back(request: Request, number: Number, who: Writing) -> Response:
    """Take a confirmation back; it stays in the history. `If-Match` names the version that was read."""
    return _answer(revoke(house_of(request).books, who, number, version_wanted(request)), 200)


def _line(line: LineStatus) -> LineRead:
    return LineRead(
        rulebook=line.rulebook,
        title_vi=line.title.vi,
        title_en=line.title.en,
        kind=line.kind,
        first_day=line.first_day,
        place=line.place,
        says=line.says,
        source_vi=line.source.vi,
        source_en=line.source.en,
        digest=line.digest,
        state=line.state,
        confirmation=line.confirmation,
    )


def _answer(found: ConfirmationRead, status: int) -> Response:
    return Response(
        found.model_dump_json(warnings=False),
        status_code=status,
        headers={"ETag": etag_of(found.version)},
        media_type="application/json",
    )
