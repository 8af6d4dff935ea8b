"""Doing several things at the same moment."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import TypeVar

T = TypeVar("T")


def together(*acts: Callable[[], T]) -> list[T]:
    """Run each act in a thread of its own, let them begin at once, and return what they gave, in their order.

    Raises:
        Exception: Whatever the first act that failed raised.
    """
    gate = Barrier(len(acts))

    def run(act: Callable[[], T]) -> T:
        gate.wait(timeout=60)
        return act()

    with ThreadPoolExecutor(max_workers=len(acts)) as pool:
        return [future.result(timeout=120) for future in [pool.submit(run, act) for act in acts]]
