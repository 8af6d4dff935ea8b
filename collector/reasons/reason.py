"""A reason: a stable code, what happened, and what to check first."""

from dataclasses import dataclass

from inventory.text import Text


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a poll failed, with the first thing to do.

    Attributes:
        code: Stable; the value of the label `reason`.
        text: What happened. May hold `{detail}`.
        first_step: What to check first.
    """

    code: str
    text: Text
    first_step: Text
