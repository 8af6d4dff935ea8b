"""One example of each noun, for the description of the API; a test keeps them right."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

_RECORD: Final[dict[str, Any]] = {
    "id": 12,
    "version": 3,
    "created_at": "2026-01-05T01:30:00Z",
    "updated_at": "2026-03-02T02:15:00Z",
    "retired_at": None,
}


@dataclass(frozen=True, slots=True)
class Example:
    """What is sent and what is read.

    Attributes:
        create: Body of a creation; empty if it has no such route.
        change: Body of a change; likewise.
        read: What is read, beside what every noun shows.
    """

    key: str
    create: dict[str, Any] = field(default_factory=dict)
    change: dict[str, Any] = field(default_factory=dict)
    more: dict[str, Any] = field(default_factory=dict)
    hidden: frozenset[str] = frozenset()

    @property
    def read(self) -> dict[str, Any]:
        """Return the object as it is shown."""
        shown = {name: value for name, value in (self.create | self.change).items() if name not in self.hidden}
        return _RECORD | {"key": self.key} | shown | self.more


EXAMPLES: Final[Mapping[str, Example]] = {
    "sites": Example(
        "viet-quang",
        {
            "slug": "viet-quang",
            "name": "Thị trấn Việt Quang",
            "kind": "town",
            "parent": "bac-quang",
            "valid_from": "2010-01-01",
            "lat": 22.42,
            "lon": 104.81,
            "headcount": 32,
            "contact_title": "Văn phòng UBND",
        },
        {"headcount": 34},
    ),
    "providers": Example(
        "vnpt-ha-giang",
        {
            "slug": "vnpt-ha-giang",
            "name": "VNPT Hà Giang",
            "is_carrier": True,
            "hotline": "18001166",
            "support_hours": "24/7",
        },
        {"contract": "HĐ 12/2026", "contract_until": "2026-12-31"},
    ),
    "products": Example(
        "rb4011",
        {
            "slug": "rb4011",
            "manufacturer": "MikroTik",
            "model": "RB4011iGS+RM",
            "category": "router",
            "platform": "routeros",
            "list_price_vnd": 5_200_000,
        },
        {"list_price_vnd": 5_400_000},
    ),
    "assets": Example(
        "TS/2018/015",
        {
            "tag": "TS/2018/015",
            "name": "Bộ định tuyến phòng máy",
            "category": "router",
            "product": "rb4011",
            "site": "viet-quang",
            "serial": "B8E20AC41F9D",
            "status": "in_use",
            "put_to_use": "2018-12-20",
            "cost_vnd": 5_200_000,
            "funding": "Ngân sách huyện",
        },
        {"room": "Phòng máy tầng 2"},
    ),
    "devices": Example(
        "core",
        {
            "name": "core",
            "title": "Bộ định tuyến trung tâm",
            "site": "viet-quang",
            "category": "router",
            "address": "10.20.0.1",
            "snmp_credential": "district",
            "is_root": True,
        },
        {"platform": "routeros"},
    ),
    "holdings": Example(
        "12",
        {"device": "core", "asset": "TS/2018/015", "held_from": "2026-01-05T01:30:00Z"},
        {"held_to": "2026-03-02T02:15:00Z", "reason": "Hỏng nguồn, thay bằng máy dự phòng"},
    ),
    "links": Example(
        "core-vinh-tuy",
        {
            "name": "core-vinh-tuy",
            "title": "Trung tâm huyện - Vĩnh Tuy",
            "a_device": "core",
            "a_interface": "sfp1",
            "b_device": "vinh-tuy",
            "b_interface": "sfp1",
            "medium": "fibre",
            "provider": "vnpt-ha-giang",
            "circuit": "HGG-0412",
            "bandwidth_bps": 100_000_000,
        },
        {"monthly_cost_vnd": 1_100_000},
    ),
    "services": Example(
        "cong-thong-tin",
        {
            "name": "cong-thong-tin",
            "title": "Cổng thông tin điện tử",
            "kind": "website",
            "site": "viet-quang",
            "url": "https://bacquang.example.vn/",
        },
        {"owner": "Phòng Văn hóa và Thông tin"},
    ),
    "credentials": Example(
        "district",
        {"name": "district", "title": "SNMP toàn huyện", "kind": "snmp_v2c", "community": "chi-doc-2026"},
        {"note": "Đổi hằng năm vào tháng 1"},
        {"has_secret": True},
        hidden=frozenset({"community"}),
    ),
    "accounts": Example(
        "an",
        {
            "username": "an",
            "name": "Nguyễn Văn An",
            "title": "Chuyên viên CNTT",
            "email": "an@bacquang.example.vn",
            "role": "it_staff",
            "receives_alerts": True,
        },
        {"phone": "0219 3821 000"},
        {"must_change_password": True, "failures": 0},
    ),
    "tokens": Example(
        "report",
        more={
            "name": "report",
            "scopes": ["read"],
            "account": "an",
            "expires_at": "2027-12-31T10:00:00Z",
            "last_used_at": None,
        },
    ),
    "collectors": Example(
        "district-1",
        {"name": "district-1", "scope": "district"},
        {"scope": "north"},
        {"url": "http://127.0.0.1:8481", "workers": 1, "program_version": "0.1.0", "seen_at": "2026-03-02T02:15:00Z"},
    ),
    "subnets": Example(
        "tan-lap-lan",
        {"name": "tan-lap-lan", "site": "tan-lap", "cidr": "10.20.4.0/24", "scan": True},
        {"scan": False},
        {"every_h": 24},
    ),
    "findings": Example(
        "7",
        more={
            "site": "tan-lap",
            "mac": "00:0c:42:1a:2b:3c",
            "address": "10.20.4.77",
            "vendor": "MikroTik",
            "source": "snmp_arp",
            "switch": "tan-lap-router",
            "port": "ether3",
            "first_seen": "2026-03-02T02:15:00Z",
            "last_seen": "2026-03-03T02:15:00Z",
            "state": "open",
        },
    ),
    "incidents": Example(
        "12",
        more={
            "rule": "LinkDown",
            "element": "link:core-vinh-tuy",
            "site": "vinh-tuy",
            "other_site": "viet-quang",
            "severity": "critical",
            "state": "open",
            "opened_at": "2026-03-02T02:15:00Z",
            "last_fired_at": "2026-03-02T02:15:00Z",
            "resolved_at": None,
            "times": 1,
            "reconstructed": False,
            "hidden_count": 2,
            "values": {},
            "summary_vi": "Đứt tuyến Trung tâm huyện - Vĩnh Tuy.",
            "summary_en": "The link Trung tâm huyện - Vĩnh Tuy is cut.",
            "acknowledged_by": "",
            "acknowledged_at": None,
            "cause": "",
            "ticket": "",
        },
    ),
    "documents": Example(
        "BG-2026-0001",
        more={
            "number": "BG-2026-0001",
            "kind": "hand_over",
            "day": "2026-03-02",
            "site": "viet-quang",
            "to_site": "viet-quang",
            "standing_site": "viet-quang",
            "from_name": "Nguyễn Thị Hoa",
            "from_title": "Kế toán",
            "to_name": "Lý Văn Páo",
            "to_title": "Văn phòng UBND",
            "reason": "Phân công lại công việc",
            "papers": "Hóa đơn 0012",
            "accessories": [{"name": "Bộ nguồn", "unit": "cái", "quantity": 1, "value_vnd": 350_000}],
            "reverses": None,
            "reversed_by": None,
            "items": 1,
            "cost_vnd": 14_000_000,
            "worn_vnd": 5_600_000,
            "broken": False,
        },
    ),
    "reorganisations": Example(
        "SN-2025-0001",
        more={
            "number": "SN-2025-0001",
            "day": "2025-07-01",
            "decree": "Nghị quyết sắp xếp đơn vị hành chính 2025",
            "note": "",
            "pairs": [{"old": "viet-quang", "new": "bac-quang-2025"}],
            "counts": {"site": 0, "device": 4, "service": 1, "asset": 87, "document": 12, "account": 2},
            "reversed_on": None,
        },
    ),
}
"""By the noun's word in addresses."""
