"""Resolves names with the system's resolver, which cannot be cancelled, so each query runs in its own thread.

The event loop has few threads: four names with silent name servers would block all others, and the API's.
"""

import asyncio
import socket
import threading
from contextlib import suppress
from typing import Final

MOST_AT_ONCE: Final = 64
"""Questions under way at once. So many wait only where the name server itself is gone; more fail at once."""

LOOK_UP_S: Final = 5.0
"""Seconds that a probe waits for an answer: less than its deadline, so that the reason tells of the name."""

_slots: Final = threading.BoundedSemaphore(MOST_AT_ONCE)


async def look_up(host: str, port: int) -> list[str]:
    """Return the IP addresses of a name in the resolver's order, each once.

    Raises:
        OSError: There is no such name, or nobody tells in time (`TimeoutError`).
        UnicodeError: It can be no name.
    """
    loop = asyncio.get_running_loop()
    answer: asyncio.Future[list[str]] = loop.create_future()
    if not _slots.acquire(blocking=False):
        raise BlockingIOError
    try:
        threading.Thread(target=_ask, args=(host, port, loop, answer), name="names", daemon=True).start()
    except RuntimeError:
        _slots.release()
        raise BlockingIOError from None
    async with asyncio.timeout(LOOK_UP_S):
        return await answer


def _ask(host: str, port: int, loop: asyncio.AbstractEventLoop, answer: "asyncio.Future[list[str]]") -> None:
    found: list[str] | OSError | UnicodeError
    try:
        entries = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        found = list(dict.fromkeys(str(entry[4][0]) for entry in entries))
    except (OSError, UnicodeError) as error:
        found = error
    finally:
        _slots.release()
    with suppress(RuntimeError):  # the loop has ended meanwhile
        loop.call_soon_threadsafe(_tell, answer, found)


def _tell(answer: "asyncio.Future[list[str]]", found: list[str] | OSError | UnicodeError) -> None:
    if answer.done():
        return
    if isinstance(found, list):
        answer.set_result(found)
    else:
        answer.set_exception(found)
