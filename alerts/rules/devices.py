"""Devices that answer, and still have something to tell."""

from typing import Final

from alerts.calls import DISTRICT_IT
from alerts.promql import as_element
from alerts.rule import Group, Rule
from alerts.thresholds import REBOOT_NEWS
from alerts.wording import NAME, duration
from collector.metrics import SYS_UP_TIME
from inventory.text import Text, same

TICKS_PER_SECOND: Final = 100
"""sysUpTime counts hundredths of a second (RFC 3418, TimeTicks of RFC 2578)."""

WRAP: Final = 2**32
"""TimeTicks go back to 0 here, after 497 days, without any restart."""

# The window is longer than the news, so that a device that comes back from an outage of most of an hour is seen to
# have restarted. Whatever was within that hour of the wrap has wrapped, or will; it is not said to have restarted.
_WINDOW_S: Final = 3600

_UPTIME_S: Final = f"({SYS_UP_TIME()} / {TICKS_PER_SECOND})"

_FRESH_START: Final = f"""(
  max by (instance, site) {_UPTIME_S} < {REBOOT_NEWS}
  and max by (instance, site) (resets({SYS_UP_TIME("1h")})) > 0
  unless max by (instance, site) (max_over_time({SYS_UP_TIME("1h")})) >= {WRAP - _WINDOW_S * TICKS_PER_SECOND}
)"""

DEVICE_REBOOTED: Final = Rule(
    name="DeviceRebooted",
    title=Text(vi="Thiết bị vừa khởi động lại", en="Device restarted"),
    severity="info",
    element="device",
    expr=f"max by (element, site) ({as_element('device', _FRESH_START, 'instance')})",
    summary=Text(
        vi="Thiết bị {name} ở {site} vừa khởi động lại, đã chạy được {value}.",
        en="Device {name} at {site} has restarted and has been running for {value}.",
    ).fill(name=NAME, site=same("{{ $labels.site }}"), value=duration()),
    value=duration(),
    bound=duration(of=str(REBOOT_NEWS)),
    meaning=Text(
        vi="Thiết bị đã tắt rồi bật lại: thường do mất điện, có người rút nguồn, hoặc thiết bị sắp hỏng. Thông báo tự"
        " hết sau ít phút.",
        en="The device went off and on again: usually the power failed, somebody unplugged it, or it is about to break."
        " The news ends by itself after a few minutes.",
    ),
    first_steps=(
        Text(
            vi="Hỏi điểm đó: vừa mất điện hay có ai rút nguồn thiết bị không? Nếu có thì không phải làm gì thêm.",
            en="Ask the place: was there a power cut, or did somebody unplug it? Then there is nothing more to do.",
        ),
        Text(
            vi="Không mất điện mà thiết bị khởi động lại nhiều lần trong tuần: xem phích cắm, bộ lưu điện (UPS) và chỗ"
            " thoát nhiệt của thiết bị.",
            en="If it restarts several times a week without a power cut: look at its plug, the UPS and its air vents.",
        ),
        Text(
            vi="Vẫn lặp lại: báo bộ phận công nghệ thông tin để kiểm tra hoặc thay thiết bị.",
            en="If it goes on: tell the IT staff, so that the device is checked or replaced.",
        ),
    ),
    whom_to_call=DISTRICT_IT,
    value_expr=f"max by (element, site) ({as_element('device', _UPTIME_S, 'instance')})",
    unit="s",
    thresholds=(REBOOT_NEWS,),
)

DEVICES: Final = Group(
    name="devices",
    title=Text(vi="Thiết bị", en="Devices"),
    interval_s=10,
    rules=(DEVICE_REBOOTED,),
)
