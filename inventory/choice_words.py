"""Words for the values of fields that are chosen from a list, as files carry them."""

from collections.abc import Mapping
from typing import Any, Final

from inventory.access.accounts import Role
from inventory.assets.assets import STATUS_LABELS
from inventory.assets.categories import CATEGORIES
from inventory.network.links import EndKind, Medium
from inventory.network.services import ServiceKind
from inventory.places.sites import SiteKind
from inventory.text import Text, same

_CATEGORIES: Final = {code: category.label for code, category in CATEGORIES.items()}
_END_KINDS: Final = {
    EndKind.SNMP: Text(vi="cổng SNMP", en="SNMP port"),
    EndKind.ONT: Text(vi="modem quang", en="optical terminal"),
    EndKind.MEDIA_CONVERTER: Text(vi="bộ chuyển đổi quang điện", en="media converter"),
}

CHOICES: Final[Mapping[tuple[str, str], Mapping[Any, Text]]] = {
    ("sites", "kind"): {
        SiteKind.PROVINCE: Text(vi="tỉnh", en="province"),
        SiteKind.DISTRICT: Text(vi="huyện", en="district"),
        SiteKind.TOWN: Text(vi="thị trấn", en="town"),
        SiteKind.COMMUNE: Text(vi="xã", en="commune"),
        SiteKind.OFFICE: Text(vi="cơ quan", en="office"),
        SiteKind.EXCHANGE: Text(vi="trạm viễn thông", en="exchange"),
    },
    ("products", "category"): _CATEGORIES,
    ("assets", "category"): _CATEGORIES,
    ("assets", "status"): STATUS_LABELS,
    ("devices", "category"): _CATEGORIES,
    ("links", "a_kind"): _END_KINDS,
    ("links", "b_kind"): _END_KINDS,
    ("links", "medium"): {
        Medium.FIBRE: Text(vi="cáp quang", en="fibre"),
        Medium.COPPER: Text(vi="cáp đồng", en="copper"),
        Medium.RADIO: Text(vi="vô tuyến", en="radio"),
        Medium.LEASED: Text(vi="kênh thuê riêng", en="leased line"),
    },
    ("services", "kind"): {
        ServiceKind.WEBSITE: Text(vi="trang thông tin điện tử", en="website"),
        ServiceKind.DOCUMENTS: Text(vi="hệ thống văn bản", en="document system"),
        ServiceKind.MAIL: Text(vi="thư điện tử", en="mail"),
        ServiceKind.VIDEO_CONFERENCE: Text(vi="họp trực tuyến", en="video conference"),
        ServiceKind.TCP: Text(vi="dịch vụ mạng khác", en="other network service"),
    },
    ("accounts", "role"): {
        Role.ADMINISTRATOR: Text(vi="người quản trị", en="administrator"),
        Role.IT_STAFF: Text(vi="cán bộ công nghệ thông tin", en="IT staff"),
        Role.AUDITOR: Text(vi="người kiểm tra", en="auditor"),
        Role.COMMUNE_STAFF: Text(vi="cán bộ xã", en="commune staff"),
    },
    ("accounts", "language"): {"vi": same("Tiếng Việt"), "en": same("English")},
}
"""By noun and field: each value with its words."""

SWITCH: Final = {True: Text(vi="có", en="yes"), False: Text(vi="không", en="no")}

SWITCH_WORDS: Final[Mapping[str, bool]] = {
    "co": True, "yes": True, "y": True, "true": True, "dung": True, "x": True, "1": True, "1.0": True, "v": True,
    "khong": False, "no": False, "n": False, "false": False, "sai": False, "0": False, "0.0": False, "k": False,
}  # fmt: skip
"""What people write for yes and no, without case and diacritics."""
