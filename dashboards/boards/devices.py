"""Devices from the inside: heat, load, servers, printers, port errors."""

from typing import Final

from alerts.printer_words import PROBLEMS
from alerts.rules.hosts import DISK_USED
from alerts.rules.links import PORT_UP
from alerts.rules.printers import USED
from alerts.rules.traffic import LINK_USE, PORT_FAULTS
from alerts.thresholds import (
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
    MEMORY_USED,
    PRINTER_PAGES,
    PRINTER_PROBLEM,
    PRINTER_TRAY,
    PROBE_SUCCESS,
    PROCESSOR_LOAD,
    SENSOR_STATE,
    SENSOR_TEMPERATURE,
)
from dashboards.board import Board, Bound, Column, Panel, Query, Row, State, Variable
from inventory.text import Text, same

HERE: Final = "=~$site"
"""The sites that the reader chose."""

_NONE_HERE: Final = Text(vi="không có thiết bị loại này", en="no such device here")

PARTS: Final = (
    State(0, Text(vi="Chưa rõ", en="Unknown"), "text"),
    State(1, Text(vi="Tốt", en="Good"), "green"),
    State(2, Text(vi="Cần chú ý", en="Needs attention"), "orange"),
    State(3, Text(vi="Hỏng", en="Failed"), "red"),
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

_NETWORK: Final = Row(
    Text(vi="Thiết bị mạng", en="Network devices"),
    (
        Panel(
            kind="timeseries",
            title=Text(vi="Bộ xử lý bận nhất", en="Busiest processor"),
            description=Text(
                vi="Của mỗi bộ định tuyến, bộ chuyển mạch. Cao suốt 15 phút thì mạng bắt đầu chập chờn.",
                en="Of each router and switch. High for 15 minutes, and the network begins to stutter.",
            ),
            queries=(Query(f"max by (instance) ({PROCESSOR_LOAD(site=HERE)})", same("{{instance}}")),),
            unit="percentunit",
            bounds=(Bound("green"), Bound("red", PROCESSOR_BUSY)),
            empty=_NONE_HERE,
        ),
        Panel(
            kind="timeseries",
            title=Text(vi="Bộ nhớ đầy nhất", en="Fullest memory"),
            description=Text(
                vi="Của mỗi bộ định tuyến, bộ chuyển mạch. Tăng đều từng ngày là phần mềm của thiết bị rò bộ nhớ.",
                en="Of each router and switch. If it grows day by day, the device's software leaks memory.",
            ),
            queries=(Query(f"max by (instance) ({MEMORY_USED(site=HERE)})", same("{{instance}}")),),
            unit="percentunit",
            bounds=(Bound("green"), Bound("red", MEMORY_FULL)),
            empty=_NONE_HERE,
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

_IN_WORDS: Final = tuple(State(number, words, "orange") for number, words in enumerate(PROBLEMS.values(), 1))
_COMPLAINTS: Final = "max by (instance, problem) ({})".format(
    " or ".join(
        f"({PRINTER_PROBLEM(site=HERE, problem=problem)} == 1) * {number}" for number, problem in enumerate(PROBLEMS, 1)
    )
)
"""What each printer complains of, as a number that the table writes in words."""

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
        Panel(
            kind="table",
            title=Text(vi="Máy in đang báo gì", en="What printers complain of"),
            description=Text(
                vi="Kẹt giấy, hết giấy, nắp mở… như máy tự báo. Bảng trống là tốt.",
                en="Jams, paper, open doors, as they say themselves. An empty table is good.",
            ),
            queries=(
                Query(
                    _COMPLAINTS,
                    same("{{instance}}"),
                    now=True,
                ),
            ),
            columns=(
                Column("instance", Text(vi="Máy in", en="Printer")),
                Column("Value", Text(vi="Đang báo", en="Complaint"), states=_IN_WORDS),
            ),
            empty=Text(vi="không máy nào kêu", en="none complains"),
        ),
        Panel(
            kind="timeseries",
            title=Text(vi="Giấy còn trong khay", en="Paper in the trays"),
            description=Text(
                vi="Phần giấy còn lại của từng khay, ở máy in cho biết.",
                en="Share that is left in each tray, of printers that tell.",
            ),
            queries=(Query(PRINTER_TRAY(site=HERE), same("{{instance}} {{tray}}")),),
            unit="percentunit",
            empty=_NONE_HERE,
        ),
    ),
)

DEVICES: Final = Board(
    slug="devices",
    title=Text(vi="Bên trong thiết bị", en="Inside the devices"),
    description=Text(
        vi="Nhiệt độ, thiết bị mạng, máy chủ, máy in, và lỗi của các cổng.",
        en="Heat, network devices, servers, printers, and errors of ports.",
    ),
    variables=(
        Variable("site", Text(vi="Điểm", en="Site"), f"label_values({PROBE_SUCCESS.name}, site)", several=True),
    ),
    rows=(_HEAT, _NETWORK, _HOSTS, _PORTS, _PRINTERS),
)
