"""Fortinet FortiOS."""

import re
from collections.abc import Mapping
from typing import Final

from collector.platforms.platform import Facts, Platform, Secret, lines, said, seconds, secrets
from collector.shell.screens import rows
from inventory.text import same

_STATUS: Final = "get system status"
_UPTIME: Final = "get system performance status"
_RELEASE: Final = re.compile(r"^(?P<model>\S+)\s+v(?P<firmware>\d[^,\s]*)(?:,build(?P<build>\d+))?")
_PAIR: Final = re.compile(r"^([A-Z][\w -]*?)\s*:[ \t]*(.*?)\s*$", re.MULTILINE)
_RUNS: Final = re.compile(r"^Uptime:\s*(.+)$", re.MULTILINE)


def _read(said_by: Mapping[str, str]) -> Facts:
    status = _status(said_by[_STATUS])
    release = _RELEASE.match(status["version"])
    runs = _RUNS.search(said_by[_UPTIME])
    facts = [
        *said("model", "chassis", release["model"] if release else ""),
        *said("serial", "chassis", status["serial_number"]),
        *said("firmware", "chassis", f"FortiOS {release['firmware']} build {release['build']}" if release else ""),
        *said("name", "system", status["hostname"]),
    ]
    return Facts(tuple(facts), seconds(runs[1]) if runs else None)


def _status(printed: str) -> Mapping[str, str]:
    """Return the status; by its pairs where a newer release prints a line that the template does not know."""
    for row in rows("fortinet", _STATUS, printed):
        return row
    pairs = dict(_PAIR.findall(printed))
    return {
        "version": pairs.get("Version", ""),
        "serial_number": pairs.get("Serial-Number", ""),
        "hostname": pairs.get("Hostname", ""),
    }


FORTIOS: Final = Platform(
    name="fortios",
    title=same("Fortinet FortiOS"),
    driver="fortinet",
    # What goes through grep is not paged, from 4.0 on; turning the pager off would change the configuration.
    config=("show | grep .", "show"),
    facts=(_STATUS, _UPTIME),
    read=_read,
    refused=re.compile(r"^\s*(?:Unknown action|command parse error|Command fail)", re.MULTILINE | re.IGNORECASE),
    whole=re.compile(r"\A\s*#config-version=[\s\S]*^end\s*\Z", re.MULTILINE),
    volatile=lines(r"#conf_file_ver="),
    # Every password and private key is sealed anew each time it is printed. The device opens what it printed once.
    salted=re.compile(
        r"(?<=\bENC )[A-Za-z0-9+/=]+"
        r"|(?<=-----BEGIN ENCRYPTED PRIVATE KEY-----)[^-]+(?=-----END)"
    ),
    secrets=(
        *secrets(
            r"\bset [\w-]*(?:passwd|password|passphrase|secret|pwd|token|community)[\w-]* ~",
            r"\bset (?:[\w-]*pass|authkey|enckey)\d? ~",
            r"\bENC ~",
        ),
        # The name of an SNMP community is the community.
        Secret(re.compile(r"^\s*set name (?P<secret>\S.*)"), re.compile(r"\s*config system snmp community\b")),
    ),
    section=re.compile(r"^\s*config (?!hosts6?\b)"),
)
