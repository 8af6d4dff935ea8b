"""Tests whose subject is how much happens within a time: what a disturbed machine says does not count."""

import functools
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final, ParamSpec

P = ParamSpec("P")

LOOK_S: Final = 0.01
LATE_S: Final = 0.04
"""A thread that wanted to sleep for `LOOK_S` and came so much later had no processor to run on."""

TRIES: Final = 10


def calm(test: Callable[P, None]) -> Callable[P, None]:
    """Let a test that fails while the machine did not let its process run begin again, up to ten times.

    A failure on a machine that had the time is one at once.
    """

    @functools.wraps(test)
    def tried(*args: P.args, **kwargs: P.kwargs) -> None:
        for left in reversed(range(TRIES)):
            with _watched() as late_s:
                try:
                    test(*args, **kwargs)
                except AssertionError:
                    if not left or max(late_s) < LATE_S:
                        raise
                else:
                    return

    return tried


@contextmanager
def _watched() -> Iterator[list[float]]:
    """Give how late a thread was that did nothing but look, each time; it runs until the end of the block."""
    late_s, over = [0.0], threading.Event()

    def look() -> None:
        while not over.is_set():
            before = time.monotonic()
            time.sleep(LOOK_S)
            late_s.append(time.monotonic() - before - LOOK_S)

    thread = threading.Thread(target=look, daemon=True)
    thread.start()
    try:
        yield late_s
    finally:
        over.set()
        thread.join()
