"""FRRouting's shell, `vtysh`."""

import re
from collections.abc import Mapping
from typing import Final

from collector.platforms.platform import Facts, Platform, lines, said, secrets
from collector.shell.raising import Raising
from inventory.text import same

_VERSION: Final = re.compile(
    r"^FRRouting (?P<version>\S+)(?: \((?P<name>[^)]+)\))?(?: on (?P<system>[^\n]+?)\.?)?$", re.MULTILINE
)


def _read(said_by: Mapping[str, str]) -> Facts:
    found = _VERSION.search(said_by["show version"])
    if found is None:
        return Facts()
    return Facts(
        (
            *said("firmware", "chassis", f"FRR {found['version']}"),
            *said("model", "chassis", found["system"] or ""),
            *said("name", "system", found["name"] or ""),
        )
    )


FRR: Final = Platform(
    name="frr",
    title=same("FRRouting"),
    driver="cisco_ios",
    config=("show running-config",),
    facts=("show version",),
    read=_read,
    # A daemon's own console names itself: `% [BGP] Unknown command`.
    refused=re.compile(
        r"^\s*% ?(?:\[\w+\] )?(?:Unknown|Ambiguous|Command incomplete|There is no)", re.MULTILINE | re.IGNORECASE
    ),
    whole=re.compile(r"^end\s*\Z", re.MULTILINE),
    volatile=lines(r"building configuration", r"current configuration\s*:"),
    raising=Raising(),
    secrets=secrets(r"^\s*ip (?:rip authentication string|eigrp authentication) ~"),
)
