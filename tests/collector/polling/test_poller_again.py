"""A target that somebody wants to know of while it is being polled."""

import asyncio
from datetime import UTC, datetime

from collector.polling.poller import Job, Poller
from collector.probe import Probe, Result
from collector.target import Credential, Target
from tests.support.tcp_probe import PROBES

TARGET = Target.model_validate(
    {"instance": "r1", "site": "s", "probe": "tcp", "address": "127.0.0.1", "interval_s": 86_400, "timeout_s": 60}
)


def test_a_target_that_is_being_polled_when_somebody_wants_to_know_is_polled_once_more_after_that() -> None:
    starts: list[str] = []

    async def inside() -> None:
        begun, go = asyncio.Event(), asyncio.Event()

        async def ask(_probe: Probe, target: Target, _credential: Credential | None) -> Result:
            starts.append(target.instance)
            begun.set()
            if len(starts) == 1:
                await go.wait()
            return Result(target, datetime.now(UTC), 0, True)

        made = Poller(ask, lambda *_: None, 10, 10)
        made.set_jobs({TARGET.key: Job(TARGET, PROBES["tcp"], None)})
        running = asyncio.create_task(made.run())
        made.poll_now("r1", {"tcp"})
        await begun.wait()
        begun.clear()
        assert made.poll_now("r1", {"tcp"}) == 1
        go.set()
        await begun.wait()
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)

    asyncio.run(asyncio.wait_for(inside(), 60))
    assert starts == ["r1", "r1"]
