"""Huawei VRP and H3C Comware, whose command lines are closely related."""

import re
from collections.abc import Iterator, Mapping
from typing import Final

from collector.platforms.platform import Facts, Platform, lines, said, seconds, secrets, transceiver
from collector.probe import Observation
from collector.shell.raising import Raising
from collector.shell.screens import rows
from inventory.text import same

_ESN: Final = "display esn"
_VRP_MODULES: Final = "display transceiver"
_COMWARE_MODULES: Final = "display transceiver manuinfo interface"
_COMWARE_BOARD: Final = "display device manuinfo"
_KIND: Final = re.compile(r"\s+(?:Routing Switch|Router|Switch|Terabit Routing Switch)\s*$", re.IGNORECASE)
_SERIAL: Final = re.compile(r"\bESN[^:\n]*:\s*(\S+)")
_PORT: Final = re.compile(r"^(\S+) transceiver (?:information|manufacture information)\s*:", re.MULTILINE)
_PART: Final = re.compile(
    r"^\s*(vendor name|vendor pn|manu\. serial number|vendor sn)\s*:[ \t]*(.*?)\s*$", re.MULTILINE | re.IGNORECASE
)
_COMWARE: Final = re.compile(
    r"Comware Software, Version (?P<firmware>[^\n]+)|^(?:H3C|HPE?) (?P<model>\S.*?) uptime is (?P<uptime>[^\n]+)",
    re.MULTILINE,
)


def _read_vrp(said_by: Mapping[str, str]) -> Facts:
    version = rows("huawei_vrp", "display version", said_by["display version"])
    first = version[0] if version else {}
    serial = _SERIAL.search(said_by[_ESN])
    firmware = " ".join(filter(None, (first.get("vrp_version", ""), first.get("product_version", ""))))
    facts = [
        *said("model", "chassis", _KIND.sub("", first.get("model", ""))),
        *said("serial", "chassis", serial[1] if serial else ""),
        *said("firmware", "chassis", f"VRP {firmware}" if firmware else ""),
        *_modules(said_by[_VRP_MODULES]),
    ]
    return Facts(tuple(facts), seconds(first.get("uptime", "")))


def _read_comware(said_by: Mapping[str, str]) -> Facts:
    found: dict[str, str] = {}
    for match in _COMWARE.finditer(said_by["display version"]):
        found |= {kind: value for kind, value in match.groupdict().items() if value}
    boards = rows("hp_comware", _COMWARE_BOARD, said_by[_COMWARE_BOARD])
    serials = [row.get("device_serial_number", "") for row in boards]
    serial = next((one for one in serials if one and one.casefold() != "none"), "")
    release = found.get("firmware", "")
    facts = [
        *said("model", "chassis", found.get("model", "")),
        *said("serial", "chassis", serial),
        *said("firmware", "chassis", f"Comware {release}" if release else ""),
        *_modules(said_by[_COMWARE_MODULES]),
    ]
    return Facts(tuple(facts), seconds(found.get("uptime", "")))


def _modules(printed: str) -> Iterator[Observation]:
    pieces = _PORT.split(printed)
    for port, piece in zip(pieces[1::2], pieces[2::2], strict=True):
        yield from transceiver(port, *(value for _, value in _PART.findall(piece)))


_SECRETS: Final = secrets(
    r"%[\^@$+#][%#]?[#@$&](?P<secret>\S+)",
    r"\b(?:irreversible-cipher|cipher|simple|plain) ~",
    r"^\s*sa (?:string-key|authentication-hex|encryption-hex|hex-key)\b.*? (?:ah|esp) ~",
    r"\b(?:authentication-mode|privacy-mode) (?:md5|sha\S*|aes\S*|des\S*|3des) (?:cipher |simple )?~",
    r"(?<![\w-])community (?:read |write )?(?:cipher |simple )?~",
    r"\bsecurityname (?:cipher |simple )?~",
)
_RAISING: Final = Raising(("super",), low=None)
_REFUSED: Final = re.compile(
    r"^\s*(?:(?:%|Error:)\s*(?:Unrecognized|Incomplete|Ambiguous|Wrong|Too many|Permission|You do not)"
    r"|Permission denied)",
    re.MULTILINE | re.IGNORECASE,
)

VRP: Final = Platform(
    name="vrp",
    title=same("Huawei VRP"),
    driver="huawei_vrp",
    config=("display current-configuration",),
    facts=("display version", _ESN, _VRP_MODULES),
    read=_read_vrp,
    refused=_REFUSED,
    whole=re.compile(r"^return\s*\Z", re.MULTILINE),
    volatile=lines(
        r"!last configuration was (?:updated|saved)",
        r"!software version",
        r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(?:\.\d+)?(?: ?[+-]\d\d:\d\d)?(?: DST)?$",  # VRP 8 dates whatever it prints
    ),
    changed=lines(r"!last configuration was updated at (?P<when>.+?)(?: by (?P<who>\S+))?\s*$"),
    secrets=_SECRETS,
    raising=_RAISING,
    # The last one offers to mend and save the configuration.
    declined=r"(?:Change now|Please choose|security\srisks\sin\sthe\sconfiguration\sfile[^\n]*\[y/n\])",
)
COMWARE: Final = Platform(
    name="comware",
    title=same("H3C, HP Comware"),
    driver="hp_comware",
    config=("display current-configuration",),
    facts=("display version", _COMWARE_BOARD, _COMWARE_MODULES),
    read=_read_comware,
    refused=_REFUSED,
    whole=re.compile(r"^return\s*\Z", re.MULTILINE),
    volatile=lines(r"#? ?uptime is"),
    secrets=_SECRETS,
    raising=_RAISING,
)
