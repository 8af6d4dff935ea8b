"""The units of the district as they ship, from `data/units.csv`."""

import csv
from dataclasses import dataclass
from datetime import date
from importlib import resources


@dataclass(frozen=True, slots=True)
class Unit:
    """One administrative unit.

    Attributes:
        slug: Its key in the books.
        code: Official code; a successor may have reused it.
        name: Official name.
        kind: A value of `inventory.places.sites.SiteKind`.
        parent: Slug of the unit above; `None` if that does not ship.
        valid_from: First day; `None` if before the books began.
        valid_to: Last day; `None` while it exists.
        lat: Degrees north, approximate.
        lon: Degrees east, approximate.
        successor: Slug of the unit that took over.
    """

    slug: str
    code: str
    name: str
    kind: str
    parent: str | None
    valid_from: date | None
    valid_to: date | None
    lat: float
    lon: float
    successor: str | None


def units() -> tuple[Unit, ...]:
    """Return the units, each after the units that it names as parent or successor.

    Sources and what is approximate: `data/README.md`.
    """
    file = resources.files("inventory.places") / "data" / "units.csv"
    waiting = [_unit(row) for row in csv.DictReader(file.read_text(encoding="utf-8").splitlines())]
    placed: dict[str, Unit] = {}
    while waiting:
        ready = [unit for unit in waiting if {unit.parent, unit.successor} <= {None, *placed}]
        if not ready:
            raise ValueError(f"units that name no known one: {', '.join(unit.slug for unit in waiting)}")
        placed |= {unit.slug: unit for unit in ready}
        waiting = [unit for unit in waiting if unit.slug not in placed]
    return tuple(placed.values())


def _unit(row: dict[str, str]) -> Unit:
    return Unit(
        slug=row["slug"],
        code=row["code"],
        name=row["name"],
        kind=row["kind"],
        parent=row["parent"] or None,
        valid_from=_day(row["valid_from"]),
        valid_to=_day(row["valid_to"]),
        lat=float(row["lat"]),
        lon=float(row["lon"]),
        successor=row["successor"] or None,
    )


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None
