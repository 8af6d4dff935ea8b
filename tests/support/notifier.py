"""Real notifications: net-snmp's `snmptrap` and `snmpinform`, sent to a port of loopback."""

import os
import subprocess
import tempfile
from collections.abc import Sequence
from typing import Final

from tests.support.parts import need

COLD_START: Final = "1.3.6.1.6.3.1.1.5.1"
LINK_DOWN: Final = "1.3.6.1.6.3.1.1.5.3"
LINK_UP: Final = "1.3.6.1.6.3.1.1.5.4"
OTHER: Final = "1.3.6.1.4.1.8072.4.0.2"

ENGINE: Final = "0x80001f8804717561"
"""The identity of a sender's engine."""


def v2c(community: str = "public") -> list[str]:
    """Return the options of a v2c notification."""
    return ["-v2c", "-c", community]


def v3(user: str = "ops", auth: str = "authpass1", priv: str = "privpass1", level: str = "authPriv") -> list[str]:
    """Return the options of a v3 notification with SHA-256 and AES."""
    return ["-v3", "-u", user, "-l", level, "-a", "SHA-256", "-A", auth, "-x", "AES", "-X", priv]


def send(
    port: int, options: Sequence[str], kind: str = LINK_DOWN, *, inform: bool = False, patience_s: int = 20
) -> bool:
    """Send one notification of v2c or v3.

    Args:
        port: Of the listener.
        options: As `v2c` and `v3` give them.
        kind: What it tells of.
        inform: Whether it wants to be acknowledged.
        patience_s: Seconds to wait for that before it is sent a second time, and then before it is given up.

    Returns:
        Whether the program ended well: an inform was acknowledged.
    """
    engine = ["-e", ENGINE] if "-v3" in options and not inform else []
    words = ["-t", str(patience_s), *options, *engine, f"127.0.0.1:{port}", "", kind]
    return _run("snmpinform" if inform else "snmptrap", words)


def send_v1(port: int, generic: int, community: str = "public") -> bool:
    """Send one trap of v1 with a generic number of RFC 1157."""
    peer = f"127.0.0.1:{port}"
    return _run("snmptrap", ["-v1", "-c", community, peer, "1.3.6.1.4.1.8072", "127.0.0.1", str(generic), "0", "5"])


def _run(program: str, arguments: Sequence[str]) -> bool:
    with tempfile.TemporaryDirectory(prefix="quang-notifier-") as folder:
        environment = {**os.environ, "MIBS": "", "SNMP_PERSISTENT_DIR": folder}
        command = [need(program), "-r", "1", *arguments]
        done = subprocess.run(command, capture_output=True, timeout=100, check=False, env=environment)
    return done.returncode == 0
