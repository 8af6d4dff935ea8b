"""Polls outside the schedule, for pages and for errands of the API; they do not shift scheduled polls."""

import asyncio
import logging
import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Annotated, Any, Final, NamedTuple

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from collector.polling.poller import Ask, Job
from collector.probe import Probe, Result
from collector.series.exposition import Blocks
from collector.series.results import Results
from collector.shell.configs import packed
from collector.target import Credential, Target
from collector.upstream.client import Client, Refused, Unreachable

log = logging.getLogger(__name__)

MOST_AT_ONCE: Final = 8
"""Polls for pages under way at once, and as many for errands; more pages are turned away."""

MOST_TARGETS: Final = 12
"""Targets of one errand."""

MOST_SAMPLES: Final = 2_000
"""Samples of one result that are told of."""

RETRY_S: Final = 5.0
"""Seconds until work is asked for again after the API did not answer."""

OLD_API_S: Final = 300.0
"""The same after it said no: an API of another version has no such work."""


class Polled(NamedTuple):
    """What came of a poll for a page.

    Attributes:
        blocks: Its page.
        reason: Why it failed, a key of `REASONS`; `None` if it did not.
    """

    blocks: Iterable[Blocks]
    reason: str | None


class Busy(Exception):
    """Too many polls out of turn are under way."""


class Errand(BaseModel):
    """What the API wants to know now.

    Attributes:
        uid: Under which the results are sent back.
        targets: What is asked; they need not be in the roster.
        credentials: By name, in clear.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    uid: Annotated[str, Field(pattern=r"^[0-9a-f]{32}$")]
    targets: Annotated[tuple[Target, ...], Field(max_length=MOST_TARGETS)]
    credentials: dict[str, Credential] = Field(default_factory=dict)


class OnDemand:
    """Runs polls out of turn, a bounded number at once."""

    def __init__(self, probes: Mapping[str, Probe], ask: Ask) -> None:
        """Prepare.

        Args:
            probes: The table of probes.
            ask: Runs one poll.
        """
        self._probes, self._ask = probes, ask
        self._slots = asyncio.Semaphore(MOST_AT_ONCE)
        self._pages = asyncio.Semaphore(MOST_AT_ONCE)  # whoever reads pages must not keep the API's errands waiting
        self._errands: set[asyncio.Task[None]] = set()

    async def page(self, job: Job, within_s: float = math.inf) -> Polled:
        """Poll a target of the roster now and return its page, as an exporter with `/probe` does.

        Args:
            job: The target.
            within_s: Seconds after which nobody waits for the page any more; the poll ends before.

        Raises:
            Busy: Too many polls out of turn are under way.
        """
        if self._pages.locked():
            raise Busy
        target = job.target
        if within_s < target.timeout_s:
            target = target.model_copy(update={"timeout_s": within_s})
        async with self._pages:
            result = await self._ask(job.probe, target, job.credential)
        shown = Results()
        shown.keep(target, job.probe.job)
        shown.record(result)
        return Polled(shown.page((job.probe.job, target.site)) or (), None if result.success else result.reason)

    async def serve(self, client: Client) -> None:
        """Do what the API wants to know, until cancelled; one question to it is always open."""
        try:
            while True:
                async with self._slots:
                    pass  # what cannot be begun now is left with the API, which gives it up in time
                pause_s = await self._fetch(client)
                await asyncio.sleep(pause_s)
        finally:
            for task in self._errands:
                task.cancel()

    async def _fetch(self, client: Client) -> float:
        """Wait for an errand and begin it; return the seconds to pause."""
        try:
            body = await client.errand()
            errand = Errand.model_validate_json(body) if body else None
        except Unreachable:
            return RETRY_S
        except Refused:
            return OLD_API_S
        except ValidationError as error:
            log.warning("an errand of the API is not understood: %d errors", error.error_count())
            return RETRY_S
        if errand is not None:
            task = asyncio.create_task(self._do(client, errand))
            self._errands.add(task)
            task.add_done_callback(self._errands.discard)
        return 0.0

    async def _do(self, client: Client, errand: Errand) -> None:
        jobs = [target for target in errand.targets if target.probe in self._probes]
        results = await asyncio.gather(
            *(
                self._once(self._probes[target.probe], target, errand.credentials.get(target.credential or ""))
                for target in jobs
            )
        )
        try:
            await client.deliver(errand.uid, [told(result) for result in results])
        except (Unreachable, Refused) as error:
            log.warning("what was asked for could not be told: %s", error)

    async def _once(self, probe: Probe, target: Target, credential: Credential | None) -> Result:
        async with self._slots:
            return await self._ask(probe, target, credential)


def told(result: Result) -> dict[str, Any]:
    """Return a result as JSON can carry it: names of families instead of the families, a bounded number of samples."""
    samples: Sequence[Any] = list(result.samples)[:MOST_SAMPLES]
    read = result.configuration
    return {
        "instance": result.target.instance,
        "probe": result.target.probe,
        "started_at": result.started_at.isoformat(),
        "duration_s": result.duration_s,
        "success": result.success,
        "reason": result.reason,
        "detail": result.detail,
        "samples": [[sample.metric.name, list(sample.labels), sample.value] for sample in samples],
        "observations": [list(seen) for seen in list(result.observations)[:MOST_SAMPLES]],
        "configuration": None if read is None else [read.platform, packed(read.text)],
    }
