"""Why a session over SSH may fail."""

from typing import Final

from collector.reasons.reason import Reason
from inventory.text import Text

SSH: Final = (
    Reason(
        "ssh_busy",
        Text(
            vi="Chương trình thu thập đang mở hết {detail} phiên SSH nên chưa hỏi được thiết bị này.",
            en="All {detail} SSH sessions of the collector are in use, so this device was not asked.",
        ),
        Text(
            vi="Tự hết ở lần hỏi sau. Nếu lặp lại: tìm thiết bị treo phiên SSH, vì mỗi thiết bị treo giữ một phiên.",
            en="It passes by itself. If it goes on: look for devices whose sessions hang, for each holds one.",
        ),
    ),
    Reason(
        "ssh_jump",
        Text(
            vi="Không đi qua được máy trung gian ({detail}).",
            en="The jump host on the way does not let through ({detail}).",
        ),
        Text(
            vi="Kiểm tra máy trung gian có bật không, có nhận tài khoản này và cho chuyển tiếp TCP không.",
            en="Check that the jump host is on, takes this login, and may forward TCP.",
        ),
    ),
    Reason(
        "ssh_jump_key",
        Text(
            vi="Sổ chưa có khóa SSH của máy trung gian {detail}, nên chưa gửi mật khẩu qua đó.",
            en="The books have no SSH key of the jump host {detail}, so no password was sent through it.",
        ),
        Text(
            vi="Xem khóa trên chính máy đó (ssh-keygen -lf), rồi ghi vào “Khóa máy SSH” của máy đó trong sổ.",
            en="Look the key up on that host itself (ssh-keygen -lf), then enter it as its SSH host key in the books.",
        ),
    ),
    Reason(
        "ssh_host_key",
        Text(
            vi="Thiết bị đưa ra khóa SSH khác với khóa đã ghi trong sổ: {detail}.",
            en="The device shows another SSH key than the one in the books: {detail}.",
        ),
        Text(
            vi="Hỏi xem có ai vừa thay hoặc cài lại thiết bị không. Có: xóa “Khóa máy SSH” của thiết bị trong sổ để"
            " nhận khóa mới. Không: có thể có kẻ đứng giữa; đừng đăng nhập, báo người quản trị.",
            en="Ask whether somebody has just swapped or reset the device. If so, clear its SSH host key in the books,"
            " and the new one is taken. If not, somebody may stand in between: do not log in, tell the administrator.",
        ),
    ),
    Reason(
        "ssh_login",
        Text(
            vi="Thiết bị không nhận tài khoản SSH “{detail}”.",
            en="The device does not take the SSH login “{detail}”.",
        ),
        Text(
            vi="Đăng nhập thử bằng tay với tài khoản này, rồi sửa tên hoặc mật khẩu ở mục thông tin đăng nhập.",
            en="Try the login by hand, then correct its name or password among the credentials.",
        ),
    ),
    Reason(
        "ssh_held",
        Text(
            vi="Lần trước thiết bị từ chối “{detail}”. Để tài khoản không bị khóa, một ngày sau mới thử lại.",
            en="The device refused “{detail}” the last time. So that the account is not locked, it is tried again only"
            " after a day.",
        ),
        Text(
            vi="Sửa thông tin đăng nhập trong sổ: bản mới được thử ngay. Nếu vừa sửa trên thiết bị: bấm “Sao lưu ngay”"
            " ở trang cấu hình của thiết bị.",
            en="Correct the credential in the books: the new one is tried at once. If it was corrected on the device,"
            " press “Copy now” on the page of its configuration.",
        ),
    ),
    Reason(
        "ssh_password_change",
        Text(
            vi="Thiết bị đòi đổi mật khẩu của tài khoản này trước khi cho làm việc.",
            en="The device wants a new password for this login before anything else.",
        ),
        Text(
            vi="Đăng nhập bằng tay, đổi mật khẩu, rồi sửa trong thông tin đăng nhập; nên đặt tài khoản này không hết"
            " hạn mật khẩu.",
            en="Log in by hand, change it, then correct it among the credentials; let the password of this account"
            " never expire.",
        ),
    ),
    Reason(
        "ssh_enable",
        Text(
            vi="Thiết bị không nhận mật khẩu nâng quyền cho lệnh “{detail}”.",
            en="The device does not take the secret for “{detail}”.",
        ),
        Text(
            vi="Đăng nhập bằng tay và gõ lệnh đó, rồi sửa mật khẩu nâng quyền trong thông tin đăng nhập.",
            en="Log in by hand and type that command, then correct the secret for more rights in the credential.",
        ),
    ),
    Reason(
        "ssh_enable_missing",
        Text(
            vi="Thiết bị hỏi mật khẩu nâng quyền (lệnh “{detail}”) nhưng sổ chưa có.",
            en="The device asks for a secret for “{detail}”, and none is stored.",
        ),
        Text(
            vi="Nhập mật khẩu nâng quyền vào thông tin đăng nhập của thiết bị, hoặc cấp cho tài khoản quyền xem cấu"
            " hình (Cisco: privilege 15).",
            en="Store the secret for more rights in the device's credential, or let the login itself read the"
            " configuration (Cisco: privilege 15).",
        ),
    ),
    Reason(
        "ssh_enable_refused",
        Text(
            vi="Thiết bị không cho tài khoản này nâng quyền bằng lệnh “{detail}”.",
            en="The device does not let this login get more rights by “{detail}”.",
        ),
        Text(
            vi="Xem trên thiết bị đã đặt mật khẩu nâng quyền chưa (enable secret, super password) và máy chủ xác thực"
            " có cho phép tài khoản này không.",
            en="See whether the device has such a secret (enable secret, super password), and whether its server of"
            " accounts allows it to this login.",
        ),
    ),
    Reason(
        "ssh_algorithms",
        Text(
            vi="Thiết bị chỉ biết các thuật toán SSH quá cũ, không còn an toàn ({detail}).",
            en="The device knows only SSH algorithms that are too old to be safe ({detail}).",
        ),
        Text(
            vi="Cập nhật phần mềm thiết bị, hoặc tạo lại khóa máy (RSA 2048 bit trở lên) trên thiết bị.",
            en="Update its firmware, or make it a new host key (RSA of 2048 bits or more).",
        ),
    ),
    Reason(
        "ssh_hello",
        Text(
            vi="Cổng này không nói SSH, hoặc gửi lời chào không dứt.",
            en="This port does not speak SSH, or its greeting never ends.",
        ),
        Text(
            vi="Kiểm tra địa chỉ và cổng SSH trong sổ; xem SSH (không phải Telnet) đã bật trên thiết bị chưa.",
            en="Check address and SSH port in the books, and that SSH (not Telnet) is on at the device.",
        ),
    ),
    Reason(
        "ssh_silent",
        Text(
            vi="Phiên SSH bị treo: thiết bị im lặng, hoặc không trả về dấu nhắc lệnh ({detail}).",
            en="The SSH session hangs: the device is silent or gives no prompt ({detail}).",
        ),
        Text(
            vi="Đăng nhập bằng tay xem thiết bị có hỏi thêm gì không; kiểm tra nền tảng ghi trong sổ đúng chưa.",
            en="Log in by hand to see whether it asks something first; check the platform in the books.",
        ),
    ),
    Reason(
        "ssh_too_long",
        Text(
            vi="Thiết bị trả lời dài quá mức cho phép.",
            en="The device's answer is longer than allowed.",
        ),
        Text(
            vi="Đăng nhập bằng tay, gõ lệnh xem cấu hình: nếu chữ chạy không dứt thì cập nhật phần mềm thiết bị.",
            en="Log in by hand and print the configuration: if it never ends, update the device's firmware.",
        ),
    ),
    Reason(
        "ssh_refused",
        Text(
            vi="Thiết bị không cho tài khoản này gõ lệnh “{detail}”.",
            en="The device does not let this login type “{detail}”.",
        ),
        Text(
            vi="Cấp quyền xem cấu hình cho tài khoản (Cisco: privilege 15); kiểm tra nền tảng ghi trong sổ đúng chưa.",
            en="Let the login read the configuration (Cisco: privilege 15); check the platform in the books.",
        ),
    ),
    Reason(
        "ssh_incomplete",
        Text(
            vi="Cấu hình nhận được không trọn vẹn nên không được cất.",
            en="The configuration came in incomplete, so it was not kept.",
        ),
        Text(
            vi="Kiểm tra nền tảng ghi trong sổ đúng chưa, và tài khoản có được xem toàn bộ cấu hình không.",
            en="Check the platform in the books, and that the login may read the whole configuration.",
        ),
    ),
)
