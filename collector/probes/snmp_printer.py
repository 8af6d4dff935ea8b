"""Pages, toner, paper and reported problems of a printer (Printer-MIB, RFC 3805)."""

from collections import Counter
from collections.abc import Iterator
from typing import Final, NamedTuple

from collector import metrics
from collector.agents.ports import text
from collector.agents.settings import CREDENTIALS, SnmpSettings
from collector.probe import Answer, Doors, Probe, ProbeFailure, Sample
from collector.snmp import Column, Value
from collector.target import Credential, Target
from inventory.text import Text

LIFE_COUNT: Final = "1.3.6.1.2.1.43.10.2.1.4"
SUPPLY_TYPE: Final = "1.3.6.1.2.1.43.11.1.1.5"
SUPPLY_NAME: Final = "1.3.6.1.2.1.43.11.1.1.6"
SUPPLY_UNIT: Final = "1.3.6.1.2.1.43.11.1.1.7"
SUPPLY_CAPACITY: Final = "1.3.6.1.2.1.43.11.1.1.8"
SUPPLY_LEVEL: Final = "1.3.6.1.2.1.43.11.1.1.9"
TRAY_CAPACITY: Final = "1.3.6.1.2.1.43.8.2.1.9"
TRAY_LEVEL: Final = "1.3.6.1.2.1.43.8.2.1.10"
TRAY_NAME: Final = "1.3.6.1.2.1.43.8.2.1.13"
ALERT_SEVERITY: Final = "1.3.6.1.2.1.43.18.1.1.2"
ALERT_CODE: Final = "1.3.6.1.2.1.43.18.1.1.7"
STATUS: Final = "1.3.6.1.2.1.25.3.5.1.1"
ERROR_STATE: Final = "1.3.6.1.2.1.25.3.5.1.2"

SUPPLIES_MAX: Final = 64
"""Supplies of one printer that are exposed."""

TYPES: Final = {
    3: "toner", 4: "waste", 5: "ink", 6: "ink", 7: "ribbon", 8: "waste", 9: "drum", 10: "developer", 13: "ribbon",
    14: "waste", 15: "fuser", 20: "transfer", 21: "toner", 24: "waste", 32: "staples",
}  # fmt: skip
"""PrtMarkerSuppliesTypeTC to a code; whatever else there is, is `other`."""

PROBLEMS: Final = (
    "paper_low", "paper_out", "toner_low", "toner_out", "door_open", "jammed", "offline", "service",
    "tray_missing", "output_missing", "supply_missing", "output_nearly_full", "output_full", "tray_empty", "overdue",
)  # fmt: skip
"""hrPrinterDetectedErrorState, from its most significant bit (RFC 2790)."""

TRAYS_MAX: Final = 16
"""Trays of one printer that are exposed."""

ALERTS: Final = {
    3: "door_open", 5: "door_open", 8: "jammed", 501: "door_open", 801: "tray_missing", 807: "paper_low",
    808: "tray_empty", 901: "output_missing", 902: "output_nearly_full", 903: "output_full", 1101: "toner_out",
    1102: "toner_out", 1104: "toner_low", 1105: "toner_low",
}  # fmt: skip
"""PrtAlertCodeTC (IANA-PRINTER-MIB) of what hrPrinterDetectedErrorState knows as well: not every printer sets both."""

_SEVERITIES: Final = {3: "critical", 4: "warning", 5: "warning"}
_PERCENT: Final = 19
"""PrtMarkerSuppliesSupplyUnitTC of a level that is a share itself."""

_UNKNOWN: Final = -2
_COLUMNS: Final = (
    LIFE_COUNT, SUPPLY_TYPE, SUPPLY_NAME, SUPPLY_UNIT, SUPPLY_CAPACITY, SUPPLY_LEVEL, ALERT_SEVERITY, ALERT_CODE,
    STATUS, ERROR_STATE, TRAY_NAME, TRAY_CAPACITY, TRAY_LEVEL,
)  # fmt: skip


class _Printer(NamedTuple):
    """The columns, in the order of `_COLUMNS`."""

    pages: Column
    types: Column
    names: Column
    units: Column
    capacities: Column
    levels: Column
    alerts: Column
    codes: Column
    states: Column
    errors: Column
    trays: Column
    tray_sizes: Column
    tray_levels: Column


async def run(target: Target, settings: SnmpSettings, credential: Credential | None, doors: Doors) -> Answer:
    """Read the printer's tables.

    Raises:
        ProbeFailure: As `Agent.poll`; or the device is no printer that speaks Printer-MIB.
    """
    agent = doors.snmp.agent(target, credential, settings.port)
    printer = _Printer(*await agent.walk(_COLUMNS))
    if not (printer.pages or printer.levels or printer.states):
        raise ProbeFailure("snmp_no_table", "Printer-MIB")
    return Answer((*_counts(printer), *_supplies(printer), *_trays(printer), *_complaints(printer)))


def _counts(printer: _Printer) -> Iterator[Sample]:
    for index, value in printer.pages.items():
        device, _, marker = index.partition(".")
        if isinstance(value, int) and value >= 0:
            yield Sample(metrics.PRINTER_PAGES, (device, marker or "1"), value)
    for index, value in printer.states.items():
        if isinstance(value, int):
            yield Sample(metrics.PRINTER_STATUS, (index,), value)


def _supplies(printer: _Printer) -> Iterator[Sample]:
    taken: set[str] = set()
    rows = [index for index, level in printer.levels.items() if isinstance(level, int)][:SUPPLIES_MAX]
    for metric, column in ((metrics.PRINTER_LEVEL, printer.levels), (metrics.PRINTER_CAPACITY, printer.capacities)):
        for index in rows:
            device, _, supply = index.partition(".")
            value = column.get(index)
            if isinstance(value, int):
                yield Sample(metric, (device, supply or "1", str(printer.types.get(index, _UNKNOWN))), value)
    for index in rows:
        share = left(printer.levels[index], printer.capacities.get(index), printer.units.get(index))
        if share is None:
            continue
        name = text(printer.names.get(index)) or f"supply {index}"
        name = f"{name}#{index}" if name in taken else name
        taken.add(name)
        kind = printer.types.get(index)
        yield Sample(
            metrics.PRINTER_SUPPLY, (name, TYPES.get(kind, "other") if isinstance(kind, int) else "other"), share
        )


def left(level: Value | None, capacity: Value | None, unit: Value | None) -> float | None:
    """Return the share of a supply that is left, 0 to 1.

    Nothing where the printer does not say: a level of -2 is unknown, -3 is "some", a capacity of -1 is without bound,
    -2 is unknown (RFC 3805, prtMarkerSuppliesLevel).
    """
    if not isinstance(level, int) or level < 0:
        return None
    whole = capacity if isinstance(capacity, int) and capacity > 0 else 100 if unit == _PERCENT else None
    return None if whole is None else min(level / whole, 1.0)


def _trays(printer: _Printer) -> Iterator[Sample]:
    """Give how full each tray is; a level of -3 is "at least one sheet", which is no share."""
    taken: set[str] = set()
    for index, level in list(printer.tray_levels.items())[:TRAYS_MAX]:
        if (share := left(level, printer.tray_sizes.get(index), None)) is None:
            continue
        name = text(printer.trays.get(index)) or f"tray {index.partition('.')[2] or index}"
        name = f"{name}#{index}" if name in taken else name
        taken.add(name)
        yield Sample(metrics.PRINTER_TRAY, (name,), share)


def _complaints(printer: _Printer) -> Iterator[Sample]:
    """Give every problem that a printer can tell, as it reports it in its state or among its alerts."""
    reported = [value for value in printer.errors.values() if isinstance(value, bytes)]
    alerted = {
        ALERTS.get(code) for index, code in printer.codes.items() if isinstance(code, int) and index in printer.alerts
    }
    if reported or printer.alerts:
        for bit, problem in enumerate(PROBLEMS):
            told = problem in alerted or any(_bit(value, bit) for value in reported)
            yield Sample(metrics.PRINTER_PROBLEM, (problem,), told)
    counts = Counter(_SEVERITIES.get(value) for value in printer.alerts.values() if isinstance(value, int))
    for severity in ("critical", "warning"):
        yield Sample(metrics.PRINTER_ALERTS, (severity,), counts[severity])


def _bit(value: bytes, bit: int) -> bool:
    at, place = divmod(bit, 8)
    return len(value) > at and bool(value[at] & 0x80 >> place)


PROBE: Final = Probe(
    kind="snmp_printer",
    title=Text(vi="Máy in: số trang, mực, giấy", en="Printer: pages, toner, paper"),
    job="network",
    run=run,
    settings=SnmpSettings,
    needs=CREDENTIALS,
    interval_s=300.0,
    timeout_s=20.0,
    metrics=(
        metrics.PRINTER_PAGES, metrics.PRINTER_LEVEL, metrics.PRINTER_CAPACITY, metrics.PRINTER_SUPPLY,
        metrics.PRINTER_STATUS, metrics.PRINTER_PROBLEM, metrics.PRINTER_ALERTS, metrics.PRINTER_TRAY,
    ),
)  # fmt: skip
