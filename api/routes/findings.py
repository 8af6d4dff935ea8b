"""What people do with discovered devices, and what discovery suggests.

Lists and single ones are read as those of any noun (`GET /api/v1/findings`).
"""

from datetime import datetime
from typing import Annotated, Final, Literal

from fastapi import APIRouter, Depends, Path
from pydantic import BaseModel, ConfigDict, Field
from starlette.requests import Request
from starlette.responses import Response

from api.house import house_of
from api.http.auth import actor
from api.http.etag import etag_of, version_wanted
from inventory import register
from inventory.access.rights import Act, Actor, check
from inventory.assets.assets import Asset
from inventory.db import reading
from inventory.network import recognition
from inventory.network.findings import Finding, FindingRead, is_random
from inventory.network.silence import Silent, silent
from inventory.network.suggestions import suggested_links
from inventory.nouns import NOUNS

ROUTER: Final = APIRouter(prefix="/api/v1", tags=["findings"])

Number = Annotated[int, Path(ge=1, le=2**31 - 1, description="The finding's number.")]
Asking = Annotated[Actor, Depends(actor)]


class IdentifyRequest(BaseModel):
    """Which booked thing it is."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"example": {"asset": "TS-0117"}})

    asset: Annotated[str, Field(min_length=1, max_length=64)]


class IgnoreRequest(BaseModel):
    """Why it may be there without being booked."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"example": {"reason": "Máy cá nhân của cán bộ."}})

    reason: Annotated[str, Field(min_length=1, max_length=recognition.LONGEST_REASON)]


class UnknownDevice(BaseModel):
    """A thing on the network that nothing in the books explains.

    Attributes:
        made_up: Whether the MAC is one that a telephone made up.
        maker: Who made its network card, where the tables of the IEEE are installed.
    """

    number: int
    mac: str
    made_up: bool = False
    maker: str = ""
    address: str
    vendor: str
    model: str
    title: str
    switch: str
    port: str
    first_seen: datetime
    last_seen: datetime


class SilentDevice(BaseModel):
    """A booked thing that the network does not see.

    Attributes:
        kind: `asset` or `device`.
        key: The asset's number, or the device's name.
        days: For how many days one of its category may stay away.
    """

    kind: Literal["asset", "device"]
    key: str
    name: str
    category: str
    mac: str
    last_seen: datetime | None
    days: int


class LinkSuggestion(BaseModel):
    """A link that the devices tell of and the books lack."""

    name: str
    a_device: str
    a_interface: str
    b_device: str
    b_interface: str
    last_seen: datetime


@ROUTER.get("/unknown-devices", summary="Things that nothing in the books explains")
def unknown_devices(request: Request, asking: Asking) -> list[UnknownDevice]:
    """Return the unknown things that the caller may know of, the one seen last first, at most 500."""
    check(asking, Act.READ, "findings")
    house = house_of(request)
    with reading(house.books.engine) as session:
        return [_unknown(one, house.makers.of(one.mac).name) for one in recognition.unknown(session, asking)]


@ROUTER.get("/silent-devices", summary="Assets in use and devices that nothing has seen for too long")
def silent_devices(request: Request, asking: Asking) -> list[SilentDevice]:
    """Return what is silent at sites where discovery works, at most 500 of those that were at the last count.

    They are counted every ten minutes; each is looked at again when it is asked for.
    """
    check(asking, Act.READ, "findings")
    house = house_of(request)
    counted = house.silences.get()
    with reading(house.books.engine) as session:
        return [_silent(one) for one in silent(session, asking, counted)]


@ROUTER.get("/link-suggestions", summary="Links that LLDP and CDP tell of and the books lack")
def link_suggestions(request: Request, asking: Asking) -> list[LinkSuggestion]:
    """Return the suggestions between devices that the caller may know of, at most 200."""
    check(asking, Act.READ, "links")
    with reading(house_of(request).books.engine) as session:
        return [
            LinkSuggestion(
                name=one.name, a_device=one.a.name, a_interface=one.a_port, b_device=one.b.name,
                b_interface=one.b_port, last_seen=one.last_seen,
            )
            for one in suggested_links(session, asking)
        ]  # fmt: skip


@ROUTER.post("/findings/{number}/identify", summary="Say which asset it is", response_model=FindingRead)
def identify(request: Request, number: Number, body: IdentifyRequest, asking: Asking) -> Response:
    """Confirm its identity; `If-Match` names the version that the caller has read."""
    version = version_wanted(request)
    books = house_of(request).books
    return _answer(request, asking, recognition.identify(books, asking, number, body.asset, version))


@ROUTER.post("/findings/{number}/ignore", summary="Let it be there", response_model=FindingRead)
def ignore(request: Request, number: Number, body: IgnoreRequest, asking: Asking) -> Response:
    """Ignore it for a reason; `If-Match` names the version that the caller has read."""
    version = version_wanted(request)
    books = house_of(request).books
    return _answer(request, asking, recognition.ignore(books, asking, number, body.reason, version))


@ROUTER.post("/findings/{number}/reopen", summary="Take a decision back", response_model=FindingRead)
def reopen(request: Request, number: Number, asking: Asking) -> Response:
    """Have it undecided again; `If-Match` names the version that the caller has read."""
    version = version_wanted(request)
    return _answer(request, asking, recognition.reopen(house_of(request).books, asking, number, version))


def _answer(request: Request, asking: Actor, finding: Finding) -> Response:
    shown = register.get(house_of(request).books, asking, NOUNS["findings"], finding.key)
    return Response(shown.model_dump_json(), media_type="application/json", headers={"ETag": etag_of(shown.version)})


def _unknown(one: Finding, maker: str) -> UnknownDevice:
    shared = one.model_dump(include=set(UnknownDevice.model_fields) - {"number", "maker", "made_up"})
    return UnknownDevice(number=one.id or 0, maker=maker, made_up=is_random(one.mac), **shared)


def _silent(one: Silent) -> SilentDevice:
    thing = one.thing
    return SilentDevice(
        kind="asset" if isinstance(thing, Asset) else "device",
        key=thing.tag if isinstance(thing, Asset) else thing.name,
        name=one.name,
        category=thing.category,
        mac=thing.mac if isinstance(thing, Asset) else "",
        last_seen=one.last_seen,
        days=one.days,
    )
