"""Vendors whose table has one row per ifIndex, with received and sent power as plain numbers."""

import functools
from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Final

from collector.agents.ports import Ports
from collector.agents.values import measurement, rows
from collector.optics.module import Lane, Module, from_watts, scaled, temperature
from collector.optics.table import Columns, OpticsTable, Reader, limits_of
from collector.snmp import Value


def tenths_of_microwatt(value: Value | None) -> float | None:
    """Return dBm from units of 0.1 µW."""
    number = measurement(value)
    return None if number is None else from_watts(number * 1e-7)


def milliwatts(value: Value | None) -> float | None:
    """Return dBm from milliwatts."""
    number = measurement(value)
    return None if number is None else from_watts(number * 1e-3)


def _hundredths(value: Value | None) -> float | None:
    return scaled(value, 100)


def _thousandths(value: Value | None) -> float | None:
    return scaled(value, 1_000)


def _decode(columns: Columns, ports: Ports, *, power: Reader, limit: Reader) -> Iterator[Module]:
    found: dict[str, list[str]] = defaultdict(list)
    for index in rows(columns["rx"], columns["tx"]):
        port = index.split(".")[0]
        if port in ports.by_index:
            found[port].append(index)
    for port, indexes in found.items():
        lanes = tuple(
            Lane(
                number,
                power(columns["rx"].get(index)),
                power(columns["tx"].get(index)),
                temperature(columns.get("temperature", {}).get(index)),
            )
            for number, index in enumerate(indexes, 1)
        )
        reports = any(lane.rx_dbm is not None or lane.tx_dbm is not None for lane in lanes)
        yield Module(port, lanes if reports else (), limits_of(columns, indexes[0], limit))


def _table(
    name: str,
    enterprise: int,
    base: str,
    live: Mapping[str, int],
    power: Reader,
    *,
    fixed: Mapping[str, int] | None = None,
    limit: Reader = tenths_of_microwatt,
) -> OpticsTable:
    return OpticsTable(
        name=name,
        enterprises=(enterprise,),
        live={part: f"{base}.{column}" for part, column in live.items()},
        decode=functools.partial(_decode, power=power, limit=limit),
        fixed={part: f"{base}.{column}" for part, column in (fixed or {}).items()},
    )


H3C: Final = _table(
    "HH3C-TRANSCEIVER-INFO-MIB",
    25506,
    "1.3.6.1.4.1.25506.2.70.1.1.1",
    {"rx": 12, "tx": 9, "temperature": 15},
    _hundredths,
    fixed={
        "tx_alarm_high": 30,
        "tx_alarm_low": 31,
        "tx_warn_high": 32,
        "tx_warn_low": 33,
        "rx_alarm_high": 34,
        "rx_alarm_low": 35,
        "rx_warn_high": 36,
        "rx_warn_low": 37,
    },
)
"""Powers in hundredths of a dBm, limits in tenths of a microwatt."""

RUIJIE: Final = _table(
    "RUIJIE-FIBER-MIB", 4881, "1.3.6.1.4.1.4881.1.1.10.2.105.1.1.1", {"rx": 76, "tx": 81}, _hundredths
)
HPE: Final = _table(
    "HP-ICF-TRANSCEIVER-MIB", 11, "1.3.6.1.4.1.11.2.14.11.5.1.82.1.1.1.1", {"rx": 15, "tx": 14}, _thousandths
)
ARUBA_CX: Final = _table(
    "ARUBAWIRED-PORT-MIB", 47196, "1.3.6.1.4.1.47196.4.1.1.3.27.1.2.2.1", {"rx": 12, "tx": 7}, milliwatts
)
TP_LINK: Final = _table("TPLINK-DDMSTATUS-MIB", 11863, "1.3.6.1.4.1.11863.6.96.1.7.1.1", {"rx": 6, "tx": 5}, milliwatts)
