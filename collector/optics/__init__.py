"""Optical power from vendors' MIBs, converted to dBm."""

from typing import Final

from collector.agents.tables import tables_for
from collector.optics import by_port, cisco_sb, huawei, huawei_olt, juniper, mikrotik, sensors
from collector.optics.table import OpticsTable

TABLES: Final[tuple[OpticsTable, ...]] = (
    mikrotik.TABLE,
    huawei.TABLE,
    huawei_olt.TABLE,
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
    return tables_for(object_id, TABLES)
