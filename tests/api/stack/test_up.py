"""`quang up`, whole and real: it starts, mends itself, is started once only, and leaves nothing behind."""

import contextlib
import json
import os
import signal
import socket
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.support.parts import free_port, need
from tests.support.running import (
    Stack,
    alive,
    all_below,
    command_of,
    environment,
    own_memory,
    quang,
    ready,
    running,
    wait,
)

PARTS = ("api", "alertmanager", "prometheus", "collector")
MOST_MEMORY = 450_000_000
MOST_SUPERVISOR = 45_000_000


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    for program in ("prometheus", "prometheus-alertmanager", "setpriv"):
        need(program)
    with running("up", home=tmp_path_factory.mktemp("up") / "home") as it:
        yield ready(it)


def healthy(stack: Stack) -> bool:
    paths = {"api": "/healthz", "prometheus": "/-/ready", "alertmanager": "/-/ready", "collector": "/metrics"}
    try:
        return all(
            httpx.get(f"http://127.0.0.1:{stack.ports()[name]}{path}", timeout=20).status_code == 200
            for name, path in paths.items()
        )
    except httpx.HTTPError:
        return False


def test_the_four_parts_run_and_the_address_is_told_in_both_languages(stack: Stack) -> None:
    # A program that was forked a moment ago still bears the name of its parent.
    wait(lambda: set(stack.children()) == set(PARTS), what="the four parts")
    assert f"Mở trong trình duyệt / Open in a browser:  http://127.0.0.1:{stack.ports()['api']}" in stack.text()
    wait(lambda: healthy(stack), 60, "every part healthy")


def test_the_first_password_is_told_once_and_stands_in_no_file(stack: Stack) -> None:
    line = next(line for line in stack.text().splitlines() if "mật khẩu / password:" in line)
    password = line.split()[-1]
    assert len(password) > 14
    names = [path for path in paths_in(stack.home) if path.name != "quang.db"]
    assert [path for path in names if password.encode() in content(path)] == []


def paths_in(folder: Path) -> list[Path]:
    """Return what is below a folder in which programs work: what goes away meanwhile is passed over."""
    return [Path(root, name) for root, folders, files in os.walk(folder) for name in (*folders, *files)]


def content(path: Path) -> bytes:
    with contextlib.suppress(OSError):
        if path.is_file():
            return path.read_bytes()
    return b""


def mode(path: Path) -> int:
    with contextlib.suppress(FileNotFoundError):
        return path.stat().st_mode
    return 0


def test_tokens_stand_in_files_of_their_owner_and_on_no_command_line(stack: Stack) -> None:
    tokens = [path.read_text(encoding="ascii").strip() for path in (stack.home / "tokens").iterdir()]
    assert {"scrape", "alertmanager", "collector"} <= {path.name for path in (stack.home / "tokens").iterdir()}
    assert all(path.stat().st_mode & 0o077 == 0 for path in (stack.home / "tokens").iterdir())
    commands = [word for pid in (stack.pid, *all_below(stack.pid)) for word in command_of(pid)]
    assert [token for token in tokens if any(token in word for word in commands)] == []


def test_nobody_else_may_read_the_home(stack: Stack) -> None:
    assert [path for path in (stack.home, *paths_in(stack.home)) if mode(path) & 0o007] == []


def test_prometheus_reads_every_page_of_the_stack(stack: Stack) -> None:
    def up() -> bool:
        url = f"http://127.0.0.1:{stack.ports()['prometheus']}/api/v1/query"
        found = httpx.get(url, params={"query": "up"}, timeout=20).json()["data"]["result"]
        good = {one["metric"]["job"] for one in found if one["value"][1] == "1"}
        return {"api", "prometheus", "alertmanager", "collector"} <= good

    wait(up, 60, "every page read")


def test_discovery_answers_are_copied_for_a_prometheus_without_the_api(stack: Stack) -> None:
    copy = stack.home / "targets" / "collector.json"
    groups = wait(lambda: copy.exists() and json.loads(copy.read_text(encoding="utf-8")), 60, "a copy with a target")
    assert groups[0]["targets"] == [f"127.0.0.1:{stack.ports()['collector']}"]


def test_an_idle_stack_needs_little_memory(stack: Stack) -> None:
    wait(lambda: healthy(stack), 60, "every part healthy")
    sizes = {pid: own_memory(pid) for pid in (stack.pid, *all_below(stack.pid))}
    assert sum(sizes.values()) < MOST_MEMORY
    assert sizes[stack.pid] < MOST_SUPERVISOR


@pytest.mark.parametrize("part", PARTS)
def test_a_part_that_is_killed_comes_back_at_the_same_place(stack: Stack, part: str) -> None:
    ports, before = stack.ports(), wait(lambda: stack.children().get(part))
    os.kill(before, signal.SIGKILL)
    wait(lambda: stack.children().get(part, before) != before, 60, f"{part} started again")
    wait(lambda: healthy(stack), 60, "every part healthy again")
    assert stack.ports() == ports


def test_a_prometheus_that_starts_while_the_api_hangs_still_knows_its_targets(stack: Stack) -> None:
    copy = stack.home / "targets" / "collector.json"
    wait(lambda: copy.exists() and json.loads(copy.read_text(encoding="utf-8")), 60, "a copy with a target")
    api, prometheus = (wait(lambda name=name: stack.children().get(name)) for name in ("api", "prometheus"))
    os.kill(api, signal.SIGSTOP)
    try:
        os.kill(prometheus, signal.SIGKILL)
        wait(lambda: stack.children().get("prometheus", prometheus) != prometheus, 60)
        url = f"http://127.0.0.1:{stack.ports()['prometheus']}/api/v1/targets"

        def known() -> bool:
            # While it starts it says so in plain text.
            with contextlib.suppress(httpx.HTTPError, json.JSONDecodeError):
                found = httpx.get(url, timeout=20).json()["data"]["activeTargets"]
                return any(one["labels"]["job"] == "collector" and one["health"] == "up" for one in found)
            return False

        wait(known, 60, "the collector among the targets")
    finally:
        os.kill(api, signal.SIGCONT)


def test_requests_wait_for_an_api_that_is_starting_again(stack: Stack) -> None:
    os.kill(wait(lambda: stack.children().get("api")), signal.SIGKILL)
    answer = httpx.get(f"http://127.0.0.1:{stack.ports()['api']}/healthz", timeout=120)
    assert answer.status_code == 200


def test_a_second_up_on_the_same_home_is_refused_with_what_to_do(stack: Stack) -> None:
    done = quang("up", home=stack.home)
    assert done.returncode == 1
    assert f"đang chạy sẵn với thư mục {stack.home} (tiến trình {stack.pid})" in done.stderr
    assert f"stop it first: kill {stack.pid}" in done.stderr
    wait(lambda: set(stack.children()) == set(PARTS), what="the four parts")


def test_check_finds_books_and_configuration_right(stack: Stack) -> None:
    need("promtool")
    need("amtool")
    done = quang("check", home=stack.home)
    assert (done.returncode, done.stderr) == (0, "")


# Nothing beside it: another file's stack could hold one of these ports and let go of it in the midst of this.
@pytest.mark.alone
def test_a_port_that_is_taken_is_exchanged_and_the_chosen_one_kept(tmp_path: Path) -> None:
    with contextlib.ExitStack() as taken:
        for port in (8470, 9470, 9490, 9493):
            sock = taken.enter_context(socket.socket())
            # As the supervisor does: what is left of closed connections must not pass for somebody who listens.
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            # Somebody else may be there already, which is as good.
            with contextlib.suppress(OSError):
                sock.bind(("127.0.0.1", port))
                sock.listen()
        with running("up", home=tmp_path / "home") as first:
            ports = ready(first).ports()
            assert not set(ports.values()) & {8470, 9470, 9490, 9493}
            assert len(set(ports.values())) == 4
            wait(lambda: healthy(first), 60, "every part healthy")
            assert first.stop() == 0
    with running("up", home=tmp_path / "home") as again:
        assert ready(again).ports() == ports
        assert "mật khẩu / password" not in again.text()


def test_a_port_that_a_person_chose_is_not_exchanged(tmp_path: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        done = quang("up", home=tmp_path / "home", QUANG_WEB_PORT=str(port))
    assert done.returncode == 1
    assert f"Cổng {port} trên 127.0.0.1 đang được chương trình khác dùng." in done.stderr
    assert f"Port {port} on 127.0.0.1 is used by another program." in done.stderr


def test_stopping_ends_every_process_and_says_so(tmp_path: Path) -> None:
    with running("up", home=tmp_path / "home") as it:
        ready(it)
        below = list(all_below(it.pid))
        assert len(below) >= 4
        assert it.stop() == 0
        wait(lambda: not [pid for pid in below if alive(pid)], what="the end of every part")
        assert "stopped / đã dừng." in it.text()


def test_a_killed_supervisor_takes_everything_with_it_and_the_next_one_starts(tmp_path: Path) -> None:
    with running("up", home=tmp_path / "home") as it:
        ready(it)
        below = list(all_below(it.pid))
        os.kill(it.pid, signal.SIGKILL)
        it.process.wait(60)
        wait(lambda: not [pid for pid in below if alive(pid)], 60, "the end of every part")
    with running("up", home=tmp_path / "home") as again:
        ready(again)
        wait(lambda: healthy(again), 60, "every part healthy")


def test_a_home_with_a_very_long_path_works(tmp_path: Path) -> None:
    home = tmp_path / ("x" * 90) / "home"
    home.parent.mkdir()
    with running("up", home=home) as it:
        ready(it)


def test_a_program_that_is_missing_is_named_with_the_package(tmp_path: Path) -> None:
    bare = tmp_path / "bin"
    bare.mkdir()
    env = environment(tmp_path / "home")
    for name in ("setpriv", "sh"):
        (bare / name).symlink_to(need(name))
    done = quang("up", home=tmp_path / "home", PATH=str(bare))
    assert env["QUANG_HOME"] == str(tmp_path / "home")
    assert done.returncode == 1
    assert "apt-get install --no-install-recommends prometheus" in done.stderr
    assert "Chưa cài chương trình prometheus" in done.stderr


def test_a_grafana_that_is_installed_is_started_with_our_boards(tmp_path: Path) -> None:
    share = tmp_path / "grafana"
    for folder in ("bin", "conf"):
        (share / folder).mkdir(parents=True)
    (share / "conf" / "defaults.ini").touch()
    program = share / "bin" / "grafana-server"
    program.write_text('#!/bin/sh\necho "$@"\nexec sleep 600\n', encoding="ascii")
    program.chmod(0o755)
    home = tmp_path / "home"
    with running("up", home=home, PATH=f"{program.parent}:{os.environ['PATH']}") as it:
        ready(it)
        said = wait(lambda: (home / "logs" / "grafana.log").exists() and (home / "logs" / "grafana.log").read_text())
        assert said.split() == ["--homepath", str(share), "--config", str(home / "config" / "grafana" / "grafana.ini")]
        password = (home / "tokens" / "grafana").read_text(encoding="ascii")
        assert (home / "tokens" / "grafana").stat().st_mode & 0o077 == 0
        assert password not in (home / "config" / "grafana" / "grafana.ini").read_text(encoding="utf-8")
        assert f"http://127.0.0.1:{it.ports()['grafana']}" in it.text()
        assert list((home / "config" / "grafana" / "boards" / "vi").glob("*.json"))


def test_an_unknown_setting_stops_the_start_with_its_name(tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir()
    (home / "quang.toml").write_text("[web]\nprot = 1\n", encoding="utf-8")
    done = quang("up", home=home)
    assert done.returncode == 1
    assert "web.prot" in done.stderr


def test_without_a_database_the_parts_still_start_once_they_have_tokens(tmp_path: Path) -> None:
    home = tmp_path / "home"
    with running("up", home=home) as first:
        assert ready(first).stop() == 0
    gone = f"postgresql://nobody@127.0.0.1:{free_port()}/none"
    with running("up", home=home, QUANG_DATABASE_URL=gone) as it:
        wait(lambda: len(it.children()) == 4, 60, it.text())
        port = it.ports()["api"]
        wait(lambda: _status(f"http://127.0.0.1:{port}/api/v1/sites") in {401, 503}, 60, "an answer with a reason")
        assert gone not in " ".join(word for pid in all_below(it.pid) for word in command_of(pid))
        assert "nobody" not in (home / "run" / "plan.json").read_text(encoding="utf-8")


def test_without_a_database_and_without_tokens_it_says_why_it_cannot_start(tmp_path: Path) -> None:
    done = quang("up", home=tmp_path / "home", QUANG_DATABASE_URL=f"postgresql://x@127.0.0.1:{free_port()}/none")
    assert done.returncode == 1
    assert done.stderr.strip()
    assert "Traceback" not in done.stderr


def _status(url: str) -> int:
    try:
        return httpx.get(url, timeout=10).status_code
    except httpx.HTTPError:
        return 0
