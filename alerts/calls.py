"""Whom to call, in texts that several rules share."""

from typing import Final

from inventory.text import Text

CARRIER: Final = Text(
    vi="Tổng đài báo hỏng của nhà mạng; số máy và mã kênh ghi trên trang của đường truyền.",
    en="The carrier's fault desk; its number and the circuit id stand on the link's page.",
)

DISTRICT_IT: Final = Text(
    vi="Cán bộ công nghệ thông tin trực; tên và số máy ghi trên trang chủ.",
    en="The IT officer on duty; name and number stand on the home page.",
)

POWER_THEN_IT: Final = Text(
    vi="Mất điện thì gọi điện lực; có điện thì gọi nhà mạng, số máy và mã kênh ghi trên trang của điểm.",
    en="Without power the electricity company; with power the carrier, whose number and circuit id stand on the site's"
    " page.",
)

SERVICE_OWNER: Final = Text(
    vi="Đơn vị quản lý dịch vụ; tên và số máy ghi trên trang của dịch vụ.",
    en="The owner of the service; name and number stand on the service's page.",
)

ADMINISTRATOR: Final = Text(
    vi="Người quản trị hệ thống giám sát này.",
    en="The administrator of this monitoring system.",
)
