"""Logins that were refused: who is told them again, and when."""

import signal
import subprocess
import sys
from pathlib import Path

import pytest
from pydantic import SecretStr

from collector.probe import ProbeFailure
from collector.shell import refusals
from collector.shell.ledger import LONGEST_TURN_S, Ledger
from collector.shell.refusals import ALL_HELD_S, HELD_S, IN_A_ROW, Refusals, Trying
from collector.target import SshLogin

WRONG, OTHER = (SshLogin(user="ops", password=SecretStr(word)) for word in ("planted-1", "planted-2"))
PEERS = [(f"10.0.0.{number}", 22) for number in range(1, 9)]


class Clock:
    def __init__(self) -> None:
        self.now = 1_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    it = Clock()
    monkeypatch.setattr("collector.shell.ledger.time.time", it)
    return it


def held(known: Refusals, peer: tuple[str, int], login: SshLogin = WRONG) -> bool:
    try:
        known.check(peer, login)
    except ProbeFailure as failure:
        return failure.code == "ssh_held"
    return False


def test_a_refused_login_waits_a_day_and_another_does_not(clock: Clock) -> None:
    known = Refusals()
    known.note(PEERS[0], WRONG, "ssh_login")
    assert (held(known, PEERS[0]), held(known, PEERS[0], OTHER), held(known, PEERS[1])) == (True, False, False)
    clock.now += HELD_S - 1
    assert held(known, PEERS[0])
    clock.now += 1
    assert not held(known, PEERS[0])


def test_a_login_that_was_taken_is_forgotten(clock: Clock) -> None:
    known = Refusals()
    known.note(PEERS[0], WRONG, "ssh_login")
    known.forget(PEERS[0], WRONG)
    assert not held(known, PEERS[0])


def test_three_refusals_in_a_row_hold_it_everywhere_for_an_hour_and_each_further_one_again(clock: Clock) -> None:
    known = Refusals()
    for peer in PEERS[:IN_A_ROW]:
        assert not held(known, peer)
        known.note(peer, WRONG, "ssh_login")
    assert held(known, PEERS[5])
    assert not held(known, PEERS[5], OTHER)
    clock.now += ALL_HELD_S
    assert not held(known, PEERS[5])
    known.note(PEERS[5], WRONG, "ssh_login")
    assert held(known, PEERS[6])
    clock.now += ALL_HELD_S
    known.forget(PEERS[6], WRONG)
    assert (held(known, PEERS[7]), held(known, PEERS[5])) == (False, True)


def test_who_insists_is_let_through_and_what_is_refused_then_counts(clock: Clock) -> None:
    known = Refusals()
    one = Trying(known, WRONG, PEERS[0], insisting=True)
    known.note(PEERS[0], WRONG, "ssh_login")
    one.check(PEERS[0])
    one.tell()
    one.refused("ssh_login")
    one.rest()
    with pytest.raises(ProbeFailure):
        Trying(known, WRONG, PEERS[0], insisting=False).check(PEERS[0])


def test_one_session_at_a_time_tries_a_login_that_nobody_has_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(refusals, "TURN_S", 0.01)
    known = Refusals()
    first = known.turn(WRONG)
    assert first is not None
    assert known.turn(WRONG) is None
    assert known.turn(OTHER) is not None
    first()
    second = known.turn(WRONG)
    assert second is not None
    known.forget(PEERS[0], WRONG)
    assert known.turn(WRONG) is None


def test_a_clock_that_is_set_back_holds_nothing_for_longer(clock: Clock) -> None:
    known = Refusals()
    for peer in PEERS[:IN_A_ROW]:
        known.note(peer, WRONG, "ssh_login")
    clock.now -= 10 * HELD_S
    assert not held(known, PEERS[0])


def test_workers_know_the_same_and_a_restart_forgets_nothing(tmp_path: Path) -> None:
    one, other = (Refusals(Ledger(tmp_path / "refused.db", "a token")) for _ in range(2))
    one.note(PEERS[0], WRONG, "ssh_login")
    assert (held(other, PEERS[0]), held(other, PEERS[0], OTHER)) == (True, False)
    other.note(PEERS[1], WRONG, "ssh_login")
    one.note(PEERS[2], WRONG, "ssh_enable")
    assert (held(one, PEERS[5]), held(other, PEERS[5])) == (True, True)
    one.close()
    other.close()
    again = Refusals(Ledger(tmp_path / "refused.db", "a token"))
    assert (held(again, PEERS[0]), held(again, PEERS[5])) == (True, True)
    again.forget(PEERS[0], WRONG)
    assert (held(again, PEERS[0]), held(again, PEERS[5]), held(again, PEERS[1])) == (False, False, True)


def test_workers_try_a_new_login_one_after_another(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(refusals, "TURN_S", 0.01)
    one, other = (Refusals(Ledger(tmp_path / "refused.db", "a token")) for _ in range(2))
    first = one.turn(WRONG)
    assert first is not None
    assert other.turn(WRONG) is None
    assert other.turn(OTHER) is not None
    first()
    assert other.turn(WRONG) is not None


def test_a_turn_of_a_worker_that_died_ends_by_itself(
    tmp_path: Path, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(refusals, "TURN_S", 0.0)
    one, other = (Refusals(Ledger(tmp_path / "refused.db", "a token")) for _ in range(2))
    one.turn(WRONG)
    assert other.turn(WRONG) is None
    clock.now += LONGEST_TURN_S
    assert other.turn(WRONG) is not None


def test_a_process_that_is_killed_leaves_what_it_wrote(tmp_path: Path) -> None:
    words = [sys.executable, "-c", NOTES, str(tmp_path / "refused.db")]
    assert subprocess.run(words, check=False, timeout=60).returncode == -signal.SIGKILL
    assert held(Refusals(Ledger(tmp_path / "refused.db", "a token")), PEERS[0])


NOTES = """
import os, signal, sys
from pathlib import Path
from pydantic import SecretStr
from collector.shell.ledger import Ledger
from collector.shell.refusals import Refusals
from collector.target import SshLogin
login = SshLogin(user="ops", password=SecretStr("planted-1"))
Refusals(Ledger(Path(sys.argv[1]), "a token")).note(("10.0.0.1", 22), login, "ssh_login")
os.kill(os.getpid(), signal.SIGKILL)
"""


def test_the_disk_shows_no_password_and_lets_nobody_try_one(tmp_path: Path) -> None:
    file = tmp_path / "refused.db"
    known = Ledger(file, "a token")
    Refusals(known).note(PEERS[0], WRONG, "ssh_login")
    assert file.stat().st_mode & 0o077 == 0
    octets = b"".join(one.read_bytes() for one in tmp_path.iterdir())
    assert [word in octets for word in (b"planted", b"ops", b"a token")] == [False] * 3
    # Another token is another key: nothing fits, and each login is tried once more.
    assert known.name_of(WRONG) != Ledger(file, "another").name_of(WRONG)
    assert not held(Refusals(Ledger(file, "another")), PEERS[0])
    assert "token" not in repr(known)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (SshLogin(user="a", password=SecretStr("b")), SshLogin(user="a", private_key=SecretStr("b"))),
        (SshLogin(user="a", password=SecretStr("b")), SshLogin(user="a", enable_secret=SecretStr("b"))),
        (SshLogin(user="a", password=SecretStr("bc")), SshLogin(user="ab", password=SecretStr("c"))),
    ],
)
def test_any_part_that_differs_makes_another_login(one: SshLogin, other: SshLogin) -> None:
    known = Ledger(None, "a token")
    assert known.name_of(one) != known.name_of(other)
    assert known.name_of(one) == Ledger(None, "a token").name_of(one.model_copy())


def test_a_damaged_file_is_made_anew(tmp_path: Path) -> None:
    file = tmp_path / "refused.db"
    file.write_bytes(b"no database" * 1_000)
    Refusals(Ledger(file, "a token")).note(PEERS[0], WRONG, "ssh_login")
    assert held(Refusals(Ledger(file, "a token")), PEERS[0])


def test_where_the_disk_fails_the_process_itself_remembers(tmp_path: Path) -> None:
    known = Refusals(Ledger(tmp_path / "no folder" / "refused.db", "a token"))
    known.note(PEERS[0], WRONG, "ssh_login")
    assert (held(known, PEERS[0]), held(known, PEERS[1])) == (True, False)


def test_a_disk_that_fails_later_takes_nothing_away(tmp_path: Path) -> None:
    book = Ledger(tmp_path / "refused.db", "a token")
    known = Refusals(book)
    known.note(PEERS[0], WRONG, "ssh_login")
    assert book._database is not None
    book._database.execute("PRAGMA query_only=ON")
    known.note(PEERS[1], WRONG, "ssh_login")
    assert (held(known, PEERS[0]), held(known, PEERS[1])) == (True, True)


def test_what_is_remembered_is_bounded() -> None:
    book = Ledger(most=50)
    known = Refusals(book)
    for number in range(60):
        known.note((f"10.0.1.{number}", 22), SshLogin(user=f"u{number}", password=SecretStr("x")), "ssh_login")
    counts = [book._do(f"SELECT count(*) FROM {table}", ())[0][0] for table in ("refusal", "standing")]
    assert counts == [50, 50]
