"""The probes, one per file, and the table that lists them."""

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
    probe.kind: probe
    for probe in (
        icmp.PROBE,
        snmp_link.PROBE,
        snmp_system.PROBE,
        snmp_interfaces.PROBE,
        snmp_optics.PROBE,
        snmp_host.PROBE,
        snmp_sensors.PROBE,
        snmp_ups.PROBE,
        snmp_printer.PROBE,
        snmp_arp.PROBE,
        snmp_fdb.PROBE,
        snmp_neighbours.PROBE,
        sweep.PROBE,
        ssh_facts.PROBE,
        ssh_config.PROBE,
        http.PROBE,
        tcp.PROBE,
        dns.PROBE,
        smtp.PROBE,
        imap.PROBE,
        ntp.PROBE,
        sip.PROBE,
        h323.PROBE,
    )
}
"""Every probe by its kind; a test fails for a file that is missing here."""
