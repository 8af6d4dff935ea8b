"""Uninterruptible power supplies: when the mains fail, how long the battery lasts, when it must be replaced."""

from typing import Final

from alerts.calls import DISTRICT_IT, POWER_THEN_IT
from alerts.promql import as_element, either
from alerts.rule import Group, Recording, Rule
from alerts.thresholds import BATTERY_CHARGE, BATTERY_LEFT
from alerts.wording import NAME
from collector.metrics import UPS_BATTERY_LOW, UPS_CHARGE, UPS_ON_BATTERY, UPS_REPLACE, UPS_SECONDS_LEFT
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

POWER: Final = Group(
    name="power",
    title=Text(vi="Nguồn điện dự phòng", en="Backup power"),
    interval_s=10,
    rules=(FED_BY_BATTERY, BATTERY_ENDS, UPS_FEEDS, UPS_LOW, UPS_WORN),
)
