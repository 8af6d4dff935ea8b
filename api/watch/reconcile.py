"""Comparing incidents with Prometheus: what was never delivered is added, what is over is closed, nothing is guessed.

It runs at the start and every 15 seconds. Only what Prometheus has had time to deliver is looked at, so that an alert
on its way is not taken for a lost one. Whatever moved while Prometheus was asked is left for the next time.
"""

import json
import logging
import math
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from anyio.to_thread import run_sync
from sqlmodel import Session

from alerts.rules.house import WATCHDOG
from api.house import House
from api.watch.alerting import Desk, Heard
from api.watch.elements import read_subject
from api.watch.evidence import Watched, good_now
from api.watch.prometheus import ActiveAlert, Labels, Prometheus, Series
from inventory.columns import now
from inventory.db import reading, writing
from inventory.watch.firing import Ending, drop, is_known, latest, unresolved
from inventory.watch.incidents import Incident, IncidentState

log = logging.getLogger(__name__)

EVERY_S: Final = 15.0
"""An Alertmanager that was killed may hold as told what it never told: then this is how soon people hear of it."""

ON_ITS_WAY: Final = timedelta(seconds=8)
"""An alert may take so long from Prometheus to here."""

LOOKS_BACK: Final = timedelta(hours=24)
"""How far back alerts are looked for after a start."""

OVERLAP: Final = timedelta(minutes=3)
"""How far the time that is looked at reaches into what was looked at before."""

WARMS_UP: Final = timedelta(minutes=2)
"""For so long after its start Prometheus may not know yet what goes on."""

_STEPS: Final = 5_000
_FIRING: Final = f'ALERTS{{alertstate="firing", alertname!="{WATCHDOG.name}"}}'


@dataclass(frozen=True, slots=True)
class Spell:
    """A time for which an alert fired.

    Attributes:
        ended_at: `None` if it went on to the end of what was looked at.
    """

    labels: Labels
    started_at: datetime
    ended_at: datetime | None

    @property
    def watched(self) -> Watched:
        """Return what identifies its incident."""
        return _watched(self.labels)


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What Prometheus says at a moment.

    Attributes:
        at: Before anything was asked.
        active: Every active alert, pending ones too.
        spells: When which alerts fired since the last comparison.
        good: What open incidents are about and is well by a fresh sample.
        is_warm: Whether Prometheus has run long enough to know what goes on.
    """

    at: datetime
    active: dict[Watched, ActiveAlert]
    spells: Sequence[Spell]
    good: set[Watched]
    is_warm: bool


async def reconcile(house: House) -> None:
    """Compare once.

    Raises:
        Unavailable: Prometheus or the database does not answer; nothing has changed.
    """
    await run_sync(compare, house)


def compare(house: House) -> None:
    """Compare once, in a worker thread; raises as `reconcile`."""
    snapshot = ask(house)
    with writing(house.books.engine) as session:
        desk = Desk(house, session, now())
        for alert in _missed(snapshot):
            if _is_lost(session, alert, snapshot):
                outcome = desk.take(alert, good=False)
                log.warning("found by comparing: %s of %s, %s", alert.rule, alert.element, outcome.news or "known")
        for incident in unresolved(session):
            if _is_over(incident, snapshot):
                if _is_gone(session, incident):
                    drop(session, incident, now())
                elif ending := _ending(incident, snapshot):
                    desk.end(ending)
    house.compared_at = snapshot.at
    if desk.told:
        house.bell.ring()


def ask(house: House) -> Snapshot:
    """Return what Prometheus says now.

    Raises:
        Unavailable: Prometheus or the database does not answer.
    """
    at, prometheus = now(), house.prometheus
    with reading(house.books.engine) as session:
        asked = {(incident.rule, incident.element) for incident in unresolved(session)}
    started_at = prometheus.started_at()
    since = at - LOOKS_BACK if house.compared_at is None else max(at - LOOKS_BACK, house.compared_at - OVERLAP)
    since = min(since, at - OVERLAP)  # it was compared in the future: the clock was set back
    active = {_watched(alert.labels): alert for alert in prometheus.alerts()}
    firing = {watched for watched, alert in active.items() if alert.state == "firing"}
    spells = list(spells_of(prometheus, since, at, firing))
    asked |= {spell.watched for spell in spells if spell.ended_at is not None}
    return Snapshot(
        at=at,
        active=active,
        spells=spells,
        good=good_now(prometheus, asked),
        is_warm=at - started_at >= WARMS_UP,
    )


def spells_of(prometheus: Prometheus, since: datetime, until: datetime, firing: Collection[Watched]) -> Iterator[Spell]:
    """Yield when which alerts fired, with exact beginnings and ends, in the order of their beginnings.

    Args:
        prometheus: The door.
        since: Beginning of what is looked at; a spell that began before it begins there.
        until: Now.
        firing: What fires now.

    Raises:
        Unavailable: Prometheus does not answer.
    """
    step_s = max(1, math.ceil((until - since).total_seconds() / _STEPS))
    # The first half sees an alert as long as it lasts, the second one that came and went between two steps.
    expr = f"{_FIRING} or max_over_time({_FIRING}[{step_s}s])"
    found: list[Spell] = []
    for series in prometheus.query_range(expr, since, until, step_s):
        for first, last in _runs(series, step_s):
            goes_on = _watched(series.labels) in firing and last > until.timestamp() - 1.5 * step_s
            edges = _stored(prometheus, series.labels, first, step_s)
            began = min(edges, default=first) if first >= since.timestamp() + step_s else first
            ended = (
                None if goes_on else max(_stored(prometheus, series.labels, last + step_s, 2 * step_s), default=last)
            )
            found.append(Spell(series.labels, _moment(began), None if ended is None else _moment(max(began, ended))))
    yield from sorted(found, key=lambda spell: spell.started_at)


def _runs(series: Series, step_s: float) -> Iterator[tuple[float, float]]:
    """Yield first and last time of each run of points without a gap."""
    times = [time for time, _ in series.points]
    start = 0
    for place in range(1, len(times) + 1):
        if place == len(times) or times[place] - times[place - 1] > 1.5 * step_s:
            yield times[start], times[place - 1]
            start = place


def _stored(prometheus: Prometheus, labels: Labels, until: float, width_s: int) -> list[float]:
    """Return the times of the samples that Prometheus has stored of an alert in the seconds up to `until`."""
    matchers = ", ".join(f"{name}={json.dumps(value)}" for name, value in sorted(labels.items()) if name != "__name__")
    found = prometheus.samples(f"ALERTS{{{matchers}}}[{width_s}s]", _moment(until))
    return [time for series in found for time, _ in series.points]


def _missed(snapshot: Snapshot) -> Iterator[Heard]:
    """Yield what should have been delivered by now."""
    due = snapshot.at - ON_ITS_WAY
    last = {spell.watched: spell for spell in snapshot.spells}
    for spell in snapshot.spells:
        if (spell.ended_at or spell.started_at) > due:
            continue
        # An end stands only on something later: another alert, or a good sample. Otherwise it is opened, and ends
        # like any other once there is one.
        over = spell is not last[spell.watched] or spell.watched in snapshot.active or spell.watched in snapshot.good
        alert = snapshot.active.get(spell.watched)
        yield Heard(
            rule=spell.watched[0],
            element=spell.watched[1],
            severity=spell.labels.get("severity", "warning"),
            site=spell.labels.get("site"),
            started_at=spell.started_at,
            ended_at=spell.ended_at if over else None,
            annotations=alert.annotations if alert else {},
            reconstructed=True,
        )


def _is_lost(session: Session, alert: Heard, snapshot: Snapshot) -> bool:
    incident = latest(session, alert.rule, alert.element)
    if incident is not None and incident.updated_at >= snapshot.at:
        return False
    fires = alert.ended_at is None and alert.watched in snapshot.active
    if fires and incident is not None and incident.state == IncidentState.UNKNOWN:
        return True
    return not is_known(session, alert.rule, alert.element, alert.started_at)


def _is_over(incident: Incident, snapshot: Snapshot) -> bool:
    """Return whether no alert stands behind an incident, and none is on its way."""
    if (incident.rule, incident.element) in snapshot.active:
        return False
    return max(incident.last_fired_at, incident.updated_at) < snapshot.at - ON_ITS_WAY


def _is_gone(session: Session, incident: Incident) -> bool:
    return not read_subject(session, incident.element).is_booked


def _ending(incident: Incident, snapshot: Snapshot) -> Ending | None:
    good = (incident.rule, incident.element) in snapshot.good
    if not good and not snapshot.is_warm:
        return None
    ends = [spell.ended_at for spell in snapshot.spells if spell.watched == (incident.rule, incident.element)]
    return Ending(
        rule=incident.rule,
        element=incident.element,
        started_at=incident.last_fired_at,
        ended_at=(ends[-1] if ends else None) or snapshot.at,
        good=good,
    )


def _watched(labels: Labels) -> Watched:
    name = labels.get("alertname", "")
    return (name, labels.get("element") or f"rule:{name}")


def _moment(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)
