"""Modules of Huawei VRP: HUAWEI-ENTITY-EXTENT-MIB, hwOpticalModuleInfoTable."""

import re
from collections.abc import Iterator
from typing import Final

from collector.agents.entities import ENT_ALIAS, ENT_NAME, aliases_of
from collector.agents.ports import Ports, text
from collector.agents.values import measurement, rows
from collector.optics.module import Lane, Module, from_watts, known, temperature
from collector.optics.table import Columns, OpticsTable, hundredths, limits_of
from collector.snmp import Value

BASE: Final = "1.3.6.1.4.1.2011.5.25.31.1.1.3.1"
_ABSENT: Final = -1


def decode(columns: Columns, ports: Ports) -> Iterator[Module]:
    """Read hundredths of a dBm; microwatts where an S-series switch gives a positive number.

    The text columns of lanes, where there are any, are in hundredths of a dBm on both and go first. -1 stands for no
    module. Limits are in hundredths of a dBm; a module without any repeats one number.
    """
    aliases = aliases_of(columns["alias"])
    for index in rows(columns["rx"], columns["tx"]):
        port = aliases.get(index) or ports.by_name.get(text(columns["name"].get(index)))
        if port not in ports.by_index or port is None:
            continue
        rx, tx = columns["rx"].get(index), columns["tx"].get(index)
        if rx == _ABSENT and tx == _ABSENT:
            yield Module(port)
            continue
        heat = temperature(columns["temperature"].get(index))
        yield Module(port, tuple(_lanes(columns, index, rx, tx, heat)), limits_of(columns, index, hundredths))


def _lanes(columns: Columns, index: str, rx: Value | None, tx: Value | None, heat: float | None) -> Iterator[Lane]:
    rx_lanes, tx_lanes = _each(columns["rx_lanes"].get(index)), _each(columns["tx_lanes"].get(index))
    count = max(len(rx_lanes), len(tx_lanes), 1)
    for at in range(count):
        yield Lane(
            at + 1,
            rx_lanes[at] if at < len(rx_lanes) else (_power(rx) if not rx_lanes else None),
            tx_lanes[at] if at < len(tx_lanes) else (_power(tx) if not tx_lanes else None),
            heat,
        )


def _each(value: Value | None) -> list[float | None]:
    """Return the powers of all lanes from their text, `-480.00` or several with commas between."""
    return [known(float(part) / 100) for part in re.findall(r"-?\d{1,9}(?:\.\d{1,9})?", text(value))[:16]]


def _power(value: Value | None) -> float | None:
    number = measurement(value)
    if number is None or number == _ABSENT:
        return None
    return from_watts(number / 1_000_000) if number > 0 else known(number / 100)


TABLE: Final = OpticsTable(
    name="HUAWEI-ENTITY-EXTENT-MIB",
    enterprises=(2011,),
    live={
        "rx": f"{BASE}.8",
        "tx": f"{BASE}.9",
        "rx_lanes": f"{BASE}.32",
        "tx_lanes": f"{BASE}.33",
        "temperature": f"{BASE}.5",
    },
    decode=decode,
    fixed={
        "rx_alarm_low": f"{BASE}.13",
        "rx_alarm_high": f"{BASE}.14",
        "tx_alarm_low": f"{BASE}.15",
        "tx_alarm_high": f"{BASE}.16",
        "rx_warn_low": f"{BASE}.20",
        "rx_warn_high": f"{BASE}.21",
        "tx_warn_low": f"{BASE}.22",
        "tx_warn_high": f"{BASE}.23",
        "name": ENT_NAME,
        "alias": ENT_ALIAS,
    },
)
