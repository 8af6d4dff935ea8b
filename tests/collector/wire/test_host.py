import pytest

from collector.probe import ProbeFailure
from collector.wire.host import HostSettings
from tests.support.polling import target


def test_the_host_of_the_settings_comes_before_the_address_of_the_target() -> None:
    assert HostSettings(host="mail.example.vn").host_of(target("smtp", address="10.0.0.1")) == "mail.example.vn"


def test_without_a_host_the_address_of_the_target_is_asked() -> None:
    assert HostSettings().host_of(target("smtp", address="10.0.0.1")) == "10.0.0.1"


def test_neither_host_nor_address_is_a_fault_of_the_settings() -> None:
    with pytest.raises(ProbeFailure) as failure:
        HostSettings().host_of(target("smtp", address=None))
    assert (failure.value.code, failure.value.detail) == ("settings", "host")
