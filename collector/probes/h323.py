"""Whether a video-conference terminal accepts H.323 calls. The connection is held for a moment; nothing rings."""

import asyncio
from typing import Annotated, Final

from pydantic import Field

from collector import metrics
from collector.probe import Answer, Doors, Probe, ProbeFailure
from collector.target import Credential, Target
from collector.wire.connection import Phases, connected
from collector.wire.host import HostSettings
from inventory.text import same

HELD_S: Final = 0.3
"""How long the terminal must keep the connection: what only stands in for it (a firewall, a proxy) hangs up at once."""


class H323Settings(HostSettings):
    """Where the terminal is."""

    port: Annotated[int, Field(ge=1, le=65_535)] = 1720
    """TCP port of call signalling (H.225.0)."""


async def run(target: Target, settings: H323Settings, credential: Credential | None, doors: Doors) -> Answer:  # noqa: ARG001
    """Open the channel of call signalling and leave it without a word: a set-up message would ring.

    Raises:
        ProbeFailure: No connection, or the terminal hung up at once.
    """
    host = settings.host_of(target)
    phases = Phases()
    async with connected(host, settings.port, phases, address=target.address) as connection:
        try:
            async with asyncio.timeout(HELD_S):
                if not await connection.read():
                    raise ProbeFailure("broken", "EOF")
        except TimeoutError:
            pass
    return Answer(phases.samples("h323"))


PROBE: Final = Probe(
    kind="h323",
    title=same("H.323"),
    job="services",
    run=run,
    settings=H323Settings,
    interval_s=60.0,
    timeout_s=8.0,
    metrics=(metrics.SERVICE_PHASE,),
)
