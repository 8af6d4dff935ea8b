"""A `quang` that really runs: started with a home of its own, watched through /proc, and always stopped."""

import contextlib
import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any


def wait(there: Callable[[], Any], seconds: float = 60.0, what: str = "") -> Any:
    """Return the first true answer of `there`, or fail after `seconds`."""
    deadline = time.monotonic() + seconds
    while True:
        found = there()
        if found:
            return found
        if time.monotonic() > deadline:
            raise AssertionError(f"not within {seconds} s: {what or there}")
        time.sleep(0.1)


def environment(home: Path, **more: str) -> dict[str, str]:
    """Return an environment with this home and no other setting."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("QUANG_")}
    return kept | {"QUANG_HOME": str(home)} | more


def quang(*words: str, home: Path, **more: str) -> subprocess.CompletedProcess[str]:
    """Run a command to its end."""
    return subprocess.run(
        [sys.executable, "-P", "-m", "api", *words],
        check=False,
        env=environment(home, **more),
        capture_output=True,
        text=True,
        timeout=240,
        # Grandchildren that outlive it by mistake must not hold the pipes open.
        stdin=subprocess.DEVNULL,
    )


@dataclass
class Stack:
    """A running stack."""

    home: Path
    process: subprocess.Popen[str]
    output: list[str] = field(default_factory=list)

    @property
    def pid(self) -> int:
        """Return the number of the supervisor."""
        return self.process.pid

    def ports(self) -> dict[str, int]:
        """Return the ports of the parts."""
        found: dict[str, int] = json.loads((self.home / "run" / "ports.json").read_text(encoding="ascii"))
        return found

    def children(self) -> dict[str, int]:
        """Return the numbers of the supervised programs by name."""
        return {name_of(pid): pid for pid in children_of(self.pid)}

    def text(self) -> str:
        """Return what was said so far."""
        return (self.home.parent / f"{self.home.name}.out").read_text(encoding="utf-8")

    def stop(self) -> int:
        """End it in order and return its exit status."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(120)


@contextmanager
def running(*words: str, home: Path, **more: str) -> Iterator[Stack]:
    """Start `quang` with `words` and stop it, by force if need be, with all that it started."""
    out = home.parent / f"{home.name}.out"
    with out.open("w", encoding="utf-8") as file:
        process = subprocess.Popen(
            [sys.executable, "-P", "-m", "api", *words],
            env=environment(home, **more),
            stdin=subprocess.DEVNULL,
            stdout=file,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
    stack = Stack(home, process)
    try:
        yield stack
    finally:
        started = list(all_below(process.pid))
        if process.poll() is None:
            process.terminate()
            try:
                process.wait(90)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait(60)
        for pid in started:
            # It may end by itself in just this moment.
            with contextlib.suppress(ProcessLookupError):
                if alive(pid):
                    os.kill(pid, signal.SIGKILL)


def ready(stack: Stack, seconds: float = 180.0) -> Stack:
    """Return the stack once it has told its address."""

    def told() -> bool:
        assert stack.process.poll() is None, stack.text()
        return "Open in a browser" in stack.text()

    wait(told, seconds, "the address of the pages")
    return stack


def children_of(pid: int) -> list[int]:
    """Return the direct children of a process."""
    try:
        threads = list(Path(f"/proc/{pid}/task").glob("*/children"))
        return [int(word) for file in threads for word in file.read_text(encoding="ascii").split()]
    except OSError:
        return []


def all_below(pid: int) -> Iterator[int]:
    """Yield every process that descends from this one."""
    for child in children_of(pid):
        yield child
        yield from all_below(child)


def shown_below(pid: int) -> str:
    """Return what `ps` shows everybody of a process and all that it started: command lines and environments."""
    pids = ",".join(map(str, (pid, *all_below(pid))))
    # What has ended meanwhile is no fault.
    words = ["ps", "eww", "-p", pids]
    return subprocess.run(words, check=False, capture_output=True, text=True, timeout=60).stdout


def alive(pid: int) -> bool:
    """Return whether the process is there and no zombie."""
    try:
        return not re.search(r"^State:\s+[ZX]", Path(f"/proc/{pid}/status").read_text(encoding="utf-8"), re.MULTILINE)
    except OSError:
        return False


def command_of(pid: int) -> list[str]:
    """Return the command line of a process."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_text(encoding="utf-8").split("\0")
    except OSError:
        return [""]


def name_of(pid: int) -> str:
    """Return the short name of a supervised program."""
    words = command_of(pid)
    if "-m" not in words:
        return Path(words[0]).name.removeprefix("prometheus-")
    module = words[words.index("-m") + 1 :]
    return {"collect": "collector"}.get(module[1], module[1]) if module[0] == "api" else module[0].rpartition(".")[2]


def own_memory(pid: int) -> int:
    """Return the proportional set size of a process in octets."""
    try:
        text = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii")
    except OSError:
        return 0
    return sum(int(line.split()[1]) * 1024 for line in text.splitlines() if line.startswith("Pss:"))
