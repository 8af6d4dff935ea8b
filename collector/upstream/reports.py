"""What the collector reports to the API: state changes with their time, and facts.

Outages are computed from these reports, not from what Prometheus sampled. The first state after a start is reported
too, because the state was unknown while the collector was down.
"""

import logging
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Final, Literal
from uuid import uuid4

from collector.metrics import IF_ADMIN_STATUS, IF_OPER_STATUS
from collector.platforms import PLATFORMS
from collector.polling.schedule import Key
from collector.probe import JobName, Result
from collector.reasons import NOT_THE_TARGETS
from collector.shell.configs import lines_of, packed
from collector.target import Graph

log = logging.getLogger(__name__)

State = Literal["up", "down"]

Report = dict[str, str | None]
"""One report as the API takes it; `uid` makes sure that it counts once."""

SEEN_AGAIN: Final = timedelta(hours=23)
"""A fact that has not changed is reported again after this time, so that the books know that it still holds. It is a
little less than a day, so that what is looked at daily is reported daily."""

FORGOTTEN: Final = 500
"""Facts of a target beyond those it brings now: when there are more, those not seen for so long are forgotten."""

PACKED: Final = "packed"
"""The part of a report that holds secrets; on the collector's disk it is sealed."""

MOST_TEXT: Final = 1_000
"""Characters of a fact that are reported."""

OPER_STATES: Final = {
    1: "up",
    2: "down",
    3: "testing",
    4: "unknown",
    5: "dormant",
    6: "notPresent",
    7: "lowerLayerDown",
}
"""IF-MIB ifOperStatus (RFC 2863)."""


@dataclass(frozen=True, slots=True)
class _Standing:
    """What one result says of one element."""

    element: str
    state: State
    reason: str | None = None
    detail: str = ""


class Reporter:
    """Remembers the last state of each element and the last value of each fact; yields only what is new."""

    def __init__(self) -> None:
        self._states: dict[Key, dict[str, State]] = {}
        self._facts: dict[Key, dict[tuple[str, str], tuple[str, datetime]]] = {}
        self._links: dict[tuple[str, str], tuple[str, ...]] = {}
        self._configurations: dict[Key, tuple[bytes, datetime]] = {}

    def learn(self, graph: Graph) -> None:
        """Take the links whose ends are read by SNMP from the graph."""
        links: dict[tuple[str, str], tuple[str, ...]] = {}
        for link in graph.links:
            for end in link.ends:
                if end.kind == "snmp" and end.interface is not None:
                    place = (end.device, end.interface)
                    links[place] = (*links.get(place, ()), link.name)
        self._links = links

    def forget(self, key: Key) -> None:
        """Forget a target that is no longer polled here, so that its state counts as unknown when it comes back."""
        self._states.pop(key, None)
        self._facts.pop(key, None)
        self._configurations.pop(key, None)

    def reports(self, result: Result, job: JobName) -> list[Report]:
        """Return what is new in a result, in the order in which it should be told."""
        return [*self._transitions(result, job), *self._observations(result), *self._configuration(result)]

    def _transitions(self, result: Result, job: JobName) -> Iterator[Report]:
        for now in self._standings(result, job):
            states = self._states.setdefault(result.target.key, {})
            before = states.get(now.element)
            if before == now.state:
                continue
            states[now.element] = now.state
            _log(now, before, result.target.instance)
            yield {
                "uid": uuid4().hex,
                "kind": "transition",
                "element": now.element,
                "instance": result.target.instance,
                "site": result.target.site,
                "probe": result.target.probe,
                "state": now.state,
                "reason": now.reason,
                "detail": now.detail[:MOST_TEXT],
                "at": moment(result.started_at),
            }

    def _standings(self, result: Result, job: JobName) -> Iterable[_Standing]:
        if result.target.probe == "snmp_link":
            return self._link_standings(result) if result.success else ()
        kind = "device" if result.target.probe == "icmp" else "service" if job == "services" else None
        if kind is None or result.reason in NOT_THE_TARGETS:
            return ()
        element = f"{kind}:{result.target.instance}"
        if result.success:
            return (_Standing(element, "up"),)
        return (_Standing(element, "down", result.reason, result.detail),)

    def _link_standings(self, result: Result) -> Iterator[_Standing]:
        """Yield what an end says of its link: down counts only on a port that is meant to be up."""
        oper, admin = (
            {sample.labels[1]: int(sample.value) for sample in result.samples if sample.metric is metric}
            for metric in (IF_OPER_STATUS, IF_ADMIN_STATUS)
        )
        for port, status in oper.items():
            for link in self._links.get((result.target.instance, port), ()):
                if status == 1:
                    yield _Standing(f"link:{link}", "up")
                elif status in {2, 7} and admin.get(port) == 1:
                    yield _Standing(f"link:{link}", "down", None, f"{port}: {OPER_STATES[status]}")

    def _observations(self, result: Result) -> Iterator[Report]:
        facts = self._facts.setdefault(result.target.key, {}) if result.observations else {}
        for seen in result.observations:
            value = seen.value[:MOST_TEXT]
            before = facts.get((seen.kind, seen.subject))
            if before and before[0] == value and result.started_at - before[1] < SEEN_AGAIN:
                continue
            facts[seen.kind, seen.subject] = (value, result.started_at)
            yield {
                "uid": uuid4().hex,
                "kind": "observation",
                "instance": result.target.instance,
                "site": result.target.site,
                "probe": result.target.probe,
                "fact": seen.kind,
                "subject": seen.subject[:MOST_TEXT],
                "value": value,
                "at": moment(result.started_at),
            }
        if len(facts) > len(result.observations) + FORGOTTEN:
            oldest = result.started_at - 2 * SEEN_AGAIN
            self._facts[result.target.key] = {fact: told for fact, told in facts.items() if told[1] > oldest}

    def _configuration(self, result: Result) -> Iterator[Report]:
        """Yield a configuration that differs from the one told last, and any once a day."""
        if result.configuration is None:
            return
        platform, text = result.configuration.platform, result.configuration.text
        digest = sha256("\n".join(lines_of(PLATFORMS[platform], text)).encode()).digest()
        told, at = self._configurations.get(result.target.key, (b"", result.started_at))
        if told == digest and result.started_at - at < SEEN_AGAIN:
            return
        self._configurations[result.target.key] = (digest, result.started_at)
        yield {
            "uid": uuid4().hex,
            "kind": "configuration",
            "instance": result.target.instance,
            "site": result.target.site,
            "probe": result.target.probe,
            "platform": platform,
            PACKED: packed(text),
            "at": moment(result.started_at),
        }


def moment(at: datetime) -> str:
    """Return a time as ISO 8601 in UTC, to the millisecond, ending in Z."""
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _log(now: _Standing, before: State | None, instance: str) -> None:
    level = logging.INFO if before is None and now.state == "up" else logging.WARNING
    why = " ".join(filter(None, (now.reason, now.detail)))
    log.log(level, "%s is %s, seen at %s%s", now.element, now.state, instance, f" ({why})" if why else "")
