"""The kinds of probe: one file and one line of this table each."""

from collections.abc import Mapping
from typing import Final

from collector.probe import Probe
from collector.probes import icmp, snmp_interfaces, snmp_link, snmp_system

PROBES: Final[Mapping[str, Probe]] = {
    "icmp": icmp.PROBE,
    "snmp_link": snmp_link.PROBE,
    "snmp_system": snmp_system.PROBE,
    "snmp_interfaces": snmp_interfaces.PROBE,
}
"""Every probe by its kind; a guard test fails when a file is missing here."""
