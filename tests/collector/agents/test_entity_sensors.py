import pytest
from hypothesis import given
from hypothesis import strategies as st

from collector.agents.entity_sensors import Bound, bounds_of, factor_of


def columns(scale: int | bytes, precision: int | bytes) -> dict[str, dict[str, int | float | str | bytes]]:
    return {"scale": {"7": scale}, "precision": {"7": precision}}


@pytest.mark.parametrize(
    ("scale", "precision", "factor"),
    [(9, 0, 1.0), (8, 0, 1e-3), (7, 1, 1e-7), (10, 0, 1e3), (9, 2, 1e-2), (9, -2, 1e2)],
)
def test_scale_steps_by_a_thousand_and_precision_by_ten(scale: int, precision: int, factor: float) -> None:
    assert factor_of(columns(scale, precision), "7") == pytest.approx(factor)


def test_a_sensor_without_scale_and_precision_is_in_units() -> None:
    assert factor_of({"scale": {}, "precision": {}}, "7") == 1.0


@given(scale=st.integers(-(2**63), 2**63), precision=st.integers(-(2**63), 2**63))
def test_no_scale_or_precision_overflows(scale: int, precision: int) -> None:
    assert 1e-33 < factor_of(columns(scale, precision), "7") < 1e33


def test_limits_stand_under_their_sensor_and_garbage_is_left_out() -> None:
    found = bounds_of(
        {
            "bound_value": {"7.1": -230, "7.2": b"none", "8.1": 5},
            "bound_severity": {"7.1": 30, "7.2": 30, "8.1": b"?"},
            "bound_relation": {"7.1": 1, "7.2": 1, "8.1": 4},
        }
    )
    assert found == {"7": [Bound(30, 1, -230.0)]}
