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


def test_a_counter_goes_on_where_its_bits_end() -> None:
    assert run((WRAP - 100, 100, 10.0), (50, 3_100, 40.0), (90, 6_100, 70.0)) == [WRAP - 100, WRAP + 50, WRAP + 90]


def test_it_ends_as_often_as_it_does() -> None:
    assert run((WRAP - 1, 1, 0.0), (5, 2, 30.0), (WRAP - 1, 3, 60.0), (7, 4, 90.0))[-1] == 2 * WRAP + 7


def test_a_restart_begins_anew() -> None:
    assert run((WRAP - 100, 90_000, 10.0), (50, 95_000, 40.0), (60, 10, 70.0))[-1] == 60


def test_a_counter_that_somebody_set_back_is_no_traffic() -> None:
    assert run((5_000_000, 100, 10.0), (50, 3_100, 40.0), most={"a": 12_500_000.0}) == [5_000_000, 50]


def test_without_a_speed_a_fall_is_an_end() -> None:
    assert run((WRAP - 100, 100, 10.0), (50, 3_100, 40.0), most={})[-1] == WRAP + 50


def test_a_port_that_comes_and_one_that_goes_do_not_disturb_the_others() -> None:
    counters: Counters[str] = Counters()
    counters.carried({"a": WRAP - 1, "b": 7}, FAST, up_time=1, now=0.0)
    assert counters.carried({"a": 3, "c": 9}, FAST, up_time=2, now=30.0) == {"a": WRAP + 3, "c": 9}


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
    assert values == [1_000, 2_000, 3_000]
