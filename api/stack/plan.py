"""The plan of a running stack: what is started, how, and what is said. Written by `up.py`, done by `supervisor.py`.

It is handed over as JSON in a file that only this user may read, and holds no secret.
"""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Program:
    """One program to be kept running.

    Attributes:
        name: For the log and for people.
        command: Program and arguments; never with a secret.
        env: Its environment beyond `PATH`, `HOME`, `LANG` and `TZ`.
        inherits: Which variables of the supervisor it gets as well: beginnings of names, `!` before what is kept back.
        fds: Open files that are handed in under the same numbers.
        holds: Open sockets that keep its port from others until it is started, and are closed then.
        inside: Whether it runs in the network namespace of the simulation.
        stop_s: Seconds that it gets to end by itself.
    """

    name: str
    command: tuple[str, ...]
    env: Mapping[str, str] = field(default_factory=dict)
    inherits: tuple[str, ...] = ()
    fds: tuple[int, ...] = ()
    holds: tuple[int, ...] = ()
    inside: bool = False
    stop_s: float = 10.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Ready:
    """Where a part says that it works: a GET that is answered 200.

    Attributes:
        name: Which part.
        address: `host:port`, or the path of a Unix socket.
        path: Path of the address.
    """

    name: str
    address: str
    path: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Targets:
    """Where copies of the discovery answers are kept, for a Prometheus that starts while the API is down.

    Attributes:
        address: Unix socket of the API.
        token_file: File with a token of the scope `scrape`.
        folder: Where `JOB.json` is written.
        jobs: Names of the jobs.
    """

    address: str
    token_file: str
    folder: str
    jobs: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """All that the supervisor does.

    Attributes:
        home: Folder of the state.
        lock_fd: Open file whose lock shows that somebody works in `home`; handed on to nobody.
        programs: In the order in which they are started; they are stopped in the opposite order.
        ready: What must answer before `announce` is said.
        announce: What is said then, line by line.
        targets: Copies of discovery answers, if any are kept.
        daily: What is run once a day, such as the renewal of tokens.
    """

    home: str
    lock_fd: int
    programs: tuple[Program, ...]
    ready: tuple[Ready, ...] = ()
    announce: tuple[str, ...] = ()
    targets: Targets | None = None
    daily: Program | None = None

    def write(self, path: Path) -> None:
        """Write the plan to a file that only this user may read."""
        path.touch(mode=0o600)
        path.write_text(json.dumps(asdict(self), ensure_ascii=False, indent=1), encoding="utf-8")

    @classmethod
    def read(cls, path: Path) -> "Plan":
        """Return the plan that `write` wrote.

        Raises:
            OSError: The file cannot be read.
            TypeError: It is no plan of this version.
            ValueError: It is no JSON.
        """
        tree: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        programs = tuple(_program(part) for part in tree.pop("programs"))
        ready = tuple(Ready(**part) for part in tree.pop("ready"))
        kept = tree.pop("targets")
        targets = Targets(**(kept | {"jobs": tuple(kept["jobs"])})) if kept else None
        lines, daily = tuple(tree.pop("announce")), tree.pop("daily")
        return cls(
            **tree,
            programs=programs,
            ready=ready,
            targets=targets,
            announce=lines,
            daily=_program(daily) if daily else None,
        )


def _program(part: dict[str, Any]) -> Program:
    lists = {name: tuple(part[name]) for name in ("command", "fds", "holds", "inherits")}
    return Program(**(part | lists))
