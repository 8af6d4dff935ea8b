"""Figures of the books for the program's own page of series, each one grouped query."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from inventory.assets.assets import Asset
from inventory.audit.progress import lines_by_state
from inventory.books import Books
from inventory.columns import column, now
from inventory.db import reading
from inventory.network.collectors import Collector
from inventory.places.sites import Site
from inventory.watch.incidents import Incident, IncidentState
from inventory.watch.outbox import OutboxMessage


@dataclass(frozen=True, slots=True)
class Figures:
    """What the books count.

    Attributes:
        incidents: Incidents not resolved, by severity.
        waiting: Messages not delivered and not given up, by channel.
        oldest_s: Age of the oldest of them in seconds; 0 if there is none.
        collectors: (name, scope, last renewal) of every collector in use that has ever been seen.
        assets: Assets in the books by (site, category, status).
        counting: Lines of stocktakes that go on now by (site, `counted` or `left`).
    """

    incidents: dict[str, int]
    waiting: dict[str, int]
    oldest_s: float
    collectors: list[tuple[str, str, datetime]]
    assets: dict[tuple[str, str, str], int]
    counting: dict[tuple[str, str], int]


def figures(books: Books) -> Figures:
    """Count.

    Raises:
        Unavailable: The database does not answer.
    """
    with reading(books.engine) as session:
        ask = session.execute
        severity, channel = column(Incident, "severity"), column(OutboxMessage, "channel")
        undelivered = column(OutboxMessage, "delivered_at").is_(None) & column(OutboxMessage, "abandoned_at").is_(None)
        incidents = ask(
            select(severity, func.count())
            .where(column(Incident, "state") != IncidentState.RESOLVED.value)
            .group_by(severity)
        )
        waiting = ask(select(channel, func.count()).where(undelivered).group_by(channel))
        oldest = ask(select(func.min(column(OutboxMessage, "created_at"))).where(undelivered)).scalar_one()
        seen = ask(
            select(column(Collector, "name"), column(Collector, "scope"), column(Collector, "seen_at")).where(
                column(Collector, "retired_at").is_(None), column(Collector, "seen_at").is_not(None)
            )
        )
        group = (column(Site, "slug"), column(Asset, "category"), column(Asset, "status"))
        assets = ask(
            select(*group, func.count())
            .join_from(Asset, Site, column(Asset, "site_id") == column(Site, "id"))
            .where(column(Asset, "retired_at").is_(None))
            .group_by(*group)
        )
        return Figures(
            incidents={row[0]: row[1] for row in incidents},
            waiting={row[0]: row[1] for row in waiting},
            oldest_s=max(0.0, (now() - oldest).total_seconds()) if oldest else 0.0,
            collectors=[(row[0], row[1], row[2]) for row in seen],
            assets={(row[0], row[1], row[2]): row[3] for row in assets},
            counting=lines_by_state(session),
        )
