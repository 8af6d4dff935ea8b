"""Sensors of the entity tree: ENTITY-SENSOR-MIB (RFC 3433), and CISCO-ENTITY-SENSOR-MIB, which adds limits to it."""

from collections import defaultdict
from typing import Final, NamedTuple

from collector.agents.entities import ENT_ALIAS, ENT_CONTAINED_IN, ENT_DESCR, ENT_NAME
from collector.agents.tables import Columns
from collector.agents.values import measurement

UNITS: Final = 9
"""EntitySensorDataScale of 1; each step is a factor of 1,000."""

LESS: Final = (1, 2)
GREATER: Final = (3, 4)
"""entSensorThresholdRelation: less than, less or equal; greater than, greater or equal."""


class SensorColumns(NamedTuple):
    """Object identifiers of the columns by name, as `Table` takes them."""

    live: dict[str, str]
    fixed: dict[str, str]


class Bound(NamedTuple):
    """A limit that Cisco states.

    Attributes:
        severity: 10 minor, 20 major, 30 critical; 1 is other.
        relation: One of `LESS` or `GREATER`.
        value: In the scale and precision of its sensor.
    """

    severity: int
    relation: int
    value: float


def _columns(base: str, bounds: str | None = None) -> SensorColumns:
    fixed = {
        "type": f"{base}.1",
        "scale": f"{base}.2",
        "precision": f"{base}.3",
        "name": ENT_NAME,
        "descr": ENT_DESCR,
        "within": ENT_CONTAINED_IN,
        "alias": ENT_ALIAS,
    }
    if bounds is not None:
        fixed |= {"bound_severity": f"{bounds}.2", "bound_relation": f"{bounds}.3", "bound_value": f"{bounds}.4"}
    return SensorColumns({"value": f"{base}.4", "status": f"{base}.5"}, fixed)


STANDARD: Final = _columns("1.3.6.1.2.1.99.1.1.1")
CISCO: Final = _columns("1.3.6.1.4.1.9.9.91.1.1.1.1", "1.3.6.1.4.1.9.9.91.1.2.1.1")


def factor_of(columns: Columns, index: str) -> float:
    """Return the factor of a sensor's values; a scale or precision beyond the MIB's bounds is ignored."""
    scale = measurement(columns["scale"].get(index)) or UNITS
    precision = measurement(columns["precision"].get(index)) or 0
    if not (1 <= scale <= 17 and -8 <= precision <= 9):
        return 1.0
    return float(10.0 ** ((scale - UNITS) * 3 - precision))


def bounds_of(columns: Columns) -> dict[str, list[Bound]]:
    """Return Cisco's limits by sensor."""
    found: dict[str, list[Bound]] = defaultdict(list)
    for index, value in columns.get("bound_value", {}).items():
        number = measurement(value)
        severity, relation = columns["bound_severity"].get(index), columns["bound_relation"].get(index)
        if number is not None and isinstance(severity, int) and isinstance(relation, int):
            found[index.split(".")[0]].append(Bound(severity, relation, number))
    return found
