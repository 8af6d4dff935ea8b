"""What somebody wants to know now, carried out by a collector: it stands where the devices are, the API may not.

A collector keeps one question open, so that an errand reaches it at once, also through a commune's address translation.
Errands live in this process's memory alone, for seconds; whoever waited when it ended asks again.
"""

import asyncio
import secrets
import time
from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Annotated, Any, Final

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, SecretStr

from collector.metrics import BY_NAME
from collector.platforms import PLATFORMS
from collector.polling.on_demand import MOST_SAMPLES, MOST_TARGETS
from collector.probe import Configuration, Observation, Result, Sample
from collector.shell.configs import MOST_PACKED, storable, unpacked
from collector.target import Credential, Target

WAIT_S: Final = 4.0
"""Seconds for which a collector's question stays open: shorter than the time that a server has to end in order."""

LISTENS_S: Final = 8.0
"""A collector that has asked within so many seconds is there."""

GRACE_S: Final = 3.0
"""Seconds beyond the longest deadline of its targets that an errand may take."""

MOST_WAITING: Final = 50
"""Errands of one collector that wait to be fetched."""

Label = Annotated[str, Field(max_length=500)]


class ToldResult(BaseModel):
    """What a collector found about one target."""

    model_config = ConfigDict(extra="forbid")

    instance: Annotated[str, Field(max_length=64)]
    probe: Annotated[str, Field(max_length=32)]
    started_at: AwareDatetime
    duration_s: Annotated[float, Field(ge=0, le=86_400)]
    success: bool
    reason: Annotated[str, Field(max_length=64)] | None = None
    detail: Annotated[str, Field(max_length=200)] = ""
    samples: Annotated[
        list[tuple[Label, Annotated[list[Label], Field(max_length=16)], float]], Field(max_length=MOST_SAMPLES)
    ] = Field(default_factory=list)
    observations: Annotated[list[tuple[Label, Label, Label]], Field(max_length=MOST_SAMPLES)] = Field(
        default_factory=list
    )
    configuration: tuple[Annotated[str, Field(max_length=32)], Annotated[str, Field(max_length=MOST_PACKED)]] | None = (
        Field(default=None, repr=False)
    )


class Delivery(BaseModel):
    """What came of an errand."""

    model_config = ConfigDict(extra="forbid")

    results: Annotated[list[ToldResult], Field(max_length=MOST_TARGETS)]


@dataclass(frozen=True, slots=True)
class Errand:
    """One errand on its way."""

    uid: str
    targets: Sequence[Target]
    credentials: Mapping[str, Credential]

    def document(self) -> dict[str, Any]:
        """Return it for the collector, with credentials in clear."""
        return {
            "uid": self.uid,
            "targets": [target.model_dump(mode="json") for target in self.targets],
            "credentials": {name: _clear(one) for name, one in self.credentials.items()},
        }

    def __repr__(self) -> str:
        return f"Errand({self.uid}, {[target.key for target in self.targets]})"


@dataclass(slots=True)
class _Desk:
    """One collector's errands."""

    asked_at: float = 0.0
    turn: int = 0
    waiting: deque[Errand] = field(default_factory=deque)
    news: asyncio.Event = field(default_factory=asyncio.Event)


class Errands:
    """The errands of all collectors; used inside the server's event loop alone."""

    def __init__(self) -> None:
        self._desks: dict[str, _Desk] = {}
        self._results: dict[tuple[str, str], asyncio.Future[Delivery]] = {}

    def listening(self) -> list[str]:
        """Return the names of the collectors that are there, the one that asked last first."""
        since = time.monotonic() - LISTENS_S
        there = [(desk.asked_at, name) for name, desk in self._desks.items() if desk.asked_at > since]
        return [name for _, name in sorted(there, reverse=True)]

    async def fetch(self, collector: str) -> Errand | None:
        """Wait for an errand of a collector, at most `WAIT_S`.

        Only its newest question gets one: an older one may hang on a connection that nobody reads any more.
        """
        desk = self._desks.setdefault(collector, _Desk())
        desk.asked_at = time.monotonic()
        desk.turn += 1
        mine = desk.turn
        desk.news.set()
        try:
            async with asyncio.timeout(WAIT_S):
                while not desk.waiting:
                    desk.news.clear()
                    await desk.news.wait()
                    if desk.turn != mine:
                        return None
        except TimeoutError:
            return None
        finally:
            desk.asked_at = time.monotonic()
        return desk.waiting.popleft()

    async def run(
        self, collector: str, targets: Sequence[Target], credentials: Mapping[str, Credential]
    ) -> list[Result] | None:
        """Send a collector and wait for what it found.

        Args:
            collector: One that is listening.
            targets: At most `MOST_TARGETS`.
            credentials: By name.

        Returns:
            A result for each target that the collector understood, or `None` if it did not come back in time.
        """
        desk = self._desks.setdefault(collector, _Desk())
        if len(desk.waiting) >= MOST_WAITING:
            return None
        errand = Errand(secrets.token_hex(16), targets[:MOST_TARGETS], credentials)
        key = (collector, errand.uid)
        future = self._results[key] = asyncio.get_running_loop().create_future()
        desk.waiting.append(errand)
        desk.news.set()
        try:
            async with asyncio.timeout(GRACE_S + max((target.timeout_s for target in errand.targets), default=0.0)):
                delivery = await future
        except TimeoutError:
            return None
        finally:
            del self._results[key]
            if errand in desk.waiting:
                desk.waiting.remove(errand)
        return _results(errand, delivery)

    def deliver(self, collector: str, uid: str, delivery: Delivery) -> bool:
        """Take what a collector found; return whether anybody still waits for it."""
        future = self._results.get((collector, uid))
        if future is None or future.done():
            return False
        future.set_result(delivery)
        return True


def _results(errand: Errand, delivery: Delivery) -> list[Result]:
    """Return the results of the targets that were asked, in the order of the errand."""
    told = {(one.instance, one.probe): one for one in delivery.results}
    return [_result(target, told[target.key]) for target in errand.targets if target.key in told]


def _result(target: Target, told: ToldResult) -> Result:
    samples = [
        Sample(BY_NAME[name], tuple(labels), value)
        for name, labels, value in told.samples
        if name in BY_NAME and len(labels) == len(BY_NAME[name].labels)
    ]
    started_at: datetime = told.started_at
    return Result(
        target=target,
        started_at=started_at,
        duration_s=told.duration_s,
        success=told.success,
        reason=told.reason,
        detail=told.detail,
        samples=samples,
        observations=[Observation(*seen) for seen in told.observations],
        configuration=_configuration(told),
    )


def _configuration(told: ToldResult) -> Configuration | None:
    """Return the configuration that a result brought; one that is not understood counts as none."""
    if told.configuration is None:
        return None
    platform, words = told.configuration
    try:
        return Configuration(platform, storable(unpacked(words))) if platform in PLATFORMS else None
    except ValueError:
        return None


def _clear(credential: Credential) -> dict[str, Any]:
    values = credential.model_dump()
    return {key: value.get_secret_value() if isinstance(value, SecretStr) else value for key, value in values.items()}
