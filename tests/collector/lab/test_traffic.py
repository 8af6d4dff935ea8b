"""Traffic: the counter is the integral of a rate that is never negative."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collector.lab.traffic import DAY_S, Flow, amount, level

moments = st.floats(1.6e9, 2.0e9)


@given(moments)
def test_the_load_is_never_negative_nor_wild(at: float) -> None:
    assert 0 < level(at) <= 2


@given(moments)
def test_a_whole_day_brings_the_mean(start: float) -> None:
    assert amount(start, start + DAY_S) == pytest.approx(DAY_S, rel=1e-6)


@given(moments, st.floats(0, 1e6), st.floats(0, 1e6))
def test_a_counter_never_falls(since: float, one: float, more: float) -> None:
    flow = Flow(1e8, since)
    assert flow.octets(since + one) <= flow.octets(since + one + more)


@given(moments)
def test_the_counter_is_the_integral_of_the_load(at: float) -> None:
    step = 0.5
    by_hand = sum(level(at + step * (number + 0.5)) * step for number in range(120))
    assert amount(at, at + 60) == pytest.approx(by_hand, rel=1e-3)


def test_mornings_are_busier_than_nights() -> None:
    midnight_utc = 1_700_006_400.0
    assert level(midnight_utc + 3 * 3600) > 1.3
    assert level(midnight_utc + 19 * 3600) < 0.6


@given(st.floats(1, 1e5), st.floats(1, 1e5))
def test_a_stopped_counter_stands_still_and_goes_on_from_there(pause: float, after: float) -> None:
    start = 1.7e9
    flow = Flow(8e6, start)
    flow.stop(start + 100)
    flow.stop(start + 150)
    stood = flow.octets(start + 100 + pause)
    assert stood == flow.octets(start + 100)
    flow.start(start + 100 + pause)
    assert flow.octets(start + 100 + pause) == pytest.approx(stood, abs=2)
    gained = amount(start + 100 + pause, start + 100 + pause + after) * 1e6
    assert flow.octets(start + 100 + pause + after) - stood == pytest.approx(gained, abs=2)


def test_a_reset_counter_begins_at_nought() -> None:
    flow = Flow(8e6, 1.7e9)
    assert flow.octets(1.7e9 + 10) > 0
    flow.reset(1.7e9 + 10)
    assert flow.octets(1.7e9 + 10) == 0
