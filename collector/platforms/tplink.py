"""TP-Link JetStream."""

import re
from collections.abc import Mapping
from typing import Final

from collector.platforms.platform import Facts, Platform, said, seconds, secrets
from collector.shell.raising import Raising
from inventory.text import same

_PAIR: Final = re.compile(r"^\s*([A-Z][\w ]+?)\s+- (.*?)\s*$", re.MULTILINE)


def _read(said_by: Mapping[str, str]) -> Facts:
    pairs = dict(_PAIR.findall(said_by["show system-info"]))
    facts = [
        *said("model", "chassis", pairs.get("Hardware Version", "")),
        *said("serial", "chassis", pairs.get("Serial Number", "")),
        *said("firmware", "chassis", pairs.get("Software Version", "")),
        *said("name", "system", pairs.get("System Name", "")),
    ]
    return Facts(tuple(facts), seconds(pairs.get("Running Time", "")))


TPLINK: Final = Platform(
    name="tplink",
    title=same("TP-Link JetStream"),
    driver="tplink_jetstream",
    config=("show running-config",),
    facts=("show system-info",),
    read=_read,
    refused=re.compile(r"^\s*(?:Error:|Bad command|% ?(?:Invalid|Unknown|Incomplete|Ambiguous))", re.MULTILINE),
    whole=re.compile(r"^end\s*\Z", re.MULTILINE),
    secrets=secrets(
        r"\b(?:cpwd|epwd) ~",
        # The community of a receiver of traps stands without a word that says so.
        r"^\s*snmp-server host \S+ \d+ ~",
    ),
    # A login that is no administrator needs the second one.
    raising=Raising(("enable", "enable-admin")),
)
