"""Terminals behind a Huawei OLT: the power that the OLT receives from each, and that each receives.

Only available if the carrier grants access to its OLT. Source: HUAWEI-XPON-MIB, hwGponOntOpticalDdmInfoTable.
"""

from collections import defaultdict
from collections.abc import Iterator
from typing import Final

from collector.agents.ports import Ports
from collector.agents.values import measurement, rows
from collector.optics.module import Lane, Module, known, scaled
from collector.optics.table import Columns, OpticsTable
from collector.snmp import Value

BASE: Final = "1.3.6.1.4.1.2011.6.128.1.1.2.51.1"

ONTS_MAX: Final = 256
"""Terminals of one port that are read; the standard knows 128 (ITU-T G.984)."""

_OFFSET: Final = 10_000


def decode(columns: Columns, ports: Ports) -> Iterator[Module]:
    """Read rows `ifIndex.terminal`, one lane each, in hundredths of a dBm; the OLT's with an offset of 10,000.

    A port without any terminal that reports yields nothing: it has its own optic, of which this table says nothing.
    """
    found: dict[str, list[str]] = defaultdict(list)
    for index in rows(columns["olt_rx"], columns["ont_rx"]):
        port, _, terminal = index.partition(".")
        if port in ports.by_index and terminal.isdigit():
            found[port].append(index)
    for port, indexes in found.items():
        lanes = tuple(
            Lane(int(index.partition(".")[2]), _at_olt(columns["olt_rx"].get(index)), far_rx_dbm=far)
            for index in indexes[:ONTS_MAX]
            for far in (scaled(columns["ont_rx"].get(index), 100),)
        )
        heard = tuple(lane for lane in lanes if lane.rx_dbm is not None or lane.far_rx_dbm is not None)
        if heard:
            yield Module(port, heard)


def _at_olt(value: Value | None) -> float | None:
    number = measurement(value)
    return None if number is None else known((number - _OFFSET) / 100)


TABLE: Final = OpticsTable(
    name="HUAWEI-XPON-MIB",
    enterprises=(2011,),
    live={"olt_rx": f"{BASE}.6", "ont_rx": f"{BASE}.4"},
    decode=decode,
)
