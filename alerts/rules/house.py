"""The house watching itself: what would keep a fault from being seen, or the news of it from arriving.

All but CollectorDown and ReportsLost reach people by Alertmanager's own mail, because the part that is broken is the
one that would have told them.
"""

from typing import Final

from alerts.calls import ADMINISTRATOR
from alerts.promql import as_element, either
from alerts.rule import Group, Rule
from alerts.thresholds import COLLECTOR_SILENCE
from alerts.wording import NAME, duration
from collector.metrics import COLLECTOR_LAST_SEEN, COLLECTOR_SPOOL_DROPPED, NOTIFICATIONS_FAILED, UP
from inventory.text import Text

COLLECTOR_IS_DOWN: Final = Rule(
    name="CollectorDown",
    title=Text(vi="Bộ thu thập ngừng chạy", en="Collector down"),
    severity="critical",
    element="collector",
    expr="max by (element) (\n{}\n)".format(
        either(
            as_element("collector", f"max by (instance) ({UP(job='collector')}) == 0", "instance"),
            as_element(
                "collector",
                f"(time() - max by (collector) ({COLLECTOR_LAST_SEEN()}) > {COLLECTOR_SILENCE})",
                "collector",
            ),
        )
    ),
    for_="20s",
    summary=Text(
        vi="Bộ thu thập {name} ngừng chạy: các điểm do nó theo dõi hiện không được giám sát.",
        en="Collector {name} is down: the sites that it watches are not watched now.",
    ).fill(name=NAME),
    value=Text(vi="không trả lời", en="no answer"),
    bound=duration(of=str(COLLECTOR_SILENCE)),
    meaning=Text(
        vi="Hệ thống đang “mù” ở các điểm này: không có cảnh báo không có nghĩa là mọi thứ bình thường.",
        en="The system is blind for these sites: no alarm does not mean that all is well.",
    ),
    first_steps=(
        Text(
            vi="Xem máy chạy bộ thu thập có bật và có điện không. Không có: bật lại.",
            en="Is the computer that runs the collector on, and has it power? If not, switch it on.",
        ),
        Text(
            vi="Chờ 2 phút: bộ thu thập tự chạy lại cùng máy.",
            en="Wait 2 minutes: the collector starts with the computer.",
        ),
        Text(
            vi="Vẫn không được: báo người quản trị tên bộ thu thập; nhật ký cho biết mã truy cập còn hiệu lực không.",
            en="Still down: tell the administrator its name; its log says whether its token was revoked.",
        ),
    ),
    whom_to_call=ADMINISTRATOR,
    value_expr=as_element("collector", f"(time() - max by (collector) ({COLLECTOR_LAST_SEEN()}))", "collector"),
    unit="s",
    thresholds=(COLLECTOR_SILENCE,),
)

API_IS_DOWN: Final = Rule(
    name="APIDown",
    title=Text(vi="Máy chủ giám sát ngừng chạy", en="Server down"),
    severity="critical",
    element="rule",
    expr=either(f"max ({UP(job='api')}) == 0", f"max (absent({UP(job='api')})) - 1"),
    for_="30s",
    summary=Text(
        vi="Máy chủ giám sát không trả lời: trang web không mở được và tin nhắn sự cố không được gửi đi.",
        en="The monitoring server does not answer: its pages do not open and no news of faults is sent.",
    ),
    value=Text(vi="không trả lời", en="no answer"),
    bound=Text(vi="có trả lời", en="an answer"),
    meaning=Text(
        vi="Việc đo vẫn tiếp tục và không mất dữ liệu, nhưng không ai được báo tin. Thư này do Alertmanager gửi thẳng.",
        en="Measuring goes on and nothing is lost, but nobody is told. This mail comes straight from Alertmanager.",
    ),
    first_steps=(
        Text(
            vi="Mở trang web giám sát. Mở được thì chỉ là khởi động lại: không phải làm gì.",
            en="Open the monitoring page. If it opens, it was only a restart: nothing to do.",
        ),
        Text(
            vi="Không mở được: xem máy chủ có bật không; khởi động lại máy nếu được phép.",
            en="If not: see whether the server is on; restart it if you may.",
        ),
        Text(vi="Báo người quản trị.", en="Tell the administrator."),
    ),
    whom_to_call=ADMINISTRATOR,
    value_expr=f'label_replace(1 - max ({UP(job="api")}), "element", "rule:APIDown", "", "")',
)

# While the server is down every delivery fails: that is APIDown. What fails while it answers is this one. The window
# and the wait are equal, so that failures from before the server's return have left the window when the wait ends.
WEBHOOK_IS_FAILING: Final = Rule(
    name="WebhookFailing",
    title=Text(vi="Cảnh báo không tới được máy chủ", en="Alerts do not arrive"),
    severity="critical",
    element="rule",
    expr=f"""\
sum (increase({NOTIFICATIONS_FAILED("3m", integration="webhook")})) > 0
unless on () max ({UP(job="api")}) == 0""",
    for_="3m",
    summary=Text(
        vi="Máy chủ giám sát đang chạy nhưng từ chối nhận cảnh báo: tin nhắn sự cố không được gửi đi.",
        en="The monitoring server runs but refuses alerts: no news of faults is sent.",
    ),
    value=Text(vi="bị từ chối", en="refused"),
    bound=Text(vi="được nhận", en="accepted"),
    meaning=Text(
        vi="Sự cố vẫn được phát hiện nhưng chậm được ghi và báo tin. Thường do mã truy cập hết hạn hoặc ổ đĩa đầy.",
        en="Faults are still seen, but are recorded and told late. Usually a token has expired or the disk is full.",
    ),
    first_steps=(
        Text(
            vi="Xem trên trang chủ các sự cố đang mở; cho tới khi sửa xong, mở trang chủ mỗi 15 phút.",
            en="Look at the open incidents on the home page; until this is repaired, look every 15 minutes.",
        ),
        Text(
            vi="Báo người quản trị: xem nhật ký máy chủ, mã truy cập của Alertmanager và dung lượng ổ đĩa.",
            en="Tell the administrator: look at the server's log, Alertmanager's token and the space on the disk.",
        ),
    ),
    whom_to_call=ADMINISTRATOR,
    value_expr='label_replace(sum (increase({})) > bool 0, "element", "rule:WebhookFailing", "", "")'.format(
        NOTIFICATIONS_FAILED("3m", integration="webhook")
    ),
)

_DROPPED: Final = "max by (element) ({})".format(
    as_element("collector", f"increase({COLLECTOR_SPOOL_DROPPED('10m')})", "instance")
)

REPORTS_ARE_LOST: Final = Rule(
    name="ReportsLost",
    title=Text(vi="Bộ thu thập phải bỏ báo cáo", en="Collector drops reports"),
    severity="warning",
    element="collector",
    expr=f"{_DROPPED} > 0",
    summary=Text(
        vi="Bộ thu thập {name} hết chỗ lưu và phải bỏ các báo cáo cũ nhất chưa gửi được.",
        en="Collector {name} has no room left and drops the oldest reports that it could not deliver.",
    ).fill(name=NAME),
    value=Text(vi="đang bỏ báo cáo", en="drops reports"),
    bound=Text(vi="giữ đủ", en="keeps all"),
    meaning=Text(
        vi="Đo và cảnh báo vẫn chạy, nhưng thời gian gián đoạn trong báo cáo SLA của những ngày này sẽ bị thiếu.",
        en="Measuring and alarms go on, but downtime of these days will be missing from the SLA reports.",
    ),
    first_steps=(
        Text(
            vi="Xem ổ đĩa của máy chạy bộ thu thập còn trống không; xoá bớt tệp không cần.",
            en="Is there space on the disk of the collector's computer? If not, remove what is not needed.",
        ),
        Text(
            vi="Xem máy chủ giám sát có trả lời không: khi nó trả lời lại, báo cáo được gửi đi và chỗ trống trở lại.",
            en="Does the monitoring server answer? Once it does, the reports are delivered and there is room again.",
        ),
        Text(
            vi="Báo người quản trị: xem nhật ký của bộ thu thập để biết báo cáo bị bỏ vì sao.",
            en="Tell the administrator: the collector's log says why reports were dropped.",
        ),
    ),
    whom_to_call=ADMINISTRATOR,
    value_expr=f"{_DROPPED} > bool 0",
)

WATCHDOG: Final = Rule(
    name="Watchdog",
    title=Text(vi="Tín hiệu hoạt động", en="Sign of life"),
    severity="info",
    element="rule",
    expr="vector(1)",
    summary=Text(
        vi="Hệ thống giám sát đang hoạt động. Đây không phải sự cố.",
        en="The monitoring system is working. This is not a fault.",
    ),
    value=Text(vi="đang chạy", en="running"),
    bound=Text(vi="luôn chạy", en="always"),
    meaning=Text(
        vi="Cảnh báo này luôn bật để chứng tỏ đường báo tin còn thông. Khi nó im lặng mới là có chuyện.",
        en="This alert is always on, to prove that news gets through. Only its silence means trouble.",
    ),
    first_steps=(
        Text(
            vi="Không phải làm gì. Nếu một ngày không nhận được thư này: báo người quản trị.",
            en="Nothing to do. If this mail does not come for a day: tell the administrator.",
        ),
    ),
    whom_to_call=ADMINISTRATOR,
    value_expr='label_replace(vector(1), "element", "rule:Watchdog", "", "")',
)

HOUSE: Final = Group(
    name="house",
    title=Text(vi="Hệ thống giám sát", en="The monitoring system"),
    interval_s=5,
    rules=(COLLECTOR_IS_DOWN, API_IS_DOWN, WEBHOOK_IS_FAILING, REPORTS_ARE_LOST, WATCHDOG),
)
