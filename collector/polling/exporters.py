"""Names of targets and modules as other exporters' configurations use them, so those work here unchanged."""

from collections.abc import Iterable
from ipaddress import ip_address
from typing import Final
from urllib.parse import urlsplit

from collector.polling.poller import Job

MODULES: Final = {
    "if_mib": "snmp_interfaces",
    "system": "snmp_system",
    "hrSystem": "snmp_host",
    "hrStorage": "snmp_host",
    "printer_mib": "snmp_printer",
    "apcups": "snmp_ups",
    "http_2xx": "http",
    "tcp_connect": "tcp",
    "smtp_starttls": "smtp",
    "imap_starttls": "imap",
}
"""Modules that snmp_exporter and blackbox_exporter bring along, to the probe that asks for the same."""


def find(jobs: Iterable[Job], target: str, module: str) -> Job | None:
    """Return the job that a configuration means, or `None` if the roster has none such.

    Only what the roster holds is found, however it is called: nobody can have anything else asked.

    Args:
        jobs: All that is polled here.
        target: The name of a device or service; or its address, with or without a port; or the URL of a service.
        module: A kind of probe, or one of `MODULES`.
    """
    kind = MODULES.get(module, module)
    asked = [job for job in jobs if job.target.probe == kind]
    named = next((job for job in asked if job.target.instance == target), None)
    if named is not None:
        return named
    host, port = _place(target)
    meant = (job for job in asked if _is_meant(job, target, host, port))
    return min(meant, key=lambda job: job.target.key, default=None)


def _is_meant(job: Job, target: str, host: str, port: int | None) -> bool:
    settings = job.target.settings
    if (url := settings.get("url")) is not None:
        return bool(url == target)
    if host not in {job.target.address, settings.get("host")}:
        return False
    return port is None or settings.get("port", port) == port


def _place(target: str) -> tuple[str, int | None]:
    """Return host and port of `host`, `host:port`, `[v6]:port` or `udp://host:port`."""
    try:
        return str(ip_address(target)), None
    except ValueError:
        pass
    try:
        parts = urlsplit(target if "://" in target else f"//{target}")
        host, port = parts.hostname or "", parts.port
    except ValueError:
        return "", None
    try:
        return str(ip_address(host)), port
    except ValueError:
        return host, port
