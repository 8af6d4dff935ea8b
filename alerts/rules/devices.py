"""Devices that answer, and still have something to tell."""

from typing import Final

from alerts.calls import DISTRICT_IT
from alerts.promql import as_element
from alerts.rule import Group, Recording, Rule
from alerts.rules.reach import DEVICE_DOWN
from alerts.thresholds import MEMORY_FULL, PROCESSOR_BUSY, REBOOT_NEWS
from alerts.wording import NAME, duration, named, percent
from collector.metrics import MEMORY_LIMIT, MEMORY_USED, PROBE_SUCCESS, PROCESSOR_LIMIT, PROCESSOR_LOAD, SYS_UP_TIME
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

_SITE: Final = same("{{ $labels.site }}")
_MEAN_LOAD: Final = f"avg_over_time({PROCESSOR_LOAD('15m')})"
_OR_ITS_OWN: Final = Text(vi="{bound} hoặc giới hạn của thiết bị", en="{bound}, or the device's own limit")

BUSY: Final = Recording(
    name="quang:processor_busy_ratio",
    what="mean load over 15 minutes of processors of network devices that have too much to do",
    labels=("element", "site", "processor"),
    expr="max by (element, site, processor) ({})".format(
        as_element(
            "device",
            f"""(
    {_MEAN_LOAD} > {PROCESSOR_BUSY}
  or
    {_MEAN_LOAD} >= on (instance, processor) group_left () max by (instance, processor) ({PROCESSOR_LIMIT()})
)""",
            "instance",
        )
    ),
    thresholds=(PROCESSOR_BUSY,),
)

FULL: Final = Recording(
    name="quang:memory_full_ratio",
    what="used share of memories of network devices that are full",
    labels=("element", "site", "memory"),
    expr="max by (element, site, memory) ({})".format(
        as_element(
            "device",
            f"""(
    {MEMORY_USED()} > {MEMORY_FULL}
  or
    {MEMORY_USED()} >= on (instance, memory) group_left () max by (instance, memory) ({MEMORY_LIMIT()})
)""",
            "instance",
        )
    ),
    thresholds=(MEMORY_FULL,),
)

DEVICE_PROCESSOR_BUSY: Final = Rule(
    name="DeviceProcessorBusy",
    title=Text(vi="Thiết bị mạng quá tải", en="Network device overloaded"),
    severity="warning",
    element="device",
    expr=f"max by (element, site) ({BUSY()})",
    for_="5m",
    summary=Text(
        vi="Thiết bị {name} ở {site} chạy hết sức: bộ xử lý “{processor}” trung bình 15 phút là {value}.",
        en="Network device {name} at {site} is at its limit: processor “{processor}” {value} over 15 minutes.",
    ).fill(name=NAME, site=_SITE, processor=named(BUSY.name, "processor"), value=percent()),
    value=percent(),
    bound=_OR_ITS_OWN.fill(bound=percent(of=str(PROCESSOR_BUSY))),
    meaning=Text(
        vi="Thiết bị xử lý không kịp: mạng ở điểm này chập chờn, trang web mở chậm, họp trực tuyến bị giật.",
        en="The device cannot keep up: the network there stutters, pages open slowly, video conferences break up.",
    ),
    first_steps=(
        Text(
            vi="Nhìn đèn các cổng: nếu tất cả nháy nhanh cùng một nhịp thì có thể ai đó vừa cắm một sợi dây mạng thành"
            " vòng; rút sợi vừa cắm.",
            en="Look at the lamps of the ports: if all flicker fast and together, somebody may have plugged a cable"
            " into a loop; unplug the one that came last.",
        ),
        Text(
            vi="Xem biểu đồ lưu lượng của thiết bị: cổng nào tăng vọt thì hỏi nơi đó đang chép hay tải gì.",
            en="See the device's chart of traffic: where a port carries far more than usual, ask what is copied there.",
        ),
        Text(
            vi="Không thấy nguyên nhân: hẹn ngoài giờ làm việc rồi khởi động lại thiết bị; lặp lại thì báo cán bộ công"
            " nghệ thông tin.",
            en="No cause to be seen: restart the device outside working hours; if it returns, tell the IT staff.",
        ),
    ),
    whom_to_call=DISTRICT_IT,
    value_expr=f"max by (element, site) ({as_element('device', _MEAN_LOAD, 'instance')})",
    unit="ratio",
    thresholds=(PROCESSOR_BUSY,),
)

DEVICE_MEMORY_FULL: Final = Rule(
    name="DeviceMemoryFull",
    title=Text(vi="Thiết bị mạng hết bộ nhớ", en="Network device out of memory"),
    severity="warning",
    element="device",
    expr=f"max by (element, site) ({FULL()})",
    for_="15m",
    summary=Text(
        vi="Thiết bị {name} ở {site} gần hết bộ nhớ: “{memory}” đã dùng {value}.",
        en="Network device {name} at {site} is nearly out of memory: “{memory}” is {value} used.",
    ).fill(name=NAME, site=_SITE, memory=named(FULL.name, "memory"), value=percent()),
    value=percent(),
    bound=_OR_ITS_OWN.fill(bound=percent(of=str(MEMORY_FULL))),
    meaning=Text(
        vi="Khi hết hẳn bộ nhớ, thiết bị tự khởi động lại hoặc quên đường đi: cả điểm này mất mạng vài phút.",
        en="When none is left the device restarts or forgets routes: the whole place is cut off for minutes.",
    ),
    first_steps=(
        Text(
            vi="Xem trang của thiết bị đã có bản lưu cấu hình mới chưa; chưa có thì lưu ngay.",
            en="See on the device's page whether its configuration has been copied of late; if not, do it now.",
        ),
        Text(
            vi="Hẹn ngoài giờ làm việc, báo trước cho điểm đó, rồi khởi động lại thiết bị.",
            en="Tell the place, and restart the device outside working hours.",
        ),
        Text(
            vi="Vài tuần sau lại đầy: là lỗi phần mềm của thiết bị; báo cán bộ công nghệ thông tin để nâng cấp.",
            en="Full again within weeks: its software leaks memory; tell the IT staff, who update it.",
        ),
    ),
    whom_to_call=DISTRICT_IT,
    value_expr=f"max by (element, site) ({as_element('device', MEMORY_USED(), 'instance')})",
    unit="ratio",
    thresholds=(MEMORY_FULL,),
)

_TELLING: Final = "=~snmp_(link|system|interfaces|ups)"
"""Probes without which a cut link, a full one or an empty battery would stay untold."""

_UNREAD: Final = f"""(
  sum by (instance, site) (max_over_time({PROBE_SUCCESS("5m", probe=_TELLING)}) == bool 0) > 0
  and on (instance) max by (instance) ({DEVICE_DOWN()}) == 0
)"""

DEVICE_IS_UNREADABLE: Final = Rule(
    name="DeviceUnreadable",
    title=Text(vi="Không đọc được thiết bị", en="Device cannot be read"),
    severity="warning",
    element="device",
    expr=f"max by (element, site) ({as_element('device', _UNREAD, 'instance')})",
    for_="10m",
    summary=Text(
        vi="Thiết bị {name} ở {site} vẫn trả lời ping nhưng không cho đọc trạng thái cổng, đường truyền hoặc nguồn.",
        en="Device {name} at {site} answers pings, but the state of its ports, links or power cannot be read.",
    ).fill(name=NAME, site=_SITE),
    value=Text(vi="không đọc được", en="cannot be read"),
    bound=Text(vi="đọc được", en="can be read"),
    meaning=Text(
        vi="Sự cố mà thiết bị này phải báo (đứt tuyến, quá tải, mất điện) sẽ không được báo: không có cảnh báo không"
        " có nghĩa là bình thường.",
        en="What this device has to tell (a cut link, an overload, a power cut) is not told any more: no alarm does not"
        " mean that all is well.",
    ),
    first_steps=(
        Text(
            vi="Mở trang của thiết bị: mục phép đo ghi lý do và việc cần làm cho từng phép đo bị lỗi.",
            en="Open the device's page: it says for each probe that fails why it does, and what to do.",
        ),
        Text(
            vi="Hỏi xem có ai vừa thay thiết bị, nâng cấp phần mềm hoặc đổi mật khẩu SNMP, đổi tên cổng không.",
            en="Has somebody just replaced or updated the device, changed its SNMP password or renamed a port?",
        ),
        Text(
            vi="Nếu thiết bị vốn không có số liệu đó thì tắt phép đo của nó trong sổ.",
            en="If the device never had such figures, turn its probe off in the books.",
        ),
    ),
    whom_to_call=DISTRICT_IT,
    value_expr=f"max by (element, site) ({as_element('device', _UNREAD, 'instance')})",
    unit="count",
)

DEVICES: Final = Group(
    name="devices",
    title=Text(vi="Thiết bị", en="Devices"),
    interval_s=10,
    rules=(BUSY, FULL, DEVICE_REBOOTED, DEVICE_PROCESSOR_BUSY, DEVICE_MEMORY_FULL, DEVICE_IS_UNREADABLE),
)
