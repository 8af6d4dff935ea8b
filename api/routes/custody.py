"""Acts of custody over HTTP. Lists and single documents are read as those of any noun (`GET /api/v1/documents`)."""

from datetime import date
from typing import Annotated, Final

from anyio.to_thread import run_sync
from fastapi import APIRouter, Depends, Path
from pydantic import BaseModel
from sqlmodel import select
from starlette.requests import Request
from starlette.responses import Response

from api.house import House, house_of
from api.http.auth import needs
from api.http.bodies import json_object
from api.http.description import BY_ETAG, ONCE, sending
from api.http.etag import etag_of, version_wanted
from api.http.idempotency import once_of
from inventory import register
from inventory.access.rights import Act, Actor, visible
from inventory.assets import custody, reversal
from inventory.assets.documents import Document, DocumentCreate, DocumentRead, ReversalCreate, items_of
from inventory.columns import column
from inventory.db import reading
from inventory.errors import NotFound
from inventory.network.standing import follow
from inventory.nouns import DOCUMENTS
from inventory.replays import Replayed

ROUTER: Final = APIRouter(prefix="/api/v1/documents", tags=["documents"])

Key = Annotated[str, Path(max_length=32, description="The document's number.")]
Reading = Annotated[Actor, Depends(needs(Act.READ, "documents"))]
Writing = Annotated[Actor, Depends(needs(Act.WRITE, "documents"))]


class Item(BaseModel):
    """One asset on a document, as it was that day."""

    line: int
    tag: str
    name: str
    serial: str
    category: str
    specification: str
    origin: str
    capacity: str
    used_since: int | None
    cost_vnd: int
    worn_vnd: int
    residual_vnd: int
    papers: str


class Items(BaseModel):
    """The assets of a document, by line."""

    number: str
    day: date
    items: list[Item]


@ROUTER.post(
    "",
    summary="Carry out an act of custody",
    status_code=201,
    response_model=DocumentRead,
    openapi_extra=sending(DocumentCreate, ONCE),
)
async def carry_out(request: Request, who: Writing) -> Response:
    """Assign, hand over, return, transfer, send to repair, retire, dispose: one document for one or many assets."""
    values = await json_object(request)
    once = await once_of(request)
    house = house_of(request)

    def work() -> DocumentRead:
        try:
            number = custody.carry_out(house.books, who, values, house.rulebooks, follow, once)
        except Replayed as replayed:
            number = replayed.object_key
        return read(house, who, number)

    return _answer(await run_sync(work), 201)


@ROUTER.get("/{key}/items", summary="The assets on a document")
def items(request: Request, key: Key, who: Reading) -> Items:
    """Return what was on the paper, with cost and wear as of that day."""
    with reading(house_of(request).books.engine) as session:
        mine = column(Document, "number") == key
        found = session.execute(select(Document).where(visible(who, Document), mine)).scalar_one_or_none()
        if found is None:
            raise NotFound(Document.NOUN, key)
        lines = [Item.model_validate(one, from_attributes=True) for one in items_of(session, found.id or 0)]
        return Items(number=found.number, day=found.day, items=lines)


@ROUTER.post(
    "/{key}/reverse",
    summary="Reverse a wrong document",
    status_code=201,
    response_model=DocumentRead,
    openapi_extra=sending(ReversalCreate, BY_ETAG),
)
async def reverse(request: Request, key: Key, who: Writing) -> Response:
    """Undo a document by another one; `If-Match` names the version that was read."""
    version = version_wanted(request)
    values = await json_object(request)
    house = house_of(request)

    def work() -> DocumentRead:
        number = reversal.reverse(house.books, who, key, version, values, house.rulebooks, follow)
        return read(house, who, number)

    return _answer(await run_sync(work), 201)


def read(house: House, who: Actor, number: str) -> DocumentRead:
    """Return a document as the register shows it."""
    found = register.get(house.books, who, DOCUMENTS, number)
    assert isinstance(found, DocumentRead)  # noqa: S101 - the noun's read model
    return found


def _answer(document: DocumentRead, status: int) -> Response:
    return Response(
        document.model_dump_json(warnings=False),
        status_code=status,
        headers={"ETag": etag_of(document.version), "Location": f"/api/v1/documents/{document.number}"},
        media_type="application/json",
    )
