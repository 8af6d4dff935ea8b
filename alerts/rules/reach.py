"""Reachability: which one thing is the cause when many stop answering.

Ping says whether a device answers, the ends of a link say whether it carries light, and the graph says who depends on
whom. A thing that is down while every way up to it is broken is *shadowed*: something nearer is the cause, and only the
cause is announced. What is unknown counts as reachable, so that ignorance never hides a fault.

All of it stands in one group: each rule sees what those above it recorded in the same second.
"""

from typing import Final

from alerts.calls import CARRIER, DISTRICT_IT, POWER_THEN_IT
from alerts.promql import as_element, either, relabel
from alerts.rule import Group, Recording, Rule
from alerts.wording import NAME
from collector.metrics import IF_ADMIN_STATUS, IF_OPER_STATUS, LINK_END, PROBE_SUCCESS, UPSTREAM
from inventory.text import Text, same

HOLD: Final = "5m"
"""How long the last real state counts when no new sample comes: a collector's restart, a lease handed over."""

DEVICE_DOWN: Final = Recording(
    name="quang:device_down",
    what="1 when the device answers no ping, held over gaps",
    labels=("instance", "site"),
    expr=f"1 - max by (instance, site) (last_over_time({PROBE_SUCCESS(HOLD, probe='icmp')}))",
)

LINK_END_DOWN: Final = Recording(
    name="quang:link_end_down",
    what="1 when an administratively-up end says down or lowerLayerDown; fresh samples of such ends only",
    labels=("link", "instance", "ifName"),
    expr=f"""\
{LINK_END()}
* on (instance, ifName) group_left ()
  max by (instance, ifName) (
    ({IF_OPER_STATUS()} == bool 2) + ({IF_OPER_STATUS()} == bool 7) and {IF_ADMIN_STATUS()} == 1
  )""",
)

# An end that was shut on purpose knows nothing of the fibre. Only if all are shut is the link not down but out of use.
LINK_SHUT: Final = Recording(
    name="quang:link_shut",
    what="1 when every end of the link was shut by its administrator",
    labels=("link",),
    expr=f"""\
min by (link) (
    {LINK_END()} * on (instance, ifName) group_left () max by (instance, ifName) ({IF_ADMIN_STATUS()} != bool 1)
  or
    {LINK_END()} * 0
) == 1""",
)

# A fresh end decides. Only where none is fresh does the last word count: an old end is never held against a fresh one.
LINK_DOWN: Final = Recording(
    name="quang:link_down",
    what="1 when the link carries nothing",
    labels=("link",),
    expr=either(
        f"max by (link) ({LINK_END_DOWN()})",
        f"{LINK_SHUT()} * 0",
        f"max by (link) (last_over_time({LINK_END_DOWN(HOLD)}))",
    ),
)

ELEMENT_DOWN: Final = Recording(
    name="quang:element_down",
    what="devices and links in one namespace",
    labels=("element",),
    expr=either(
        f"max by (element) ({as_element('device', DEVICE_DOWN(), 'instance')})",
        f"max by (element) ({as_element('link', LINK_DOWN(), 'link')})",
    ),
)

VIA_BROKEN: Final = Recording(
    name="quang:via_broken",
    what="1 when a way up (a neighbour and the link to it) has a part that is known to be down",
    labels=("member", "via"),
    expr=f"""\
max by (member, via) (
    {UPSTREAM()} * on (element) group_left () {ELEMENT_DOWN()}
  or
    {UPSTREAM()} * 0
)""",
)

SHADOWED: Final = Recording(
    name="quang:shadowed",
    what="1 when every way up is broken",
    labels=("member",),
    expr=f"min by (member) ({VIA_BROKEN()})",
)

CAUSE: Final = Recording(
    name="quang:cause",
    what="down, and nothing nearer explains it",
    labels=("element",),
    expr=f"""\
{ELEMENT_DOWN()} == 1
unless on (element)
  {relabel(f"{SHADOWED()} == 1", "element", "$1", "member")}""",
)

# When a shadow ends, what lay behind it needs a moment to answer again: nothing is blamed for 30 s.
CAUSE_DEVICE: Final = Recording(
    name="quang:cause_device",
    what="a device that is the cause, and was not shadowed for 30 s",
    labels=("instance", "site", "element"),
    expr=f"""\
{as_element("device", f"{DEVICE_DOWN()} == 1", "instance")}
and on (element) {CAUSE()}
unless on (element)
  {relabel(f"max_over_time({SHADOWED('30s')}) == 1", "element", "$1", "member")}""",
)

SITE_DARK: Final = Recording(
    name="quang:site_dark",
    what="every device of the site is down, and no cut line explains it",
    labels=("site",),
    expr=f"""\
min by (site) ({DEVICE_DOWN()}) == 1
and on (site) {CAUSE_DEVICE()}""",
)

LINK_IS_DOWN: Final = Rule(
    name="LinkDown",
    title=Text(vi="Đứt đường truyền", en="Link down"),
    severity="critical",
    element="link",
    expr=CAUSE(element="=~link:.*"),
    summary=Text(
        vi="Đường truyền {name} bị đứt: đầu cáp báo không có tín hiệu.",
        en="Link {name} is down: its end reports no signal.",
    ).fill(name=NAME),
    value=Text(vi="mất tín hiệu", en="no signal"),
    bound=Text(vi="có tín hiệu", en="signal present"),
    meaning=Text(
        vi="Cáp quang bị đứt, hoặc thiết bị ở đầu bên kia mất điện. Các điểm chỉ đi qua đường này không vào mạng được.",
        en="The fibre is cut, or the equipment at its far end has lost power. Places that depend on this line alone are"
        " offline.",
    ),
    first_steps=(
        Text(
            vi="Gọi điện cho điểm ở đầu bên kia: ở đó có điện không? Nếu mất điện, chờ có điện rồi xem lại.",
            en="Phone the place at the far end: is there power? If not, wait for it and look again.",
        ),
        Text(
            vi="Nhờ người ở đó nhìn hộp chuyển đổi quang: đèn nguồn (PWR) phải sáng; đèn quang (LOS, FX hoặc PON) đỏ"
            " hay tắt là mất ánh sáng trên cáp.",
            en="Ask somebody there to look at the fibre converter: the power lamp (PWR) must be lit; a red or dark"
            " fibre lamp (LOS, FX or PON) means no light on the cable.",
        ),
        Text(
            vi="Xem sợi cáp vàng mảnh cắm vào hộp có bị tuột, gập hay chuột cắn không. Không nhìn vào đầu sợi quang.",
            en="See whether the thin fibre lead has slipped out, is bent or gnawed. Do not look into its end.",
        ),
        Text(
            vi="Nếu có điện mà đèn quang vẫn đỏ: gọi nhà mạng, đọc mã kênh ghi trên trang của đường truyền, xin số"
            " phiếu báo hỏng và ghi vào sự cố.",
            en="If there is power and the fibre lamp stays red: call the carrier, read out the circuit id from the"
            " link's page, ask for the ticket number and note it on the incident.",
        ),
    ),
    whom_to_call=CARRIER,
    value_expr=f"max by (element) ({as_element('link', LINK_DOWN(), 'link')})",
)

SITE_IS_DARK: Final = Rule(
    name="SiteDark",
    title=Text(vi="Mất liên lạc toàn bộ điểm", en="Site dark"),
    severity="critical",
    element="site",
    expr=as_element("site", SITE_DARK(), "site"),
    for_="5s",
    summary=Text(
        vi="Điểm {name} mất liên lạc hoàn toàn: không thiết bị nào trả lời.",
        en="Site {name} is dark: none of its devices answers.",
    ).fill(name=NAME),
    value=Text(vi="không thiết bị nào trả lời", en="no device answers"),
    bound=Text(vi="ít nhất một thiết bị trả lời", en="at least one device answers"),
    meaning=Text(
        vi="Cả điểm không vào mạng được, mà không thấy đoạn cáp nào bị đứt. Nguyên nhân hay gặp nhất là mất điện.",
        en="The whole place is offline and no line towards it is seen cut. Most often the power is out.",
    ),
    first_steps=(
        Text(
            vi="Gọi điện cho điểm đó: có điện không? Mất điện thì chờ có điện; mạng sẽ tự trở lại sau khoảng 5 phút.",
            en="Phone the place: is there power? If not, wait; the network returns by itself about 5 minutes after it.",
        ),
        Text(
            vi="Có điện: nhờ người ở đó xem tủ mạng. Ổ cắm, cầu dao, bộ lưu điện (UPS) có bật không, đèn thiết bị có"
            " sáng không?",
            en="With power: have somebody look at the network cabinet. Are socket, breaker and UPS on, do the lamps"
            " of the equipment shine?",
        ),
        Text(
            vi="Rút nguồn bộ định tuyến, chờ 30 giây rồi cắm lại. Chỉ làm một lần. Chờ 5 phút.",
            en="Unplug the router, wait 30 seconds, plug it in again. Once only. Wait 5 minutes.",
        ),
        Text(
            vi="Vẫn không được: gọi nhà mạng, đọc mã kênh của điểm và nói rõ là đã có điện, đã khởi động lại thiết bị.",
            en="Still nothing: call the carrier, read out the site's circuit id and say that there is power and that"
            " the equipment was restarted.",
        ),
    ),
    whom_to_call=POWER_THEN_IT,
    value_expr=as_element("site", f"avg by (site) ({DEVICE_DOWN()})", "site"),
    unit="ratio",
)

DEVICE_IS_DOWN: Final = Rule(
    name="DeviceDown",
    title=Text(vi="Thiết bị không trả lời", en="Device down"),
    severity="critical",
    element="device",
    expr=f"""\
max by (element, site) ({CAUSE_DEVICE()})
unless on (site) last_over_time({SITE_DARK("2m")})""",
    for_="5s",
    summary=Text(
        vi="Thiết bị {name} ở {site} không trả lời, trong khi các thiết bị khác vẫn chạy.",
        en="Device {name} at {site} does not answer, while others do.",
    ).fill(name=NAME, site=same("{{ $labels.site }}")),
    value=Text(vi="không trả lời", en="no answer"),
    bound=Text(vi="có trả lời", en="an answer"),
    meaning=Text(
        vi="Một thiết bị ngừng chạy hoặc bị rút dây; đường truyền tới đó vẫn tốt. Những gì cắm vào thiết bị này có thể"
        " không dùng được.",
        en="One device has stopped or was unplugged; the line to it is fine. What is plugged into it may not work.",
    ),
    first_steps=(
        Text(
            vi="Nhờ người ở đó nhìn thiết bị: đèn nguồn có sáng không? Không sáng: xem ổ cắm và phích cắm.",
            en="Ask somebody there to look at the device: is its power lamp lit? If not: check socket and plug.",
        ),
        Text(
            vi="Xem dây mạng có bị tuột không: rút ra cắm lại cho tới khi nghe tiếng “tách”, đèn cổng mạng phải nháy.",
            en="See whether the network lead has slipped: plug it in again until it clicks; the port's lamp must"
            " blink.",
        ),
        Text(
            vi="Rút nguồn thiết bị, chờ 30 giây rồi cắm lại. Chỉ làm một lần. Chờ 5 phút.",
            en="Unplug the device, wait 30 seconds, plug it in again. Once only. Wait 5 minutes.",
        ),
        Text(
            vi="Vẫn không trả lời: báo bộ phận công nghệ thông tin, đọc nhãn tài sản dán trên thiết bị.",
            en="Still no answer: tell the IT staff and read out the asset tag on the device.",
        ),
    ),
    whom_to_call=DISTRICT_IT,
    value_expr=f"max by (element, site) ({as_element('device', DEVICE_DOWN(), 'instance')})",
)

REACH: Final = Group(
    name="reach",
    title=Text(vi="Liên lạc", en="Reachability"),
    interval_s=1,
    rules=(
        DEVICE_DOWN,
        LINK_END_DOWN,
        LINK_SHUT,
        LINK_DOWN,
        ELEMENT_DOWN,
        VIA_BROKEN,
        SHADOWED,
        CAUSE,
        CAUSE_DEVICE,
        SITE_DARK,
        LINK_IS_DOWN,
        SITE_IS_DARK,
        DEVICE_IS_DOWN,
    ),
)
