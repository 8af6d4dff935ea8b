"""Facts from the command line of a real router; how sessions fail stands in tests/collector/test_ssh.py."""

from typing import Any

import pytest
from pydantic import SecretStr

from collector import metrics
from collector.target import SnmpV2c, SshLogin
from tests.support.polling import poll, values
from tests.support.router import PASSWORD, USER, Router

LOGIN = SshLogin(user=USER, password=SecretStr(PASSWORD))


@pytest.mark.root
def test_a_router_says_what_it_is(device: Router) -> None:
    result = poll("ssh_facts", LOGIN, port=device.port, platform="frr", timeout_s=60.0)
    said = {(seen.kind, seen.subject): seen.value for seen in result.observations}
    assert said["host_key", "ssh"] == device.fingerprint()
    assert said["firmware", "chassis"] == "FRR 8.4.4"
    assert said["model", "chassis"].startswith("Linux(")
    assert result.started_at.timestamp() <= values(result, metrics.FACTS_READ)[()]
    assert values(result, metrics.DEVICE_UPTIME) == {}
    assert result.configuration is None


@pytest.mark.parametrize(
    "settings",
    [
        {}, {"platform": "unknown"}, {"platform": "frr", "port": 0}, {"platform": "frr", "host_key": "ssh-rsa AAAA"},
        {"platform": "frr", "jump_address": "gateway"}, {"platform": "frr", "password": "x"},
    ],
)  # fmt: skip
def test_wrong_settings_are_refused(settings: dict[str, Any]) -> None:
    assert poll("ssh_facts", LOGIN, **settings).reason == "settings"


def test_only_a_login_for_ssh_will_do() -> None:
    assert poll("ssh_facts", SnmpV2c(community=SecretStr("x")), platform="frr").reason == "credential"
    assert poll("ssh_facts", None, platform="frr").reason == "credential"


def test_a_target_without_address_is_not_asked() -> None:
    result = poll("ssh_facts", LOGIN, address=None, platform="frr")
    assert (result.reason, result.detail) == ("settings", "address")
