"""The collector's own health, as samples for its page `/metrics`."""

from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING, Final, Protocol

from collector import metrics
from collector.polling.poller import Poller
from collector.probe import Sample
from collector.series.results import Results
from collector.upstream.delivery import Delivery
from collector.upstream.roster import Holding

if TYPE_CHECKING:
    from collector.traps.listener import Traps

UNKNOWN_VERSION: Final = "0"


class Parts(Protocol):
    """What is looked at."""

    @property
    def holding(self) -> Holding:
        """Return the roster and the leases."""

    @property
    def poller(self) -> Poller:
        """Return the polls."""

    @property
    def results(self) -> Results:
        """Return what stands on the pages."""

    @property
    def delivery(self) -> Delivery:
        """Return the reports."""

    @property
    def traps(self) -> "Traps | None":
        """Return what takes traps, or `None` if nobody asked for it."""

    @property
    def refused_targets(self) -> int:
        """Return how many targets cannot be polled."""


def own_version() -> str:
    """Return the version of the installed distribution."""
    try:
        return version("quang")
    except PackageNotFoundError:
        return UNKNOWN_VERSION


def samples(parts: Parts, now: float) -> Iterator[Sample]:
    """Yield the collector's own series.

    Args:
        parts: What is looked at.
        now: Seconds of the monotonic clock.
    """
    holding, poller, results, delivery = parts.holding, parts.poller, parts.results, parts.delivery
    yield Sample(metrics.COLLECTOR_BUILD, (own_version(),), 1.0)
    if holding.roster is not None:
        yield Sample(metrics.COLLECTOR_ROSTER_AGE, (), holding.age_s())
    yield Sample(metrics.COLLECTOR_API_UP, (), float(holding.standing == "leased"))
    yield Sample(metrics.COLLECTOR_SITES, (), float(len(holding.sites())))
    yield Sample(metrics.COLLECTOR_REFUSED_TARGETS, (), float(parts.refused_targets + results.left_out))
    for probe, count in sorted(poller.targets().items()):
        yield Sample(metrics.COLLECTOR_TARGETS, (probe,), float(count))
    for percentile, late_s in poller.lateness.percentiles(now).items():
        yield Sample(metrics.COLLECTOR_LATENESS, (f"{percentile}",), late_s)
    for polls, count in sorted(poller.polls.items()):
        yield Sample(metrics.COLLECTOR_POLLS, polls, float(count))
    for skipped, count in sorted(poller.skipped.items()):
        yield Sample(metrics.COLLECTOR_SKIPPED, skipped, float(count))
    yield Sample(metrics.COLLECTOR_RUNNING, (), float(poller.under_way()))
    yield Sample(metrics.COLLECTOR_SPOOL_ROWS, (), float(delivery.waiting))
    yield Sample(metrics.COLLECTOR_SPOOL_DROPPED, (), float(delivery.dropped))
    for metric, counts in (
        (metrics.COLLECTOR_DUPLICATES, results.duplicates),
        (metrics.COLLECTOR_REFUSED, results.refused),
        (metrics.COLLECTOR_PAGE_SERIES, results.series()),
    ):
        for word, count in sorted(counts.items()):
            yield Sample(metric, (word,), float(count))
    if parts.traps is not None:
        yield from _of_traps(parts.traps)


def _of_traps(traps: "Traps") -> Iterator[Sample]:
    yield Sample(metrics.TRAP_LISTENING, (), float(traps.listening))
    for labels, count in sorted(traps.taken.items()):
        yield Sample(metrics.TRAP_TAKEN, labels, float(count))
    for reason, count in sorted(traps.dropped.items()):
        yield Sample(metrics.TRAP_DROPPED, (reason,), float(count))
    yield Sample(metrics.TRAP_ANSWERED, (), float(traps.answered))
    for outcome in ("polled", "held"):
        yield Sample(metrics.TRAP_POLLS, (outcome,), float(traps.polls[outcome]))
