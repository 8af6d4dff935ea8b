"""Printers: a new cartridge is bought before the old one is empty, and somebody goes to one that has stopped."""

from typing import Final

from alerts.calls import DISTRICT_IT
from alerts.printer_words import PROBLEMS
from alerts.promql import as_element
from alerts.rule import Group, Recording, Rule
from alerts.thresholds import SUPPLY_USED
from alerts.wording import NAME, listed, named, percent
from collector.metrics import PRINTER_PROBLEM, PRINTER_SUPPLY
from inventory.text import Text, same

_SITE: Final = same("{{ $labels.site }}")

USED: Final = Recording(
    name="quang:supply_used_ratio",
    what="used share of each supply of a printer; of a waste box the filled share",
    labels=("element", "site", "supply"),
    expr=f"1 - min by (element, site, supply) ({as_element('device', PRINTER_SUPPLY(), 'instance')})",
)

LOW: Final = Recording(
    name="quang:supply_low_ratio",
    what="used share of supplies that should be at hand anew",
    labels=("element", "site", "supply"),
    expr=f"{USED()} > {SUPPLY_USED}",
    thresholds=(SUPPLY_USED,),
)

PRINTER_SUPPLY_LOW: Final = Rule(
    name="PrinterSupplyLow",
    title=Text(vi="Máy in sắp hết mực", en="Printer supply low"),
    severity="info",
    element="device",
    expr=f"max by (element, site) ({LOW()})",
    for_="30m",
    summary=Text(
        vi="Máy in {name} ở {site}: “{supply}” đã dùng {value}, cần chuẩn bị thay.",
        en="Printer {name} at {site}: “{supply}” is {value} used; have a new one ready.",
    ).fill(name=NAME, site=_SITE, supply=named(LOW.name, "supply"), value=percent()),
    value=percent(),
    bound=percent(of=str(SUPPLY_USED)),
    meaning=Text(
        vi="Máy vẫn in được. Mua sẵn hộp mực thì không phải dừng việc khi mực hết.",
        en="It still prints. With a new cartridge at hand nobody has to wait when this one is empty.",
    ),
    first_steps=(
        Text(
            vi="Xem trong kho còn hộp mực đúng loại không (kiểu hộp mực ghi trên trang tài sản của máy in).",
            en="Is a cartridge of the right type in stock? The type stands on the printer's asset page.",
        ),
        Text(
            vi="Không còn: đề nghị mua. Đừng thay khi chưa hết hẳn, bản in còn rõ thì dùng tiếp.",
            en="None left: ask for one. Do not change it before prints get faint.",
        ),
    ),
    whom_to_call=DISTRICT_IT,
    value_expr=f"max by (element, site) ({USED()})",
    unit="ratio",
    thresholds=(SUPPLY_USED,),
)

STOPS: Final = (
    "paper_out", "toner_out", "door_open", "jammed", "service", "tray_missing", "output_missing", "supply_missing",
    "output_full",
)  # fmt: skip
"""Problems with which a printer prints nothing until somebody comes. An empty tray is none: there may be others."""

STOPPED: Final = Recording(
    name="quang:printer_stopped",
    what="what keeps a printer from printing",
    labels=("element", "site", "problem"),
    expr="max by (element, site, problem) ({} == 1)".format(
        as_element("device", PRINTER_PROBLEM(problem=f"=~{'|'.join(STOPS)}"), "instance")
    ),
)

_ENDS: Final = f"""(
  {PRINTER_PROBLEM(problem="toner_low")}
  unless on (instance) {PRINTER_SUPPLY(type="=~toner|ink")}
)"""

PRINTER_STOPPED: Final = Rule(
    name="PrinterStopped",
    title=Text(vi="Máy in dừng, chờ người xử lý", en="Printer waits for somebody"),
    severity="info",
    element="device",
    expr=f"max by (element, site) ({STOPPED()})",
    for_="10m",
    summary=Text(
        vi="Máy in {name} ở {site} không in được: {problem}.",
        en="Printer {name} at {site} cannot print: {problem}.",
    ).fill(name=NAME, site=_SITE, problem=listed(STOPPED.name, "problem", {code: PROBLEMS[code] for code in STOPS})),
    value=listed(STOPPED.name, "problem", {code: PROBLEMS[code] for code in STOPS}),
    bound=Text(vi="in được", en="prints"),
    meaning=Text(
        vi="Bản in của mọi người xếp hàng chờ; xử lý xong, máy sẽ tự in tiếp.",
        en="Everybody's pages wait in the queue; it goes on by itself once the cause is gone.",
    ),
    first_steps=(
        Text(
            vi="Kẹt giấy: mở nắp, kéo giấy ra nhẹ tay theo chiều giấy chạy, tìm cả mẩu giấy rách bên trong.",
            en="A jam: open it, draw the paper out gently the way it runs, and look for torn bits inside.",
        ),
        Text(
            vi="Hết giấy, hết mực: nạp thêm. Nắp mở: đóng cho khớp, nghe tiếng “tách”.",
            en="Out of paper or toner: refill. A door: close it until it clicks.",
        ),
        Text(
            vi="Cần bảo dưỡng, hoặc xử lý xong vẫn báo: tắt máy một phút rồi bật lại; không được thì báo cán bộ công"
            " nghệ thông tin.",
            en="It needs service, or still complains: off for a minute and on again; then tell the IT staff.",
        ),
    ),
    whom_to_call=DISTRICT_IT,
    value_expr=f"""\
max by (element, site) ({as_element("device", PRINTER_PROBLEM(problem=f"=~{'|'.join(STOPS)}"), "instance")})""",
)

PRINTER_TONER_ENDS: Final = Rule(
    name="PrinterTonerEnds",
    title=Text(vi="Máy in báo sắp hết mực", en="Printer says that its toner ends"),
    severity="info",
    element="device",
    expr=f"max by (element, site) ({as_element('device', _ENDS, 'instance')} == 1)",
    for_="30m",
    summary=Text(
        vi="Máy in {name} ở {site} báo sắp hết mực (máy không cho biết còn bao nhiêu).",
        en="Printer {name} at {site} says that its toner ends; it does not tell how much is left.",
    ).fill(name=NAME, site=_SITE),
    value=Text(vi="sắp hết mực", en="toner low"),
    bound=Text(vi="còn mực", en="enough toner"),
    meaning=Text(
        vi="Máy vẫn in được một thời gian, nhưng không biết còn bao nhiêu trang.",
        en="It still prints for a while, but nobody knows for how many pages.",
    ),
    first_steps=(
        Text(
            vi="Xem trong kho có hộp mực đúng loại không; không có thì đề nghị mua ngay.",
            en="Is a cartridge of the right type in stock? If not, ask for one now.",
        ),
        Text(
            vi="Bản in mờ: lấy hộp mực ra lắc nhẹ theo chiều ngang, in thêm được vài chục trang.",
            en="Faint prints: take the cartridge out and rock it gently; that is good for some dozens of pages.",
        ),
    ),
    whom_to_call=DISTRICT_IT,
    value_expr=f"max by (element, site) ({as_element('device', _ENDS, 'instance')})",
)

PRINTERS: Final = Group(
    name="printers",
    title=Text(vi="Máy in", en="Printers"),
    interval_s=60,
    rules=(USED, LOW, STOPPED, PRINTER_SUPPLY_LOW, PRINTER_STOPPED, PRINTER_TONER_ENDS),
)
