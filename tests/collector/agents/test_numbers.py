from math import isnan

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collector.agents.numbers import numbers
from collector.probe import ProbeFailure

WHOLE = st.integers(-(2**31), 2**64 - 1) | st.none()


def names(count: int) -> list[str]:
    return [f"1.3.{at}" for at in range(count)]


@given(st.lists(WHOLE, max_size=60))
def test_whole_numbers_stay_in_their_places(values: list[int | None]) -> None:
    found = numbers(values, names(len(values)))
    assert len(found) == len(values)
    assert all(
        isnan(number) if value is None else number == float(value) for number, value in zip(found, values, strict=True)
    )


@given(st.lists(WHOLE, max_size=20), st.floats() | st.text() | st.binary(), st.lists(WHOLE, max_size=20))
def test_whatever_is_no_whole_number_is_named(
    before: list[int | None], odd: float | str | bytes, after: list[int | None]
) -> None:
    with pytest.raises(ProbeFailure) as caught:
        numbers([*before, odd, *after], names(len(before) + 1 + len(after)))
    assert (caught.value.code, caught.value.detail) == ("snmp_garbled", f"1.3.{len(before)}")
