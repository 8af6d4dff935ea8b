"""Many cells that must be whole numbers, as one array instead of one object each."""

from array import array
from collections.abc import Sequence
from math import nan
from typing import cast

from collector.probe import ProbeFailure

Found = int | float | str | bytes | None


def numbers(values: Sequence[Found], oids: Sequence[str]) -> "array[float]":
    """Return whole numbers in their order, not a number where there is `None`; a truth value counts as 0 or 1.

    Args:
        values: What an agent gave.
        oids: What each of them is called.

    Raises:
        ProbeFailure: One is neither a whole number nor missing.
    """
    try:
        whole = type(sum(cast("Sequence[int]", values))) is int  # no sum is whole unless all of its parts are
    except TypeError:
        whole = False
    if not whole:
        for oid, value in zip(oids, values, strict=True):
            if value is not None and type(value) is not int:
                raise ProbeFailure("snmp_garbled", oid)
        values = [nan if value is None else value for value in values]
    return array("d", cast("Sequence[float]", values))
