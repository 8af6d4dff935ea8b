"""What pages and routes of stocktakes share: the office's own tables, a phone's list, campaigns with figures."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from pydantic import BaseModel
from sqlalchemy import select
from sqlmodel import Session

from api.house import House
from inventory.access.rights import Act, Actor, check, visible
from inventory.assets.wear_rules import Rules
from inventory.audit.campaigns import seen
from inventory.audit.deciding import Reviewed, reviewed
from inventory.audit.differences import Finding
from inventory.audit.evidence import Evidence, evidence_for
from inventory.audit.forms import Forms, read_forms
from inventory.audit.identity import Candidate, Identities
from inventory.audit.progress import SiteProgress, progress
from inventory.audit.stocktake import Stocktake, StocktakeState
from inventory.columns import column
from inventory.db import reading
from inventory.places.sites import Site

MOST_CAMPAIGNS: Final = 200
"""Campaigns of the list, newest first."""


class CountedRead(BaseModel):
    """What was seen of a line: by whom, when, how, where."""

    by: str
    at: datetime
    method: str
    condition: str
    room: str
    uid: str


class LineRead(BaseModel):
    """One expected line as a phone shows it; `evidence` tells that the network saw it lately."""

    number: int
    tag: str
    serial: str
    mac: str
    name: str
    category: str
    site: str
    room: str
    evidence: bool
    counted: CountedRead | None


@dataclass(frozen=True, slots=True)
class Campaign:
    """A campaign with its figures.

    Attributes:
        row: The campaign.
        sites: Its sites that the reader sees, by name.
        progress: By site.
    """

    row: Stocktake
    sites: tuple[Site, ...]
    progress: tuple[SiteProgress, ...]

    @property
    def lines(self) -> int:
        """Return how many things are on the list."""
        return sum(one.lines for one in self.progress)

    @property
    def counted(self) -> int:
        """Return how many of them were found."""
        return sum(one.counted for one in self.progress)

    @property
    def share(self) -> int:
        """Return the counted share in whole percent, rounded down so that 100 means all."""
        return self.counted * 100 // self.lines if self.lines else 0

    @property
    def state(self) -> StocktakeState:
        """Return the state."""
        return StocktakeState(self.row.state)


@dataclass(frozen=True, slots=True)
class Count:
    """A campaign with its whole count.

    Attributes:
        campaign: The campaign.
        state: The count and the decisions.
        evidence: What the network vouches for, of lines that nobody counted yet.
    """

    campaign: Campaign
    state: Reviewed
    evidence: tuple[Evidence, ...]


def rules_of(house: House) -> Rules:
    """Return the rules of wear, the office's own ones first.

    Raises:
        inventory.assets.rulebook_files.BadRulebook: A file of the office cannot be used.
    """
    return house.rulebooks.rules()


def forms_of(house: House) -> Forms:
    """Return the printed forms, the office's own ones first.

    Raises:
        inventory.audit.forms.BadForms: The file of the office cannot be used.
    """
    return read_forms(house.settings.home / "forms.yaml")


def campaigns(house: House, actor: Actor, most: int = MOST_CAMPAIGNS) -> list[Campaign]:
    """Return the campaigns that the actor may know of, newest first, each with its progress.

    Args:
        house: The house.
        actor: The reader.
        most: How many.

    Raises:
        Forbidden: The actor may not read stocktakes.
    """
    check(actor, Act.READ, "stocktakes")
    with reading(house.books.engine) as session:
        newest = select(Stocktake).where(visible(actor, Stocktake)).order_by(column(Stocktake, "id").desc())
        rows = list(session.execute(newest.limit(most)).scalars())
        found = _with_figures(session, actor, rows)
        session.expunge_all()
    return found


def campaign(house: House, actor: Actor, number: int) -> Campaign:
    """Return one campaign with its progress.

    Raises:
        Forbidden: The actor may not read stocktakes.
        NotFound: There is none, or the actor may not know of it.
    """
    check(actor, Act.READ, "stocktakes")
    with reading(house.books.engine) as session:
        found = _with_figures(session, actor, [seen(session, actor, number)])[0]
        session.expunge_all()
    return found


def count(house: House, actor: Actor, number: int) -> Count:
    """Return a campaign with its whole count. Raises as `campaign`."""
    check(actor, Act.READ, "stocktakes")
    with reading(house.books.engine) as session:
        row = seen(session, actor, number)
        state = reviewed(session, actor, row)
        left = [one.line for one in state.count.findings if not one.present]
        found = Count(
            _with_figures(session, actor, [row])[0],
            state,
            tuple(evidence_for(session, row, left)) if row.state != StocktakeState.SIGNED else (),
        )
        session.expunge_all()
    return found


def missing_of(state: Reviewed) -> Identities:
    """Return what is missing, to compare unknown things with."""
    return Identities(
        Candidate(one.line.asset_id, one.line.tag, one.line.serial, one.line.mac, one.line.name)
        for one in state.count.findings
        if not one.present
    )


def phone_list(house: House, actor: Actor, number: int, site: str = "") -> tuple[Campaign, list[LineRead]]:
    """Return the list as a phone keeps it, of one site or of all that the actor sees. Raises as `campaign`."""
    found = count(house, actor, number)
    vouched = {one.line.number for one in found.evidence}
    return found.campaign, [
        _line(one, one.line.number in vouched) for one in found.state.count.findings if site in {"", one.line.site}
    ]


def _with_figures(session: Session, actor: Actor, rows: list[Stocktake]) -> list[Campaign]:
    numbers = [row.id or 0 for row in rows]
    by_campaign: dict[int, list[SiteProgress]] = {number: [] for number in numbers}
    for one in progress(session, actor, numbers):
        by_campaign[one.stocktake_id].append(one)
    ids = {number for row in rows for number in row.site_ids}
    wanted = select(Site).where(column(Site, "id").in_(ids), visible(actor, Site))
    sites = list(session.execute(wanted.order_by(column(Site, "order_text"))).scalars())
    return [
        Campaign(row, tuple(site for site in sites if site.id in row.site_ids), tuple(by_campaign[row.id or 0]))
        for row in rows
    ]


def _line(one: Finding, vouched: bool) -> LineRead:
    first = one.entries[0] if one.entries else None
    counted = None
    if first is not None:
        counted = CountedRead(
            by=first.counted_by,
            at=first.counted_at,
            method=first.method,
            condition="damaged" if one.damaged else "ok",
            room=first.room,
            uid=first.uid,
        )
    names = ("number", "tag", "serial", "mac", "name", "category", "site", "room")
    return LineRead(**{name: getattr(one.line, name) for name in names}, evidence=vouched, counted=counted)
