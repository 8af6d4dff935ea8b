"""Names of the limits that devices state for their own readings."""

from typing import Final, Literal

Level = Literal["alarm_low", "warn_low", "warn_high", "alarm_high"]

LEVELS: Final[tuple[Level, ...]] = ("alarm_low", "warn_low", "warn_high", "alarm_high")
"""From the lowest limit to the highest."""
