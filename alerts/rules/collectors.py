"""Collectors that run and yet do their work badly: late, by an old list, without some targets, deaf to traps."""

from typing import Final

from alerts.calls import ADMINISTRATOR
from alerts.promql import as_element, either
from alerts.rule import Group, Rule
from alerts.thresholds import LATENESS, ROSTER_AGE, TRAP_FLOOD
from alerts.wording import NAME, duration
from collector.metrics import (
    COLLECTOR_LATENESS,
    COLLECTOR_POLLS,
    COLLECTOR_REFUSED_TARGETS,
    COLLECTOR_ROSTER_AGE,
    COLLECTOR_SKIPPED,
    COLLECTOR_SPOOL_ROWS,
    TRAP_DROPPED,
    TRAP_LISTENING,
    UP,
)
from inventory.text import Text


def _of_collector(expr: str) -> str:
    """Return the greatest value of each collector, whichever of its workers has it."""
    return f"max by (element) ({as_element('collector', expr, 'instance')})"


_SERVER_ANSWERS: Final = f"unless on () max ({UP(job='api')}) == 0"
"""While the server is down nobody can get a list from it or give it a report: that is APIDown."""

_LATE: Final = _of_collector(f"min_over_time({COLLECTOR_LATENESS('2m', percentile='99')})")


def _dropped(offset: str = "") -> str:
    """Return the share of measurements that each collector dropped because it was held up."""
    dropped = f"sum by (instance) (increase({COLLECTOR_SKIPPED('10m', cause='stalled')}{offset}))"
    return _of_collector(f"{dropped} / sum by (instance) (increase({COLLECTOR_POLLS('10m')}{offset}))")


_MUCH: Final = 0.1
"""Share of dropped measurements that counts, if it stays so: a single standstill or a restart is no fault to mend."""

COLLECTOR_IS_BEHIND: Final = Rule(
    name="CollectorBehind",
    title=Text(vi="Bộ thu thập đo không kịp", en="Collector behind"),
    severity="warning",
    element="collector",
    expr=either(f"{_LATE} > {LATENESS}", f"{_dropped()} > {_MUCH} and {_dropped(' offset 10m')} > {_MUCH}"),
    for_="1m",
    summary=Text(
        vi="Bộ thu thập {name} đo không kịp giờ: sự cố ở các điểm do nó theo dõi được báo chậm.",
        en="Collector {name} measures late: faults at the sites that it watches are told late.",
    ).fill(name=NAME),
    value=Text(vi="đo trễ hoặc bỏ lượt đo", en="late, or measurements dropped"),
    bound=duration(of=str(LATENESS)),
    meaning=Text(
        vi="Máy chạy bộ thu thập quá tải hoặc vừa bị dừng một lúc. Số liệu có chỗ trống, cảnh báo đến muộn.",
        en="Its computer is overloaded, or stood still for a while. Figures have gaps and alarms come late.",
    ),
    first_steps=(
        Text(
            vi="Xem trên máy chạy bộ thu thập có chương trình khác đang chiếm máy, hết bộ nhớ hoặc đang sao lưu không.",
            en="Does another program or a backup use up the collector's computer, or is its memory full?",
        ),
        Text(
            vi="Máy ảo: xem có vừa được di chuyển hoặc chụp ảnh (snapshot) không; khi đó cảnh báo tự hết.",
            en="A virtual machine: was it just moved or copied (a snapshot)? Then this ends by itself.",
        ),
        Text(
            vi="Báo người quản trị: tăng `workers`, hoặc chia bớt điểm cho một bộ thu thập khác.",
            en="Tell the administrator: more `workers`, or some of the sites for another collector.",
        ),
    ),
    whom_to_call=ADMINISTRATOR,
    value_expr=_LATE,
    unit="s",
    thresholds=(LATENESS,),
)

_AGE: Final = _of_collector(COLLECTOR_ROSTER_AGE())

COLLECTOR_LIST_IS_OLD: Final = Rule(
    name="CollectorListOld",
    title=Text(vi="Bộ thu thập dùng danh sách cũ", en="Collector works by an old list"),
    severity="warning",
    element="collector",
    expr=f"{_AGE} > {ROSTER_AGE}\n{_SERVER_ANSWERS}",
    for_="1m",
    summary=Text(
        vi="Bộ thu thập {name} đã lâu không nhận được danh sách mới từ máy chủ dù máy chủ vẫn chạy.",
        en="Collector {name} has had no new list for a while although the server answers.",
    ).fill(name=NAME),
    value=duration(),
    bound=duration(of=str(ROSTER_AGE)),
    meaning=Text(
        vi="Thiết bị và mật khẩu mới đổi trong sổ chưa được đo theo. Thường do mã truy cập bị thu hồi, hết hạn, hoặc"
        " đường truyền tới máy chủ bị chặn.",
        en="What was changed in the books is not measured yet. Usually the collector's token was revoked or expired, or"
        " its way to the server is blocked.",
    ),
    first_steps=(
        Text(
            vi="Ở trang Bộ thu thập, xem mã truy cập của nó còn hạn không; cấp mã mới nếu đã hết hạn hoặc bị thu hồi.",
            en="On the page Collectors, is its token still valid? Issue a new one if it has expired or was revoked.",
        ),
        Text(
            vi="Từ máy chạy bộ thu thập, mở địa chỉ của máy chủ: không mở được thì kiểm tra đường mạng và tường lửa.",
            en="Open the server's address on the collector's computer: if that fails, check network and firewall.",
        ),
        Text(
            vi="Báo người quản trị: nhật ký của bộ thu thập ghi rõ lý do (dòng “no new roster”).",
            en="Tell the administrator: the collector's log says why (the line “no new roster”).",
        ),
    ),
    whom_to_call=ADMINISTRATOR,
    value_expr=_AGE,
    unit="s",
    thresholds=(ROSTER_AGE,),
)

_LEFT_OUT: Final = _of_collector(COLLECTOR_REFUSED_TARGETS())

TARGETS_ARE_LEFT_OUT: Final = Rule(
    name="TargetsLeftOut",
    title=Text(vi="Có phép đo không thực hiện được", en="Some targets are not measured"),
    severity="warning",
    element="collector",
    expr=f"{_LEFT_OUT} > 0",
    for_="5m",
    summary=Text(
        vi="Bộ thu thập {name} không thực hiện được một số phép đo trong danh sách; lý do không ở thiết bị.",
        en="Collector {name} cannot do some of the measurements on its list, and that is not the devices' fault.",
    ).fill(name=NAME),
    value=Text(vi="có phép đo bị bỏ", en="some are left out"),
    bound=Text(vi="đo đủ", en="all are measured"),
    meaning=Text(
        vi="Các thiết bị, dịch vụ đó không được giám sát đầy đủ: không có cảnh báo không có nghĩa là bình thường.",
        en="These devices or services are not fully watched: no alarm does not mean that all is well.",
    ),
    first_steps=(
        Text(
            vi="Xem ai vừa sửa tham số đo của thiết bị hoặc dịch vụ nào trong sổ; sửa lại cho đúng.",
            en="Who has just changed the probes of a device or service in the books? Correct it.",
        ),
        Text(
            vi="Vừa nâng cấp máy chủ: nâng cấp bộ thu thập lên cùng phiên bản.",
            en="Was the server just upgraded? Bring the collector to the same version.",
        ),
        Text(
            vi="Xem lý do ở trang của một thiết bị do nó theo dõi: thiếu tài khoản, chưa được phép ping, hay hết số tệp"
            " được mở.",
            en="The page of one of its devices says why: no credential, no right to ping, no more open files.",
        ),
        Text(
            vi="Báo người quản trị: nhật ký của bộ thu thập nêu tên từng phép đo và lý do.",
            en="Tell the administrator: the collector's log names each of them and says why.",
        ),
    ),
    whom_to_call=ADMINISTRATOR,
    value_expr=_LEFT_OUT,
    unit="count",
)

_WAITING: Final = _of_collector(f"min_over_time({COLLECTOR_SPOOL_ROWS('15m')})")

REPORTS_WAIT: Final = Rule(
    name="ReportsWait",
    title=Text(vi="Báo cáo không gửi đi được", en="Reports wait"),
    severity="warning",
    element="collector",
    expr=f"{_WAITING} > 0\n{_SERVER_ANSWERS}",
    for_="5m",
    summary=Text(
        vi="Bộ thu thập {name} giữ báo cáo chưa gửi được trong hơn 15 phút dù máy chủ vẫn chạy.",
        en="Collector {name} has kept reports for more than 15 minutes although the server answers.",
    ).fill(name=NAME),
    value=Text(vi="còn báo cáo chưa gửi", en="reports wait"),
    bound=Text(vi="gửi hết", en="all delivered"),
    meaning=Text(
        vi="Chưa mất gì: báo cáo nằm trên ổ đĩa. Nhưng thời gian gián đoạn trong báo cáo SLA bị chậm.",
        en="Nothing is lost: they are on disk. But downtime in the SLA reports comes late.",
    ),
    first_steps=(
        Text(
            vi="Xem có cảnh báo khác của bộ thu thập này không (danh sách cũ, ngừng chạy): xử lý cảnh báo đó trước.",
            en="Is there another alert of this collector (old list, down)? Deal with that first.",
        ),
        Text(
            vi="Báo người quản trị: nhật ký của bộ thu thập (dòng “wait on disk”) và của máy chủ ghi rõ lý do.",
            en="Tell the administrator: the logs of the collector (the line “wait on disk”) and of the server say why.",
        ),
    ),
    whom_to_call=ADMINISTRATOR,
    value_expr=_WAITING,
    unit="count",
)

_LISTENING: Final = f"min by (element) ({as_element('collector', TRAP_LISTENING(), 'instance')})"

TRAPS_ARE_NOT_TAKEN: Final = Rule(
    name="TrapsNotTaken",
    title=Text(vi="Không nhận được trap", en="Traps are not taken"),
    severity="info",
    element="collector",
    expr=f"{_LISTENING} == 0",
    for_="2m",
    summary=Text(
        vi="Bộ thu thập {name} được cài nhận trap của thiết bị nhưng không mở được cổng.",
        en="Collector {name} is told to take traps and cannot open its port.",
    ).fill(name=NAME),
    value=Text(vi="không nhận", en="deaf"),
    bound=Text(vi="đang nhận", en="listening"),
    meaning=Text(
        vi="Việc đo vẫn chạy theo lịch; chỉ mất phần báo nhanh khi thiết bị tự lên tiếng.",
        en="Measuring goes on by its schedule; only what devices say by themselves is not heard.",
    ),
    first_steps=(
        Text(
            vi="Xem có chương trình nhận trap khác (snmptrapd) đang chiếm cổng này không: tắt nó hoặc đổi cổng.",
            en="Does another program (snmptrapd) use that port? Stop it, or choose another port.",
        ),
        Text(
            vi="Cổng dưới 1024 cần thêm quyền: xem docs/traps.md.",
            en="A port below 1024 needs a right of its own: see docs/traps.md.",
        ),
    ),
    whom_to_call=ADMINISTRATOR,
    value_expr=_LISTENING,
)

_FLOOD: Final = _of_collector(f"sum by (instance) (rate({TRAP_DROPPED('5m')}))")

TRAPS_FLOOD: Final = Rule(
    name="TrapFlood",
    title=Text(vi="Quá nhiều trap bị bỏ", en="Flood of traps"),
    severity="warning",
    element="collector",
    expr=f"{_FLOOD} > {TRAP_FLOOD}",
    for_="5m",
    summary=Text(
        vi="Bộ thu thập {name} nhận quá nhiều trap và phải bỏ bớt.",
        en="Collector {name} gets more traps than it takes and drops them.",
    ).fill(name=NAME),
    value=Text(vi="quá nhiều trap mỗi giây", en="too many each second"),
    bound=Text(vi="mức bình thường", en="a normal rate"),
    meaning=Text(
        vi="Một thiết bị hỏng hoặc cài sai đang gửi liên tục, hoặc có người giả địa chỉ. Việc đo không bị ảnh hưởng.",
        en="A device is broken or set up wrongly, or somebody forges addresses. Measuring is not affected.",
    ),
    first_steps=(
        Text(
            vi="Xem nhật ký của bộ thu thập: thiết bị gửi sai chuỗi được nêu tên. Thường là cổng mạng chập chờn.",
            en="The collector's log names devices with a wrong credential. Often it is a port that goes up and down.",
        ),
        Text(
            vi="Địa chỉ lạ: chặn trap của nó ở tường lửa, hoặc thêm thiết bị vào sổ.",
            en="An unknown address: block its traps in the firewall, or put the device into the books.",
        ),
    ),
    whom_to_call=ADMINISTRATOR,
    value_expr=_FLOOD,
    unit="count",
    thresholds=(TRAP_FLOOD,),
)

COLLECTORS: Final = Group(
    name="collectors",
    title=Text(vi="Bộ thu thập", en="Collectors"),
    interval_s=10,
    rules=(
        COLLECTOR_IS_BEHIND, COLLECTOR_LIST_IS_OLD, TARGETS_ARE_LEFT_OUT, REPORTS_WAIT, TRAPS_ARE_NOT_TAKEN,
        TRAPS_FLOOD,
    ),
)  # fmt: skip
