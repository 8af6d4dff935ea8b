"""For how much of a time an element worked, computed from the changes of state that collectors saw.

Not from samples: a cut of two seconds counts as two seconds, and a collector that restarts costs nothing.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, NamedTuple

from sqlalchemy import func, select
from sqlmodel import Session

from inventory.columns import column
from inventory.network.observations import Transition

MOST_CHANGES: Final = 20_000
"""Changes of one element that are read; of one that flaps all the time, the newest."""

_ZERO: Final = timedelta()


class Change(NamedTuple):
    """What one source said.

    Attributes:
        at: From when on.
        source: Who said it: each end of a link speaks for itself.
        up: Whether the element worked, seen from there.
    """

    at: datetime
    source: str
    up: bool


@dataclass(frozen=True, slots=True)
class Availability:
    """How an element did.

    Attributes:
        known: For how long its state was known.
        down: For how much of this it did not work.
        cuts: How many times it stopped working, or was down when the time began.
    """

    known: timedelta
    down: timedelta
    cuts: int

    @property
    def ratio(self) -> float | None:
        """Return the share of the known time in which it worked, 0 to 1; `None` if nothing is known."""
        return 1 - self.down / self.known if self.known > _ZERO else None


def availability(changes: Iterable[Change], start: datetime, end: datetime) -> Availability:
    """Return how an element did from `start` to `end`.

    It is down while any source says so: of a cut fibre one end may be out of reach and say nothing. Before the first
    word nothing is known, and this time does not count. The last word of a source holds until its next.

    Args:
        changes: In the order of their times; those before `start` tell how the time began.
        start: Aware.
        end: Aware, not before `start`.
    """
    heard = list(changes)
    said = {change.source: change.up for change in heard if change.at <= start}
    is_down = not all(said.values())
    known, down, cuts, at = _ZERO, _ZERO, int(is_down), start
    for change in heard:
        if not start < change.at <= end:
            continue
        known += change.at - at if said else _ZERO
        down += change.at - at if is_down else _ZERO
        at, said[change.source], was_down = change.at, change.up, is_down
        is_down = not all(said.values())
        cuts += is_down and not was_down
    known += end - at if said else _ZERO
    down += end - at if is_down else _ZERO
    return Availability(known, down, cuts)


def changes_of(session: Session, element: str, start: datetime, end: datetime) -> list[Change]:
    """Return what was said of an element: the last word of each source before `start`, and all until `end`.

    Whoever may see the element may see this: a link belongs to both of its ends, so that rights to a change, which are
    those of the end that spoke, are not asked here.
    """
    of_element = column(Transition, "element") == element
    last = (
        select(func.max(column(Transition, "id")))
        .where(of_element, column(Transition, "at") < start)
        .group_by(column(Transition, "instance"), column(Transition, "probe"))
    )
    fields = [column(Transition, name) for name in ("at", "instance", "probe", "state")]
    before = select(*fields).where(column(Transition, "id").in_(last))
    within = (
        select(*fields)
        .where(of_element, column(Transition, "at") >= start, column(Transition, "at") <= end)
        .order_by(column(Transition, "at").desc(), column(Transition, "id").desc())
        .limit(MOST_CHANGES)
    )
    later = session.execute(within).all()[::-1]
    earlier = session.execute(before).all() if len(later) < MOST_CHANGES else []
    rows = [*sorted(earlier, key=lambda row: row[0]), *later]
    return [Change(at, f"{instance} {probe}", state == "up") for at, instance, probe, state in rows]
