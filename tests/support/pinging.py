"""Pinging for the length of a test: a loop and a Pinger of its own."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

from collector.ping import Burst, Pinger


def within(act: Callable[[Pinger], Coroutine[Any, Any, Any]], **options: int) -> Any:
    async def inside() -> Any:
        pinger = Pinger(**options)
        try:
            return await act(pinger)
        finally:
            pinger.close()

    return asyncio.run(inside())


def burst(address: str, **options: float) -> Burst:
    async def one(pinger: Pinger) -> Burst:
        return await pinger.burst(address, **options)  # type: ignore[arg-type]

    return within(one)
