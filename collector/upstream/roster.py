"""What this collector polls now: its roster and leases, and what remains of both while the API is down.

A site is polled and exposed only under a lease. An API that answers decides at once. An API that is down decides
nothing: the sites held last are still polled, because an unwatched network is worse than a late hand-over.
"""

import json
import logging
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final, Literal

from pydantic import ValidationError

from collector.polling.poller import Job
from collector.polling.schedule import Key
from collector.polling.shard import worker_of
from collector.polling.standstill import passed_s
from collector.probe import Probe, settings_of
from collector.target import Roster, Target
from collector.upstream.cache import Cached
from collector.upstream.client import Document, Held

log = logging.getLogger(__name__)

SECRETS_KEPT: Final = timedelta(days=7)
"""Credentials are forgotten once the API has been away for so long, so that a stolen machine goes blind."""

MOST_PARTS: Final = 6_000_000
"""Objects, lists and values of a roster: 200,000 targets with their settings have two million."""

Standing = Literal["starting", "leased", "away", "refused"]
"""What the last renewal brought: nothing yet, an answer, no answer, a clear no."""


class BadRoster(Exception):
    """The roster as a whole is not understood; the one before stays in force."""


@dataclass(frozen=True, slots=True)
class Reading:
    """A roster that was read.

    Attributes:
        roster: What is understood.
        problems: Per target that is not: what it is called and why; never a secret.
    """

    roster: Roster
    problems: Mapping[str, str]


def read(body: bytes, before: Roster | None = None) -> Reading:
    """Return the roster that a document holds. A wrong target is left out and named; the others stay.

    Args:
        body: The document.
        before: The roster in force. What has not changed is taken from there, so that putting the new one in force
            costs the polls no more time than what differs.

    Raises:
        BadRoster: The document is no roster.
    """
    reading = _read(body)
    return reading if before is None else Reading(_kept(reading.roster, before), reading.problems)


def _read(body: bytes) -> Reading:
    if sum(map(body.count, (b"{", b"[", b","))) > MOST_PARTS:
        raise BadRoster(f"more than {MOST_PARTS} parts")  # it would fill the memory, and hold up the polls for minutes
    try:
        return Reading(Roster.model_validate_json(body), {})
    except ValidationError:
        pass
    try:
        parts: dict[str, Any] = json.loads(body)
        targets = parts.pop("targets", [])
        roster = Roster.model_validate_json(json.dumps(parts))
        if not isinstance(targets, list) or len(targets) > 200_000:
            raise BadRoster("targets: not a list of at most 200,000")
        good, problems = _targets(targets)
    except ValidationError as error:
        raise BadRoster(_fields(error)) from None
    except (ValueError, AttributeError, TypeError, RecursionError) as error:
        raise BadRoster(f"not a JSON object ({type(error).__name__})") from None
    return Reading(roster.model_copy(update={"targets": tuple(good)}), problems)


def _kept(roster: Roster, before: Roster) -> Roster:
    """Return a roster whose parts are those of the one before, where they are equal."""
    targets = {target.key: target for target in before.targets}
    secrets = before.credentials
    parts = {
        "targets": tuple(old if (old := targets.get(new.key)) == new else new for new in roster.targets),
        "credentials": {
            name: secrets[name] if secrets.get(name) == new else new for name, new in roster.credentials.items()
        },
        "graph": before.graph if before.graph == roster.graph else roster.graph,
    }
    return roster.model_copy(update=parts)


def _targets(rows: Iterable[Any]) -> tuple[list[Target], dict[str, str]]:
    good, problems = [], {}
    for number, row in enumerate(rows):
        try:
            good.append(Target.model_validate_json(json.dumps(row)))
        except ValidationError as error:
            words = (row.get("instance"), row.get("probe")) if isinstance(row, dict) else ()
            name = "/".join(str(word)[:64] for word in words) or f"targets.{number}"
            problems[name] = _fields(error)
    return good, problems


def _fields(error: ValidationError) -> str:
    named = [
        f"{'.'.join(map(str, part['loc'])) or 'all'}: {part['msg']}"
        for part in error.errors(include_input=False, include_url=False, include_context=False)
    ]
    return "; ".join(named[:5])[:500]


def jobs(
    roster: Roster, sites: frozenset[str], probes: Mapping[str, Probe], before: Mapping[Key, Job]
) -> tuple[dict[Key, Job], dict[str, str]]:
    """Return what to poll of some sites, and what is wrong with single targets.

    A target whose settings are wrong is polled all the same: it fails with that reason on its page, where its owner
    will see it. A target of a kind that this version does not know cannot be placed on a page, and is only named.

    Args:
        roster: All targets.
        sites: The sites that this process serves now.
        probes: The table of probes.
        before: What is polled now; it stands in the answer again where nothing has changed.
    """
    found: dict[Key, Job] = {}
    problems: dict[str, str] = {}
    for target in roster.targets:
        if target.site not in sites:
            continue
        key = target.key
        probe = probes.get(target.probe)
        if probe is None:
            problems["/".join(key)] = "this version knows no such probe"
            continue
        if key in found:
            problems["/".join(key)] = "stands twice in the roster; the first counts"
            continue
        credential = roster.credentials.get(target.credential or "")
        job = before.get(key)
        if job is None or job.target is not target or job.probe is not probe or job.credential is not credential:
            job = Job(target, probe, credential, _fault(probe, target))
        if job.fault:
            problems["/".join(key)] = job.fault
        found[key] = job
    return found, problems


def _fault(probe: Probe, target: Target) -> str:
    try:
        settings_of(probe, target)
    except ValidationError as error:
        return _fields(error)
    return ""


class Holding:
    """The roster and the leases that this collector holds.

    Attributes:
        roster: The roster in force, or `None` before the first.
        etag: Its ETag.
        standing: What the last renewal brought.
        problems: Targets that the roster's reader left out, with the reason.
    """

    def __init__(self, scope: str | None, worker: int, workers: int) -> None:
        """Hold nothing yet.

        Args:
            scope: The scope that a roster must be of, or `None` for any.
            worker: Which worker this process is, from 0.
            workers: How many there are; each serves its own share of the sites.
        """
        self._scope, self._worker, self._workers = scope, worker, workers
        self._until: dict[str, float] = {}
        self._body = b""
        self._confirmed_at = datetime.now(UTC)
        self._confirmed = passed_s()
        self.roster: Roster | None = None
        self.etag: str | None = None
        self.standing: Standing = "starting"
        self.problems: Mapping[str, str] = {}

    def take(self, document: Document, reading: Reading | None = None) -> None:
        """Put a new roster in force.

        Args:
            document: As it came.
            reading: The same, read already; reading ten thousand targets takes half a second.

        Raises:
            BadRoster: It is not understood, or of another scope; nothing has changed.
        """
        reading = reading or read(document.body)
        if self._scope and reading.roster.scope != self._scope:
            raise BadRoster(f"it is of scope {reading.roster.scope}, this collector serves {self._scope}")
        self.roster, self.problems = reading.roster, reading.problems
        self._body, self.etag = document.body, document.etag
        self.confirm()

    def confirm(self) -> None:
        """Note that the API has just said that the roster in force is the right one."""
        self._confirmed_at, self._confirmed = datetime.now(UTC), passed_s()

    def restore(self, cached: Cached) -> None:
        """Start from what was on disk; the sites count as held until the API says otherwise.

        Raises:
            BadRoster: It is not understood by this version.
        """
        self.take(Document(cached.body, cached.etag))
        offline = max(timedelta(0), datetime.now(UTC) - cached.confirmed_at)
        self._confirmed_at = cached.confirmed_at
        self._confirmed = passed_s() - offline.total_seconds()
        self._until = dict.fromkeys(cached.sites, 0.0)

    def snapshot(self) -> Cached | None:
        """Return what should be on disk, or `None` before the first roster."""
        if self.roster is None:
            return None
        return Cached(self._body, self.etag, self._confirmed_at, tuple(sorted(self._until)))

    def forget_secrets_if_old(self) -> bool:
        """Drop the credentials if the roster has not been confirmed for a week; return whether any were dropped."""
        if self.roster is None or not self.roster.credentials or self.age_s() < SECRETS_KEPT.total_seconds():
            return False
        log.warning("the API has not answered for %d days; credentials are forgotten", SECRETS_KEPT.days)
        self.roster = self.roster.model_copy(update={"credentials": {}})
        self._body = self.roster.model_dump_json().encode()
        self.etag = None
        return True

    def age_s(self) -> float:
        """Return the seconds since the API last confirmed the roster."""
        return max(0.0, passed_s() - self._confirmed)

    def leased(self, held: Held) -> None:
        """Hold exactly the sites that the API has just granted."""
        if self.standing != "leased":
            log.info("the API grants %d sites", len(held.until))
        self.standing, self._until = "leased", dict(held.until)

    def away(self, why: str) -> None:
        """Note that the API cannot be asked: what is held stays held."""
        if self.standing != "away":
            log.warning("the API does not answer (%s); the sites held last are polled on", why)
        self.standing = "away"

    def refused(self, why: str) -> None:
        """Note that the API says no: what is held ends with its leases."""
        if self.standing != "refused":
            log.error("the API refuses this collector (%s); its sites end with their leases", why)
        self.standing = "refused"

    def all_sites(self) -> frozenset[str]:
        """Return the sites held now, those of the other workers too."""
        if self.standing == "starting":
            return frozenset()
        if self.standing != "away":
            now = passed_s()
            self._until = {site: until for site, until in self._until.items() if until > now}
        return frozenset(self._until)

    def holds(self, site: str) -> bool:
        """Return whether this process polls and exposes a site now."""
        until = self._until.get(site)
        if until is None or self.standing == "starting" or worker_of(site, self._workers) != self._worker:
            return False
        return self.standing == "away" or until > passed_s()

    def sites(self) -> frozenset[str]:
        """Return the sites that this process polls and exposes now."""
        return frozenset(site for site in self.all_sites() if worker_of(site, self._workers) == self._worker)
