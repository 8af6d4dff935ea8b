"""Temperatures, fans, power supplies and voltages from vendors' MIBs."""

from typing import Final

from collector.sensors import boards, cisco, cisco_parts, entity, juniper, mikrotik, parts
from collector.sensors.reading import SensorTable

TABLES: Final[tuple[SensorTable, ...]] = (
    mikrotik.HEALTH,
    juniper.OPERATING,
    juniper.PARTS,
    juniper.LAMP,
    cisco.TEMPERATURE,
    cisco.VOLTAGE,
    cisco.FAN,
    cisco.SUPPLY,
    cisco_parts.SUPPLY,
    cisco_parts.MODULE,
    cisco_parts.FAN_TRAY,
    cisco_parts.MEMBER,
    entity.CISCO,
    boards.HUAWEI,
    boards.HUAWEI_FANS,
    boards.HUAWEI_SUPPLIES,
    boards.H3C,
    boards.H3C_STATES,
    boards.H3C_OLD,
    boards.H3C_OLD_STATES,
    parts.HPE_CHASSIS,
    parts.RUIJIE_SUPPLY,
    parts.RUIJIE_FAN,
    parts.FORTINET_HARDWARE,
    parts.APC_RACK,
    parts.APC_RACK_2,
    entity.ENTITY_SENSOR,
)
"""Every table, the vendors' own before the standard one, which is asked where they give nothing."""
