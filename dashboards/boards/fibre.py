"""Fibre links: whether they carry, what they carry, and how much light is left."""

from typing import Final

from alerts.rules.links import DEVICE_LOSS, PORT_LIMIT, RX_DRIFT
from alerts.rules.reach import LINK_DOWN
from alerts.thresholds import LINK_LOSS, OPTICAL_DRIFT
from collector.metrics import (
    ICMP_JITTER,
    IF_HC_IN_OCTETS,
    IF_HC_OUT_OCTETS,
    IF_IN_DISCARDS,
    IF_IN_ERRORS,
    IF_OUT_DISCARDS,
    IF_OUT_ERRORS,
    LINK_END,
    OPTICAL_BASELINE,
    OPTICAL_RX,
    OPTICAL_TX,
)
from dashboards.board import RATE, Board, Bound, Panel, Query, Row, Variable
from dashboards.states import CARRIES, GOOD_OR_BAD
from inventory.text import Text, same

CHOSEN: Final = "=~$link"
"""Matches the links that the reader chose."""

_ENDS: Final = LINK_END(link=CHOSEN)


def _at_ends(expr: str) -> str:
    """Return a value of ports (instance, ifName) for both ends of the chosen links."""
    return f"{_ENDS} * on (instance, ifName) group_left () {expr}"


def _rate(series: str) -> str:
    return f"max by (instance, ifName) (rate({series}))"


_STATE: Final = Row(
    Text(vi="Trạng thái và lưu lượng", en="State and traffic"),
    (
        Panel(
            kind="states",
            title=Text(vi="Trạng thái đường truyền", en="State of the links"),
            description=Text(
                vi="Đỏ là lúc một đầu cáp báo không có tín hiệu.", en="Red is when an end reported no signal."
            ),
            queries=(Query(LINK_DOWN(link=CHOSEN), same("{{link}}")),),
            width=24,
            bounds=GOOD_OR_BAD,
            states=CARRIES,
        ),
        Panel(
            kind="timeseries",
            title=Text(vi="Lưu lượng nhận ở hai đầu", en="Received at both ends"),
            description=Text(
                vi="Một đầu nhận những gì đầu kia gửi: hai đường lệch nhau nhiều là có mất mát trên tuyến.",
                en="One end receives what the other sends: a wide gap between both means losses on the way.",
            ),
            queries=(Query(_at_ends(f"({_rate(IF_HC_IN_OCTETS(RATE))} * 8)"), same("{{link}}: {{instance}}")),),
            unit="bps",
        ),
        Panel(
            kind="timeseries",
            title=Text(vi="Lưu lượng gửi ở hai đầu", en="Sent at both ends"),
            description=Text(vi="Lưu lượng gửi đi ở mỗi đầu của đường truyền.", en="What each end of the link sends."),
            queries=(Query(_at_ends(f"({_rate(IF_HC_OUT_OCTETS(RATE))} * 8)"), same("{{link}}: {{instance}}")),),
            unit="bps",
        ),
    ),
)

_LIGHT: Final = Row(
    Text(vi="Tín hiệu quang", en="Light"),
    (
        Panel(
            kind="timeseries",
            title=Text(vi="Công suất quang nhận được", en="Received optical power"),
            description=Text(
                vi="So với giới hạn của mô-đun (hoặc do người vận hành đặt) và với mức lúc nghiệm thu. Chạm giới hạn là"
                " sắp đứt.",
                en="Against the limit of the module (or the operator's) and the accepted level. At the limit the link"
                " is about to fail.",
            ),
            queries=(
                Query(
                    _at_ends(f"min by (instance, ifName) ({OPTICAL_RX()})"),
                    Text(vi="{{link}}: {{instance}} nhận", en="{{link}}: {{instance}} receives"),
                ),
                Query(
                    _at_ends(PORT_LIMIT()),
                    Text(vi="{{link}}: giới hạn ở {{instance}}", en="{{link}}: limit at {{instance}}"),
                ),
                Query(
                    OPTICAL_BASELINE(link=CHOSEN),
                    Text(vi="{{link}}: nghiệm thu ở {{instance}}", en="{{link}}: accepted at {{instance}}"),
                ),
            ),
            unit="dBm",
            width=24,
            height=10,
        ),
        Panel(
            kind="timeseries",
            title=Text(vi="Suy giảm so với nghiệm thu", en="Lost since it was accepted"),
            description=Text(
                vi="Trên vạch đỏ: cáp hoặc đầu nối đang kém dần.",
                en="Above the red line fibre or connectors are getting worse.",
            ),
            queries=(Query(RX_DRIFT(element="=~link:$link"), same("{{element}}")),),
            unit="dB",
            bounds=(Bound("green"), Bound("red", OPTICAL_DRIFT)),
        ),
        Panel(
            kind="timeseries",
            title=Text(vi="Công suất quang phát đi", en="Sent optical power"),
            description=Text(
                vi="Giảm dần là mô-đun quang sắp hỏng.", en="A slow fall means that the optical module is wearing out."
            ),
            queries=(Query(_at_ends(f"min by (instance, ifName) ({OPTICAL_TX()})"), same("{{link}}: {{instance}}")),),
            unit="dBm",
        ),
    ),
)

_QUALITY: Final = Row(
    Text(vi="Chất lượng", en="Quality"),
    (
        Panel(
            kind="timeseries",
            title=Text(vi="Mất gói tới hai đầu", en="Loss to both ends"),
            description=Text(
                vi="Tỷ lệ gói tin mất trong 5 phút tới thiết bị ở mỗi đầu.",
                en="Share of packets lost within 5 minutes to the device at each end.",
            ),
            queries=(Query(f"{DEVICE_LOSS()} and on (instance) {_ENDS}", same("{{instance}}")),),
            unit="percentunit",
            width=8,
            bounds=(Bound("green"), Bound("red", LINK_LOSS)),
        ),
        Panel(
            kind="timeseries",
            title=Text(vi="Dao động thời gian phản hồi", en="Jitter"),
            description=Text(
                vi="Gói tin đến không đều: trên 30 ms thì tiếng nói bắt đầu vỡ.",
                en="How unevenly packets arrive: above 30 ms speech breaks up.",
            ),
            queries=(Query(f"{ICMP_JITTER()} and on (instance) {_ENDS}", same("{{instance}}")),),
            unit="s",
            width=8,
            bounds=(Bound("green"), Bound("orange", 0.03)),
        ),
        Panel(
            kind="timeseries",
            title=Text(vi="Gói lỗi và gói bị bỏ", en="Errors and discards"),
            description=Text(
                vi="Gói lỗi: cáp hoặc mô-đun có vấn đề. Gói bị bỏ: đường truyền đầy.",
                en="Errors: fibre or module is at fault. Discards: the line is full.",
            ),
            queries=(
                Query(
                    _at_ends(f"({_rate(IF_IN_ERRORS(RATE))} + {_rate(IF_OUT_ERRORS(RATE))})"),
                    Text(vi="{{link}}: {{instance}} lỗi", en="{{link}}: {{instance}} errors"),
                ),
                Query(
                    _at_ends(f"({_rate(IF_IN_DISCARDS(RATE))} + {_rate(IF_OUT_DISCARDS(RATE))})"),
                    Text(vi="{{link}}: {{instance}} bị bỏ", en="{{link}}: {{instance}} discards"),
                ),
            ),
            unit="pps",
            width=8,
        ),
    ),
)

FIBRE: Final = Board(
    slug="fibre",
    title=Text(vi="Đường truyền cáp quang", en="Fibre links"),
    description=Text(
        vi="Trạng thái, lưu lượng, tín hiệu quang và chất lượng của các đường truyền.",
        en="State, traffic, light and quality of the links.",
    ),
    variables=(
        Variable("link", Text(vi="Đường truyền", en="Link"), f"label_values({LINK_END.name}, link)", several=True),
    ),
    rows=(_STATE, _LIGHT, _QUALITY),
)
