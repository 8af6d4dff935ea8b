"""What people do with incidents. Lists and single ones are read as those of any noun (`GET /api/v1/incidents`)."""

from datetime import datetime
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Path
from pydantic import AfterValidator, BaseModel, ConfigDict, Field
from starlette.requests import Request
from starlette.responses import Response

from api.house import house_of
from api.http.auth import actor
from api.http.bodies import storable
from api.http.etag import etag_of, version_wanted
from inventory import register
from inventory.access.rights import Act, Actor, check
from inventory.db import reading
from inventory.nouns import NOUNS
from inventory.text import Text
from inventory.watch import handling
from inventory.watch.incidents import Incident, IncidentRead, timeline

ROUTER: Final = APIRouter(prefix="/api/v1/incidents/{number}", tags=["incidents"])

Number = Annotated[int, Path(ge=1, le=2**31 - 1, description="The incident's number.")]
Asking = Annotated[Actor, Depends(actor)]


def _clean(text: str) -> str:
    words = text.strip()
    if not storable(words):
        raise ValueError(Text(vi="Có ký tự không lưu được.", en="There is a character that cannot be stored."))
    return words


def _said(text: str) -> str:
    if not text:
        raise ValueError(Text(vi="Cần viết gì đó.", en="Something has to be written."))
    return text


_Words = Annotated[str, AfterValidator(_clean)]


class NoteRequest(BaseModel):
    """A remark for the timeline."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"example": {"text": "Đã gọi xã: có điện."}})

    text: Annotated[_Words, Field(max_length=2000), AfterValidator(_said)]


class TicketRequest(BaseModel):
    """The number of the fault report at the carrier; empty takes it away."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"example": {"ticket": "VT-2018-1182"}})

    ticket: Annotated[_Words, Field(max_length=120)]


class CauseRequest(BaseModel):
    """What it was; empty takes it away."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"example": {"cause": "Xe tải kéo đứt cáp ở Km 12."}})

    cause: Annotated[_Words, Field(max_length=1000)]


class Line(BaseModel):
    """One line of a timeline."""

    at: datetime
    kind: str
    actor: str
    text_vi: str
    text_en: str


@ROUTER.get("/timeline", summary="Timeline of an incident")
def read_timeline(request: Request, number: Number, asking: Asking) -> list[Line]:
    """Return what happened to an incident, oldest first."""
    check(asking, Act.READ, "incidents")
    with reading(house_of(request).books.engine) as session:
        incident = handling.seen(session, asking, number)
        return [Line.model_validate(event, from_attributes=True) for event in timeline(session, incident)]


@ROUTER.post("/acknowledge", summary="Take an incident on", response_model=IncidentRead)
def acknowledge(request: Request, number: Number, asking: Asking) -> Response:
    """Note that the caller takes care of it."""
    return _answer(request, asking, handling.acknowledge(house_of(request).books, asking, number))


@ROUTER.post("/notes", summary="Add a remark to an incident", response_model=IncidentRead)
def add_note(request: Request, number: Number, body: NoteRequest, asking: Asking) -> Response:
    """Add a remark to the timeline."""
    return _answer(request, asking, handling.add_note(house_of(request).books, asking, number, body.text))


@ROUTER.put("/ticket", summary="Note the carrier's ticket", response_model=IncidentRead)
def set_ticket(request: Request, number: Number, body: TicketRequest, asking: Asking) -> Response:
    """Note the carrier's ticket number; `If-Match` names the version that the caller has read."""
    version = version_wanted(request)
    return _answer(request, asking, handling.set_ticket(house_of(request).books, asking, number, body.ticket, version))


@ROUTER.put("/cause", summary="Note the cause of an incident", response_model=IncidentRead)
def set_cause(request: Request, number: Number, body: CauseRequest, asking: Asking) -> Response:
    """Note the cause; `If-Match` names the version that the caller has read."""
    version = version_wanted(request)
    return _answer(request, asking, handling.set_cause(house_of(request).books, asking, number, body.cause, version))


def _answer(request: Request, asking: Actor, incident: Incident) -> Response:
    shown = register.get(house_of(request).books, asking, NOUNS["incidents"], incident.key)
    return Response(shown.model_dump_json(), media_type="application/json", headers={"ETag": etag_of(shown.version)})
