"""What each simulated device answers by SNMP: the system group, ports, optical modules and serial numbers.

Sources: SNMPv2-MIB (RFC 3418), IF-MIB (RFC 2863), ENTITY-MIB (RFC 6933), MIKROTIK-MIB, HUAWEI-ENTITY-EXTENT-MIB,
CISCO-ENTITY-SENSOR-MIB.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Final

from collector.lab import ber
from collector.lab.ber import Oid
from collector.lab.box import TX_DBM, UP, Box, Port
from collector.lab.health import inside_of
from collector.lab.mib import Mib, Value

Row = tuple[Oid, Value]

SYSTEM: Final[Oid] = (1, 3, 6, 1, 2, 1, 1)
INTERFACES: Final[Oid] = (1, 3, 6, 1, 2, 1, 2)
NET_TO_MEDIA: Final[Oid] = (1, 3, 6, 1, 2, 1, 4, 22, 1, 2)
IF_X_ENTRY: Final[Oid] = (1, 3, 6, 1, 2, 1, 31, 1, 1, 1)
ENT_PHYSICAL_ENTRY: Final[Oid] = (1, 3, 6, 1, 2, 1, 47, 1, 1, 1, 1)
ENT_ALIAS: Final[Oid] = (1, 3, 6, 1, 2, 1, 47, 1, 3, 2, 1, 2)
MIKROTIK_OPTICS: Final[Oid] = (1, 3, 6, 1, 4, 1, 14988, 1, 1, 19, 1, 1)
HUAWEI_OPTICS: Final[Oid] = (1, 3, 6, 1, 4, 1, 2011, 5, 25, 31, 1, 1, 3, 1)
CISCO_SENSORS: Final[Oid] = (1, 3, 6, 1, 4, 1, 9, 9, 91, 1, 1, 1, 1)
CISCO_THRESHOLDS: Final[Oid] = (1, 3, 6, 1, 4, 1, 9, 9, 91, 1, 2, 1, 1)

STRANGER_AT: Final = "tan-lap"
STRANGER: Final = bytes.fromhex("4419b6005307")
"""A thing that nobody booked; its hardware address begins like those of a maker of cameras."""

_MODELS: Final[dict[str, tuple[str, str, Oid, str]]] = {
    "mikrotik": ("RouterOS CCR2004-16G-2S+", "MikroTik", (1, 3, 6, 1, 4, 1, 14988, 1), "CCR2004-16G-2S+"),
    "huawei": (
        "Huawei Versatile Routing Platform Software VRP (R) software, Version 8.180 (AR6120)",
        "Huawei",
        (1, 3, 6, 1, 4, 1, 2011, 2, 224, 279),
        "AR6120",
    ),
    "cisco": (
        "Cisco IOS XE Software, ASR1001-X, Version 17.9 (simulated)",
        "Cisco",
        (1, 3, 6, 1, 4, 1, 9, 1, 1861),
        "ASR1001-X",
    ),
    "ups": ("UPS 3 kVA, network card (simulated)", "APC", (1, 3, 6, 1, 4, 1, 8072, 3, 2, 10), "3 kVA"),
    "printer": ("Laser printer (simulated)", "HP", (1, 3, 6, 1, 4, 1, 11, 2, 3, 9, 1), "LaserJet"),
}
"""sysDescr, maker, sysObjectID and model by vendor."""

_CHASSIS: Final = 1
_PORT_ENTITY: Final = 1000
_RX_SENSOR: Final = 2000
_TX_SENSOR: Final = 3000
_LOW_ALARM_DBM: Final = -23.0
_LOW_WARNING_DBM: Final = -19.0
_HIGH_WARNING_DBM: Final = -3.0
_HIGH_ALARM_DBM: Final = 0.5
_MEAN_PACKET: Final = 740
"""Octets of a mean packet, to derive packet counters from octet counters."""


def mib_of(box: Box) -> Mib | None:
    """Return what a device answers; `None` for one that speaks no SNMP."""
    if box.device.vendor not in _MODELS:
        return None
    optics = {"mikrotik": _mikrotik_optics, "huawei": _huawei_optics, "cisco": _cisco_optics}.get(box.device.vendor)
    rows = [*_system(box), *_interfaces(box), *_stranger(box), *_entities(box), *inside_of(box)]
    return Mib([*rows, *optics(box)] if optics else rows)


def _system(box: Box) -> Iterator[Row]:
    description, _, identity, _ = _MODELS[box.device.vendor]
    values: tuple[Value, ...] = (
        ber.octets(description),
        ber.object_id(identity),
        lambda now: ber.ticks(now - box.booted_at),
        ber.octets("quang lab"),
        ber.octets(box.device.name),
        ber.octets(box.device.site),
        ber.integer(78),
    )
    for number, value in enumerate(values, 1):
        yield (*SYSTEM, number, 0), value


def _interfaces(box: Box) -> Iterator[Row]:
    yield (*INTERFACES, 1, 0), ber.integer(len(box.ports))
    for port in box.ports.values():
        for column, value in _if_columns(box, port):
            yield (*INTERFACES, 2, 1, column, port.index), value
        for column, value in _if_x_columns(port):
            yield (*IF_X_ENTRY, column, port.index), value


def _stranger(box: Box) -> Iterator[Row]:
    """Have one router of the district know an address that stands in no book, for the page of discovered devices."""
    if box.device.site == STRANGER_AT and box.device.vendor in {"mikrotik", "huawei", "cisco"}:
        address = (10, *map(int, box.device.address.split(".")[1:3]), 77)
        yield (*NET_TO_MEDIA, next(iter(box.ports.values())).index, *address), ber.octets(STRANGER)


def _if_columns(box: Box, port: Port) -> Iterator[tuple[int, Value]]:
    mac = bytes((0x02, 0x34, *map(int, box.device.address.split(".")[2:]), port.index >> 8, port.index & 0xFF))
    yield 1, ber.integer(port.index)
    yield 2, ber.octets(port.name)
    yield 3, ber.integer(209 if port.name.startswith("bridge") else 6)
    yield 4, ber.integer(1500)
    yield 5, ber.gauge32(port.speed_mbps * 1_000_000)
    yield 6, ber.octets(mac)
    yield 7, ber.integer(UP)
    yield 8, lambda _: ber.integer(port.state)
    yield 9, lambda _: ber.ticks(max(0.0, port.changed_at - box.booted_at))
    yield 10, _count(ber.counter32, port.received.octets)
    yield 11, _count(ber.counter32, port.received.octets, _MEAN_PACKET)
    yield 13, ber.counter32(0)
    yield 14, ber.counter32(0)
    yield 16, _count(ber.counter32, port.sent.octets)
    yield 17, _count(ber.counter32, port.sent.octets, _MEAN_PACKET)
    yield 19, ber.counter32(0)
    yield 20, ber.counter32(0)


def _if_x_columns(port: Port) -> Iterator[tuple[int, Value]]:
    yield 1, ber.octets(port.name)
    for column, flow in ((6, port.received), (10, port.sent)):
        yield column, _count(ber.counter64, flow.octets)
        for offset, share in ((1, _MEAN_PACKET), (2, 400_000), (3, 900_000)):
            yield column + offset, _count(ber.counter64, flow.octets, share)
    yield 15, ber.gauge32(port.speed_mbps)
    yield 18, ber.octets(port.alias)
    yield 19, ber.ticks(0)


def _count(encode: Callable[[int], bytes], octets: Callable[[float], int], share: int = 1) -> Value:
    return lambda now: encode(octets(now) // share)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Entity:
    """One row of entPhysicalTable."""

    index: int
    descr: str
    kind: int
    name: str
    maker: str
    serial: str = ""
    model: str = ""

    def rows(self) -> Iterator[Row]:
        inside = 0 if self.index == _CHASSIS else _CHASSIS
        for column, value in (
            (2, ber.octets(self.descr)),
            (4, ber.integer(inside)),
            (5, ber.integer(self.kind)),
            (7, ber.octets(self.name)),
            (11, ber.octets(self.serial)),
            (12, ber.octets(self.maker)),
            (13, ber.octets(self.model)),
        ):
            yield (*ENT_PHYSICAL_ENTRY, column, self.index), value


def _entities(box: Box) -> Iterator[Row]:
    _, maker, _, model = _MODELS[box.device.vendor]
    chassis = _Entity(
        index=_CHASSIS,
        descr="chassis",
        kind=3,
        name=box.device.name,
        maker=maker,
        serial=box.device.serial,
        model=model,
    )
    yield from chassis.rows()
    for port in box.ports.values():
        if port.optical:
            index = _PORT_ENTITY + port.index
            yield from _Entity(index=index, descr="optical port", kind=10, name=port.name, maker=maker).rows()
            yield (*ENT_ALIAS, index, 0), ber.object_id((*INTERFACES, 2, 1, 1, port.index))


def _optical(box: Box) -> Iterator[Port]:
    return (port for port in box.ports.values() if port.optical)


def _power(read: Callable[[float], float], per_dbm: int) -> Value:
    return lambda now: ber.integer(round(read(now) * per_dbm))


def _mikrotik_optics(box: Box) -> Iterator[Row]:
    for port in _optical(box):
        for column, value in (
            (2, ber.octets(port.name)),
            (3, partial(_loss_of_light, port)),
            (4, ber.integer(2)),
            (5, ber.integer(131_000)),
            (6, ber.integer(41)),
            (7, ber.integer(3_290)),
            (8, ber.integer(21)),
            (9, ber.integer(round(TX_DBM * 1000))),
            (10, _power(port.rx_dbm, 1000)),
        ):
            yield (*MIKROTIK_OPTICS, column, port.index), value


def _loss_of_light(port: Port, _: float) -> bytes:
    return ber.integer(2 if port.state == UP else 1)


def _huawei_optics(box: Box) -> Iterator[Row]:
    for port in _optical(box):
        values: tuple[tuple[int, Value], ...] = (
            (5, ber.integer(41)),
            (6, ber.integer(3_290)),
            (7, ber.integer(21)),
            (8, _power(port.rx_dbm, 100)),
            (9, ber.integer(round(TX_DBM * 100))),
            (13, ber.integer(round(_LOW_ALARM_DBM * 100))),
            (14, ber.integer(round(_HIGH_WARNING_DBM * 100))),
            (15, ber.integer(-1150)),
            (16, ber.integer(-250)),
        )
        for column, value in values:
            yield (*HUAWEI_OPTICS, column, _PORT_ENTITY + port.index), value


def _cisco_optics(box: Box) -> Iterator[Row]:
    for port in _optical(box):
        if not port.link:
            continue
        sensors = (
            (_RX_SENSOR + port.index, "Receive Power Sensor", port.rx_dbm),
            (_TX_SENSOR + port.index, "Transmit Power Sensor", lambda _: TX_DBM),
        )
        for index, what, read in sensors:
            yield from _Entity(index=index, descr=what, kind=8, name=f"{port.name} {what}", maker="Cisco").rows()
            for column, value in ((1, ber.integer(14)), (2, ber.integer(9)), (3, ber.integer(1)), (5, ber.integer(1))):
                yield (*CISCO_SENSORS, column, index), value
            yield (*CISCO_SENSORS, 4, index), _power(read, 10)
        yield from _cisco_thresholds(_RX_SENSOR + port.index)


def _cisco_thresholds(sensor: int) -> Iterator[Row]:
    limits = ((30, 1, _LOW_ALARM_DBM), (10, 1, _LOW_WARNING_DBM), (10, 4, _HIGH_WARNING_DBM), (30, 4, _HIGH_ALARM_DBM))
    for number, (severity, relation, limit) in enumerate(limits, 1):
        for column, value in ((2, severity), (3, relation), (4, round(limit * 10))):
            yield (*CISCO_THRESHOLDS, column, sensor, number), ber.integer(value)
