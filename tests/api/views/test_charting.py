"""How values of charts are told."""

import pytest

from api.views.charting import Unit, spoken
from api.views.i18n import Formats


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        (0.0234, "seconds", "23,4 ms"),
        (0.00042, "seconds", "0,42 ms"),
        (4e-6, "seconds", "< 0,01 ms"),
        (0.0, "seconds", "0,00 ms"),
        (0.005, "ratio", "0,5 %"),
        (12_500_000.0, "bits", "12,5 Mbit/s"),
    ],
)
def test_a_value_is_told_with_as_many_figures_as_say_something(value: float, unit: Unit, text: str) -> None:
    assert spoken(value, unit, Formats("vi")).replace("\N{NO-BREAK SPACE}", " ") == text
