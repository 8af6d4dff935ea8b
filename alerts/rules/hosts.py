"""Servers that run out of something: disk, memory, processor."""

from typing import Final

from alerts.calls import DISTRICT_IT
from alerts.promql import as_element
from alerts.rule import Group, Recording, Rule
from alerts.thresholds import DISK_FULL, DISK_HORIZON, MEMORY_FULL, PROCESSOR_BUSY
from alerts.wording import NAME, named, percent
from collector.metrics import (
    HOST_MEMORY_SIZE,
    HOST_MEMORY_USED,
    HR_PROCESSOR_LOAD,
    HR_STORAGE_SIZE,
    HR_STORAGE_UNIT,
    HR_STORAGE_USED,
)
from inventory.text import Text, same

FIXED_DISK: Final = "1.3.6.1.2.1.25.2.1.4"
"""hrStorageFixedDisk (RFC 2790)."""

FLASH: Final = "1.3.6.1.2.1.25.2.1.9"
"""hrStorageFlashMemory: where network devices keep their system."""

LEAST_OCTETS: Final = 1_000_000_000
"""Smaller areas are flash of network devices and file systems of the kernel, which are full by nature."""

LEAST_HISTORY: Final = 180
"""Evaluations of the last 6 hours that must be there before anybody says how a disk fills."""

_DISKS: Final = {
    "hrStorageType": f"=~{FIXED_DISK}|{FLASH}",
    "hrStorageDescr": "!~/(dev|proc|run|snap|sys|var/lib/(docker|containers|kubelet))(/[^:]*)?"
    # Junos writes `/dev/ad1s1f: var file system, mounted on: /var`. It mounts the images that it consists of, which are
    # full by nature, and shows some directories twice.
    "|(/dev/md[0-9]|[a-z]*procfs|devfs|tmpfs|/packages/|/var/jail).*, mounted on: .*",
}
_SITE: Final = same("{{ $labels.site }}")

DISK_USED: Final = Recording(
    name="quang:disk_used_ratio",
    what="used share of each disk of 1 GB and more",
    labels=("element", "site", "hrStorageDescr"),
    expr="max by (element, site, hrStorageDescr) ({})".format(
        as_element(
            "device",
            f"""(
  {HR_STORAGE_USED(**_DISKS)} / {HR_STORAGE_SIZE(**_DISKS)}
  and {HR_STORAGE_SIZE(**_DISKS)} * {HR_STORAGE_UNIT(**_DISKS)} >= {LEAST_OCTETS}
)""",
            "instance",
        )
    ),
)

DISK_IS_FULL: Final = Recording(
    name="quang:disk_full_ratio",
    what="used share of full disks",
    labels=("element", "site", "hrStorageDescr"),
    expr=f"{DISK_USED()} > {DISK_FULL}",
    thresholds=(DISK_FULL,),
)

DISK_FILLS: Final = Recording(
    name="quang:disk_fills_ratio",
    what="used share of disks that will be full before long, as the last 6 hours go",
    labels=("element", "site", "hrStorageDescr"),
    expr=f"""\
{DISK_USED()} > 0.5
and predict_linear({DISK_USED("6h")}, {DISK_HORIZON}) > 1
and count_over_time({DISK_USED("6h")}) >= {LEAST_HISTORY}
unless {DISK_IS_FULL()}""",
    thresholds=(DISK_HORIZON,),
)

_WORST_DISK: Final = f"max by (element, site) ({DISK_USED()})"

_CLEAR_UP: Final = Text(
    vi="Xóa tệp tạm, bản sao lưu cũ, nhật ký cũ; dọn thùng rác. Không xóa thứ mình không rõ.",
    en="Delete temporary files, old backups and old logs, empty the bin. Do not delete what you do not know.",
)

_OF_ROUTERS: Final = Text(
    vi="Nếu là bộ định tuyến (như MikroTik): xem cổng nào lưu lượng tăng vọt, hẹn ngoài giờ rồi khởi động lại.",
    en="If it is a router (a MikroTik says this as hosts do): see which port carries far more than usual, and"
    " restart it outside working hours.",
)

HOST_DISK_FULL: Final = Rule(
    name="HostDiskFull",
    title=Text(vi="Ổ đĩa đầy", en="Disk full"),
    severity="warning",
    element="device",
    expr=f"max by (element, site) ({DISK_IS_FULL()})",
    for_="10m",
    summary=Text(
        vi="Ổ đĩa “{disk}” của {name} ở {site} gần đầy: đã dùng {value} (mức cho phép {bound}).",
        en="Disk “{disk}” of {name} at {site} is nearly full: {value} used (allowed: {bound}).",
    ).fill(
        disk=named(DISK_IS_FULL.name, "hrStorageDescr"),
        name=NAME,
        site=_SITE,
        value=percent(),
        bound=percent(of=str(DISK_FULL)),
    ),
    value=percent(),
    bound=percent(of=str(DISK_FULL)),
    meaning=Text(
        vi="Khi hết chỗ, phần mềm trên máy này dừng lại và có thể mất dữ liệu đang ghi.",
        en="When there is no room left, the programs of this machine stop, and what they were writing may be lost.",
    ),
    first_steps=(
        _CLEAR_UP,
        Text(
            vi="Xem thứ gì lớn lên nhanh: thường là sao lưu hoặc nhật ký; chuyển sang ổ khác.",
            en="See what grows fast, usually backups or logs, and move it to another disk.",
        ),
        Text(
            vi="Không dọn được: báo người quản lý phần mềm chạy trên máy này trước khi nó dừng.",
            en="Nothing to delete: tell the owner of the programs on this machine before they stop.",
        ),
    ),
    whom_to_call=DISTRICT_IT,
    value_expr=_WORST_DISK,
    unit="ratio",
    thresholds=(DISK_FULL,),
)

HOST_DISK_FULL_SOON: Final = Rule(
    name="HostDiskFullSoon",
    title=Text(vi="Ổ đĩa sắp đầy", en="Disk full soon"),
    severity="info",
    element="device",
    expr=f"max by (element, site) ({DISK_FILLS()})",
    for_="1h",
    summary=Text(
        vi="Ổ đĩa “{disk}” của {name} ở {site} sắp đầy theo đà hiện nay: đã dùng {value}.",
        en="Disk “{disk}” of {name} at {site} will soon be full as it goes now: {value} used.",
    ).fill(disk=named(DISK_FILLS.name, "hrStorageDescr"), name=NAME, site=_SITE, value=percent()),
    value=percent(),
    bound=percent(of="1.0"),
    meaning=Text(
        vi="Chưa ảnh hưởng tới ai. Dọn bớt hoặc thêm ổ trong vài ngày tới thì phần mềm không phải dừng.",
        en="Nobody is affected yet. Clear up or add a disk within days, and nothing has to stop.",
    ),
    first_steps=(
        Text(
            vi="Xem trong 6 giờ qua máy này chép hay sao lưu gì lớn không; nếu đã xong thì không phải làm gì.",
            en="Was something large copied or backed up within the last 6 hours? If that is done, do nothing.",
        ),
        _CLEAR_UP,
    ),
    whom_to_call=DISTRICT_IT,
    value_expr=_WORST_DISK,
    unit="ratio",
)

_MEMORY: Final = "max by (element, site) ({})".format(
    as_element("device", f"({HOST_MEMORY_USED()} / ({HOST_MEMORY_SIZE()} > 0))", "instance")
)

HOST_MEMORY_FULL: Final = Rule(
    name="HostMemoryFull",
    title=Text(vi="Hết bộ nhớ", en="Out of memory"),
    severity="warning",
    element="device",
    expr=f"{_MEMORY} > {MEMORY_FULL}",
    for_="15m",
    summary=Text(
        vi="Bộ nhớ của {name} ở {site} gần hết: chương trình chiếm {value} (mức cho phép {bound}).",
        en="{name} at {site} is nearly out of memory: programs hold {value} (allowed: {bound}).",
    ).fill(name=NAME, site=_SITE, value=percent(), bound=percent(of=str(MEMORY_FULL))),
    value=percent(),
    bound=percent(of=str(MEMORY_FULL)),
    meaning=Text(
        vi="Máy chạy rất chậm; hệ điều hành có thể tự tắt phần mềm quan trọng.",
        en="The machine gets very slow, and its system may end an important program.",
    ),
    first_steps=(
        Text(
            vi="Đăng nhập máy, xem chương trình nào chiếm nhiều bộ nhớ nhất; đóng thứ không cần.",
            en="Sign in and see which program holds most memory; close what is not needed.",
        ),
        Text(
            vi="Nếu là phần mềm dùng chung: hẹn giờ ít người dùng rồi khởi động lại phần mềm đó.",
            en="If it is a shared program, restart it at a time when few people use it.",
        ),
        _OF_ROUTERS,
        Text(
            vi="Lặp lại hằng tuần: ghi lại để đề nghị nâng cấp bộ nhớ.",
            en="If it returns every week, note it and ask for more memory.",
        ),
    ),
    whom_to_call=DISTRICT_IT,
    value_expr=_MEMORY,
    unit="ratio",
    thresholds=(MEMORY_FULL,),
)

_BUSY: Final = "max by (element, site) ({})".format(
    as_element("device", f"(avg by (instance, site) (avg_over_time({HR_PROCESSOR_LOAD('15m')})) / 100)", "instance")
)

HOST_PROCESSOR_BUSY: Final = Rule(
    name="HostProcessorBusy",
    title=Text(vi="Bộ xử lý quá tải", en="Processor overloaded"),
    severity="info",
    element="device",
    expr=f"{_BUSY} > {PROCESSOR_BUSY}",
    for_="5m",
    summary=Text(
        vi="Bộ xử lý của {name} ở {site} chạy hết sức: trung bình 15 phút là {value} (mức cho phép {bound}).",
        en="The processors of {name} at {site} are at their limit: {value} over 15 minutes (allowed: {bound}).",
    ).fill(name=NAME, site=_SITE, value=percent(), bound=percent(of=str(PROCESSOR_BUSY))),
    value=percent(),
    bound=percent(of=str(PROCESSOR_BUSY)),
    meaning=Text(
        vi="Người dùng thấy phần mềm trên máy này phản hồi chậm.",
        en="People find that the programs of this machine answer slowly.",
    ),
    first_steps=(
        Text(
            vi="Đăng nhập máy, xem chương trình nào chạy nhiều nhất; quét vi-rút hoặc sao lưu thì chờ xong.",
            en="Sign in and see which program works most; a virus scan or a backup will end by itself.",
        ),
        _OF_ROUTERS,
        Text(
            vi="Chương trình lạ chiếm máy: rút mạng máy đó và báo bộ phận công nghệ thông tin ngay.",
            en="A program that nobody knows: unplug the machine from the network and tell the IT staff at once.",
        ),
    ),
    whom_to_call=DISTRICT_IT,
    value_expr=_BUSY,
    unit="ratio",
    thresholds=(PROCESSOR_BUSY,),
)

HOSTS: Final = Group(
    name="hosts",
    title=Text(vi="Máy chủ", en="Servers"),
    interval_s=60,
    rules=(
        DISK_USED, DISK_IS_FULL, DISK_FILLS, HOST_DISK_FULL, HOST_DISK_FULL_SOON, HOST_MEMORY_FULL, HOST_PROCESSOR_BUSY,
    ),
)  # fmt: skip
