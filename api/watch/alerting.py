"""From alerts to incidents and messages, in one transaction, however the alerts became known."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlmodel import Session, col, select

from alerts.alertmanager import MAILED
from alerts.rules import RULES
from alerts.rules.house import WATCHDOG
from api.house import House
from api.watch.elements import Subject, read_subject
from api.watch.evidence import Watched
from api.watch.messages import Piece
from api.watch.news import tell
from inventory.columns import now
from inventory.db import writing
from inventory.network.topology import Graph, behind, read_graph
from inventory.places.sites import Site
from inventory.text import Text, same
from inventory.watch.firing import Ending, Firing, News, Outcome, end, fire, past

MAILED_SEVERITIES: Final = frozenset({"critical", "warning"})
"""What is told by mail; the rest stands on the pages."""

STALE_NEWS: Final = timedelta(hours=1)
"""Of what came and went unheard people are told only if it has ended more recently."""

_MAILED_BY_ALERTMANAGER: Final = frozenset(rule.name for rule in MAILED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """An alert that became known.

    Attributes:
        site: Slug of its site, if the alert names one.
        started_at: When it began to fire, by Prometheus; aware UTC.
        ended_at: When it ended; `None` while it fires.
        annotations: Sentences and values in both languages.
        reconstructed: Whether it was found by comparing instead of being delivered.
    """

    rule: str
    element: str
    severity: str
    site: str | None
    started_at: datetime
    ended_at: datetime | None
    annotations: Mapping[str, str]
    reconstructed: bool = False

    @property
    def watched(self) -> Watched:
        """Return what identifies its incident."""
        return (self.rule, self.element)


def is_sign_of_life(rule: str) -> bool:
    """Return whether an alert only proves that news gets through; it is no incident."""
    return rule == WATCHDOG.name


def hear(house: House, alerts: Sequence[Heard], good: set[Watched]) -> list[Outcome]:
    """Move incidents and write messages for alerts, all in one transaction; then have the messages delivered.

    Args:
        house: The house.
        alerts: In the order in which they became known.
        good: Of which a fresh good sample says that they are well.

    Returns:
        What came of each.

    Raises:
        Unavailable: The database does not answer; nothing has happened.
    """
    with writing(house.books.engine) as session:
        desk = Desk(house, session, now())
        outcomes = [desk.take(alert, good=alert.watched in good) for alert in alerts]
    if desk.told:
        house.bell.ring()
    return outcomes


class Desk:
    """Takes alerts one by one within a transaction.

    Attributes:
        told: Messages written so far.
    """

    def __init__(self, house: House, session: Session, moment: datetime) -> None:
        self._house, self._session, self._now = house, session, moment
        self._graph: Graph | None = None
        self.told = 0

    def take(self, alert: Heard, *, good: bool) -> Outcome:
        """Move the alert's incident, and tell people if that is news."""
        subject = read_subject(self._session, alert.element, alert.site)
        if alert.ended_at is None:
            outcome = fire(self._session, self._firing(alert, subject), self._now)
        elif alert.reconstructed:
            outcome = past(self._session, self._firing(alert, subject), alert.ended_at, self._now)
            if self._now - alert.ended_at > STALE_NEWS:
                return outcome
        else:
            ending = Ending(
                rule=alert.rule, element=alert.element, started_at=alert.started_at, ended_at=alert.ended_at, good=good
            )
            outcome = end(self._session, ending, self._now)
        self.tell(outcome, subject)
        return outcome

    def end(self, ending: Ending) -> Outcome:
        """End an incident, and tell people if it is over."""
        outcome = end(self._session, ending, self._now)
        self.tell(outcome, read_subject(self._session, ending.element))
        return outcome

    def tell(self, outcome: Outcome, subject: Subject) -> None:
        """Write the messages of what has come of an alert."""
        incident = outcome.incident
        if outcome.news is None or incident is None or incident.severity not in MAILED_SEVERITIES:
            return
        if incident.rule not in _MAILED_BY_ALERTMANAGER:
            places = () if outcome.news is News.RESOLVED else self._places(incident.element)
            piece = Piece(outcome.news, incident, subject, places)
            self.told += tell(self._session, self._house.settings, piece, self._now)

    def _firing(self, alert: Heard, subject: Subject) -> Firing:
        return Firing(
            rule=alert.rule,
            element=alert.element,
            severity=alert.severity,
            started_at=alert.started_at,
            summary=subject.named(_summary(alert, subject)),
            values=dict(alert.annotations),
            site_id=subject.site.id if subject.site else None,
            other_site_id=subject.other_site.id if subject.other_site else None,
            hidden_count=len(self._behind(alert.element)),
            reconstructed=alert.reconstructed,
        )

    def _places(self, element: str) -> tuple[str, ...]:
        """Return the names of the sites whose devices are cut off behind an element."""
        devices = self._behind(element)
        if not devices or self._graph is None:
            return ()
        numbers = {node.site_id for node in self._graph.nodes if node.name in devices}
        return tuple(sorted(self._session.exec(select(Site.name).where(col(Site.id).in_(numbers)))))

    def _behind(self, element: str) -> frozenset[str]:
        if self._graph is None:
            self._graph = read_graph(self._session)
        kind, _, slug = element.partition(":")
        sites: dict[str, int] = {}
        if kind == "site":
            number = self._session.exec(select(Site.id).where(col(Site.slug) == slug)).first()
            sites = {slug: number} if number is not None else {}
        return behind(self._graph, element, sites)


def _summary(alert: Heard, subject: Subject) -> Text:
    vi, en = (alert.annotations.get(f"summary_{language}", "").strip() for language in ("vi", "en"))
    if vi and en:
        return Text(vi=vi, en=en)
    title = RULES[alert.rule].title if alert.rule in RULES else same(alert.rule)
    return Text(vi=f"{title.vi}: {subject.name.vi}", en=f"{title.en}: {subject.name.en}")
