"""A district of a hundred thousand things on its network, written past the register: what discovery is measured on."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import insert, text

from inventory.assets.assets import Asset
from inventory.books import Books
from inventory.columns import now
from inventory.db import writing
from inventory.network.devices import Device
from inventory.network.findings import Finding
from inventory.network.observations import Observation
from inventory.places.sites import Site

THINGS: Final = 100_000
SITES: Final = 40
SWITCHES: Final = 8
"""At each site, all in a row behind the first one, which is a router."""

_ROWS: Final = 5_000
_UNBOOKED: Final = 25
"""Each so-and-so-many-th thing that was seen is in no book."""
_MADE_UP: Final = 20
_SILENT: Final = 50
_DECIDED: Final = 40
_MOVED: Final = 400


def fill(books: Books, things: int = THINGS, *, booked: bool = True) -> None:
    """Write sites, devices, assets, findings and what devices told.

    Args:
        books: Empty books.
        things: How many findings, and how many assets.
        booked: Whether the things are assets too; else nothing in the books explains any of them.
    """
    moment = now()
    sites = [
        {"slug": f"site-{number}", "name": f"Xã {number}", "kind": "commune", "fictional": True}
        for number in range(SITES)
    ]
    _write(books, Site, sites)
    _write(books, Device, list(_devices(moment)))
    if booked:
        _write(books, Asset, [_asset(number, moment) for number in range(things)])
    _write(books, Finding, [_finding(number, moment) for number in range(things)])
    _write(books, Observation, list(_told(things, moment)))
    with books.engine.begin() as connection:
        connection.execute(text("ANALYZE"))


def _write(books: Books, table: type[Any], rows: Sequence[dict[str, Any]]) -> None:
    with writing(books.engine) as session:
        for start in range(0, len(rows), _ROWS):
            session.execute(insert(table), rows[start : start + _ROWS])


def _site(number: int) -> int:
    return number % SITES + 1


def _switch(number: int) -> str:
    return f"site-{number % SITES}-sw{number // SITES % SWITCHES}"


def _mac(number: int) -> str:
    # A telephone's begins with a figure that no maker has.
    first = "da" if number % _MADE_UP == 1 else "00"
    return ":".join(
        (first, *(f"{number * 2_654_435_761 % 2**40:010x}"[place : place + 2] for place in range(0, 10, 2)))
    )


def _address(number: int) -> str:
    return f"10.{number % SITES}.{number // SITES // 250}.{number // SITES % 250 + 1}"


def _devices(moment: datetime) -> Iterator[dict[str, Any]]:
    for site in range(SITES):
        for place in range(SWITCHES):
            yield {
                "name": f"site-{site}-sw{place}", "title": f"Bộ chuyển mạch {place} xã {site}", "site_id": site + 1,
                "category": "switch" if place else "router", "address": f"10.{site}.255.{place + 1}",
                "created_at": moment - timedelta(days=200),
            }  # fmt: skip


def _asset(number: int, moment: datetime) -> dict[str, Any]:
    return {
        "tag": f"T{number:07}", "serial": f"SN{number:07}", "name": f"Máy tính {number}", "site_id": _site(number),
        "category": ("desktop", "laptop", "printer")[number % 3], "room": f"P{number % 300}",
        "custodian": "Nguyễn Văn A", "status": "in_use" if number % 9 else "in_stock",
        "mac": "" if number % _UNBOOKED == 0 or number % _MADE_UP == 1 else _mac(number),
        "created_at": moment - timedelta(days=200), "note": "x" * 100,
    }  # fmt: skip


def _finding(number: int, moment: datetime) -> dict[str, Any]:
    away = timedelta(days=60) if number % _SILENT == 2 else timedelta(minutes=number % 1_500)
    last, moved = moment - away, number % _MOVED == 3
    return {
        "site_id": _site(number), "mac": _mac(number), "address": _address(number),
        "title": f"may-{number}.xa-{number % SITES}.example" if number % 3 == 0 else "",
        "serial": f"SN{number:07}" if number % 30 == 0 and number % _UNBOOKED else "",
        "source": ("snmp_arp", "snmp_fdb", "sweep")[number % 3], "switch": _switch(number), "port": f"gi{number % 48}",
        "placed_at": last, "first_seen": moment - timedelta(days=100, minutes=number % 1_500), "last_seen": last,
        "before_switch": _switch(number + 1) if moved else "", "before_port": "gi7" if moved else "",
        "before_site_id": _site(number + 1) if moved else None,
        "moved_at": moment - timedelta(days=number // _MOVED % 50) if moved else None,
        "state": "ignored" if number % _DECIDED == 4 else "open", "doubtful": number % _DECIDED != 4,
        "reason": "Máy cá nhân của cán bộ." if number % _DECIDED == 4 else "",
        "decided_by": "an" if number % _DECIDED == 4 else "",
        "decided_at": moment - timedelta(days=number % 90) if number % _DECIDED == 4 else None,
    }  # fmt: skip


def _told(things: int, moment: datetime) -> Iterator[dict[str, Any]]:
    for number in range(things * 6 // 10):
        of = {"site": f"site-{number % SITES}", "first_seen": moment - timedelta(days=100),
              "last_seen": moment - timedelta(minutes=number % 1_500)}  # fmt: skip
        router = f"site-{number % SITES}-sw0"
        yield of | {"source": "snmp_arp", "instance": router, "fact": "arp", "subject": _address(number),
                    "value": _mac(number)}  # fmt: skip
        yield of | {"source": "snmp_fdb", "instance": _switch(number), "fact": "port", "subject": _mac(number),
                    "value": f"gi{number % 48}"}  # fmt: skip
    for site in range(SITES):
        for place in range(SWITCHES):
            name = f"site-{site}-sw{place}"
            of = {"site": f"site-{site}", "instance": name, "first_seen": moment - timedelta(days=100),
                  "last_seen": moment}  # fmt: skip
            yield from (
                of | {"source": "snmp_arp", "fact": "mac", "subject": f"gi{port}",
                      "value": f"00:1b:{site:02x}:{place:02x}:00:{port:02x}"}
                for port in range(48)
            )  # fmt: skip
            if place:
                yield of | {"source": "snmp_neighbours", "fact": "neighbour", "subject": "gi0",
                            "value": f'{{"local": "gi0", "name": "site-{site}-sw{place - 1}", "port": "gi{place}", '
                                     '"relays": "yes"}'}  # fmt: skip
