import asyncio
import os
import subprocess
import threading
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from collector.probe import Result
from collector.ssh import SESSIONS
from collector.target import SshLogin
from tests.support.logs import everything_logged
from tests.support.parts import free_port, need
from tests.support.polling import Poller, in_time, poll, polling
from tests.support.router import PASSWORD, USER, Router
from tests.support.running import shown_below, wait
from tests.support.speaker import Speaker

LOGIN = SshLogin(user=USER, password=SecretStr(PASSWORD))
OTHER_KEY = "ssh-ed25519 SHA256:" + "A" * 43

pytestmark = pytest.mark.root


def ask(port: int, kind: str = "ssh_config", login: SshLogin = LOGIN, **options: Any) -> Result:
    return poll(kind, login, port=port, platform="frr", **({"timeout_s": 60.0} | options))


def test_the_configuration_comes_whole_and_names_the_key_that_was_proved(device: Router) -> None:
    result = ask(device.port)
    assert result.success
    assert result.configuration is not None
    assert " description core loopback\n" in result.configuration.text
    assert [(seen.kind, seen.value) for seen in result.observations] == [("host_key", device.fingerprint())]


def test_a_private_key_is_as_good_as_a_password(device: Router, tmp_path: Path) -> None:
    words = [need("ssh-keygen"), "-q", "-t", "ed25519", "-N", "", "-f", str(tmp_path / "key")]
    subprocess.run(words, check=True, timeout=30, stdin=subprocess.DEVNULL)
    (device.folder / "authorized_keys").write_text((tmp_path / "key.pub").read_text())
    login = SshLogin(user=USER, private_key=SecretStr((tmp_path / "key").read_text()))
    assert ask(device.port, login=login).success


def test_a_private_key_that_is_none_is_a_wrong_credential(device: Router) -> None:
    result = ask(device.port, login=SshLogin(user=USER, private_key=SecretStr("no key")))
    assert (result.reason, result.detail) == ("credential", "private_key")


def test_a_wrong_password_is_named_as_such(device: Router) -> None:
    result = ask(device.port, login=SshLogin(user=USER, password=SecretStr("wrong")))
    assert (result.reason, result.detail) == ("ssh_login", USER)


def test_a_device_that_proves_another_key_is_told_no_password(device: Router) -> None:
    before = (device.folder / "sshd.log").read_text().count("password")
    result = ask(device.port, host_key=OTHER_KEY)
    assert (result.reason, result.detail) == ("ssh_host_key", device.fingerprint())
    assert (device.folder / "sshd.log").read_text().count("password") == before


def test_of_several_keys_of_a_device_the_one_that_is_known_counts(device: Router) -> None:
    known = device.fingerprint("rsa_key", "ssh-rsa")
    result = ask(device.port, host_key=known)
    assert result.success
    assert [seen.value for seen in result.observations] == [known]


def test_a_key_that_changes_while_the_books_know_none_is_noticed_until_they_are_asked_again(device: Router) -> None:
    async def swapped(poller: Poller) -> list[str | None]:
        async def reason(**more: str) -> str | None:
            result = await poller("ssh_config", LOGIN, port=device.port, platform="frr", timeout_s=60, **more)
            return result.reason

        first = await reason()
        await asyncio.to_thread(device.renew_key)
        second, pinned = await reason(), await reason(host_key=device.fingerprint())
        await asyncio.to_thread(device.renew_key)
        # Somebody has cleared the key in the books: whatever the device shows now is taken.
        return [first, second, pinned, await reason()]

    assert polling(swapped) == [None, "ssh_host_key", None, None]


def test_a_closed_port_is_a_failure_to_connect() -> None:
    result = ask(free_port())
    assert (result.reason, result.detail) == ("connect", "Connection refused")


def test_a_port_that_speaks_something_else_is_no_ssh() -> None:
    with Speaker(lambda _: (b"220 mail.example ESMTP\r\n",), listens=False) as server:
        assert ask(server.port).reason == "ssh_hello"


@pytest.mark.parametrize("line", [b"x" * 1_000, b"welcome\r\n" * 100], ids=["one line", "lines"])
def test_a_greeting_that_never_ends_is_cut_off(line: bytes) -> None:
    def endless(_: bytes) -> Iterable[bytes]:
        while True:
            yield line

    with Speaker(endless, listens=False) as server:
        result = ask(server.port, timeout_s=60.0)
    assert result.reason == "ssh_hello"


def test_a_greeting_that_drips_ends_with_the_deadline() -> None:
    def dripping(_: bytes) -> Iterable[bytes | float]:
        while True:
            yield b"x"
            yield 0.1

    with Speaker(dripping, listens=False) as server:
        result = in_time(lambda timeout_s: ask(server.port, timeout_s=timeout_s), 1.5)
    assert (result.reason, result.detail) == ("ssh_silent", "SSH")


def test_a_session_that_gives_no_prompt_ends_with_the_deadline(device: Router) -> None:
    device.shell("exec sleep 600")
    result = in_time(lambda timeout_s: ask(device.port, timeout_s=timeout_s), 4.0, early=("SSH",))
    assert (result.reason, result.detail) == ("ssh_silent", "prompt")


def test_a_session_that_ends_at_once_is_broken(device: Router) -> None:
    device.shell("exit 0")
    result = ask(device.port, timeout_s=60.0)
    assert (result.reason, result.detail) == ("broken", "prompt")
    assert result.duration_s < 50


@pytest.mark.parametrize("when", ["before the prompt", "as the answer"])
def test_an_answer_of_a_hundred_megabytes_is_cut_off(device: Router, when: str) -> None:
    flood = "exec head -c 100000000 /dev/zero | tr '\\0' x"
    (device.shell if when == "before the prompt" else device.answer)(flood)
    result = ask(device.port, timeout_s=60.0)
    assert result.reason == "ssh_too_long"


def test_a_command_that_never_answers_ends_with_the_deadline(device: Router) -> None:
    device.answer("exec sleep 600")
    result = in_time(lambda timeout_s: ask(device.port, timeout_s=timeout_s), 4.0, early=("SSH", "prompt"))
    assert (result.reason, result.detail) == ("ssh_silent", "command")


def test_a_command_that_is_refused_is_named(device: Router) -> None:
    device.answer("printf '%% Unknown command: show running-config\\r\\ncore# '")
    for kind, command in (("ssh_config", "show running-config"), ("ssh_facts", "show version")):
        result = ask(device.port, kind)
        assert (result.reason, result.detail) == ("ssh_refused", command)


def test_half_a_configuration_is_not_taken_for_one(device: Router) -> None:
    device.answer("printf 'hostname core\\r\\ninterface lo\\r\\ncore# '")
    assert ask(device.port).reason == "ssh_incomplete"


def test_a_device_is_reached_through_another_host(device: Router) -> None:
    jump = {"jump_address": "127.0.0.1", "jump_port": device.port, "jump_host_key": device.fingerprint()}
    assert ask(device.port, **jump).success


def test_a_host_on_the_way_that_fails_is_named_with_its_own_reason(device: Router) -> None:
    jump: dict[str, Any] = {"jump_address": "127.0.0.1", "jump_port": free_port(), "jump_host_key": OTHER_KEY}
    gone = ask(device.port, **jump)
    assert (gone.reason, gone.detail) == ("ssh_jump", "127.0.0.1: connect (Connection refused)")
    swapped = ask(device.port, **(jump | {"jump_port": device.port}))
    assert swapped.reason == "ssh_jump"
    assert device.fingerprint() in swapped.detail
    jump |= {"jump_port": device.port, "jump_host_key": device.fingerprint()}
    assert ask(free_port(), **jump).reason == "ssh_jump"
    unknown = ask(device.port, jump_address="127.0.0.1")
    assert (unknown.reason, unknown.detail) == ("ssh_jump_key", "127.0.0.1")


def test_no_secret_reaches_a_log_a_process_list_or_a_result(device: Router) -> None:
    lists: list[str] = []
    stop = threading.Event()

    def watch() -> None:
        while not stop.is_set():
            lists.append(shown_below(os.getpid()))

    watcher = threading.Thread(target=watch)
    with everything_logged() as logged:
        watcher.start()
        good = ask(device.port)
        bad = ask(device.port, host_key=OTHER_KEY)
        wrong = ask(device.port, login=SshLogin(user=USER, password=SecretStr(PASSWORD + "x")))
        device.shell("exec sleep 600")
        silent = ask(device.port, timeout_s=2.0)
        stop.set()
        watcher.join()
    assert all(lists)
    shown = [*logged, *lists, *(repr(result) for result in (good, bad, wrong, silent))]
    assert not [words for words in shown if PASSWORD in words or "planted" in words.replace("planted-", "planted")]


def test_more_sessions_than_there_are_wait_for_each_other_within_their_deadline(device: Router) -> None:
    device.shell("exec sleep 600")

    async def many(poller: Poller, timeout_s: float) -> list[Result]:
        words = {"port": device.port, "platform": "frr", "timeout_s": timeout_s}
        return await asyncio.gather(*(poller("ssh_config", LOGIN, **words) for _ in range(SESSIONS + 3)))

    wanted = {"ssh_busy": 3, "ssh_silent": SESSIONS}
    # A process that stands still just then says something else: once, not each time.
    for timeout_s in (3.0, 6.0, 12.0, 24.0):
        results = polling(lambda poller, timeout_s=timeout_s: many(poller, timeout_s))
        if (found := Counter(result.reason for result in results)) == wanted:
            break
    assert found == wanted


def test_a_poll_that_is_given_up_leaves_no_session_behind(device: Router) -> None:
    device.shell("exec sleep 600")
    before = set(threading.enumerate())

    async def given_up(poller: Poller) -> None:
        one = asyncio.create_task(poller("ssh_config", LOGIN, port=device.port, platform="frr", timeout_s=60.0))
        await asyncio.sleep(1.0)
        one.cancel()
        await asyncio.gather(one, return_exceptions=True)

    polling(given_up)
    wait(lambda: not [one for one in set(threading.enumerate()) - before if one.name.startswith(("ssh", "Thread"))])
