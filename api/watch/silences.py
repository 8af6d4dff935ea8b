"""How many booked things the network misses, counted now and then: silence is a matter of weeks, not of seconds."""

import time
from threading import Lock
from typing import Final

from inventory.books import Books
from inventory.db import reading
from inventory.network.silence import silent_by_site

EVERY_S: Final = 600.0
"""Seconds for which a count holds; Prometheus asks every few, and in a large book it takes most of one."""


class Silences:
    """The count, remembered."""

    def __init__(self, books: Books) -> None:
        self._books = books
        self._lock = Lock()
        self._until = float("-inf")
        self._found: dict[str, int] = {}

    def by_site(self) -> dict[str, int]:
        """Return how many silent things there are, by slug of each site that is watched.

        Raises:
            Unavailable: The database does not answer.
        """
        with self._lock:
            if time.monotonic() >= self._until:
                with reading(self._books.engine) as session:
                    self._found = silent_by_site(session)
                self._until = time.monotonic() + EVERY_S
            return self._found
