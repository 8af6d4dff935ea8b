"""Devices and hosts on the way that do what they should not: each ends in time, with its own reason."""

import asyncio
import socket
import subprocess
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from collector.probe import Result
from collector.target import Credential, SnmpV2c, SshLogin
from tests.support.parts import need
from tests.support.polling import Poller, in_time, poll, polling
from tests.support.router import PASSWORD, USER, Router
from tests.support.speaker import Speaker

LOGIN = SshLogin(user=USER, password=SecretStr(PASSWORD))
WRONG = SshLogin(user=USER, password=SecretStr("planted-wrong"))

pytestmark = pytest.mark.root


def ask(port: int, login: Credential | None = LOGIN, **options: Any) -> Result:
    return poll("ssh_config", login, port=port, platform="frr", **({"timeout_s": 60.0} | options))


@pytest.mark.parametrize("login", [None, SnmpV2c(community=SecretStr("public"))], ids=["none", "of another kind"])
def test_without_a_login_nothing_is_asked(device: Router, login: Credential | None) -> None:
    result = ask(device.port, login)
    assert result.reason == "credential"


def test_an_exchange_of_keys_that_drips_ends_with_the_deadline() -> None:
    def dripping(_: bytes) -> Iterable[bytes | float]:
        # A greeting, then the head of a packet of 1,004 octets that never comes to its end.
        yield b"SSH-2.0-slow\r\n" + (1_004).to_bytes(4) + b"\x08\x14"
        while True:
            yield b"x"
            yield 0.2

    with Speaker(dripping, listens=False) as server:
        result = in_time(lambda timeout_s: ask(server.port, timeout_s=timeout_s), 2.0)
    assert (result.reason, result.detail) == ("ssh_silent", "SSH")


def test_an_answer_that_drips_ends_with_the_deadline(device: Router) -> None:
    device.answer("while :; do printf x; sleep 1; done")
    result = in_time(lambda timeout_s: ask(device.port, timeout_s=timeout_s), 4.0, early=("SSH", "prompt"))
    assert (result.reason, result.detail) == ("ssh_silent", "command")


def test_a_session_that_is_cut_in_the_middle_of_an_answer_is_broken_at_once(device: Router) -> None:
    device.answer("printf 'hostname core\\r\\n'; kill -9 $PPID")
    result = ask(device.port, timeout_s=60.0)
    assert (result.reason, result.detail) == ("broken", "command")
    assert result.duration_s < 50


def test_a_password_that_has_to_be_changed_first_is_told_at_once(device: Router) -> None:
    with device.expired():
        result = ask(device.port, timeout_s=60.0)
    assert result.reason == "ssh_password_change"
    assert result.duration_s < 50


@pytest.mark.parametrize(
    "asked",
    ["printf 'You are forced to change your password.\\r\\nNew Password: '; exec sleep 600",
     "printf 'Change your password\\r\\n\\r\\nnew password> '; exec sleep 600",
     "printf 'Your password has expired.\\r\\n'; exit 1"],
    ids=["FortiOS", "RouterOS", "and is thrown out"],
)  # fmt: skip
def test_makers_ask_for_a_new_password_in_their_own_words(device: Router, asked: str) -> None:
    device.shell(asked)
    assert ask(device.port, timeout_s=60.0).reason == "ssh_password_change"


def test_a_greeting_that_speaks_of_passwords_is_no_demand(device: Router) -> None:
    device.shell(
        f"printf 'Please change your password every 90 days.\\r\\n'; exec {need('vtysh')} --vty_socket"
        f" {device.folder / 'frr'}"
    )
    assert ask(device.port).reason is None


def test_a_wrong_password_is_sent_once_and_by_itself_not_again_for_a_day(device: Router) -> None:
    before = device.refusals()

    async def polls(poller: Poller) -> list[str | None]:
        async def reason(login: SshLogin, kind: str = "ssh_config", **more: Any) -> str | None:
            result = await poller(kind, login, port=device.port, platform="frr", timeout_s=60.0, **more)
            return result.reason

        own = [await reason(WRONG), await reason(WRONG, "ssh_facts"), await reason(WRONG)]
        assert device.refusals() == before + 1
        asked = await reason(WRONG, again=True)
        assert device.refusals() == before + 2
        return [*own, asked, await reason(LOGIN), await reason(WRONG)]

    held = "ssh_held"
    assert polling(polls) == ["ssh_login", held, held, "ssh_login", None, "ssh_login"]


def test_a_collector_that_starts_again_sends_no_refused_password_again(device: Router, tmp_path: Path) -> None:
    before = device.refusals()

    async def reasons(poller: Poller) -> list[str | None]:
        words = {"port": device.port, "platform": "frr", "timeout_s": 60.0}
        return [(await poller("ssh_config", login, **words)).reason for login in (WRONG, LOGIN, WRONG)]

    doors = {"refused": tmp_path / "refused.db", "token": "a token"}
    first = polling(reasons, **doors)
    assert first == ["ssh_login", None, "ssh_login"]
    assert device.refusals() == before + 2
    # The right password is another login and taken as ever; it forgets nothing of the wrong one's last refusal.
    assert polling(lambda poller: poller("ssh_config", WRONG, port=device.port, platform="frr"), **doors).reason == (
        "ssh_held"
    )
    assert device.refusals() == before + 2


@pytest.mark.parametrize(("login", "most"), [(WRONG, 3), (LOGIN, 0)], ids=["wrong", "right"])
def test_a_login_of_many_devices_that_is_wrong_is_told_to_three_of_them(
    device: Router, login: SshLogin, most: int
) -> None:
    before = device.refusals()

    async def polls(poller: Poller) -> list[str | None]:
        words = {"port": device.port, "platform": "frr", "timeout_s": 60.0}
        asked = [poller("ssh_config", login, address=f"127.0.1.{number}", **words) for number in range(1, 9)]
        return [result.reason for result in await asyncio.gather(*asked)]

    with device.serving(*(f"ListenAddress 127.0.1.{number}:{device.port}" for number in range(1, 9))):
        reasons = polling(polls)
    assert (device.refusals() - before, sorted(map(str, reasons))) == (
        most,
        ["ssh_held"] * (8 - most) + ["ssh_login"] * most if most else ["None"] * 8,
    )


def test_a_key_that_is_refused_is_not_followed_by_an_empty_password(device: Router, tmp_path: Path) -> None:
    words = [need("ssh-keygen"), "-q", "-t", "ed25519", "-N", "", "-f", str(tmp_path / "key")]
    subprocess.run(words, check=True, timeout=30, stdin=subprocess.DEVNULL)
    before = device.refusals()
    result = ask(device.port, SshLogin(user=USER, private_key=SecretStr((tmp_path / "key").read_text())))
    assert (result.reason, result.detail) == ("ssh_login", USER)
    assert device.refusals() == before


def test_a_host_on_the_way_that_refuses_the_login_is_told_it_once_for_all_devices_behind(device: Router) -> None:
    before = device.refusals()
    words = {"platform": "frr", "timeout_s": 60.0, "jump_address": "127.0.0.1", "jump_port": device.port,
             "jump_host_key": device.fingerprint()}  # fmt: skip

    async def polls(poller: Poller) -> list[tuple[str | None, str]]:
        results = [await poller("ssh_config", WRONG, address=f"127.0.1.{number}", **words) for number in (1, 2, 3)]
        return [(result.reason, result.detail) for result in results]

    assert polling(polls) == [("ssh_jump", f"127.0.0.1: ssh_login ({USER})"), *[("ssh_held", USER)] * 2]
    assert device.refusals() == before + 1


def test_a_host_on_the_way_that_says_nothing_ends_with_the_deadline(device: Router) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        jump = {
            "jump_address": "127.0.0.1",
            "jump_port": silent.getsockname()[1],
            "jump_host_key": device.fingerprint(),
        }
        result = in_time(lambda timeout_s: ask(device.port, timeout_s=timeout_s, **jump), 2.0)
    assert result.reason == "ssh_jump"
    assert result.detail == "127.0.0.1: ssh_silent (SSH)"


@pytest.mark.parametrize(
    ("option", "detail"),
    [
        ("KexAlgorithms diffie-hellman-group1-sha1", "key exchange"),
        ("HostKeyAlgorithms ssh-rsa", "host key"),
        ("MACs umac-64@openssh.com", "MAC"),
    ],
)
def test_a_device_that_knows_only_old_algorithms_is_told_which(device: Router, option: str, detail: str) -> None:
    with device.serving(option):
        result = ask(device.port)
    assert (result.reason, result.detail) == ("ssh_algorithms", detail)


def test_sessions_under_way_end_when_the_collector_stops(device: Router) -> None:
    device.shell("exec sleep 600")

    async def stopped(poller: Poller) -> bool:
        one = asyncio.create_task(poller("ssh_config", LOGIN, port=device.port, platform="frr", timeout_s=60.0))
        await asyncio.sleep(1.0)
        poller.doors.close()
        async with asyncio.timeout(50):
            return (await one).success

    assert polling(stopped) is False
