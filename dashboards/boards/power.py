"""Power: what feeds the UPSes, how long they last, whether they protect, and what the racks draw."""

from typing import Final

from alerts.thresholds import BATTERY_CHARGE
from collector.metrics import (
    PROBE_SUCCESS,
    SENSOR_CURRENT,
    UPS_CHARGE,
    UPS_FAULT,
    UPS_LOAD,
    UPS_OFF,
    UPS_ON_BATTERY,
    UPS_ON_BYPASS,
    UPS_OUTPUT_WATTS,
    UPS_OVERLOAD,
    UPS_SECONDS_LEFT,
    UPS_TEST_FAILED,
)
from dashboards.board import Board, Bound, Panel, Query, Row, State, Variable
from inventory.text import Text, same

HERE: Final = "=~$site"
"""The sites that the reader chose."""

_NONE_HERE: Final = Text(vi="không có thiết bị loại này", en="no such device here")

FED: Final = (
    State(0, Text(vi="Điện lưới", en="Mains"), "green"),
    State(1, Text(vi="Ắc quy", en="Battery"), "red"),
)

CARRIED: Final = (
    State(0, Text(vi="Qua UPS", en="Through the UPS"), "green"),
    State(1, Text(vi="Có vấn đề", en="In trouble"), "red"),
)

_UPS_TROUBLE: Final = "max by (instance) ({})".format(
    " or ".join(
        (
            UPS_ON_BYPASS(site=HERE),
            UPS_OVERLOAD(site=HERE),
            UPS_OFF(site=HERE),
            UPS_TEST_FAILED(site=HERE),
            UPS_FAULT(site=HERE, fault="!=bypass"),
        )
    )
)

_POWER: Final = Row(
    Text(vi="Nguồn điện dự phòng", en="Backup power"),
    (
        Panel(
            kind="states",
            title=Text(vi="UPS đang dùng nguồn nào", en="What feeds the UPS"),
            description=Text(
                vi="Đỏ là lúc mất điện lưới, UPS chạy bằng ắc quy.",
                en="Red is when the mains were gone and the battery fed.",
            ),
            queries=(Query(f"max by (instance) ({UPS_ON_BATTERY(site=HERE)})", same("{{instance}}")),),
            width=8,
            height=6,
            bounds=(Bound("green"), Bound("red", 1)),
            states=FED,
            empty=_NONE_HERE,
        ),
        Panel(
            kind="timeseries",
            title=Text(vi="Mức sạc ắc quy", en="Charge of the batteries"),
            description=Text(
                vi="Bình thường là 100 %. Dưới vạch khi đang mất điện thì phải tắt máy chủ.",
                en="100 % is normal. Below the line during a power cut servers have to be shut down.",
            ),
            queries=(Query(f"min by (instance) ({UPS_CHARGE(site=HERE)})", same("{{instance}}")),),
            unit="percentunit",
            width=8,
            height=6,
            bounds=(Bound("red"), Bound("green", BATTERY_CHARGE)),
            empty=_NONE_HERE,
        ),
        Panel(
            kind="timeseries",
            title=Text(vi="Tải của UPS", en="Load of the UPS"),
            description=Text(
                vi="Tải so với khả năng của UPS; trên 80 % thì UPS không giữ được lâu.",
                en="Load as a share of what it can carry; above 80 % it does not last.",
            ),
            queries=(Query(f"max by (instance, line) ({UPS_LOAD(site=HERE)})", same("{{instance}} {{line}}")),),
            unit="percentunit",
            width=8,
            height=6,
            bounds=(Bound("green"), Bound("orange", 0.8)),
            empty=_NONE_HERE,
        ),
        Panel(
            kind="timeseries",
            title=Text(vi="UPS chạy được thêm bao lâu", en="How long the UPS lasts"),
            description=Text(
                vi="Thời gian UPS tự tính với tải hiện nay; thực tế thường ngắn hơn.",
                en="What the UPS works out at the present load; in truth it is usually shorter.",
            ),
            queries=(Query(f"min by (instance) ({UPS_SECONDS_LEFT(site=HERE)})", same("{{instance}}")),),
            unit="s",
            width=8,
            height=6,
            empty=_NONE_HERE,
        ),
        Panel(
            kind="states",
            title=Text(vi="UPS có bảo vệ không", en="Does the UPS protect"),
            description=Text(
                vi="Đỏ là lúc điện lưới đi thẳng (bypass), quá tải, tự kiểm tra không đạt, báo hỏng, không cấp điện.",
                en="Red is a bypass, an overload, a failed self-test, a fault, or nothing fed at all.",
            ),
            queries=(Query(_UPS_TROUBLE, same("{{instance}}")),),
            width=8,
            height=6,
            bounds=(Bound("green"), Bound("red", 1)),
            states=CARRIED,
            empty=_NONE_HERE,
        ),
        Panel(
            kind="timeseries",
            title=Text(vi="Điện đang tiêu thụ", en="Power drawn"),
            description=Text(
                vi="Tổng công suất (W) mà mỗi UPS đang cấp; tăng dần theo tháng là dấu hiệu cần UPS lớn hơn.",
                en="Watts that each UPS feeds; if it grows by the month, a larger one will be needed.",
            ),
            queries=(Query(f"sum by (instance) ({UPS_OUTPUT_WATTS(site=HERE)})", same("{{instance}}")),),
            width=8,
            height=6,
            empty=_NONE_HERE,
        ),
    ),
)

_RACKS: Final = Row(
    Text(vi="Tủ máy", en="Racks"),
    (
        Panel(
            kind="timeseries",
            title=Text(vi="Dòng điện của tủ máy", en="Current of the racks"),
            description=Text(
                vi="Ampe của từng pha, từng nhánh ổ cắm trong tủ; tủ tự báo khi quá tải.",
                en="Amperes of each phase and branch of a rack's outlets, which says itself when that is too much.",
            ),
            queries=(Query(SENSOR_CURRENT(site=HERE), same("{{instance}} {{sensor}}")),),
            width=24,
            height=6,
            empty=_NONE_HERE,
        ),
    ),
)

POWER: Final = Board(
    slug="power",
    title=Text(vi="Nguồn điện", en="Power"),
    description=Text(
        vi="Điện lưới hay ắc quy, UPS giữ được bao lâu, có bảo vệ không, tủ máy dùng bao nhiêu điện.",
        en="Mains or battery, how long the UPSes last, whether they protect, what the racks draw.",
    ),
    variables=(
        Variable("site", Text(vi="Điểm", en="Site"), f"label_values({PROBE_SUCCESS.name}, site)", several=True),
    ),
    rows=(_POWER, _RACKS),
)
