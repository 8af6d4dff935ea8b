"""Modules of Juniper: JUNIPER-DOM-MIB."""

from collections import defaultdict
from collections.abc import Iterator
from typing import Final

from collector.agents.ports import Ports
from collector.agents.values import measurement, rows
from collector.optics.module import Lane, Module, known, limits, scaled, temperature
from collector.optics.table import Columns, OpticsTable, hundredths, levels_of
from collector.snmp import Value

BASE: Final = "1.3.6.1.4.1.2636.3.60.1.1.1.1"
LANES: Final = "1.3.6.1.4.1.2636.3.60.1.2.1.1"

_RX_BRIGHT_DBM: Final = 10.0
"""No receiver is rated above this: a limit there has lost its sign."""


def decode(columns: Columns, ports: Ports) -> Iterator[Module]:
    """Read hundredths of a dBm by ifIndex; lanes from their own table where a module has more than one.

    A row of zeros is a port without a module. Junos 12 loses the sign of everything received, so that high and low
    limits change places too: seen by a limit that no receiver has.
    """
    lanes: dict[str, list[str]] = defaultdict(list)
    for index in rows(columns["lane_rx"], columns["lane_tx"]):
        lanes[index.split(".")[0]].append(index)
    for port in rows(columns["rx"], columns["tx"]):
        if port not in ports.by_index:
            continue
        if not any(measurement(columns[name].get(port)) for name in ("rx", "tx", "temperature", "rx_alarm_high")):
            yield Module(port)
            continue
        yield _module(columns, port, lanes[port])


def _module(columns: Columns, port: str, lanes: list[str]) -> Module:
    received, unsigned = levels_of(columns, port, "rx", hundredths), False
    if received[-1] is not None and received[-1] > _RX_BRIGHT_DBM:
        received, unsigned = [None if dbm is None else -dbm for dbm in reversed(received)], True
    stated = limits("rx", received) | limits("tx", levels_of(columns, port, "tx", hundredths))
    heat = temperature(columns["temperature"].get(port))
    if len(lanes) > 1:
        found = tuple(
            Lane(
                number,
                _received(columns["lane_rx"].get(index), unsigned),
                scaled(columns["lane_tx"].get(index), 100),
                heat,
            )
            for number, index in enumerate(lanes, 1)
        )
    else:
        found = (Lane(1, _received(columns["rx"].get(port), unsigned), scaled(columns["tx"].get(port), 100), heat),)
    return Module(port, found, stated)


def _received(value: Value | None, unsigned: bool) -> float | None:
    number = measurement(value)
    if number is None:
        return None
    return known(-abs(number) / 100 if unsigned else number / 100)


TABLE: Final = OpticsTable(
    name="JUNIPER-DOM-MIB",
    enterprises=(2636,),
    live={
        "rx": f"{BASE}.5",
        "tx": f"{BASE}.7",
        "temperature": f"{BASE}.8",
        "lane_rx": f"{LANES}.6",
        "lane_tx": f"{LANES}.8",
    },
    decode=decode,
    fixed={
        "rx_alarm_high": f"{BASE}.9",
        "rx_alarm_low": f"{BASE}.10",
        "rx_warn_high": f"{BASE}.11",
        "rx_warn_low": f"{BASE}.12",
        "tx_alarm_high": f"{BASE}.17",
        "tx_alarm_low": f"{BASE}.18",
        "tx_warn_high": f"{BASE}.19",
        "tx_warn_low": f"{BASE}.20",
    },
)
