"""What a probe is, and the one place where an exception becomes a result.

A probe is a coroutine that asks one target and returns samples. It raises `ProbeFailure` with a reason from `REASONS`
when the answer is missing or wrong, and never catches its own deadline. `run` owns the deadline, the duration, the
success flag and the failure reason of every probe.
"""

import asyncio
import logging
import time
import traceback
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final, Literal, NamedTuple, Protocol

from pydantic import BaseModel, ConfigDict, ValidationError

from collector.metrics import Metric
from collector.reasons import REASONS, Reason
from collector.target import Credential, Target
from collector.wire.limits import is_exhausted
from inventory.text import Text

if TYPE_CHECKING:
    from collector.ping import Pinger
    from collector.snmp import Snmp
    from collector.ssh import Ssh

__all__ = [
    "REASONS", "Answer", "Configuration", "Doors", "JobName", "Observation", "Probe", "ProbeFailure", "Reason",
    "Result", "Run", "Sample", "Settings", "run",
]  # fmt: skip

log = logging.getLogger(__name__)

JobName = Literal["reach", "network", "services"]
"""The page of a probe's samples, and its Prometheus job. `reach` is the fast lane, scraped every second."""


class ProbeFailure(Exception):
    """The target did not answer, or not as it should.

    Attributes:
        code: A key of `REASONS`.
        detail: Free text for the log and the page, at most 200 characters; never a secret.
    """

    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(code, detail)
        self.code = code
        self.detail = detail[:200]


class Sample(NamedTuple):
    """One value of one series.

    Attributes:
        metric: The family.
        labels: Values of `metric.labels`, in that order.
        value: A float; NaN is refused by the results store.
    """

    metric: Metric
    labels: tuple[str, ...]
    value: float


class Observation(NamedTuple):
    """A fact that a probe saw (a serial number, a model, a neighbour), for the books to compare with.

    Attributes:
        kind: `serial`, `model`, `firmware`, `mac`, `neighbour`, `name`.
        subject: What it is about, within the target: `chassis`, an ifName.
        value: The fact.
    """

    kind: str
    subject: str
    value: str


@dataclass(frozen=True, slots=True)
class Configuration:
    """What a device printed when it was asked for its configuration.

    Attributes:
        platform: A key of `collector.platforms.PLATFORMS`.
        text: All of it, with its secrets; never shown.
    """

    platform: str
    text: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Answer:
    """What a successful run returned."""

    samples: Sequence[Sample] = ()
    observations: Sequence[Observation] = ()
    configuration: Configuration | None = None


@dataclass(frozen=True, slots=True)
class Result:
    """The result of one run.

    Attributes:
        started_at: Aware UTC.
        duration_s: Wall time of the run.
        success: Whether the probe returned.
        reason: A key of `REASONS` if it did not.
        detail: Free text beside the reason.
    """

    target: Target
    started_at: datetime
    duration_s: float
    success: bool
    reason: str | None = None
    detail: str = ""
    samples: Sequence[Sample] = ()
    observations: Sequence[Observation] = ()
    configuration: Configuration | None = None


class Settings(BaseModel):
    """Base of a probe's own parameters: unknown keys are refused by name."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Doors(Protocol):
    """The outside libraries, opened once per process and shared by all probes (see `collector/doors.py`)."""

    @property
    def ping(self) -> "Pinger":
        """Return the door to ICMP."""

    @property
    def snmp(self) -> "Snmp":
        """Return the door to SNMP."""

    @property
    def ssh(self) -> "Ssh":
        """Return the door to SSH."""


Run = Callable[[Target, Any, Credential | None, Doors], Awaitable[Answer]]
"""`(target, settings, credential, doors) -> Answer`; each probe takes settings of its own model, hence `Any`."""


@dataclass(frozen=True, slots=True)
class Probe:
    """One kind of probe: an entry of `collector.probes.PROBES`.

    Attributes:
        kind: Its name, and the value of the label `probe`.
        title: Its name on pages.
        job: The page of its samples.
        run: The coroutine.
        settings: Model of its parameters.
        needs: Kinds of credential that it accepts; empty for none.
        interval_s: Default seconds between polls.
        timeout_s: Default deadline in seconds.
        metrics: The families that it fills.
    """

    kind: str
    title: Text
    job: JobName
    run: Run
    settings: type[Settings]
    needs: tuple[str, ...] = ()
    interval_s: float = 60.0
    timeout_s: float = 10.0
    metrics: tuple[Metric, ...] = field(default=())


_TRACED_MAX: Final = 1_000
_traced: set[tuple[str, str, str]] = set()
"""Internal faults whose traceback has been logged: (probe, instance, type of exception)."""


async def run(probe: Probe, target: Target, credential: Credential | None, doors: Doors) -> Result:
    """Run one probe of one target to its end, within the target's deadline.

    Whatever the probe raises becomes a result, save a cancellation from outside.

    Args:
        probe: The entry of `PROBES` for `target.probe`.
        target: What to ask.
        credential: The roster's credential of that name, if the target has one.
        doors: The open doors.
    """
    started_at, began = datetime.now(UTC), time.monotonic()
    answer, reason, detail = Answer(), None, ""
    try:
        async with asyncio.timeout(target.timeout_s):
            answer = await _ask(probe, target, credential, doors)
    except ProbeFailure as failure:
        reason, detail = failure.code, failure.detail
        if reason not in REASONS:
            reason, detail = "internal", f"{reason}: {detail}"[:200]
    except TimeoutError:
        reason, detail = "deadline", f"{target.timeout_s:g} s"
    except Exception as fault:  # noqa: BLE001 - the one place where an unknown exception becomes a result
        if is_exhausted(fault):
            reason, detail = "collector_full", getattr(fault, "strerror", "") or ""
        else:
            reason, detail = "internal", type(fault).__name__
            _trace(probe, target, fault)
    return Result(
        target=target,
        started_at=started_at,
        duration_s=time.monotonic() - began,
        success=reason is None,
        reason=reason,
        detail=detail,
        samples=answer.samples,
        observations=answer.observations,
        configuration=answer.configuration,
    )


async def _ask(probe: Probe, target: Target, credential: Credential | None, doors: Doors) -> Answer:
    if credential is None:
        if target.credential is not None:
            raise ProbeFailure("credential", target.credential)
    elif probe.needs and credential.kind not in probe.needs:
        raise ProbeFailure("credential", f"{target.credential}: {credential.kind}")
    try:
        settings = settings_of(probe, target)
    except ValidationError as error:
        fields = ", ".join(".".join(map(str, problem["loc"])) or problem["type"] for problem in error.errors())
        raise ProbeFailure("settings", fields) from None
    return await probe.run(target, settings, credential, doors)


def settings_of(probe: Probe, target: Target) -> Settings:
    """Return a target's checked parameters. Those of most targets are few and alike, so what was checked is kept.

    Raises:
        pydantic.ValidationError: They do not fit the probe.
    """
    parts = tuple((name, value, type(value)) for name, value in target.settings.items())
    try:
        hash(parts)
    except TypeError:
        return probe.settings.model_validate(target.settings)
    return _checked(probe.settings, parts)


@lru_cache(maxsize=1_024)
def _checked(model: type[Settings], parts: tuple[tuple[str, Any, type], ...]) -> Settings:
    return model.model_validate({name: value for name, value, _ in parts})


def _trace(probe: Probe, target: Target, fault: Exception) -> None:
    """Log once where an internal fault arose, without its message, which may hold a secret."""
    seen = (probe.kind, target.instance, type(fault).__name__)
    if seen in _traced:
        return
    if len(_traced) >= _TRACED_MAX:
        _traced.clear()
    _traced.add(seen)
    where = "".join(traceback.format_tb(fault.__traceback__))
    log.error("probe %s of %s failed with %s\n%s", probe.kind, target.instance, type(fault).__name__, where)
