"""Modules of MikroTik RouterOS: MIKROTIK-MIB, mtxrOpticalTable."""

from collections.abc import Iterator
from typing import Final

from collector.agents.ports import Ports, text
from collector.agents.values import measurement, rows
from collector.optics.module import Lane, Module, scaled, temperature
from collector.optics.table import Columns, OpticsTable

BASE: Final = "1.3.6.1.4.1.14988.1.1.19.1.1"


def decode(columns: Columns, ports: Ports) -> Iterator[Module]:
    """Read thousandths of a dBm by the port's name; zeros are a cage without a module. It states no limits."""
    for index in rows(columns["rx"], columns["tx"]):
        port = ports.by_name.get(text(columns["name"].get(index)))
        if port is None:
            continue
        if not any(measurement(columns[name].get(index)) for name in ("rx", "tx", "temperature", "volts")):
            yield Module(port)
            continue
        lane = Lane(
            1,
            scaled(columns["rx"].get(index), 1_000),
            scaled(columns["tx"].get(index), 1_000),
            temperature(columns["temperature"].get(index)),
        )
        yield Module(port, (lane,))


TABLE: Final = OpticsTable(
    name="MIKROTIK-MIB",
    enterprises=(14988,),
    live={
        "rx": f"{BASE}.10",
        "tx": f"{BASE}.9",
        "temperature": f"{BASE}.6",
        "volts": f"{BASE}.7",
        "name": f"{BASE}.2",
    },
    decode=decode,
)
