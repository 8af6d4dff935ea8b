"""Names of what a field may be chosen from, for forms and pages."""

from typing import Final

from inventory.network.links import EndKind, Medium
from inventory.network.services import ServiceKind
from inventory.places.sites import SiteKind
from inventory.text import Text, same

KINDS_OF_SITE: Final = {
    SiteKind.PROVINCE: Text(vi="Tỉnh", en="Province"),
    SiteKind.DISTRICT: Text(vi="Huyện", en="District"),
    SiteKind.TOWN: Text(vi="Thị trấn", en="Town"),
    SiteKind.COMMUNE: Text(vi="Xã", en="Commune"),
    SiteKind.OFFICE: Text(vi="Cơ quan", en="Office"),
    SiteKind.EXCHANGE: Text(vi="Trạm viễn thông", en="Exchange"),
}
KINDS_OF_SERVICE: Final = {
    ServiceKind.WEBSITE: Text(vi="Trang thông tin điện tử", en="Website"),
    ServiceKind.DOCUMENTS: Text(vi="Hệ thống văn bản", en="Document system"),
    ServiceKind.MAIL: Text(vi="Thư điện tử", en="Mail"),
    ServiceKind.VIDEO_CONFERENCE: Text(vi="Họp trực tuyến", en="Video conference"),
    ServiceKind.TCP: Text(vi="Dịch vụ mạng khác", en="Other network service"),
}
MEDIA: Final = {
    Medium.FIBRE: Text(vi="Cáp quang", en="Fibre"),
    Medium.COPPER: Text(vi="Cáp đồng", en="Copper"),
    Medium.RADIO: Text(vi="Vô tuyến", en="Radio"),
    Medium.LEASED: Text(vi="Kênh thuê riêng", en="Leased line"),
}
END_KINDS: Final = {
    EndKind.SNMP: Text(vi="Cổng hỏi được bằng SNMP", en="Port that answers SNMP"),
    EndKind.ONT: Text(vi="Modem quang của nhà mạng", en="The carrier's optical terminal"),
    EndKind.MEDIA_CONVERTER: Text(vi="Bộ chuyển đổi quang điện", en="Media converter"),
}
LANGUAGE_NAMES: Final = {"vi": same("Tiếng Việt"), "en": same("English")}
