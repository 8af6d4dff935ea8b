"""What stands in the offices of the demonstration: computers, printers, UPS and the rest, with who answers for it."""

from collections.abc import Iterator
from typing import Any, Final

from api.demo.rows import bring
from collector.lab.district import CENTRE, Site, district
from inventory import register
from inventory.access.rights import SYSTEM
from inventory.books import Books
from inventory.errors import NotFound
from inventory.nouns import NOUNS

SUPPLIER: Final = "may-tinh-minh-hoa"
FUNDING: Final = ("Ngân sách huyện", "Ngân sách tỉnh", "Chương trình mục tiêu")
NOTE: Final = "Dữ liệu minh hoạ, không có thật."

_FAMILIES: Final = ("Hoàng", "Nguyễn", "Lý", "Vàng", "Triệu", "Bàn", "Ma", "Đặng", "Phàn", "Lò", "Nông", "Trần")
_GIVEN: Final = (
    "Thị Lan", "Văn Páo", "Thị Hoa", "Quốc Dũng", "Thị Mai", "Minh Sơn", "Thu Hạnh", "Thanh Tùng", "Thị Nga",
    "Văn Cường", "Thị Xuân", "Văn Thắng", "Thị Yến",
)  # fmt: skip
_DESKS: Final = (
    ("Văn phòng – thống kê", "Văn phòng"),
    ("Tài chính – kế toán", "Phòng Kế toán"),
    ("Tư pháp – hộ tịch", "Bộ phận một cửa"),
    ("Địa chính – xây dựng", "Bộ phận một cửa"),
    ("Văn hoá – xã hội", "Phòng Văn hoá"),
    ("Công an xã", "Phòng Công an"),
)
"""Title and room of the desks of a commune."""

_PRODUCTS: Final = (
    ("dell-optiplex-3040", "Dell", "OptiPlex 3040", "desktop", 12_000_000),
    ("dell-optiplex-3060", "Dell", "OptiPlex 3060", "desktop", 13_500_000),
    ("hp-prodesk-400-g7", "HP", "ProDesk 400 G7", "desktop", 15_000_000),
    ("lenovo-m70s", "Lenovo", "ThinkCentre M70s Gen 4", "desktop", 16_500_000),
    ("hp-probook-440", "HP", "ProBook 440 G8", "laptop", 18_900_000),
    ("canon-lbp2900", "Canon", "LBP 2900", "printer", 3_900_000),
    ("hp-m404dn", "HP", "LaserJet Pro M404dn", "printer", 6_900_000),
    ("epson-ds530", "Epson", "WorkForce DS-530 II", "scanner", 11_500_000),
    ("santak-tg1000", "Santak", "TG1000", "ups", 2_100_000),
    ("poly-g7500", "Poly", "Studio G7500", "video_terminal", 68_000_000),
)
"""Slug, maker, model, category and list price in đồng."""

_BATCHES: Final = (
    ("2016-09-15", "dell-optiplex-3040", 11_450_000, "Windows 7 Pro", 4, 500),
    ("2019-04-10", "dell-optiplex-3060", 12_800_000, "Windows 10 Pro", 8, 256),
    ("2021-11-22", "hp-prodesk-400-g7", 14_200_000, "Windows 10 Pro", 8, 256),
    ("2024-06-05", "lenovo-m70s", 15_900_000, "Windows 11 Pro", 16, 512),
)
"""First day, product, cost in đồng, operating system, memory and disk in gigabytes of each batch of desktops."""

_CENTRE_DESKS: Final = 14
LAST: Final = "BQ-00-KS01"
"""Tag of the row that is written last."""


def is_written(books: Books) -> bool:
    """Return whether the last of these rows is in the books."""
    try:
        register.get(books, SYSTEM, NOUNS["assets"], LAST)
    except NotFound:
        return False
    return True


def write(books: Books) -> None:
    """Write supplier, products and things: all of a list or nothing, and what is there already stays."""
    supplier = {"slug": SUPPLIER, "name": "Công ty máy tính minh hoạ", "is_supplier": True, "fictional": True}
    products = [
        {"slug": slug, "manufacturer": maker, "model": model, "category": category, "list_price_vnd": price}
        for slug, maker, model, category, price in _PRODUCTS
    ]
    for noun, rows in (("providers", [supplier]), ("products", products), ("assets", list(things()))):
        bring(books, noun, rows)


def things() -> Iterator[dict[str, Any]]:
    """Yield every thing of every office, in the order of the units, the centre last."""
    sites = district().sites
    for site in (*(one for one in sites if one.slug != CENTRE), *(one for one in sites if one.slug == CENTRE)):
        desks = _CENTRE_DESKS if site.slug == CENTRE else len(_DESKS)
        for n in range(desks):
            yield _desktop(site, n)
        yield from _shared(site)


def tag_of(site: Site, kind: str, number: int) -> str:
    """Return the tag of a thing: `BQ-03-PC01`."""
    place = 0 if site.slug == CENTRE else site.number
    return f"BQ-{place:02d}-{kind}{number:02d}"


def holder(site: Site, desk: int) -> str:
    """Return who sits at a desk, with the title: an invented name, the same at every call."""
    seed = site.number * 7 + desk * 5
    return f"{_FAMILIES[seed % 12]} {_GIVEN[(seed + desk) % 13]}, {_DESKS[desk % len(_DESKS)][0]}"


def _desktop(site: Site, n: int) -> dict[str, Any]:
    since, product, cost, system, memory, disk = _BATCHES[(site.number + n) % len(_BATCHES)]
    return _thing(site, "PC", n + 1, "desktop", "Máy tính để bàn") | {
        "product": product,
        "put_to_use": since,
        "cost_vnd": cost,
        "custodian": holder(site, n),
        "room": _DESKS[n % len(_DESKS)][1],
        "attributes": {"operating_system": system, "memory_gb": memory, "disk_gb": disk, "disk_kind": "ssd"},
        "mac": f"02:34:{site.number:02x}:00:00:{n + 1:02x}",
        "warranty_until": f"{int(since[:4]) + 3}{since[4:]}",
    }


def _shared(site: Site) -> Iterator[dict[str, Any]]:
    """Yield what an office shares, and what is still in its store."""
    old = site.number % 3 == 0
    yield _thing(site, "MI", 1, "printer", "Máy in") | {
        "product": "canon-lbp2900" if old else "hp-m404dn",
        "put_to_use": "2017-03-20" if old else "2022-08-15",
        "cost_vnd": 3_600_000 if old else 6_850_000,
        "custodian": holder(site, 0),
        "room": _DESKS[0][1],
        "attributes": {"technology": "laser"},
    }
    yield _thing(site, "MI", 2, "printer", "Máy in") | {
        "product": "hp-m404dn", "put_to_use": "2023-05-11", "cost_vnd": 6_900_000, "custodian": holder(site, 2),
        "room": _DESKS[2][1], "attributes": {"technology": "laser"},
    }  # fmt: skip
    yield _thing(site, "MQ", 1, "scanner", "Máy quét") | {
        "product": "epson-ds530", "put_to_use": "2021-02-18", "cost_vnd": 11_200_000, "custodian": holder(site, 2),
        "room": _DESKS[2][1], "attributes": {"feeder": True},
    }  # fmt: skip
    yield _thing(site, "UP", 1, "ups", "Bộ lưu điện") | {
        "product": "santak-tg1000", "put_to_use": "2018-03-01", "cost_vnd": 2_050_000, "custodian": holder(site, 0),
        "room": "Phòng thiết bị", "attributes": {"capacity_va": 1000},
    }  # fmt: skip
    yield _thing(site, "HT", 1, "video_terminal", "Thiết bị họp trực tuyến") | {
        "product": "poly-g7500", "put_to_use": "2020-07-30", "cost_vnd": 66_500_000, "custodian": holder(site, 4),
        "room": "Phòng họp", "funding": FUNDING[1],
    }  # fmt: skip
    yield _thing(site, "XT", 1, "laptop", "Máy tính xách tay") | {
        "product": "hp-probook-440", "status": "in_stock", "cost_vnd": 18_500_000, "room": "Kho",
        "attributes": {"operating_system": "Windows 11 Pro", "memory_gb": 16, "disk_gb": 512, "disk_kind": "ssd"},
    }  # fmt: skip
    if site.slug == CENTRE:
        yield _thing(site, "KS", 1, "token", "Thiết bị ký số cơ quan") | {
            "put_to_use": "2024-01-10", "cost_vnd": 450_000, "custodian": holder(site, 0),
            "attributes": {"holder": "UBND huyện (minh hoạ)", "certificate_until": "2029-01-09"},
        }  # fmt: skip


def _thing(site: Site, kind: str, number: int, category: str, name: str) -> dict[str, Any]:
    return {
        "tag": tag_of(site, kind, number),
        "serial": f"MH{kind}{site.number:02d}{number:02d}X",
        "name": name,
        "category": category,
        "site": site.slug,
        "status": "in_use",
        "funding": FUNDING[0],
        "supplier": SUPPLIER,
        "note": NOTE,
        "fictional": True,
    }
