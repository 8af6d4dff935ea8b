"""Headings of the columns of files: what each field is called, and what else people call it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from inventory.text import Text


@dataclass(frozen=True, slots=True)
class Heading:
    """What the column of a field is called.

    Attributes:
        text: As it is written to a file.
        others: Other names by which it is known, in any language, without regard to case and diacritics.
    """

    text: Text
    others: tuple[str, ...] = ()


def _h(vi: str, en: str, *others: str) -> Heading:
    return Heading(Text(vi=vi, en=en), others)


_NOTE: Final = _h("Ghi chú", "Note", "notes", "remark", "chú thích")
_FICTIONAL: Final = _h("Số liệu mẫu", "Fictional", "demo")
_SITE: Final = _h("Đơn vị", "Site", "xã", "cơ quan", "nơi sử dụng", "đơn vị sử dụng", "mã đơn vị", "location")
_SLUG: Final = _h("Tên ngắn", "Short name", "slug", "mã")
_NAME: Final = _h("Tên ngắn", "Short name", "name", "mã", "tên thiết bị mạng")
_TITLE: Final = _h("Tên gọi", "Title", "tên", "tên hiển thị")
_CATEGORY: Final = _h("Loại", "Category", "loại thiết bị", "loại tài sản", "chủng loại", "nhóm tài sản", "type")
_PLATFORM: Final = _h("Hệ điều hành thiết bị", "Platform", "nền tảng")
_PROBES: Final = _h("Tùy chỉnh phép đo", "Probes")
_FIELDS_SITES: Final = {
    "slug": _SLUG,
    "code": _h("Mã hành chính", "Official code", "mã số", "mã đơn vị hành chính"),
    "name": _h("Tên đơn vị", "Site name", "tên", "đơn vị", "tên xã"),
    "kind": _h("Loại đơn vị", "Kind", "loại", "cấp"),
    "parent": _h("Trực thuộc", "Belongs to", "đơn vị cấp trên", "cấp trên", "parent"),
    "valid_from": _h("Tồn tại từ ngày", "Exists from", "từ ngày"),
    "valid_to": _h("Tồn tại đến ngày", "Exists until", "đến hết ngày", "đến ngày"),
    "successor": _h("Đơn vị kế thừa", "Succeeded by", "sáp nhập vào", "nhập vào"),
    "lat": _h("Vĩ độ", "Latitude"),
    "lon": _h("Kinh độ", "Longitude", "lng"),
    "headcount": _h("Số cán bộ", "Officials", "biên chế", "số người", "số cán bộ công chức"),
    "coverage": _h("Độ phủ mạng", "Coverage"),
    "address": _h("Địa chỉ", "Address", "địa chỉ trụ sở"),
    "contact_name": _h("Người liên hệ", "Contact", "đầu mối", "cán bộ đầu mối"),
    "contact_title": _h("Chức vụ", "Contact title", "chức danh"),
    "contact_phone": _h("Điện thoại", "Contact phone", "số điện thoại", "sđt", "điện thoại cơ quan", "phone"),
    "work_hours": _h("Giờ làm việc", "Working hours"),
    "power_hours": _h("Giờ có điện", "Power hours"),
    "note": _NOTE,
    "fictional": _FICTIONAL,
}
_FIELDS_PROVIDERS: Final = {
    "slug": _SLUG,
    "name": _h("Tên nhà cung cấp", "Provider name", "tên", "nhà cung cấp", "nhà mạng"),
    "is_carrier": _h("Cung cấp đường truyền", "Is carrier", "là nhà mạng"),
    "is_supplier": _h("Cung cấp thiết bị", "Is supplier", "bán thiết bị"),
    "hotline": _h("Tổng đài báo hỏng", "Hotline", "tổng đài", "điện thoại báo hỏng", "điện thoại"),
    "channel": _h("Kênh báo hỏng khác", "Channel", "zalo"),
    "support_hours": _h("Giờ trực", "Support hours"),
    "contract": _h("Số hợp đồng", "Contract", "hợp đồng"),
    "contract_until": _h("Hợp đồng đến ngày", "Contract until", "hạn hợp đồng", "ngày hết hạn hợp đồng"),
    "note": _NOTE,
    "fictional": _FICTIONAL,
}
_FIELDS_PRODUCTS: Final = {
    "slug": _SLUG,
    "manufacturer": _h("Hãng sản xuất", "Manufacturer", "hãng", "nhà sản xuất", "brand"),
    "model": _h("Mẫu máy", "Model", "model", "mã máy", "kiểu máy"),
    "category": _CATEGORY,
    "platform": _PLATFORM,
    "sys_object_ids": _h("Mã sysObjectID", "sysObjectIDs", "oid"),
    "list_price_vnd": _h("Giá tham khảo (đồng)", "List price (VND)", "đơn giá", "giá"),
    "end_of_support": _h("Hết hỗ trợ ngày", "End of support", "ngừng hỗ trợ"),
    "note": _NOTE,
}
_FIELDS_ASSETS: Final = {
    "tag": _h("Số tài sản", "Tag", "mã tài sản", "mã ts", "số thẻ", "số thẻ tài sản", "asset tag", "mã số tài sản"),
    "serial": _h(
        "Số máy (serial)", "Serial", "serial", "số serial", "số sê-ri", "s/n", "sn", "serial number", "số máy"
    ),
    "name": _h("Tên tài sản", "Asset name", "tên", "tên thiết bị", "tên, đặc điểm tài sản", "name"),
    "category": _CATEGORY,
    "product": _h("Mẫu thiết bị", "Product", "model", "mẫu máy", "mã mẫu"),
    "site": _SITE,
    "room": _h("Phòng", "Room", "phòng ban", "bộ phận", "vị trí", "phòng làm việc"),
    "custodian": _h("Người sử dụng", "Custodian", "người quản lý", "cán bộ sử dụng", "người phụ trách"),
    "status": _h("Tình trạng", "Status", "trạng thái", "hiện trạng"),
    "put_to_use": _h(
        "Ngày đưa vào sử dụng", "Put to use", "ngày sử dụng", "ngày đưa vào sd", "ngày bắt đầu sử dụng", "in use since"
    ),
    "cost_vnd": _h(
        "Nguyên giá (đồng)", "Cost (VND)", "nguyên giá", "giá trị", "giá mua", "đơn giá", "thành tiền", "cost"
    ),
    "funding": _h("Nguồn kinh phí", "Funding", "nguồn vốn", "nguồn hình thành", "nguồn"),
    "supplier": _h("Nhà cung cấp", "Supplier", "đơn vị cung cấp", "nơi mua"),
    "warranty_until": _h("Bảo hành đến ngày", "Warranty until", "hạn bảo hành", "bảo hành đến", "hết bảo hành"),
    "attributes": _h("Thông số", "Attributes", "thông số kỹ thuật"),
    "mac": _h("Địa chỉ MAC", "MAC address", "mac"),
    "note": _NOTE,
    "fictional": _FICTIONAL,
}
_FIELDS_DEVICES: Final = {
    "name": _NAME,
    "title": _TITLE,
    "site": _SITE,
    "category": _CATEGORY,
    "role": _h("Vai trò", "Role"),
    "platform": _PLATFORM,
    "address": _h("Địa chỉ IP", "IP address", "ip", "địa chỉ"),
    "ports": _h("Cổng SNMP, SSH", "SNMP and SSH ports", "cổng giao thức", "ports"),
    "snmp_credential": _h("Thông tin đăng nhập SNMP", "SNMP credential"),
    "ssh_credential": _h("Thông tin đăng nhập SSH", "SSH credential"),
    "ssh_host_key": _h("Khóa máy SSH", "SSH host key"),
    "ssh_jump": _h("Qua máy trung gian (SSH)", "Through the host (SSH)", "máy trung gian", "jump host", "ssh jump"),
    "probes": _PROBES,
    "optical_overrides": _h("Ngưỡng quang riêng", "Optical limits"),
    "is_root": _h("Là cửa ngõ", "Is gateway", "cửa ngõ"),
    "is_anchor": _h("Là điểm mốc", "Is anchor", "điểm mốc"),
    "note": _NOTE,
    "fictional": _FICTIONAL,
}
_FIELDS_HOLDINGS: Final = {
    "device": _h("Thiết bị mạng", "Device", "vị trí", "thiết bị"),
    "asset": _h("Số tài sản", "Asset", "tài sản", "mã tài sản"),
    "held_from": _h("Lắp từ lúc", "Held from", "từ", "từ ngày", "ngày lắp"),
    "held_to": _h("Tháo lúc", "Held to", "đến", "đến ngày", "ngày tháo"),
    "reason": _h("Lý do", "Reason"),
}
_FIELDS_LINKS: Final = {
    "name": _NAME,
    "title": _TITLE,
    "a_device": _h("Thiết bị đầu A", "Device at end A", "đầu a"),
    "a_interface": _h("Cổng đầu A", "Interface at end A"),
    "a_kind": _h("Loại đầu A", "Kind of end A"),
    "b_device": _h("Thiết bị đầu B", "Device at end B", "đầu b"),
    "b_interface": _h("Cổng đầu B", "Interface at end B"),
    "b_kind": _h("Loại đầu B", "Kind of end B"),
    "medium": _h("Môi trường truyền", "Medium", "loại cáp"),
    "provider": _h("Nhà mạng", "Provider", "nhà cung cấp"),
    "circuit": _h("Mã kênh", "Circuit id", "số kênh", "mã đường truyền"),
    "bandwidth_bps": _h("Băng thông (bit/s)", "Bandwidth (bit/s)", "băng thông"),
    "monthly_cost_vnd": _h("Cước tháng (đồng)", "Monthly cost (VND)", "cước tháng", "giá cước"),
    "sla_target": _h("Cam kết sẵn sàng", "SLA target", "sla"),
    "contract_until": _h("Hợp đồng đến ngày", "Contract until", "hạn hợp đồng"),
    "length_m": _h("Chiều dài (m)", "Length (m)", "chiều dài"),
    "a_baseline_rx_dbm": _h("Mức thu nghiệm thu đầu A (dBm)", "Accepted power at end A (dBm)"),
    "a_baseline_at": _h("Nghiệm thu đầu A lúc", "Accepted at end A"),
    "b_baseline_rx_dbm": _h("Mức thu nghiệm thu đầu B (dBm)", "Accepted power at end B (dBm)"),
    "b_baseline_at": _h("Nghiệm thu đầu B lúc", "Accepted at end B"),
    "note": _NOTE,
    "fictional": _FICTIONAL,
}
_FIELDS_SERVICES: Final = {
    "name": _NAME,
    "title": _TITLE,
    "kind": _h("Loại dịch vụ", "Kind", "loại"),
    "site": _SITE,
    "host_device": _h("Đặt trên thiết bị", "Host device", "thiết bị"),
    "url": _h("Địa chỉ web", "Web address", "url", "website"),
    "host": _h("Máy chủ", "Host"),
    "port": _h("Cổng", "Port"),
    "expect": _h("Chữ phải có trong trang", "Expected text"),
    "credential": _h("Thông tin đăng nhập", "Credential"),
    "owner": _h("Đơn vị quản lý", "Owner", "chủ quản"),
    "probes": _PROBES,
    "note": _NOTE,
    "fictional": _FICTIONAL,
}
_FIELDS_ACCOUNTS: Final = {
    "username": _h("Tên đăng nhập", "User name", "tài khoản", "username"),
    "name": _h("Họ và tên", "Full name", "họ tên", "tên"),
    "title": _h("Chức vụ", "Title", "chức danh"),
    "email": _h("Thư điện tử", "E-mail", "email"),
    "phone": _h("Điện thoại", "Phone", "số điện thoại", "sđt"),
    "role": _h("Vai trò", "Role", "quyền"),
    "site": _SITE,
    "language": _h("Ngôn ngữ", "Language"),
    "receives_alerts": _h("Nhận cảnh báo", "Receives alerts"),
}
_FIELDS_COLLECTORS: Final = {
    "name": _NAME,
    "scope": _h("Phạm vi", "Scope"),
}
_FIELDS_SUBNETS: Final = {
    "name": _NAME,
    "title": _TITLE,
    "site": _SITE,
    "cidr": _h("Dải địa chỉ", "Range", "dải mạng", "dải ip", "cidr", "network"),
    "scan": _h("Quét thiết bị lạ", "Scan for unknown devices", "quét", "scan"),
    "every_h": _h("Quét mỗi (giờ)", "Scan every (hours)"),
    "snmp_credential": _h("Thông tin đăng nhập SNMP", "SNMP credential"),
    "scan_asked_at": _h("Yêu cầu quét lúc", "Scan asked at"),
    "note": _NOTE,
    "fictional": _FICTIONAL,
}
_FIELDS_FINDINGS: Final = {
    "id": _h("Số phát hiện", "Finding number"),
    "site": _SITE,
    "mac": _h("Địa chỉ MAC", "MAC address", "mac"),
    "address": _h("Địa chỉ IP", "IP address", "ip"),
    "title": _h("Tự xưng là", "Calls itself"),
    "vendor": _h("Hãng", "Maker"),
    "model": _h("Mẫu máy", "Model"),
    "serial": _h("Số máy", "Serial number"),
    "object_id": _h("Mã sysObjectID", "sysObjectID"),
    "source": _h("Thấy nhờ", "Seen by"),
    "switch": _h("Cắm vào thiết bị", "Plugged into"),
    "port": _h("Cổng", "Port"),
    "placed_at": _h("Thấy ở cổng lúc", "Seen at the port at"),
    "before_switch": _h("Trước đó cắm vào", "Plugged into before"),
    "before_port": _h("Cổng trước đó", "Port before"),
    "before_site": _h("Đơn vị trước đó", "Site before"),
    "moved_at": _h("Chuyển chỗ lúc", "Moved at"),
    "first_seen": _h("Thấy lần đầu", "First seen"),
    "last_seen": _h("Thấy lần cuối", "Last seen"),
    "state": _h("Trạng thái", "State"),
    "asset": _h("Số tài sản", "Asset"),
    "reason": _h("Lý do bỏ qua", "Reason to ignore"),
    "decided_by": _h("Người quyết định", "Decided by"),
    "decided_at": _h("Quyết định lúc", "Decided at"),
}
_FIELDS_INCIDENTS: Final = {
    "id": _h("Số sự cố", "Incident number"),
    "rule": _h("Quy tắc", "Rule"),
    "element": _h("Đối tượng", "Element"),
    "site": _SITE,
    "other_site": _h("Đơn vị đầu kia", "Other site"),
    "severity": _h("Mức độ", "Severity"),
    "state": _h("Trạng thái", "State"),
    "opened_at": _h("Bắt đầu", "Opened at"),
    "resolved_at": _h("Kết thúc", "Resolved at"),
    "times": _h("Số lần", "Times"),
    "summary_vi": _h("Tóm tắt (tiếng Việt)", "Summary (Vietnamese)"),
    "summary_en": _h("Tóm tắt (tiếng Anh)", "Summary (English)"),
    "acknowledged_by": _h("Người nhận xử lý", "Acknowledged by"),
    "acknowledged_at": _h("Nhận xử lý lúc", "Acknowledged at"),
    "cause": _h("Nguyên nhân", "Cause"),
    "ticket": _h("Mã phiếu nhà mạng", "Ticket"),
}

_FIELDS_DOCUMENTS: Final = {
    "number": _h("Số chứng từ", "Number"),
    "kind": _h("Nội dung", "Act"),
    "day": _h("Ngày", "Day"),
    "site": _h("Đơn vị giao", "Giving site"),
    "from_name": _h("Người giao", "Given by"),
    "from_title": _h("Chức vụ người giao", "Title of the giver"),
    "to_site": _h("Đơn vị nhận", "Receiving site"),
    "to_name": _h("Người nhận", "Received by"),
    "to_title": _h("Chức vụ người nhận", "Title of the receiver"),
    "items": _h("Số tài sản", "Assets"),
    "cost_vnd": _h("Nguyên giá (đồng)", "Cost (VND)"),
    "worn_vnd": _h("Hao mòn lũy kế (đồng)", "Accumulated wear (VND)"),
    "reason": _h("Lý do", "Reason"),
    "papers": _h("Giấy tờ kèm theo", "Papers"),
    "reverses": _h("Hủy chứng từ", "Reverses"),
    "reversed_by": _h("Bị hủy bởi", "Reversed by"),
}
_FIELDS_REORGANISATIONS: Final = {
    "number": _h("Số", "Number"),
    "day": _h("Từ ngày", "From"),
    "decree": _h("Văn bản quyết định", "Decision"),
    "note": _NOTE,
    "reversed_on": _h("Hoàn lại ngày", "Undone on"),
}

HEADINGS: Final[Mapping[str, Mapping[str, Heading]]] = {
    "sites": _FIELDS_SITES,
    "providers": _FIELDS_PROVIDERS,
    "products": _FIELDS_PRODUCTS,
    "assets": _FIELDS_ASSETS,
    "devices": _FIELDS_DEVICES,
    "holdings": _FIELDS_HOLDINGS,
    "links": _FIELDS_LINKS,
    "services": _FIELDS_SERVICES,
    "accounts": _FIELDS_ACCOUNTS,
    "collectors": _FIELDS_COLLECTORS,
    "subnets": _FIELDS_SUBNETS,
    "findings": _FIELDS_FINDINGS,
    "incidents": _FIELDS_INCIDENTS,
    "documents": _FIELDS_DOCUMENTS,
    "reorganisations": _FIELDS_REORGANISATIONS,
}
"""By noun and field, in the order of the columns. Credentials and tokens have none: they never stand in a file."""
