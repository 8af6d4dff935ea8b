"""The supervisor with simple programs: what dies comes back, what is stopped leaves nothing behind."""

import os
import signal
import socket
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from api.stack.log import LogFile
from api.stack.plan import Plan, Program, Ready, Targets
from tests.support.parts import need
from tests.support.running import alive, all_below, children_of, wait

LASTING = (sys.executable, "-c", "import time; print('here', flush=True); time.sleep(600)")


def plan(home: Path, *programs: Program) -> Path:
    (home / "logs").mkdir(exist_ok=True)
    file = home / "plan.json"
    Plan(home=str(home), lock_fd=0, programs=programs).write(file)
    return file


@contextmanager
def supervised(file: Path, *fds: int) -> Iterator[subprocess.Popen[str]]:
    need("setpriv")
    process = subprocess.Popen(
        [sys.executable, "-m", "api.stack.supervisor", str(file)],
        pass_fds=fds,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        yield process
    finally:
        below = list(all_below(process.pid))
        process.kill()
        process.communicate(timeout=60)
        for pid in below:
            wait(lambda pid=pid: not alive(pid), 60, "the end of what was started")


def test_a_program_that_is_killed_comes_back(tmp_path: Path) -> None:
    with supervised(plan(tmp_path, Program(name="one", command=LASTING))) as process:
        first = wait(lambda: children_of(process.pid))[0]
        os.kill(first, signal.SIGKILL)
        again = wait(lambda: [pid for pid in children_of(process.pid) if pid != first])[0]
        assert alive(again)


def test_a_program_that_cannot_start_is_tried_again_ever_less_often(tmp_path: Path) -> None:
    command = (sys.executable, "-c", f"open({str(tmp_path / 'tries')!r}, 'a').write('x')")
    with supervised(plan(tmp_path, Program(name="bad", command=command))) as process:
        wait(lambda: (tmp_path / "tries").exists() and len((tmp_path / "tries").read_text()) >= 3)
        process.terminate()
        said = process.communicate(timeout=60)[0]
    assert "bad: ended with status 0, starts again in 0.3 s" in said
    assert "starts again in 0.6 s" in said


def test_all_end_in_the_opposite_order(tmp_path: Path) -> None:
    code = textwrap.dedent("""
        import signal, sys, time
        signal.signal(signal.SIGTERM, lambda *_: (open(sys.argv[1], 'a').write(sys.argv[2]), sys.exit(0)))
        open(sys.argv[1] + sys.argv[2], 'w').close()
        time.sleep(600)
    """)
    names = ("a", "b", "c")
    programs = [
        Program(name=name, command=(sys.executable, "-c", code, str(tmp_path / "order"), name)) for name in names
    ]
    with supervised(plan(tmp_path, *programs)) as process:
        wait(lambda: all((tmp_path / f"order{name}").exists() for name in names))
        process.terminate()
        process.communicate(timeout=60)
        assert process.returncode == 0
    assert (tmp_path / "order").read_text() == "cba"


def test_a_program_that_will_not_end_is_ended_with_all_that_it_started(tmp_path: Path) -> None:
    code = textwrap.dedent("""
        import signal, subprocess, sys, time
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
        time.sleep(600)
    """)
    stubborn = Program(name="stubborn", command=(sys.executable, "-c", code), stop_s=0.5)
    with supervised(plan(tmp_path, stubborn)) as process:
        below = wait(lambda: len(found := list(all_below(process.pid))) == 2 and found)
        process.terminate()
        process.communicate(timeout=60)
        wait(lambda: not [pid for pid in below if alive(pid)], what="the end of all that it started")


def test_what_it_started_ends_with_it_even_if_it_is_killed(tmp_path: Path) -> None:
    with supervised(plan(tmp_path, Program(name="one", command=LASTING))) as process:
        child = wait(lambda: children_of(process.pid))[0]
        process.kill()
        wait(lambda: not alive(child), 60, "the end of the child")


def test_a_program_sees_only_what_it_is_meant_to_see(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QUANG_DATABASE_URL", "hidden")
    monkeypatch.setenv("QUANG_COLLECTOR_WINDOW", "7")
    show = (sys.executable, "-c", "import os, time; print(sorted(os.environ), flush=True); time.sleep(600)")
    one = Program(name="one", command=show, inherits=("QUANG_COLLECTOR_",), env={"OWN": "1"})
    two = Program(name="two", command=show, inherits=("QUANG_", "!QUANG_COLLECTOR_"))
    with supervised(plan(tmp_path, one, two)):
        logs = [tmp_path / "logs" / f"{name}.log" for name in ("one", "two")]
        wait(lambda: all(log.exists() and log.read_text().endswith("]\n") for log in logs))
        first, second = (log.read_text() for log in logs)
    assert ("QUANG_COLLECTOR_WINDOW" in first, "QUANG_DATABASE_URL" in first, "'OWN'" in first) == (True, False, True)
    assert ("QUANG_COLLECTOR_WINDOW" in second, "QUANG_DATABASE_URL" in second) == (False, True)


def test_a_port_is_held_until_its_program_is_started(tmp_path: Path) -> None:
    take = "socket.create_server(('127.0.0.1', int(sys.argv[1])))"
    code = f"import socket, sys, time; s = {take}; print('got'); time.sleep(9)"
    with socket.create_server(("127.0.0.1", 0)) as held:
        os.set_inheritable(held.fileno(), True)
        command = (sys.executable, "-uc", code, str(held.getsockname()[1]))
        file = plan(tmp_path, Program(name="one", command=command, holds=(held.fileno(),)))
        # A socket listens as long as anybody has it open, so the supervisor has to be the only one.
        with supervised(file, held.fileno()):
            held.close()
            log = tmp_path / "logs" / "one.log"
            wait(lambda: log.exists() and "got" in log.read_text(), 60, "the port for the program")


def test_a_plan_is_read_as_it_was_written_and_only_by_its_owner(tmp_path: Path) -> None:
    written = Plan(
        home="/x",
        lock_fd=4,
        programs=(
            Program(name="a", command=("b", "c"), env={"D": "e"}, fds=(5,), inherits=("F",), holds=(6,), inside=True),
        ),
        ready=(Ready(name="a", address="h:1", path="/p"),),
        announce=("đ",),
        targets=Targets(address="/s", token_file="/t", folder="/f", jobs=("j",)),
        daily=Program(name="d", command=("e",)),
    )
    written.write(tmp_path / "plan")
    assert Plan.read(tmp_path / "plan") == written
    assert (tmp_path / "plan").stat().st_mode & 0o077 == 0


def test_a_log_is_bounded_and_keeps_what_came_last(tmp_path: Path) -> None:
    log = LogFile(tmp_path / "a.log", most=100)
    for number in range(100):
        log.write(f"{number:09d}\n".encode())
    assert sum(file.stat().st_size for file in tmp_path.iterdir()) <= 200
    assert (tmp_path / "a.log").read_text().endswith("000000099\n")
    assert LogFile(tmp_path / "a.log", most=100).write(b"x" * 150) is None


def test_a_log_that_cannot_be_written_is_no_reason_to_stop(tmp_path: Path) -> None:
    LogFile(tmp_path / "missing" / "a.log").write(b"lost\n")
    assert list(tmp_path.iterdir()) == []
