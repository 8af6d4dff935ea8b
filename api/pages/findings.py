"""Discovered devices: what is on the network and in no book, what moved, what is silent, and what to do about it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from urllib.parse import urlencode

from anyio.to_thread import run_sync
from fastapi import APIRouter, Request
from sqlalchemy import select
from starlette.responses import RedirectResponse, Response

from api.house import House, house_of
from api.http.auth import actor
from api.pages.edits import version_of
from api.views.changes import changes_of
from api.views.forms import Field, Form, posted
from api.views.overview import overview
from api.views.rendering import render
from inventory.access.rights import Act, Actor, check, visible
from inventory.assets.assets import Asset
from inventory.assets.categories import CATEGORIES
from inventory.assets.lifecycle import AssetStatus
from inventory.audit.identity import Candidate, Identities
from inventory.columns import column
from inventory.db import reading
from inventory.errors import FieldProblem, Invalid, NotFound, Stale
from inventory.network import recognition
from inventory.network.findings import Finding, FindingState, is_random
from inventory.network.placing import FRESH, uplinks
from inventory.network.silence import MOST, Silence, patience, silent
from inventory.network.suggestions import MOST as MOST_LINKS
from inventory.network.suggestions import Suggestion, suggested_links
from inventory.nouns import NOUNS
from inventory.places.sites import Site
from inventory.register import create
from inventory.text import Text

ROUTER: Final = APIRouter(include_in_schema=False)

VIEWS: Final = {
    "unknown": Text(vi="Chưa rõ", en="Unknown"),
    "moved": Text(vi="Đã chuyển chỗ", en="Moved"),
    "silent": Text(vi="Vắng mặt lâu", en="Silent"),
    "links": Text(vi="Đường nối gợi ý", en="Suggested links"),
    "decided": Text(vi="Đã xử lý", en="Settled"),
}
"""The lists of the page, by the value of `?show=`."""

LIMITS: Final = dict.fromkeys(VIEWS, recognition.MOST) | {"silent": MOST, "links": MOST_LINKS}
"""How many rows each list shows at most."""

SOURCES: Final = {
    "sweep": Text(vi="quét dải mạng", en="a sweep of the subnet"),
    "snmp_arp": Text(vi="bảng ARP của thiết bị", en="a device's ARP table"),
    "snmp_fdb": Text(vi="bảng MAC của bộ chuyển mạch", en="a switch's table of MACs"),
}

ASSET: Final = Field(
    "asset",
    Text(vi="Số tài sản", en="Asset number"),
    required=True,
    plain=True,
    longest=64,
    hint=Text(
        vi="Gõ vài ký tự để chọn trong các tài sản của đơn vị chưa có địa chỉ MAC.",
        en="Type a little to choose among the site's assets that have no MAC yet.",
    ),
)
REASON: Final = Field(
    "reason",
    Text(vi="Lý do", en="Reason"),
    required=True,
    longest=recognition.LONGEST_REASON,
    hint=Text(vi="Ví dụ: máy cá nhân của cán bộ.", en="Like: an official's own laptop."),
)

MOST_OFFERED: Final = 500

LINK_FIELDS: Final = ("name", "a_device", "a_interface", "b_device", "b_interface")
"""What is booked of a suggested link."""

_GONE: Final = Text(vi="Đường nối này không còn được gợi ý.", en="This link is not suggested any more.")


@dataclass(frozen=True, slots=True)
class Offer:
    """An asset that a finding may be."""

    tag: str
    name: str
    reason: Text | None = None


@ROUTER.get("/findings")
async def findings(request: Request, show: str = "unknown") -> Response:
    """Show one of the lists."""
    house, person = house_of(request), actor(request)
    check(person, Act.READ, "findings")
    chosen = show if show in VIEWS else "unknown"
    seen = await overview(house, person)
    found = await run_sync(_lists, house, person, chosen, seen.sites)
    return render(
        request,
        "findings/list.html",
        views=VIEWS,
        show=chosen,
        rows=found.rows,
        counts=found.counts,
        heard=found.heard,
        seen=seen,
        is_random=is_random,
        maker_of=house.makers.of,
        patience=patience(),
        categories=CATEGORIES,
        link_fields=_fields,
        limits=LIMITS,
    )


@ROUTER.post("/findings/links")
async def book_link(request: Request) -> Response:
    """Book a suggested link as it was told; one that cannot be booked so is shown as a form."""
    house, person = house_of(request), actor(request)
    check(person, Act.WRITE, "links")
    data = await posted(request)
    told = {name: str(data.get(name, "")) for name in LINK_FIELDS}
    try:
        await run_sync(_book, house, person, told)
    except Invalid:
        return RedirectResponse(f"/links/new?{urlencode(told)}", 303)
    return RedirectResponse(f"/links/{told['name']}?done=created", 303)


@ROUTER.get("/findings/{number}")
async def finding(request: Request, number: int) -> Response:
    """Show one discovered device, and what can be done about it."""
    return await _page(request, number)


@ROUTER.post("/findings/{number}/identify")
async def identify(request: Request, number: int) -> Response:
    """Say which asset it is."""
    return await _decide(request, number, ASSET, recognition.identify)


@ROUTER.post("/findings/{number}/ignore")
async def ignore(request: Request, number: int) -> Response:
    """Let it be there, for a reason."""
    return await _decide(request, number, REASON, recognition.ignore)


@ROUTER.post("/findings/{number}/reopen")
async def reopen(request: Request, number: int) -> Response:
    """Take a decision back."""
    data = await posted(request)
    books, person = house_of(request).books, actor(request)
    try:
        await run_sync(recognition.reopen, books, person, number, version_of(data))
    except Stale as error:
        return await _page(request, number, status=412, form=Form((), error=error))
    return RedirectResponse(f"/findings/{number}?done=saved", 303)


async def _decide(request: Request, number: int, one: Field, act: Callable[..., Finding]) -> Response:
    books, person = house_of(request).books, actor(request)
    data = await posted(request)
    form = Form((one,), version=version_of(data))
    form.take(data)
    try:
        await run_sync(act, books, person, number, form.values[one.name], form.version)
    except Invalid as error:
        form.refuse(error.problems)
        return await _page(request, number, status=422, form=form)
    except Stale as error:
        form.error = error
        return await _page(request, number, status=412, form=form)
    return RedirectResponse("/findings?done=settled", 303)


async def _page(request: Request, number: int, *, status: int = 200, form: Form | None = None) -> Response:
    house, person = house_of(request), actor(request)
    check(person, Act.READ, "findings")
    seen = await overview(house, person)
    found, asset, offers, leads_on = await run_sync(_one, house, person, number)
    maker = await run_sync(house.makers.of, found.mac)
    shown = form or Form(())
    shown.version = found.version
    return render(
        request,
        "findings/finding.html",
        status=status,
        finding=found,
        asset_of=asset,
        offers=offers,
        form=shown,
        fields={"asset": ASSET, "reason": REASON},
        site=seen.sites.get(found.site_id),
        before=seen.sites.get(found.before_site_id or 0),
        switch=next((one for one in seen.devices.values() if one.name == found.switch), None),
        sources=SOURCES,
        is_random=is_random(found.mac),
        maker=maker,
        leads_on=leads_on,
        open=found.state == FindingState.OPEN,
        changes=await changes_of(request, "finding", found.id or 0),
    )


def _book(house: House, person: Actor, told: dict[str, str]) -> None:
    """Book a link if discovery suggests it now.

    Raises:
        Invalid: It does not, or the name is taken.
    """
    with reading(house.books.engine) as session:
        known = [_fields(one) for one in suggested_links(session, person)]
    if told not in known:
        raise Invalid([FieldProblem("name", "not_suggested", _GONE)])
    create(house.books, person, NOUNS["links"], told)


def _fields(one: Suggestion) -> dict[str, str]:
    ports = (one.a_port, one.b_port)
    return dict(zip(LINK_FIELDS, (one.name, one.a.name, ports[0], one.b.name, ports[1]), strict=True))


@dataclass(frozen=True, slots=True)
class _Shown:
    """The chosen list, how much is on each, and when silence was counted."""

    rows: Sequence[Any]
    counts: Mapping[str, int]
    heard: datetime


def _lists(house: House, person: Actor, chosen: str, sites: Mapping[int, Site]) -> _Shown:
    """Return the chosen list; how much is on the others is only counted, of the silent ones as it was lately."""
    house.makers.load()
    silence = house.silences.get()
    with reading(house.books.engine) as session:
        lists: dict[str, Callable[[], Sequence[Any]]] = {
            "unknown": lambda: recognition.unknown(session, person),
            "moved": lambda: recognition.moved(session, person),
            "silent": lambda: silent(session, person, silence),
            "links": lambda: suggested_links(session, person),
            "decided": lambda: recognition.decided(session, person),
        }
        counts: dict[str, Callable[[], int]] = {
            "unknown": lambda: recognition.count_unknown(session, person),
            "moved": lambda: recognition.count_moved(session, person),
            "silent": lambda: _silent(silence, person, sites),
            "links": lambda: len(suggested_links(session, person)),
        }
        rows = lists[chosen]()
        counted = {name: len(rows) if name == chosen else count() for name, count in counts.items()}
        session.expunge_all()
    if chosen == "unknown":
        counted["unknown"] = sum(not is_random(one.mac) for one in rows)
    return _Shown(rows, counted, silence.at)


def _silent(silence: Silence, person: Actor, sites: Mapping[int, Site]) -> int:
    mine = (one.slug for one in sites.values() if person.site_ids is None or one.id in person.site_ids)
    return min(sum(silence.by_site.get(slug, 0) for slug in mine), MOST)


def _one(house: House, person: Actor, number: int) -> tuple[Finding, Asset | None, list[Offer], bool]:
    if not 0 < number < 2**31:
        raise NotFound(Finding.NOUN, str(number))
    with reading(house.books.engine) as session:
        found = recognition.seen(session, person, number)
        mine = visible(person, Asset)
        booked = select(Asset).where(column(Asset, "id") == found.asset_id, mine)
        asset = session.scalars(booked).first() if found.asset_id else None
        here = (column(Asset, "site_id") == found.site_id) & column(Asset, "retired_at").is_(None)
        gone = column(Asset, "status").in_((AssetStatus.DISPOSED.value, AssetStatus.PLANNED.value))
        statement = select(Asset).where(here, ~gone, column(Asset, "mac") == "", mine)
        free = list(session.scalars(statement.order_by(column(Asset, "tag")).limit(MOST_OFFERED)))
        leads_on = (found.switch, found.port) in uplinks(session, [found.switch], found.last_seen - FRESH)
        session.expunge_all()
    return found, asset, _offers(found, free), leads_on


def _offers(found: Finding, free: list[Asset]) -> list[Offer]:
    """Return the assets that it may be, the likeliest first with the reason."""
    candidates = [Candidate(one.id or 0, one.tag, one.serial or "", one.mac, one.name) for one in free]
    likely = Identities(candidates).suggest("", found.serial, f"{found.model} {found.title}".strip())
    first = [Offer(one.candidate.tag, one.candidate.name, one.reason) for one in likely]
    named = {one.tag for one in first}
    return [*first, *(Offer(one.tag, one.name) for one in free if one.tag not in named)]
