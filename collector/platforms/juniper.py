"""Juniper Junos."""

import re
from collections.abc import Iterator, Mapping
from typing import Final

from collector.platforms.platform import Facts, Platform, lines, said, seconds, secrets, transceiver
from collector.probe import Observation
from collector.shell.screens import rows
from inventory.text import same

_HARDWARE: Final = "show chassis hardware"
_UPTIME: Final = "show system uptime"
_BOOTED: Final = re.compile(r"System booted:.*\((.+?) ago\)")


def _read(said_by: Mapping[str, str]) -> Facts:
    version = rows("juniper_junos", "show version", said_by["show version"])
    first = version[0] if version else {}
    release = first.get("junos_version", "")
    booted = _BOOTED.search(said_by[_UPTIME])
    facts = [
        *said("model", "chassis", first.get("model", "")),
        *said("firmware", "chassis", f"Junos {release}" if release else ""),
        *said("name", "system", first.get("hostname", "")),
        *_parts(said_by[_HARDWARE]),
    ]
    return Facts(tuple(facts), seconds(booted[1]) if booted else None)


def _parts(printed: str) -> Iterator[Observation]:
    slot = board = ""
    for line in printed.splitlines():
        name = line.strip()
        if name.startswith("Chassis "):
            # Columns are at least two blanks apart; one that is empty leaves no trace.
            yield from said("serial", "chassis", "".join(re.split(r"\s{2,}", name)[1:2]))
        elif name.startswith("FPC "):
            slot = "".join(re.findall(r"^FPC (\d+)", name))
        elif name.startswith("PIC "):
            board = "".join(re.findall(r"^PIC (\d+)", name))
        elif name.startswith("Xcvr "):
            words = [word for word in re.split(r"\s{2,}", name) if word and not word.startswith("REV ")]
            number = re.findall(r"^Xcvr (\d+)", name)
            yield from transceiver(f"{slot}/{board}/{number[0] if number else ''}", *reversed(words[1:]))


JUNOS: Final = Platform(
    name="junos",
    title=same("Juniper Junos"),
    driver="juniper_junos",
    config=("show configuration",),
    facts=("show version", _HARDWARE, _UPTIME),
    read=_read,
    refused=re.compile(r"^\s*(?:unknown command|syntax error|error:|missing argument)", re.MULTILINE),
    whole=re.compile(r"^\}\s*\Z", re.MULTILINE),
    volatile=lines(r"## last (?:commit|changed)", r"[a-z]{3} \d\d \d\d:\d\d:\d\d$"),
    changed=lines(r"## last (?:commit|changed): (?P<when>.+?)(?: by (?P<who>\S+))?\s*$"),
    secrets=secrets(r"^.*?\"(?P<secret>[^\"]*)\"; ## SECRET-DATA", r"^\s*(?:encrypted-password|secret|ascii-text) ~"),
)
