"""Follow-ups of signed minutes over HTTP: what each decision asks of the books, and carrying one out."""

from datetime import datetime
from typing import Annotated, Final

from anyio.to_thread import run_sync
from fastapi import APIRouter, Depends, Path, Request
from pydantic import BaseModel

from api.house import house_of
from api.http.auth import needs
from api.http.bodies import json_object
from inventory.access.rights import Act, Actor
from inventory.audit.following import FollowUp, FollowUpCreate, follow, follow_ups

ROUTER: Final = APIRouter(prefix="/api/v1/stocktakes", tags=["stocktakes"])

Number = Annotated[int, Path(ge=1, le=2**31 - 1, description="The campaign's number.")]
Reading = Annotated[Actor, Depends(needs(Act.READ, "stocktakes"))]
Leading = Annotated[Actor, Depends(needs(Act.WRITE, "stocktakes"))]


class FollowUpRead(BaseModel):
    """One decision of signed minutes; `act` is empty for a booking or where nothing follows in the books."""

    subject: str
    difference: str
    decision: str
    follows: bool
    act: str
    asset: str
    to_site: str
    room: str
    needs_receiver: bool
    done_by: str
    done_at: datetime | None
    document: str


class FollowUps(BaseModel):
    """The decisions of a campaign, in the order of its minutes."""

    items: list[FollowUpRead]


@ROUTER.get("/{number}/follow-ups", summary="Decisions of signed minutes, and what was done")
def read(request: Request, number: Number, who: Reading) -> FollowUps:
    """Return each decision with what carries it out, and what was done by whom."""
    _, found = follow_ups(house_of(request).books, who, number)
    return FollowUps(items=[_read(one) for one in found])


@ROUTER.post(
    "/{number}/follow-ups",
    summary="Carry a decision out",
    openapi_extra={
        "requestBody": {
            "required": True,
            "content": {"application/json": {"schema": FollowUpCreate.model_json_schema()}},
        }
    },
)
async def do(request: Request, number: Number, who: Leading) -> FollowUpRead:
    """Do what one decision asks, in one transaction with the note of it; a second time it is refused."""
    house, values = house_of(request), await json_object(request)
    made = await run_sync(follow, house.books, who, number, values, house.rulebooks)
    _, found = await run_sync(follow_ups, house.books, who, number)
    return _read(next(one for one in found if one.difference.subject == made.subject))


def _read(one: FollowUp) -> FollowUpRead:
    return FollowUpRead(
        subject=one.difference.subject,
        difference=one.difference.kind.value,
        decision=one.kind,
        follows=one.follows,
        act=one.act.value if one.act else "",
        asset=one.asset.tag if one.asset else "",
        to_site=one.to_site.slug if one.to_site else "",
        room=one.room,
        needs_receiver=one.receiver,
        done_by=one.done.done_by if one.done else "",
        done_at=one.done.created_at if one.done else None,
        document=one.document,
    )
