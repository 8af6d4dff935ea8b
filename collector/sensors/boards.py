"""Boards of vendors that give each entity a temperature, a limit and a state: Huawei VRP, H3C, HPE Comware."""

from collections.abc import Iterator
from typing import Final

from collector.agents.entities import ENT_CLASS, ENT_NAME
from collector.agents.ports import Ports, text
from collector.agents.tables import Columns
from collector.sensors.reading import Kind, Sensor, SensorTable, State, scaled, stated

HUAWEI_ENTITY: Final = "1.3.6.1.4.1.2011.5.25.31.1.1.1.1"
HUAWEI_FAN: Final = "1.3.6.1.4.1.2011.5.25.31.1.1.10.1"
HUAWEI_SUPPLY: Final = "1.3.6.1.4.1.2011.5.25.31.1.1.18.1"
H3C_ENTITY: Final = "1.3.6.1.4.1.25506.2.6.1.1.1.1"
H3C_OLD_ENTITY: Final = "1.3.6.1.4.1.2011.10.2.6.1.1.1.1"
"""The same table in the tree that H3C had before it had a number of its own."""

_NOWHERE: Final = frozenset({0, 65_535, 2_147_483_647})
"""What entities without a sensor say."""

_HUAWEI_FAN: Final = {1: State.GOOD, 2: State.BAD}
_HUAWEI_SUPPLY: Final = {1: State.GOOD, 2: State.BAD, 3: State.GOOD}
"""hwEntityPwrState: supplies, does not supply, sleeps because the others are enough."""

_ABSENT: Final = 2
"""hwEntityFanPresent, hwEntityPwrPresent: an empty slot, whatever else it says."""

_H3C_PARTS: Final[dict[int, Kind]] = {6: "supply", 7: "fan"}
"""entPhysicalClass of those whose good state is told too; boards and their parts are named when they fail."""

_H3C_FAULTS: Final[dict[int, Kind]] = {
    3: "module", 11: "supply", 21: "module", 23: "module", 41: "fan", 51: "supply", 61: "supply", 71: "module",
    81: "module", 91: "module",
}  # fmt: skip
"""hh3cEntityExtErrorStatus: self-test, power over the cable, stack, stack port, fan, supply, redundant supply, module,
sensor, hardware. 1 is not supported, 4 absent, 22 a stack port that is blocked on purpose, 31 to 33 are of optics."""

_NORMAL: Final = 2
_H3C_SILENT: Final = frozenset({1, 4})
_PORT: Final = 10


def decode(columns: Columns, _: Ports) -> Iterator[Sensor]:
    """Read the temperature of each entity that has one."""
    kind: Kind = "temperature"
    for index, value in columns["value"].items():
        heat = None if value in _NOWHERE else scaled(kind, value)
        if heat is None:
            continue
        limit = columns["limit"].get(index)
        high = None if limit in _NOWHERE else scaled(kind, limit)
        name = text(columns["name"].get(index)) or f"entity {index}"
        yield Sensor(name, kind, heat, None, stated({"alarm_high": high}))


def warm(columns: Columns) -> list[str]:
    """Return the rows that have a thermometer: of hundreds of ports and slots none has."""
    return [index for index, value in columns["value"].items() if value not in _NOWHERE]


def decode_fans(columns: Columns, _: Ports) -> Iterator[Sensor]:
    """Read the states of Huawei's fans, by slot and number."""
    yield from _present(columns, "fan", _HUAWEI_FAN)


def decode_supplies(columns: Columns, _: Ports) -> Iterator[Sensor]:
    """Read the states of Huawei's supplies, by slot and number."""
    yield from _present(columns, "supply", _HUAWEI_SUPPLY)


def _present(columns: Columns, kind: Kind, states: dict[int, State]) -> Iterator[Sensor]:
    for index, state in columns["state"].items():
        if isinstance(state, int) and columns["present"].get(index) != _ABSENT:
            yield Sensor(f"{kind} {index}", kind, None, states.get(state, State.UNKNOWN))


def decode_states(columns: Columns, _: Ports) -> Iterator[Sensor]:
    """Read fans and supplies of Comware, and whatever else reports a fault."""
    for index, state in columns["state"].items():
        name = text(columns["name"].get(index)) or f"entity {index}"
        part = columns["class"].get(index)
        kind = _H3C_PARTS.get(part) if isinstance(part, int) else None
        if isinstance(state, int) and state in _H3C_FAULTS:
            yield Sensor(name, kind or _H3C_FAULTS[state], None, State.BAD)
        elif kind is not None and state == _NORMAL:
            yield Sensor(name, kind, None, State.GOOD)


def judged(columns: Columns) -> list[str]:
    """Return the rows that have a state: of a large chassis most are slots, absent parts and ports."""
    return [
        index
        for index, state in columns["state"].items()
        if state not in _H3C_SILENT and columns["class"].get(index) != _PORT
    ]


def _heat(name: str, enterprise: int, base: str, value: int, *instead_of: str) -> SensorTable:
    return SensorTable(
        name=name,
        enterprises=(enterprise,),
        live={"value": f"{base}.{value}"},
        decode=decode,
        fixed={"limit": f"{base}.{value + 1}", "name": ENT_NAME},
        instead_of=instead_of,
        rows=warm,
    )


def _states(name: str, base: str, *instead_of: str) -> SensorTable:
    return SensorTable(
        name=name,
        enterprises=(25506,),
        live={"state": f"{base}.19"},
        decode=decode_states,
        fixed={"class": ENT_CLASS, "name": ENT_NAME},
        instead_of=instead_of,
        rows=judged,
    )


HUAWEI: Final = _heat("HUAWEI-ENTITY-EXTENT-MIB", 2011, HUAWEI_ENTITY, 11)
HUAWEI_FANS: Final = SensorTable(
    name="HUAWEI-ENTITY-EXTENT-MIB fans",
    enterprises=(2011,),
    live={"state": f"{HUAWEI_FAN}.7", "present": f"{HUAWEI_FAN}.6"},
    decode=decode_fans,
)
HUAWEI_SUPPLIES: Final = SensorTable(
    name="HUAWEI-ENTITY-EXTENT-MIB supplies",
    enterprises=(2011,),
    live={"state": f"{HUAWEI_SUPPLY}.6", "present": f"{HUAWEI_SUPPLY}.5"},
    decode=decode_supplies,
)
H3C: Final = _heat("HH3C-ENTITY-EXT-MIB", 25506, H3C_ENTITY, 12)
H3C_STATES: Final = _states("HH3C-ENTITY-EXT-MIB states", H3C_ENTITY)
H3C_OLD: Final = _heat("H3C-ENTITY-EXT-MIB", 25506, H3C_OLD_ENTITY, 12, H3C.name)
H3C_OLD_STATES: Final = _states("H3C-ENTITY-EXT-MIB states", H3C_OLD_ENTITY, H3C_STATES.name)
