"""Which devices are logged in to over SSH, and how the collector is told."""

from typing import Any

import pytest

from api.polling.probes import Found, Place, add_device
from collector.probes.ssh_facts import SshSettings
from inventory.network.devices import Device

KEY = "ssh-ed25519 SHA256:" + "A" * 43


def found(login: str | None = "ops", **more: Any) -> Found:
    row = {"name": "sw", "category": "switch", "platform": "ios", "address": "10.0.0.1", "site_id": 1} | more
    made, jump = Found(), row.pop("jump", None)
    add_device(made, Place(Device(**row), "huyen", ssh_credential=login, jump=jump))
    return made


def by_ssh(made: Found) -> dict[str, dict[str, Any]]:
    return {one.probe: dict(one.settings) for one in made.targets if one.probe.startswith("ssh_")}


def test_a_platform_and_a_login_are_enough_whatever_the_device_is() -> None:
    made = found(category="printer")
    assert by_ssh(made) == {"ssh_facts": {"platform": "ios"}, "ssh_config": {"platform": "ios"}}
    assert {one.credential for one in made.targets if one.probe.startswith("ssh_")} == {"ops"}
    assert made.problems == []


def test_port_and_host_key_of_the_books_are_told() -> None:
    settings = by_ssh(found(ports={"ssh": 2022}, ssh_host_key=KEY))["ssh_config"]
    assert settings == {"platform": "ios", "port": 2022, "host_key": KEY}
    assert SshSettings.model_validate(settings).host_key == KEY


@pytest.mark.parametrize("lacking", [{"login": None}, {"address": None}])
def test_without_login_or_address_nothing_is_asked_and_nothing_is_wrong(lacking: dict[str, Any]) -> None:
    made = found(**lacking)
    assert by_ssh(made) == {}
    assert made.problems == []


@pytest.mark.parametrize("platform", ["", "edgeos"])
def test_a_login_without_a_platform_that_is_understood_is_named(platform: str) -> None:
    made = found(platform=platform)
    assert by_ssh(made) == {}
    assert [(one.key, one.probe) for one in made.problems] == [("sw", "ssh_config")]
    assert "routeros, ios" in made.problems[0].text.en


def test_one_of_both_can_be_turned_off() -> None:
    assert by_ssh(found(probes={"ssh_config": {"enabled": False}})).keys() == {"ssh_facts"}


def test_an_own_pace_and_a_way_through_another_host_are_told() -> None:
    jump = {"jump_address": "10.0.0.9", "jump_host_key": KEY}
    made = found(probes={"ssh_config": {"interval_s": 3_600, "timeout_s": 30} | jump})
    (target,) = (one for one in made.targets if one.probe == "ssh_config")
    assert (target.interval_s, target.timeout_s) == (3_600, 30)
    assert dict(target.settings) == {"platform": "ios"} | jump
    assert made.problems == []


def test_a_host_on_the_way_is_told_as_its_own_row_has_it() -> None:
    gate = Device(name="gate", category="server", address="10.0.0.9", site_id=1, ports={"ssh": 2222}, ssh_host_key=KEY)
    settings = by_ssh(found(jump=gate))
    way = {"platform": "ios", "jump_address": "10.0.0.9", "jump_port": 2222, "jump_host_key": KEY}
    assert settings == {"ssh_facts": way, "ssh_config": way}
    assert SshSettings.model_validate(way).jump_port == 2222


def test_nobody_goes_past_a_host_on_the_way_whose_address_or_key_is_gone() -> None:
    """Without its key the collector fails with the reason; without its address there is nothing to ask."""
    gate = Device(name="gate", category="server", address="10.0.0.9", site_id=1)
    assert by_ssh(found(jump=gate))["ssh_config"] == {"platform": "ios", "jump_address": "10.0.0.9"}
    gate.address = None
    made = found(jump=gate)
    assert by_ssh(made) == {}
    assert [(one.key, one.probe) for one in made.problems] == [("sw", "ssh_config")]
    assert "gate" in made.problems[0].text.vi
