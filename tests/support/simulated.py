"""The simulated district's agent, in a thread of its own."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event, Thread

from collector.lab.agent import Agent
from collector.lab.district import COMMUNITY
from collector.lab.mib import Mib


@contextmanager
def answering(mibs: dict[str, Mib]) -> Iterator[int]:
    """Run an agent in a thread of its own and give its port."""
    ready, done = Event(), Event()
    found: list[int] = []

    async def serve() -> None:
        loop = asyncio.get_running_loop()
        agent = Agent(mibs, COMMUNITY, 0)
        agent.start(loop)
        found.append(agent.port)
        ready.set()
        await loop.run_in_executor(None, done.wait)
        agent.close(loop)

    thread = Thread(target=lambda: asyncio.run(serve()))
    thread.start()
    assert ready.wait(60), "the agent does not start"
    try:
        yield found[0]
    finally:
        done.set()
        thread.join(60)
