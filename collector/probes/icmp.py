"""Ping: bursts of echo requests. A burst without any answer is repeated once before the target counts as down."""

import asyncio
from typing import Annotated, Final

from pydantic import Field

from collector import metrics
from collector.ping import COUNT_MAX, COUNT_MIN, Burst
from collector.probe import Answer, Doors, Probe, ProbeFailure, Sample, Settings
from collector.target import Credential, Target
from inventory.text import same

PAUSE_S: Final = 0.1
"""Seconds between a lost burst and the one that confirms it, so that one disturbance does not swallow both."""

_WAIT_MIN_S: Final = 0.05
_SLACK_S: Final = 0.1


class IcmpSettings(Settings):
    """Shape of a burst."""

    count: Annotated[int, Field(ge=COUNT_MIN, le=COUNT_MAX)] = COUNT_MIN
    """Echo requests in a burst, 5 to 100."""

    gap_s: Annotated[float, Field(ge=0.0, le=1.0)] = 0.02
    """Seconds between two of them, 0 to 1."""

    wait_s: Annotated[float, Field(gt=0.0, le=10.0)] = 1.0
    """Seconds to wait for the last answer, at most 10; shortened so that two bursts fit the deadline."""


async def run(target: Target, settings: IcmpSettings, credential: Credential | None, doors: Doors) -> Answer:  # noqa: ARG001
    """Ping a target.

    Raises:
        ProbeFailure: Two bursts, one after the other, had no answer at all.
    """
    if target.address is None:
        raise ProbeFailure("settings", "address")
    wait_s = _wait_s(settings, target.timeout_s)
    burst = await doors.ping.burst(target.address, count=settings.count, gap_s=settings.gap_s, wait_s=wait_s)
    totals = doors.ping.count(target.instance, burst)
    if not burst.answered:
        await asyncio.sleep(PAUSE_S)
        burst = await doors.ping.burst(target.address, count=settings.count, gap_s=settings.gap_s, wait_s=wait_s)
        totals = doors.ping.count(target.instance, burst)
    if not burst.answered:
        raise ProbeFailure("icmp_lost")
    return Answer(_samples(burst, totals))


def _wait_s(settings: IcmpSettings, timeout_s: float) -> float:
    sending_s = settings.gap_s * (settings.count - 1)
    share_s = (timeout_s - PAUSE_S - _SLACK_S) / 2 - sending_s
    return max(_WAIT_MIN_S, min(settings.wait_s, share_s))


def _samples(burst: Burst, totals: tuple[int, int]) -> tuple[Sample, ...]:
    rtts = burst.answered
    return (
        Sample(metrics.ICMP_LOSS, (), burst.loss),
        Sample(metrics.ICMP_DURATION, ("rtt",), sum(rtts) / len(rtts)),
        Sample(metrics.ICMP_RTT_MIN, (), min(rtts)),
        Sample(metrics.ICMP_RTT_MAX, (), max(rtts)),
        Sample(metrics.ICMP_JITTER, (), burst.jitter_s),
        Sample(metrics.ICMP_SENT, (), totals[0]),
        Sample(metrics.ICMP_LOST, (), totals[1]),
    )


PROBE: Final = Probe(
    kind="icmp",
    title=same("Ping"),
    job="reach",
    run=run,
    settings=IcmpSettings,
    interval_s=1.0,
    timeout_s=2.0,
    metrics=(
        metrics.ICMP_LOSS, metrics.ICMP_DURATION, metrics.ICMP_RTT_MIN, metrics.ICMP_RTT_MAX, metrics.ICMP_JITTER,
        metrics.ICMP_SENT, metrics.ICMP_LOST,
    ),
)  # fmt: skip
