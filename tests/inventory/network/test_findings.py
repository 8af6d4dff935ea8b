import pytest

from inventory.network.findings import is_random


@pytest.mark.parametrize(("mac", "random"), [("02:00", True), ("da:a1", True), ("00:0c", False), ("", False)])
def test_made_up_macs_are_told(mac: str, random: bool) -> None:
    assert is_random(mac) is random
