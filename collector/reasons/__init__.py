"""Why polls fail: every reason code, with what to do first, in both languages."""

from collections.abc import Mapping
from typing import Final

from collector.reasons.general import GENERAL
from collector.reasons.icmp import ICMP
from collector.reasons.reason import Reason
from collector.reasons.services import SERVICES
from collector.reasons.snmp import SNMP
from collector.reasons.ssh import SSH

__all__ = ["LEFT_OUT", "NOT_THE_TARGETS", "REASONS", "Reason"]

REASONS: Final[Mapping[str, Reason]] = {reason.code: reason for reason in (*GENERAL, *ICMP, *SNMP, *SSH, *SERVICES)}
"""Every reason by its code. The code is the value of the label `reason`: it never changes its meaning."""

NOT_THE_TARGETS: Final = frozenset(
    {
        "internal", "collector_full", "settings", "credential", "icmp_not_allowed", "collector_silent", "ssh_busy",
        "ssh_held",
    }
)  # fmt: skip
"""Reasons that lie with the collector or the books: the target was not asked, so nobody may say that it is down."""

LEFT_OUT: Final = frozenset({"internal", "collector_full", "credential", "icmp_not_allowed"})
"""Those that do not end by themselves and that no roster shows: while they last nobody watches the target."""
