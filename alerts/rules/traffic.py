"""Lines that are full and ports that lose packets: neither is a fault that ping sees.

Rates are taken of the largest of all series of a port's name, because a device that renumbers its ports leaves two for
a while; what a port cannot carry, such as a counter that goes on from another value after a restart, does not count.
"""

from typing import Final

from alerts.calls import CARRIER, DISTRICT_IT
from alerts.promql import as_element
from alerts.rule import Group, Recording, Rule
from alerts.rules.links import PORT_UP, of_ports
from alerts.thresholds import LINK_FULL, PORT_ERRORS
from alerts.wording import NAME, number, percent
from collector.metric import Metric
from collector.metrics import (
    DUPLEX,
    IF_HC_IN_OCTETS,
    IF_HC_OUT_OCTETS,
    IF_HIGH_SPEED,
    IF_IN_ERRORS,
    IF_OUT_ERRORS,
    LINK_BANDWIDTH,
    LINK_END,
)
from inventory.text import Text, same

HALF: Final = 2
"""dot3StatsDuplexStatus halfDuplex (RFC 3635)."""

FAST_MBPS: Final = 100
"""From this speed on nothing that is well configured runs half duplex."""

_PACKETS: Final = Text(vi="gói", en="packets")


def _bits(octets: Metric, direction: str) -> str:
    rate = f"8 * rate({octets('5m')})"
    possible = f"({rate} unless {rate} > 1.1e6 * ({IF_HIGH_SPEED()} > 0))"
    return f'label_replace({possible}, "direction", "{direction}", "", "")'


PORT_BPS: Final = Recording(
    name="quang:port_bps",
    what="bit/s of a port within 5 minutes, of the busier direction",
    labels=("instance", "site", "ifName"),
    expr=f"""\
max by (instance, site, ifName) (
  {_bits(IF_HC_IN_OCTETS, "in")}
  or
  {_bits(IF_HC_OUT_OCTETS, "out")}
)""",
)

LINK_CAPACITY: Final = Recording(
    name="quang:link_capacity_bps",
    what="what a link may carry: as contracted, else the speed of its slower port",
    labels=("link",),
    expr=f"""\
max by (link) ({LINK_BANDWIDTH()})
or
min by (link) (
  {LINK_END()} * on (instance, ifName) group_left () (max by (instance, ifName) ({IF_HIGH_SPEED()}) > 0)
) * 1e6""",
)

LINK_USE: Final = Recording(
    name="quang:link_use_ratio",
    what="traffic of a link as a share of what it may carry, of the busier direction",
    labels=("element",),
    expr="max by (element) ({})".format(
        as_element(
            "link",
            f"""(
  max by (link) ({LINK_END()} * on (instance, ifName) group_left () max by (instance, ifName) ({PORT_BPS()}))
  / on (link) {LINK_CAPACITY()}
)""",
            "link",
        )
    ),
)

PORT_FAULTS: Final = Recording(
    name="quang:port_errors_count",
    what="packets with errors within 15 minutes, both ways, of ports that are up",
    labels=("instance", "site", "ifName"),
    expr=f"""\
sum by (instance, site, ifName) (
  increase({IF_IN_ERRORS("15m")})
  or
  label_replace(increase({IF_OUT_ERRORS("15m")}), "direction", "out", "", "")
)
and on (instance, ifName) {PORT_UP()}""",
)

LINK_SATURATED: Final = Rule(
    name="LinkSaturated",
    title=Text(vi="Đường truyền nghẽn", en="Link full"),
    severity="warning",
    element="link",
    expr=f"{LINK_USE()} > {LINK_FULL}",
    for_="15m",
    summary=Text(
        vi="Đường truyền {name} bị nghẽn: dùng {value} băng thông trong hơn 15 phút (mức cho phép {bound}).",
        en="Link {name} is full: {value} of its bandwidth for more than 15 minutes (allowed: {bound}).",
    ).fill(name=NAME, value=percent(), bound=percent(of=str(LINK_FULL))),
    value=percent(),
    bound=percent(of=str(LINK_FULL)),
    meaning=Text(
        vi="Đường truyền không hỏng nhưng đã đầy: trang web tải chậm, họp trực tuyến bị giật, tệp gửi lâu.",
        en="The line is not broken but full: pages load slowly, video conferences stutter, files take long.",
    ),
    first_steps=(
        Text(
            vi="Hỏi điểm ở cuối đường truyền: có ai đang tải tệp lớn, cập nhật máy, sao lưu hay xem phim không? Nhờ tạm"
            " dừng.",
            en="Ask the far end: is somebody downloading, updating, backing up or watching films? Have it stopped.",
        ),
        Text(
            vi="Đang họp trực tuyến: nhờ các máy khác không tải gì lớn cho đến khi họp xong.",
            en="During a video conference: ask the others not to load anything large until it is over.",
        ),
        Text(
            vi="Ngày nào cũng nghẽn giờ làm việc: ghi lại số liệu, đề nghị nâng băng thông với nhà mạng.",
            en="If it is full every working day: keep the figures and ask the carrier for more bandwidth.",
        ),
    ),
    whom_to_call=CARRIER,
    value_expr=LINK_USE(),
    unit="ratio",
    thresholds=(LINK_FULL,),
)

PORT_HAS_ERRORS: Final = Rule(
    name="PortErrors",
    title=Text(vi="Cổng mạng bị lỗi gói", en="Port with errors"),
    severity="info",
    element="link",
    expr=of_ports(f"({PORT_FAULTS()} > {PORT_ERRORS})", "max"),
    for_="5m",
    summary=Text(
        vi="Một cổng của {name} có {value} bị lỗi trong 15 phút (mức cho phép {bound}).",
        en="A port of {name} had {value} with errors within 15 minutes (allowed: {bound}).",
    ).fill(name=NAME, value=number(0, _PACKETS), bound=number(0, _PACKETS, of=str(PORT_ERRORS))),
    value=number(0, _PACKETS),
    bound=number(0, _PACKETS, of=str(PORT_ERRORS)),
    meaning=Text(
        vi="Một phần gói tin bị hỏng trên đường đi: mạng chậm, lúc được lúc không. Thường do dây, đầu bấm hoặc mô-đun.",
        en="Some packets are damaged on the way: the network is slow on and off. Usually a cable, a plug or a module.",
    ),
    first_steps=(
        Text(
            vi="Mở trang thiết bị, xem cổng nào có số ở cột “Lỗi”; cắm lại cả hai đầu dây của cổng đó cho chặt.",
            en="Open the device's page and see which port has a number under “Errors”; push both ends of its cable"
            " home.",
        ),
        Text(
            vi="Thay dây mạng hoặc dây nhảy quang khác; tránh dây bị gập, bị đè hoặc chạy sát dây điện.",
            en="Try another cable or fibre lead; none that is bent, squeezed or beside power lines.",
        ),
        Text(
            vi="Vẫn lỗi: chuyển sang cổng khác. Nếu là cổng của đường thuê: báo nhà mạng.",
            en="Still errors: use another port. If it is the port of a leased line: tell the carrier.",
        ),
    ),
    whom_to_call=DISTRICT_IT,
    value_expr=of_ports(PORT_FAULTS(), "max"),
    unit="count",
    thresholds=(PORT_ERRORS,),
)

PORT_HALF_DUPLEX: Final = Rule(
    name="PortHalfDuplex",
    title=Text(vi="Cổng chạy bán song công", en="Port runs half duplex"),
    severity="info",
    element="device",
    expr="max by (element, site) ({})".format(
        as_element(
            "device",
            f"""(
  {DUPLEX()} == {HALF}
  and on (instance, ifName) {PORT_UP()}
  and on (instance, ifName) {IF_HIGH_SPEED()} >= {FAST_MBPS}
)""",
            "instance",
        )
    ),
    for_="15m",
    summary=Text(
        vi="Thiết bị {name} ở {site} có cổng chạy bán song công: hai đầu dây cài đặt không khớp nhau.",
        en="Device {name} at {site} has a port that runs half duplex: its two ends are set differently.",
    ).fill(name=NAME, site=same("{{ $labels.site }}")),
    value=Text(vi="bán song công", en="half duplex"),
    bound=Text(vi="song công", en="full duplex"),
    meaning=Text(
        vi="Mạng qua cổng này rất chậm khi nhiều người dùng, dù ping vẫn tốt.",
        en="The network is very slow through this port as soon as several people use it, although ping looks fine.",
    ),
    first_steps=(
        Text(
            vi="Rút ra cắm lại dây của cổng; nếu vẫn vậy thì thay dây khác (dây đủ 8 lõi).",
            en="Unplug the cable and plug it in again; if nothing changes, try another one with all 8 wires.",
        ),
        Text(
            vi="Nhờ bộ phận công nghệ thông tin đặt cả hai đầu về tự động (auto).",
            en="Ask the IT staff to set both ends to automatic.",
        ),
    ),
    whom_to_call=DISTRICT_IT,
    value_expr="max by (element, site) ({})".format(as_element("device", f"{DUPLEX()} == bool {HALF}", "instance")),
)

TRAFFIC: Final = Group(
    name="traffic",
    title=Text(vi="Lưu lượng và lỗi cổng", en="Traffic and port errors"),
    interval_s=30,
    rules=(
        PORT_BPS, LINK_CAPACITY, LINK_USE, PORT_FAULTS, LINK_SATURATED, PORT_HAS_ERRORS, PORT_HALF_DUPLEX,
    ),
)  # fmt: skip
