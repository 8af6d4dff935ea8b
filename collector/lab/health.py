"""The simulated devices' health by SNMP: temperature, processors, a UPS battery, a printer's toner.

Sources: MIKROTIK-MIB, HUAWEI-ENTITY-EXTENT-MIB, CISCO-ENVMON-MIB, CISCO-PROCESS-MIB, CISCO-MEMORY-POOL-MIB,
HOST-RESOURCES-MIB (RFC 2790), UPS-MIB (RFC 1628), Printer-MIB (RFC 3805).
"""

import math
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Final

from collector.lab import ber
from collector.lab.ber import Oid
from collector.lab.box import Box
from collector.lab.mib import Value

Row = tuple[Oid, Value]

MIKROTIK_HEALTH: Final[Oid] = (1, 3, 6, 1, 4, 1, 14988, 1, 1, 3)
HUAWEI_ENTITY: Final[Oid] = (1, 3, 6, 1, 4, 1, 2011, 5, 25, 31, 1, 1, 1, 1)
CISCO_ENVMON: Final[Oid] = (1, 3, 6, 1, 4, 1, 9, 9, 13, 1)
CISCO_PROCESS: Final[Oid] = (1, 3, 6, 1, 4, 1, 9, 9, 109, 1, 1, 1, 1)
CISCO_POOL: Final[Oid] = (1, 3, 6, 1, 4, 1, 9, 9, 48, 1, 1, 1)
HOST: Final[Oid] = (1, 3, 6, 1, 2, 1, 25)
UPS: Final[Oid] = (1, 3, 6, 1, 2, 1, 33, 1)
PRINTER: Final[Oid] = (1, 3, 6, 1, 2, 1, 43)

_CHASSIS: Final = 1
_RAM: Final[Oid] = (*HOST, 2, 1, 2)
_MEBIBYTE: Final = 1_048_576
_PAGES_AT_START: Final = 48_200
_PAGE_EVERY_S: Final = 240


def inside_of(box: Box) -> Iterator[Row]:
    """Yield what a device shows of its inside."""
    shown: Mapping[str, Callable[[Box], Iterator[Row]]] = {
        "mikrotik": _mikrotik, "huawei": _huawei, "cisco": _cisco, "ups": _ups, "printer": _printer,
    }  # fmt: skip
    if box.device.vendor in shown:
        yield from shown[box.device.vendor](box)


def _warmth(box: Box, mean: float, now: float) -> float:
    """Return degrees: warmer in the afternoon, and not the same in every cabinet."""
    return mean + sum(map(ord, box.device.name)) % 7 + 3 * math.sin(2 * math.pi * now / 86_400)


def _degrees(box: Box, mean: float, per_degree: int) -> Value:
    return lambda now: ber.integer(round(_warmth(box, mean, now) * per_degree))


def _busy(box: Box, mean: int) -> Value:
    """Return percent of a processor's time, which goes up and down."""
    return lambda now: ber.integer(round(mean + 5 * math.sin(now / 600 + len(box.device.name))))


def _mikrotik(box: Box) -> Iterator[Row]:
    yield (*MIKROTIK_HEALTH, 8, 0), ber.integer(242)
    yield (*MIKROTIK_HEALTH, 10, 0), _degrees(box, 31, 10)
    yield (*MIKROTIK_HEALTH, 11, 0), _degrees(box, 44, 10)
    yield (*HOST, 3, 3, 1, 2, 1), _busy(box, 9)
    yield from _area(1, "main memory", _RAM, units=_MEBIBYTE, size=4_096, used=420)


def _area(index: int, name: str, kind: Oid, *, units: int, size: int, used: int) -> Iterator[Row]:
    for column, value in (
        (2, ber.object_id(kind)),
        (3, ber.octets(name)),
        (4, ber.integer(units)),
        (5, ber.integer(size)),
        (6, ber.integer(used)),
    ):
        yield (*HOST, 2, 3, 1, column, index), value


def _huawei(box: Box) -> Iterator[Row]:
    for column, value in ((6, 80), (7, 31), (8, 95), (9, 1_024 * _MEBIBYTE)):
        yield (*HUAWEI_ENTITY, column, _CHASSIS), ber.integer(value)
    yield (*HUAWEI_ENTITY, 5, _CHASSIS), _busy(box, 14)
    yield (*HUAWEI_ENTITY, 11, _CHASSIS), _degrees(box, 38, 1)
    yield (*HUAWEI_ENTITY, 12, _CHASSIS), ber.integer(75)


def _cisco(box: Box) -> Iterator[Row]:
    yield (*CISCO_PROCESS, 2, 1), ber.integer(0)
    yield (*CISCO_PROCESS, 7, 1), _busy(box, 17)
    for index, name, used, free in ((1, "Processor", 410, 614), (2, "I/O", 36, 92)):
        yield (*CISCO_POOL, 2, index), ber.octets(name)
        yield (*CISCO_POOL, 5, index), ber.integer(used * _MEBIBYTE)
        yield (*CISCO_POOL, 6, index), ber.integer(free * _MEBIBYTE)
    yield (*CISCO_ENVMON, 3, 1, 2, 1), ber.octets("Inlet temperature")
    yield (*CISCO_ENVMON, 3, 1, 3, 1), _degrees(box, 26, 1)
    yield (*CISCO_ENVMON, 3, 1, 4, 1), ber.integer(56)
    yield (*CISCO_ENVMON, 3, 1, 6, 1), ber.integer(1)
    for index, name in enumerate(("Fan tray", "Power supply 0", "Power supply 1"), 1):
        part = 4 if index == 1 else 5
        yield (*CISCO_ENVMON, part, 1, 2, index), ber.octets(name)
        yield (*CISCO_ENVMON, part, 1, 3, index), ber.integer(1)


def _ups(box: Box) -> Iterator[Row]:
    """A supply on the mains, whose battery is full."""
    scalars: tuple[tuple[Oid, Value], ...] = (
        ((2, 1, 0), ber.integer(2)),
        ((2, 2, 0), ber.integer(0)),
        ((2, 3, 0), ber.integer(38)),
        ((2, 4, 0), ber.integer(100)),
        ((2, 5, 0), ber.integer(547)),
        ((2, 7, 0), _degrees(box, 24, 1)),
        ((3, 3, 1, 3, 1), lambda now: ber.integer(round(224 + 4 * math.sin(now / 900)))),
        ((4, 1, 0), ber.integer(3)),
        ((4, 4, 1, 2, 1), ber.integer(230)),
        ((4, 4, 1, 4, 1), lambda now: ber.integer(round(27 * _load(now)))),
        ((4, 4, 1, 5, 1), lambda now: ber.integer(round(_load(now)))),
        ((6, 1, 0), ber.integer(0)),
        ((7, 3, 0), ber.integer(1)),
    )
    for part, value in scalars:
        yield (*UPS, *part), value


def _load(now: float) -> float:
    """Return percent of what a supply of 2.7 kW carries: more by day."""
    return 34 + 6 * math.sin(2 * math.pi * now / 86_400)


def _printer(box: Box) -> Iterator[Row]:
    yield (*PRINTER, 10, 2, 1, 4, 1, 1), partial(_pages, box)
    for index, (name, kind, left) in enumerate((("Hộp mực đen", 21, 62), ("Cụm sấy", 15, 81)), 1):
        for column, value in (
            (5, ber.integer(kind)),
            (6, ber.octets(name)),
            (7, ber.integer(19)),
            (8, ber.integer(100)),
            (9, ber.integer(left)),
        ):
            yield (*PRINTER, 11, 1, 1, column, 1, index), value
    for column, value in ((9, ber.integer(250)), (10, ber.integer(180)), (13, ber.octets("Khay 1"))):
        yield (*PRINTER, 8, 2, 1, column, 1, 1), value
    yield (*HOST, 3, 5, 1, 1, 1), ber.integer(3)
    yield (*HOST, 3, 5, 1, 2, 1), ber.octets(b"\0\0")


def _pages(box: Box, now: float) -> bytes:
    return ber.counter32(_PAGES_AT_START + int((now - box.booted_at) / _PAGE_EVERY_S))
