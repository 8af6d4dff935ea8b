"""The whole district on one screen: what is wrong now, and which lines are the busiest, the lossiest, the dimmest."""

from typing import Final

from alerts.rules import RULES
from alerts.rules.house import WATCHDOG
from alerts.rules.links import DEVICE_LOSS, PORT_LIMIT, PORT_RX
from alerts.rules.reach import DEVICE_DOWN, LINK_DOWN
from alerts.thresholds import LINK_LOSS
from collector.metrics import ALERTS, IF_HC_IN_OCTETS, IF_HC_OUT_OCTETS, LINK_END, STOCKTAKE_LINES
from dashboards.board import RATE, Board, Bound, Column, Panel, Query, Row
from dashboards.states import GOOD_OR_BAD, REACHED
from inventory.text import Text, same

MOST: Final = 10
"""Lines of a ranking."""

_FIRING: Final = ALERTS(alertstate="firing", alertname=f"!={WATCHDOG.name}")

_NOW: Final = Row(
    Text(vi="Tình hình hiện tại", en="Now"),
    (
        Panel(
            kind="stat",
            title=Text(vi="Cảnh báo đang mở", en="Open alerts"),
            description=Text(
                vi="Số cảnh báo đang có. Bình thường là 0.", en="Alerts that are firing. Normally there are none."
            ),
            queries=(Query(f"count ({_FIRING}) or vector(0)", Text(vi="cảnh báo", en="alerts"), now=True),),
            width=6,
            height=4,
            bounds=GOOD_OR_BAD,
        ),
        Panel(
            kind="stat",
            title=Text(vi="Điểm mất liên lạc", en="Sites not reached"),
            description=Text(vi="Số điểm mà không thiết bị nào trả lời.", en="Sites where no device answers."),
            queries=(
                Query(
                    f"count (min by (site) ({DEVICE_DOWN()}) == 1) or vector(0)", Text(vi="điểm", en="sites"), now=True
                ),
            ),
            width=6,
            height=4,
            bounds=GOOD_OR_BAD,
        ),
        Panel(
            kind="stat",
            title=Text(vi="Đường truyền đứt", en="Links down"),
            description=Text(
                vi="Số đường truyền mà đầu cáp báo không có tín hiệu.", en="Links whose end reports no signal."
            ),
            queries=(Query(f"sum ({LINK_DOWN()}) or vector(0)", Text(vi="đường", en="links"), now=True),),
            width=6,
            height=4,
            bounds=GOOD_OR_BAD,
        ),
        Panel(
            kind="stat",
            title=Text(vi="Điểm đang được theo dõi", en="Sites watched"),
            description=Text(
                vi="Số điểm có ít nhất một thiết bị được theo dõi.", en="Sites with at least one watched device."
            ),
            queries=(
                Query(f"count (count by (site) ({DEVICE_DOWN()})) or vector(0)", Text(vi="điểm", en="sites"), now=True),
            ),
            width=6,
            height=4,
        ),
        Panel(
            kind="states",
            title=Text(vi="Liên lạc của các điểm", en="Reachability of the sites"),
            description=Text(
                vi="Mỗi dòng một điểm; đỏ là lúc không thiết bị nào của điểm trả lời.",
                en="One line per site; red is when none of its devices answered.",
            ),
            queries=(Query(f"min by (site) ({DEVICE_DOWN()})", same("{{site}}")),),
            width=14,
            height=16,
            bounds=GOOD_OR_BAD,
            states=REACHED,
        ),
        Panel(
            kind="table",
            title=Text(vi="Các cảnh báo đang mở", en="Alerts that are open"),
            description=Text(
                vi="Việc cần làm ghi ở trang chủ của hệ thống giám sát.",
                en="What to do stands on the home page of the monitoring system.",
            ),
            queries=(Query(_FIRING, same("{{element}}"), now=True),),
            width=10,
            height=16,
            columns=(
                Column("alertname", Text(vi="Cảnh báo", en="Alert")),
                Column("element", Text(vi="Đối tượng", en="What")),
                Column("site", Text(vi="Điểm", en="Site"), opens="site", opens_with="site"),
                Column("severity", Text(vi="Mức độ", en="Severity")),
            ),
            empty=Text(vi="không có cảnh báo nào", en="no alert is open"),
        ),
    ),
)


def _octets_of_links(series: str) -> str:
    """Return bits per second of each link's busier end."""
    return (
        f"max by (link) ({LINK_END()} * on (instance, ifName) group_left ()"
        f" max by (instance, ifName) (rate({series})) * 8)"
    )


def _top_traffic(series: str) -> str:
    return f"topk ({MOST}, {_octets_of_links(series)})"


_RANKING: Final = Row(
    Text(vi="Xếp hạng đường truyền", en="Lines by rank"),
    (
        Panel(
            kind="timeseries",
            title=Text(vi="Lưu lượng: các đường truyền bận nhất", en="Traffic: the busiest links"),
            description=Text(
                vi="Lưu lượng mỗi chiều, tính tại đầu có số đo lớn hơn.",
                en="Traffic each way, as measured at the busier end.",
            ),
            queries=(
                Query(_top_traffic(IF_HC_IN_OCTETS(RATE)), Text(vi="{{link}} nhận", en="{{link}} received")),
                Query(_top_traffic(IF_HC_OUT_OCTETS(RATE)), Text(vi="{{link}} gửi", en="{{link}} sent")),
            ),
            unit="bps",
        ),
        Panel(
            kind="timeseries",
            title=Text(vi="Mất gói: các thiết bị nặng nhất", en="Loss: the worst devices"),
            description=Text(
                vi="Tỷ lệ gói tin mất trong 5 phút. Trên vạch đỏ là đường truyền chập chờn.",
                en="Share of packets lost within 5 minutes. Above the red line the network works badly.",
            ),
            queries=(
                Query(
                    f"topk ({MOST}, {DEVICE_LOSS()} > 0)",
                    Text(vi="{{instance}} ({{site}})", en="{{instance}} at {{site}}"),
                ),
            ),
            unit="percentunit",
            bounds=(Bound("green"), Bound("red", LINK_LOSS)),
            empty=Text(vi="không mất gói", en="no loss"),
        ),
        Panel(
            kind="table",
            title=Text(vi="Tín hiệu quang: gần giới hạn nhất", en="Light: closest to the limit"),
            description=Text(
                vi="Công suất quang nhận được và khoảng còn lại tới giới hạn. Dưới 0 dB là quá yếu.",
                en="Received optical power, and what is left to the limit. Below 0 dB it is too weak.",
            ),
            queries=(
                Query(
                    f"bottomk ({MOST}, {PORT_RX()} - on (instance, ifName) group_left () {PORT_LIMIT()})",
                    same("{{instance}}"),
                ),
            ),
            width=12,
            columns=(
                Column("site", Text(vi="Điểm", en="Site"), opens="site", opens_with="site"),
                Column("instance", Text(vi="Thiết bị", en="Device")),
                Column("ifName", Text(vi="Cổng", en="Port")),
                Column(
                    "Value",
                    Text(vi="Còn lại tới giới hạn", en="Left to the limit"),
                    unit="dB",
                    bounds=(Bound("red"), Bound("orange", 0), Bound("green", 3)),
                ),
            ),
        ),
        Panel(
            kind="timeseries",
            title=Text(vi="Tín hiệu quang: các đường yếu nhất", en="Light: the weakest lines"),
            description=Text(
                vi="Công suất quang nhận được ở đầu yếu hơn. Càng thấp càng yếu.",
                en="Received optical power at the weaker end. The lower, the weaker.",
            ),
            queries=(Query(f"bottomk ({MOST}, {RULES['OpticalPowerLow'].value_expr})", same("{{element}}")),),
            unit="dBm",
        ),
    ),
)

_SHARE: Final = f"sum by (site) ({STOCKTAKE_LINES(state='counted')}) / sum by (site) ({STOCKTAKE_LINES()} > 0)"
_COUNTS: Final = Row(
    Text(vi="Kiểm kê", en="Stocktakes"),
    (
        Panel(
            kind="timeseries",
            title=Text(vi="Tiến độ kiểm kê từng đơn vị", en="Progress of the count by site"),
            description=Text(
                vi="Tỷ lệ tài sản trong danh sách đã thấy tại đơn vị; chỉ có khi đang kiểm kê.",
                en="Share of the things on the list that were found, while a count goes on.",
            ),
            queries=(Query(_SHARE, same("{{site}}")),),
            unit="percentunit",
            empty=Text(vi="không có đợt kiểm kê nào", en="no count goes on"),
        ),
        Panel(
            kind="table",
            title=Text(vi="Còn phải tìm", en="Still to be found"),
            description=Text(
                vi="Số tài sản trong danh sách chưa thấy, theo đơn vị.", en="Things on the list not found yet, by site."
            ),
            queries=(Query(f"sum by (site) ({STOCKTAKE_LINES(state='left')}) > 0", same("{{site}}"), now=True),),
            width=12,
            columns=(
                Column("site", Text(vi="Điểm", en="Site"), opens="site", opens_with="site"),
                Column("Value", Text(vi="Còn lại", en="Left")),
            ),
            empty=Text(vi="không còn gì phải tìm", en="nothing is left"),
        ),
    ),
)

DISTRICT: Final = Board(
    slug="district",
    title=Text(vi="Toàn huyện", en="District"),
    description=Text(
        vi="Tình hình mạng của toàn huyện trên một màn hình.", en="The network of the whole district on one screen."
    ),
    rows=(_NOW, _RANKING, _COUNTS),
)
