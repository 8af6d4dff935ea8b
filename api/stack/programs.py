"""The programs of the stack: how each is started."""

import os
import shutil
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from alerts.prometheus import FLAGS
from api.settings import Settings
from api.stack.config import ALERTMANAGER_FILE, PROMETHEUS_FILE
from api.stack.plan import Program
from inventory.errors import Unavailable
from inventory.text import Text

PYTHON: Final = (sys.executable, "-P", "-m")
"""Our own programs: this Python, without the current folder among its modules."""

_OF_API: Final = ("QUANG_", "!QUANG_COLLECTOR_")
_OF_COLLECTOR: Final = ("QUANG_COLLECTOR_",)
_ALSO_IN: Final = "/usr/sbin:/sbin:/usr/local/sbin"


class Missing(Unavailable):
    """A program that the stack needs is not installed."""

    code = "program_missing"


@dataclass(frozen=True, slots=True, kw_only=True)
class Places:
    """Where a stack keeps what its programs need.

    Attributes:
        home: Folder of the state.
        config: Folder of the rendered configuration.
        tokens: Folder of the token files.
        targets: Folder of the copies of discovery answers.
        socket: Unix socket of the API.
    """

    home: Path
    config: Path
    tokens: Path
    targets: Path
    socket: Path


def find(names: Iterable[str], package: str) -> str:
    """Return the path of the first program that is there.

    Raises:
        Missing: None is; the first step names Debian's package.
    """
    listed = list(names)
    path = f"{os.environ.get('PATH', '')}:{_ALSO_IN}"
    for name in listed:
        if found := shutil.which(name, path=path):
            return found
    raise Missing(
        Text(vi="Chưa cài chương trình {name}.", en="The program {name} is not installed.").fill(name=listed[0]),
        Text(
            vi="Chạy bằng root: apt-get install --no-install-recommends {package}",
            en="Run as root: apt-get install --no-install-recommends {package}",
        ).fill(package=package),
    )


def api(settings: Settings, places: Places, fds: tuple[int, ...], port: int, urls: dict[str, str]) -> Program:
    """Return the API: on sockets that are handed in, told where the other parts are by its environment."""
    listeners = tuple(word for fd in fds for word in ("--fd", str(fd)))
    env = {
        "QUANG_HOME": str(settings.home),
        "QUANG_WEB_PORT": str(port),
        "QUANG_WEB_SOCKET": str(places.socket),
        # glibc keeps one arena a thread otherwise, which doubles what an idle API holds.
        "MALLOC_ARENA_MAX": "2",
        **urls,
    }
    return Program(
        name="api", command=(*PYTHON, "api", "api", *listeners), env=env, inherits=_OF_API, fds=fds, stop_s=12.0
    )


def collector(name: str, places: Places, fd: int, *, inside: bool) -> Program:
    """Return the collector: it reaches the API by the Unix socket and is read on a socket that is handed in."""
    env = {
        "QUANG_COLLECTOR_NAME": name,
        "QUANG_COLLECTOR_API": f"unix:{places.socket}",
        "QUANG_COLLECTOR_TOKEN_FILE": str(places.tokens / "collector"),
        "QUANG_COLLECTOR_STATE": str(places.home / "collector"),
        "QUANG_COLLECTOR_LISTEN_FDS": str(fd),
        "MALLOC_ARENA_MAX": "2",
    }
    command = (*PYTHON, "api", "collect")
    return Program(name="collector", command=command, env=env, inherits=_OF_COLLECTOR, fds=(fd,), inside=inside)


def prometheus(settings: Settings, places: Places, address: str, held: int) -> Program:
    """Return Prometheus, on a port (held until then by the socket `held`) and a folder of its own, with a small heap.

    Raises:
        Missing: It is not installed.
    """
    command = (
        find(["prometheus"], "prometheus"),
        f"--config.file={places.config / PROMETHEUS_FILE}",
        f"--storage.tsdb.path={places.home / 'prometheus'}",
        f"--storage.tsdb.retention.time={settings.prometheus.retention_days}d",
        f"--web.listen-address={address}",
        *FLAGS,
        "--web.max-connections=128",
        "--query.max-concurrency=8",
        "--query.timeout=30s",
        "--log.level=warn",
    )
    # Half of Go's usual garbage: costs a little of one core, saves a third of the memory.
    return Program(name="prometheus", command=command, env={"GOGC": "50"}, holds=(held,), stop_s=20.0)


def alertmanager(places: Places, address: str, held: int) -> Program:
    """Return Alertmanager, alone (no cluster), on a port (held until then by `held`) and a folder of its own.

    Raises:
        Missing: It is not installed.
    """
    command = (
        find(["prometheus-alertmanager", "alertmanager"], "prometheus-alertmanager"),
        f"--config.file={places.config / ALERTMANAGER_FILE}",
        f"--storage.path={places.home / 'alertmanager'}",
        f"--web.listen-address={address}",
        "--cluster.listen-address=",
        # What was told is written down so often that a killed Alertmanager seldom holds as told what has ended since,
        # and still tells the end of what it announced. What it misses is found by comparing with Prometheus.
        "--data.maintenance-interval=5s",
        "--log.level=warn",
    )
    return Program(name="alertmanager", command=command, env={"GOGC": "50"}, holds=(held,))
