"""How a device is inside, for its page: power supply, processors and disks, sensors, what a printer needs."""

import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Final, Literal

from anyio import move_on_after
from anyio.to_thread import run_sync

from alerts.printer_words import PROBLEMS
from alerts.rule import Threshold
from alerts.rules.hosts import FIXED_DISK, FLASH, LEAST_OCTETS
from alerts.rules.power import FAULTS
from alerts.rules.sensors import BAD, WARNING
from alerts.thresholds import BATTERY_CHARGE, DISK_FULL, MEMORY_FULL, PROCESSOR_BUSY, SUPPLY_USED
from api.house import House
from api.views.states import State
from api.watch.prometheus import Labels, Prometheus, WrongQuery
from collector import metrics
from collector.metric import Metric
from inventory.errors import Unavailable
from inventory.text import Text, same

Unit = Literal["share", "seconds", "°C", "V", "A", "W", "1/min", "humidity", "count", "load"]

_PATIENCE_S: Final = 4.0
_GIGABYTE: Final = 1e9
_MOST_ROWS: Final = 24
"""Rows of one panel; the rest are counted."""

_FAMILIES: Final = (
    metrics.UPS_ON_BATTERY, metrics.UPS_ON_BATTERY_SECONDS, metrics.UPS_BATTERY_LOW, metrics.UPS_REPLACE,
    metrics.UPS_CHARGE, metrics.UPS_SECONDS_LEFT, metrics.UPS_BATTERY_CELSIUS, metrics.UPS_LOAD,
    metrics.UPS_INPUT_VOLTS, metrics.UPS_OUTPUT_VOLTS, metrics.HR_UPTIME, metrics.HR_PROCESSOR_LOAD, metrics.UCD_LOAD,
    metrics.HR_STORAGE_UNIT, metrics.HR_STORAGE_SIZE, metrics.HR_STORAGE_USED, metrics.HOST_MEMORY_SIZE,
    metrics.HOST_MEMORY_USED, metrics.SENSOR_STATE, metrics.SENSOR_TEMPERATURE, metrics.SENSOR_FAN,
    metrics.SENSOR_VOLTAGE, metrics.SENSOR_CURRENT, metrics.SENSOR_POWER, metrics.SENSOR_HUMIDITY,
    metrics.PRINTER_PAGES, metrics.PRINTER_SUPPLY, metrics.PRINTER_PROBLEM, metrics.PRINTER_TRAY,
    metrics.PROCESSOR_LOAD, metrics.PROCESSOR_LIMIT, metrics.MEMORY_USED, metrics.MEMORY_LIMIT, metrics.MEMORY_SIZE,
    metrics.UPS_OUTPUT_WATTS, metrics.UPS_ON_BYPASS, metrics.UPS_OFF, metrics.UPS_OVERLOAD, metrics.UPS_TEST_FAILED,
    metrics.UPS_FAULT, metrics.UPS_REPLACED, metrics.AGENT_UPTIME,
)  # fmt: skip


_LOADS_SHOWN: Final = 6
"""Processors and memories of one device that are shown, the busiest and fullest first."""

_NAMELESS: Final = frozenset({"CPU", "memory"})
"""Names of the only processor or memory of a device that has no better one for it."""

_SAID_BY_UPS: Final[tuple[tuple[Metric, Text], ...]] = (
    (metrics.UPS_OFF, Text(vi="không cấp điện", en="feeds nothing")),
    (metrics.UPS_ON_BYPASS, Text(vi="điện lưới đi thẳng, không được bảo vệ", en="bypassed: nothing is protected")),
    (metrics.UPS_OVERLOAD, Text(vi="quá tải", en="overloaded")),
    (metrics.UPS_TEST_FAILED, Text(vi="tự kiểm tra không đạt", en="its self-test failed")),
)

_OF_UPS: Final[tuple[tuple[Metric, Text, Unit], ...]] = (
    (metrics.UPS_ON_BATTERY_SECONDS, Text(vi="Đã chạy ắc quy", en="On battery for"), "seconds"),
    (metrics.UPS_SECONDS_LEFT, Text(vi="Chạy được thêm", en="Lasts for"), "seconds"),
    (metrics.UPS_BATTERY_CELSIUS, Text(vi="Nhiệt độ ắc quy", en="Battery temperature"), "°C"),
)


@dataclass(frozen=True, slots=True)
class Reading:
    """One line of a panel.

    Attributes:
        label: What it is.
        value: In `unit`; `None` where `words` say it.
        words: What it is now, where a number says nothing.
        state: How grave it is; `None` for what is neither good nor bad.
        of_gb: What a share is a share of, in gigabytes; 0 if that is no size.
    """

    label: Text
    value: float | None = None
    unit: Unit = "count"
    words: Text | None = None
    state: State | None = None
    of_gb: float = 0.0


@dataclass(frozen=True, slots=True)
class Panel:
    """Some readings under one heading.

    Attributes:
        more: How many further readings there are.
    """

    title: Text
    readings: list[Reading]
    more: int = 0


@dataclass(slots=True)
class _Found:
    """The samples of one device by family, and where the limits lie here."""

    limit: Callable[[Threshold], float]
    samples: dict[str, list[tuple[Labels, float]]] = field(default_factory=dict)

    def of(self, metric: Metric) -> list[tuple[Labels, float]]:
        return self.samples.get(metric.name, [])

    def one(self, metric: Metric) -> float | None:
        found = self.of(metric)
        return found[0][1] if found else None


async def health_of(house: House, device: str) -> list[Panel]:
    """Return the panels of a device; none for one that says nothing of itself, or while Prometheus is silent."""
    with move_on_after(_PATIENCE_S):
        return await run_sync(_read, house.prometheus, house.settings.limit, device, abandon_on_cancel=True)
    return []


def _read(prometheus: Prometheus, limit: Callable[[Threshold], float], device: str) -> list[Panel]:
    names = "|".join(metric.name for metric in _FAMILIES)
    instance = device.replace("\\", "\\\\").replace('"', '\\"')
    try:
        values = prometheus.query(f'{{__name__=~"{names}", instance="{instance}"}}')
    except (Unavailable, WrongQuery):
        return []
    found = _Found(limit)
    for one in values:
        found.samples.setdefault(one.labels.get("__name__", ""), []).append((one.labels, one.value))
    panels = (
        _panel(Text(vi="Bộ lưu điện", en="Power supply"), _ups(found)),
        _panel(Text(vi="Bộ xử lý, bộ nhớ, ổ đĩa", en="Processors, memory, disks"), _host(found)),
        _panel(Text(vi="Máy in", en="Printer"), _printer(found)),
        _panel(Text(vi="Nhiệt độ, quạt, nguồn", en="Temperature, fans, supplies"), _sensors(found)),
    )
    return [panel for panel in panels if panel.readings]


def _panel(title: Text, readings: Iterable[Reading]) -> Panel:
    rows = list(readings)
    return Panel(title, rows[:_MOST_ROWS], max(0, len(rows) - _MOST_ROWS))


def _ups(found: _Found) -> Iterator[Reading]:
    feeding = found.one(metrics.UPS_ON_BATTERY)
    if feeding is not None:
        battery = Text(vi="ắc quy (mất điện lưới)", en="battery (mains gone)")
        yield Reading(
            Text(vi="Đang dùng", en="Fed by"),
            words=battery if feeding else Text(vi="điện lưới", en="mains"),
            state=State.WARNING if feeding else None,
        )
    if found.one(metrics.UPS_REPLACE):
        worn = Text(vi="cần thay", en="to be replaced")
        yield Reading(Text(vi="Ắc quy", en="Battery"), words=worn, state=State.WARNING)
    yield from _said(found)
    charge = found.one(metrics.UPS_CHARGE)
    if charge is not None:
        low = charge < found.limit(BATTERY_CHARGE) or bool(found.one(metrics.UPS_BATTERY_LOW))
        yield Reading(Text(vi="Mức sạc", en="Charge"), charge, "share", state=State.WARNING if low else None)
    for metric, label, unit in _OF_UPS:
        value = found.one(metric)
        if value or (value is not None and metric is not metrics.UPS_ON_BATTERY_SECONDS):
            yield Reading(label, value, unit)
    yield from _lines(found, metrics.UPS_LOAD, Text(vi="Tải", en="Load"), "share")
    yield from _lines(found, metrics.UPS_INPUT_VOLTS, Text(vi="Điện áp vào", en="Mains"), "V")
    yield from _lines(found, metrics.UPS_OUTPUT_VOLTS, Text(vi="Điện áp ra", en="Output"), "V")
    yield from _lines(found, metrics.UPS_OUTPUT_WATTS, Text(vi="Công suất", en="Power"), "W")
    replaced = found.one(metrics.UPS_REPLACED)
    if replaced is not None and replaced < time.time():
        yield Reading(Text(vi="Ắc quy đã dùng", en="Battery in use for"), time.time() - replaced, "seconds")


def _said(found: _Found) -> Iterator[Reading]:
    """Give what the UPS says of itself that nobody wants to hear."""
    label = Text(vi="UPS báo", en="It reports")
    for metric, words in _SAID_BY_UPS:
        if found.one(metric):
            yield Reading(label, words=words, state=State.WARNING)
    for labels, value in found.of(metrics.UPS_FAULT):
        if value and (fault := FAULTS.get(labels.get("fault", ""))) is not None:
            yield Reading(label, words=fault, state=State.WARNING)


def _lines(found: _Found, metric: Metric, label: Text, unit: Unit) -> Iterator[Reading]:
    lines = found.of(metric)
    for labels, value in sorted(lines, key=lambda line: line[0].get("line", "")):
        number = f" {labels.get('line', '')}" if len(lines) > 1 else ""
        yield Reading(Text(vi=label.vi + number, en=label.en + number), value, unit)


def _host(found: _Found) -> Iterator[Reading]:
    uptime, agent = found.one(metrics.HR_UPTIME), found.one(metrics.AGENT_UPTIME)
    if uptime is not None or agent is not None:
        yield Reading(Text(vi="Đã chạy", en="Running for"), max((uptime or 0) / 100, agent or 0), "seconds")
    loads = [value for _, value in found.of(metrics.HR_PROCESSOR_LOAD)]
    if loads:
        yield _share(Text(vi="Bộ xử lý", en="Processors"), sum(loads) / len(loads) / 100, found.limit(PROCESSOR_BUSY))
    for labels, value in found.of(metrics.UCD_LOAD) if not loads else ():
        yield Reading(same(labels.get("laNames") or "load"), value / 100, "load")
    size, used = found.one(metrics.HOST_MEMORY_SIZE), found.one(metrics.HOST_MEMORY_USED)
    if size and used is not None:
        yield _share(Text(vi="Bộ nhớ", en="Memory"), used / size, found.limit(MEMORY_FULL), size)
    yield from _loads(found)
    units, full = _by_disk(found, metrics.HR_STORAGE_UNIT), _by_disk(found, metrics.HR_STORAGE_USED)
    for disk, units_of_it in sorted(_by_disk(found, metrics.HR_STORAGE_SIZE).items()):
        octets = units_of_it * units.get(disk, 0.0)
        if octets >= LEAST_OCTETS and disk in full:
            yield _share(same(disk), full[disk] / units_of_it, found.limit(DISK_FULL), octets)


def _loads(found: _Found) -> Iterator[Reading]:
    """Give processors and memories of a network device, against the general bound or a lower one of their own."""
    sizes = {labels.get("memory", ""): value for labels, value in found.of(metrics.MEMORY_SIZE)}
    for share, limit, label, most in (
        (metrics.PROCESSOR_LOAD, metrics.PROCESSOR_LIMIT, "processor", found.limit(PROCESSOR_BUSY)),
        (metrics.MEMORY_USED, metrics.MEMORY_LIMIT, "memory", found.limit(MEMORY_FULL)),
    ):
        own = {labels.get(label, ""): value for labels, value in found.of(limit)}
        word = Text(vi="Bộ xử lý", en="Processor") if label == "processor" else Text(vi="Bộ nhớ", en="Memory")
        for labels, value in sorted(found.of(share), key=lambda one: -one[1])[:_LOADS_SHOWN]:
            name = labels.get(label) or "?"
            octets = sizes.get(name, 0.0) if label == "memory" else 0.0
            title = word if name in _NAMELESS else Text(vi=f"{word.vi} {name}", en=f"{word.en} {name}")
            yield _share(title, value, min(most, own.get(name, most)), octets)


def _by_disk(found: _Found, metric: Metric) -> dict[str, float]:
    return {
        labels.get("hrStorageDescr") or "?": value
        for labels, value in found.of(metric)
        if labels.get("hrStorageType") in {FIXED_DISK, FLASH}
    }


def _share(label: Text, share: float, most: float, octets: float = 0.0) -> Reading:
    return Reading(
        label, share, "share", state=State.WARNING if share > most else None, of_gb=round(octets / _GIGABYTE, 1)
    )


def _printer(found: _Found) -> Iterator[Reading]:
    for labels, value in found.of(metrics.PRINTER_PROBLEM):
        if value:
            words = PROBLEMS.get(labels.get("problem", ""), same(labels.get("problem") or "?"))
            yield Reading(Text(vi="Máy in báo", en="It reports"), words=words, state=State.WARNING)
    for labels, value in found.of(metrics.PRINTER_SUPPLY):
        low = 1 - value > found.limit(SUPPLY_USED)
        yield Reading(same(labels.get("supply") or "?"), value, "share", state=State.WARNING if low else None)
    for labels, value in found.of(metrics.PRINTER_TRAY):
        name = labels.get("tray") or "?"
        yield Reading(Text(vi=f"Giấy trong {name}", en=f"Paper in {name}"), value, "share")
    for _, value in found.of(metrics.PRINTER_PAGES):
        yield Reading(Text(vi="Số trang đã in", en="Pages printed"), value)


_READINGS: Final[tuple[tuple[Metric, str, Unit], ...]] = (
    (metrics.SENSOR_TEMPERATURE, "temperature", "°C"),
    (metrics.SENSOR_FAN, "fan", "1/min"),
    (metrics.SENSOR_VOLTAGE, "voltage", "V"),
    (metrics.SENSOR_CURRENT, "current", "A"),
    (metrics.SENSOR_POWER, "power", "W"),
    (metrics.SENSOR_HUMIDITY, "humidity", "humidity"),
)
_STATES: Final = {
    1: (State.OK, Text(vi="tốt", en="good")),
    WARNING: (State.WARNING, Text(vi="cần chú ý", en="needs attention")),
    BAD: (State.DOWN, Text(vi="hỏng", en="failed")),
}


def _sensors(found: _Found) -> list[Reading]:
    """Return what is in trouble first, then temperatures, then the rest."""
    states = {
        (labels.get("sensor", ""), labels.get("kind", "")): value for labels, value in found.of(metrics.SENSOR_STATE)
    }
    rows: list[Reading] = []
    measured = set()
    for metric, kind, unit in _READINGS:
        for labels, value in found.of(metric):
            name = labels.get("sensor") or "?"
            measured.add((name, kind))
            state, _ = _STATES.get(int(states.get((name, kind), 0)), (None, None))
            rows.append(Reading(same(name), value, unit, state=state))
    for (name, kind), value in states.items():
        state, words = _STATES.get(int(value), (None, None))
        if state is not None and (name, kind) not in measured:
            rows.append(Reading(same(name or "?"), words=words, state=state))
    return sorted(rows, key=lambda row: row.state not in {State.DOWN, State.WARNING})
