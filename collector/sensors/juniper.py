"""Temperatures and states of Juniper's boards, fans and supplies: JUNIPER-MIB, jnxOperatingTable."""

import re
from collections.abc import Iterator
from typing import Final

from collector.agents.ports import Ports, text
from collector.agents.tables import Columns
from collector.sensors.reading import Kind, Sensor, SensorTable, State, scaled

BASE: Final = "1.3.6.1.4.1.2636.3.1.13.1"

_STATES: Final = {
    2: State.GOOD, 3: State.GOOD, 4: State.WARNING, 5: State.WARNING, 6: State.BAD, 7: State.GOOD,
}  # fmt: skip
"""jnxOperatingState: running, ready, reset, running at full speed (a fan that makes up for a fault), down, standby."""


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


OPERATING: Final = SensorTable(
    name="JUNIPER-MIB",
    enterprises=(2636,),
    live={"state": f"{BASE}.6", "temperature": f"{BASE}.7"},
    decode=decode,
    fixed={"descr": f"{BASE}.5"},
)
