"""Devices from the inside: power supplies, heat, servers, printers, port errors."""

from typing import Final

from alerts.rules.hosts import DISK_USED
from alerts.rules.links import PORT_UP
from alerts.rules.printers import USED
from alerts.rules.traffic import LINK_USE, PORT_FAULTS
from alerts.thresholds import (
    BATTERY_CHARGE,
    DISK_FULL,
    HEAT,
    LINK_FULL,
    MEMORY_FULL,
    PORT_ERRORS,
    PROCESSOR_BUSY,
    SUPPLY_USED,
)
from collector.metrics import (
    HOST_MEMORY_SIZE,
    HOST_MEMORY_USED,
    HR_PROCESSOR_LOAD,
    PRINTER_PAGES,
    PROBE_SUCCESS,
    SENSOR_STATE,
    SENSOR_TEMPERATURE,
    UPS_CHARGE,
    UPS_LOAD,
    UPS_ON_BATTERY,
    UPS_SECONDS_LEFT,
)
from dashboards.board import Board, Bound, Column, Panel, Query, Row, State, Variable
from inventory.text import Text, same

HERE: Final = "=~$site"
"""The sites that the reader chose."""

_NONE_HERE: Final = Text(vi="không có thiết bị loại này", en="no such device here")

FED: Final = (
    State(0, Text(vi="Điện lưới", en="Mains"), "green"),
    State(1, Text(vi="Ắc quy", en="Battery"), "red"),
)

PARTS: Final = (
    State(0, Text(vi="Chưa rõ", en="Unknown"), "text"),
    State(1, Text(vi="Tốt", en="Good"), "green"),
    State(2, Text(vi="Cần chú ý", en="Needs attention"), "orange"),
    State(3, Text(vi="Hỏng", en="Failed"), "red"),
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
            width=24,
            height=5,
            empty=_NONE_HERE,
        ),
    ),
)

_HEAT: Final = Row(
    Text(vi="Nhiệt độ, quạt, nguồn", en="Heat, fans, supplies"),
    (
        Panel(
            kind="timeseries",
            title=Text(vi="Nhiệt độ cao nhất của mỗi thiết bị", en="Highest temperature of each device"),
            description=Text(
                vi="Độ C. Mỗi thiết bị có giới hạn riêng; vạch đỏ là giới hạn chung.",
                en="In °C. Each device has a limit of its own; the red line is the general one.",
            ),
            queries=(Query(f"max by (instance) ({SENSOR_TEMPERATURE(site=HERE)})", same("{{instance}}")),),
            unit="none",
            bounds=(Bound("green"), Bound("red", HEAT)),
            empty=_NONE_HERE,
        ),
        Panel(
            kind="table",
            title=Text(vi="Bộ phận cần chú ý", en="Parts that need attention"),
            description=Text(
                vi="Quạt, nguồn, cảm biến mà thiết bị tự báo không tốt. Bảng trống là tốt.",
                en="Fans, supplies and sensors that the device itself does not call good. An empty table is good.",
            ),
            queries=(
                Query(
                    f"max by (instance, sensor, kind) ({SENSOR_STATE(site=HERE)}) > 1",
                    same("{{instance}}"),
                    now=True,
                ),
            ),
            columns=(
                Column("instance", Text(vi="Thiết bị", en="Device")),
                Column("sensor", Text(vi="Bộ phận", en="Part")),
                Column("Value", Text(vi="Tình trạng", en="State"), states=PARTS),
            ),
            empty=Text(vi="không có gì cần chú ý", en="nothing needs attention"),
        ),
    ),
)

_HOSTS: Final = Row(
    Text(vi="Máy chủ", en="Servers"),
    (
        Panel(
            kind="timeseries",
            title=Text(vi="Bộ xử lý", en="Processors"),
            description=Text(
                vi="Tải trung bình các bộ xử lý của mỗi máy. Vài phút cao là bình thường.",
                en="Mean load of the processors of each machine. Some minutes of high load are normal.",
            ),
            queries=(Query(f"avg by (instance) ({HR_PROCESSOR_LOAD(site=HERE)}) / 100", same("{{instance}}")),),
            unit="percentunit",
            width=8,
            bounds=(Bound("green"), Bound("red", PROCESSOR_BUSY)),
            empty=_NONE_HERE,
        ),
        Panel(
            kind="timeseries",
            title=Text(vi="Bộ nhớ", en="Memory"),
            description=Text(
                vi="Phần bộ nhớ do chương trình chiếm, không kể bộ đệm.",
                en="The share that programs hold; caches are not counted.",
            ),
            queries=(
                Query(
                    f"max by (instance) ({HOST_MEMORY_USED(site=HERE)} / ({HOST_MEMORY_SIZE(site=HERE)} > 0))",
                    same("{{instance}}"),
                ),
            ),
            unit="percentunit",
            width=8,
            bounds=(Bound("green"), Bound("red", MEMORY_FULL)),
            empty=_NONE_HERE,
        ),
        Panel(
            kind="timeseries",
            title=Text(vi="Ổ đĩa", en="Disks"),
            description=Text(
                vi="Phần đã dùng của mỗi ổ đĩa từ 1 GB trở lên.", en="Used share of each disk of 1 GB and more."
            ),
            queries=(Query(DISK_USED(site=HERE), same("{{element}} {{hrStorageDescr}}")),),
            unit="percentunit",
            width=8,
            bounds=(Bound("green"), Bound("red", DISK_FULL)),
            empty=_NONE_HERE,
        ),
    ),
)

_PORTS: Final = Row(
    Text(vi="Đường truyền và cổng", en="Lines and ports"),
    (
        Panel(
            kind="timeseries",
            title=Text(vi="Mức sử dụng đường truyền", en="Use of the links"),
            description=Text(
                vi="Lưu lượng so với băng thông thuê, hoặc tốc độ cổng; của mọi điểm.",
                en="Traffic as a share of what was contracted, or of the port's speed; of all sites.",
            ),
            queries=(Query(LINK_USE(), same("{{element}}")),),
            unit="percentunit",
            bounds=(Bound("green"), Bound("red", LINK_FULL)),
        ),
        Panel(
            kind="timeseries",
            title=Text(vi="Gói lỗi trong 15 phút", en="Packets with errors within 15 minutes"),
            description=Text(
                vi="Của các cổng đang chạy. Cổng tốt không có gói lỗi nào.",
                en="Of ports that are up. A good port has none at all.",
            ),
            queries=(
                Query(
                    f"{PORT_FAULTS(site=HERE)} > 0 and on (instance, ifName) {PORT_UP()}",
                    same("{{instance}} {{ifName}}"),
                ),
            ),
            unit="short",
            bounds=(Bound("green"), Bound("red", PORT_ERRORS)),
            empty=Text(vi="không có gói lỗi", en="no errors"),
        ),
    ),
)

_PRINTERS: Final = Row(
    Text(vi="Máy in", en="Printers"),
    (
        Panel(
            kind="table",
            title=Text(vi="Mực và vật tư đã dùng", en="Toner and supplies used"),
            description=Text(
                vi="Màu cam là lúc cần có hộp mới trong kho.", en="Orange is when a new one should be in stock."
            ),
            queries=(Query(USED(site=HERE), same("{{element}}"), now=True),),
            columns=(
                Column("element", Text(vi="Máy in", en="Printer")),
                Column("supply", Text(vi="Vật tư", en="Supply")),
                Column(
                    "Value",
                    Text(vi="Đã dùng", en="Used"),
                    unit="percentunit",
                    bounds=(Bound("green"), Bound("orange", SUPPLY_USED)),
                ),
            ),
            empty=_NONE_HERE,
        ),
        Panel(
            kind="timeseries",
            title=Text(vi="Số trang in mỗi ngày", en="Pages printed a day"),
            description=Text(
                vi="Số trang trong 24 giờ qua của mỗi máy in.", en="Pages of each printer within the last 24 hours."
            ),
            queries=(Query(f"sum by (instance) (increase({PRINTER_PAGES('1d', site=HERE)}))", same("{{instance}}")),),
            unit="short",
            empty=_NONE_HERE,
        ),
    ),
)

DEVICES: Final = Board(
    slug="devices",
    title=Text(vi="Bên trong thiết bị", en="Inside the devices"),
    description=Text(
        vi="Nguồn điện, nhiệt độ, máy chủ, máy in, và lỗi của các cổng.",
        en="Power, heat, servers, printers, and errors of ports.",
    ),
    variables=(
        Variable("site", Text(vi="Điểm", en="Site"), f"label_values({PROBE_SUCCESS.name}, site)", several=True),
    ),
    rows=(_POWER, _HEAT, _HOSTS, _PORTS, _PRINTERS),
)
