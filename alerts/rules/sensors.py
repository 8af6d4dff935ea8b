"""Heat, fans and supplies: what the device itself says first, its own limits next, a general one last."""

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
    what="temperature of sensors that the device calls too hot, or that are above the general limit without one",
    labels=("element", "site", "sensor"),
    expr=_of_devices(
        f"""(
    {SENSOR_TEMPERATURE()} and on (instance, sensor) {SENSOR_STATE(kind="temperature")} >= {WARNING}
  or
    {SENSOR_TEMPERATURE()} > {HEAT} unless on (instance, sensor) {SENSOR_TEMPERATURE_LIMIT()}
)"""
    ),
    thresholds=(HEAT,),
)

PART_BAD: Final = Recording(
    name="quang:part_bad",
    what="parts other than thermometers that the device calls bad",
    labels=("element", "site", "sensor"),
    expr=_of_devices(f"{SENSOR_STATE(kind='!=temperature')} == {BAD}"),
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
            vi="Còn lại: báo bộ phận công nghệ thông tin, đọc tên bộ phận ghi ở trên; kiểm tra thời hạn bảo hành.",
            en="Otherwise tell the IT staff the name of the part above; see whether the warranty still runs.",
        ),
    ),
    whom_to_call=DISTRICT_IT,
    value_expr=f"""\
sum by (element, site) ({as_element("device", f"{SENSOR_STATE(kind='!=temperature')} == bool {BAD}", "instance")})""",
    unit="count",
)

SENSORS: Final = Group(
    name="sensors",
    title=Text(vi="Nhiệt độ, quạt và nguồn", en="Heat, fans and supplies"),
    interval_s=15,
    rules=(TOO_HOT, PART_BAD, SENSOR_TOO_HOT, SENSOR_BAD),
)
