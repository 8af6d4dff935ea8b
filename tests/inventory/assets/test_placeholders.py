import pytest

from inventory.assets.placeholders import PLACEHOLDERS, is_placeholder
from inventory.spelling import fold


@pytest.mark.parametrize(
    "serial", ["Default string", "TO BE FILLED BY O.E.M.", " none ", "N/A", "0", "0000", "xxxx", "- - -", "Không có"]
)
def test_what_makers_leave_in_the_firmware_is_no_serial_number(serial: str) -> None:
    assert is_placeholder(serial)


@pytest.mark.parametrize("serial", ["HEX20A1B2C3", "5CD0123ABC", "10", "PF2ABCD"])
def test_a_real_serial_number_passes(serial: str) -> None:
    assert not is_placeholder(serial)


def test_the_list_is_written_as_it_is_compared() -> None:
    assert {fold(word) for word in PLACEHOLDERS} == PLACEHOLDERS
