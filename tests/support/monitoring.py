"""Real Prometheus and Alertmanager programs on free ports of the loopback, each ended with its test."""

import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

import httpx

from alerts.prometheus import FLAGS
from tests.support.parts import need

START_S = 120
T = TypeVar("T")


def until(what: Callable[[], T | None], *, seconds: float, name: str, pause_s: float = 0.2) -> T:
    """Return the first true answer of `what`.

    Raises:
        AssertionError: There is none within `seconds`.
    """
    end = time.monotonic() + seconds
    while True:
        # However long an answer took to come, it counts: what is late is told by the next question.
        late = time.monotonic() > end
        answer = what()
        if answer:
            return answer
        assert not late, f"{name}: nothing within {seconds} s"
        time.sleep(pause_s)


@contextmanager
def prometheus(config: Path, folder: Path, port: int) -> Iterator[str]:
    """Run Prometheus and yield its base address once it is ready."""
    command = [
        need("prometheus"),
        f"--config.file={config}",
        f"--storage.tsdb.path={folder / 'data'}",
        f"--web.listen-address=127.0.0.1:{port}",
        "--log.level=warn",
        *FLAGS,
    ]
    with _running(command, folder / "prometheus.log", f"http://127.0.0.1:{port}") as url:
        yield url


@contextmanager
def alertmanager(config: Path, folder: Path, port: int) -> Iterator[str]:
    """Run Alertmanager and yield its base address once it is ready."""
    command = [
        need("prometheus-alertmanager"),
        f"--config.file={config}",
        f"--storage.path={folder / 'alertmanager'}",
        f"--web.listen-address=127.0.0.1:{port}",
        "--cluster.listen-address=",
        "--log.level=warn",
    ]
    with _running(command, folder / "alertmanager.log", f"http://127.0.0.1:{port}") as url:
        yield url


@contextmanager
def _running(command: list[str], log: Path, url: str) -> Iterator[str]:
    with log.open("wb") as output:
        process = subprocess.Popen(command, stdout=output, stderr=subprocess.STDOUT)
    try:
        until(lambda: _ready(url, process, log), seconds=START_S, name=command[0], pause_s=0.1)
        yield url
    finally:
        process.terminate()
        try:
            process.wait(60)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait(60)


def _ready(url: str, process: subprocess.Popen[bytes], log: Path) -> bool:
    assert process.poll() is None, log.read_text(encoding="utf-8", errors="replace")
    try:
        return httpx.get(f"{url}/-/ready", timeout=10).status_code == 200
    except httpx.TransportError:
        return False
