"""Temperatures, voltages, fans and supplies of Cisco's IOS: CISCO-ENVMON-MIB."""

import re
from collections.abc import Iterator
from functools import partial
from typing import Final

from collector.agents.limits import Level
from collector.agents.ports import Ports, text
from collector.agents.tables import Columns
from collector.sensors.reading import Kind, Sensor, SensorTable, State, scaled, stated

BASE: Final = "1.3.6.1.4.1.9.9.13.1"

_STATES: Final = {1: State.GOOD, 2: State.WARNING, 3: State.BAD, 4: State.BAD, 6: State.BAD}
"""CiscoEnvMonState: normal, warning, critical, shutdown, notFunctioning; 5 is a part that is not there."""

_ABSENT: Final = 5
_COLOUR: Final = re.compile(r",?\s*\b(?:GREEN|YELLOW|RED)\s*$")
_FEEDS: Final = re.compile(r"\b(PS\d|RPS) [A-Za-z]+")
"""Catalyst switches write the state into the name (`SW#1, Sensor#1, GREEN`; `Sw1, PS1 Normal, RPS NotExist`), which has
to stay the same."""


def decode(columns: Columns, _: Ports, *, kind: Kind) -> Iterator[Sensor]:
    """Read one of the four tables; the temperature's only limit is the one at which the device shuts down."""
    for index, state in columns["state"].items():
        if not isinstance(state, int) or state == _ABSENT:
            continue
        limits: dict[Level, float | None] = {}
        factor = 0.001 if kind == "voltage" else 1.0
        for level in ("alarm_low", "alarm_high"):
            limit = scaled(kind, columns.get(level, {}).get(index), factor)
            limits[level] = limit or None
        yield Sensor(
            _FEEDS.sub(r"\1", _COLOUR.sub("", text(columns["descr"].get(index)))) or f"{kind} {index}",
            kind,
            scaled(kind, columns.get("value", {}).get(index), factor),
            _STATES.get(state, State.UNKNOWN),
            stated(limits),
        )


def _table(part: int, kind: Kind, state: int, live: dict[str, int], fixed: dict[str, int]) -> SensorTable:
    base = f"{BASE}.{part}.1"
    return SensorTable(
        name=f"CISCO-ENVMON-MIB {kind}",
        enterprises=(9,),
        live={"state": f"{base}.{state}", **{name: f"{base}.{column}" for name, column in live.items()}},
        decode=partial(decode, kind=kind),
        fixed={"descr": f"{base}.2", **{name: f"{base}.{column}" for name, column in fixed.items()}},
    )


VOLTAGE: Final = _table(2, "voltage", 7, {"value": 3}, {"alarm_low": 4, "alarm_high": 5})
TEMPERATURE: Final = _table(3, "temperature", 6, {"value": 3}, {"alarm_high": 4})
FAN: Final = _table(4, "fan", 3, {}, {})
SUPPLY: Final = _table(5, "supply", 3, {}, {})
