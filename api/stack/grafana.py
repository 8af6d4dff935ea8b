"""Grafana, where it is installed: its boards and data source are written for any, and one of our own is started."""

import secrets
import shutil
from collections.abc import Mapping
from pathlib import Path
from socket import socket
from typing import Final

from api.stack.plan import Program
from dashboards.provisioning import GrafanaPlan
from dashboards.render import write

PORT: Final = 9430
PASSWORD: Final = "grafana"  # noqa: S105 - the name of a file
"""Name of the file with the password of Grafana's account `admin`, beside the tokens."""

_NAMES: Final = ("grafana-server",)
_HOMES: Final = (Path("/usr/share/grafana"), Path("/usr/local/share/grafana"))

_INI: Final = """\
; Written by quang; changes are lost at the next start.
[server]
http_addr = 127.0.0.1
http_port = {port}

[paths]
data = {data}
logs = {data}/log
plugins = {data}/plugins
provisioning = {provisioning}

[security]
admin_password = $__file{{{password}}}

[users]
allow_sign_up = false

[analytics]
reporting_enabled = false
check_for_updates = false
check_for_plugin_updates = false

[log]
mode = console
level = warn
"""


def write_boards(folder: Path, prometheus_url: str, thresholds: Mapping[str, float]) -> None:
    """Write boards and provisioning below `folder`, for a Grafana of our own or somebody else's.

    Args:
        folder: Where they are written.
        prometheus_url: What they ask.
        thresholds: Limits of the rules that differ from their defaults, by name.
    """
    write(folder, GrafanaPlan(prometheus_url=prometheus_url, boards_folder=folder / "boards"), thresholds)


def installed() -> tuple[str, Path] | None:
    """Return Grafana's program and its folder of pages, or `None` if it is not installed."""
    for name in _NAMES:
        if found := shutil.which(name):
            homes = (*_HOMES, Path(found).resolve().parent.parent)
            for home in homes:
                if (home / "conf" / "defaults.ini").exists():
                    return found, home
    return None


def program(found: tuple[str, Path], folder: Path, data: Path, tokens: Path, held: socket) -> Program:
    """Return Grafana, on loopback with state of its own and a password that no one else knows.

    Args:
        found: As `installed` returned it.
        folder: Where `write_boards` wrote.
        data: For its own database.
        tokens: Where the password is kept.
        held: Listens on the port of loopback that it gets, until it is started.
    """
    password = tokens / PASSWORD
    if not password.exists():
        password.touch(mode=0o600)
        password.write_text(secrets.token_urlsafe(18), encoding="ascii")
    data.mkdir(mode=0o700, exist_ok=True)
    ini = folder / "grafana.ini"
    values = {
        "port": held.getsockname()[1],
        "data": data,
        "provisioning": folder / "provisioning",
        "password": password,
    }
    ini.write_text(_INI.format_map(values), encoding="utf-8")
    command = (found[0], "--homepath", str(found[1]), "--config", str(ini))
    return Program(name="grafana", command=command, holds=(held.detach(),), stop_s=15.0)
