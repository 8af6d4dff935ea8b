"""Power supplies, boards, fan trays and stack members: CISCO-ENTITY-FRU-CONTROL-MIB, CISCO-STACKWISE-MIB.

A part that was switched off on purpose is good, and an absent part is omitted: neither is a fault.
"""

from collections.abc import Iterator
from typing import Final

from collector.agents.entities import ENT_CLASS, ENT_DESCR, ENT_NAME
from collector.agents.ports import Ports, text
from collector.agents.tables import Columns
from collector.sensors.reading import Sensor, SensorTable, State

FRU: Final = "1.3.6.1.4.1.9.9.117.1"
STACK: Final = "1.3.6.1.4.1.9.9.500.1.2.1.1"

_POWER_SUPPLY: Final = 6
"""entPhysicalClass (RFC 6933)."""

_POWERED: Final = {
    1: State.BAD, 2: State.GOOD, 3: State.GOOD, 4: State.BAD, 5: State.BAD, 6: State.BAD, 7: State.BAD, 8: State.BAD,
    9: State.BAD, 10: State.BAD, 11: State.BAD, 12: State.BAD,
}  # fmt: skip
"""PowerOperType: 2 on, 3 off by an administrator; all else is off or half off for want of something."""

_ON: Final = 1
"""PowerAdminType; 2 is off, 3 and 4 are ports that feed telephones, which are off while there is none."""

_MODULES: Final = {
    2: State.GOOD, 3: State.GOOD, 4: State.WARNING, 5: State.WARNING, 6: State.WARNING, 7: State.BAD, 8: State.BAD,
    9: State.BAD, 10: State.BAD, 11: State.BAD, 12: State.GOOD, 13: State.GOOD, 14: State.BAD, 16: State.GOOD,
    17: State.BAD, 18: State.WARNING, 19: State.WARNING, 20: State.BAD, 21: State.WARNING, 22: State.WARNING,
    23: State.WARNING,
}  # fmt: skip
"""ModuleOperType. Disabled, dormant and out of service by an administrator (3, 12, 13) are meant so; boot, self-test,
synchronisation, upgrade and power cycle pass by; 15 (powered down) does not say by whom."""

_DISABLED: Final = frozenset({2, 4})
"""ModuleAdminType: disabled, out of service."""

_TRAYS: Final = {2: State.GOOD, 3: State.BAD, 4: State.WARNING}
"""cefcFanTrayOperStatus: up, down, warning."""

_MEMBERS: Final = {
    1: State.WARNING, 2: State.WARNING, 3: State.WARNING, 4: State.GOOD, 5: State.BAD, 6: State.BAD, 7: State.BAD,
    8: State.WARNING, 10: State.BAD, 11: State.BAD,
}  # fmt: skip
"""cswSwitchState: waiting, progressing, added, ready, three kinds of mismatch, new master, invalid, removed."""

_PROVISIONED: Final = 9
"""A place in the stack that is kept for a switch which is not there."""


def decode_supplies(columns: Columns, _: Ports) -> Iterator[Sensor]:
    """Read the entities of class powerSupply; what boards get of power is told by their own state."""
    for index in supplies(columns):
        state = columns["state"].get(index)
        if isinstance(state, int):
            found = _POWERED.get(state, State.UNKNOWN) if columns["wanted"].get(index, _ON) == _ON else State.GOOD
            yield Sensor(_name(columns, index, "power supply"), "supply", None, found)


def supplies(columns: Columns) -> list[str]:
    """Return the rows of power supplies: a switch lists each port that can feed a telephone beside them."""
    return [index for index in columns["state"] if columns["class"].get(index) == _POWER_SUPPLY]


def decode_modules(columns: Columns, _: Ports) -> Iterator[Sensor]:
    """Read the state of each board."""
    for index, state in columns["state"].items():
        if isinstance(state, int):
            meant = columns["wanted"].get(index) in _DISABLED
            found = State.GOOD if meant else _MODULES.get(state, State.UNKNOWN)
            yield Sensor(_name(columns, index, "module"), "module", None, found)


def decode_trays(columns: Columns, _: Ports) -> Iterator[Sensor]:
    """Read the state of each fan or tray of fans."""
    for index, state in columns["state"].items():
        if isinstance(state, int):
            yield Sensor(_name(columns, index, "fan"), "fan", None, _TRAYS.get(state, State.UNKNOWN))


def decode_members(columns: Columns, _: Ports) -> Iterator[Sensor]:
    """Read the state of each switch of a stack."""
    for index, state in columns["state"].items():
        if isinstance(state, int) and state != _PROVISIONED:
            number = text(columns["number"].get(index)) or index
            yield Sensor(f"switch {number}", "module", None, _MEMBERS.get(state, State.UNKNOWN))


def _name(columns: Columns, index: str, kind: str) -> str:
    """Return what the entity is called; boards of some are called by their slot's number alone."""
    name = text(columns["name"].get(index)) or text(columns["descr"].get(index)) or index
    return f"{kind} {name}" if name.isdigit() else name


_NAMES: Final = {"name": ENT_NAME, "descr": ENT_DESCR}


def _rows(columns: Columns) -> list[str]:
    return list(columns["state"])


SUPPLY: Final = SensorTable(
    name="CISCO-ENTITY-FRU-CONTROL-MIB supply",
    enterprises=(9,),
    live={"state": f"{FRU}.1.2.1.2", "wanted": f"{FRU}.1.2.1.1"},
    decode=decode_supplies,
    fixed={"class": ENT_CLASS, **_NAMES},
    rows=supplies,
)
MODULE: Final = SensorTable(
    name="CISCO-ENTITY-FRU-CONTROL-MIB module",
    enterprises=(9,),
    live={"state": f"{FRU}.2.1.1.2", "wanted": f"{FRU}.2.1.1.1"},
    decode=decode_modules,
    fixed=_NAMES,
    rows=_rows,
)
FAN_TRAY: Final = SensorTable(
    name="CISCO-ENTITY-FRU-CONTROL-MIB fan",
    enterprises=(9,),
    live={"state": f"{FRU}.4.1.1.1"},
    decode=decode_trays,
    fixed=_NAMES,
    rows=_rows,
)
MEMBER: Final = SensorTable(
    name="CISCO-STACKWISE-MIB",
    enterprises=(9,),
    live={"state": f"{STACK}.6"},
    decode=decode_members,
    fixed={"number": f"{STACK}.1"},
    rows=_rows,
)
