"""One site: its devices, its lines, its traffic, its services."""

from typing import Final

from alerts.rules.links import DEVICE_LOSS
from alerts.rules.reach import DEVICE_DOWN, LINK_DOWN
from alerts.rules.services import SERVICE_DOWN
from alerts.thresholds import CERTIFICATE_NOTICE, LINK_LOSS, REBOOT_NEWS
from collector.metrics import (
    AGENT_UPTIME,
    HTTP_DURATION,
    ICMP_DURATION,
    ICMP_JITTER,
    IF_HC_IN_OCTETS,
    IF_HC_OUT_OCTETS,
    LINK_END,
    PROBE_SUCCESS,
    SSL_EXPIRY,
    SYS_INFO,
)
from dashboards.board import RATE, Board, Bound, Column, Panel, Query, Row, Variable
from dashboards.states import CARRIES, GOOD_OR_BAD, REACHED, WORKS
from inventory.text import Text, same

HERE: Final = "$site"
"""The site that the reader chose."""

_DEVICES: Final = Row(
    Text(vi="Thiết bị", en="Devices"),
    (
        Panel(
            kind="states",
            title=Text(vi="Liên lạc của các thiết bị", en="Reachability of the devices"),
            description=Text(
                vi="Mỗi dòng một thiết bị; đỏ là lúc thiết bị không trả lời.",
                en="One line per device; red is when it did not answer.",
            ),
            queries=(Query(DEVICE_DOWN(site=HERE), same("{{instance}}")),),
            bounds=GOOD_OR_BAD,
            states=REACHED,
        ),
        Panel(
            kind="table",
            title=Text(vi="Đã chạy được bao lâu", en="How long they have been running"),
            description=Text(
                vi="Thời gian từ lần khởi động gần nhất; màu cam là vừa khởi động lại.",
                en="Time since the last start; orange means that it has just restarted.",
            ),
            queries=(
                Query(
                    f"max by (instance) ({AGENT_UPTIME(site=HERE)})"
                    f" * on (instance) group_right () max by (instance, sysName) ({SYS_INFO(site=HERE)})",
                    same("{{instance}}"),
                    now=True,
                ),
            ),
            columns=(
                Column("instance", Text(vi="Thiết bị", en="Device")),
                Column("sysName", Text(vi="Tên tự khai", en="Calls itself")),
                Column(
                    "Value",
                    Text(vi="Đã chạy", en="Running for"),
                    unit="s",
                    bounds=(Bound("orange"), Bound("green", REBOOT_NEWS)),
                ),
            ),
        ),
    ),
)

_LINES: Final = Row(
    Text(vi="Đường truyền", en="Lines"),
    (
        Panel(
            kind="states",
            title=Text(vi="Trạng thái đường truyền", en="State of the links"),
            description=Text(
                vi="Các đường truyền có một đầu ở điểm này.", en="The links that have an end at this site."
            ),
            queries=(
                Query(
                    f"{LINK_DOWN()} and on (link) ({LINK_END()} and on (instance) {DEVICE_DOWN(site=HERE)})",
                    same("{{link}}"),
                ),
            ),
            bounds=GOOD_OR_BAD,
            states=CARRIES,
            height=6,
        ),
        Panel(
            kind="timeseries",
            title=Text(vi="Lưu lượng của đường truyền", en="Traffic of the lines"),
            description=Text(
                vi="Lưu lượng nhận và gửi tại cổng nối đường truyền của điểm này.",
                en="Received and sent at the ports where this site's lines end.",
            ),
            queries=(
                Query(
                    f"rate({IF_HC_IN_OCTETS(RATE, site=HERE)}) * 8 and on (instance, ifName) {LINK_END()}",
                    Text(vi="{{instance}} {{ifName}} nhận", en="{{instance}} {{ifName}} received"),
                ),
                Query(
                    f"rate({IF_HC_OUT_OCTETS(RATE, site=HERE)}) * 8 and on (instance, ifName) {LINK_END()}",
                    Text(vi="{{instance}} {{ifName}} gửi", en="{{instance}} {{ifName}} sent"),
                ),
            ),
            unit="bps",
            height=6,
        ),
        Panel(
            kind="timeseries",
            title=Text(vi="Thời gian phản hồi", en="Time to answer"),
            description=Text(
                vi="Thời gian một gói tin đi và về. Tăng vọt là đường truyền nghẽn.",
                en="How long a packet takes there and back. A sudden rise means a busy line.",
            ),
            queries=(
                Query(ICMP_DURATION(site=HERE, phase="rtt"), same("{{instance}}")),
                Query(ICMP_JITTER(site=HERE), Text(vi="{{instance}} dao động", en="{{instance}} jitter")),
            ),
            unit="s",
        ),
        Panel(
            kind="timeseries",
            title=Text(vi="Mất gói", en="Loss"),
            description=Text(
                vi="Tỷ lệ gói tin mất trong 5 phút. Trên vạch đỏ là đường truyền chập chờn.",
                en="Share of packets lost within 5 minutes. Above the red line the network works badly.",
            ),
            queries=(Query(DEVICE_LOSS(site=HERE), same("{{instance}}")),),
            unit="percentunit",
            bounds=(Bound("green"), Bound("red", LINK_LOSS)),
        ),
    ),
)

_SERVICES: Final = Row(
    Text(vi="Dịch vụ", en="Services"),
    (
        Panel(
            kind="states",
            title=Text(vi="Truy cập dịch vụ", en="Access to the services"),
            description=Text(
                vi="Mỗi dòng một trang web hoặc phần mềm của điểm này.",
                en="One line per web site or program of this site.",
            ),
            queries=(Query(SERVICE_DOWN(site=HERE), same("{{instance}}")),),
            width=8,
            bounds=GOOD_OR_BAD,
            states=WORKS,
            empty=Text(vi="điểm này không có dịch vụ", en="this site has no services"),
        ),
        Panel(
            kind="timeseries",
            title=Text(vi="Thời gian tải trang", en="Time to load"),
            description=Text(
                vi="Tổng thời gian từ lúc hỏi địa chỉ tới lúc nhận xong trang.",
                en="From looking up the address to the end of the page.",
            ),
            queries=(Query(f"sum by (instance) ({HTTP_DURATION(site=HERE)})", same("{{instance}}")),),
            unit="s",
            width=8,
            empty=Text(vi="điểm này không có dịch vụ", en="this site has no services"),
        ),
        Panel(
            kind="table",
            title=Text(vi="Chứng thư số còn hạn", en="Certificates"),
            description=Text(
                vi="Số ngày còn lại của chứng thư số; số màu đỏ là đã đến lúc gia hạn.",
                en="Days left of the certificates; a red figure means that it is time to renew.",
            ),
            queries=(
                Query(
                    f"(min by (instance) ({SSL_EXPIRY(site=HERE)}) - time()) / 86400", same("{{instance}}"), now=True
                ),
            ),
            width=8,
            columns=(
                Column("instance", Text(vi="Dịch vụ", en="Service")),
                Column(
                    "Value",
                    Text(vi="Còn lại", en="Left"),
                    unit="d",
                    bounds=(Bound("red"), Bound("green", CERTIFICATE_NOTICE)),
                ),
            ),
            empty=Text(vi="điểm này không có dịch vụ", en="this site has no services"),
        ),
    ),
)

SITE: Final = Board(
    slug="site",
    title=Text(vi="Một điểm", en="One site"),
    description=Text(
        vi="Thiết bị, đường truyền, lưu lượng và dịch vụ của một điểm.",
        en="Devices, lines, traffic and services of one site.",
    ),
    variables=(Variable("site", Text(vi="Điểm", en="Site"), f"label_values({PROBE_SUCCESS.name}, site)"),),
    rows=(_DEVICES, _LINES, _SERVICES),
)
