"""Temperatures of boards whose vendor gives each entity one, with the limit beside it: Huawei VRP, H3C Comware."""

from collections.abc import Iterator
from typing import Final

from collector.agents.ports import Ports, text
from collector.agents.tables import Columns
from collector.optics.sensors import ENT_NAME
from collector.sensors.reading import Kind, Sensor, SensorTable, State, scaled, stated

HUAWEI_ENTITY: Final = "1.3.6.1.4.1.2011.5.25.31.1.1.1.1"
HUAWEI_FAN: Final = "1.3.6.1.4.1.2011.5.25.31.1.1.10.1"
H3C_ENTITY: Final = "1.3.6.1.4.1.25506.2.6.1.1.1.1"
H3C_OLD_ENTITY: Final = "1.3.6.1.4.1.2011.10.2.6.1.1.1.1"
"""The same table in the tree that H3C had before it had a number of its own."""

_NOWHERE: Final = frozenset({0, 65_535, 2_147_483_647})
"""What entities without a sensor say."""

_HUAWEI_FAN: Final = {1: State.GOOD, 2: State.BAD}


def decode(columns: Columns, _: Ports) -> Iterator[Sensor]:
    """Read the temperature of each entity that has one."""
    kind: Kind = "temperature"
    for index, value in columns["value"].items():
        heat = None if value in _NOWHERE else scaled(kind, value)
        if heat is None:
            continue
        limit = columns["limit"].get(index)
        high = None if limit in _NOWHERE else scaled(kind, limit)
        name = text(columns["name"].get(index)) or f"entity {index}"
        yield Sensor(name, kind, heat, None, stated({"alarm_high": high}))


def decode_fans(columns: Columns, _: Ports) -> Iterator[Sensor]:
    """Read the states of Huawei's fans, by slot and number."""
    for index, state in columns["state"].items():
        if isinstance(state, int):
            yield Sensor(f"fan {index}", "fan", None, _HUAWEI_FAN.get(state, State.UNKNOWN))


def _table(name: str, enterprise: int, base: str, value: int, limit: int) -> SensorTable:
    return SensorTable(
        name=name,
        enterprises=(enterprise,),
        live={"value": f"{base}.{value}"},
        decode=decode,
        fixed={"limit": f"{base}.{limit}", "name": ENT_NAME},
    )


HUAWEI: Final = _table("HUAWEI-ENTITY-EXTENT-MIB", 2011, HUAWEI_ENTITY, 11, 12)
HUAWEI_FANS: Final = SensorTable(
    name="HUAWEI-ENTITY-EXTENT-MIB fans", enterprises=(2011,), live={"state": f"{HUAWEI_FAN}.7"}, decode=decode_fans
)
H3C: Final = _table("HH3C-ENTITY-EXT-MIB", 25506, H3C_ENTITY, 12, 13)
