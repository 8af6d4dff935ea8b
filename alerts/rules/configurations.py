"""Configurations of devices: somebody changed one, or none has been copied for days."""

from typing import Final

from alerts.calls import DISTRICT_IT
from alerts.promql import as_element
from alerts.rule import Group, Rule
from alerts.thresholds import CONFIG_AGE, CONFIG_NEWS
from alerts.wording import NAME, duration
from collector.metrics import CONFIG_CHANGED, CONFIG_SAVED
from inventory.text import Text, same

_SITE: Final = same("{{ $labels.site }}")
_SINCE_CHANGE: Final = f"(time() - max by (device, site) ({CONFIG_CHANGED()}))"
_SINCE_COPY: Final = f"(time() - max by (device, site) ({CONFIG_SAVED()}))"


def _of_device(expr: str) -> str:
    return f"max by (element, site) ({as_element('device', expr, 'device')})"


CONFIG_HAS_CHANGED: Final = Rule(
    name="ConfigChanged",
    title=Text(vi="Cấu hình thiết bị vừa thay đổi", en="Configuration changed"),
    severity="info",
    element="device",
    expr=_of_device(f"({_SINCE_CHANGE} < {CONFIG_NEWS})"),
    summary=Text(
        vi="Cấu hình của thiết bị {name} ở {site} vừa thay đổi, thấy cách đây {value}.",
        en="The configuration of device {name} at {site} has changed, seen {value} ago.",
    ).fill(name=NAME, site=_SITE, value=duration()),
    value=duration(),
    bound=duration(of=str(CONFIG_NEWS)),
    meaning=Text(
        vi="Có người, hoặc một chương trình, đã sửa cấu hình. Nếu là việc đã định thì không sao; nếu không ai nhận, có"
        " thể thiết bị đã bị can thiệp. Thông báo tự hết sau ít lâu.",
        en="Somebody, or a program, has changed the configuration. If it was planned, all is well; if nobody says that"
        " it was him, somebody may have tampered with the device. The news ends by itself after a while.",
    ),
    first_steps=(
        Text(
            vi="Mở trang thiết bị, mục Cấu hình, bấm “Thay đổi gì”: xem dòng nào thêm, dòng nào bỏ, và thiết bị có ghi"
            " ai sửa không.",
            en="Open the device's page, Configuration, “What changed”: see which lines came and went, and whether the"
            " device says who did it.",
        ),
        Text(
            vi="Hỏi những người có tài khoản trên thiết bị: ai vừa sửa, để làm gì?",
            en="Ask those who have a login there: who changed it, and what for?",
        ),
        Text(
            vi="Không ai nhận: báo người phụ trách mạng ngay, đổi mật khẩu thiết bị, khôi phục từ bản lưu trước.",
            en="If nobody did: tell whoever runs the network at once, change the device's passwords and restore the"
            " copy before.",
        ),
    ),
    whom_to_call=DISTRICT_IT,
    value_expr=_of_device(_SINCE_CHANGE),
    unit="s",
    thresholds=(CONFIG_NEWS,),
)

CONFIG_COPY_IS_OLD: Final = Rule(
    name="ConfigBackupStale",
    title=Text(vi="Lâu chưa sao lưu được cấu hình", en="No copy of the configuration"),
    severity="warning",
    element="device",
    expr=_of_device(f"({_SINCE_COPY} > {CONFIG_AGE})"),
    for_="10m",
    summary=Text(
        vi="Cấu hình của thiết bị {name} ở {site} chưa sao lưu được từ {value} nay.",
        en="The configuration of device {name} at {site} has not been copied for {value}.",
    ).fill(name=NAME, site=_SITE, value=duration()),
    value=duration(),
    bound=duration(of=str(CONFIG_AGE)),
    meaning=Text(
        vi="Mạng vẫn chạy. Nhưng nếu thiết bị hỏng hôm nay, phải cài lại máy thay thế từ bản lưu đã cũ.",
        en="The network works. But if the device broke today, its replacement would be set up from an old copy.",
    ),
    first_steps=(
        Text(
            vi="Mở trang thiết bị, bấm “Kiểm tra ngay”: dòng SSH nói rõ vì sao không vào được và việc cần làm.",
            en="Open the device's page and press “Check now”: the line about SSH says why it fails and what to do.",
        ),
        Text(
            vi="Thường gặp: mật khẩu đã đổi trên thiết bị mà chưa sửa trong sổ; thiết bị vừa thay nên khóa máy khác;"
            " SSH bị tắt hoặc bị chặn.",
            en="Most often: the password was changed on the device but not in the books; the device was swapped, so its"
            " host key differs; SSH is off or blocked.",
        ),
        Text(
            vi="Sửa xong, bản lưu mới có trong vòng 6 giờ và cảnh báo tự hết.",
            en="Once mended, the next copy comes within 6 hours and the warning ends by itself.",
        ),
    ),
    whom_to_call=DISTRICT_IT,
    value_expr=_of_device(_SINCE_COPY),
    unit="s",
    thresholds=(CONFIG_AGE,),
)

CONFIGURATIONS: Final = Group(
    name="configurations",
    title=Text(vi="Cấu hình thiết bị", en="Configurations"),
    interval_s=30,
    rules=(CONFIG_HAS_CHANGED, CONFIG_COPY_IS_OLD),
)
