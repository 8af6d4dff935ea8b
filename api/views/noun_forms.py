"""The forms of the nouns that people write on pages: which fields, in which order, with which help."""

from collections.abc import Mapping
from typing import Any, Final

from api.views.choices import END_KINDS, KINDS_OF_SERVICE, KINDS_OF_SITE, LANGUAGE_NAMES, MEDIA
from api.views.credential_forms import CREDENTIALS
from api.views.forms import Field
from api.views.noun_form import NounForm, short_name
from api.views.rendering import ROLES
from collector.platforms import PLATFORMS
from inventory.assets.categories import CATEGORIES
from inventory.network.links import EndKind, Medium
from inventory.network.services import ServiceKind
from inventory.places.sites import SiteKind
from inventory.text import LANGUAGES, Text

_NOTE: Final = Field("note", Text(vi="Ghi chú", en="Note"), "long", longest=2000)


def _choices(texts: Mapping[Any, Text]) -> list[tuple[str, Text]]:
    return [(str(key), text) for key, text in texts.items()]


SITES: Final = NounForm(
    "sites",
    Text(vi="Thêm đơn vị", en="Add a site"),
    Text(vi="Sửa đơn vị", en="Change the site"),
    (
        short_name("slug", Text(vi="Tên ngắn", en="Short name")),
        Field("name", Text(vi="Tên đơn vị", en="Name"), required=True),
        Field("kind", Text(vi="Loại", en="Kind"), "select", required=True, options=_choices(KINDS_OF_SITE)),
        Field("parent", Text(vi="Trực thuộc", en="Belongs to"), "select"),
        Field("code", Text(vi="Mã hành chính", en="Official code"), longest=16, plain=True),
        Field("headcount", Text(vi="Số cán bộ", en="Officials"), "integer", longest=12),
        Field(
            "contact_name",
            Text(vi="Người liên hệ", en="Contact"),
            longest=120,
            hint=Text(vi="Người được gọi khi nơi này mất mạng.", en="Who is called when the place is offline."),
        ),
        Field("contact_title", Text(vi="Chức vụ", en="Title"), longest=120),
        Field("contact_phone", Text(vi="Điện thoại cơ quan", en="Office phone"), "tel", longest=40),
        Field("address", Text(vi="Địa chỉ", en="Address"), longest=300),
        Field(
            "lat",
            Text(vi="Vĩ độ", en="Latitude"),
            "decimal",
            longest=20,
            hint=Text(
                vi="Ví dụ 22.41917; có tọa độ thì đơn vị mới hiện trên bản đồ.",
                en="Like 22.41917; with it the site is on the map.",
            ),
        ),
        Field("lon", Text(vi="Kinh độ", en="Longitude"), "decimal", longest=20),
        Field("valid_from", Text(vi="Tồn tại từ ngày", en="Exists from"), "date", longest=10),
        Field("valid_to", Text(vi="Đến hết ngày", en="Until"), "date", longest=10),
        Field("successor", Text(vi="Đơn vị kế thừa", en="Succeeded by"), "select"),
        _NOTE,
    ),
    {"parent": "sites", "successor": "sites"},
)
PROVIDERS: Final = NounForm(
    "providers",
    Text(vi="Thêm nhà cung cấp", en="Add a provider"),
    Text(vi="Sửa nhà cung cấp", en="Change the provider"),
    (
        short_name("slug", Text(vi="Tên ngắn", en="Short name")),
        Field("name", Text(vi="Tên", en="Name"), required=True),
        Field("hotline", Text(vi="Tổng đài báo hỏng", en="Fault desk"), "tel", longest=40),
        Field("support_hours", Text(vi="Giờ trực", en="Hours"), longest=120),
        Field(
            "channel",
            Text(vi="Kênh báo hỏng khác", en="Other way to report"),
            hint=Text(vi="Nhóm Zalo, địa chỉ thư, trang web.", en="A Zalo group, an address, a website."),
        ),
        Field("contract", Text(vi="Số hợp đồng", en="Contract number"), longest=120),
        Field("contract_until", Text(vi="Hợp đồng đến ngày", en="Contract until"), "date", longest=10),
        Field("is_carrier", Text(vi="Cung cấp đường truyền", en="Provides lines"), "check"),
        Field("is_supplier", Text(vi="Cung cấp thiết bị", en="Sells equipment"), "check"),
        _NOTE,
    ),
    {},
)
DEVICES: Final = NounForm(
    "devices",
    Text(vi="Thêm thiết bị", en="Add a device"),
    Text(vi="Sửa thiết bị", en="Change the device"),
    (
        short_name("name", Text(vi="Tên ngắn", en="Short name")),
        Field("title", Text(vi="Tên gọi", en="Title")),
        Field("site", Text(vi="Đơn vị", en="Site"), "select", required=True),
        Field(
            "category",
            Text(vi="Loại thiết bị", en="Kind of device"),
            "select",
            required=True,
            options=[(key, one.label) for key, one in CATEGORIES.items()],
        ),
        Field(
            "address",
            Text(vi="Địa chỉ IP", en="IP address"),
            plain=True,
            longest=64,
            hint=Text(vi="Viết bằng số, ví dụ 10.20.0.1.", en="In figures, like 10.20.0.1."),
        ),
        Field(
            "snmp_credential",
            Text(vi="Thông tin SNMP", en="SNMP credential"),
            "select",
            hint=Text(vi="Để trống thì chỉ ping.", en="Empty means ping only."),
        ),
        Field(
            "ports.snmp",
            Text(vi="Cổng SNMP", en="SNMP port"),
            "integer",
            longest=5,
            hint=Text(vi="Để trống nếu là 161.", en="Empty means 161."),
        ),
        Field(
            "platform",
            Text(vi="Nền tảng", en="Platform"),
            "select",
            options=[(key, one.title) for key, one in PLATFORMS.items()],
            hint=Text(
                vi="Kiểu dòng lệnh của thiết bị; cần để đọc thông tin và sao lưu cấu hình qua SSH.",
                en="Its kind of command line; needed to read facts and to copy the configuration over SSH.",
            ),
        ),
        Field(
            "ssh_credential",
            Text(vi="Thông tin SSH", en="SSH credential"),
            "select",
            hint=Text(
                vi="Có thông tin này và nền tảng thì cấu hình được sao lưu mỗi 6 giờ.",
                en="With this and the platform, the configuration is copied every 6 hours.",
            ),
        ),
        Field(
            "ssh_host_key",
            Text(vi="Khóa máy SSH", en="SSH host key"),
            plain=True,
            longest=100,
            hint=Text(
                vi="Để trống thì nhận khóa gặp lần đầu. Xóa đi sau khi thay hoặc cài lại thiết bị.",
                en="Empty takes the first key that is seen. Clear it after the device was swapped or reset.",
            ),
        ),
        Field(
            "ports.ssh",
            Text(vi="Cổng SSH", en="SSH port"),
            "integer",
            longest=5,
            hint=Text(vi="Để trống nếu là 22.", en="Empty means 22."),
        ),
        Field(
            "ssh_jump",
            Text(vi="Đăng nhập SSH qua máy trung gian", en="SSH goes through the host"),
            "select",
            hint=Text(
                vi="Chỉ chọn khi không đăng nhập thẳng được. Máy đó phải có địa chỉ IP và khóa máy SSH trong sổ, và"
                " nhận cùng tài khoản.",
                en="Only where no direct login is possible. That host needs an IP address and its SSH host key in the"
                " books, and has to take the same login.",
            ),
        ),
        Field("role", Text(vi="Vai trò", en="Role"), longest=32),
        Field(
            "is_root", Text(vi="Là cửa ngõ trung tâm của mạng", en="Is the gateway where the network begins"), "check"
        ),
        Field(
            "is_anchor",
            Text(vi="Dùng để biết máy chủ còn ra mạng được", en="Tells whether this server is connected"),
            "check",
        ),
        _NOTE,
    ),
    {"site": "sites", "snmp_credential": "credentials", "ssh_credential": "credentials", "ssh_jump": "devices"},
)
LINKS: Final = NounForm(
    "links",
    Text(vi="Thêm đường truyền", en="Add a link"),
    Text(vi="Sửa đường truyền", en="Change the link"),
    (
        short_name("name", Text(vi="Tên ngắn", en="Short name")),
        Field("title", Text(vi="Tên gọi", en="Title")),
        Field(
            "a_device",
            Text(vi="Thiết bị đầu gần trung tâm", en="Device at the end nearer to the centre"),
            "select",
            required=True,
        ),
        Field("b_device", Text(vi="Thiết bị đầu xa", en="Device at the far end"), "select", required=True),
        Field(
            "a_interface",
            Text(vi="Cổng đầu gần", en="Port at the near end"),
            plain=True,
            longest=120,
            hint=Text(vi="Đúng như thiết bị ghi, ví dụ sfp1.", en="As the device writes it, like sfp1."),
        ),
        Field("b_interface", Text(vi="Cổng đầu xa", en="Port at the far end"), plain=True, longest=120),
        Field(
            "a_kind",
            Text(vi="Loại đầu gần", en="Kind of the near end"),
            "select",
            required=True,
            options=_choices(END_KINDS),
        ),
        Field(
            "b_kind",
            Text(vi="Loại đầu xa", en="Kind of the far end"),
            "select",
            required=True,
            options=_choices(END_KINDS),
        ),
        Field("provider", Text(vi="Nhà mạng", en="Carrier"), "select"),
        Field(
            "circuit",
            Text(vi="Mã kênh", en="Circuit"),
            plain=True,
            longest=64,
            hint=Text(vi="Số đọc cho nhà mạng khi báo hỏng.", en="What is read out to the carrier when it fails."),
        ),
        Field("medium", Text(vi="Loại cáp", en="Medium"), "select", required=True, options=_choices(MEDIA)),
        Field(
            "bandwidth_bps",
            Text(vi="Băng thông (Mbit/s)", en="Bandwidth (Mbit/s)"),
            "mega",
            longest=15,
            zero_if_empty=True,
        ),
        Field(
            "monthly_cost_vnd",
            Text(vi="Cước một tháng (đồng)", en="Cost a month (VND)"),
            "integer",
            longest=20,
            zero_if_empty=True,
        ),
        Field(
            "sla_target",
            Text(vi="Mức sẵn sàng cam kết", en="Promised availability"),
            "decimal",
            longest=10,
            hint=Text(vi="0,995 nghĩa là 99,5 %.", en="0.995 means 99.5 %."),
        ),
        Field("contract_until", Text(vi="Hợp đồng đến ngày", en="Contract until"), "date", longest=10),
        Field("length_m", Text(vi="Chiều dài (mét)", en="Length (metres)"), "integer", longest=12, zero_if_empty=True),
        _NOTE,
    ),
    {"a_device": "devices", "b_device": "devices", "provider": "providers"},
)
SERVICES: Final = NounForm(
    "services",
    Text(vi="Thêm dịch vụ", en="Add a service"),
    Text(vi="Sửa dịch vụ", en="Change the service"),
    (
        short_name("name", Text(vi="Tên ngắn", en="Short name")),
        Field("title", Text(vi="Tên gọi", en="Title")),
        Field("kind", Text(vi="Loại", en="Kind"), "select", required=True, options=_choices(KINDS_OF_SERVICE)),
        Field("site", Text(vi="Phục vụ đơn vị", en="Serves"), "select", required=True),
        Field(
            "url",
            Text(vi="Địa chỉ trang web", en="Web address"),
            plain=True,
            longest=2000,
            hint=Text(
                vi="Chỉ cho trang web, ví dụ https://xa.example.vn/.",
                en="For websites, like https://commune.example.vn/.",
            ),
        ),
        Field(
            "expect",
            Text(vi="Chữ phải có trên trang", en="Text that the page has to hold"),
            hint=Text(vi="Để trống nếu không cần.", en="Empty for any."),
        ),
        Field(
            "host",
            Text(vi="Tên máy hoặc địa chỉ IP", en="Host name or IP address"),
            plain=True,
            longest=253,
            hint=Text(vi="Cho các loại khác trang web.", en="For kinds other than websites."),
        ),
        Field("port", Text(vi="Cổng TCP", en="TCP port"), "integer", longest=5),
        Field("host_device", Text(vi="Đặt trên thiết bị", en="Stands on the device"), "select"),
        Field("owner", Text(vi="Đơn vị quản lý", en="Owner")),
        _NOTE,
    ),
    {"site": "sites", "host_device": "devices"},
)
ACCOUNTS: Final = NounForm(
    "accounts",
    Text(vi="Thêm tài khoản", en="Add an account"),
    Text(vi="Sửa tài khoản", en="Change the account"),
    (
        short_name("username", Text(vi="Tên đăng nhập", en="User name")),
        Field("name", Text(vi="Họ và tên", en="Name"), longest=120),
        Field("role", Text(vi="Vai trò", en="Role"), "select", required=True, options=_choices(ROLES)),
        Field(
            "site",
            Text(vi="Đơn vị được xem", en="Site that it sees"),
            "select",
            hint=Text(
                vi="Bắt buộc với cán bộ xã: chỉ thấy đơn vị này và cấp dưới.",
                en="Needed for commune staff, who see this site and those below it.",
            ),
        ),
        Field("title", Text(vi="Chức vụ", en="Title"), longest=120),
        Field("phone", Text(vi="Điện thoại cơ quan", en="Office phone"), "tel", longest=40),
        Field("email", Text(vi="Thư công vụ", en="Official mail"), "email", longest=254),
        Field(
            "language",
            Text(vi="Ngôn ngữ", en="Language"),
            "select",
            required=True,
            options=[(language, LANGUAGE_NAMES[language]) for language in LANGUAGES],
        ),
        Field(
            "receives_alerts", Text(vi="Nhận thư khi có sự cố", en="Gets a message when something is wrong"), "check"
        ),
    ),
    {"site": "sites"},
)

SUBNETS: Final = NounForm(
    "subnets",
    Text(vi="Thêm dải mạng", en="Add a subnet"),
    Text(vi="Sửa dải mạng", en="Change the subnet"),
    (
        short_name("name", Text(vi="Tên ngắn", en="Short name")),
        Field("title", Text(vi="Tên gọi", en="Title")),
        Field("site", Text(vi="Đơn vị", en="Site"), "select", required=True),
        Field(
            "cidr",
            Text(vi="Dải địa chỉ", en="Range"),
            required=True,
            plain=True,
            longest=64,
            hint=Text(
                vi="Ví dụ 10.20.4.0/24; lớn nhất /20 nếu có quét.", en="Like 10.20.4.0/24; at most a /20 to scan."
            ),
        ),
        Field("scan", Text(vi="Quét để tìm thiết bị lạ", en="Scan it for unknown devices"), "check"),
        Field(
            "every_h",
            Text(vi="Quét mỗi (giờ)", en="Scan every (hours)"),
            "integer",
            longest=2,
            hint=Text(vi="Từ 1 đến 24.", en="From 1 to 24."),
        ),
        Field(
            "snmp_credential",
            Text(vi="Thông tin SNMP thử trước", en="SNMP credential to try first"),
            "select",
            hint=Text(
                vi="Thông tin của các thiết bị cùng đơn vị cũng được thử.",
                en="Those of the site's devices are tried as well.",
            ),
        ),
        _NOTE,
    ),
    {"site": "sites", "snmp_credential": "credentials"},
)

FORMS: Final[Mapping[str, NounForm]] = {
    form.noun: form for form in (SITES, PROVIDERS, DEVICES, LINKS, SERVICES, ACCOUNTS, CREDENTIALS, SUBNETS)
}
"""Every noun that pages write, by its path."""

DEFAULTS: Final[Mapping[str, Mapping[str, str]]] = {
    "sites": {"kind": SiteKind.COMMUNE.value},
    "providers": {"is_carrier": "1"},
    "devices": {"category": "router"},
    "links": {"a_kind": EndKind.SNMP.value, "b_kind": EndKind.SNMP.value, "medium": Medium.FIBRE.value},
    "services": {"kind": ServiceKind.WEBSITE.value},
    "accounts": {"role": "commune_staff", "language": "vi"},
    "subnets": {"scan": "1", "every_h": "24"},
    "credentials": {"kind": "snmp_v2c", "auth": "none", "priv": "none"},
}
"""What stands in the fields of a new one."""
