"""What Prometheus says of each element now: the measured half of every state on the pages."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from anyio import move_on_after
from anyio.to_thread import run_sync

from alerts.rules.reach import ELEMENT_DOWN, SHADOWED
from api.house import House
from api.watch.prometheus import Prometheus, WrongQuery
from collector.metrics import PROBE_SUCCESS
from inventory.errors import Unavailable

_PATIENCE_S: Final = 3.0
"""A page says "not known" rather than keep its reader waiting for charts' sake."""

_SERVICES: Final = f"max by (instance) ({PROBE_SUCCESS(probe='=~http|tcp')})"


@dataclass(frozen=True, slots=True)
class Measured:
    """The latest measurements.

    Attributes:
        available: Whether Prometheus answered.
        down: By element (`device:NAME`, `link:NAME`, `service:NAME`): whether it is down. Absent: not measured.
        behind: Elements that cannot be reached because something nearer is down.
    """

    available: bool
    down: Mapping[str, bool] = field(default_factory=dict)
    behind: frozenset[str] = frozenset()


NOTHING: Final = Measured(available=False)


async def measured(house: House) -> Measured:
    """Ask Prometheus; an answer that is missing or late is `NOTHING`, never an error."""
    with move_on_after(_PATIENCE_S):
        return await run_sync(_ask, house.prometheus, abandon_on_cancel=True)
    return NOTHING


def _ask(prometheus: Prometheus) -> Measured:
    try:
        elements = prometheus.query(ELEMENT_DOWN())
        shadowed = prometheus.query(f"{SHADOWED()} == 1")
        services = prometheus.query(_SERVICES)
    except (Unavailable, WrongQuery):
        return NOTHING
    down = {one.labels["element"]: one.value > 0 for one in elements if "element" in one.labels}
    down |= {f"service:{one.labels['instance']}": one.value < 1 for one in services if "instance" in one.labels}
    return Measured(True, down, frozenset(one.labels["member"] for one in shadowed if "member" in one.labels))
