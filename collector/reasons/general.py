"""Reasons for which a poll of any kind may fail."""

from typing import Final

from collector.reasons.reason import Reason
from inventory.text import Text

GENERAL: Final = (
    Reason(
        "deadline",
        Text(vi="Quá thời gian chờ mà chưa xong.", en="Not finished within the time allowed."),
        Text(
            vi="Xem đường truyền có chậm hoặc nghẽn không; nếu thiết bị vốn chậm thì tăng thời gian chờ.",
            en="See whether the line is slow or full; if the device is slow by nature, allow more time.",
        ),
    ),
    Reason(
        "internal",
        Text(vi="Lỗi của chính chương trình thu thập ({detail}).", en="A fault of the collector itself ({detail})."),
        Text(
            vi="Thiết bị có thể vẫn tốt. Xem nhật ký của chương trình thu thập và báo cho người quản trị.",
            en="The device may be fine. Look into the collector's log and tell the administrator.",
        ),
    ),
    Reason(
        "collector_full",
        Text(
            vi="Máy chạy bộ thu thập hết tài nguyên ({detail}), nên chưa hỏi được.",
            en="The collector's machine has run out ({detail}), so nothing could be asked.",
        ),
        Text(
            vi="Thiết bị có thể vẫn tốt. Tăng số tệp được mở cùng lúc của dịch vụ (LimitNOFILE), hoặc chia bớt điểm cho"
            " bộ thu thập khác.",
            en="The device may be fine. Let the service open more files at once (LimitNOFILE), or give some of its"
            " sites to another collector.",
        ),
    ),
    Reason(
        "settings",
        Text(vi="Tham số của phép đo chưa đúng: {detail}.", en="The probe's settings are not right: {detail}."),
        Text(vi="Sửa tham số được nêu trong danh mục.", en="Correct the setting named, in the inventory."),
    ),
    Reason(
        "credential",
        Text(
            vi="Thiếu tài khoản truy cập, hoặc tài khoản không đúng loại. {detail}",
            en="The credential is missing or of the wrong kind. {detail}",
        ),
        Text(
            vi="Gán cho thiết bị một tài khoản đúng loại (ví dụ SNMP) trong danh mục.",
            en="Give the device a credential of the right kind (SNMP, for example) in the inventory.",
        ),
    ),
    Reason(
        "collector_silent",
        Text(
            vi="Bộ thu thập {detail} không trả lời kịp yêu cầu kiểm tra.",
            en="The collector {detail} did not answer in time when it was asked to check.",
        ),
        Text(
            vi="Thử lại sau 10 giây. Nếu vẫn vậy: xem bộ thu thập có đang chạy không ở trang Sự cố.",
            en="Try again in 10 seconds. If it stays so: see on the incidents page whether the collector runs.",
        ),
    ),
)
"""For every kind of probe."""
