"""Values of SNMP agents as numbers, and the rows of their tables."""

import math
import re
from typing import Final

from collector.snmp import Column, Value

INVALID: Final = frozenset((2_147_483_647, -2_147_483_648, 4_294_967_295, -99_999_999, -1_000_000_000))
"""Numbers that agents give for "not available"."""


def measurement(value: Value | None) -> float | None:
    """Return a measurement that an agent sent as an integer or as text; `None` for its "not available"."""
    if isinstance(value, bytes):
        value = value.decode("ascii", "replace")
    if isinstance(value, str):
        found = re.match(r"\s*(-?\d{1,12}(?:\.\d{1,9})?)", value)
        value = float(found[1]) if found else None
    if value is None or value in INVALID or not math.isfinite(value):
        return None
    return float(value)


def rows(*columns: Column) -> list[str]:
    """Return the indexes of all columns, each once, in the order of their first appearance."""
    return list(dict.fromkeys(index for column in columns for index in column))
