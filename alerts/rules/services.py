"""Web sites and other services: blamed only when the way to them is known to be good."""

from typing import Final

from alerts.calls import SERVICE_OWNER
from alerts.promql import as_element, either, relabel
from alerts.rule import Group, Recording, Rule
from alerts.rules.reach import DEVICE_DOWN, ELEMENT_DOWN, HOLD, SHADOWED
from alerts.wording import NAME
from collector.metrics import ANCHOR, PROBE_SUCCESS, SERVICE_HOST
from inventory.text import Text

SERVICE_PROBES: Final = ("http", "tcp")
"""Kinds of probe whose target is a service."""

SERVICE_DOWN: Final = Recording(
    name="quang:service_down",
    what="1 when a probe of the service fails, held over gaps",
    labels=("instance", "site"),
    expr="1 - min by (instance, site) (last_over_time({}))".format(
        PROBE_SUCCESS(HOLD, probe="=~" + "|".join(SERVICE_PROBES))
    ),
)

# Devices and links by what they say themselves; what no probe asks by its shadow; a site when all of it is silent.
HOST_UNREACHABLE: Final = Recording(
    name="quang:host_unreachable",
    what="1 when what a service stands on does not answer or lies behind a fault",
    labels=("element",),
    expr=either(
        f"max by (element) ({ELEMENT_DOWN()})",
        f"max by (element) ({relabel(SHADOWED(), 'element', '$1', 'member')})",
        as_element("site", f"min by (site) ({DEVICE_DOWN()})", "site"),
    ),
)

# One anchor that answers is enough to know that the collector itself is connected; no known anchor is no doubt.
COLLECTOR_CUT_OFF: Final = Recording(
    name="quang:collector_cut_off",
    what="1 when every anchor is down: the collector itself has lost the network",
    labels=(),
    expr=f"min ({ANCHOR()} * on (instance) group_left () max by (instance) ({DEVICE_DOWN()}))",
)

_HOST_WAS_UNREACHABLE: Final = (
    f"{SERVICE_HOST()} * on (element) group_left () max_over_time({HOST_UNREACHABLE('2m')}) == 1"
)

# After an outage of the host the service's own probe needs its next turn before it can say that all is well.
SERVICE_IS_DOWN: Final = Rule(
    name="ServiceDown",
    title=Text(vi="Dịch vụ không truy cập được", en="Service down"),
    severity="warning",
    element="service",
    expr=f"""\
max by (element, site) ({as_element("service", f"{SERVICE_DOWN()} == 1", "instance")})
unless on (element)
  {as_element("service", f"max by (instance) ({_HOST_WAS_UNREACHABLE})", "instance")}
unless on ()
  max_over_time({COLLECTOR_CUT_OFF("2m")}) == 1""",
    for_="1m",
    summary=Text(
        vi="Dịch vụ {name} không truy cập được, trong khi đường truyền vẫn tốt.",
        en="Service {name} cannot be reached, although the network to it is fine.",
    ).fill(name=NAME),
    value=Text(vi="không truy cập được", en="not reachable"),
    bound=Text(vi="truy cập được", en="reachable"),
    meaning=Text(
        vi="Trang web hoặc phần mềm này không mở được với mọi người. Mạng không hỏng: lỗi nằm ở máy chủ, phần mềm,"
        " chứng chỉ hoặc tên miền.",
        en="Nobody can open this web site or program. The network is fine: the fault lies with the server, the program,"
        " its certificate or its domain name.",
    ),
    first_steps=(
        Text(
            vi="Chỉ mình tôi hay mọi người? Mở dịch vụ bằng điện thoại dùng 4G (tắt Wi-Fi). Mở được thì lỗi chỉ ở"
            " mạng cơ quan: báo bộ phận công nghệ thông tin.",
            en="Is it only me? Open the service on a phone over 4G (Wi-Fi off). If that works, the fault is in the"
            " office's network: tell the IT staff.",
        ),
        Text(
            vi="Đọc dòng chữ báo lỗi trên trang của dịch vụ ở đây và chụp màn hình.",
            en="Read the reason on the service's page here and take a picture of the screen.",
        ),
        Text(
            vi="Gọi đơn vị quản lý dịch vụ, đọc địa chỉ, thời điểm bắt đầu lỗi và dòng chữ báo lỗi.",
            en="Call the owner of the service; read out the address, the time it began and the reason.",
        ),
    ),
    whom_to_call=SERVICE_OWNER,
    value_expr=f"max by (element, site) ({as_element('service', SERVICE_DOWN(), 'instance')})",
)

SERVICES: Final = Group(
    name="services",
    title=Text(vi="Dịch vụ", en="Services"),
    interval_s=5,
    rules=(SERVICE_DOWN, HOST_UNREACHABLE, COLLECTOR_CUT_OFF, SERVICE_IS_DOWN),
)
