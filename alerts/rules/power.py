"""Uninterruptible power supplies: when the mains fail, how long the battery lasts, when it must be replaced."""

from typing import Final

from alerts.calls import DISTRICT_IT, POWER_THEN_IT
from alerts.promql import as_element, either
from alerts.rule import Group, Recording, Rule
from alerts.thresholds import BATTERY_CHARGE, BATTERY_LEFT
from alerts.wording import NAME, listed
from collector.metrics import (
    UPS_BATTERY_LOW,
    UPS_CHARGE,
    UPS_FAULT,
    UPS_LOAD,
    UPS_OFF,
    UPS_ON_BATTERY,
    UPS_ON_BYPASS,
    UPS_OVERLOAD,
    UPS_REPLACE,
    UPS_SECONDS_LEFT,
    UPS_TEST_FAILED,
)
from inventory.text import Text, same

_SITE: Final = same("{{ $labels.site }}")

FED_BY_BATTERY: Final = Recording(
    name="quang:ups_on_battery",
    what="1 while a UPS feeds from its battery, held over gaps",
    labels=("instance", "site"),
    expr=f"max by (instance, site) (last_over_time({UPS_ON_BATTERY('2m')}))",
)

BATTERY_ENDS: Final = Recording(
    name="quang:ups_battery_ends",
    what="1 while a UPS feeds from a battery that will not last",
    labels=("instance", "site"),
    expr=f"""\
max by (instance, site) (
  ({UPS_BATTERY_LOW()} == 1)
  or ({UPS_SECONDS_LEFT()} < bool {BATTERY_LEFT} == 1)
  or ({UPS_CHARGE()} < bool {BATTERY_CHARGE} == 1)
)
and on (instance) {FED_BY_BATTERY()} == 1""",
    thresholds=(BATTERY_LEFT, BATTERY_CHARGE),
)

UPS_FEEDS: Final = Rule(
    name="UpsOnBattery",
    title=Text(vi="Mất điện lưới, đang chạy bằng UPS", en="Mains gone, running on the UPS"),
    severity="warning",
    element="device",
    expr=f"max by (element, site) ({as_element('device', FED_BY_BATTERY(), 'instance')}) == 1",
    for_="30s",
    summary=Text(
        vi="Bộ lưu điện {name} ở {site} đang chạy bằng ắc quy: mất điện lưới.",
        en="UPS {name} at {site} is feeding from its battery: the mains are gone.",
    ).fill(name=NAME, site=_SITE),
    value=Text(vi="chạy bằng ắc quy", en="on battery"),
    bound=Text(vi="có điện lưới", en="on mains"),
    meaning=Text(
        vi="Thiết bị vẫn chạy nhưng chỉ trong ít phút. Nếu điện không có lại, mọi thứ ở điểm này sẽ tắt.",
        en="Everything still runs, but only for minutes. Unless the power returns, the whole place goes off.",
    ),
    first_steps=(
        Text(
            vi="Hỏi điểm đó: cả khu vực mất điện hay chỉ phòng này? Nếu chỉ phòng này: xem cầu dao, ổ cắm của UPS.",
            en="Ask the place: is the whole area dark or only this room? Only the room: look at the breaker and the"
            " UPS's plug.",
        ),
        Text(
            vi="Xem thời gian còn lại trên trang của UPS. Tắt bớt màn hình, máy in và máy không cần để UPS chạy được"
            " lâu hơn.",
            en="See on the UPS's page how long it lasts. Switch off screens, printers and what is not needed.",
        ),
        Text(
            vi="Nhắc mọi người lưu tài liệu. Có máy phát điện thì khởi động ngay.",
            en="Have everybody save their documents. If there is a generator, start it.",
        ),
    ),
    whom_to_call=POWER_THEN_IT,
    value_expr=f"max by (element, site) ({as_element('device', FED_BY_BATTERY(), 'instance')})",
)

UPS_LOW: Final = Rule(
    name="UpsBatteryLow",
    title=Text(vi="UPS sắp hết điện", en="UPS battery nearly empty"),
    severity="critical",
    element="device",
    expr=f"max by (element, site) ({as_element('device', BATTERY_ENDS(), 'instance')})",
    summary=Text(
        vi="Bộ lưu điện {name} ở {site} sắp hết điện trong khi điện lưới chưa có lại.",
        en="The battery of UPS {name} at {site} is nearly empty, and the mains are still gone.",
    ).fill(name=NAME, site=_SITE),
    value=Text(vi="sắp hết điện", en="nearly empty"),
    bound=Text(vi="còn đủ điện", en="enough charge"),
    meaning=Text(
        vi="Trong vài phút nữa máy chủ và thiết bị mạng sẽ tắt đột ngột, có thể hỏng dữ liệu.",
        en="Within minutes servers and network devices go off without warning; data may be damaged.",
    ),
    first_steps=(
        Text(
            vi="Tắt máy chủ và máy tính đúng cách ngay bây giờ; bộ định tuyến để sau cùng.",
            en="Shut servers and computers down now, the proper way; leave the router to the last.",
        ),
        Text(
            vi="Gọi điện lực hỏi khi nào có điện; có máy phát thì chạy ngay.",
            en="Ask the electricity company when the power returns; start a generator if there is one.",
        ),
        Text(
            vi="Khi có điện lại: chờ UPS sạc ít nhất 15 phút rồi mới bật máy chủ.",
            en="When the power is back: let the UPS charge for 15 minutes before switching servers on.",
        ),
    ),
    whom_to_call=POWER_THEN_IT,
    value_expr=f"""\
max by (element, site) ({as_element("device", either(BATTERY_ENDS(), f"{FED_BY_BATTERY()} * 0"), "instance")})""",
)

UPS_WORN: Final = Rule(
    name="UpsReplaceBattery",
    title=Text(vi="Phải thay ắc quy UPS", en="UPS battery must be replaced"),
    severity="info",
    element="device",
    expr=f"max by (element, site) ({as_element('device', f'{UPS_REPLACE()} == 1', 'instance')})",
    for_="1h",
    summary=Text(
        vi="Bộ lưu điện {name} ở {site} báo ắc quy đã hỏng, cần thay.",
        en="UPS {name} at {site} says that its battery is worn out and must be replaced.",
    ).fill(name=NAME, site=_SITE),
    value=Text(vi="cần thay", en="to be replaced"),
    bound=Text(vi="còn tốt", en="good"),
    meaning=Text(
        vi="Hiện chưa ảnh hưởng gì, nhưng lần mất điện tới UPS sẽ không giữ được: thiết bị tắt ngay.",
        en="Nothing is affected yet, but at the next power cut the UPS will not hold: everything goes off at once.",
    ),
    first_steps=(
        Text(
            vi="Xem ngày thay ắc quy gần nhất trên trang tài sản; ắc quy thường dùng được 2–4 năm.",
            en="See on the asset's page when the battery was last changed; one lasts 2 to 4 years.",
        ),
        Text(
            vi="Ghi kiểu UPS và kiểu ắc quy, đề nghị mua; phòng nóng làm ắc quy hỏng nhanh, hãy xem lại chỗ đặt.",
            en="Note the types of UPS and battery and ask for a new one; heat wears batteries, so look at its place.",
        ),
    ),
    whom_to_call=DISTRICT_IT,
    value_expr=f"max by (element, site) ({as_element('device', UPS_REPLACE(), 'instance')})",
)

FAULTS: Final = {
    "battery_hot": Text(vi="ắc quy quá nóng", en="battery too hot"),
    "battery_missing": Text(vi="chưa nối ắc quy", en="no battery connected"),
    "charger": Text(vi="bộ sạc hỏng", en="charger failed"),
    "communication": Text(vi="mất liên lạc với ruột UPS", en="no word from its inside"),
    "fan": Text(vi="quạt hỏng", en="fan failed"),
    "fuse": Text(vi="đứt cầu chì", en="fuse blown"),
    "general": Text(vi="lỗi chung", en="general fault"),
    "output": Text(vi="điện áp ra không đúng", en="wrong output voltage"),
}
"""By the label `fault` of `quang_ups_fault`. `bypass` is left out: it comes with every failure of the mains."""

UPS_FAULTY: Final = Recording(
    name="quang:ups_faulty",
    what="faults that a UPS reports of itself",
    labels=("element", "site", "fault"),
    expr=f"max by (element, site, fault) ({as_element('device', UPS_FAULT(fault='!=bypass'), 'instance')} == 1)",
)

UPS_BYPASSED: Final = Rule(
    name="UpsOnBypass",
    title=Text(vi="UPS đang chạy thẳng điện lưới (bypass)", en="UPS bypassed"),
    severity="warning",
    element="device",
    expr=f"max by (element, site) ({as_element('device', f'{UPS_ON_BYPASS()} == 1', 'instance')})",
    for_="5m",
    summary=Text(
        vi="Bộ lưu điện {name} ở {site} đang cho điện lưới đi thẳng: mất điện là thiết bị tắt ngay.",
        en="UPS {name} at {site} passes the mains on as they are: at a power cut everything goes off at once.",
    ).fill(name=NAME, site=_SITE),
    value=Text(vi="đi thẳng", en="bypassed"),
    bound=Text(vi="qua UPS", en="through the UPS"),
    meaning=Text(
        vi="Hiện vẫn có điện, nhưng UPS không bảo vệ gì nữa. Thường do quá tải, UPS hỏng, hoặc ai đó gạt công tắc.",
        en="There is power, but the UPS protects nothing. Usually an overload, a fault, or somebody turned the switch.",
    ),
    first_steps=(
        Text(
            vi="Nhìn màn hình UPS: có báo quá tải (OVERLOAD) hay lỗi (FAULT) không? Quá tải thì rút bớt thiết bị.",
            en="Look at its display: OVERLOAD or FAULT? At an overload unplug something.",
        ),
        Text(
            vi="Hỏi có ai vừa bảo dưỡng UPS và quên gạt công tắc bypass về không.",
            en="Ask whether somebody serviced the UPS and left the bypass switch turned.",
        ),
        Text(
            vi="Không phải hai lý do trên: báo cán bộ công nghệ thông tin gọi nơi bảo hành.",
            en="Neither: tell the IT staff, who call the service.",
        ),
    ),
    whom_to_call=DISTRICT_IT,
    value_expr=f"max by (element, site) ({as_element('device', UPS_ON_BYPASS(), 'instance')})",
)

_TOO_MUCH: Final = f"max by (instance, site) (({UPS_OVERLOAD()} == 1) or ({UPS_LOAD()} > 1))"

UPS_OVERLOADED: Final = Rule(
    name="UpsOverloaded",
    title=Text(vi="UPS quá tải", en="UPS overloaded"),
    severity="warning",
    element="device",
    expr=f"max by (element, site) ({as_element('device', f'{_TOO_MUCH} > bool 0', 'instance')})",
    for_="2m",
    summary=Text(
        vi="Bộ lưu điện {name} ở {site} phải gánh quá sức.",
        en="UPS {name} at {site} has to carry more than it can.",
    ).fill(name=NAME, site=_SITE),
    value=Text(vi="quá tải", en="overloaded"),
    bound=Text(vi="trong khả năng", en="within its rating"),
    meaning=Text(
        vi="UPS có thể tự ngắt, và khi mất điện sẽ không giữ được.",
        en="It may switch itself off, and will not hold at a power cut.",
    ),
    first_steps=(
        Text(
            vi="Rút khỏi UPS những thứ không cần: máy in, quạt, ấm nước, màn hình.",
            en="Unplug from the UPS what need not be there: printers, fans, kettles, screens.",
        ),
        Text(
            vi="Vẫn quá tải: tắt bớt máy; đề nghị mua UPS lớn hơn.",
            en="Still overloaded: shut some machines down, and ask for a larger UPS.",
        ),
    ),
    whom_to_call=DISTRICT_IT,
    value_expr=f"""\
max by (element, site) ({as_element("device", f"({UPS_OVERLOAD()} or {UPS_LOAD()} > bool 1)", "instance")})""",
)

UPS_TESTED: Final = Rule(
    name="UpsTestFailed",
    title=Text(vi="UPS tự kiểm tra không đạt", en="UPS self-test failed"),
    severity="info",
    element="device",
    expr=f"max by (element, site) ({as_element('device', f'{UPS_TEST_FAILED()} == 1', 'instance')})",
    for_="5m",
    summary=Text(
        vi="Lần tự kiểm tra gần nhất của bộ lưu điện {name} ở {site} không đạt.",
        en="The last self-test of UPS {name} at {site} failed.",
    ).fill(name=NAME, site=_SITE),
    value=Text(vi="không đạt", en="failed"),
    bound=Text(vi="đạt", en="passed"),
    meaning=Text(
        vi="Ắc quy có lẽ không giữ nổi khi mất điện, dù mức sạc vẫn báo đầy.",
        en="The battery will probably not hold at a power cut, though it says that it is full.",
    ),
    first_steps=(
        Text(
            vi="Chờ sạc đầy rồi cho UPS tự kiểm tra lại (nút TEST), ngoài giờ làm việc.",
            en="Let it charge, then run the test again (button TEST), outside working hours.",
        ),
        Text(
            vi="Vẫn không đạt: đề nghị thay ắc quy.",
            en="Failed again: ask for a new battery.",
        ),
    ),
    whom_to_call=DISTRICT_IT,
    value_expr=f"max by (element, site) ({as_element('device', UPS_TEST_FAILED(), 'instance')})",
)

UPS_BROKEN: Final = Rule(
    name="UpsFault",
    title=Text(vi="UPS báo hỏng", en="UPS reports a fault"),
    severity="warning",
    element="device",
    expr=f"max by (element, site) ({UPS_FAULTY()})",
    for_="5m",
    summary=Text(
        vi="Bộ lưu điện {name} ở {site} báo: {fault}.",
        en="UPS {name} at {site} reports: {fault}.",
    ).fill(name=NAME, site=_SITE, fault=listed(UPS_FAULTY.name, "fault", FAULTS)),
    value=listed(UPS_FAULTY.name, "fault", FAULTS),
    bound=Text(vi="không lỗi", en="no fault"),
    meaning=Text(
        vi="UPS có thể không giữ được khi mất điện, hoặc tự tắt. Ắc quy quá nóng còn có thể phồng, cháy.",
        en="It may not hold at a power cut, or switch itself off. A battery that is too hot may swell or burn.",
    ),
    first_steps=(
        Text(
            vi="Ắc quy quá nóng: mở cửa, bật điều hòa; có mùi khét hay vỏ phồng thì tắt UPS, rút điện ngay.",
            en="A hot battery: open the door, cool the room; if it smells or swells, switch the UPS off and unplug it.",
        ),
        Text(
            vi="Chưa nối ắc quy: hỏi có ai vừa thay mà chưa cắm lại dây không.",
            en="No battery: ask whether somebody replaced it and left it unplugged.",
        ),
        Text(
            vi="Lỗi khác: chép dòng chữ trên màn hình UPS, báo cán bộ công nghệ thông tin gọi nơi bảo hành.",
            en="Anything else: copy what its display says, and tell the IT staff, who call the service.",
        ),
    ),
    whom_to_call=DISTRICT_IT,
    value_expr=f"""\
max by (element, site) ({as_element("device", UPS_FAULT(fault="!=bypass"), "instance")})""",
)

UPS_SILENT: Final = Rule(
    name="UpsOutputOff",
    title=Text(vi="UPS không cấp điện", en="UPS feeds nothing"),
    severity="warning",
    element="device",
    expr=f"max by (element, site) ({as_element('device', f'{UPS_OFF()} == 1', 'instance')})",
    for_="2m",
    summary=Text(
        vi="Bộ lưu điện {name} ở {site} không cấp điện: những gì cắm vào nó đang tắt.",
        en="UPS {name} at {site} feeds nothing: whatever is plugged into it is off.",
    ).fill(name=NAME, site=_SITE),
    value=Text(vi="không cấp điện", en="off"),
    bound=Text(vi="đang cấp điện", en="feeding"),
    meaning=Text(
        vi="Có người tắt đầu ra, hoặc UPS tự ngắt sau khi hết ắc quy và chưa bật lại.",
        en="Somebody switched its output off, or it ended when its battery was empty and has not come back.",
    ),
    first_steps=(
        Text(
            vi="Hỏi có ai cố ý tắt không. Không thì bấm nút nguồn trên UPS và chờ một phút.",
            en="Ask whether somebody meant it. If not, press its power button and wait a minute.",
        ),
        Text(
            vi="Bật lên lại tắt: rút hết thiết bị, bật UPS không tải; vẫn tắt là UPS hỏng.",
            en="It goes off again: unplug everything and switch it on alone; if it still goes off, it is broken.",
        ),
    ),
    whom_to_call=DISTRICT_IT,
    value_expr=f"max by (element, site) ({as_element('device', UPS_OFF(), 'instance')})",
)

POWER: Final = Group(
    name="power",
    title=Text(vi="Nguồn điện dự phòng", en="Backup power"),
    interval_s=10,
    rules=(
        FED_BY_BATTERY, BATTERY_ENDS, UPS_FAULTY, UPS_FEEDS, UPS_LOW, UPS_WORN, UPS_BYPASSED, UPS_OVERLOADED,
        UPS_TESTED, UPS_BROKEN, UPS_SILENT,
    ),
)  # fmt: skip
