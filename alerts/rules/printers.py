"""Printers: a new cartridge is bought before the old one is empty."""

from typing import Final

from alerts.calls import DISTRICT_IT
from alerts.promql import as_element
from alerts.rule import Group, Recording, Rule
from alerts.thresholds import SUPPLY_USED
from alerts.wording import NAME, named, percent
from collector.metrics import PRINTER_SUPPLY
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

PRINTERS: Final = Group(
    name="printers",
    title=Text(vi="Máy in", en="Printers"),
    interval_s=60,
    rules=(USED, LOW, PRINTER_SUPPLY_LOW),
)
