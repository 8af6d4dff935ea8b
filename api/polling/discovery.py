"""The pages of the collectors, as Prometheus' service discovery takes them (`http_sd`, `file_sd`)."""

from typing import Final, Literal
from urllib.parse import urlsplit

from sqlmodel import Session, col, select
from typing_extensions import TypedDict  # pydantic reads no other before Python 3.12

from collector.polling.shard import worker_of
from inventory.network.collectors import Collector, SiteLease
from inventory.places.sites import Site

Job = Literal["reach", "network", "services", "collector"]

GRAPH_PAGE: Final = "_graph"
"""The page of the network's graph, in the job `reach`; every collector has it."""


class TargetGroup(TypedDict):
    """One page, in the shape of Prometheus' file format."""

    targets: list[str]
    labels: dict[str, str]


def target_groups(session: Session, job: Job) -> list[TargetGroup]:
    """Return the pages of a job, in a stable order.

    A page stays listed after its lease has ended, until somebody else holds the site: while the API was away no lease
    could be renewed, and pages that vanish for a moment would end every alert that stands on them.

    Args:
        session: A session that reads.
        job: `collector` for each collector's own health, else a kind of page.
    """
    if job == "collector":
        return _health(session)
    rows = session.exec(
        select(Collector.name, Collector.url, Collector.workers, Site.slug)
        .join(SiteLease, col(SiteLease.collector_id) == Collector.id)
        .join(Site, col(Site.id) == SiteLease.site_id)
        .where(col(Collector.retired_at).is_(None), Collector.url != "")
        .order_by(Collector.name, Site.slug)
    ).all()
    pages = [_page(name, _address(url, worker_of(site, workers)), job, site) for name, url, workers, site in rows]
    if job == "reach":
        holders = dict.fromkeys((name, url) for name, url, _, _ in rows)
        pages += [_page(name, _address(url, 0), job, GRAPH_PAGE) for name, url in holders]
    return pages


def _page(collector: str, address: str, job: str, site: str) -> TargetGroup:
    labels = {"__metrics_path__": f"/targets/{job}/{site}", "instance": f"{collector}/{job}/{site}"}
    return {"targets": [address], "labels": labels}


def _health(session: Session) -> list[TargetGroup]:
    statement = select(Collector).where(col(Collector.retired_at).is_(None), Collector.url != "")
    return [
        {
            "targets": [_address(one.url, worker)],
            "labels": {"__metrics_path__": "/metrics", "instance": f"{one.name}/{worker}" if worker else one.name},
        }
        for one in session.exec(statement.order_by(Collector.name))
        for worker in range(one.workers)
    ]


def _address(url: str, worker: int) -> str:
    """Return `host:port` of a worker: worker k listens at the collector's port plus k."""
    parts = urlsplit(url)
    host = f"[{parts.hostname}]" if ":" in (parts.hostname or "") else parts.hostname
    return f"{host}:{(parts.port or (443 if parts.scheme == 'https' else 80)) + worker}"
