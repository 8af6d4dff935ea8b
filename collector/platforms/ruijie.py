"""Ruijie RGOS."""

import re
from collections.abc import Mapping
from typing import Final

from collector.platforms.cisco import REFUSED, SECRETS
from collector.platforms.platform import Facts, Platform, lines, said
from collector.shell.raising import Raising
from inventory.text import same

_PAIR: Final = re.compile(r"^\s*(System [\w ]+?)\s*:[ \t]*(.*?)\s*$", re.MULTILINE)
_MODEL: Final = re.compile(r"\(([^()]+)\)")
_RUNS: Final = re.compile(r"(\d{1,5}):(\d{1,2}):(\d{1,2}):(\d{1,2})")
"""Days, hours, minutes, seconds."""


def _read(said_by: Mapping[str, str]) -> Facts:
    pairs: dict[str, str] = {}
    for key, value in _PAIR.findall(said_by["show version"]):
        pairs.setdefault(key, value)  # of a stack each member says the same again, the first is the one that leads
    model = _MODEL.search(pairs.get("System description", ""))
    runs = _RUNS.fullmatch(pairs.get("System uptime", ""))
    facts = [
        *said("model", "chassis", model[1] if model else ""),
        *said("serial", "chassis", pairs.get("System serial number", "")),
        *said("firmware", "chassis", pairs.get("System software version", "")),
    ]
    days, hours, minutes, rest = map(int, runs.groups()) if runs else (0, 0, 0, 0)
    return Facts(tuple(facts), float(((days * 24 + hours) * 60 + minutes) * 60 + rest) if runs else None)


RUIJIE: Final = Platform(
    name="ruijie",
    title=same("Ruijie RGOS"),
    driver="ruijie_os",
    config=("show running-config",),
    facts=("show version",),
    read=_read,
    refused=REFUSED,
    whole=re.compile(r"^end\s*\Z", re.MULTILINE),
    volatile=lines(r"building configuration", r"current configuration\s*:", r"! ?last configuration change"),
    secrets=SECRETS,
    raising=Raising(),
)
