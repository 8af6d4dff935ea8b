import pytest
from hypothesis import given
from hypothesis import strategies as st

from collector.echo.burst import Burst

RTTS = st.lists(st.none() | st.floats(min_value=1e-6, max_value=10), min_size=5, max_size=50)


@given(RTTS)
def test_loss_is_a_share_and_jitter_is_never_negative(rtts: list[float | None]) -> None:
    found = Burst(tuple(rtts))
    assert 0.0 <= found.loss <= 1.0
    assert (found.loss == 1.0) == (not found.answered)
    assert 0.0 <= found.jitter_s <= max(found.answered, default=0.0)


@given(st.floats(min_value=1e-6, max_value=10), st.integers(min_value=5, max_value=50))
def test_a_steady_line_has_no_jitter(rtt: float, count: int) -> None:
    assert Burst((rtt,) * count).jitter_s == 0.0


def test_jitter_is_the_mean_step_between_answers_that_follow_each_other() -> None:
    assert Burst((0.010, 0.030, None, 0.020, None)).jitter_s == pytest.approx(0.015)
