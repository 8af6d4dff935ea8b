"""Optical power from any vendor's MIB: what to walk, and how its numbers become dBm."""

from typing import Final

from collector.optics import by_port, cisco_sb, huawei, juniper, mikrotik, sensors
from collector.optics.table import OpticsTable

TABLES: Final[tuple[OpticsTable, ...]] = (
    mikrotik.TABLE,
    huawei.TABLE,
    juniper.TABLE,
    sensors.CISCO,
    cisco_sb.TABLE,
    by_port.H3C,
    by_port.RUIJIE,
    by_port.HPE,
    by_port.ARUBA_CX,
    by_port.TP_LINK,
    sensors.ENTITY_SENSOR,
)
"""Every table, the vendors' own before the standard one, which is asked where they give nothing."""


def tables_of(object_id: str) -> tuple[OpticsTable, ...]:
    """Return the tables that a device may have, from its sysObjectID (`1.3.6.1.4.1.enterprise…`)."""
    parts = object_id.split(".")
    enterprise = int(parts[6]) if len(parts) > 6 and parts[6].isdigit() else -1
    return tuple(table for table in TABLES if not table.enterprises or enterprise in table.enterprises)
