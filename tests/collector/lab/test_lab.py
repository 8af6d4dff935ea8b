"""The whole simulation in a namespace of its own: faults asked for by the socket, seen by ping, SNMP and HTTP."""

import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from collector.lab.control import NoLab, ask
from collector.lab.district import COMMUNITY
from tests.support.parts import need
from tests.support.running import wait

Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(scope="module")
def socket_file(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    for program in ("unshare", "ip", "nsenter", "ping", "snmpget"):
        need(program)
    file = tmp_path_factory.mktemp("lab") / "lab.sock"
    command = ["unshare", "--user", "--map-root-user", "--net", sys.executable, "-m", "collector.lab"]
    process = subprocess.Popen([*command, "--control", str(file)], stderr=subprocess.PIPE, text=True)
    try:
        wait(lambda: file.exists() or process.poll() is not None, what="the lab")
        assert process.poll() is None, process.stderr.read() if process.stderr else ""
        file.with_name("pid").write_text(str(process.pid), encoding="ascii")
        yield file
    finally:
        process.terminate()
        process.communicate(timeout=60)


@pytest.fixture
def inside(socket_file: Path) -> Iterator[Run]:
    pid = socket_file.with_name("pid").read_text(encoding="ascii")

    def run(*command: str) -> subprocess.CompletedProcess[str]:
        enter = ["nsenter", "--target", pid, "--user", "--net", "--preserve-credentials"]
        return subprocess.run([*enter, *command], check=False, capture_output=True, text=True, timeout=200)

    yield run
    ask(socket_file, {"act": "restore"})


def pings(run: Run, address: str, *, wait_s: int = 60) -> bool:
    return run("ping", "-c1", f"-W{wait_s}", address).returncode == 0


def test_ping_and_snmp_answer_for_the_whole_district(inside: Run) -> None:
    assert pings(inside, "10.34.0.1")
    assert pings(inside, "10.34.22.1")
    said = inside("snmpget", "-t20", "-v2c", "-c", COMMUNITY, "-Oqv", "10.34.3.1", "1.3.6.1.2.1.1.5.0")
    assert said.stdout.strip() == '"tan-lap-r1"'


def test_a_cut_hides_what_is_behind_and_restoring_shows_it(socket_file: Path, inside: Run) -> None:
    answer = ask(socket_file, {"act": "cut", "where": "vinh-tuy"})
    assert answer["names"] == ["vinh-hao-vinh-tuy"]
    assert not pings(inside, "10.34.22.1", wait_s=1)
    assert pings(inside, "10.34.20.1")
    state = inside("snmpget", "-t20", "-v2c", "-c", COMMUNITY, "-Oqv", "10.34.20.1", "1.3.6.1.2.1.2.2.1.8.3")
    assert state.stdout.strip() == "7"
    assert ask(socket_file, {"act": "restore", "where": "vinh-tuy"})["lost"] == []
    assert pings(inside, "10.34.22.1")


def test_packets_to_a_hidden_device_vanish_without_an_error(socket_file: Path, inside: Run) -> None:
    ask(socket_file, {"act": "power-off", "where": "tan-lap"})
    said = inside("ping", "-c1", "-W1", "10.34.3.1")
    assert (said.returncode, said.stderr) == (1, "")
    assert "100% packet loss" in said.stdout


def test_a_wrong_order_is_refused_in_both_languages(socket_file: Path) -> None:
    for question in (
        {"act": "cut", "where": "nowhere"},
        {"act": "explode"},
        {"act": "dim", "where": "tan-lap", "db": "x"},
    ):
        answer = ask(socket_file, question)
        assert answer["ok"] is False
        assert answer["vi"]
        assert answer["en"]


def test_nobody_else_may_give_orders(socket_file: Path) -> None:
    assert socket_file.stat().st_mode & 0o077 == 0


def test_without_a_simulation_the_question_fails(tmp_path: Path) -> None:
    with pytest.raises(NoLab):
        ask(tmp_path / "none.sock", {"act": "status"})
