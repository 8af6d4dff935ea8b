"""What is on the network and not in the books, and what is in the books and not on the network."""

from typing import Final

from alerts.calls import DISTRICT_IT
from alerts.promql import as_element
from alerts.rule import Group, Rule
from alerts.wording import NAME, number
from collector.metrics import SILENT_DEVICES, UNKNOWN_DEVICES
from inventory.text import Text

_WAIT: Final = "30m"
"""Somebody who has just plugged in a booked machine is given the time to book its MAC."""

_FOUND: Final = f"max by (site) ({UNKNOWN_DEVICES()}) > 0"

UNKNOWN_DEVICE: Final = Rule(
    name="UnknownDevice",
    title=Text(vi="Có thiết bị lạ trong mạng", en="Unknown device on the network"),
    severity="info",
    element="site",
    expr=f"max by (element, site) ({as_element('site', _FOUND, 'site')})",
    for_=_WAIT,
    summary=Text(
        vi="Mạng của {name} có {value} chưa có trong sổ: chưa rõ là máy gì, của ai.",
        en="The network of {name} has {value} that is not in the books: nobody has said what or whose.",
    ).fill(name=NAME, value=number(0, Text(vi="thiết bị", en="device(s)"))),
    value=number(0, Text(vi="thiết bị lạ", en="unknown device(s)")),
    bound=Text(vi="0 thiết bị lạ", en="0 unknown devices"),
    meaning=Text(
        vi="Có máy cắm vào mạng cơ quan mà không khớp địa chỉ MAC, số máy hay địa chỉ IP nào trong sổ. Thường là máy "
        "mới chưa ghi sổ hoặc máy cá nhân; đôi khi là thiết bị không được phép. Quy định an toàn thông tin cấp độ 2 "
        "yêu cầu rà soát thiết bị lạ hằng năm.",
        en="A machine is plugged into the office's network whose MAC, serial number and address are in no book. Mostly "
        "it is new and not booked yet, or somebody's own; now and then it is not allowed to be there. The rules for "
        "systems of level 2 ask for a yearly scan for unknown devices.",
    ),
    first_steps=(
        Text(
            vi="Mở trang “Thiết bị phát hiện”: xem địa chỉ, hãng và đang cắm vào cổng nào của thiết bị nào.",
            en="Open the page “Discovered”: see its address, its maker and at which port of which device it is.",
        ),
        Text(
            vi="Hỏi người ở nơi đó xem là máy gì. Máy của cơ quan: ghi sổ hoặc chọn “Là tài sản này”.",
            en="Ask the people there what it is. If it is the office's: book it, or choose “It is this asset”.",
        ),
        Text(
            vi="Máy được phép nhưng không ghi sổ (máy cá nhân, máy khách): chọn “Bỏ qua” và ghi lý do.",
            en="If it may be there without being booked (somebody's own, a guest's): choose “Ignore” and say why.",
        ),
        Text(
            vi="Không ai nhận: rút dây ở cổng đó rồi báo bộ phận công nghệ thông tin.",
            en="If nobody knows it: pull its cable at that port and tell the IT staff.",
        ),
    ),
    whom_to_call=DISTRICT_IT,
    value_expr=as_element("site", f"max by (site) ({UNKNOWN_DEVICES()})", "site"),
    unit="count",
)

_RETURN: Final = "6h"
"""After the server itself was away, a working half-day in which what is there can be seen again."""

_MISSED: Final = f"max by (site) ({SILENT_DEVICES()}) > 0"

DEVICE_SILENT: Final = Rule(
    name="DeviceSilent",
    title=Text(vi="Có thiết bị vắng mặt lâu ngày", en="Device not seen for long"),
    severity="info",
    element="site",
    expr=f"max by (element, site) ({as_element('site', _MISSED, 'site')})",
    for_=_RETURN,
    summary=Text(
        vi="{name} có {value} đang sử dụng theo sổ nhưng lâu rồi mạng không thấy.",
        en="The books have {value} in use at {name} that the network has not seen for long.",
    ).fill(name=NAME, value=number(0, Text(vi="thiết bị", en="device(s)"))),
    value=number(0, Text(vi="thiết bị vắng mặt", en="silent device(s)")),
    bound=Text(vi="0 thiết bị vắng mặt", en="0 silent devices"),
    meaning=Text(
        vi="Sổ ghi là đang sử dụng, nhưng nhiều tuần nay không bộ chuyển mạch, bộ định tuyến, lần quét hay phần mềm "
        "nào thấy: 14 ngày với thiết bị luôn bật, 21 ngày với máy để bàn, 45 ngày với máy xách tay, máy in và thiết bị "
        "ít dùng. Nghỉ đêm, cuối tuần hay Tết không bị tính. Có thể máy hỏng, cất trong tủ, bị mang đi nơi khác hoặc "
        "đã mất; cũng có thể sổ ghi sai địa chỉ MAC.",
        en="The books say that it is in use, but for weeks no switch, router, sweep or agent has seen it: 14 days for "
        "what always runs, 21 for a desktop, 45 for a laptop, a printer and what is rarely used. Nights, weekends and "
        "Tết do not count. It may be broken, in a cupboard, carried elsewhere or gone; or the books have a wrong MAC.",
    ),
    first_steps=(
        Text(
            vi="Mở trang “Thiết bị phát hiện”, danh sách “Vắng mặt lâu”: xem máy nào, ai giữ, thấy lần cuối khi nào.",
            en="Open the page “Discovered”, the list “Silent”: which one it is, who holds it, when it was last seen.",
        ),
        Text(
            vi="Hỏi người đang giữ xem máy còn ở đó không. Còn dùng: bật máy và cắm mạng, hôm sau máy tự hết trong "
            "danh sách.",
            en="Ask its holder whether it is still there. If it is used: switch it on and plug it in; it leaves the "
            "list by itself within a day.",
        ),
        Text(
            vi="Máy hỏng, cất kho hay đã chuyển nơi khác: ghi lại trong sổ (sửa chữa, nhập kho, điều chuyển).",
            en="If it is broken, stored or elsewhere: put that into the books (repair, stock, transfer).",
        ),
        Text(
            vi="Không ai biết máy ở đâu: báo lãnh đạo đơn vị và kế toán để kiểm kê, đừng chờ đến cuối năm.",
            en="If nobody knows where it is: tell the head of the office and the accountant; do not wait for the "
            "yearly count.",
        ),
    ),
    whom_to_call=DISTRICT_IT,
    value_expr=as_element("site", f"max by (site) ({SILENT_DEVICES()})", "site"),
    unit="count",
)

DISCOVERY: Final = Group(
    name="discovery",
    title=Text(vi="Thiết bị lạ, thiết bị vắng mặt", en="Unknown and silent devices"),
    interval_s=30,
    rules=(UNKNOWN_DEVICE, DEVICE_SILENT),
)
