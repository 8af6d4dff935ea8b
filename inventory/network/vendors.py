"""Makers and models by sysObjectID, from the table `vendors.csv` beside this file."""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Final

LONGEST: Final = 120
"""Characters of an object identifier that is looked up; a longer one is nobody's."""


_SHORTEST: Final = 6
"""Parts of the shortest entry."""


@dataclass(frozen=True, slots=True)
class Make:
    """Who made a thing, and what it is.

    Attributes:
        vendor: The maker; empty if unknown.
        model: The model; empty if unknown.
    """

    vendor: str = ""
    model: str = ""


def make_of(object_id: str) -> Make:
    """Return maker and model of a sysObjectID: the entry of the longest beginning that the table has."""
    table = _table()
    parts = object_id.strip(".")[:LONGEST].split(".")
    for length in range(len(parts), _SHORTEST - 1, -1):
        found = table.get(".".join(parts[:length]))
        if found is not None:
            return found
    return Make()


@cache
def _table() -> Mapping[str, Make]:
    text = (resources.files("inventory.network") / "vendors.csv").read_text(encoding="utf-8")
    lines = (line for line in text.splitlines() if not line.startswith("#"))
    return {row["oid"]: Make(row["vendor"], row["model"]) for row in csv.DictReader(lines)}
