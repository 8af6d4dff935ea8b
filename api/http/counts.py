"""How many requests were answered and how long that took, for the API's own page of series."""

import threading
from collections import Counter, defaultdict
from typing import Final

_METHODS: Final = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


class Counts:
    """Counters since the start. Routes are templates (`/api/v1/sites/{key}`), so their number is bounded."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._requests: Counter[tuple[str, str, str]] = Counter()
        self._seconds: defaultdict[tuple[str, str], float] = defaultdict(float)

    def add(self, route: str, method: str, status: int, seconds: float) -> None:
        """Count one answer."""
        verb = method if method in _METHODS else "OTHER"
        with self._lock:
            self._requests[route, verb, str(status)] += 1
            self._seconds[route, verb] += seconds

    def requests(self) -> dict[tuple[str, str, str], int]:
        """Return the number of answers by route, method and status."""
        with self._lock:
            return dict(self._requests)

    def seconds(self) -> dict[tuple[str, str], float]:
        """Return the seconds spent answering by route and method."""
        with self._lock:
            return dict(self._seconds)
