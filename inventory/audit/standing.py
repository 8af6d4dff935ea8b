"""Where the counts stand: by campaign and site what is expected, counted, confirmed by the network, and not decided."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from sqlalchemy import select
from sqlmodel import Session

from inventory.access.rights import Actor, visible
from inventory.audit.deciding import Reviewed, reviewed
from inventory.audit.differences import Difference, DifferenceKind
from inventory.audit.stocktake import OPEN, Method, Stocktake, StocktakeState
from inventory.columns import column

MOST_CAMPAIGNS: Final = 20
"""Campaigns of the overview: all that go on, then the newest signed ones."""


@dataclass(frozen=True, slots=True)
class SiteStanding:
    """One site of one campaign.

    Attributes:
        site: Slug; `name` as it was when the list was frozen.
        lines: Things on the list.
        counted: Those that were found.
        by_network: Those of them that stand on the network's word alone.
        differences: How many of each kind, of what ought to be here and of what was found here.
        undecided: Differences on which nothing is decided yet.
    """

    site: str
    name: str
    lines: int
    counted: int
    by_network: int
    differences: dict[DifferenceKind, int]
    undecided: int

    @property
    def share(self) -> int:
        """Return the counted share in whole percent, rounded down so that 100 means all."""
        return self.counted * 100 // self.lines if self.lines else 0

    @property
    def different(self) -> int:
        """Return the number of differences."""
        return sum(self.differences.values())


@dataclass(frozen=True, slots=True)
class Standing:
    """One campaign with its sites."""

    row: Stocktake
    sites: tuple[SiteStanding, ...]


def standings(session: Session, actor: Actor) -> list[Standing]:
    """Return where the campaigns stand that the actor may know of: those that go on, then signed ones, newest first."""
    mine = select(Stocktake).where(visible(actor, Stocktake)).order_by(column(Stocktake, "id").desc())
    going_on = session.execute(mine.where(column(Stocktake, "state").in_(OPEN)).limit(MOST_CAMPAIGNS)).scalars().all()
    signed = mine.where(column(Stocktake, "state") == StocktakeState.SIGNED.value)
    rest = max(0, MOST_CAMPAIGNS - len(going_on))
    rows = [*going_on, *session.execute(signed.limit(rest)).scalars()]
    return [Standing(row, tuple(_sites(reviewed(session, actor, row)))) for row in rows]


def _sites(state: Reviewed) -> Iterable[SiteStanding]:
    undecided = {one.subject for one in state.undecided}
    by_site: dict[int, list[Difference]] = {}
    for one in state.count.differences:
        by_site.setdefault(_place(one), []).append(one)
    places: dict[int, list[int]] = {}
    for at, finding in enumerate(state.count.findings):
        places.setdefault(finding.line.site_id, []).append(at)
    for site_id, found in places.items():
        findings = [state.count.findings[at] for at in found]
        own = by_site.get(site_id, [])
        yield SiteStanding(
            site=findings[0].line.site,
            name=findings[0].line.site_name,
            lines=len(findings),
            counted=sum(one.present for one in findings),
            by_network=sum(one.methods == (Method.NETWORK,) for one in findings),
            differences={kind: sum(one.kind == kind for one in own) for kind in DifferenceKind},
            undecided=sum(one.subject in undecided for one in own),
        )


def _place(one: Difference) -> int:
    """Return the site that answers for a difference: where the thing ought to be, else where it was found."""
    return one.finding.line.site_id if one.finding is not None else one.entries[0].site_id
