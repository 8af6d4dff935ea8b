"""A bounded window of polls under way: so many at once, so many of them towards one site, never two of one target."""

from collections import Counter, deque
from typing import Final

from collector.schedule import Key

_WAITING: Final = False
_RUNNING: Final = True


class Lane:
    """Decides which due target may start. Targets that must wait start in the order in which they came.

    Attributes:
        waiting: Targets that are due and have not started.
        running: Targets under way.
    """

    def __init__(self, window: int, site_window: int) -> None:
        self._window, self._site_window = window, site_window
        self._state: dict[Key, bool] = {}
        self._site: dict[Key, str] = {}
        self._under_way: Counter[str] = Counter()
        self._queues: dict[str, deque[tuple[Key, float]]] = {}
        self._open: deque[str] = deque()
        self.running = 0
        self.waiting = 0

    def offer(self, key: Key, site: str, due: float) -> bool:
        """Take a target that is due. Return false, and do nothing, if it is still waiting or running."""
        if key in self._state:
            return False
        self._state[key] = _WAITING
        self._site[key] = site
        queue = self._queues.get(site)
        if queue is None:
            self._queues[site] = queue = deque()
        queue.append((key, due))
        if len(queue) == 1:
            self._open.append(site)
        self.waiting += 1
        return True

    def start(self) -> tuple[Key, float] | None:
        """Return the next target that may start, and when it was due, or `None` if none may."""
        if self.running >= self._window:
            return None
        for _ in range(len(self._open)):
            site = self._open.popleft()
            queue = self._queues[site]
            if self._under_way[site] >= self._site_window:
                self._open.append(site)
                continue
            key, due = queue.popleft()
            if queue:
                self._open.append(site)
            else:
                del self._queues[site]
            self._state[key] = _RUNNING
            self._under_way[site] += 1
            self.running += 1
            self.waiting -= 1
            return key, due
        return None

    def finish(self, key: Key) -> None:
        """Say that a poll has ended, so that another may start."""
        if self._state.pop(key, None) is None:
            return
        site = self._site.pop(key)
        self._under_way[site] -= 1
        if not self._under_way[site]:
            del self._under_way[site]
        self.running -= 1
