"""Long lists: narrowed by words and state, the worst first, a bounded part of them on each page."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Final, Generic, TypeVar
from urllib.parse import urlencode

from fastapi import Request

from api.views.overview import Overview
from api.views.states import State
from inventory.network.devices import Device
from inventory.network.links import Link
from inventory.network.services import Service
from inventory.places.sites import Site
from inventory.spelling import fold, vietnamese_order

ROWS: Final = 100
"""Rows of a page."""

_ORDER: Final = {state: rank for rank, state in enumerate(State)}

_Row = TypeVar("_Row")


@dataclass(frozen=True, slots=True)
class Part(Generic[_Row]):
    """One page of a list.

    Attributes:
        rows: Those of this page.
        total: How many fit altogether.
        words: What was searched for.
        state: The state that was asked for; empty for all.
        earlier: Address of the page before; empty on the first.
        later: Address of the next page; empty on the last.
    """

    rows: list[_Row]
    total: int
    words: str
    state: str
    earlier: str
    later: str

    @property
    def narrowed(self) -> bool:
        """Return whether the list was narrowed at all."""
        return bool(self.words or self.state)


def part_of(request: Request, found: list[_Row]) -> Part[_Row]:
    """Return the part of a list that the address asks for by `?from=`.

    Args:
        request: The request.
        found: What fits, in order.
    """
    query = request.query_params
    start = int(given) if (given := query.get("from", "0")).isascii() and given.isdigit() and len(given) < 9 else 0
    return Part(
        rows=found[start : start + ROWS],
        total=len(found),
        words=_words(request),
        state=query.get("state", ""),
        earlier=_address(request, max(0, start - ROWS)) if start else "",
        later=_address(request, start + ROWS) if start + ROWS < len(found) else "",
    )


def devices_of(request: Request, seen: Overview) -> list[Device]:
    """Return the devices that an address asks for by `?q=` and `?state=`, the worst first."""

    def words(device: Device) -> Iterable[Any]:
        site = seen.sites.get(device.site_id)
        return (device.name, device.title, device.address, device.role, site and site.name)

    return _narrowed(request, seen, seen.devices.values(), lambda one: f"device:{one.name}", words)


def links_of(request: Request, seen: Overview) -> list[Link]:
    """Return the links that an address asks for, the worst first."""

    def words(link: Link) -> Iterable[Any]:
        provider = seen.providers.get(link.provider_id or 0)
        ends = [site.name for site in seen.ends_of(link) if site]
        return (link.name, link.title, link.circuit, provider and provider.name, *ends)

    return _narrowed(request, seen, seen.links.values(), lambda one: f"link:{one.name}", words)


def services_of(request: Request, seen: Overview) -> list[Service]:
    """Return the services that an address asks for, the worst first."""

    def words(service: Service) -> Iterable[Any]:
        site = seen.sites.get(service.site_id)
        return (service.name, service.title, service.url, service.host, service.owner, site and site.name)

    return _narrowed(request, seen, seen.services.values(), lambda one: f"service:{one.name}", words)


def sites_of(request: Request, seen: Overview) -> list[Site]:
    """Return the sites that an address asks for, the worst first and then by name; those that are no more come last."""
    rows = sorted(seen.sites.values(), key=lambda site: vietnamese_order(site.name))
    found = _narrowed(request, seen, rows, lambda one: f"site:{one.slug}", lambda one: (one.name, one.slug, one.code))
    return sorted(found, key=lambda site: site.id in seen.ended)


def _narrowed(
    request: Request,
    seen: Overview,
    rows: Iterable[_Row],
    element: Callable[[_Row], str],
    words: Callable[[_Row], Iterable[Any]],
) -> list[_Row]:
    asked, state = _words(request), request.query_params.get("state", "")
    found = [row for row in rows if _fits(asked, words(row)) and state in {"", seen.state_of(element(row)).value}]
    found.sort(key=lambda row: _ORDER[seen.state_of(element(row))])
    return found


def _words(request: Request) -> str:
    return request.query_params.get("q", "").strip()[:100]


def _fits(asked: str, words: Iterable[Any]) -> bool:
    text = fold(" ".join(str(word) for word in words if word))
    return all(part in text for part in fold(asked).split())


def _address(request: Request, start: int) -> str:
    query = {name: value for name, value in request.query_params.items() if name != "from"}
    return f"{request.url.path}?{urlencode(query | {'from': start})}"
