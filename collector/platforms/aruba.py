"""Aruba (HPE): AOS-S, which was ProCurve, and AOS-CX."""

import re
from collections.abc import Iterator, Mapping
from typing import Final

from collector.platforms.platform import Facts, Platform, said, seconds, secrets, transceiver
from collector.probe import Observation
from collector.shell.raising import Raising
from collector.shell.screens import rows
from inventory.text import same

_SYSTEM: Final = "show system"
_MODULES: Final = "show modules"
_OPTICS: Final = "show interface transceiver"
_CHASSIS: Final = re.compile(r"^\s*Chassis:\s*(?P<model>\S.*?)(?:\s{2,}.*)?$", re.MULTILINE)
_PORT: Final = re.compile(r"^\d+(?:/\d+){0,2}$")
_REFUSED: Final = re.compile(
    r"^\s*(?:Invalid input|Incomplete (?:input|command)|Ambiguous (?:input|command)|Unknown command|Command incomplete"
    r"|Cannot execute|Module command missing)",
    re.MULTILINE | re.IGNORECASE,
)


def _read_switch(said_by: Mapping[str, str]) -> Facts:
    found = rows("aruba_procurve", _SYSTEM, said_by[_SYSTEM])
    first = found[0] if found else {}
    chassis = _CHASSIS.search(said_by[_MODULES])
    facts = [
        *said("model", "chassis", chassis["model"] if chassis else ""),
        *said("serial", "chassis", first.get("serial", "")),
        *said("firmware", "chassis", first.get("software_version", "")),
        *said("name", "system", first.get("name", "")),
    ]
    return Facts(tuple(facts), seconds(first.get("uptime", "")))


def _read_cx(said_by: Mapping[str, str]) -> Facts:
    found = rows("aruba_aoscx", _SYSTEM, said_by[_SYSTEM])
    first = found[0] if found else {}
    spans = ((first.get(f"uptime_{unit}", ""), unit) for unit in ("weeks", "days", "hours", "minutes"))
    facts = [
        *said("model", "chassis", first.get("product", "")),
        *said("serial", "chassis", first.get("serial", "")),
        *said("firmware", "chassis", first.get("version", "")),
        *said("name", "system", first.get("hostname", "")),
        *_optics(said_by[_OPTICS]),
    ]
    return Facts(tuple(facts), seconds(" ".join(f"{count} {unit}" for count, unit in spans if count)))


def _optics(printed: str) -> Iterator[Observation]:
    for line in printed.splitlines():
        port, *words = re.split(r"\s{2,}", line.strip())
        if _PORT.match(port):
            yield from transceiver(port, *(word for word in words if word != "--"))


_SECRETS: Final = secrets(
    r"\b(?:ciphertext|plaintext|encrypted-key|encrypted-password|auth-pass|priv-pass) ~",
    r"^\s*password (?:manager|operator) ~",
    r"\bsnmpv3 user \S+ .*?\bauth \S+ ~",
    r"^\s*snmp-server host \S+ ~",
)

AOSS: Final = Platform(
    name="aoss",
    title=same("Aruba AOS-S, HP ProCurve"),
    driver="aruba_osswitch",
    config=("show running-config",),
    facts=(_SYSTEM, _MODULES),
    read=_read_switch,
    refused=_REFUSED,
    # It prints no end; its head is whole once the name stands.
    whole=re.compile(r"^; .*Configuration Editor; Created on release[\s\S]*^hostname ", re.MULTILINE),
    secrets=_SECRETS,
    raising=Raising(),
)
AOSCX: Final = Platform(
    name="aoscx",
    title=same("Aruba AOS-CX"),
    driver="aruba_aoscx",
    config=("show running-config",),
    facts=(_SYSTEM, _OPTICS),
    read=_read_cx,
    refused=_REFUSED,
    whole=re.compile(r"^!Version A(?:ruba)?OS-CX [\s\S]*^vlan ", re.MULTILINE),
    secrets=_SECRETS,
    raising=Raising(),
)
