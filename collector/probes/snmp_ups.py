"""Mains, battery and load of a UPS: UPS-MIB (RFC 1628), and APC's PowerNet-MIB."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from collector import metrics
from collector.agents.ports import text
from collector.agents.settings import CREDENTIALS, SnmpSettings
from collector.metric import Metric
from collector.probe import Answer, Doors, Probe, ProbeFailure, Sample
from collector.snmp import Column, Value
from collector.target import Credential, Target
from inventory.text import Text

UPS: Final = "1.3.6.1.2.1.33.1"
STATUS: Final = f"{UPS}.2.1.0"
ON_BATTERY_S: Final = f"{UPS}.2.2.0"
MINUTES_LEFT: Final = f"{UPS}.2.3.0"
CHARGE: Final = f"{UPS}.2.4.0"
BATTERY_VOLTS: Final = f"{UPS}.2.5.0"
BATTERY_CELSIUS: Final = f"{UPS}.2.7.0"
SOURCE: Final = f"{UPS}.4.1.0"
INPUT_VOLTS: Final = f"{UPS}.3.3.1.3"
OUTPUT_VOLTS: Final = f"{UPS}.4.4.1.2"
OUTPUT_WATTS: Final = f"{UPS}.4.4.1.4"
LOAD: Final = f"{UPS}.4.4.1.5"
TEST_RESULT: Final = f"{UPS}.7.3.0"
ALARMS: Final = f"{UPS}.6.2.1.2"
WELL_KNOWN: Final = f"{UPS}.6.3"
"""upsWellKnownAlarms: what stands in the column `ALARMS`."""

ALARM_BATTERY_BAD: Final = f"{WELL_KNOWN}.1"
ALARM_OVERLOAD: Final = f"{WELL_KNOWN}.8"
ALARM_BYPASS: Final = f"{WELL_KNOWN}.9"
ALARM_TEST_FAILED: Final = f"{WELL_KNOWN}.19"

FAULTS: Final[Mapping[str, tuple[int, ...]]] = {
    "battery_hot": (5,), "output": (7,), "bypass": (10,), "charger": (13,), "fan": (16,), "fuse": (17,),
    "general": (18,), "communication": (20,),
}  # fmt: skip
"""Fault to the numbers of its alarms in `WELL_KNOWN`."""

APC: Final = "1.3.6.1.4.1.318.1.1.1"
APC_STATUS: Final = f"{APC}.2.1.1.0"
APC_ON_BATTERY: Final = f"{APC}.2.1.2.0"
APC_CHARGE: Final = f"{APC}.2.2.1.0"
APC_CELSIUS: Final = f"{APC}.2.2.2.0"
APC_LEFT: Final = f"{APC}.2.2.3.0"
APC_REPLACED: Final = f"{APC}.2.1.3.0"
APC_REPLACE: Final = f"{APC}.2.2.4.0"
APC_BATTERY_VOLTS: Final = f"{APC}.2.2.8.0"
APC_INPUT_VOLTS: Final = f"{APC}.3.2.1.0"
APC_SOURCE: Final = f"{APC}.4.1.1.0"
APC_OUTPUT_VOLTS: Final = f"{APC}.4.2.1.0"
APC_LOAD: Final = f"{APC}.4.2.3.0"
APC_WATTS: Final = f"{APC}.4.2.8.0"
APC_TEST_RESULT: Final = f"{APC}.7.2.3.0"
APC_FLAGS: Final = f"{APC}.11.1.1.0"
"""upsBasicStateOutputState: 64 letters, 1 for what is so."""

APC_FAULTS: Final[Mapping[str, tuple[int, ...]]] = {
    "battery_hot": (26, 28), "battery_missing": (33,), "output": (24,), "charger": (25,), "fan": (16,),
    "general": (14, 15, 23), "communication": (21,),
}  # fmt: skip
"""Fault to its places in `APC_FLAGS`, from 1."""

LINES_MAX: Final = 12
"""Lines of input and output that are exposed; a UPS has one or three."""

_STANDARD: Final = (STATUS, ON_BATTERY_S, MINUTES_LEFT, CHARGE, BATTERY_VOLTS, BATTERY_CELSIUS, SOURCE, TEST_RESULT)
_OF_APC: Final = (
    APC_STATUS, APC_ON_BATTERY, APC_CHARGE, APC_CELSIUS, APC_LEFT, APC_REPLACE, APC_BATTERY_VOLTS, APC_INPUT_VOLTS,
    APC_SOURCE, APC_OUTPUT_VOLTS, APC_LOAD, APC_WATTS, APC_TEST_RESULT, APC_FLAGS, APC_REPLACED,
)  # fmt: skip
_NORMAL, _LOW, _DEPLETED = 2, 3, 4
_NONE, _BYPASS, _BATTERY = 2, 4, 5
"""upsOutputSource."""

_TESTED: Final = {1: False, 2: False, 3: True}
"""upsTestResultsSummary to whether it failed: passed, warning, error; the others say nothing of the battery."""

_APC_ON_BATTERY: Final = 3
_APC_OFF: Final = frozenset({5, 7, 11})
"""upsBasicOutputStatus: asleep for a time, off, asleep until the mains return."""

_APC_BYPASS: Final = frozenset({6, 9, 10, 16})
"""The same: by software, by the switch, by a fault, in an emergency."""

_APC_REPLACE: Final = 2
_APC_TESTED: Final = {1: False, 2: True}
_APC_OVERLOAD: Final = 9
_APC_DATE: Final = re.compile(r"(\d{2})/(\d{2})/(\d{2}|\d{4})\Z")


@dataclass(slots=True)
class _Found:
    """One reading; `None` where the UPS does not say."""

    on_battery: bool | None = None
    on_battery_s: float | None = None
    low: bool | None = None
    replace: bool | None = None
    charge: float | None = None
    left_s: float | None = None
    volts: float | None = None
    celsius: float | None = None
    load: Mapping[str, float] | None = None
    input_volts: Mapping[str, float] | None = None
    output_volts: Mapping[str, float] | None = None
    output_watts: Mapping[str, float] | None = None
    bypass: bool | None = None
    off: bool | None = None
    overload: bool | None = None
    test_failed: bool | None = None
    replaced_at: float | None = None
    faults: Mapping[str, bool] | None = None


async def run(target: Target, settings: SnmpSettings, credential: Credential | None, doors: Doors) -> Answer:
    """Read the UPS by the standard's tables, or by APC's where those say nothing of the battery.

    Raises:
        ProbeFailure: As `Agent.poll`; or the device has neither.
    """
    agent = doors.snmp.agent(target, credential, settings.port)
    scalars = await agent.get((*_STANDARD, *_OF_APC))
    if APC_STATUS in scalars:
        found = _of_apc(scalars)
    elif STATUS in scalars or SOURCE in scalars:
        found = _of_standard(scalars, await agent.walk((INPUT_VOLTS, OUTPUT_VOLTS, OUTPUT_WATTS, LOAD, ALARMS)))
    else:
        raise ProbeFailure("snmp_no_table", "UPS-MIB, PowerNet-MIB")
    return Answer(tuple(_samples(found)))


def _of_standard(scalars: Mapping[str, Value], columns: list[Column]) -> _Found:
    inputs, outputs, watts, loads, alarms = columns
    known = {value for value in alarms.values() if isinstance(value, str)}
    load = {line: share for line, value in _lines(loads) if (share := _share(value)) is not None}
    status, source = _within(scalars.get(STATUS), 1, 4), _within(scalars.get(SOURCE), 1, 7)
    elapsed = _within(scalars.get(ON_BATTERY_S), 0, 10_000_000)
    feeding = (elapsed > 0 if elapsed is not None else None) if source is None else source == _BATTERY
    minutes = _within(scalars.get(MINUTES_LEFT), 0, 100_000)
    if minutes == 0 and not feeding:
        minutes = None  # some give 0 for "not worked out" while the mains feed
    return _Found(
        on_battery=feeding,
        on_battery_s=elapsed,
        low=None if status is None or status < _NORMAL else status in {_LOW, _DEPLETED},
        replace=ALARM_BATTERY_BAD in known,
        charge=_share(scalars.get(CHARGE)),
        left_s=None if minutes is None else minutes * 60,
        volts=_scaled(scalars.get(BATTERY_VOLTS), 10, most=1_000),
        celsius=_scaled(scalars.get(BATTERY_CELSIUS), 1, most=120),
        load=load,
        input_volts=_volts(inputs),
        output_volts=_volts(outputs),
        # 0 W of a line that carries something is "not measured".
        output_watts={line: power for line, power in _watts(watts).items() if power or not load.get(line)},
        bypass=source == _BYPASS or ALARM_BYPASS in known,
        off=None if source is None else source == _NONE,
        overload=ALARM_OVERLOAD in known,
        test_failed=True if ALARM_TEST_FAILED in known else _one_of(_TESTED, scalars.get(TEST_RESULT)),
        faults={
            fault: any(f"{WELL_KNOWN}.{number}" in known for number in numbers) for fault, numbers in FAULTS.items()
        },
    )


def _of_apc(scalars: Mapping[str, Value]) -> _Found:
    status, source = _within(scalars.get(APC_STATUS), 1, 4), _within(scalars.get(APC_SOURCE), 1, 30)
    replace = _within(scalars.get(APC_REPLACE), 1, 2)
    load, flags = _share(scalars.get(APC_LOAD)), _flags(scalars.get(APC_FLAGS))
    return _Found(
        on_battery=None if source is None or source == 1 else source == _APC_ON_BATTERY,
        on_battery_s=_scaled(scalars.get(APC_ON_BATTERY), 100, most=10_000_000),
        low=None if status is None or status < _NORMAL else status == _LOW,
        replace=None if replace is None else replace == _APC_REPLACE or status == _DEPLETED,
        charge=_share(scalars.get(APC_CHARGE)),
        left_s=_scaled(scalars.get(APC_LEFT), 100, most=6_000_000),
        volts=_scaled(scalars.get(APC_BATTERY_VOLTS), 1, most=1_000),
        celsius=_scaled(scalars.get(APC_CELSIUS), 1, most=120),
        load=None if load is None else {"1": load},
        input_volts=_volts({"1": scalars[APC_INPUT_VOLTS]} if APC_INPUT_VOLTS in scalars else {}),
        output_volts=_volts({"1": scalars[APC_OUTPUT_VOLTS]} if APC_OUTPUT_VOLTS in scalars else {}),
        output_watts=_watts({"1": scalars[APC_WATTS]} if APC_WATTS in scalars else {}),
        bypass=None if source is None else source in _APC_BYPASS,
        off=None if source is None else source in _APC_OFF,
        overload=None if not flags else _APC_OVERLOAD in flags,
        test_failed=_one_of(_APC_TESTED, scalars.get(APC_TEST_RESULT)),
        replaced_at=_date(scalars.get(APC_REPLACED)),
        faults={fault: bool(flags & {*places}) for fault, places in APC_FAULTS.items()} if flags else None,
    )


def _flags(value: Value | None) -> set[int]:
    """Return the places of what is so; nothing while the card has no word from the UPS (all of them 0)."""
    return {place for place, flag in enumerate(text(value), 1) if flag == "1"} if isinstance(value, bytes) else set()


def _date(value: Value | None) -> float | None:
    """Return a date of the American order, `mm/dd/yy` or `mm/dd/yyyy`, as Unix time of its beginning in UTC."""
    found = _APC_DATE.match(text(value)) if isinstance(value, bytes) else None
    if found is None:
        return None
    month, day, year = (int(part) for part in found.groups())
    try:
        moment = datetime(year + 2_000 if year < 100 else year, month, day, tzinfo=UTC).timestamp()
    except ValueError:
        return None
    return moment if moment > 0 else None


def _one_of(meanings: Mapping[int, bool], value: Value | None) -> bool | None:
    return meanings.get(value) if isinstance(value, int) else None


def _within(value: Value | None, least: int, most: int) -> int | None:
    """Return a number within bounds; agents give -1 and the like for what they do not know."""
    return value if isinstance(value, int) and least <= value <= most else None


def _share(percent: Value | None) -> float | None:
    number = _within(percent, 0, 300)
    return None if number is None else number / 100


def _scaled(value: Value | None, divisor: int, *, most: int) -> float | None:
    number = _within(value, 0, most * divisor)
    return None if number is None else number / divisor


def _lines(column: Column) -> list[tuple[str, Value]]:
    """Return line and value; some write a scalar's `.0` behind the line's number."""
    return [(index.split(".")[0], value) for index, value in column.items()][:LINES_MAX]


def _volts(column: Column) -> dict[str, float]:
    """Return volts by line. Some give tenths of a volt against the standard, and nothing runs on 600 V and more."""
    found = {}
    for line, value in _lines(column):
        number = _within(value, 0, 6_000)
        if number is not None:
            found[line] = number / 10 if number > 600 else float(number)
    return found


def _watts(column: Column) -> dict[str, float]:
    return {line: number for line, value in _lines(column) if (number := _scaled(value, 1, most=1_000_000)) is not None}


def _samples(found: _Found) -> Iterator[Sample]:
    single: tuple[tuple[Metric, float | None], ...] = (
        (metrics.UPS_ON_BATTERY, found.on_battery),
        (metrics.UPS_ON_BATTERY_SECONDS, found.on_battery_s),
        (metrics.UPS_BATTERY_LOW, found.low),
        (metrics.UPS_REPLACE, found.replace),
        (metrics.UPS_CHARGE, found.charge),
        (metrics.UPS_SECONDS_LEFT, found.left_s),
        (metrics.UPS_BATTERY_VOLTS, found.volts),
        (metrics.UPS_BATTERY_CELSIUS, found.celsius),
        (metrics.UPS_ON_BYPASS, found.bypass),
        (metrics.UPS_OFF, found.off),
        (metrics.UPS_OVERLOAD, found.overload),
        (metrics.UPS_TEST_FAILED, found.test_failed),
        (metrics.UPS_REPLACED, found.replaced_at),
    )
    for metric, value in single:
        if value is not None:
            yield Sample(metric, (), float(value))
    for metric, lines in (
        (metrics.UPS_LOAD, found.load),
        (metrics.UPS_INPUT_VOLTS, found.input_volts),
        (metrics.UPS_OUTPUT_VOLTS, found.output_volts),
        (metrics.UPS_OUTPUT_WATTS, found.output_watts),
        (metrics.UPS_FAULT, found.faults),
    ):
        for line, value in (lines or {}).items():
            yield Sample(metric, (line,), float(value))


PROBE: Final = Probe(
    kind="snmp_ups",
    title=Text(vi="Bộ lưu điện (UPS)", en="Uninterruptible power supply"),
    job="network",
    run=run,
    settings=SnmpSettings,
    needs=CREDENTIALS,
    interval_s=15.0,
    timeout_s=10.0,
    metrics=(
        metrics.UPS_ON_BATTERY, metrics.UPS_ON_BATTERY_SECONDS, metrics.UPS_BATTERY_LOW, metrics.UPS_REPLACE,
        metrics.UPS_CHARGE, metrics.UPS_SECONDS_LEFT, metrics.UPS_BATTERY_VOLTS, metrics.UPS_BATTERY_CELSIUS,
        metrics.UPS_LOAD, metrics.UPS_INPUT_VOLTS, metrics.UPS_OUTPUT_VOLTS, metrics.UPS_OUTPUT_WATTS,
        metrics.UPS_ON_BYPASS, metrics.UPS_OFF, metrics.UPS_OVERLOAD, metrics.UPS_TEST_FAILED, metrics.UPS_FAULT,
        metrics.UPS_REPLACED,
    ),
)  # fmt: skip
