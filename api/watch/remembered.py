"""A count of the whole book, made now and then and remembered in between: nobody should wait for it on each page."""

import time
from collections.abc import Callable
from threading import Lock
from typing import Generic, TypeVar

from sqlmodel import Session

from inventory.books import Books
from inventory.db import reading

T = TypeVar("T")


class Remembered(Generic[T]):
    """What was counted last.

    A duty counts anew at its own pace, once anybody has asked: so the one who asks first waits, and nobody after that.
    """

    def __init__(self, books: Books, count: Callable[[Session], T], hold_s: float) -> None:
        """Count nothing yet.

        Args:
            books: What is counted.
            count: Counts.
            hold_s: Seconds for which a count holds if the duty does not come.
        """
        self._books = books
        self._count = count
        self._hold_s = hold_s
        self._lock = Lock()
        self._last: tuple[float, T] | None = None

    def get(self) -> T:
        """Return the last count.

        Raises:
            Unavailable: There is none that holds, and the database does not answer.
        """
        with self._lock:
            last = self._last
            if last is None or time.monotonic() - last[0] >= self._hold_s:
                self._last = last = self._counted()
            return last[1]

    def refresh(self) -> None:
        """Count again, if anybody has ever asked; nobody waits for it.

        Raises:
            Unavailable: The database does not answer; the last count stays.
        """
        if self._last is not None:
            self._last = self._counted()

    def forget(self) -> None:
        """Have the next one who asks wait for a new count."""
        self._last = None

    def _counted(self) -> tuple[float, T]:
        began = time.monotonic()
        with reading(self._books.engine) as session:
            return began, self._count(session)
