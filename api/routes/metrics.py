"""The API's own page of series, for Prometheus."""

import logging
from collections.abc import Iterable, Iterator, Mapping
from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Request, Response
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily
from prometheus_client.metrics_core import Metric as Family
from prometheus_client.registry import Collector

from api.configurations.ages import ages
from api.house import House, house_of
from api.http.auth import actor
from collector import metrics
from collector.metrics import Metric
from inventory.access.rights import Act, Actor, check
from inventory.errors import Unavailable
from inventory.figures import Figures, figures

_LOG: Final = logging.getLogger(__name__)

ROUTER = APIRouter(tags=["series"])


@ROUTER.get(
    "/metrics",
    summary="Series of the API itself",
    response_class=Response,
    responses={200: {"content": {"text/plain": {"example": 'quang_incidents_open{severity="critical"} 1.0\n'}}}},
)
def read_metrics(request: Request, who: Annotated[Actor, Depends(actor)]) -> Response:
    """Return the page in Prometheus' text format; what the database counts is absent while it does not answer."""
    check(who, Act.SCRAPE, "metrics")
    registry = CollectorRegistry(auto_describe=False)
    registry.register(_Own(house_of(request)))
    return Response(generate_latest(registry), media_type="text/plain; version=0.0.4; charset=utf-8")


class _Own(Collector):
    def __init__(self, house: House) -> None:
        self._house = house

    def collect(self) -> Iterable[Family]:
        counts = self._house.counts
        yield _family(metrics.API_REQUESTS, counts.requests())
        yield _family(metrics.API_REQUEST_SECONDS, counts.seconds())
        try:
            found, copies = figures(self._house.books), ages(self._house.books)
            unknown, silent = self._house.strangers.get(), self._house.silences.get().by_site
        except Unavailable as error:
            _LOG.warning("the page of series lacks the figures of the books: %s", error)
            return
        yield from _of_books(found)
        yield _family(metrics.UNKNOWN_DEVICES, {(site,): count for site, count in unknown.items()})
        yield _family(metrics.SILENT_DEVICES, {(site,): count for site, count in silent.items()})
        saved = {(one.device, one.site): one.saved_at.timestamp() for one in copies}
        changed = {(one.device, one.site): one.changed_at.timestamp() for one in copies if one.changed_at}
        yield _family(metrics.CONFIG_SAVED, saved)
        yield _family(metrics.CONFIG_CHANGED, changed)


def _of_books(found: Figures) -> Iterator[Family]:
    severities = dict.fromkeys(("critical", "warning", "info"), 0) | found.incidents
    yield _family(metrics.INCIDENTS_OPEN, {(severity,): count for severity, count in severities.items()})
    waiting = {"email": 0} | found.waiting
    yield _family(metrics.OUTBOX_WAITING, {(channel,): count for channel, count in waiting.items()})
    yield _family(metrics.OUTBOX_OLDEST, {(): found.oldest_s})
    seen = {(name, scope): at.timestamp() for name, scope, at in found.collectors}
    yield _family(metrics.COLLECTOR_LAST_SEEN, seen)
    yield _family(metrics.ASSETS, found.assets)
    yield _family(metrics.STOCKTAKE_LINES, found.counting)


def _family(metric: Metric, values: Mapping[Any, float]) -> Family:
    kind = CounterMetricFamily if metric.kind == "counter" else GaugeMetricFamily
    family = kind(metric.name, metric.help, labels=metric.all_labels)
    for labels, value in sorted(values.items()):
        family.add_metric(list(labels), value)
    return family
