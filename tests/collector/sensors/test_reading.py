from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collector.agents.limits import LEVELS, Level
from collector.sensors.reading import PLAUSIBLE, Sensor, State, plausible, scaled, stated

LIMITS: Final[dict[Level, float]] = {"alarm_low": 0, "warn_low": 5, "warn_high": 60, "alarm_high": 70}


@pytest.mark.parametrize(
    ("value", "state"),
    [
        (-1, State.BAD), (0, State.BAD), (3, State.WARNING), (5, State.WARNING), (30, State.GOOD), (60, State.WARNING),
        (69.9, State.WARNING), (70, State.BAD), (99, State.BAD),
    ],
)  # fmt: skip
def test_a_value_is_judged_by_the_limits_that_the_device_states(value: float, state: State) -> None:
    assert Sensor("board", "temperature", value, None, LIMITS).judged == state


@pytest.mark.parametrize(
    ("state", "value", "judged"),
    [
        (State.GOOD, 80, State.BAD),
        (State.BAD, 30, State.BAD),
        (State.UNKNOWN, 30, State.GOOD),
        (State.WARNING, None, State.WARNING),
        (None, None, None),
    ],
)
def test_the_graver_of_what_the_device_says_and_what_its_limits_say_counts(
    state: State | None, value: float | None, judged: State | None
) -> None:
    assert Sensor("board", "temperature", value, state, LIMITS).judged == judged


def test_a_value_without_limits_and_without_a_state_is_judged_by_nobody() -> None:
    assert Sensor("board", "temperature", 99.0).judged is None


@pytest.mark.parametrize("kind", PLAUSIBLE)
@given(number=st.floats())
def test_a_reading_that_cannot_be_is_unknown(kind: str, number: float) -> None:
    least, most = PLAUSIBLE[kind]  # type: ignore[index]
    found = plausible(kind, number)  # type: ignore[arg-type]
    assert found is None or least <= found <= most


@pytest.mark.parametrize("value", [2_147_483_647, -2_147_483_648, b"hot", None, 201])
def test_numbers_for_not_available_are_unknown(value: int | bytes | None) -> None:
    assert scaled("temperature", value) is None


@given(st.dictionaries(st.sampled_from(LEVELS), st.one_of(st.none(), st.floats(-100, 200))))
def test_limits_are_in_order_or_not_there(limits: dict[Level, float | None]) -> None:
    found = list(stated(limits).values())
    assert found == sorted(set(found))
