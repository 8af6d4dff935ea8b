"""Logins that may not read the configuration yet: a real console in user mode, and the secret for more."""

import logging
import os
import threading
from collections.abc import Iterator

import pytest
from pydantic import SecretStr

from collector.probe import Result
from collector.target import SshLogin
from tests.support.logs import everything_logged
from tests.support.polling import Poller, poll, polling
from tests.support.router import PASSWORD, USER, Router
from tests.support.running import shown_below
from tests.support.vty import SECRET, Vty, vty

PLAIN = SshLogin(user=USER, password=SecretStr(PASSWORD))
FULL = PLAIN.model_copy(update={"enable_secret": SecretStr(SECRET)})
WRONG = PLAIN.model_copy(update={"enable_secret": SecretStr("planted-wrong")})

pytestmark = pytest.mark.root


@pytest.fixture(scope="module")
def console() -> Iterator[Vty]:
    with vty() as it:
        yield it


def ask(device: Router, login: SshLogin, kind: str = "ssh_config", **options: object) -> Result:
    return poll(kind, login, port=device.port, platform="frr", **({"timeout_s": 60.0} | options))  # type: ignore[arg-type]


def test_with_the_secret_the_configuration_is_read(device: Router, console: Vty) -> None:
    console.shell(device)
    result = ask(device, FULL)
    assert result.reason is None
    assert result.configuration is not None
    assert "router bgp 65000" in result.configuration.text


def test_facts_need_no_secret_and_none_is_sent(device: Router, console: Vty) -> None:
    console.shell(device)
    for login in (PLAIN, WRONG):
        result = ask(device, login, "ssh_facts")
        assert [seen.value for seen in result.observations if seen.kind == "firmware"] == ["FRR 8.4.4"]


def test_a_wrong_secret_is_named_after_one_try_and_not_tried_again(device: Router, console: Vty) -> None:
    console.shell(device)

    async def twice(poller: Poller) -> list[tuple[str | None, str]]:
        words = {"port": device.port, "platform": "frr", "timeout_s": 60.0}
        results = [await poller("ssh_config", WRONG, **words) for _ in range(2)]
        results.append(await poller("ssh_config", WRONG, **words, again=True))
        results.append(await poller("ssh_config", FULL, **words))
        return [(result.reason, result.detail) for result in results]

    assert polling(twice) == [("ssh_enable", "enable"), ("ssh_held", "enable"), ("ssh_enable", "enable"), (None, "")]


def test_a_device_that_asks_for_a_secret_that_is_not_stored_says_so(device: Router, console: Vty) -> None:
    console.shell(device)
    result = ask(device, PLAIN)
    assert (result.reason, result.detail) == ("ssh_enable_missing", "enable")


def test_a_device_that_asks_for_no_secret_lets_up(device: Router) -> None:
    with vty(secret="") as open_console:
        open_console.shell(device)
        for login in (PLAIN, WRONG):
            assert ask(device, login).reason is None


_KEEPER = """\
stty -echo
prompt='<core>'
printf "$prompt"
while read -r line; do case "$line" in
super) printf 'super\\r\\n Password: '; read -r secret; echo "$secret" >> FOLDER/told
  printf '\\r\\n'
  if [ "$secret" = right ]; then full=1; printf 'User privilege role is network-admin.\\r\\n'
  else printf 'OUTCOME'; [ "OUTCOME" != " Password: " ] || { read -r secret; echo "$secret" >> FOLDER/told; }; fi;;
*current-configuration*) printf '%s\\r\\n' "$line"
  if [ -n "$full" ]; then printf ' sysname core\\r\\nreturn\\r\\n'; else printf 'Permission denied.\\r\\n'; fi;;
*) printf '%s\\r\\n' "$line";;
esac; printf "$prompt"; done"""
"""A device that knows `super`, written after the maker's manual."""


@pytest.mark.parametrize(
    ("secret", "outcome", "reason"),
    [
        ("right", "", None),
        ("wrong", "Error: Password incorrect.\\r\\n", "ssh_enable"),
        ("wrong", " Password: ", "ssh_enable"),
        (None, "", "ssh_refused"),
    ],
)
@pytest.mark.parametrize("platform", ["comware", "vrp"])
def test_super_is_typed_where_a_secret_is_stored_and_the_secret_told_once(
    device: Router, platform: str, secret: str | None, outcome: str, reason: str | None
) -> None:
    told = device.folder / "told"
    told.write_text("")
    script = _KEEPER.replace("OUTCOME", outcome).replace("FOLDER", str(device.folder))
    device.shell(script)
    login = PLAIN if secret is None else PLAIN.model_copy(update={"enable_secret": SecretStr(secret)})
    result = poll("ssh_config", login, port=device.port, platform=platform, timeout_s=60.0)
    assert result.reason == reason
    assert told.read_text().split() == ([] if secret is None else [secret])


def test_a_secret_with_a_line_end_is_never_typed(device: Router, console: Vty) -> None:
    console.shell(device)
    result = ask(device, PLAIN.model_copy(update={"enable_secret": SecretStr(f"{SECRET}\nconfigure terminal")}))
    assert (result.reason, result.detail) == ("credential", "enable_secret")


def test_a_login_that_has_all_rights_is_asked_for_nothing(device: Router) -> None:
    device.vtysh()
    assert ask(device, WRONG).success


def test_the_secret_reaches_no_log_no_process_list_and_no_result(device: Router, console: Vty) -> None:
    console.shell(device)
    lists: list[str] = []
    stop = threading.Event()

    def watch() -> None:
        while not stop.is_set():
            lists.append(shown_below(os.getpid()))

    watcher = threading.Thread(target=watch)
    with everything_logged() as logged:
        watcher.start()
        results = [ask(device, login) for login in (FULL, WRONG, PLAIN)]
        stop.set()
        watcher.join()
    shown = [*logged, *lists, *map(repr, (*results, FULL, WRONG))]
    assert [words for words in shown if SECRET in words or "planted-wrong" in words] == []
    assert logging.getLogger("netmiko").filters == []
