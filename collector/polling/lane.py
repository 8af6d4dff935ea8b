"""Limits on concurrent polls: in total, per site, and one per target.

Also one per device and protocol: an agent answers one request at a time, and a poll that waits for another would use up
its own deadline.
"""

from collections import Counter, deque

from collector.polling.schedule import Key


class Lane:
    """Decides which due target may start. Targets that must wait start in the order in which they came.

    Attributes:
        waiting: Targets that are due and have not started.
        running: Targets under way.
    """

    def __init__(self, window: int, site_window: int) -> None:
        self._window, self._site_window = window, site_window
        self._site: dict[Key, str] = {}
        self._device: dict[Key, str] = {}
        self._busy: set[str] = set()
        self._parked: dict[str, deque[tuple[Key, float]]] = {}
        self._under_way: Counter[str] = Counter()
        self._queues: dict[str, deque[tuple[Key, float]]] = {}
        self._open: deque[str] = deque()
        self.running = 0
        self.waiting = 0

    def offer(self, key: Key, site: str, due: float, device: str | None = None) -> bool:
        """Take a target that is due. Return false, and do nothing, if it is still waiting or running.

        Args:
            key: The target.
            site: Where it stands.
            due: When it was due.
            device: What only one poll may be under way of, or `None` for no such limit.
        """
        if key in self._site:
            return False
        self._site[key] = site
        if device is not None:
            self._device[key] = device
        self._queue(site).append((key, due))
        self.waiting += 1
        return True

    def start(self) -> tuple[Key, float] | None:
        """Return the next target that may start, and when it was due, or `None` if none may."""
        if self.running >= self._window:
            return None
        for _ in range(len(self._open)):
            site = self._open.popleft()
            if self._under_way[site] >= self._site_window:
                self._open.append(site)
                continue
            found = self._next(site)
            if self._queues[site]:
                self._open.append(site)
            else:
                del self._queues[site]
            if found is not None:
                self._note_running(found[0], site)
                return found
        return None

    def finish(self, key: Key) -> None:
        """Say that a poll has ended, so that another may start."""
        site = self._site.pop(key, None)
        if site is None:
            return
        self._under_way[site] -= 1
        if not self._under_way[site]:
            del self._under_way[site]
        self.running -= 1
        device = self._device.pop(key, None)
        if device is not None:
            self._busy.discard(device)
            self._unpark(device)

    def _queue(self, site: str) -> deque[tuple[Key, float]]:
        queue = self._queues.get(site)
        if queue is None:
            self._queues[site] = queue = deque()
            self._open.append(site)
        return queue

    def _next(self, site: str) -> tuple[Key, float] | None:
        """Take the first target of a site whose device is free; the others wait for their devices."""
        queue = self._queues[site]
        while queue:
            found = queue.popleft()
            device = self._device.get(found[0])
            if device is None or device not in self._busy:
                return found
            self._parked.setdefault(device, deque()).append(found)
        return None

    def _unpark(self, device: str) -> None:
        parked = self._parked.get(device)
        if parked is None:
            return
        found = parked.popleft()
        if not parked:
            del self._parked[device]
        self._queue(self._site[found[0]]).appendleft(found)

    def _note_running(self, key: Key, site: str) -> None:
        self._under_way[site] += 1
        if device := self._device.get(key):
            self._busy.add(device)
        self.running += 1
        self.waiting -= 1
