"""What people see of configurations: every planted secret hidden, everything else readable."""

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collector.platforms import PLATFORMS
from collector.shell.configs import is_whole, lines_of, tidy
from collector.shell.masking import LONGEST_LINE, masked
from tests.support.printed import FORTIOS, SAMPLES

KEPT = {
    "ios": ("hostname sw-core", " description uplink to the district", "service password-encryption"),
    "routeros": ("add address=10.20.4.1/24 interface=bridge", "/snmp community"),
    "junos": ("        authorization read-only;", "    community ", "version 21.2R3;"),
    "vrp": ("sysname sw-tan-lap", " ip address 10.0.0.1 255.255.255.0", "ike proposal 1"),
    "comware": (" sysname h3c", "line vty 0 63"),
    "frr": ("hostname core", "interface eth0", "router bgp 65000"),
    "nxos": ("version 9.3(8)", "  vrf member management"),
    "fortios": ('    set hostname "fw-huyen"', "        set subnet 10.20.4.0 255.255.255.0", '    edit "watcher"'),
    "vyos": ("set interfaces ethernet eth0 description 'to the district'", "set system host-name 'rt-vyos'"),
    "aoss": ('hostname "sw-xa"', "   untagged 1-24", "include-credentials"),
    "aoscx": ("hostname sw-cx", "    description uplink", "!Version ArubaOS-CX ML.10.08.1010"),
    "ruijie": ("hostname sw-ruijie", " description to the commune"),
    "zte": ("hostname rt-zte", "  description to the district"),
    "tplink": (' name "Office"', '  description "uplink"'),
}
"""What people have to be able to read all the same."""


def mark(secret: str) -> str:
    return "⟨" + hashlib.sha256(secret.encode()).hexdigest()[:4] + "⟩"


def shown(name: str, text: str) -> str:
    platform = PLATFORMS[name]
    return "\n".join(masked(platform, lines_of(platform, text), mark))


def test_every_platform_has_a_sample() -> None:
    assert SAMPLES.keys() == KEPT.keys() == PLATFORMS.keys()


@pytest.mark.parametrize("name", sorted(SAMPLES))
def test_no_planted_secret_is_shown(name: str) -> None:
    text, planted = SAMPLES[name]
    assert {f"PLANTED{number:02d}" in text for number in range(1, planted + 1)} == {True}
    assert [line for line in shown(name, text).splitlines() if "PLANTED" in line] == []


@pytest.mark.parametrize("name", sorted(KEPT))
def test_what_is_no_secret_can_be_read(name: str) -> None:
    text = shown(name, SAMPLES[name][0])
    assert [words for words in KEPT[name] if words not in text] == []


@pytest.mark.parametrize("name", sorted(SAMPLES))
def test_a_whole_configuration_is_known_as_one(name: str) -> None:
    assert is_whole(PLATFORMS[name], tidy(SAMPLES[name][0]))


@pytest.mark.parametrize("name", sorted(SAMPLES.keys() - {"fortios"}))
def test_a_changed_secret_is_seen_as_changed(name: str) -> None:
    text = SAMPLES[name][0]
    assert shown(name, text) != shown(name, text.replace("PLANTED01", "PLANTED99"))


def test_what_is_sealed_anew_each_time_it_is_printed_is_no_change_and_a_word_typed_in_clear_is_one() -> None:
    again = FORTIOS.replace("ENC PLANTED0", "ENC Other0").replace("PLANTED10\nPLANTED11", "Other\nOther")
    assert lines_of(PLATFORMS["fortios"], FORTIOS) == lines_of(PLATFORMS["fortios"], again)
    assert shown("fortios", FORTIOS) != shown("fortios", FORTIOS.replace("PLANTED08", "PLANTED99"))
    assert shown("fortios", FORTIOS) != shown("fortios", FORTIOS.replace("PLANTED02", "PLANTED99"))


def test_the_lines_of_a_private_key_are_hidden_between_their_frame() -> None:
    text = "banner\n-----BEGIN RSA PRIVATE KEY-----\nPLANTED1\nPLANTED2\n-----END RSA PRIVATE KEY-----\nhostname x"
    lines = masked(PLATFORMS["ios"], text.splitlines(), mark)
    assert len(lines) == 6
    assert "PLANTED" not in "\n".join(lines)
    assert (lines[1], lines[4], lines[5]) == tuple(text.splitlines()[number] for number in (1, 4, 5))


def test_a_line_too_long_to_search_is_hidden_altogether() -> None:
    (line,) = masked(PLATFORMS["ios"], ["x" * LONGEST_LINE + " password PLANTED"], mark)
    assert len(line) < 20


@given(st.sampled_from(sorted(PLATFORMS)), st.lists(st.text(max_size=200), max_size=20))
def test_whatever_a_device_prints_has_as_many_lines_masked(name: str, lines: list[str]) -> None:
    assert len(masked(PLATFORMS[name], lines, mark)) == len(lines)


@given(
    st.sampled_from(sorted(PLATFORMS)),
    st.sampled_from(("password", "secret", "community", "pre-shared-key", "key-string", "Password", "SECRET")),
    st.text(st.characters(codec="ascii", categories=("L", "N", "P", "S")), min_size=4, max_size=60),
)
def test_what_follows_a_word_for_a_secret_is_hidden(name: str, word: str, secret: str) -> None:
    planted = f"{secret[0]}7Zq{secret[1:]}"
    (line,) = masked(PLATFORMS[name], [f" some {word} {planted}"], lambda _: "⟨⟩")
    assert "7Zq" not in line
