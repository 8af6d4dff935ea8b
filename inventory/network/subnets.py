"""Subnets: the address ranges of a site, and whether the collector may look for unknown devices in them."""

from datetime import datetime
from ipaddress import IPv4Network, IPv6Network, ip_network
from typing import Annotated, ClassVar, Final

from pydantic import AfterValidator, ConfigDict
from pydantic import Field as Bounds
from sqlalchemy import select
from sqlalchemy.sql.elements import ColumnElement
from sqlmodel import Field, Session

from inventory.columns import Booked, Places, column, moment_field
from inventory.draft import Draft
from inventory.fields import Entry, Key, Line200, Moment, Note, Record, Slug, Whole, changes_of, refuse
from inventory.network.devices import credential_fits
from inventory.text import Text

LARGEST_PREFIX: Final = 20
"""A subnet that is swept has at most the 4,094 addresses of an IPv4 /20."""

EVERY_H: Final = 24


class Subnet(Booked, table=True):
    """A range of addresses that is used at one site.

    Attributes:
        cidr: The range, like `10.20.4.0/24`, without bits behind its mask.
        scan: Whether the collector sweeps it.
        every_h: Hours between two sweeps, 1 to 24.
        snmp_credential_id: SNMP credential that is tried first on whatever answers; those of the site's devices follow.
        scan_asked_at: When somebody last asked for a sweep out of turn.
    """

    __tablename__ = "subnet"
    KEY: ClassVar[str] = "name"
    NOUN: ClassVar[Text] = Text(vi="dải mạng", en="subnet")
    SEARCH: ClassVar[tuple[str, ...]] = ("title", "cidr")

    name: str = Field(unique=True, max_length=64)
    title: str = Field(default="", max_length=200)
    site_id: int = Field(foreign_key="site.id", index=True)
    cidr: str = Field(max_length=64, index=True)
    scan: bool = False
    every_h: int = Field(default=EVERY_H, ge=1, le=24)
    snmp_credential_id: int | None = Field(default=None, foreign_key="credential.id", index=True)
    scan_asked_at: datetime | None = moment_field(default=None)
    note: str = Field(default="", max_length=2000)
    fictional: bool = False

    @classmethod
    def seen_from(cls, site_ids: Places) -> ColumnElement[bool]:
        """Return whether it is used at one of these sites."""
        return column(cls, "site_id").in_(site_ids)


def _cidr(value: str) -> str:
    try:
        network = ip_network(value.strip())
    except ValueError:
        refuse(
            "cidr",
            "Cần dải mạng dạng 10.20.4.0/24: địa chỉ đầu dải, dấu gạch chéo, số bit.",
            "A range like 10.20.4.0/24 is needed: its first address, a slash, the number of bits.",
        )
    if network.prefixlen == 0 or network.is_multicast:
        refuse("cidr", "Dải này không phải của một nơi.", "This is no range of one place.")
    return str(network)


Cidr = Annotated[str, AfterValidator(_cidr), Bounds(max_length=64)]


class SubnetCreate(Entry):
    """A range of addresses; `site` is a slug, `snmp_credential` is a name."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "name": "tan-lap-lan",
                    "title": "Mạng máy tính UBND xã Tân Lập",
                    "site": "tan-lap",
                    "cidr": "10.20.4.0/24",
                    "scan": True,
                }
            ]
        }
    )

    name: Slug
    title: Line200 = ""
    site: Key
    cidr: Cidr
    scan: bool = False
    every_h: Annotated[Whole, Bounds(ge=1, le=24)] = EVERY_H
    snmp_credential: Key | None = None
    scan_asked_at: Moment | None = None
    note: Note = ""
    fictional: bool = False


class SubnetRead(SubnetCreate, Record):
    """A subnet as it stands in the books."""


SubnetChange = changes_of(SubnetCreate, "SubnetChange")


def examine(draft: Draft) -> None:
    """Find what is wrong with a subnet: too large or too public to be swept, or laid over another one of its site."""
    credential_fits(draft, "snmp_credential", frozenset({"snmp_v2c", "snmp_v3"}))
    cidr = draft.values.get("cidr")
    if cidr is None or draft.is_wrong("cidr"):
        return
    network = ip_network(cidr)
    if draft.values.get("scan") and draft.changed("cidr", "scan"):
        problem = _unsweepable(network)
        if problem is not None:
            draft.wrong("scan" if "cidr" not in draft.sent else "cidr", "not_swept", problem, value=cidr)
    _is_free(draft, network)


def parties(_session: Session, row: Booked) -> set[int]:
    """Return the site where it is used."""
    return {row.site_id} if isinstance(row, Subnet) else set()


def _unsweepable(network: IPv4Network | IPv6Network) -> Text | None:
    if network.version != 4:
        return _ONLY_V4
    if network.prefixlen < LARGEST_PREFIX:
        return _TOO_LARGE.fill(prefix=LARGEST_PREFIX, most=2 ** (32 - LARGEST_PREFIX) - 2)
    return _PUBLIC if network.is_global else None


def _is_free(draft: Draft, network: IPv4Network | IPv6Network) -> None:
    """Refuse a range that overlaps another one in use at the same site: an address would be swept twice."""
    site = draft.refers.get("site")
    if site is None or not draft.changed("cidr", "site"):
        return
    own = 0 if draft.row is None else draft.row.id
    others = select(Subnet).where(column(Subnet, "site_id") == site.id, Subnet.in_use(), column(Subnet, "id") != own)
    for other in draft.session.execute(others).scalars():
        laid = ip_network(other.cidr)
        if laid.version == network.version and network.overlaps(laid):
            draft.wrong("cidr", "taken", _OVERLAPS.fill(key=other.name, cidr=other.cidr), value=str(network))
            return


_ONLY_V4: Final = Text(
    vi="Chỉ quét dải IPv4: một dải IPv6 quá lớn để dò từng địa chỉ.",
    en="Only IPv4 is swept: a range of IPv6 is too large to try each address.",
)
_TOO_LARGE: Final = Text(
    vi="Dải này quá lớn để quét. Lớn nhất là /{prefix} ({most} địa chỉ); hãy chia thành nhiều dải.",
    en="This range is too large to be swept. The largest is /{prefix} ({most} addresses); divide it.",
)
_PUBLIC: Final = Text(
    vi="Đây là địa chỉ công cộng trên Internet; chỉ quét dải mạng nội bộ.",
    en="These are public addresses of the Internet; only internal ranges are swept.",
)
_OVERLAPS: Final = Text(
    vi="Dải này trùng với dải “{key}” ({cidr}) của cùng đơn vị.",
    en="This range overlaps “{key}” ({cidr}) of the same site.",
)
