"""Devices: the list, and the page of each with its ports, what it says of itself, and which asset it is."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from anyio.to_thread import run_sync
from fastapi import APIRouter, Request
from sqlalchemy import select
from starlette.responses import Response

from api.configurations.taking import CHANGED, CONFIGURATION
from api.configurations.versions import Version, versions_of
from api.house import House, house_of
from api.http.auth import actor
from api.views.changes import changes_of
from api.views.charting import RANGES
from api.views.device_health import health_of
from api.views.device_ports import ports_of
from api.views.faults import fault
from api.views.narrowing import devices_of, part_of
from api.views.overview import overview
from api.views.record import record_of
from api.views.rendering import render
from api.views.states import State
from inventory.access.rights import Act, Actor, check, may, visible
from inventory.assets.assets import Asset
from inventory.assets.categories import CATEGORIES
from inventory.columns import column
from inventory.db import reading
from inventory.errors import NotFound
from inventory.network.devices import Device
from inventory.network.holdings import Holding
from inventory.network.observations import Observation
from inventory.text import Text, same

ROUTER: Final = APIRouter(include_in_schema=False)

_SHOWN_FACTS: Final = 60
_SHOWN_HOLDINGS: Final = 20

_ELSEWHERE: Final = (CONFIGURATION, CHANGED, "arp", "port", "neighbour")
"""Facts that have a page of their own."""

FACTS: Final = {
    "serial": Text(vi="Số sê-ri", en="Serial number"),
    "model": Text(vi="Kiểu máy", en="Model"),
    "firmware": Text(vi="Phần mềm", en="Firmware"),
    "mac": Text(vi="Địa chỉ MAC", en="MAC address"),
    "neighbour": Text(vi="Thiết bị kề bên", en="Neighbour"),
    "name": Text(vi="Tên trên thiết bị", en="Name on the device"),
    "transceiver": Text(vi="Module quang", en="Transceiver"),
    "host_key": Text(vi="Khóa máy SSH", en="SSH host key"),
}


@dataclass(frozen=True, slots=True)
class Fact:
    """Something the device says of itself, beside what the books say.

    Attributes:
        kind: Which fact it is: `serial`, `mac`, ...
        booked: What the books say; empty where they say nothing.
        differs: Whether both say something and it is not the same.
    """

    kind: str
    text: Text
    subject: str
    observed: str
    booked: str
    differs: bool
    last_seen: datetime


@ROUTER.get("/devices")
async def devices(request: Request) -> Response:
    """Show the list."""
    check(actor(request), Act.READ, "devices")
    seen = await overview(house_of(request), actor(request))
    part = part_of(request, devices_of(request, seen))
    return render(request, "devices/list.html", part=part, seen=seen, states=list(State))


@ROUTER.get("/devices/{name}")
async def device(request: Request, name: str, range: str = "6h") -> Response:  # noqa: A002 - the address says `range`
    """Show one device."""
    check(actor(request), Act.READ, "devices")
    house, person = house_of(request), actor(request)
    seen = await overview(house, person)
    found = next((one for one in seen.devices.values() if one.name == name), None)
    if found is None:
        raise NotFound(Device.NOUN, name)
    facts, held = await run_sync(_booked_and_seen, house, person, found)
    category = CATEGORIES.get(found.category)
    lines = [one for one in seen.links.values() if found.id in {one.a_device_id, one.b_device_id}]
    return render(
        request,
        "devices/device.html",
        device=found,
        category=category.label if category else same(found.category),
        state=seen.state_of(f"device:{name}"),
        site=seen.sites.get(found.site_id),
        seen=seen,
        links=lines,
        line_ports={one.a_interface if one.a_device_id == found.id else one.b_interface for one in lines},
        nothing=State.UNWATCHED,
        services=[one for one in seen.services.values() if one.host_device_id == found.id],
        ports=await ports_of(house, name),
        health=await health_of(house, name),
        reads_ports="snmp_interfaces" in found.probes or not category or "snmp_interfaces" in category.probes,
        facts=facts,
        copies=await run_sync(_copies, house, person, name),
        held=held,
        ranges=RANGES,
        range=range if range in RANGES else "6h",
        faults=[fault(one, seen) for one in seen.incidents if one.element == f"device:{name}"],
        record=await record_of(request, f"device:{name}"),
        changes=await changes_of(request, "device", found.id or 0),
    )


def _copies(house: House, person: Actor, name: str) -> list[Version] | None:
    return versions_of(house.books, name) if may(person, Act.READ, "configurations") else None


def _booked_and_seen(house: House, person: Actor, found: Device) -> tuple[list[Fact], list[tuple[Holding, Asset]]]:
    with reading(house.books.engine) as session:
        holdings = (
            select(Holding, Asset)
            .join(Asset, column(Asset, "id") == column(Holding, "asset_id"))
            .where(column(Holding, "device_id") == found.id, visible(person, Asset))
            .order_by(column(Holding, "held_from").desc())
            .limit(_SHOWN_HOLDINGS)
        )
        held = [(holding, asset) for holding, asset in session.execute(holdings)]
        observations = (
            select(Observation)
            .where(column(Observation, "instance") == found.name, column(Observation, "fact").not_in(_ELSEWHERE))
            .order_by(
                column(Observation, "fact"), column(Observation, "subject"), column(Observation, "last_seen").desc()
            )
            .limit(_SHOWN_FACTS)
        )
        present = next((asset for holding, asset in held if holding.held_to is None), None)
        facts = [_fact(one, present) for one in session.scalars(observations)]
        session.expunge_all()
    return facts, held


def _fact(seen: Observation, present: Asset | None) -> Fact:
    booked = ""
    if present is not None and seen.fact in {"serial", "mac"} and seen.subject in {"", "chassis"}:
        booked = str(getattr(present, seen.fact) or "")
    differs = bool(booked) and booked.casefold() != seen.value.casefold()
    text = FACTS.get(seen.fact) or same(seen.fact)
    return Fact(seen.fact, text, seen.subject, seen.value, booked, differs, seen.last_seen)
