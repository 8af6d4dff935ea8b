"""Temperatures, fans, supplies and voltages from any vendor's MIB: what to walk, and what its numbers mean."""

from typing import Final

from collector.sensors import boards, cisco, entity, juniper, mikrotik
from collector.sensors.reading import SensorTable

TABLES: Final[tuple[SensorTable, ...]] = (
    mikrotik.HEALTH,
    juniper.OPERATING,
    cisco.TEMPERATURE,
    cisco.VOLTAGE,
    cisco.FAN,
    cisco.SUPPLY,
    entity.CISCO,
    boards.HUAWEI,
    boards.HUAWEI_FANS,
    boards.H3C,
    entity.ENTITY_SENSOR,
)
"""Every table, the vendors' own before the standard one, which is asked where they give nothing."""
