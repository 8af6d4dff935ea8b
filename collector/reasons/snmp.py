"""Reasons for which an SNMP poll may fail."""

from typing import Final

from collector.reasons.reason import Reason
from inventory.text import Text

SNMP: Final = (
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
        "snmp_view",
        Text(
            vi="Thiết bị chỉ cho xem một phần số liệu, thiếu: {detail}.",
            en="The device shows only a part of its data, not: {detail}.",
        ),
        Text(
            vi="Mở rộng quyền xem (view) của community hoặc người dùng SNMP trên thiết bị; với snmpd của Linux: bỏ giới"
            " hạn “systemonly” trong snmpd.conf.",
            en="Widen the view of the SNMP community or user on the device; for Linux' snmpd: take the limit"
            " “systemonly” out of snmpd.conf.",
        ),
    ),
    Reason(
        "snmp_no_table",
        Text(
            vi="Thiết bị trả lời SNMP nhưng không có bảng số liệu cần đọc ({detail}).",
            en="The device answers SNMP, but has no such table ({detail}).",
        ),
        Text(
            vi="Kiểm tra loại thiết bị trong danh mục và quyền xem (view) SNMP; nếu thiết bị vốn không có bảng này thì"
            " tắt phép đo cho thiết bị đó.",
            en="Check the kind of the device in the inventory and its SNMP view; if it never had this table, turn the"
            " probe off for this device.",
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
"""Of every probe that speaks SNMP."""
