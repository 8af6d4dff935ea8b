"""VyOS."""

import re
from collections.abc import Mapping
from typing import Final

from collector.platforms.platform import Facts, Platform, said, seconds, secrets
from inventory.text import same

_VERSION: Final = "show version"
_NAME: Final = "show host name"
_UPTIME: Final = "show system uptime"
_PAIR: Final = re.compile(r"^([A-Z][\w/ ]*?)\s*:[ \t]*(.*?)\s*$", re.MULTILINE)


def _read(said_by: Mapping[str, str]) -> Facts:
    pairs = dict(_PAIR.findall(said_by[_VERSION]))
    maker = " ".join(filter(None, (pairs.get("Hardware vendor", ""), pairs.get("Hardware model", ""))))
    runs = dict(_PAIR.findall(said_by[_UPTIME])).get("Uptime", "")
    name = said_by[_NAME].strip().splitlines()
    facts = [
        *said("model", "chassis", maker),
        *said("serial", "chassis", pairs.get("Hardware S/N", "")),
        *said("firmware", "chassis", pairs.get("Version", "")),
        *said("name", "system", name[0] if len(name) == 1 else ""),
    ]
    return Facts(tuple(facts), seconds(runs))


VYOS: Final = Platform(
    name="vyos",
    title=same("VyOS"),
    driver="vyos",
    # The commands that make the configuration again, typed as they are after `configure`.
    config=("show configuration commands",),
    facts=(_VERSION, _NAME, _UPTIME),
    read=_read,
    refused=re.compile(r"^\s*(?:Invalid command|Incomplete command|Ambiguous command|vbash:)", re.MULTILINE),
    whole=re.compile(r"\A(?:set|#)[^\n]*\n[\s\S]*^set system ", re.MULTILINE),
    secrets=secrets(
        r"\b[\w-]*(?:-password|-secret|-key|-passphrase|passphrase|psk)[\w-]* ~",
        r"\bcisco-authentication ~",
        r"\benvironment \S+ value ~",
    ),
)
