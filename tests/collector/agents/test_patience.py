"""How long an agent is waited for, by a clock that the tests set."""

from hypothesis import given
from hypothesis import strategies as st

from collector.agents.patience import Patience


def test_an_agent_of_which_nothing_is_known_is_asked_again_after_the_same_time() -> None:
    wait = Patience(0.5, 3)
    wait.begin(10.0, 3)
    assert [wait.sent(now) for now in (10.0, 10.5, 11.0)] == [10.5, 11.0, 11.5]
    assert [wait.is_over(now) for now in (10.5, 11.0, 11.5)] == [False, False, True]


def test_an_answer_to_the_first_sending_has_the_second_one_waited_for_as_long() -> None:
    wait = Patience(0.5, 3)
    wait.begin(10.0, 3)
    due = wait.sent(wait.sent(10.0))
    assert wait.late(10.8, due) == 11.5  # it left at 10.5, and its answer will come at 11.3
    wait.heard(11.3)
    wait.begin(20.0, 3)
    assert wait.sent(20.0) > 20.8 + 0.3


def test_no_wait_goes_beyond_what_all_sendings_have_together() -> None:
    wait = Patience(0.5, 3)
    wait.begin(10.0, 3)
    due = wait.sent(wait.sent(10.0))
    assert wait.late(11.3, due) == 11.5
    wait.begin(20.0, 3)
    assert wait.sent(20.0) == 21.5


def test_an_answer_to_another_question_changes_nothing() -> None:
    wait = Patience(0.5, 3)
    wait.begin(10.0, 3)
    due = wait.sent(10.0)
    assert wait.late(10.2, due) == due
    wait.begin(20.0, 3)
    assert wait.sent(20.0) == 20.5


def test_a_slow_answer_is_forgotten_bit_by_bit() -> None:
    wait = Patience(0.5, 3)
    wait.begin(0.0, 3)
    wait.sent(0.0)
    wait.heard(0.9)
    waits = []
    for start in range(10, 40):
        wait.begin(start, 3)
        waits.append(wait.sent(start) - start)
        wait.heard(start + 0.01)
    assert waits == sorted(waits, reverse=True)
    assert waits[0] > 1.3
    assert waits[-1] == 0.5


@given(
    st.floats(0.05, 5),
    st.lists(st.tuples(st.sampled_from(["sent", "late", "heard"]), st.floats(0, 10)), max_size=30),
)
def test_whatever_comes_when_the_wait_is_never_shorter_than_asked_nor_endless(
    try_s: float, story: list[tuple[str, float]]
) -> None:
    wait, now, due = Patience(try_s, 3), 0.0, 0.0
    wait.begin(now, 3)
    for what, later in story:
        now += later
        if what == "sent" and not wait.is_over(now):
            due = wait.sent(now)
            assert now + try_s <= due <= max(now + try_s, 3 * try_s)
        elif what == "late":
            assert due <= wait.late(now, due) <= max(due, 3 * try_s)
        else:
            wait.heard(now)
