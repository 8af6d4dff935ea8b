"""MikroTik RouterOS 6 and 7."""

import re
from collections.abc import Iterator, Mapping
from typing import Final

from collector.platforms.platform import Facts, Platform, Secret, lines, said, seconds, transceiver
from collector.probe import Observation
from inventory.text import same

_RESOURCE: Final = "/system resource print without-paging"
_BOARD: Final = "/system routerboard print without-paging"
_IDENTITY: Final = "/system identity print without-paging"
_MODULES: Final = (
    ':foreach port in=[/interface ethernet find where name~"sfp"] do={/interface ethernet monitor $port once}'
)
_MODULE: Final = ("sfp-vendor-name", "sfp-vendor-part-number", "sfp-vendor-serial")
_PAIR: Final = re.compile(r"^\s*([a-z][a-z0-9-]*):[ \t]*(.*?)\s*$", re.MULTILINE)


def _read(said_by: Mapping[str, str]) -> Facts:
    resource, board = (dict(_PAIR.findall(said_by[command])) for command in (_RESOURCE, _BOARD))
    name = dict(_PAIR.findall(said_by[_IDENTITY])).get("name", "")
    version = resource.get("version", "")
    facts = [
        *said("model", "chassis", board.get("model", "") or resource.get("board-name", "")),
        *said("serial", "chassis", board.get("serial-number", "")),
        *said("firmware", "chassis", f"RouterOS {version}" if version else ""),
        *said("name", "system", name),
        *_modules(said_by[_MODULES]),
    ]
    return Facts(tuple(facts), seconds(resource.get("uptime", "")))


def _modules(printed: str) -> Iterator[Observation]:
    port, found = "", dict[str, str]()
    for key, value in (*_PAIR.findall(printed), ("name", "")):
        if key == "name":
            yield from transceiver(port, *(found.get(part, "") for part in _MODULE))
            port, found = value, {}
        else:
            found[key] = value


_VALUE: Final = r'(?P<secret>"(?:[^"\\]|\\.)*"|\S+)'

ROUTEROS: Final = Platform(
    name="routeros",
    title=same("MikroTik RouterOS"),
    driver="mikrotik_routeros",
    # RouterOS 7 hides secrets unless told otherwise; 6 shows them, and does not know the word.
    config=("/export show-sensitive", "/export"),
    facts=(_RESOURCE, _BOARD, _IDENTITY, _MODULES),
    read=_read,
    refused=re.compile(
        r"^(?:expected end of command|bad command name|syntax error|no such|not enough perm)", re.MULTILINE
    ),
    whole=re.compile(r"^/(?:interface|ip|system|user|snmp)\b", re.MULTILINE),
    volatile=lines(r"# .*\bby RouterOS\b"),
    secrets=(
        # The name of an SNMP community is the community.
        Secret(re.compile(rf"\bname={_VALUE}"), re.compile(r"/snmp community\b")),
        Secret(re.compile(rf"\bcommunity={_VALUE}")),
        Secret(re.compile(rf"\b[a-z0-9-]*(?:pass|pin|cak)[a-z0-9-]*={_VALUE}")),
        # What tells a member of a network from all others holds its private half.
        Secret(re.compile(rf"\bidentity={_VALUE}"), re.compile(r"/zerotier\b")),
    ),
    section=re.compile(r"^/[a-z]"),
    wrapped=re.compile(r"\\\n[ \t]*"),
)
