"""What counts as a sign that something is well again."""

import math

import pytest

from alerts.rules import RULES
from api.watch.evidence import is_good


@pytest.mark.parametrize("rule", sorted(RULES))
@pytest.mark.parametrize("value", [None, math.nan, math.inf, -math.inf])
def test_no_value_is_never_good(rule: str, value: float | None) -> None:
    assert not is_good(RULES[rule], value)


@pytest.mark.parametrize(
    ("rule", "value", "good"),
    [
        ("LinkDown", 0, True),
        ("LinkDown", 1, False),
        ("DeviceDown", 0, True),
        ("SiteDark", 0.5, True),
        ("SiteDark", 1, False),
        ("ServiceDown", 1, False),
        ("LinkLossy", 0.0, True),
        ("LinkLossy", 0.05, True),
        ("LinkLossy", 0.06, False),
        ("OpticalPowerDrift", 3.1, False),
        ("OpticalPowerDrift", 1.0, True),
        ("OpticalPowerLow", -20.0, True),
        ("DeviceRebooted", 700.0, True),
    ],
)
def test_a_value_is_good_on_the_right_side_of_its_bound(rule: str, value: float, good: bool) -> None:
    assert is_good(RULES[rule], value) is good
