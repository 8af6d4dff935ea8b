"""The quality of lines: packets lost on the way, and light that arrives too weak.

Loss is measured by ping to a device; it is blamed on the line to it when there is only one, and on the device when the
packets may have come several ways. Behind a lossy device everything is lossy: only the first on the way is announced.
"""

from typing import Final, Literal

from alerts.calls import CARRIER, DISTRICT_IT
from alerts.promql import as_element, either, relabel
from alerts.rule import Group, Recording, Rule
from alerts.rules.reach import DEVICE_DOWN, SHADOWED
from alerts.thresholds import LINK_LOSS, OPTICAL_DRIFT
from alerts.wording import NAME, asked, number, percent
from collector.metrics import (
    ICMP_LOST,
    ICMP_SENT,
    IF_ADMIN_STATUS,
    IF_OPER_STATUS,
    LINK_END,
    OPTICAL_BASELINE,
    OPTICAL_PRESENT,
    OPTICAL_RX,
    OPTICAL_THRESHOLD,
    UPSTREAM,
)
from inventory.text import Text

LEAST_SENT: Final = 30
"""Packets that must have been sent within the window before their loss says anything."""

# -- loss --------------------------------------------------------------------------------------------------------------
DEVICE_LOSS: Final = Recording(
    name="quang:device_loss_ratio",
    what="share of echo requests of 5 minutes without an answer",
    labels=("instance", "site"),
    expr=f"""\
sum by (instance, site) (rate({ICMP_LOST("5m")}))
/ sum by (instance, site) (rate({ICMP_SENT("5m")}))
and sum by (instance, site) (increase({ICMP_SENT("5m")})) >= {LEAST_SENT}""",
)

# A device that was down for part of the window lost packets without its line being lossy. Lost bursts are confirmed by
# a second one, so a share f of down time makes at most 2f of loss: a quarter of the limit, and the moment before the
# outage was confirmed, cannot reach the limit alone.
DEVICE_LOSSY: Final = Recording(
    name="quang:device_lossy_ratio",
    what="loss above the limit that no outage explains",
    labels=("element", "site"),
    expr=f"""\
max by (element, site) ({as_element("device", f"{DEVICE_LOSS()} > {LINK_LOSS}", "instance")})
unless on (element)
  {as_element("device", f"avg_over_time({DEVICE_DOWN('6m')}) > {LINK_LOSS} / 4", "instance")}
unless on (element)
  {relabel(f"max_over_time({SHADOWED('6m')}) == 1", "element", "$1", "member")}""",
    thresholds=(LINK_LOSS,),
)

VIA_LOSSY: Final = Recording(
    name="quang:via_lossy",
    what="1 when a way up passes a lossy device",
    labels=("member", "via"),
    expr=f"""\
max by (member, via) (
    {UPSTREAM()} * on (element) group_left () (max by (element) ({DEVICE_LOSSY()}) > bool 0)
  or
    {UPSTREAM()} * 0
)""",
)

LOSS_CAUSE: Final = Recording(
    name="quang:loss_cause_ratio",
    what="the loss of devices that are not behind another lossy one on every way",
    labels=("element", "site"),
    expr=f"""\
{DEVICE_LOSSY()}
unless on (element)
  {relabel(f"min by (member) ({VIA_LOSSY()}) == 1", "element", "$1", "member")}""",
)

ONLY_LINK: Final = Recording(
    name="quang:only_link",
    what="the link of a device that has exactly one",
    labels=("member", "element"),
    expr=f"""\
max by (member, element) ({UPSTREAM(member="=~device:.*", element="=~link:.*")})
and on (member)
  count by (member) (max by (member, element) ({UPSTREAM(element="=~link:.*")})) == 1""",
)


def _blamed(devices: str) -> str:
    """Return `devices` (labels element, site) with the only link of a device in the device's place."""
    link = (
        f"max by (element) ({ONLY_LINK()} * on (member) group_left ()"
        f" max by (member) ({relabel(devices, 'member', '$1', 'element')}))"
    )
    device = f"max by (element, site) ({devices} unless on (element) {relabel(ONLY_LINK(), 'element', '$1', 'member')})"
    return either(link, device)


LINK_IS_LOSSY: Final = Rule(
    name="LinkLossy",
    title=Text(vi="Đường truyền chập chờn", en="Link lossy"),
    severity="warning",
    element="link",
    expr=_blamed(LOSS_CAUSE()),
    for_="1m",
    summary=Text(
        vi="Đường truyền tới {name} chập chờn: mất {value} gói tin trong 5 phút qua (mức cho phép {bound}).",
        en="The line to {name} is lossy: {value} of packets were lost in the last 5 minutes (allowed: {bound}).",
    ).fill(name=NAME, value=percent(), bound=percent(of=str(LINK_LOSS))),
    value=percent(),
    bound=percent(of=str(LINK_LOSS)),
    meaning=Text(
        vi="Mạng vẫn chạy nhưng chậm: trang web tải lâu, họp trực tuyến vỡ hình và đứt tiếng.",
        en="The network works but badly: pages load slowly, video conferences break up.",
    ),
    first_steps=(
        Text(
            vi="Hỏi điểm ở đầu bên kia: có ai đang tải tệp lớn, sao lưu hay xem phim không? Nhờ tạm dừng rồi xem lại"
            " sau 5 phút.",
            en="Ask the far end: is somebody downloading, backing up or watching films? Have it stopped and look again"
            " after 5 minutes.",
        ),
        Text(
            vi="Xem dây mạng và sợi quang cắm vào bộ định tuyến, hộp chuyển đổi: cắm lại cho chặt, không để gập.",
            en="Look at the network and fibre leads of router and converter: push them home, take out sharp bends.",
        ),
        Text(
            vi="Vẫn mất gói: gọi nhà mạng, đọc mã kênh và tỷ lệ mất gói ghi ở trên, xin số phiếu báo hỏng.",
            en="Still lossy: call the carrier, read out the circuit id and the loss above, ask for the ticket number.",
        ),
    ),
    whom_to_call=CARRIER,
    value_expr=_blamed(f"max by (element, site) ({as_element('device', DEVICE_LOSS(), 'instance')})"),
    unit="ratio",
    thresholds=(LINK_LOSS,),
)

# -- light -------------------------------------------------------------------------------------------------------------
# After a cut the last reading of the optics is that of the dark fibre until the next poll: a port counts once it has
# been up for 3 minutes. Of the states of RFC 2863, up is the smallest number, so the largest of 3 minutes tells.
PORT_UP: Final = Recording(
    name="quang:port_up",
    what="1 when a port is wanted up and was up for 3 minutes",
    labels=("instance", "ifName"),
    expr=f"""\
max by (instance, ifName) (max_over_time({IF_OPER_STATUS("3m")})) == 1
and on (instance, ifName) max by (instance, ifName) ({IF_ADMIN_STATUS()}) == 1""",
)

PORT_RX: Final = Recording(
    name="quang:port_rx_dbm",
    what="received power of the weakest lane, of ports that are up and either a link's end or hold a module",
    labels=("instance", "site", "ifName"),
    expr=f"""\
min by (instance, site, ifName) ({OPTICAL_RX()})
and on (instance, ifName) {PORT_UP()}
and on (instance, ifName) ({LINK_END()} or {OPTICAL_PRESENT()} == 1)""",
)


def _limit(source: str, level: str) -> str:
    # A module that leaves its limits blank reports 0 dBm, which no real lower limit is.
    series = OPTICAL_THRESHOLD(direction="rx", level=level, source=source)
    return f"max by (instance, ifName) ({series} < 0)"


PORT_LIMIT: Final = Recording(
    name="quang:port_rx_limit_dbm",
    what="least received power: the module's own limit first, then the operator's",
    labels=("instance", "ifName"),
    expr=either(
        _limit("module", "warn_low"),
        _limit("module", "alarm_low"),
        _limit("operator", "warn_low"),
        _limit("operator", "alarm_low"),
    ),
)

PORT_LOW: Final = Recording(
    name="quang:port_rx_low_dbm",
    what="received power of ports that get too little light",
    labels=("instance", "site", "ifName"),
    expr=f"{PORT_RX()} < on (instance, ifName) group_left () {PORT_LIMIT()}",
)


def of_ports(expr: str, worst: Literal["min", "max"]) -> str:
    """Return a value of ports (instance, site, ifName) as that of their link, or of the device if they have none."""
    link = f"({LINK_END()} * on (instance, ifName) group_left () {worst} by (instance, ifName) ({expr}))"
    device = f"({expr} unless on (instance, ifName) {LINK_END()})"
    return either(
        f"{worst} by (element) ({as_element('link', link, 'link')})",
        f"{worst} by (element, site) ({as_element('device', device, 'instance')})",
    )


RX_LOW: Final = Recording(
    name="quang:rx_low_dbm",
    what="the weakest of the ports that get too little light, of each link or device",
    labels=("element", "site"),
    expr=of_ports(PORT_LOW(), "min"),
)

RX_LOW_LIMIT: Final = Recording(
    name="quang:rx_low_limit_dbm",
    what="the limit that was crossed",
    labels=("element",),
    expr=f"max by (element) ({of_ports(f'({PORT_LIMIT()} and on (instance, ifName) {PORT_LOW()})', 'max')})",
)

RX_DRIFT: Final = Recording(
    name="quang:rx_drift_db",
    what="how far the received power of a link's end fell below what was accepted; the worse end",
    labels=("element",),
    expr="max by (element) ({})".format(
        as_element(
            "link",
            f"({OPTICAL_BASELINE()} - on (instance, ifName) group_left () min by (instance, ifName) ({PORT_RX()}))",
            "link",
        )
    ),
)

_HANDLE_FIBRE: Final = Text(
    vi="Nhờ người ở hai đầu xem sợi cáp vàng mảnh: có bị gập, bị đè, bị kéo căng không; đầu cắm đã vào hết chưa. Không"
    " nhìn vào đầu sợi quang, không tự lau.",
    en="Have somebody at both ends look at the thin fibre lead: is it bent, squeezed or pulled, is the plug fully in?"
    " Do not look into its end and do not wipe it.",
)

_CALL_WITH_READING: Final = Text(
    vi="Nếu sau 10 phút chưa hết: gọi nhà mạng, đọc mã kênh và hai con số ghi ở trên, đề nghị đo và vệ sinh đầu nối.",
    en="If it lasts 10 minutes more: call the carrier, read out the circuit id and the two numbers above, ask them to"
    " measure and to clean the connectors.",
)

OPTICAL_POWER_LOW: Final = Rule(
    name="OpticalPowerLow",
    title=Text(vi="Tín hiệu quang yếu", en="Optical power low"),
    severity="warning",
    element="link",
    expr=RX_LOW(),
    for_="30s",
    summary=Text(
        vi="Tín hiệu quang nhận được ở {name} quá yếu: {value}, giới hạn là {bound}.",
        en="The light received at {name} is too weak: {value}, the limit is {bound}.",
    ).fill(name=NAME, value=number(1, "dBm"), bound=number(1, "dBm", of=asked(RX_LOW_LIMIT.name))),
    value=number(1, "dBm"),
    bound=number(1, "dBm", of=asked(RX_LOW_LIMIT.name)),
    meaning=Text(
        vi="Đường truyền còn chạy nhưng có thể đứt bất cứ lúc nào: cáp bị gập, đầu nối bẩn, mối hàn hỏng hoặc mô-đun"
        " quang sắp hỏng.",
        en="The line still works but may fail at any moment: a bent fibre, a dirty connector, a failing splice or a"
        " failing optical module.",
    ),
    first_steps=(_HANDLE_FIBRE, _CALL_WITH_READING),
    whom_to_call=CARRIER,
    value_expr=of_ports(PORT_RX(), "min"),
    unit="dBm",
)

OPTICAL_POWER_DRIFT: Final = Rule(
    name="OpticalPowerDrift",
    title=Text(vi="Tín hiệu quang suy giảm", en="Optical power falling"),
    severity="info",
    element="link",
    # Too weak is the graver news of the same light.
    expr=f"{RX_DRIFT()} > {OPTICAL_DRIFT}\nunless on (element) {RX_LOW()}",
    for_="5m",
    summary=Text(
        vi="Tín hiệu quang trên {name} đã giảm {value} so với khi nghiệm thu (mức cho phép {bound}).",
        en="The light on {name} has fallen by {value} since it was accepted (allowed: {bound}).",
    ).fill(name=NAME, value=number(1, "dB"), bound=number(1, "dB", of=str(OPTICAL_DRIFT))),
    value=number(1, "dB"),
    bound=number(1, "dB", of=str(OPTICAL_DRIFT)),
    meaning=Text(
        vi="Chưa ảnh hưởng tới người dùng, nhưng cáp hoặc đầu nối đang kém dần. Xử lý sớm thì tránh được đứt liên lạc.",
        en="Nobody notices yet, but fibre or connectors are getting worse. Acting now avoids an outage.",
    ),
    first_steps=(
        _HANDLE_FIBRE,
        Text(
            vi="Nhớ lại gần đây có thi công, chuyển tủ hay thay thiết bị không. Nếu mới sửa và kết quả đã đạt, người"
            " quản lý chấp nhận mức mới trên trang của đường truyền.",
            en="Was there building work, was a cabinet moved or a device changed? If a repair has just been accepted,"
            " the manager accepts the new level on the link's page.",
        ),
        Text(
            vi="Còn lại: báo nhà mạng trong giờ làm việc, đọc mã kênh và mức suy giảm, đề nghị đo tuyến.",
            en="Otherwise tell the carrier in working hours: circuit id and loss of light; ask for a measurement.",
        ),
    ),
    whom_to_call=DISTRICT_IT,
    value_expr=RX_DRIFT(),
    unit="dB",
    thresholds=(OPTICAL_DRIFT,),
)

LINKS: Final = Group(
    name="links",
    title=Text(vi="Chất lượng đường truyền", en="Quality of lines"),
    interval_s=5,
    rules=(
        DEVICE_LOSS,
        DEVICE_LOSSY,
        VIA_LOSSY,
        LOSS_CAUSE,
        ONLY_LINK,
        LINK_IS_LOSSY,
        PORT_UP,
        PORT_RX,
        PORT_LIMIT,
        PORT_LOW,
        RX_LOW,
        RX_LOW_LIMIT,
        RX_DRIFT,
        OPTICAL_POWER_LOW,
        OPTICAL_POWER_DRIFT,
    ),
)
