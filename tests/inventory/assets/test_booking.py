"""What papers say of an asset by itself."""

from typing import Any

import pytest

from inventory.assets.assets import Asset
from inventory.assets.booking import capacity_of


@pytest.mark.parametrize(
    ("attributes", "told"),
    [
        ({"capacity_va": 1000}, "1000 VA"),
        ({"rated_a": 16, "outlets": 8}, "16 A"),
        ({"memory_gb": 8, "disk_gb": 256}, "8 GB / 256 GB"),
        ({"ports": 24}, "24 port"),
        ({"outlets": 8}, ""),
        ({}, ""),
    ],
)
def test_the_capacity_is_what_a_thing_of_its_kind_is_measured_by(attributes: dict[str, Any], told: str) -> None:
    assert capacity_of(Asset(tag="T1", name="X", category="pdu", site_id=1, attributes=attributes)) == told
