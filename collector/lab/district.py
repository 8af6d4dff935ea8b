"""The simulated district: its devices, where they stand, and how they are connected.

The 24 units are those of a real district as it was until 2025; their names are public. Everything else is invented
(devices, addresses, serial numbers, lines, lengths, circuit numbers, web addresses), and the books of the demonstration
mark it as fictional.
"""

import hashlib
from dataclasses import dataclass
from typing import Final, Literal

Vendor = Literal["mikrotik", "huawei", "cisco", "host", "ups", "printer"]

CENTRE: Final = "huyen-bac-quang"
CORE: Final = "bq-core"
WEB_HOST: Final = "bq-web"
UPS: Final = "bq-ups"
PRINTER: Final = "bq-printer"
COMMUNITY: Final = "quang-demo"
NETWORK: Final = "10.34.0.0/16"
"""Addresses of the simulated devices: 10.34.SITE.HOST."""

UNITS: Final[tuple[tuple[str, str], ...]] = (
    ("huyen-bac-quang", "Huyện Bắc Quang"),
    ("viet-quang", "Thị trấn Việt Quang"),
    ("vinh-tuy", "Thị trấn Vĩnh Tuy"),
    ("tan-lap", "Xã Tân Lập"),
    ("tan-thanh", "Xã Tân Thành"),
    ("dong-tien", "Xã Đồng Tiến"),
    ("dong-tam", "Xã Đồng Tâm"),
    ("tan-quang", "Xã Tân Quang"),
    ("thuong-binh", "Xã Thượng Bình"),
    ("huu-san", "Xã Hữu Sản"),
    ("kim-ngoc", "Xã Kim Ngọc"),
    ("viet-vinh", "Xã Việt Vinh"),
    ("bang-hanh", "Xã Bằng Hành"),
    ("quang-minh", "Xã Quang Minh"),
    ("lien-hiep", "Xã Liên Hiệp"),
    ("vo-diem", "Xã Vô Điếm"),
    ("viet-hong", "Xã Việt Hồng"),
    ("hung-an", "Xã Hùng An"),
    ("duc-xuan", "Xã Đức Xuân"),
    ("tien-kieu", "Xã Tiên Kiều"),
    ("vinh-hao", "Xã Vĩnh Hảo"),
    ("vinh-phuc", "Xã Vĩnh Phúc"),
    ("dong-yen", "Xã Đồng Yên"),
    ("dong-thanh", "Xã Đông Thành"),
)
"""Slug and name of each unit, the centre first; a unit's place here is the third octet of its addresses."""

_LINES: Final[tuple[tuple[str, str, int], ...]] = (
    # three rings through the centre
    (CENTRE, "viet-vinh", 7_200),
    ("viet-vinh", "tan-quang", 4_900),
    ("tan-quang", "dong-tam", 6_800),
    ("dong-tam", "kim-ngoc", 9_400),
    ("kim-ngoc", "quang-minh", 8_900),
    ("quang-minh", CENTRE, 6_900),
    (CENTRE, "viet-quang", 1_900),
    ("viet-quang", "viet-hong", 6_400),
    ("viet-hong", "tien-kieu", 10_200),
    ("tien-kieu", "vinh-hao", 7_100),
    ("vinh-hao", "hung-an", 10_600),
    ("hung-an", CENTRE, 9_800),
    (CENTRE, "vo-diem", 16_500),
    ("vo-diem", "lien-hiep", 9_300),
    ("lien-hiep", "huu-san", 8_200),
    ("huu-san", "bang-hanh", 9_900),
    ("bang-hanh", CENTRE, 22_400),
    # two spurs of one ring member
    ("tan-quang", "tan-lap", 7_900),
    ("tan-quang", "tan-thanh", 12_100),
    # chains: what is behind depends on all that is before it
    ("dong-tam", "dong-tien", 11_800),
    ("dong-tien", "thuong-binh", 4_900),
    ("vinh-hao", "vinh-tuy", 5_200),
    ("vinh-tuy", "dong-thanh", 6_900),
    ("dong-thanh", "dong-yen", 10_400),
    ("vinh-hao", "vinh-phuc", 9_100),
    ("lien-hiep", "duc-xuan", 6_600),
)
"""The fibres: the end nearer to the centre along its ring or chain, the other end, metres of cable."""

_HUAWEI: Final = frozenset({"viet-quang", "vinh-tuy", "tan-quang", "lien-hiep", "hung-an"})
"""Units whose router comes from another maker, as offers and years had it."""


@dataclass(frozen=True, slots=True)
class Site:
    """A unit: its slug, its name, and its number, which is the third octet of its addresses."""

    slug: str
    name: str
    number: int


@dataclass(frozen=True, slots=True)
class Device:
    """A place on the network.

    Attributes:
        name: Stable name, also its sysName.
        site: Slug of its unit.
        address: IPv4 address.
        vendor: Whose equipment it is; `host` for a server without SNMP.
        serial: Invented serial number.
        ports: Names of its ports, optical ones first.
        optical: How many of the ports are optical.
    """

    name: str
    site: str
    address: str
    vendor: Vendor
    serial: str
    ports: tuple[str, ...]
    optical: int


@dataclass(frozen=True, slots=True)
class Link:
    """A line between two ports; `a` is the end nearer to the centre; of an empty `b_port` nothing is known."""

    name: str
    a: str
    a_port: str
    b: str
    b_port: str
    length_m: int
    circuit: str


@dataclass(frozen=True, slots=True)
class Website:
    """A unit's website: its name in the books, and its path on the shared server."""

    name: str
    site: str
    path: str
    title: str


@dataclass(frozen=True, slots=True)
class District:
    """Everything that is simulated. Deterministic: two calls of `district` are equal."""

    sites: tuple[Site, ...]
    devices: tuple[Device, ...]
    links: tuple[Link, ...]
    websites: tuple[Website, ...]

    def site(self, slug: str) -> Site:
        """Return a unit by its slug.

        Raises:
            KeyError: There is none.
        """
        return {site.slug: site for site in self.sites}[slug]

    def device(self, name: str) -> Device:
        """Return a device by its name.

        Raises:
            KeyError: There is none.
        """
        return {device.name: device for device in self.devices}[name]

    def router(self, slug: str) -> Device:
        """Return the router of a unit.

        Raises:
            KeyError: There is no such unit.
        """
        return self.device(router_of(self.site(slug).slug))


def district() -> District:
    """Return the simulated district: a core, a router in each of 23 communes, 26 fibres, 24 websites.

    At the centre stand a server, a power supply and a printer beside the core.
    """
    sites = tuple(Site(slug, name, number) for number, (slug, name) in enumerate(UNITS))
    links = (*_fibres(), *(_cable(place, name) for place, name in enumerate((WEB_HOST, UPS, PRINTER))))
    devices = tuple(_router(site, links) for site in sites)
    beside = (
        Device(WEB_HOST, CENTRE, "10.34.0.10", "host", _digits(WEB_HOST, 10), (), 0),
        Device(UPS, CENTRE, "10.34.0.20", "ups", _digits(UPS, 10), ("eth0",), 0),
        Device(PRINTER, CENTRE, "10.34.0.30", "printer", _digits(PRINTER, 10), ("eth0",), 0),
    )
    websites = tuple(
        Website(f"web-{site.slug}", site.slug, f"/{site.slug}/", f"Trang thông tin điện tử {site.name}")
        for site in sites
    )
    return District(sites, (*devices, *beside), links, websites)


def router_of(slug: str) -> str:
    """Return the name of a unit's router."""
    return CORE if slug == CENTRE else f"{slug}-r1"


def url_of(website: Website) -> str:
    """Return the address of a website inside the simulated network."""
    return f"http://10.34.0.10{website.path}"


def _vendor(slug: str) -> Vendor:
    if slug == CENTRE:
        return "cisco"
    return "huawei" if slug in _HUAWEI else "mikrotik"


def _port(slug: str, number: int) -> str:
    """Return the name of a unit's optical port, as its maker writes it; `number` from 1."""
    vendor = _vendor(slug)
    if vendor == "cisco":
        return f"TenGigabitEthernet0/0/{number - 1}"
    return f"GigabitEthernet0/0/{number}" if vendor == "huawei" else f"sfp{number}"


def _fibres() -> tuple[Link, ...]:
    used: dict[str, int] = {}
    links = []
    for near, far, length in _LINES:
        ports = []
        for slug in (near, far):
            used[slug] = used.get(slug, 0) + 1
            ports.append(_port(slug, used[slug]))
        name = f"{_short(near)}-{_short(far)}"
        links.append(Link(name, router_of(near), ports[0], router_of(far), ports[1], length, f"HGG-{_digits(name, 6)}"))
    return tuple(links)


def _cable(place: int, name: str) -> Link:
    return Link(f"{name}-lan", CORE, f"GigabitEthernet0/1/{place}", name, "", 5, "")


def _router(site: Site, links: tuple[Link, ...]) -> Device:
    name, vendor = router_of(site.slug), _vendor(site.slug)
    lines = sum(link.a == name or (link.b == name and bool(link.b_port)) for link in links if link.length_m > 100)
    optical = 8 if vendor == "cisco" else max(lines, 2) if vendor == "huawei" else max(lines, 1)
    ports = [_port(site.slug, number) for number in range(1, optical + 1)]
    if vendor == "cisco":
        ports += [f"GigabitEthernet0/1/{number}" for number in range(4)]
    elif vendor == "huawei":
        ports += [f"Ethernet0/0/{number}" for number in range(1, 9)]
    else:
        ports += [f"ether{number}" for number in range(1, 9)] + ["bridge-lan"]
    return Device(name, site.slug, f"10.34.{site.number}.1", vendor, _serial(vendor, name), tuple(ports), optical)


def _short(slug: str) -> str:
    return "bq" if slug == CENTRE else slug


def _serial(vendor: Vendor, name: str) -> str:
    code = hashlib.sha256(name.encode()).hexdigest().upper()
    return {"cisco": "FIC" + code[:8], "huawei": "2102FIC" + code[:9]}.get(vendor, "HFIC" + code[:7])


def _digits(name: str, count: int) -> str:
    return str(int(hashlib.sha256(name.encode()).hexdigest(), 16))[:count]
