import pytest
from hypothesis import given
from hypothesis import strategies as st

from collector.agents.counters import WRAP, Counters

FAST = {"a": 125_000_000.0}


def run(*steps: tuple[int, int, float], most: dict[str, float] | None = None) -> list[int]:
    """Return what is made of (value, sysUpTime, seconds), one after the other."""
    counters: Counters[str] = Counters()
    return [
        counters.carried({"a": value}, FAST if most is None else most, up_time=up_time, now=now)["a"]
        for value, up_time, now in steps
    ]


def test_it_begins_at_nothing_so_that_who_takes_over_makes_no_traffic() -> None:
    assert run((3_000_000_000, 100, 10.0), (3_000_000_500, 3_100, 40.0)) == [0, 500]


def test_a_counter_goes_on_where_its_bits_end() -> None:
    assert run((WRAP - 100, 100, 10.0), (50, 3_100, 40.0), (90, 6_100, 70.0)) == [0, 150, 190]


def test_it_ends_as_often_as_it_does() -> None:
    assert run((WRAP - 1, 1, 0.0), (5, 2, 30.0), (WRAP - 1, 3, 60.0), (7, 4, 90.0))[-1] == WRAP + 8


def test_a_restart_adds_what_was_counted_since() -> None:
    assert run((WRAP - 100, 90_000, 10.0), (50, 95_000, 40.0), (60, 10, 70.0)) == [0, 150, 160]
    assert run((WRAP - 100, 90_000, 10.0), (60, 10, 40.0)) == [0, 60]


def test_an_agent_that_is_started_again_while_its_device_counts_on_makes_no_traffic() -> None:
    assert run((3_000_000_000, 90_000, 10.0), (3_000_000_200, 10, 40.0)) == [0, 200]


def test_an_uptime_that_ends_after_497_days_makes_no_traffic() -> None:
    assert run((3_000_000_000, WRAP - 100, 10.0), (3_000_000_200, 2_900, 40.0)) == [0, 200]


def test_a_counter_that_somebody_set_back_adds_what_was_counted_since() -> None:
    assert run((5_000_000, 100, 10.0), (50, 3_100, 40.0), most={"a": 12_500_000.0}) == [0, 50]


def test_what_no_port_can_have_carried_is_no_traffic() -> None:
    assert run((WRAP - 1, 100, 10.0), (3_000_000_000, 3_100, 40.0), most={"a": 12_500_000.0}) == [0, 0]


def test_without_a_speed_a_fall_is_an_end() -> None:
    assert run((WRAP - 100, 100, 10.0), (50, 3_100, 40.0), most={})[-1] == 150


def test_a_port_that_comes_and_one_that_goes_do_not_disturb_the_others() -> None:
    counters: Counters[str] = Counters()
    counters.carried({"a": WRAP - 1, "b": 7}, FAST, up_time=1, now=0.0)
    assert counters.carried({"a": 3, "c": 9}, FAST, up_time=2, now=30.0) == {"a": 4, "c": 0}


@given(st.lists(st.tuples(st.integers(0, WRAP - 1), st.integers(0, WRAP - 1)), min_size=2, max_size=40))
def test_whatever_an_agent_says_it_never_goes_back_and_never_beyond_what_the_port_can_carry(
    said: list[tuple[int, int]],
) -> None:
    counters: Counters[str] = Counters()
    before = counters.carried({"a": said[0][0]}, {"a": 1e6}, up_time=said[0][1], now=0.0)["a"]
    for turn, (value, up_time) in enumerate(said[1:], 1):
        got = counters.carried({"a": value}, {"a": 1e6}, up_time=up_time, now=30.0 * turn)["a"]
        assert got >= before
        if value < said[turn - 1][0]:
            assert got - before <= 1e6 * 30 * 1.25
        before = got


@given(st.lists(st.integers(0, 3_000_000_000), min_size=1, max_size=40))
def test_whatever_is_sent_between_two_polls_is_counted(sent: list[int]) -> None:
    counters: Counters[str] = Counters()
    total, first = 0, None
    for turn, octets in enumerate(sent):
        total += octets
        got = counters.carried({"a": total % WRAP}, {"a": 1e9}, up_time=turn + 1, now=30.0 * turn)["a"]
        first = got - total if first is None else first
        assert got - first == total


@pytest.mark.parametrize("step_s", [7_200.0, 0.0])
def test_a_step_of_the_clock_between_two_polls_makes_nothing_negative(step_s: float) -> None:
    values = run((1_000, 100, 10.0), (2_000, 3_100, 40.0 + step_s), (3_000, 6_100, 70.0 + step_s))
    assert values == [0, 1_000, 2_000]
