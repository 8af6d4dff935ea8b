"""Words for the values of fields that are chosen from a list, as files carry them and pages show them."""

from collections.abc import Mapping
from typing import Any, Final

from inventory.access.accounts import Role
from inventory.assets.assets import STATUS_LABELS
from inventory.assets.categories import CATEGORIES
from inventory.assets.lifecycle import MOVES
from inventory.network.links import EndKind, Medium
from inventory.network.services import ServiceKind
from inventory.places.sites import SiteKind
from inventory.text import Text, same

_CATEGORIES: Final = {code: category.label for code, category in CATEGORIES.items()}
_END_KINDS: Final = {
    EndKind.SNMP: Text(vi="Cổng hỏi được bằng SNMP", en="Port that answers SNMP"),
    EndKind.ONT: Text(vi="Modem quang của nhà mạng", en="The carrier's optical terminal"),
    EndKind.MEDIA_CONVERTER: Text(vi="Bộ chuyển đổi quang điện", en="Media converter"),
}

CHOICES: Final[Mapping[tuple[str, str], Mapping[Any, Text]]] = {
    ("sites", "kind"): {
        SiteKind.PROVINCE: Text(vi="Tỉnh", en="Province"),
        SiteKind.DISTRICT: Text(vi="Huyện", en="District"),
        SiteKind.TOWN: Text(vi="Thị trấn", en="Town"),
        SiteKind.COMMUNE: Text(vi="Xã", en="Commune"),
        SiteKind.OFFICE: Text(vi="Cơ quan", en="Office"),
        SiteKind.EXCHANGE: Text(vi="Trạm viễn thông", en="Exchange"),
    },
    ("products", "category"): _CATEGORIES,
    ("assets", "category"): _CATEGORIES,
    ("assets", "status"): STATUS_LABELS,
    ("devices", "category"): _CATEGORIES,
    ("links", "a_kind"): _END_KINDS,
    ("links", "b_kind"): _END_KINDS,
    ("links", "medium"): {
        Medium.FIBRE: Text(vi="Cáp quang", en="Fibre"),
        Medium.COPPER: Text(vi="Cáp đồng", en="Copper"),
        Medium.RADIO: Text(vi="Vô tuyến", en="Radio"),
        Medium.LEASED: Text(vi="Kênh thuê riêng", en="Leased line"),
    },
    ("services", "kind"): {
        ServiceKind.WEBSITE: Text(vi="Trang thông tin điện tử", en="Website"),
        ServiceKind.DOCUMENTS: Text(vi="Hệ thống văn bản", en="Document system"),
        ServiceKind.MAIL: Text(vi="Thư điện tử", en="Mail"),
        ServiceKind.VIDEO_CONFERENCE: Text(vi="Họp trực tuyến", en="Video conference"),
        ServiceKind.NAME_SERVER: Text(vi="Máy chủ tên miền (DNS)", en="Name server (DNS)"),
        ServiceKind.TIME_SERVER: Text(vi="Máy chủ thời gian (NTP)", en="Time server (NTP)"),
        ServiceKind.TCP: Text(vi="Dịch vụ mạng khác", en="Other network service"),
    },
    ("accounts", "role"): {
        Role.ADMINISTRATOR: Text(vi="Người quản trị", en="Administrator"),
        Role.IT_STAFF: Text(vi="Cán bộ công nghệ thông tin", en="IT staff"),
        Role.AUDITOR: Text(vi="Người kiểm tra", en="Auditor"),
        Role.COMMUNE_STAFF: Text(vi="Cán bộ xã", en="Commune staff"),
    },
    ("documents", "kind"): {kind: move.label for kind, move in MOVES.items()},
    ("accounts", "language"): {"vi": same("Tiếng Việt"), "en": same("English")},
}
"""By noun and field: each value with its words."""

SWITCH: Final = {True: Text(vi="có", en="yes"), False: Text(vi="không", en="no")}

SWITCH_WORDS: Final[Mapping[str, bool]] = {
    "co": True, "yes": True, "y": True, "true": True, "dung": True, "x": True, "1": True, "1.0": True, "v": True,
    "khong": False, "no": False, "n": False, "false": False, "sai": False, "0": False, "0.0": False, "k": False,
}  # fmt: skip
"""What people write for yes and no, without case and diacritics."""
