import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collector.agents.values import INVALID
from collector.optics.by_port import tenths_of_microwatt
from collector.optics.module import BRIGHT_DBM, DARK_DBM, from_watts, known, limits, scaled, temperature
from collector.snmp import Value

ANY_VALUE = st.one_of(
    st.integers(-(2**63), 2**64),
    st.floats(),
    st.binary(max_size=40),
    st.text(max_size=40),
    st.sampled_from(list(INVALID)),
)


@pytest.mark.parametrize(("watts", "dbm"), [(0.001, 0.0), (0.000_1, -10.0), (0.000_331, -4.802), (0.000_001, -30.0)])
def test_watts_become_dbm(watts: float, dbm: float | None) -> None:
    assert from_watts(watts) == dbm


@pytest.mark.parametrize("dbm", [None, 0, 0.0, -math.inf, math.inf, math.nan, -40.0, -99.0, 20.0, 65_535.0])
def test_zero_darkness_and_nonsense_are_unknown(dbm: float | None) -> None:
    assert known(dbm) is None


@pytest.mark.parametrize("watts", [None, 0.0, -1.0, math.inf, math.nan, 1e-9, 1e3])
def test_no_light_and_impossible_light_are_unknown(watts: float | None) -> None:
    assert from_watts(watts) is None


@given(st.floats(min_value=-39.9, max_value=19.9))
def test_dbm_survives_the_way_through_watts(dbm: float) -> None:
    found = from_watts(10 ** (dbm / 10) / 1_000)
    assert found is not None
    assert found == pytest.approx(dbm, abs=0.001)


@given(ANY_VALUE, st.sampled_from([1, 10, 100, 1_000]))
def test_whatever_an_agent_sends_is_a_plausible_power_or_unknown(value: Value, divisor: float) -> None:
    dbm = scaled(value, divisor)
    assert dbm is None or DARK_DBM < dbm < BRIGHT_DBM
    heat = temperature(value, divisor)
    assert heat is None or -60 <= heat <= 150
    assert tenths_of_microwatt(value) is None or isinstance(tenths_of_microwatt(value), float)


@pytest.mark.parametrize(
    "low_to_high",
    [
        (None, None, None, None),
        (0.0, 0.0, 0.0, 0.0),
        (8.16, 8.16, 8.16, 8.16),
        (-3.0, None, None, -20.0),
        (-25.0, -20.0, -30.0, -3.0),
        (-25.0, -20.0, 1.0, 300.0),
        (None, -20.0, None, None),
    ],
)
def test_limits_that_make_no_sense_are_none(low_to_high: tuple[float | None, ...]) -> None:
    assert limits("rx", low_to_high) == {}


def test_limits_may_be_stated_in_part() -> None:
    assert limits("rx", (-23.0, None, None, -3.0)) == {("rx", "alarm_low"): -23.0, ("rx", "alarm_high"): -3.0}
