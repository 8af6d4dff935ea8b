"""Cisco IOS, IOS-XE and NX-OS."""

import re
from collections.abc import Iterator, Mapping
from typing import Final

from collector.platforms.platform import Facts, Platform, lines, said, seconds, secrets, transceiver
from collector.probe import Observation
from collector.shell.raising import Raising
from collector.shell.screens import rows
from inventory.text import same

_MODULE: Final = re.compile(r"\b[QXC]?SFP|\bGBIC|\bGLC-|transceiver", re.IGNORECASE)


def _read(said_by: Mapping[str, str]) -> Facts:
    version = rows("cisco_ios", "show version", said_by["show version"])
    first = version[0] if version else {}
    firmware = " ".join(filter(None, (first.get("software_image", ""), first.get("version", ""))))
    facts = [
        *said("model", "chassis", first.get("hardware", "").partition(",")[0]),
        *said("serial", "chassis", first.get("serial", "").partition(",")[0]),
        *said("firmware", "chassis", firmware),
        *said("name", "system", first.get("hostname", "")),
        *_modules(said_by["show inventory"]),
    ]
    return Facts(tuple(facts), seconds(first.get("uptime", "")))


def _modules(inventory: str) -> Iterator[Observation]:
    for row in rows("cisco_ios", "show inventory", inventory):
        if _MODULE.search(f"{row.get('descr', '')} {row.get('pid', '')}"):
            yield from transceiver(row.get("name", ""), row.get("pid", ""), row.get("sn", ""))


SECRETS: Final = secrets(
    # The community of a receiver of traps stands without a word that says so.
    r"^\s*snmp-server host \S+ (?:(?:vrf|use-vrf) \S+ )?(?:traps? |informs? )?"
    r"(?:version (?:1|2c|3(?: (?:auth|noauth|priv))?) )?~",
    r"^\s*snmp-server user \S+ .*?\bauth (?:md5|sha\S*) ~",
    r"\b(?:standby|vrrp|glbp) (?:\d+ )?authentication (?:text |md5 )?~",
    r"\bwpa-psk (?:ascii|hex) ~",
    r"\b(?:isis|ip rip|eigrp) (?:password|authentication key-chain) ~",
)
REFUSED: Final = re.compile(
    r"^\s*%\s*(?:Invalid|Incomplete|Ambiguous|Unknown|Authorization|Permission|Bad)", re.MULTILINE | re.IGNORECASE
)

IOS: Final = Platform(
    name="ios",
    title=same("Cisco IOS, IOS-XE"),
    driver="cisco_ios",
    config=("show running-config",),
    facts=("show version", "show inventory"),
    read=_read,
    refused=REFUSED,
    whole=re.compile(r"^end\s*\Z", re.MULTILINE),
    volatile=lines(
        r"building configuration", r"current configuration\s*:", r"! last configuration change at",
        r"! nvram config last updated", r"! no configuration change since", r"ntp clock-period", r"load-interval last",
        r"load for five secs:", r"time source is ",  # `terminal exec prompt timestamp`
    ),
    changed=lines(r"! last configuration change at (?P<when>.+?)(?: by (?P<who>\S+))?\s*$"),
    secrets=SECRETS,
    raising=Raising(),
)  # fmt: skip

_NXOS_FACTS: Final = re.compile(
    r"(?:NXOS|system):\s+version (?P<firmware>\S+)|cisco (?P<model>Nexus.*?|\S+) Chassis"
    r"|Processor Board ID (?P<serial>\S+)|Device name:\s*(?P<name>\S+)|Kernel uptime is (?P<uptime>.+)"
)


def _read_nxos(said_by: Mapping[str, str]) -> Facts:
    found: dict[str, str] = {}
    for match in _NXOS_FACTS.finditer(said_by["show version"]):
        for kind, value in match.groupdict().items():
            if value:
                found.setdefault(kind, value)
    facts = [
        *(one for kind in ("serial", "model", "firmware") for one in said(kind, "chassis", found.get(kind, ""))),
        *said("name", "system", found.get("name", "")),
        *_modules(said_by["show inventory"]),
    ]
    return Facts(tuple(facts), seconds(found.get("uptime", "").replace("(s)", "s")))


NXOS: Final = Platform(
    name="nxos",
    title=same("Cisco NX-OS"),
    driver="cisco_nxos",
    config=("show running-config",),
    facts=("show version", "show inventory"),
    read=_read_nxos,
    refused=REFUSED,
    whole=re.compile(r"^version \S+", re.MULTILINE),
    volatile=lines(r"!command:", r"!running configuration last done at", r"!time:", r"!no configuration change since"),
    changed=lines(r"!running configuration last done at: (?P<when>.+?)\s*$"),
    secrets=SECRETS,
    raising=Raising(),
)
