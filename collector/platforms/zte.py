"""ZTE ZXROS: ZXR10 and ZXCTN."""

import re
from collections.abc import Mapping
from typing import Final

from collector.platforms.cisco import SECRETS
from collector.platforms.platform import Facts, Platform, lines, said, seconds, secrets
from collector.shell.raising import Raising
from collector.shell.screens import rows
from inventory.text import same

_SOFTWARE: Final = re.compile(r"^ZTE (?P<model>.+?) Software, Version:\s*(?P<version>[^,\n]+)", re.MULTILINE)
_RUNS: Final = re.compile(r"uptime is (.+?)\s*$", re.MULTILINE)


def _read(said_by: Mapping[str, str]) -> Facts:
    printed = said_by["show version"]
    found = rows("zte_zxros", "show version", printed)
    software, runs = _SOFTWARE.search(printed), _RUNS.search(printed)
    version = found[0].get("version", "") if found else ""
    facts = [
        *said("model", "chassis", software["model"] if software else ""),
        *said("firmware", "chassis", version or (software["version"] if software else "")),
    ]
    return Facts(tuple(facts), seconds(runs[1]) if runs else None)


ZTE: Final = Platform(
    name="zte",
    title=same("ZTE ZXROS"),
    driver="zte_zxros",
    config=("show running-config",),
    facts=("show version",),
    read=_read,
    refused=re.compile(
        r"^\s*%\s*(?:Error|Invalid|Unknown|Incomplete|Ambiguous|Permission)", re.MULTILINE | re.IGNORECASE
    ),
    # Larger ones end with `end`, smaller ones with the last section's mark.
    whole=re.compile(r"^(?:end|!(?:</\S+>)?)\s*\Z", re.MULTILINE),
    volatile=lines(r"building configuration", r"!? ?current configuration\s*:", r"! ?last configuration change"),
    secrets=(
        *SECRETS,
        *secrets(
            r"^\s*(?!aaa\b|snmp-server\b)(?:.*\s)?authentication "
            r"(?!(?:message-digest|null)\s*$|(?:mode|key-chain|order|pre-share)\b)~"
        ),
    ),
    raising=Raising(),
)
