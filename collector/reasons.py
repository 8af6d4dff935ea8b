"""Why a poll failed: every code that a probe may give, with what to do first, in both languages."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from inventory.text import Text


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a poll failed, with the first thing to do.

    Attributes:
        code: Stable; the value of the label `reason`.
        text: What happened. May hold `{detail}`.
        first_step: What to check first.
    """

    code: str
    text: Text
    first_step: Text


_ANY: Final = (
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
)

_ICMP: Final = (
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

_SNMP: Final = (
    Reason(
        "snmp_no_answer",
        Text(
            vi="Sai chuỗi community hoặc thiết bị không trả lời SNMP.",
            en="Wrong community or no answer to SNMP.",
        ),
        Text(
            vi="Thử ping trước. Nếu ping được: kiểm tra chuỗi community, SNMP đã bật chưa,"
            " và danh sách địa chỉ được phép hỏi trên thiết bị.",
            en="Try ping first. If it answers: check the community, whether SNMP is on,"
            " and the device's list of addresses that may ask.",
        ),
    ),
    Reason(
        "snmp_v3_no_answer",
        Text(
            vi="Sai khóa mã hóa SNMPv3 hoặc thiết bị không trả lời.",
            en="Wrong SNMPv3 privacy key or no answer.",
        ),
        Text(
            vi="Thử ping trước. Nếu ping được: kiểm tra mật khẩu và kiểu mã hóa (AES, DES), SNMP đã bật chưa,"
            " và danh sách địa chỉ được phép hỏi.",
            en="Try ping first. If it answers: check the privacy pass phrase and protocol (AES, DES),"
            " whether SNMP is on, and the list of addresses that may ask.",
        ),
    ),
    Reason(
        "snmp_refused",
        Text(
            vi="Thiết bị từ chối: sai tên người dùng hoặc khóa xác thực SNMPv3.",
            en="The device refuses: wrong SNMPv3 user or authentication key.",
        ),
        Text(
            vi="So lại tên người dùng, mật khẩu xác thực và kiểu băm (SHA, SHA-256…) với cấu hình trên thiết bị.",
            en="Compare user name, authentication pass phrase and hash (SHA, SHA-256 …) with those on the device.",
        ),
    ),
    Reason(
        "snmp_closed",
        Text(
            vi="Thiết bị báo cổng SNMP đang đóng.",
            en="The device says that its SNMP port is closed.",
        ),
        Text(
            vi="Bật SNMP trên thiết bị, hoặc sửa số cổng trong danh mục.",
            en="Turn SNMP on at the device, or correct the port number in the inventory.",
        ),
    ),
    Reason(
        "snmp_unsendable",
        Text(
            vi="Máy thu thập không gửi được gói SNMP. {detail}",
            en="The collector's machine cannot send the SNMP request. {detail}",
        ),
        Text(
            vi="Kiểm tra mạng và bảng định tuyến của máy thu thập.",
            en="Check network and routes of the collector's machine.",
        ),
    ),
    Reason(
        "snmp_stalled",
        Text(
            vi="Thiết bị trả lời được một phần rồi im lặng.",
            en="The device answered in part, then fell silent.",
        ),
        Text(
            vi="Thiết bị có thể quá tải hoặc đường truyền mất gói; xem mức tải CPU và tỷ lệ mất gói.",
            en="The device may be overloaded or the line lossy; look at its CPU load and at the loss.",
        ),
    ),
    Reason(
        "snmp_garbled",
        Text(
            vi="Thiết bị gửi gói không phải SNMP hợp lệ.",
            en="The device sends packets that are no valid SNMP.",
        ),
        Text(
            vi="Kiểm tra đúng địa chỉ và cổng chưa; nếu đúng thì cập nhật phần mềm của thiết bị.",
            en="Check address and port; if they are right, update the device's firmware.",
        ),
    ),
    Reason(
        "snmp_error",
        Text(
            vi="Thiết bị trả lời bằng mã lỗi SNMP {detail}.",
            en="The device answers with the SNMP error {detail}.",
        ),
        Text(
            vi="Kiểm tra quyền xem (view) của community hoặc người dùng; nếu đủ thì khởi động lại tiến trình SNMP.",
            en="Check what the community or user may view; if that is enough, restart the device's SNMP process.",
        ),
    ),
    Reason(
        "snmp_empty",
        Text(
            vi="Thiết bị trả lời nhưng thiếu dữ liệu bắt buộc ({detail}).",
            en="The device answers, but without data that it must have ({detail}).",
        ),
        Text(
            vi="Kiểm tra quyền xem (view) của community hoặc người dùng: phải thấy được nhánh system và interfaces.",
            en="Check what the community or user may view: the system and interfaces branches must be visible.",
        ),
    ),
    Reason(
        "snmp_uneven",
        Text(
            vi="Các cột của bảng cổng không khớp nhau ({detail}).",
            en="The columns of the port table do not match each other ({detail}).",
        ),
        Text(
            vi="Thường do cổng vừa thêm hoặc bớt; nếu lặp lại nhiều lần thì cập nhật phần mềm của thiết bị.",
            en="Usually a port has just come or gone; if it keeps happening, update the device's firmware.",
        ),
    ),
    Reason(
        "snmp_circular",
        Text(
            vi="Thiết bị trả lời vòng lặp: chỉ số không tăng ({detail}).",
            en="The device answers in circles: indexes do not increase ({detail}).",
        ),
        Text(
            vi="Lỗi phần mềm của thiết bị: cập nhật firmware hoặc báo nhà cung cấp.",
            en="A fault of the device's firmware: update it or tell the supplier.",
        ),
    ),
    Reason(
        "snmp_endless",
        Text(
            vi="Bảng của thiết bị dài quá mức cho phép ({detail}).",
            en="The device's table is longer than allowed ({detail}).",
        ),
        Text(
            vi="Lỗi phần mềm của thiết bị: cập nhật firmware hoặc báo nhà cung cấp.",
            en="A fault of the device's firmware: update it or tell the supplier.",
        ),
    ),
    Reason(
        "snmp_no_interface",
        Text(
            vi="Thiết bị không có cổng tên {detail}.",
            en="The device has no interface named {detail}.",
        ),
        Text(
            vi="So tên cổng của tuyến trong danh mục với tên trên thiết bị (đúng từng ký tự).",
            en="Compare the interface name of the link in the inventory with the device's own, letter by letter.",
        ),
    ),
)

_SERVICES: Final = (
    Reason(
        "dns",
        Text(vi="Không tìm được địa chỉ của tên {detail}.", en="The name {detail} has no address."),
        Text(
            vi="Kiểm tra tên miền còn hạn không và máy chủ DNS có chạy không.",
            en="Check whether the domain is still registered and the DNS server works.",
        ),
    ),
    Reason(
        "connect",
        Text(vi="Không kết nối được ({detail}).", en="No connection ({detail})."),
        Text(
            vi="Kiểm tra máy chủ có bật, dịch vụ có chạy và tường lửa có mở cổng này không.",
            en="Check that the server is on, the service runs, and the firewall lets this port through.",
        ),
    ),
    Reason(
        "broken",
        Text(vi="Kết nối bị ngắt giữa chừng ({detail}).", en="The connection broke in the middle ({detail})."),
        Text(
            vi="Xem nhật ký của dịch vụ; thử mở bằng trình duyệt hoặc phần mềm thường dùng.",
            en="Look into the service's log; try it with a browser or its usual program.",
        ),
    ),
    Reason(
        "tls",
        Text(
            vi="Chứng thư hoặc phiên TLS không hợp lệ: {detail}.", en="Certificate or TLS session not valid: {detail}."
        ),
        Text(
            vi="Xem chứng thư còn hạn và đúng tên miền không; gia hạn hoặc cài lại đủ chuỗi chứng thư.",
            en="See whether the certificate is in date and for this name; renew it or install the full chain.",
        ),
    ),
    Reason(
        "http_status",
        Text(vi="Trang web trả về mã {detail}.", en="The website answers with status {detail}."),
        Text(
            vi="Mã 5xx là lỗi máy chủ: báo đơn vị vận hành. Mã 4xx: kiểm tra địa chỉ hoặc tài khoản của phép đo.",
            en="5xx is a fault of the server: tell its operator. 4xx: check the probe's address or credential.",
        ),
    ),
    Reason(
        "http_redirects",
        Text(vi="Trang web chuyển hướng quá nhiều lần ({detail}).", en="The website redirects too often ({detail})."),
        Text(vi="Mở bằng trình duyệt để xem vòng chuyển hướng.", en="Open it in a browser to see the loop."),
    ),
    Reason(
        "http_text_missing",
        Text(
            vi="Trang web mở được nhưng không có dòng chữ “{detail}”.",
            en="The website opens, but without the text “{detail}”.",
        ),
        Text(
            vi="Mở bằng trình duyệt: có thể trang đã bị thay đổi, bị lỗi, hoặc đang bảo trì.",
            en="Open it in a browser: the page may have been changed, be broken, or under maintenance.",
        ),
    ),
    Reason(
        "http_text_present",
        Text(
            vi="Trang web có dòng chữ không được phép có: “{detail}”.",
            en="The website shows a text that must not be there: “{detail}”.",
        ),
        Text(
            vi="Mở bằng trình duyệt: có thể trang đã bị thay đổi, bị lỗi, hoặc đang bảo trì.",
            en="Open it in a browser: the page may have been changed, be broken, or under maintenance.",
        ),
    ),
    Reason(
        "http_garbled",
        Text(vi="Máy chủ trả lời không đúng HTTP ({detail}).", en="The server's answer is no HTTP ({detail})."),
        Text(
            vi="Kiểm tra địa chỉ và cổng: có thể cổng này là của dịch vụ khác.",
            en="Check address and port: another service may listen there.",
        ),
    ),
    Reason(
        "banner",
        Text(
            vi="Dịch vụ kết nối được nhưng lời chào không có “{detail}”.",
            en="The service connects, but its greeting lacks “{detail}”.",
        ),
        Text(
            vi="Kiểm tra đúng dịch vụ đang chạy ở cổng này không, hoặc sửa lời chào mong đợi.",
            en="Check that the right service runs on this port, or correct the greeting that is expected.",
        ),
    ),
)

REASONS: Final[Mapping[str, Reason]] = {reason.code: reason for reason in (*_ANY, *_ICMP, *_SNMP, *_SERVICES)}
"""Every reason by its code. The code is the value of the label `reason`: it never changes its meaning."""

NOT_THE_TARGETS: Final = frozenset({"internal", "settings", "credential", "icmp_not_allowed"})
"""Reasons that lie with the collector or the books: the target was not asked, so nobody may say that it is down."""
