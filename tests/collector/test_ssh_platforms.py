"""Each platform over a real SSH session, with a screen written after its maker's documents: netmiko's class and ours.

What a maker's device really prints may differ in its details; docs/configurations.md says which were met.
"""

import pytest
from pydantic import SecretStr

from collector.platforms import PLATFORMS
from collector.target import SshLogin
from tests.support.polling import poll
from tests.support.printed import SAMPLES
from tests.support.router import PASSWORD, USER, Router

LOGIN = SshLogin(user=USER, password=SecretStr(PASSWORD))
FULL = LOGIN.model_copy(update={"enable_secret": SecretStr("planted-enable")})

PROMPTS = {
    "routeros": ("", "[netadmin@core] > "), "ios": ("core>", "core#"), "nxos": ("", "core# "),
    "junos": ("", "netadmin@core> "), "vrp": ("", "<core>"), "comware": ("", "<core>"), "frr": ("core> ", "core# "),
    "vyos": ("", "netadmin@core:~$ "), "fortios": ("", "core # "), "aoss": ("core> ", "core# "),
    "aoscx": ("core> ", "core# "), "ruijie": ("core>", "core#"), "zte": ("core>", "core#"),
    "tplink": ("core>", "core#"),
}  # fmt: skip
"""Platform to its prompt before and after `enable`; the first one empty where there is none."""

REFUSALS = {
    "routeros": "bad command name x (line 1 column 1)", "junos": "unknown command.",
    "vrp": "Error: Unrecognized command found at '^' position.", "comware": "% Unrecognized command found at '^'.",
    "vyos": "Invalid command: [x]", "fortios": "Unknown action 0", "aoss": "Invalid input: x",
    "aoscx": "Invalid input: x", "frr": "% Unknown command: x",
    "zte": "%Error 20200: Invalid input detected", "tplink": "Error: Bad command",
}  # fmt: skip

PAGERS = {"fortios": "--More-- ", "aoss": "-- MORE --, next page: Space, next line: Enter, quit: Control-C",
          "tplink": "Press any key to continue (Q to quit)", "ios": " --More-- "}  # fmt: skip
"""What some show at the end of each page, even where they were told not to."""

_SCREEN = """\
stty -echo -icanon OPTION
high='HIGH'; prompt='LOW'; [ -n "$prompt" ] || prompt="$high"
say() { printf '%s\\r\\n' "$1"; }
say 'Copyright of its maker'
printf '%s' "$prompt"
while read -r line; do
say "$line"
case "$line" in
enable) if [ "$prompt" != "$high" ] && [ -n "SECRET" ]; then
    printf 'Password: '; read -r told; say ''; [ "$told" = "SECRET" ] && prompt="$high"
  else prompt="$high"; fi;;
'COMMAND') if [ "$prompt" = "$high" ]; then
    head -n 6 FILE | sed 's/$/\\r/'
    if [ -n "PAGER" ]; then
      printf '%s' 'PAGER'; dd bs=1 count=1 >/dev/null 2>&1; printf '\\r%60s\\r' ''; fi
    tail -n +7 FILE | sed 's/$/\\r/'
  else say 'REFUSED'; fi;;
'') ;;
*screen-width*) say 'Screen width set to 511';;
*) say 'REFUSED';;
esac
printf '%s' "$prompt"
done"""

pytestmark = pytest.mark.root


def test_every_platform_has_a_screen() -> None:
    assert PROMPTS.keys() == PLATFORMS.keys()


@pytest.mark.parametrize(
    ("name", "secret"), [*((name, "") for name in PROMPTS), ("ios", "planted-enable"), ("tplink", "planted-enable")]
)
def test_the_configuration_comes_whole_through_prompt_pager_and_enable(device: Router, name: str, secret: str) -> None:
    low, high = PROMPTS[name]
    text = SAMPLES[name][0].replace("Running configuration:\n\n", "") + "\n"
    (device.folder / "screen").write_text(text, encoding="utf-8")
    script = _SCREEN
    for word, value in (
        ("HIGH", high), ("LOW", low), ("COMMAND", PLATFORMS[name].config[0]), ("FILE", str(device.folder / "screen")),
        ("PAGER", PAGERS.get(name, "")), ("REFUSED", REFUSALS.get(name, "% Invalid input detected at '^' marker.")
        .replace("'", "")), ("SECRET", secret),
        ("OPTION", "igncr" if name == "tplink" else ""),
    ):  # fmt: skip
        script = script.replace(word, value)
    device.shell(script)
    result = poll("ssh_config", FULL if secret else LOGIN, port=device.port, platform=name, timeout_s=60.0)
    assert result.reason is None, result.detail
    assert result.configuration is not None
    assert result.configuration.text == text
