"""Reasons for which a ping may fail."""

from typing import Final

from collector.reasons.reason import Reason
from inventory.text import Text

ICMP: Final = (
    Reason(
        "icmp_lost",
        Text(
            vi="Không trả lời ping trong hai loạt gói liên tiếp.",
            en="No answer to ping in two bursts, one after the other.",
        ),
        Text(
            vi="Kiểm tra điện và đèn của thiết bị, rồi đến dây cáp; nếu cả nơi đó mất thì gọi nhà mạng.",
            en="Check the device's power and lights, then the cable; if the whole place is gone, call the carrier.",
        ),
    ),
    Reason(
        "icmp_not_allowed",
        Text(
            vi="Chương trình thu thập không được phép gửi ping trên máy này.",
            en="The collector is not allowed to send pings on this machine.",
        ),
        Text(
            vi="Cấp quyền CAP_NET_RAW cho dịch vụ, hoặc đưa nhóm của nó vào net.ipv4.ping_group_range.",
            en="Give the service CAP_NET_RAW, or put its group into net.ipv4.ping_group_range.",
        ),
    ),
)
"""Of the probe `icmp`."""
