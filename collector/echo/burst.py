"""The result of one burst of echo requests."""

import itertools
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Burst:
    """What came of one burst.

    Attributes:
        rtts_s: Round trip in seconds by sequence number; `None` for a request without an answer.
        unsent: How many requests the kernel refused to send (no route, for example).
    """

    rtts_s: tuple[float | None, ...]
    unsent: int = 0

    @property
    def answered(self) -> tuple[float, ...]:
        """Return the round trips that were measured, in the order of sending."""
        return tuple(rtt for rtt in self.rtts_s if rtt is not None)

    @property
    def loss(self) -> float:
        """Return the share without an answer, 0 to 1."""
        return 1.0 - len(self.answered) / len(self.rtts_s)

    @property
    def jitter_s(self) -> float:
        """Return the mean difference of consecutive round trips in seconds; 0 with fewer than two."""
        pairs = list(itertools.pairwise(self.answered))
        return sum(abs(later - earlier) for earlier, later in pairs) / len(pairs) if pairs else 0.0
