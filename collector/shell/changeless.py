"""Keeps a session from changing the device: configurations are archived by reading only."""

import re
from typing import Any

from collector.shell.raising import Screen


class Changeless:
    """Takes the place of what netmiko's classes do to a device before it is asked anything."""

    def enable(self, *_: Any, **__: Any) -> str:  # noqa: ANN401 - netmiko's own arguments
        """Do nothing: netmiko would send an empty secret, and a wrong one as often as it is asked."""
        return ""

    def _get_output_mode(self) -> str:
        """Leave FortiOS its pager: turning it off is a change of its configuration."""
        return "standard"

    def _vdoms_enabled(self) -> bool:
        return False

    def _determine_os_version(self) -> str:
        return ""


def decline(screen: Screen, question: re.Pattern[str], timeout_s: float) -> None:
    """Answer N to what is asked before the first prompt; netmiko answers some of it with Y.

    Args:
        screen: The session.
        question: Finds a question.
        timeout_s: Seconds for each.
    """
    wanted = rf"(?:{question.pattern}|[>#\]]\s*\Z)"
    while question.search(screen.read_until_pattern(wanted, read_timeout=timeout_s, re_flags=re.IGNORECASE)):
        screen.write_channel("N" + screen.RETURN)
