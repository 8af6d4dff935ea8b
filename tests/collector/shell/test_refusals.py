"""Logins that were refused: who is told them again, and when."""

import pytest
from pydantic import SecretStr

from collector.probe import ProbeFailure
from collector.shell import refusals
from collector.shell.refusals import ALL_HELD_S, HELD_S, IN_A_ROW, MOST, Refusals, Trying
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
    monkeypatch.setattr(refusals.time, "monotonic", it)
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
    first.release()
    second = known.turn(WRONG)
    assert second is not None
    known.forget(PEERS[0], WRONG)
    assert known.turn(WRONG) is None


def test_what_is_remembered_is_bounded_and_shows_no_password() -> None:
    known = Refusals()
    for number in range(MOST + 5):
        known.note((f"10.{number >> 16}.{number >> 8 & 255}.{number & 255}", 22), WRONG, "ssh_login")
    assert len(known._of) == MOST
    assert "planted" not in repr(list(known._of.values())[:3]) + repr(list(known._known.items())[:3])
