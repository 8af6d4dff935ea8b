"""Heat, fans, supplies, boards: what the device itself says, and its own limits.

A general limit makes news of a device that states none, and never an alarm: nobody knows what it stands.
"""

from typing import Final

from alerts.calls import DISTRICT_IT
from alerts.promql import as_element
from alerts.rule import Group, Recording, Rule
from alerts.thresholds import HEAT
from alerts.wording import NAME, named, number
from collector.metrics import SENSOR_STATE, SENSOR_TEMPERATURE, SENSOR_TEMPERATURE_LIMIT
from inventory.text import Text, same

WARNING: Final = 2
BAD: Final = 3
"""Values of `quang_sensor_state`, which already weighs a reading against the device's own limits."""

_SITE: Final = same("{{ $labels.site }}")


def _of_devices(expr: str) -> str:
    return f"max by (element, site, sensor) ({as_element('device', expr, 'instance')})"


TOO_HOT: Final = Recording(
    name="quang:sensor_hot_celsius",
    what="temperature of sensors that the device calls too hot, or that are above its own limit",
    labels=("element", "site", "sensor"),
    expr=_of_devices(
        f"({SENSOR_TEMPERATURE()} and on (instance, sensor) {SENSOR_STATE(kind='temperature')} >= {WARNING})"
    ),
)

WARM: Final = Recording(
    name="quang:sensor_warm_celsius",
    what="temperature of sensors above the general limit whose devices state none of their own",
    labels=("element", "site", "sensor"),
    expr=_of_devices(
        f"""(
  {SENSOR_TEMPERATURE()} > {HEAT}
  unless on (instance, sensor) {SENSOR_TEMPERATURE_LIMIT()}
  unless on (instance, sensor) {SENSOR_STATE(kind="temperature")} >= {WARNING}
)"""
    ),
    thresholds=(HEAT,),
)

PART_BAD: Final = Recording(
    name="quang:part_bad",
    what="parts that the device calls bad; of thermometers those that only say that it is too hot",
    labels=("element", "site", "sensor"),
    expr=_of_devices(
        f"""(
    {SENSOR_STATE(kind="!~temperature|current")} == {BAD}
  or
    {SENSOR_STATE(kind="temperature")} == {BAD} unless on (instance, sensor) {SENSOR_TEMPERATURE()}
)"""
    ),
)

OVERLOADED: Final = Recording(
    name="quang:current_bad",
    what="phases, banks and rails whose current the device calls too high",
    labels=("element", "site", "sensor"),
    expr=_of_devices(f"{SENSOR_STATE(kind='current')} == {BAD}"),
)

SENSOR_TOO_HOT: Final = Rule(
    name="SensorTooHot",
    title=Text(vi="Thiết bị quá nóng", en="Device too hot"),
    severity="warning",
    element="device",
    expr=f"max by (element, site) ({TOO_HOT()})",
    for_="5m",
    summary=Text(
        vi="Thiết bị {name} ở {site} quá nóng: {value} tại “{sensor}”.",
        en="Device {name} at {site} is too hot: {value} at “{sensor}”.",
    ).fill(name=NAME, site=_SITE, value=number(0, "°C"), sensor=named(TOO_HOT.name, "sensor")),
    value=number(0, "°C"),
    bound=Text(vi="giới hạn của thiết bị", en="the device's own limit"),
    meaning=Text(
        vi="Thiết bị quá nóng sẽ tự tắt để khỏi cháy, hoặc hỏng dần. Thường do quạt hỏng, bụi bám, hoặc phòng máy mất"
        " điều hòa.",
        en="A device that is too hot switches itself off or wears out. Usually a fan, dust, or the air conditioning.",
    ),
    first_steps=(
        Text(
            vi="Hỏi điểm đó: điều hòa phòng máy có chạy không, cửa tủ có bị che không?",
            en="Ask the place: does the air conditioning run, are the openings of the cabinet free?",
        ),
        Text(
            vi="Nghe quạt của thiết bị có quay không; thổi bụi ở khe gió khi đã tắt máy đúng cách.",
            en="Listen whether the fan turns; blow the dust out of the vents once the device is shut down properly.",
        ),
        Text(
            vi="Chưa mát sau 30 phút: báo bộ phận công nghệ thông tin trước khi thiết bị tự tắt.",
            en="Not cooler after 30 minutes: tell the IT staff before the device switches itself off.",
        ),
    ),
    whom_to_call=DISTRICT_IT,
    value_expr=f"max by (element, site) ({as_element('device', SENSOR_TEMPERATURE(), 'instance')})",
    unit="°C",
)

SENSOR_BAD: Final = Rule(
    name="SensorBad",
    title=Text(vi="Quạt, nguồn hoặc bộ phận khác hỏng", en="Fan, supply or another part has failed"),
    severity="warning",
    element="device",
    expr=f"count by (element, site) ({PART_BAD()})",
    for_="5m",
    summary=Text(
        vi="Thiết bị {name} ở {site} báo bộ phận hỏng: “{sensor}”.",
        en="Device {name} at {site} reports a failed part: “{sensor}”.",
    ).fill(name=NAME, site=_SITE, sensor=named(PART_BAD.name, "sensor")),
    value=number(0, Text(vi="bộ phận hỏng", en="failed")),
    bound=Text(vi="không bộ phận nào", en="none"),
    meaning=Text(
        vi="Thiết bị vẫn chạy nhờ bộ phận dự phòng còn lại, hoặc sắp nóng lên vì quạt dừng.",
        en="The device still runs on its other supply, or is about to get hot because a fan has stopped.",
    ),
    first_steps=(
        Text(
            vi="Nguồn báo hỏng: xem dây nguồn thứ hai có bị rút không, ổ cắm đó có điện không.",
            en="A supply: is its second power cord plugged in, does that outlet have power?",
        ),
        Text(
            vi="Quạt báo hỏng: nghe xem quạt có quay không, có gì kẹt vào không.",
            en="A fan: listen whether it turns, look whether something blocks it.",
        ),
        Text(
            vi="Bo mạch hoặc thiết bị trong cụm báo hỏng: xem đèn của nó, xem có ai vừa rút ra hay cắm vào không.",
            en="A board or a member of a stack: look at its lamps; has somebody pulled it out or plugged it in?",
        ),
        Text(
            vi="Còn lại: báo bộ phận công nghệ thông tin, đọc tên bộ phận ghi ở trên; kiểm tra thời hạn bảo hành.",
            en="Otherwise tell the IT staff the name of the part above; see whether the warranty still runs.",
        ),
    ),
    whom_to_call=DISTRICT_IT,
    value_expr=f"""\
sum by (element, site) ({as_element("device", f"{SENSOR_STATE(kind='!=current')} == bool {BAD}", "instance")})""",
    unit="count",
)

SENSOR_WARM: Final = Rule(
    name="SensorWarm",
    title=Text(vi="Thiết bị nóng hơn mức chung", en="Device hotter than the general limit"),
    severity="info",
    element="device",
    expr=f"max by (element, site) ({WARM()})",
    for_="15m",
    summary=Text(
        vi="Thiết bị {name} ở {site} nóng {value} tại “{sensor}”, trên mức chung {bound}; nó không tự nêu giới hạn.",
        en="Device {name} at {site} has {value} at “{sensor}”, above the general {bound}; it states no limit itself.",
    ).fill(
        name=NAME,
        site=_SITE,
        value=number(0, "°C"),
        sensor=named(WARM.name, "sensor"),
        bound=number(0, "°C", of=str(HEAT)),
    ),
    value=number(0, "°C"),
    bound=number(0, "°C", of=str(HEAT)),
    meaning=Text(
        vi="Chưa chắc là hỏng: mỗi loại thiết bị chịu nóng khác nhau. Nhưng nếu trước đây mát hơn thì nên xem lại.",
        en="Perhaps nothing is wrong: devices stand different heat. If it used to be cooler, somebody should look.",
    ),
    first_steps=(
        Text(
            vi="Xem biểu đồ nhiệt độ của thiết bị: mới tăng hay lúc nào cũng vậy?",
            en="See the device's chart of temperature: has it risen, or was it always so?",
        ),
        Text(
            vi="Mới tăng: xem điều hòa phòng máy, khe gió và bụi. Lúc nào cũng vậy: nâng mức chung trong phần cài đặt.",
            en="Risen: look at the air conditioning, the vents and dust. Always so: raise the general limit in the"
            " settings.",
        ),
    ),
    whom_to_call=DISTRICT_IT,
    value_expr=f"max by (element, site) ({as_element('device', SENSOR_TEMPERATURE(), 'instance')})",
    unit="°C",
    thresholds=(HEAT,),
)

SENSOR_OVERLOADED: Final = Rule(
    name="SensorOverloaded",
    title=Text(vi="Dòng điện vượt giới hạn", en="Current above its limit"),
    severity="warning",
    element="device",
    expr=f"count by (element, site) ({OVERLOADED()})",
    for_="2m",
    summary=Text(
        vi="Thiết bị {name} ở {site} báo dòng điện vượt giới hạn tại “{sensor}”.",
        en="Device {name} at {site} says that the current at “{sensor}” is above its limit.",
    ).fill(name=NAME, site=_SITE, sensor=named(OVERLOADED.name, "sensor")),
    value=number(0, Text(vi="chỗ quá tải", en="overloaded")),
    bound=Text(vi="không chỗ nào", en="none"),
    meaning=Text(
        vi="Cầu dao sắp nhảy: mọi máy cắm vào đó sẽ tắt cùng lúc.",
        en="The breaker is about to trip: everything plugged in there goes off at once.",
    ),
    first_steps=(
        Text(
            vi="Hỏi điểm đó vừa cắm thêm gì vào tủ máy (ấm nước, quạt sưởi, máy in lớn): rút ra ngay.",
            en="Ask what was plugged in there of late (a kettle, a heater, a large printer), and have it unplugged.",
        ),
        Text(
            vi="Chuyển bớt thiết bị sang ổ cắm của nhánh khác.",
            en="Move some devices to outlets of another branch.",
        ),
    ),
    whom_to_call=DISTRICT_IT,
    value_expr=f"""\
sum by (element, site) ({as_element("device", f"{SENSOR_STATE(kind='current')} == bool {BAD}", "instance")})""",
    unit="count",
)

SENSORS: Final = Group(
    name="sensors",
    title=Text(vi="Nhiệt độ, quạt và nguồn", en="Heat, fans and supplies"),
    interval_s=15,
    rules=(
        TOO_HOT, WARM, PART_BAD, OVERLOADED, SENSOR_TOO_HOT, SENSOR_BAD, SENSOR_WARM, SENSOR_OVERLOADED,
    ),
)  # fmt: skip
