"""How long an agent is waited for: as long as its answers have been seen to take, within what the poll has."""

from typing import Final

MARGIN: Final = 1.5
"""How much longer than the last answer took the next one is waited for."""

_FADES: Final = 0.9
"""What is left, at each quicker answer, of the memory of a slow one."""


class Patience:
    """The waits of one session.

    Each sending has a number of its own, and only the answer to the last one counts. So who is asked again sooner than
    it can answer would never be heard, however long one goes on: a line by satellite takes 0.7 s, a switch that is busy
    takes seconds. An answer to an earlier sending shows how long this agent takes.
    """

    __slots__ = ("_ends", "_first", "_last", "_seen_s", "_tries", "try_s")

    def __init__(self, try_s: float, tries: int) -> None:
        """Know nothing of the agent yet.

        Args:
            try_s: Seconds after which a request is sent again while nothing is known of the agent.
            tries: How often it is sent at most; all of it within `tries * try_s`.
        """
        self.try_s = try_s
        self._tries = tries
        self._seen_s = self._first = self._last = self._ends = 0.0

    def begin(self, now: float, tries: int) -> None:
        """Note that another request begins.

        Args:
            now: Loop time.
            tries: How often it may be sent.
        """
        self._first, self._last, self._ends = now, now, now + tries * self.try_s

    def sent(self, now: float) -> float:
        """Note that the request leaves now; return the loop time until which its answer is waited for."""
        self._last = now
        return max(now + self.try_s, min(now + MARGIN * self._seen_s, self._ends))

    def is_over(self, now: float) -> bool:
        """Return whether there is no time left in which to send again."""
        return now + self.try_s / 2 > self._ends

    def heard(self, now: float) -> None:
        """Note that the answer to the last sending came."""
        self._seen_s = max(now - self._last, _FADES * self._seen_s)

    def late(self, now: float, due: float) -> float:
        """Note that an answer came to an earlier sending, if there was one; return until when to wait for the last.

        Args:
            now: Loop time.
            due: Until when it would have been waited for.
        """
        if self._last <= self._first:
            return due
        self._seen_s = max(self._seen_s, now - self._first)
        return max(due, min(self._last + MARGIN * self._seen_s, self._ends))
