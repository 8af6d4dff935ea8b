import pytest

from collector.agents.values import INVALID, measurement, rows


@pytest.mark.parametrize("value", sorted(INVALID))
def test_the_numbers_for_not_available_are_no_measurements(value: int) -> None:
    assert measurement(value) is None


@pytest.mark.parametrize(
    ("value", "number"), [(b"-4.50 dBm", -4.5), (b"-801\x00", -801.0), (b"", None), (b"N/A", None)]
)
def test_measurements_are_read_from_text(value: bytes, number: float | None) -> None:
    assert measurement(value) == number


def test_rows_stand_once_in_the_order_in_which_columns_tell_of_them() -> None:
    assert rows({"2": 1, "1": 1}, {"1": 5, "3": 5}) == ["2", "1", "3"]
