"""What collectors ask and tell: their leases, their roster, their reports. Each speaks for itself alone."""

import logging
from datetime import datetime
from typing import Annotated, Any, Final

from fastapi import APIRouter, Body, Depends, Path
from pydantic import BaseModel, ConfigDict, Field
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from api.configurations.taking import Read, known_devices, taken
from api.house import House, house_of
from api.http.auth import actor
from api.http.etag import is_known
from api.polling.errands import Delivery
from api.polling.reports import MOST_REPORTS, read_reports
from inventory.access.rights import Act, Actor, check
from inventory.columns import now
from inventory.db import reading, writing
from inventory.errors import Forbidden
from inventory.network.collectors import beat, register
from inventory.network.host_keys import trust_first
from inventory.network.leases import RENEW_AFTER_S, renew
from inventory.network.observations import Observation, ingest_observations, ingest_transitions
from inventory.network.sightings import note_sightings
from inventory.text import Text

log = logging.getLogger(__name__)

ROUTER: Final = APIRouter(prefix="/api/v1/collectors/{name}", tags=["collectors"])

Name = Annotated[str, Path(pattern=r"^[a-z0-9](?:[a-z0-9._-]{0,62}[a-z0-9])?$", examples=["main"])]
Asking = Annotated[Actor, Depends(actor)]


class LeaseRequest(BaseModel):
    """A sign of life and a wish for leases."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"example": {"version": "0.1.0", "url": "http://127.0.0.1:9765", "workers": 1}},
    )

    version: Annotated[str, Field(max_length=32)]
    url: Annotated[str, Field(max_length=300, pattern=r"^https?://[^\s/?#@]+$")] | None = None
    workers: Annotated[int, Field(ge=1, le=64)] = 1


class Lease(BaseModel):
    """A site that the collector polls until `until`."""

    site: str
    until: datetime


class LeaseAnswer(BaseModel):
    """All that the collector holds now."""

    leases: list[Lease]
    renew_after_s: int = RENEW_AFTER_S


class ReportsRequest(BaseModel):
    """A batch of reports in the order in which they were made; each is checked by itself."""

    model_config = ConfigDict(extra="forbid")

    reports: Annotated[list[dict[str, Any]], Field(max_length=MOST_REPORTS)]


class ReportsAnswer(BaseModel):
    """What became of a batch; all of it is on disk now."""

    accepted: int
    duplicates: int
    refused: int


_TRANSITION: Final = {
    "uid": "0f8fad5bd9cb469fa16570867728950e",
    "kind": "transition",
    "element": "link:viet-vinh",
    "instance": "core",
    "site": "trung-tam",
    "probe": "snmp_link",
    "state": "down",
    "reason": None,
    "detail": "sfp1: lowerLayerDown",
    "at": "2018-12-03T01:02:03.456Z",
}

_FOUND: Final = {
    "instance": "core",
    "probe": "icmp",
    "started_at": "2018-12-03T01:02:03.456Z",
    "duration_s": 0.012,
    "success": True,
    "samples": [["quang_icmp_loss_ratio", [], 0.0]],
}


@ROUTER.post("/lease")
def lease(request: Request, name: Name, body: LeaseRequest, asking: Asking) -> LeaseAnswer:
    """Renew a collector's leases; a collector that is new but has a token is booked."""
    _only_itself(asking, name)
    books = house_of(request).books
    with writing(books.engine) as session:
        # The clock is read inside the transaction: one that had to wait for others must not act on an old time.
        register(session, books.keys, asking, name)
        at = now()
        one = beat(session, name, version=body.version, url=body.url, workers=body.workers, now=at)
        held = renew(session, one, at)
    return LeaseAnswer(leases=[Lease(site=each.site, until=each.until) for each in held])


@ROUTER.get("/roster", responses={304: {"description": "The roster is the one that the caller has."}})
def roster(request: Request, name: Name, asking: Asking) -> Response:
    """Return what the collector polls, with credentials in clear (`collector.target.Roster`)."""
    _only_itself(asking, name)
    served = house_of(request).rosters.of(name, now())
    headers = {"ETag": served.etag, "Cache-Control": "no-store"}
    if is_known(request, served.etag.removeprefix("W/")):
        return Response(status_code=304, headers=headers)
    return Response(served.body, media_type="application/json", headers=headers)


@ROUTER.post("/reports")
def reports(
    request: Request,
    name: Name,
    body: Annotated[ReportsRequest, Body(examples=[{"reports": [_TRANSITION]}])],
    asking: Asking,
) -> ReportsAnswer:
    """Take reports, each exactly once by its `uid`; one that is not understood is counted and left out."""
    _only_itself(asking, name)
    house, found = house_of(request), read_reports(name, body.reports, now())
    observations = found.observations + _configurations(house, found.configurations)
    with writing(house.books.engine) as session:
        new = ingest_transitions(session, found.transitions)
        ingest_observations(session, observations)
        trust_first(session, house.books.keys, asking, observations)
        # Behind what may write history: people decide about findings under that lock.
        note_sightings(session, observations)
    if found.refused:
        log.warning("collector %s sent %d reports that are not understood", name, found.refused)
    accepted = new + len(found.observations) + len(found.configurations)
    return ReportsAnswer(accepted=accepted, duplicates=len(found.transitions) - new, refused=found.refused)


def _configurations(house: House, read: list[Read]) -> list[Observation]:
    """Keep configurations, each before it is noted: what is noted twice does no harm, what is lost would."""
    if not read:
        return []
    with reading(house.books.engine) as session:
        known = known_devices(session, [one.instance for one in read])
    return taken(house.archive, read, known)


@ROUTER.get("/errand", responses={204: {"description": "Nothing has come for a while; ask again."}})
async def errand(request: Request, name: Name, asking: Asking) -> Response:
    """Wait for something to find out now (`collector.polling.on_demand.Errand`); credentials come in clear."""
    _only_itself(asking, name)
    found = await house_of(request).errands.fetch(name)
    if found is None:
        return Response(status_code=204, headers={"Cache-Control": "no-store"})
    return JSONResponse(found.document(), headers={"Cache-Control": "no-store"})


@ROUTER.post("/errands/{uid}", status_code=204)
async def deliver(
    request: Request,
    name: Name,
    uid: Annotated[str, Path(pattern=r"^[0-9a-f]{32}$", examples=["0f8fad5bd9cb469fa16570867728950e"])],
    body: Annotated[Delivery, Body(examples=[{"results": [_FOUND]}])],
    asking: Asking,
) -> Response:
    """Take what an errand has found; when nobody waits for it any more it is dropped."""
    _only_itself(asking, name)
    house_of(request).errands.deliver(name, uid, body)
    return Response(status_code=204)


def _only_itself(asking: Actor, name: str) -> None:
    """Let a collector's own token pass.

    Raises:
        Forbidden: It is another collector's token, or none of a collector.
    """
    check(asking, Act.INGEST, "collectors")
    if asking.collector != name:
        raise Forbidden(
            Text(
                vi="Mã truy cập này không phải của bộ thu thập “{name}”.",
                en="This token is not that of the collector “{name}”.",
            ).fill(name=name)
        )
