"""The network of the demonstration: the simulated district, written row by row as a person would.

Units are real; whatever stands on the network, and whoever is named, is invented and marked as fictional.
"""

from collections.abc import Iterator
from datetime import datetime
from itertools import groupby
from typing import Any, Final

from api.demo.rows import bring
from collector.lab.box import expected_rx_dbm
from collector.lab.district import CENTRE, COMMUNITY, CORE, WEB_HOST, Device, District, Link, district, url_of
from inventory import register
from inventory.access.rights import SYSTEM
from inventory.books import Books
from inventory.errors import NotFound
from inventory.listing import Query
from inventory.nouns import NOUNS
from inventory.places.units import units

CARRIER: Final = "nha-mang-minh-hoa"
CREDENTIAL: Final = "district-snmp"
ON_DUTY: Final = "truc.ban"
MAILBOX: Final = "truc.ban@bac-quang.example"
HEADCOUNT: Final = 9
"""Officials of the smallest commune; invented, such that there are three for two computers."""

HEADCOUNT_OF_CENTRE: Final = 22
_SINCE: Final = datetime.fromisoformat("2018-03-01T08:00:00+07:00")
_PLATFORMS: Final = {"mikrotik": "routeros", "huawei": "vrp", "cisco": "ios"}
_BESIDE: Final = {
    "host": ("Máy chủ trang thông tin", "server", "dịch vụ công"),
    "ups": ("Bộ lưu điện", "ups", "nguồn dự phòng"),
    "printer": ("Máy in", "printer", "văn phòng"),
}
"""What stands beside the routers: its title, category and role."""

_PRODUCTS: Final = {
    "mikrotik": ("mikrotik-ccr2004", "MikroTik", "CCR2004-16G-2S+", "router", "1.3.6.1.4.1.14988.1"),
    "huawei": ("huawei-ar6120", "Huawei", "AR6120", "router", "1.3.6.1.4.1.2011.2.224.279"),
    "cisco": ("cisco-asr1001-x", "Cisco", "ASR1001-X", "router", "1.3.6.1.4.1.9.1.1861"),
}

_ORDER: Final = (
    "sites", "providers", "credentials", "products", "devices", "assets", "holdings", "links", "services", "accounts",
)  # fmt: skip
"""What is referred to before what refers to it; the account of the person on duty tells that all is there."""

_ONE_BY_ONE: Final = frozenset({"credentials", "accounts"})
"""What never stands in a file, or would tell that all is there before it is."""

Row = tuple[str, str, dict[str, Any]]
"""Word of the noun, key, values."""


def write(books: Books) -> None:
    """Write the rows; what an interrupted start has already written is left as it is."""
    held = {row["device"] for row in _holdings(books)}
    for noun, found in groupby(sorted(rows(district()), key=lambda row: _ORDER.index(row[0])), lambda row: row[0]):
        if noun in _ONE_BY_ONE:
            for _, key, values in found:
                _make(books, noun, key, values)
        else:
            bring(books, noun, [values for _, _, values in found if values.get("device") not in held])


def _make(books: Books, noun: str, key: str, values: dict[str, Any]) -> None:
    try:
        register.get(books, SYSTEM, NOUNS[noun], key)
    except NotFound:
        register.create(books, SYSTEM, NOUNS[noun], values)


def _holdings(books: Books) -> list[dict[str, Any]]:
    page = register.list_(books, SYSTEM, NOUNS["holdings"], Query(limit=500))
    return [item.model_dump(mode="json") for item in page.items]


def is_written(books: Books) -> bool:
    """Return whether the last of these rows is in the books."""
    try:
        register.get(books, SYSTEM, NOUNS["accounts"], ON_DUTY)
    except NotFound:
        return False
    return True


def rows(it: District) -> Iterator[Row]:
    """Yield every row of the network, what is referred to before what refers to it."""
    yield from _sites(it)
    yield (
        "providers",
        CARRIER,
        {
            "slug": CARRIER,
            "name": "Nhà mạng minh hoạ",
            "is_carrier": True,
            "is_supplier": True,
            "hotline": "1800 0000",
            "support_hours": "24/7",
            "contract": "01/2018/HĐ-VT (hư cấu)",
            "fictional": True,
        },
    )
    yield "credentials", CREDENTIAL, {"name": CREDENTIAL, "kind": "snmp_v2c", "community": COMMUNITY}
    for slug, maker, model, category, identity in _PRODUCTS.values():
        yield (
            "products",
            slug,
            {
                "slug": slug,
                "manufacturer": maker,
                "model": model,
                "category": category,
                "sys_object_ids": identity,
            },
        )
    for device in it.devices:
        yield from _device(device, it)
    for link in it.links:
        yield "links", link.name, _link(link, it)
    for website in it.websites:
        yield (
            "services",
            website.name,
            {
                "name": website.name,
                "title": website.title,
                "kind": "website",
                "site": website.site,
                "host_device": WEB_HOST,
                "url": url_of(website),
                "fictional": True,
            },
        )
    yield (
        "accounts",
        ON_DUTY,
        {
            "username": ON_DUTY,
            "name": "Người trực (hư cấu)",
            "title": "Cán bộ công nghệ thông tin",
            "email": MAILBOX,
            "role": "it_staff",
            "receives_alerts": True,
        },
    )


def _sites(it: District) -> Iterator[Row]:
    known = {unit.slug: unit for unit in units()}
    for site in it.sites:
        unit = known[site.slug]
        yield (
            "sites",
            site.slug,
            {
                "slug": site.slug,
                "code": unit.code,
                "name": unit.name,
                "kind": unit.kind,
                "parent": unit.parent,
                "lat": unit.lat,
                "lon": unit.lon,
                "contact_name": "Người trực (hư cấu)",
                "contact_phone": f"0219 000 {100 + site.number}",
                "headcount": HEADCOUNT_OF_CENTRE if site.slug == CENTRE else HEADCOUNT + site.number % 4,
                "note": "Số cán bộ và người liên hệ là hư cấu.",
            },
        )


def _device(device: Device, it: District) -> Iterator[Row]:
    site = it.site(device.site)
    is_router = device.vendor not in _BESIDE
    router = ("Bộ định tuyến", "router", "trung tâm" if device.name == CORE else "truy nhập")
    kind, category, role = _BESIDE.get(device.vendor, router)
    title = f"{kind} {site.name}"
    values = {
        "name": device.name,
        "title": title,
        "site": device.site,
        "category": category,
        "role": role,
        "platform": _PLATFORMS.get(device.vendor, ""),
        "address": device.address,
        "is_root": device.name == CORE,
        "is_anchor": device.name == CORE,
        "fictional": True,
    }
    if device.vendor != "host":
        values["snmp_credential"] = CREDENTIAL
    if device.vendor == "printer":
        values["probes"] = {"icmp": {"enabled": True}}  # this one is never switched off
    yield "devices", device.name, values
    if is_router:
        tag = f"BQ-{site.number:04d}"
        yield (
            "assets",
            tag,
            {
                "tag": tag,
                "serial": device.serial,
                "name": title,
                "category": "router",
                "product": _PRODUCTS[device.vendor][0],
                "site": device.site,
                "room": "Phòng thiết bị",
                "status": "in_use",
                "put_to_use": _SINCE.date().isoformat(),
                "cost_vnd": 180_000_000 if device.site == CENTRE else 16_500_000,
                "fictional": True,
            },
        )
        yield "holdings", "", {"device": device.name, "asset": tag, "held_from": _SINCE.isoformat()}


def _link(link: Link, it: District) -> dict[str, Any]:
    a, b = (it.site(it.device(name).site).name for name in (link.a, link.b))
    common = {"name": link.name, "a_device": link.a, "a_interface": link.a_port, "b_device": link.b, "fictional": True}
    if not link.b_port:
        kind, _, _ = _BESIDE[it.device(link.b).vendor]
        copper = {"title": f"Cáp nội bộ {a} – {kind.lower()}", "b_kind": "media_converter", "medium": "copper"}
        return common | copper | {"bandwidth_bps": 1_000_000_000, "length_m": link.length_m}
    return common | {
        "title": f"Cáp quang {a} – {b}",
        "b_interface": link.b_port,
        "provider": CARRIER,
        "circuit": link.circuit,
        "bandwidth_bps": 1_000_000_000,
        "monthly_cost_vnd": 2_200_000,
        "sla_target": 0.995,
        "length_m": link.length_m,
        "a_baseline_rx_dbm": expected_rx_dbm(link),
        "b_baseline_rx_dbm": expected_rx_dbm(link),
    }
