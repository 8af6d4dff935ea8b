"""Running probes from a test: one poll or several over the same open doors."""

import asyncio
from collections.abc import Callable
from typing import Any

from pydantic import SecretStr

from collector.doors import OpenDoors
from collector.metrics import Metric
from collector.probe import Result, run
from collector.probes import PROBES
from collector.target import Credential, SnmpV2c, SnmpV3, Target

PUBLIC = SnmpV2c(community=SecretStr("public"))


def v3(user: str, auth_pass: str, priv_pass: str, auth: str = "sha256", priv: str = "aes128") -> SnmpV3:
    """Return a credential with authentication and privacy."""
    return SnmpV3(user=user, auth=auth, auth_pass=SecretStr(auth_pass), priv=priv, priv_pass=SecretStr(priv_pass))  # type: ignore[arg-type]


def target(kind: str, *, address: str | None = "127.0.0.1", timeout_s: float = 30.0, **settings: Any) -> Target:
    """Return a target for a probe on loopback."""
    return Target(
        instance="router-1",
        site="tan-quang",
        probe=kind,
        address=address,
        interval_s=1,
        timeout_s=timeout_s,
        settings=settings,
    )


class Poller:
    """Polls over doors that stay open; only inside `polling`."""

    def __init__(self, doors: OpenDoors) -> None:
        self.doors = doors

    async def __call__(
        self,
        kind: str,
        credential: Credential | None = None,
        *,
        address: str | None = "127.0.0.1",
        timeout_s: float = 30.0,
        **settings: Any,
    ) -> Result:
        """Run one probe once."""
        asked = target(kind, address=address, timeout_s=timeout_s, **settings)
        return await run(PROBES[kind], asked, credential, self.doors)


def polling(act: Callable[[Poller], Any], **doors: Any) -> Any:
    """Run `await act(poll)` in an event loop of its own and close the doors behind it."""

    async def inside() -> Any:
        async with OpenDoors(**doors) as opened:
            return await act(Poller(opened))

    return asyncio.run(inside())


def poll(kind: str, credential: Credential | None = None, **options: Any) -> Result:
    """Run one probe once, over doors of its own."""
    return polling(lambda poller: poller(kind, credential, **options))  # type: ignore[no-any-return]


def in_time(ask: Callable[[float], Result], timeout_s: float, early: tuple[str, ...] = ()) -> Result:
    """Poll what gives up by itself shortly before its deadline, and return the result.

    If this process stands still just then, or the machine is slow, the deadline is over before it comes to that: it is
    asked again, up to three times, with twice the time.

    Args:
        ask: Polls with a deadline.
        timeout_s: The first deadline.
        early: Details that tell of a stage before the one that the test is about.
    """
    result = ask(timeout_s)
    for factor in (2, 4, 8):
        if result.reason != "deadline" and result.detail not in early:
            break
        result = ask(timeout_s * factor)
    return result


def values(result: Result, metric: Metric) -> dict[tuple[str, ...], float]:
    """Return the samples of one family: labels to value."""
    return {sample.labels: sample.value for sample in result.samples if sample.metric is metric}
