from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from inventory.settings import Settings

GOOD: dict[str, Any] = {"database_url": "sqlite:////tmp/x.db", "key_file": "/tmp/key"}


def test_settings_that_are_right_are_taken() -> None:
    settings = Settings(**GOOD)
    assert settings.zone.key == "Asia/Ho_Chi_Minh"
    assert settings.key_file == Path("/tmp/key")
    assert Settings(**GOOD | {"database_url": "postgresql://u:p@h/n"}).database_url.startswith("postgresql")


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"database_url": "mysql://u:s3cret@h/n"}, "database_url"),
        ({"database_url": "s3cret nonsense"}, "database_url"),
        ({"database_url": "sqlite://"}, "database_url"),
        ({"database_url": "sqlite:///:memory:"}, "database_url"),
        ({"timezone": "Asia/Bac_Quang"}, "timezone"),
        ({"timezone": "../../etc/passwd"}, "timezone"),
        ({"databse_url": "x"}, "databse_url"),
    ],
)
def test_a_wrong_or_unknown_setting_is_named_and_its_value_is_not_repeated(change: dict[str, str], field: str) -> None:
    with pytest.raises(ValidationError) as caught:
        Settings(**GOOD | change)
    assert [error["loc"] for error in caught.value.errors()] == [(field,)]
    assert "s3cret" not in str(caught.value)


def test_a_password_in_the_address_stands_in_no_repr() -> None:
    assert "s3cret" not in repr(Settings(**GOOD | {"database_url": "postgresql://u:s3cret@h/n"}))
