"""A bell: any thread rings it, one coroutine waits for it."""

import asyncio
from contextlib import suppress


class Bell:
    """Wakes whoever waits in the event loop. Ringing when nobody waits is kept until somebody does."""

    def __init__(self) -> None:
        self._loop: asyncio.AbstractEventLoop | None = None
        self._rung = asyncio.Event()

    def ring(self) -> None:
        """Wake the waiting coroutine, from any thread."""
        loop = self._loop
        if loop is None:
            self._rung.set()
            return
        with suppress(RuntimeError):  # the loop has ended: nobody waits any more
            loop.call_soon_threadsafe(self._rung.set)

    async def wait(self, seconds: float) -> bool:
        """Return true once the bell rings, or false after `seconds`."""
        self._loop = asyncio.get_running_loop()
        try:
            async with asyncio.timeout(seconds):
                await self._rung.wait()
        except TimeoutError:
            return False
        self._rung.clear()
        return True
