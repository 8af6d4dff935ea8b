"""Modules of Cisco's small-business switches: the optical readings among the port tests of CISCOSB-PHY-MIB."""

from collections import defaultdict
from collections.abc import Iterator
from typing import Final

from collector.agents.ports import Ports
from collector.agents.values import measurement
from collector.optics.module import Lane, Module, known
from collector.optics.table import Columns, OpticsTable

BASE: Final = "1.3.6.1.4.1.9.6.1.101.90.1.2.1"

_TX, _RX = "8", "9"
_DIVISORS: Final = {15: 1.0, 16: 10.0, 17: 1_000.0}
"""Unit of a reading to what makes it dBm: dBm, tenths, thousandths."""


def decode(columns: Columns, ports: Ports) -> Iterator[Module]:
    """Read `ifIndex.test` rows: test 8 is the power sent, 9 the power received, each with a unit of its own."""
    found: dict[str, dict[str, float | None]] = defaultdict(dict)
    for index, value in columns["value"].items():
        port, _, test = index.partition(".")
        if port in ports.by_index and test in {_TX, _RX}:
            number, unit = measurement(value), columns["unit"].get(index)
            divisor = _DIVISORS.get(unit, 1_000.0) if isinstance(unit, int) else 1_000.0
            found[port][test] = None if number is None else known(number / divisor)
    for port, powers in found.items():
        lane = Lane(1, powers.get(_RX), powers.get(_TX))
        yield Module(port, (lane,) if lane.rx_dbm is not None or lane.tx_dbm is not None else ())


TABLE: Final = OpticsTable(
    name="CISCOSB-PHY-MIB",
    enterprises=(9,),
    live={"value": f"{BASE}.3"},
    decode=decode,
    fixed={"unit": f"{BASE}.4"},
)
