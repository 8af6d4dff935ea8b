"""Reasons for which the poll of a service may fail: names, connections, certificates, websites, mail, time, calls."""

from typing import Final

from collector.reasons.reason import Reason
from inventory.text import Text

SERVICES: Final = (
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
        Text(vi="Không mở được phiên TLS: {detail}.", en="No TLS session: {detail}."),
        Text(
            vi="Kiểm tra cổng này có dùng TLS không, và phiên bản TLS của máy chủ có quá cũ không.",
            en="Check that this port speaks TLS, and that the server's version of TLS is not too old.",
        ),
    ),
    Reason(
        "tls_expired",
        Text(vi="Chứng thư của máy chủ đã hết hạn ({detail}).", en="The server's certificate has expired ({detail})."),
        Text(
            vi="Báo đơn vị vận hành gia hạn chứng thư. Đã gia hạn mà vẫn lỗi: chứng thư trung gian trong chuỗi hết hạn,"
            " hoặc dịch vụ chưa được khởi động lại.",
            en="Tell its operator to renew the certificate. If that was done, a certificate in between has expired, or"
            " the service was not restarted.",
        ),
    ),
    Reason(
        "tls_early",
        Text(
            vi="Chứng thư của máy chủ chưa đến ngày có hiệu lực ({detail}).",
            en="The server's certificate is not valid yet ({detail}).",
        ),
        Text(
            vi="Kiểm tra đồng hồ của máy thu thập trước; nếu giờ đúng, báo đơn vị vận hành cài lại chứng thư.",
            en="Check the clock of the collector's machine first; if it is right, have the certificate replaced.",
        ),
    ),
    Reason(
        "tls_name",
        Text(
            vi="Chứng thư của máy chủ không phải của tên này ({detail}).",
            en="The server's certificate is for another name ({detail}).",
        ),
        Text(
            vi="Kiểm tra địa chỉ của dịch vụ trong sổ; nếu đúng, máy chủ đang dùng nhầm chứng thư, hoặc tên miền đã trỏ"
            " sang máy khác: báo đơn vị vận hành.",
            en="Check the service's address in the books; if it is right, the server uses the wrong certificate or the"
            " name leads to another server: tell its operator.",
        ),
    ),
    Reason(
        "tls_untrusted",
        Text(
            vi="Chứng thư của máy chủ không do tổ chức tin cậy nào cấp ({detail}).",
            en="No authority that is trusted vouches for the server's certificate ({detail}).",
        ),
        Text(
            vi="Thường do thiếu chứng thư trung gian: cài lại đủ chuỗi. Nếu chứng thư do nội bộ tự cấp: cài chứng thư"
            " gốc vào máy thu thập, hoặc tắt “verify” của phép đo.",
            en="Usually a certificate in between is missing: install the full chain. If it is one of your own, install"
            " its root on the collector's machine, or turn the probe's `verify` off.",
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
        "shunned",
        Text(
            vi="Địa chỉ {detail} dẫn về chính máy thu thập hoặc mạng nội bộ của riêng nó, nên không được hỏi.",
            en="{detail} leads to the collector's own machine or link, and is not asked.",
        ),
        Text(
            vi="Kiểm tra địa chỉ của dịch vụ trong sổ; nếu đúng, trang web đang chuyển hướng sai hoặc bị can thiệp: báo"
            " đơn vị vận hành.",
            en="Check the service's address in the books; if it is right, the website redirects wrongly or was tampered"
            " with: tell its operator.",
        ),
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
    Reason(
        "udp_no_answer",
        Text(vi="Không trả lời ở cổng UDP {detail}.", en="No answer on UDP port {detail}."),
        Text(
            vi="Thử ping trước. Nếu ping được: kiểm tra dịch vụ có chạy và tường lửa có mở cổng UDP này không.",
            en="Try ping first. If it answers: check that the service runs and the firewall lets this UDP port"
            " through.",
        ),
    ),
    Reason(
        "udp_strange",
        Text(
            vi="Nhận quá nhiều gói UDP không phải câu trả lời ({detail}).",
            en="Too many UDP packets that are no answer ({detail}).",
        ),
        Text(
            vi="Có máy đang gửi gói lạ: kiểm tra địa chỉ, cổng của dịch vụ và báo người quản trị mạng.",
            en="Somebody sends strange packets: check the service's address and port, and tell the network's"
            " administrator.",
        ),
    ),
    Reason(
        "talk_garbled",
        Text(
            vi="Máy chủ trả lời không đúng giao thức của dịch vụ ({detail}).",
            en="The server's answer does not fit the service's protocol ({detail}).",
        ),
        Text(
            vi="Kiểm tra địa chỉ và cổng: có thể cổng này là của dịch vụ khác.",
            en="Check address and port: another service may listen there.",
        ),
    ),
    Reason(
        "mail_refused",
        Text(vi="Máy chủ thư từ chối: {detail}.", en="The mail server refuses: {detail}."),
        Text(
            vi="Mã 4xx thường tự hết sau vài phút; nếu không, báo đơn vị quản lý thư và đọc dòng chữ này.",
            en="A 4xx code often passes within minutes; if not, tell the mail's operator and read out this line.",
        ),
    ),
    Reason(
        "starttls_missing",
        Text(
            vi="Máy chủ {detail} không hỗ trợ mã hóa STARTTLS.",
            en="The server {detail} offers no encryption by STARTTLS.",
        ),
        Text(
            vi="Báo đơn vị quản lý bật lại mã hóa; trong lúc chờ, không gửi mật khẩu qua máy chủ này.",
            en="Tell its operator to turn encryption on again; until then send no password to this server.",
        ),
    ),
    Reason(
        "dns_garbled",
        Text(vi="Máy chủ tên miền trả lời không đúng DNS ({detail}).", en="The answer is no DNS ({detail})."),
        Text(
            vi="Kiểm tra địa chỉ và cổng: có thể cổng này là của dịch vụ khác.",
            en="Check address and port: another service may listen there.",
        ),
    ),
    Reason(
        "dns_code",
        Text(vi="Máy chủ tên miền trả về mã {detail}.", en="The name server answers with {detail}."),
        Text(
            vi="SERVFAIL: máy chủ không hỏi được nơi khác, kiểm tra đường mạng của nó. REFUSED: nó không phục vụ máy"
            " thu thập. NXDOMAIN: kiểm tra tên miền còn hạn không.",
            en="SERVFAIL: the server cannot ask others, check its network. REFUSED: it does not serve the collector."
            " NXDOMAIN: check whether the domain is still registered.",
        ),
    ),
    Reason(
        "dns_missing",
        Text(
            vi="Câu trả lời của máy chủ tên miền thiếu bản ghi mong đợi ({detail}).",
            en="The name server's answer lacks the record that is expected ({detail}).",
        ),
        Text(
            vi="Xem bản ghi của tên miền có bị đổi hoặc xóa không; nếu bị đổi mà không ai biết, báo ngay người phụ"
            " trách.",
            en="See whether the domain's record was changed or removed; if nobody knows of it, tell its owner at once.",
        ),
    ),
    Reason(
        "ntp_refused",
        Text(vi="Máy chủ thời gian từ chối ({detail}).", en="The time server refuses ({detail})."),
        Text(
            vi="RATE: hỏi quá dày, tăng khoảng cách giữa các lần đo. DENY, RSTR: xin phép người quản lý máy chủ.",
            en="RATE: asked too often, allow more time between polls. DENY, RSTR: ask the server's operator for leave.",
        ),
    ),
    Reason(
        "ntp_unsynchronised",
        Text(
            vi="Máy chủ thời gian tự báo là chưa đồng bộ (stratum {detail}).",
            en="The time server says that it does not know the time (stratum {detail}).",
        ),
        Text(
            vi="Kiểm tra nguồn giờ của máy chủ (GPS hoặc máy chủ cấp trên); vừa khởi động lại thì chờ 15 phút.",
            en="Check where the server takes its time from; just after a restart wait 15 minutes.",
        ),
    ),
    Reason(
        "sip_status",
        Text(vi="Thiết bị họp trả về mã SIP {detail}.", en="The conference terminal answers with SIP status {detail}."),
        Text(
            vi="Mã 5xx: khởi động lại thiết bị hoặc máy chủ họp; vẫn còn thì báo đơn vị quản lý hệ thống họp.",
            en="5xx: restart the terminal or conference server; if it stays, tell the operator of the system.",
        ),
    ),
)
"""Of the probes whose target is a service."""
