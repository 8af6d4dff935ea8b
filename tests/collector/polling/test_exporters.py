from typing import Any

import pytest

from collector.polling.exporters import MODULES, find
from collector.polling.poller import Job
from collector.probes import PROBES
from collector.target import Target


def job(instance: str, kind: str, address: str | None = None, **settings: Any) -> Job:
    target = Target(
        instance=instance, site="s", probe=kind, address=address, interval_s=30, timeout_s=5, settings=settings
    )
    return Job(target, PROBES[kind], None)


JOBS = [
    job("r2", "snmp_interfaces", "10.0.0.1", port=1161),
    job("r1", "snmp_interfaces", "10.0.0.1"),
    job("r1", "icmp", "10.0.0.1"),
    job("v6", "snmp_interfaces", "2001:db8::1"),
    job("web", "http", None, url="https://office.example/tin?a=1"),
    job("mail", "smtp", None, host="mail.example", port=25),
    job("10.0.0.9", "icmp", "10.0.0.1"),
    job("direct", "tcp", "10.0.0.2", port=22),
]


@pytest.mark.parametrize(
    ("target", "module", "instance"),
    [
        ("r1", "snmp_interfaces", "r1"),
        ("r1", "if_mib", "r1"),
        ("r1", "icmp", "r1"),
        ("10.0.0.1", "if_mib", "r1"),
        ("10.0.0.1:1161", "if_mib", "r1"),
        ("udp://10.0.0.1:161", "if_mib", "r1"),
        ("10.0.0.9", "icmp", "10.0.0.9"),
        ("2001:DB8:0::1", "if_mib", "v6"),
        ("[2001:db8::1]:161", "if_mib", "v6"),
        ("https://office.example/tin?a=1", "http_2xx", "web"),
        ("mail.example:25", "smtp_starttls", "mail"),
        ("10.0.0.2:22", "tcp_connect", "direct"),
        ("10.0.0.2:23", "tcp_connect", None),
        ("https://office.example/", "http_2xx", None),
        ("http://169.254.169.254/", "http_2xx", None),
        ("10.0.0.3", "if_mib", None),
        ("mail.example", "http_2xx", None),
        ("r1", "nothing", None),
        ("", "icmp", None),
        ("[::1", "if_mib", None),
        ("10.0.0.1:99999", "if_mib", None),
        ("None", "http_2xx", None),
    ],
)
def test_what_the_roster_holds_is_found_however_it_is_called_and_nothing_else(
    target: str, module: str, instance: str | None
) -> None:
    found = find(JOBS, target, module)
    assert (found.target.instance if found else None) == instance


def test_every_module_means_a_probe_that_there_is() -> None:
    assert set(MODULES.values()) <= set(PROBES)
