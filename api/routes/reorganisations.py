"""Merging units over HTTP: a rehearsal, the act, and taking it back."""

from typing import Annotated, Final

from anyio.to_thread import run_sync
from fastapi import APIRouter, Depends, Path, Query
from pydantic import BaseModel
from starlette.requests import Request

from api.house import house_of
from api.http.auth import needs
from api.http.bodies import json_object
from api.http.description import BY_ETAG, sending
from api.http.etag import version_wanted
from inventory.access.rights import Act, Actor
from inventory.audit import reorganisation
from inventory.audit.reorganisation import Outcome
from inventory.places.reorganisations import ReorganisationCreate

ROUTER: Final = APIRouter(prefix="/api/v1/reorganisations", tags=["reorganisations"])

Key = Annotated[str, Path(max_length=32, description="The reorganisation's number.")]
Administering = Annotated[Actor, Depends(needs(Act.ADMINISTER, "reorganisations"))]
Rehearsing = Annotated[bool, Query(description="Tell the numbers and write nothing.")]


class Pair(BaseModel):
    """A unit and the one that takes it over."""

    old: str
    new: str


class Merger(BaseModel):
    """What moved or would move. `number` is empty for a rehearsal; `by_unit` counts for each old unit."""

    number: str
    pairs: list[Pair]
    counts: dict[str, int]
    by_unit: dict[str, dict[str, int]]


@ROUTER.post("", summary="Merge units", status_code=201, openapi_extra=sending(ReorganisationCreate))
async def merge(request: Request, who: Administering, rehearse: Rehearsing = False) -> Merger:
    """Move what stands at the old units to the new ones, or with `rehearse=true` only tell the numbers."""
    values = await json_object(request)
    books = house_of(request).books
    return _told(await run_sync(lambda: reorganisation.reorganise(books, who, values, rehearse=rehearse)))


@ROUTER.post("/{key}/undo", summary="Undo a merger", openapi_extra=sending(None, BY_ETAG))
async def undo(request: Request, key: Key, who: Administering) -> Merger:
    """Move everything back; `If-Match` names the version that was read."""
    version = version_wanted(request)
    return _told(await run_sync(reorganisation.undo, house_of(request).books, who, key, version))


def _told(outcome: Outcome) -> Merger:
    pairs = [Pair(old=old, new=new) for old, new in outcome.pairs]
    return Merger(number=outcome.number, pairs=pairs, counts=outcome.counts, by_unit=outcome.by_unit)
