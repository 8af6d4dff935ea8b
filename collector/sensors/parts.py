"""Parts whose vendor reports a state for each: HPE ProCurve, Ruijie, Fortinet, APC's rack power units."""

import re
from collections.abc import Iterator, Mapping
from functools import partial
from typing import Final

from collector.agents.ports import Ports, text
from collector.agents.tables import Columns
from collector.sensors.reading import Kind, Sensor, SensorTable, State, scaled

HPE: Final = "1.3.6.1.4.1.11.2.14.11.1.2.6.1"
RUIJIE: Final = "1.3.6.1.4.1.4881.1.1.10.2.1.1"
FORTINET: Final = "1.3.6.1.4.1.12356.101.4.3.2.1"
APC_LOAD: Final = "1.3.6.1.4.1.318.1.1.12.2.3.1.1"
APC_PHASE: Final = "1.3.6.1.4.1.318.1.1.26.6.3.1"

_KINDS: Final[tuple[tuple[re.Pattern[str], Kind], ...]] = (
    (re.compile(r"\bfan", re.IGNORECASE), "fan"),
    (re.compile(r"temp", re.IGNORECASE), "temperature"),
    (re.compile(r"power supply|^PS\d+ status", re.IGNORECASE), "supply"),
    (re.compile(r"\dV|V\d|vin|vout|vcc|vdd|vtt", re.IGNORECASE), "voltage"),
)
"""What a part is, by the name that its maker gives it."""

_HPE_STATES: Final = {2: State.BAD, 3: State.WARNING, 4: State.GOOD}
"""hpicfSensorStatus; 1 is unknown, 5 is not there."""

_RUIJIE_STATES: Final = {2: State.BAD, 3: State.GOOD, 4: State.GOOD, 5: State.BAD}
"""Of a supply: there without power, there and ready, normal, powered but abnormal; 1 is not there, 6 unknown."""

_RUIJIE_FANS: Final = {4: State.GOOD, 5: State.BAD}
_HPE_ABSENT: Final = 5
_RUIJIE_ABSENT: Final = 1

_FORTINET_STATES: Final = {0: State.GOOD, 1: State.BAD}
"""fgHwSensorEntAlarmStatus."""

_APC_STATES: Final = {1: State.GOOD, 2: State.GOOD, 3: State.WARNING, 4: State.BAD}
"""Low or normal load, in either order, nearly overloaded, overloaded (rPDULoadStatusLoadState and its successor)."""


def kind_of(name: str) -> Kind:
    """Return what a part is by its name; a module where the name does not tell."""
    return next((kind for pattern, kind in _KINDS if pattern.search(name)), "module")


def decode_hpe(columns: Columns, _: Ports) -> Iterator[Sensor]:
    """Read fans, supplies and the thermometer, which only says whether it is too hot."""
    for index, state in columns["state"].items():
        if isinstance(state, int) and state != _HPE_ABSENT:
            name = text(columns["name"].get(index)) or f"sensor {index}"
            yield Sensor(name, kind_of(name), None, _HPE_STATES.get(state, State.UNKNOWN))


def decode_ruijie(columns: Columns, _: Ports, *, kind: Kind, states: Mapping[int, State]) -> Iterator[Sensor]:
    """Read supplies or fans; an empty place for one is left out."""
    for index, state in columns["state"].items():
        if isinstance(state, int) and state != _RUIJIE_ABSENT:
            name = text(columns["name"].get(index)) or f"{kind} {index}"
            yield Sensor(name, kind, None, states.get(state, State.UNKNOWN))


def decode_fortinet(columns: Columns, _: Ports) -> Iterator[Sensor]:
    """Read each part's alarm; its value where the name tells that it is degrees or turns."""
    for index, alarm in columns["alarm"].items():
        name = text(columns["name"].get(index))
        if isinstance(alarm, int) and name:
            kind = kind_of(name)
            value = scaled(kind, columns["value"].get(index)) if kind in {"temperature", "fan"} else None
            yield Sensor(name, kind, value, _FORTINET_STATES.get(alarm, State.UNKNOWN))


def decode_apc(columns: Columns, _: Ports) -> Iterator[Sensor]:
    """Read the current of each phase and bank, in tenths of an ampere, and whether the unit calls it too much."""
    for index, value in columns["current"].items():
        state = columns["state"].get(index)
        found = _APC_STATES.get(state, State.UNKNOWN) if isinstance(state, int) else None
        bank = columns.get("bank", {}).get(index)
        phase = text(columns["phase"].get(index)) or index
        name = f"bank {bank}" if isinstance(bank, int) and bank > 0 else f"phase {phase}"
        yield Sensor(name, "current", scaled("current", value, 0.1), found)


HPE_CHASSIS: Final = SensorTable(
    name="HP-ICF-CHASSIS",
    enterprises=(11,),
    live={"state": f"{HPE}.4"},
    decode=decode_hpe,
    fixed={"name": f"{HPE}.7"},
)
RUIJIE_SUPPLY: Final = SensorTable(
    name="RUIJIE-SYSTEM-MIB supply",
    enterprises=(4881,),
    live={"state": f"{RUIJIE}.18.1.2"},
    decode=partial(decode_ruijie, kind="supply", states=_RUIJIE_STATES),
    fixed={"name": f"{RUIJIE}.18.1.3"},
)
RUIJIE_FAN: Final = SensorTable(
    name="RUIJIE-SYSTEM-MIB fan",
    enterprises=(4881,),
    live={"state": f"{RUIJIE}.21.1.2"},
    decode=partial(decode_ruijie, kind="fan", states=_RUIJIE_FANS),
    fixed={"name": f"{RUIJIE}.21.1.3"},
)
FORTINET_HARDWARE: Final = SensorTable(
    name="FORTINET-FORTIGATE-MIB",
    enterprises=(12356,),
    live={"alarm": f"{FORTINET}.4", "value": f"{FORTINET}.3"},
    decode=decode_fortinet,
    fixed={"name": f"{FORTINET}.2"},
)
APC_RACK: Final = SensorTable(
    name="PowerNet-MIB rPDU",
    enterprises=(318,),
    live={"current": f"{APC_LOAD}.2", "state": f"{APC_LOAD}.3"},
    decode=decode_apc,
    fixed={"phase": f"{APC_LOAD}.4", "bank": f"{APC_LOAD}.5"},
)
APC_RACK_2: Final = SensorTable(
    name="PowerNet-MIB rPDU2",
    enterprises=(318,),
    live={"current": f"{APC_PHASE}.5", "state": f"{APC_PHASE}.4"},
    decode=decode_apc,
    fixed={"phase": f"{APC_PHASE}.3"},
    instead_of=(APC_RACK.name,),
)
