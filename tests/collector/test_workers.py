import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

MAIN = """
import sys, time
from pathlib import Path
from collector import workers
workers.PAUSE_S = 0.1
folder = Path(sys.argv[1])

def work(worker, pipe):
    number = len(list(folder.iterdir()))
    (folder / f"{worker}-{number}").write_text(str(__import__("os").getpid()))
    if sys.argv[2] == "fail" and number < 4:
        raise RuntimeError("a fault")
    __import__("select").select([pipe], [], [])
    return 0

sys.exit(workers.Workers(2, work).run())
"""


def start(folder: Path, how: str) -> "subprocess.Popen[str]":
    return subprocess.Popen([sys.executable, "-c", MAIN, folder, how], stderr=subprocess.PIPE, text=True)


def until(true: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 60
    while not true():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.02)


def alive(folder: Path) -> list[int]:
    pids = [int(text) for path in folder.iterdir() if (text := path.read_text())]
    return [pid for pid in pids if Path(f"/proc/{pid}").exists()]


def test_a_worker_that_dies_is_made_again_until_sigterm_ends_all(tmp_path: Path) -> None:
    parent = start(tmp_path, "stay")
    until(lambda: len(alive(tmp_path)) == 2)
    victim = alive(tmp_path)[0]
    os.kill(victim, signal.SIGKILL)
    until(lambda: len(alive(tmp_path)) == 2 and victim not in alive(tmp_path))
    parent.send_signal(signal.SIGTERM)
    log = parent.communicate(timeout=60)[1]
    assert parent.returncode == 0
    assert alive(tmp_path) == []
    assert "Traceback" not in log


def test_a_worker_that_fails_at_once_is_tried_again_with_a_pause(tmp_path: Path) -> None:
    parent = start(tmp_path, "fail")
    until(lambda: len(list(tmp_path.iterdir())) >= 6 and len(alive(tmp_path)) == 2)
    parent.send_signal(signal.SIGTERM)
    assert "a fault" in parent.communicate(timeout=60)[1]


def test_workers_end_when_the_parent_is_killed(tmp_path: Path) -> None:
    parent = start(tmp_path, "stay")
    until(lambda: len(alive(tmp_path)) == 2)
    parent.kill()
    parent.communicate(timeout=60)
    until(lambda: not alive(tmp_path))
