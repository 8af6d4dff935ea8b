"""What a probe is, and the one place where an exception becomes a result.

A probe is a coroutine that asks one target and returns samples. It raises `ProbeFailure` with a reason from `REASONS`
when the answer is missing or wrong; it never catches its own deadline. `run` owns the deadline, the duration, success
and the failure reason, for every kind alike.
"""

import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal, NamedTuple, Protocol

from pydantic import BaseModel, ConfigDict

from collector.metrics import Metric
from collector.target import Credential, Target
from inventory.text import Text

log = logging.getLogger(__name__)

Job = Literal["reach", "network", "services"]
"""Which page a probe's samples stand on. `reach` is the fast lane: small pages that are scraped each second."""


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a poll failed, with the first thing to do.

    Attributes:
        code: Stable; the value of the label `reason`.
        text: What happened. May hold `{detail}`.
        first_step: What to check first.
    """

    code: str
    text: Text
    first_step: Text


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
class Answer:
    """What a successful run brought."""

    samples: Sequence[Sample] = ()
    observations: Sequence[Observation] = ()


@dataclass(frozen=True, slots=True)
class Result:
    """What came of one run.

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


class Settings(BaseModel):
    """Base of a probe's own parameters: unknown keys are refused by name."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Doors(Protocol):
    """The outside libraries, opened once per process and shared by all probes (see `collector/doors.py`)."""

    @property
    def ping(self) -> Any: ...  # noqa: ANN401, D102 - narrowed by collector.ping.Pinger

    @property
    def snmp(self) -> Any: ...  # noqa: ANN401, D102 - narrowed by collector.snmp.Snmp


Run = Callable[[Target, Any, Credential | None, Any], Awaitable[Answer]]
"""`(target, validated settings, credential, doors) -> Answer`."""


@dataclass(frozen=True, slots=True)
class Probe:
    """One kind of probe: an entry of `collector.probes.PROBES`.

    Attributes:
        kind: Its name, and the value of the label `probe`.
        title: For people.
        job: The page of its samples.
        run: The coroutine.
        settings: Model of its parameters.
        needs: Kinds of credential that it accepts; empty for none.
        interval_s: Default seconds between polls.
        timeout_s: Default deadline.
    """

    kind: str
    title: Text
    job: Job
    run: Run
    settings: type[Settings]
    needs: tuple[str, ...] = ()
    interval_s: float = 60.0
    timeout_s: float = 10.0
    metrics: tuple[Metric, ...] = field(default=())
