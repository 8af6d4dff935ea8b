"""Search: by name, IP address, MAC, serial number or circuit, over everything that the reader may see."""

import re
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import quote

from anyio.to_thread import run_sync
from fastapi import APIRouter, Request
from sqlalchemy import select
from starlette.responses import RedirectResponse, Response

from api.house import House, house_of
from api.http.auth import actor
from api.pages.devices import FACTS
from api.views.i18n import language_of
from api.views.rendering import render
from inventory.access.rights import Act, Actor, may, visible
from inventory.columns import column
from inventory.db import reading
from inventory.network.observations import Observation
from inventory.nouns import NOUNS
from inventory.places.providers import Provider
from inventory.places.sites import Site
from inventory.register import Query, list_
from inventory.spelling import fold
from inventory.text import Language, Text, same

ROUTER: Final = APIRouter(include_in_schema=False)

MOST_EACH: Final = 20
LONGEST: Final = 100

_MAC: Final = re.compile(r"(?:[0-9a-f]{2}[:.-]?){3,5}[0-9a-f]{2}", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Hit:
    """One thing that fits.

    Attributes:
        href: Its page; empty if it has none.
        name: What people call it.
        detail: What of it fits, or where it is.
    """

    href: str
    name: str
    detail: str


@dataclass(frozen=True, slots=True)
class Kind:
    """One noun that is searched, and which of its fields are shown."""

    noun: str
    icon: str
    text: Text
    href: str
    details: tuple[str, ...]


KINDS: Final = (
    Kind("sites", "sites", Text(vi="Đơn vị", en="Sites"), "/sites/", ("slug", "code")),
    Kind("devices", "devices", Text(vi="Thiết bị mạng", en="Devices"), "/devices/", ("name", "address", "site")),
    Kind("links", "links", Text(vi="Đường truyền", en="Links"), "/links/", ("name", "circuit", "provider")),
    Kind("services", "services", Text(vi="Dịch vụ", en="Services"), "/services/", ("name", "url", "host")),
    Kind("assets", "box", Text(vi="Tài sản", en="Assets"), "/assets/", ("tag", "serial", "mac", "site")),
    Kind("providers", "truck", Text(vi="Nhà cung cấp", en="Providers"), "/providers/", ("slug", "hotline")),
)
_OBSERVED: Final = Text(vi="Thiết bị tự báo", en="Said by devices")


@ROUTER.get("/search")
async def search(request: Request, q: str = "") -> Response:
    """Show what fits; the only hit is opened at once."""
    words = " ".join(q.split())[:LONGEST]
    house, person = house_of(request), actor(request)
    groups = await run_sync(_found, house, person, words, language_of(request)) if words else []
    hits = [hit for _, _, found in groups for hit in found]
    if len(hits) == 1 and hits[0].href:
        return RedirectResponse(hits[0].href, 303)
    return render(request, "search/search.html", search_words=words, groups=groups, count=len(hits))


def _found(house: House, person: Actor, words: str, language: Language) -> list[tuple[str, Text, list[Hit]]]:
    groups = []
    places = _places(house, person)
    # A MAC address is written in three ways; the books write it with colons.
    asked = _colons(words) if _MAC.fullmatch(words) else words
    for kind in KINDS:
        if may(person, Act.READ, kind.noun):
            page = list_(house.books, person, NOUNS[kind.noun], Query(search=asked, limit=MOST_EACH))
            hits = [_hit(kind, item, places) for item in page.items]
            if hits:
                groups.append((kind.icon, kind.text, hits))
    seen = _observed(house, person, asked, language)
    return [*groups, ("search", _OBSERVED, seen)] if seen else groups


def _places(house: House, person: Actor) -> dict[str, str]:
    """Return the names of sites and carriers by their short names, which rows of other nouns hold."""
    with reading(house.books.engine) as session:
        found: dict[str, str] = {}
        for model in (Site, Provider):
            rows = select(column(model, "slug"), column(model, "name")).where(visible(person, model))
            found |= {row[0]: row[1] for row in session.execute(rows)}
        return found


def _hit(kind: Kind, item: Any, places: dict[str, str]) -> Hit:  # noqa: ANN401 - any noun's read model
    key = str(item.key)
    name = getattr(item, "title", "") or getattr(item, "name", "") or key
    said = [(part, str(value)) for part in kind.details if (value := getattr(item, part, None)) and str(value) != name]
    details = [places.get(value, value) if part in {"site", "provider"} else value for part, value in said]
    return Hit(kind.href + quote(key) if kind.href else "", str(name), " · ".join(details))


def _observed(house: House, person: Actor, words: str, language: Language) -> list[Hit]:
    if not may(person, Act.READ, "observations"):
        return []
    with reading(house.books.engine) as session:
        value = column(Observation, "value")
        statement = select(Observation).where(value.icontains(words, autoescape=True), visible(person, Observation))
        rows = session.scalars(statement.order_by(column(Observation, "last_seen").desc()).limit(MOST_EACH))
        return [
            Hit(
                f"/devices/{row.instance}",
                row.value,
                f"{row.instance} · {FACTS.get(row.fact, same(row.fact)).to(language)}",
            )
            for row in rows
        ]


def _colons(words: str) -> str:
    digits = re.sub(r"[^0-9a-f]", "", fold(words))
    return ":".join(digits[at : at + 2] for at in range(0, len(digits), 2))
