import zlib
from base64 import b64encode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collector.platforms import PLATFORMS
from collector.shell.configs import LONGEST, Told, is_whole, lines_of, packed, tidy, told, unpacked

IOS = """Building configuration...

Current configuration : 1234 bytes
!
! Last configuration change at 10:11:12 ICT Mon Nov 23 2026 by admin
! NVRAM config last updated at 10:12:00 ICT Mon Nov 23 2026 by admin
!
version 15.2
hostname sw
ntp clock-period 17180152
end
"""


def lines(name: str, text: str) -> list[str]:
    return lines_of(PLATFORMS[name], text)


@pytest.mark.parametrize(
    ("name", "text", "changes"),
    [
        ("ios", IOS, ("1234", "10:11:12", "10:12:00", "17180152", "by admin")),
        ("nxos", "!Command: show running-config\n!Time: Mon Nov 23 10:11:12 2026\nversion 9.3", ("10:11:12",)),
        ("routeros", "# nov/23/2026 10:11:12 by RouterOS 6.49.10\n# software id = A\n/ip address\n", ("10:11:12",)),
        ("routeros", "# 2026-11-23 10:11:12 by RouterOS 7.11.2\n/ip address\n", ("10:11:12", "7.11.2")),
        ("junos", "## Last commit: 2026-11-23 10:11:12 ICT by admin\nversion 21;\n}\n", ("10:11:12", "admin")),
        ("vrp", "!Last configuration was updated at 2026-11-23 10:11:12+07:00 by admin\nsysname x", ("10:11:12",)),
        ("fortios", "#config-version=x\n#conf_file_ver=123\nset password ENC abc=\nend", ("123", "abc=")),
        ("ruijie", "Building configuration...\nCurrent configuration : 4321 bytes\nhostname x\nend", ("4321",)),
        ("frr", "Building configuration...\n\nCurrent configuration:\n!\nhostname x\nend", ("...",)),
    ],
)
def test_what_changes_by_itself_is_no_change(name: str, text: str, changes: tuple[str, ...]) -> None:
    for one in changes:
        assert one in text
        assert lines(name, text) == lines(name, text.replace(one, "other"))


@pytest.mark.parametrize(
    ("name", "dated"),
    [
        ("vrp", "2026-11-{day} 10:11:12.345 +07:00\n!Software Version V800R021\nsysname x\nreturn"),
        ("vrp", "2026-11-{day} 10:11:12\nsysname x\nreturn"),
        ("ios", "Load for five secs: {day}%/0%; one minute: 2%\nhostname x\nend"),
        ("ios", "Time source is NTP, 10:11:12.345 ICT Mon Nov {day} 2026\nhostname x\nend"),
        ("junos", "Nov {day} 10:11:12\nversion 21;\n}}\n"),
        ("zte", "!<mim>\n! Current configuration : {day} bytes\nhostname x\nend"),
    ],
)  # fmt: skip
def test_the_date_that_a_device_writes_over_whatever_it_prints_is_no_change(name: str, dated: str) -> None:
    today, tomorrow = (lines(name, dated.format(day=day)) for day in (23, 24))
    assert today == tomorrow
    assert any("x" in line or "version" in line for line in today)


def test_what_a_person_changes_is_a_change() -> None:
    assert lines("ios", IOS) != lines("ios", IOS.replace("hostname sw", "hostname sw2"))


@pytest.mark.parametrize(
    ("name", "text", "who", "when"),
    [
        ("ios", IOS, "admin", "10:11:12 ICT Mon Nov 23 2026"),
        ("ios", "! Last configuration change at 10:11:12 UTC Mon Nov 23 2026\nend", "", "10:11:12 UTC Mon Nov 23 2026"),
        ("junos", "## Last commit: 2026-11-23 10:11:12 ICT by ops\n}", "ops", "2026-11-23 10:11:12 ICT"),
        ("vrp", "!Last configuration was updated at 2026-11-23 10:11:12+07:00 by ops\n", "ops",
         "2026-11-23 10:11:12+07:00"),
        ("frr", "hostname x\nend", "", ""),
    ],
)  # fmt: skip
def test_a_configuration_may_say_who_changed_it(name: str, text: str, who: str, when: str) -> None:
    assert told(PLATFORMS[name], text) == Told(who, when)


def test_routeros_long_lines_are_one_line_wherever_they_were_broken() -> None:
    broken = '/ip firewall filter\nadd action=accept chain=input comment="a \\\n    b" src-address=10.0.0.1\n'
    assert lines("routeros", broken)[1] == 'add action=accept chain=input comment="a b" src-address=10.0.0.1'


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("ios", "% Invalid input detected\n"), ("ios", "version 15.2\nhostname sw\n"), ("ios", ""),
        ("routeros", "bad command name export\n"), ("junos", "system {\n"), ("vrp", "Error: Unrecognized command\n"),
        ("frr", "hostname core\n"), ("comware", "sysname x\n"), ("nxos", "hostname x\n"),
        ("fortios", "Unknown action 0\n"), ("fortios", "#config-version=x\nconfig system global\n"),
        ("fortios", "config system global\nend\n"), ("vyos", "Invalid command: [show]\n"), ("vyos", "set a b\n"),
        ("aoss", "Invalid input: running\n"), ("aoss", "; J1 Configuration Editor; Created on release #X\n"),
        ("aoscx", "!Version ArubaOS-CX X\nhostname x\n"), ("ruijie", "hostname x\n"), ("zte", "hostname x\n"),
        ("tplink", "Error: Bad command\n"),
    ],
)  # fmt: skip
def test_an_error_or_a_half_is_no_whole_configuration(name: str, text: str) -> None:
    assert not is_whole(PLATFORMS[name], tidy(text))


def test_a_text_is_kept_without_what_nobody_sees() -> None:
    assert tidy("\r\n\nhostname x  \r\nend\t\r\n\r\n") == "hostname x\nend\n"


@given(st.text(max_size=2_000))
def test_what_is_packed_is_unpacked_the_same(text: str) -> None:
    text = text.encode(errors="ignore").decode()
    assert unpacked(packed(text)) == text


@pytest.mark.parametrize(
    "words",
    [
        "not base64!",
        b64encode(b"not zlib").decode(),
        b64encode(zlib.compress(b"cut short" * 99)[:-6]).decode(),
        b64encode(zlib.compress(b"x" * (LONGEST + 1))).decode(),
        b64encode(zlib.compress(b"\xff\xfe")).decode(),
        b64encode(zlib.compress(bytes(200_000_000), 9)).decode(),
    ],
    ids=["base64", "zlib", "short", "long", "utf-8", "bomb"],
)
def test_what_was_never_packed_is_refused(words: str) -> None:
    with pytest.raises(ValueError, match=r".*"):
        unpacked(words)


@given(st.sampled_from(sorted(PLATFORMS)), st.text(max_size=500))
def test_no_text_of_a_hostile_device_breaks_anything(name: str, text: str) -> None:
    platform = PLATFORMS[name]
    told(platform, text)
    lines_of(platform, tidy(text))
    is_whole(platform, tidy(text))
