"""The configuration of a real router; how sessions fail stands in tests/collector/test_ssh.py."""

import pytest
from pydantic import SecretStr

from collector import metrics
from collector.shell.configs import LONGEST
from collector.target import SshLogin
from tests.support.polling import poll, values
from tests.support.router import PASSWORD, USER, Router

LOGIN = SshLogin(user=USER, password=SecretStr(PASSWORD))

pytestmark = pytest.mark.root


def test_the_whole_configuration_is_read_and_measured(device: Router) -> None:
    result = poll("ssh_config", LOGIN, port=device.port, platform="frr", timeout_s=60.0)
    read = result.configuration
    assert read is not None
    assert read.platform == "frr"
    assert read.text.endswith("\nend\n")
    assert "\r" not in read.text
    assert values(result, metrics.CONFIG_LINES)[()] == read.text.count("\n") - 3
    assert result.started_at.timestamp() <= values(result, metrics.CONFIG_READ)[()]
    assert "planted" not in repr(result)


def test_a_configuration_beyond_all_measure_is_not_kept(device: Router) -> None:
    device.answer(f"head -c {LONGEST + 10} /dev/zero | tr '\\0' x; printf '\\r\\nend\\r\\ncore# '")
    result = poll("ssh_config", LOGIN, port=device.port, platform="frr", timeout_s=60.0)
    assert result.reason == "ssh_too_long"
