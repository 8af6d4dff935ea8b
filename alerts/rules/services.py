"""Web sites and other services: blamed only when the way to them is known to be good."""

from typing import Final

from alerts.calls import SERVICE_OWNER
from alerts.promql import as_element, either, relabel
from alerts.rule import Group, Recording, Rule
from alerts.rules.reach import DEVICE_DOWN, ELEMENT_DOWN, HOLD, SHADOWED
from alerts.thresholds import CERTIFICATE_NOTICE, CLOCK_OFFSET
from alerts.wording import NAME, number
from collector.metrics import ANCHOR, NTP_OFFSET, PROBE_SUCCESS, SERVICE_HOST, SSL_EXPIRY
from inventory.text import Text

SERVICE_PROBES: Final = ("http", "tcp", "dns", "smtp", "imap", "ntp", "sip", "h323")
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
        " chứng thư số hoặc tên miền.",
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

_CERTIFICATE_S: Final = f"min by (element, site) ({as_element('service', SSL_EXPIRY(), 'instance')}) - time()"

CERTIFICATE_EXPIRES: Final = Rule(
    name="CertificateExpires",
    title=Text(vi="Chứng thư số sắp hết hạn", en="Certificate expires"),
    severity="warning",
    element="service",
    expr=f"({_CERTIFICATE_S}) / 86400 < {CERTIFICATE_NOTICE}",
    for_="10m",
    summary=Text(
        vi="Chứng thư số của dịch vụ {name} còn hạn {left}.", en="The certificate of service {name} ends in {left}."
    ).fill(name=NAME, left=number(0, Text(vi="ngày", en="days"))),
    value=number(0, Text(vi="ngày", en="days")),
    bound=number(0, Text(vi="ngày", en="days"), of=str(CERTIFICATE_NOTICE)),
    meaning=Text(
        vi="Dịch vụ vẫn chạy. Khi chứng thư hết hạn, trình duyệt sẽ chặn hoặc cảnh báo mọi người là trang không"
        " an toàn.",
        en="The service still works. Once the certificate has ended, browsers will block it or warn everybody of it.",
    ),
    first_steps=(
        Text(
            vi="Xem ngày hết hạn: mở dịch vụ, bấm hình ổ khóa cạnh địa chỉ, chọn xem chứng chỉ.",
            en="See the date: open the service, press the lock beside its address and choose to view the certificate.",
        ),
        Text(
            vi="Gọi đơn vị quản lý dịch vụ, đọc địa chỉ và ngày hết hạn, đề nghị gia hạn.",
            en="Call the owner of the service, read out its address and that date, and ask for a renewal.",
        ),
        Text(
            vi="Chứng thư tự gia hạn (như Let's Encrypt) mà còn dưới 21 ngày là việc gia hạn đang hỏng: nhờ người quản"
            " trị máy chủ xem nhật ký gia hạn.",
            en="A certificate that should renew itself (Let's Encrypt, for example) and has not: have the server's"
            " administrator look into the log of renewals.",
        ),
    ),
    whom_to_call=SERVICE_OWNER,
    value_expr=_CERTIFICATE_S,
    unit="s",
    thresholds=(CERTIFICATE_NOTICE,),
)

_CLOCK_S: Final = f"max by (element, site) (abs({as_element('service', NTP_OFFSET(), 'instance')}))"

CLOCK_OFF: Final = Rule(
    name="ClockOff",
    title=Text(vi="Đồng hồ bị lệch", en="Clock off"),
    severity="warning",
    element="service",
    expr=f"{_CLOCK_S} > {CLOCK_OFFSET}",
    for_="10m",
    summary=Text(
        vi="Máy chủ thời gian {name} và máy thu thập lệch nhau {off}.",
        en="The clocks of time server {name} and of the collector differ by {off}.",
    ).fill(name=NAME, off=number(1, Text(vi="giây", en="s"))),
    value=number(1, Text(vi="giây", en="s")),
    bound=number(1, Text(vi="giây", en="s"), of=str(CLOCK_OFFSET)),
    meaning=Text(
        vi="Một trong hai đồng hồ sai. Giờ sai thì nhật ký không khớp nhau, chữ ký số và đăng nhập có thể bị từ chối.",
        en="One of the two clocks is wrong. With a wrong clock logs do not match, and signatures and sign-ins may be"
        " refused.",
    ),
    first_steps=(
        Text(
            vi="So giờ trên máy thu thập với giờ trên điện thoại: lệch thì máy thu thập sai, khớp thì máy chủ thời gian"
            " sai.",
            en="Compare the collector's clock with a phone: if they differ the collector is wrong, else the time"
            " server.",
        ),
        Text(
            vi="Máy thu thập sai: báo người quản trị kiểm tra dịch vụ đồng bộ giờ (chrony hoặc systemd-timesyncd).",
            en="The collector is wrong: have the administrator check what keeps its time (chrony, systemd-timesyncd).",
        ),
        Text(
            vi="Máy chủ thời gian sai: báo người quản lý máy chủ đó; trong lúc chờ, cho các máy lấy giờ ở nơi khác.",
            en="The time server is wrong: tell its administrator; until then let machines take their time elsewhere.",
        ),
    ),
    whom_to_call=SERVICE_OWNER,
    value_expr=_CLOCK_S,
    unit="s",
    thresholds=(CLOCK_OFFSET,),
)

SERVICES: Final = Group(
    name="services",
    title=Text(vi="Dịch vụ", en="Services"),
    interval_s=5,
    rules=(SERVICE_DOWN, HOST_UNREACHABLE, COLLECTOR_CUT_OFF, SERVICE_IS_DOWN, CERTIFICATE_EXPIRES, CLOCK_OFF),
)
