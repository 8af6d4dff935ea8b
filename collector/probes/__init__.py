"""The kinds of probe: one file and one line of this table each."""

from collections.abc import Mapping
from typing import Final

from collector.probe import Probe
from collector.probes import (
    dns,
    h323,
    http,
    icmp,
    imap,
    ntp,
    sip,
    smtp,
    snmp_arp,
    snmp_fdb,
    snmp_host,
    snmp_interfaces,
    snmp_link,
    snmp_neighbours,
    snmp_optics,
    snmp_printer,
    snmp_sensors,
    snmp_system,
    snmp_ups,
    ssh_config,
    ssh_facts,
    sweep,
    tcp,
)

PROBES: Final[Mapping[str, Probe]] = {
    "icmp": icmp.PROBE,
    "snmp_link": snmp_link.PROBE,
    "snmp_system": snmp_system.PROBE,
    "snmp_interfaces": snmp_interfaces.PROBE,
    "snmp_optics": snmp_optics.PROBE,
    "snmp_host": snmp_host.PROBE,
    "snmp_sensors": snmp_sensors.PROBE,
    "snmp_ups": snmp_ups.PROBE,
    "snmp_printer": snmp_printer.PROBE,
    "snmp_arp": snmp_arp.PROBE,
    "snmp_fdb": snmp_fdb.PROBE,
    "snmp_neighbours": snmp_neighbours.PROBE,
    "sweep": sweep.PROBE,
    "ssh_facts": ssh_facts.PROBE,
    "ssh_config": ssh_config.PROBE,
    "http": http.PROBE,
    "tcp": tcp.PROBE,
    "dns": dns.PROBE,
    "smtp": smtp.PROBE,
    "imap": imap.PROBE,
    "ntp": ntp.PROBE,
    "sip": sip.PROBE,
    "h323": h323.PROBE,
}
"""Every probe by its kind; a guard test fails when a file is missing here."""
