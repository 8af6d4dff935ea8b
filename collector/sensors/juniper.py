"""Temperatures and states of Juniper's boards, fans and supplies: JUNIPER-MIB, jnxOperatingTable."""

import re
from collections.abc import Iterator
from typing import Final

from collector.agents.ports import Ports, text
from collector.agents.tables import Columns
from collector.sensors.reading import Kind, Sensor, SensorTable, State, scaled

BASE: Final = "1.3.6.1.4.1.2636.3.1.13.1"
FRU: Final = "1.3.6.1.4.1.2636.3.1.15.1"
LAMPS: Final = "1.3.6.1.4.1.2636.3.4.2"

_STATES: Final = {
    2: State.GOOD, 3: State.GOOD, 4: State.WARNING, 5: State.WARNING, 6: State.BAD, 7: State.GOOD,
}  # fmt: skip
"""jnxOperatingState: running, ready, reset, running at full speed (a fan that makes up for a fault), down, standby."""


_EMPTY, _OFFLINE = 2, 8
"""jnxFruState."""

_FAULTS: Final = frozenset({3, 4, 10, 11, 15, 16, 18})
"""jnxFruOfflineReason: error, no power, too hot, clock gone, does not answer, its clock absent, major errors. The
others are wanted: by the configuration, a command, a button, a change of mode, or by pulling the part out."""

_ON: Final = 3
"""jnxRedAlarmState, jnxYellowAlarmState."""


def decode(columns: Columns, _: Ports) -> Iterator[Sensor]:
    """Read a temperature where there is one (0 is none), and the state of what is known to be in some state."""
    for index, state in columns["state"].items():
        name = text(columns["descr"].get(index)) or f"part {index}"
        heat = scaled("temperature", columns["temperature"].get(index))
        if heat:
            yield Sensor(name, "temperature", heat)
        if isinstance(state, int) and state in _STATES:
            yield Sensor(name, _kind(name), None, _STATES[state])


def _kind(name: str) -> Kind:
    if re.search(r"\bfan\b", name, re.IGNORECASE):
        return "fan"
    return "supply" if re.search(r"\b(?:PEM|PSM|PSU|power supply)\b", name, re.IGNORECASE) else "module"


def decode_parts(columns: Columns, _: Ports) -> Iterator[Sensor]:
    """Read the replaceable parts that went offline by themselves; the others stand in jnxOperatingTable."""
    for index, state in columns["state"].items():
        if state == _OFFLINE and columns["reason"].get(index) in _FAULTS:
            name = text(columns["name"].get(index)) or f"part {index}"
            yield Sensor(name, _kind(name), None, State.BAD)


def fitted(columns: Columns) -> list[str]:
    """Return the rows of parts that can be offline; of a large chassis most slots are empty."""
    return [index for index, state in columns["state"].items() if state != _EMPTY]


def decode_lamps(columns: Columns, _: Ports) -> Iterator[Sensor]:
    """Read the two lamps of the chassis, which sum up all that Junos holds for wrong."""
    for name, lit in (("yellow", State.WARNING), ("red", State.BAD)):
        for state in columns[name].values():
            yield Sensor(f"{name} alarm lamp", "module", None, lit if state == _ON else State.GOOD)


OPERATING: Final = SensorTable(
    name="JUNIPER-MIB",
    enterprises=(2636,),
    live={"state": f"{BASE}.6", "temperature": f"{BASE}.7"},
    decode=decode,
    fixed={"descr": f"{BASE}.5"},
)
PARTS: Final = SensorTable(
    name="JUNIPER-MIB parts",
    enterprises=(2636,),
    live={"state": f"{FRU}.8", "reason": f"{FRU}.10"},
    decode=decode_parts,
    fixed={"name": f"{FRU}.5"},
    rows=fitted,
)
LAMP: Final = SensorTable(
    name="JUNIPER-ALARM-MIB",
    enterprises=(2636,),
    live={"yellow": f"{LAMPS}.2.1", "red": f"{LAMPS}.3.1"},
    decode=decode_lamps,
)
