"""Configurations as devices of each platform print them, with a secret planted wherever one may stand."""

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collector.platforms import PLATFORMS
from collector.shell.configs import lines_of
from collector.shell.masking import LONGEST_LINE, masked

IOS = """\
version 15.2
service password-encryption
hostname sw-core
enable secret 9 $9$PLANTED01$PLANTED02
enable password 7 PLANTED03
username admin privilege 15 secret 5 $1$PLANTED04$PLANTED05
username guard password 0 PLANTED06
aaa new-model
interface Vlan10
 description uplink to the district
 ip address 10.0.0.1 255.255.255.0
 standby 1 authentication PLANTED07
 ip ospf authentication-key 7 PLANTED08
 ip ospf message-digest-key 1 md5 7 PLANTED09
 ppp chap password 7 PLANTED10
router bgp 65000
 neighbor 10.0.0.2 password 7 PLANTED11
key chain routes
 key 1
  key-string 7 PLANTED12
snmp-server community PLANTED13 RO 10
snmp-server host 10.0.0.9 version 2c PLANTED14
snmp-server host 10.0.0.9 traps PLANTED15 config
snmp-server user watcher readers v3 auth sha PLANTED16 priv aes 128 PLANTED17
tacacs-server key 7 PLANTED18
radius server main
 key 7 PLANTED19
crypto isakmp key PLANTED20 address 203.0.113.1
wpa-psk ascii 7 PLANTED21
archive
 path scp://backup:PLANTED22@10.0.0.7/sw
line vty 0 4
 password 7 PLANTED23
end"""

ROUTEROS = """\
# 2026-11-23 10:11:12 by RouterOS 7.11.2
/interface wireguard
add listen-port=13231 name=wg1 private-key="PLANTED01="
/interface wireguard peers
add interface=wg1 preshared-key="PLANTED02" public-key="abc="
/interface wireless security-profiles
set [ find default=yes ] wpa-pre-shared-key=PLANTED03 wpa2-pre-shared-key=\\
    "PLANTED04 with blanks"
/ip ipsec identity
add peer=office secret="PLANTED05 \\"quoted\\" PLANTED06"
/ppp secret
add name=branch password=PLANTED07 service=l2tp
/snmp community
set [ find default=yes ] addresses=10.0.0.0/8 name=PLANTED08
add authentication-password=PLANTED09 encryption-password=PLANTED10 name=PLANTED11
/snmp
set enabled=yes trap-community=PLANTED12
/radius
add address=10.0.0.9 secret=PLANTED13 service=login
/tool e-mail
set from=r@example.vn password=PLANTED14 server=10.0.0.5
/system script
add name=up source="/tool fetch url=\\"ftp://user:PLANTED15@10.0.0.7/x\\" password=\\"PLANTED16\\""
/ip hotspot user
add name=guest password=PLANTED17
/interface lte apn
add apn=internet passphrase=PLANTED18
/ip address
add address=10.20.4.1/24 interface=bridge"""

JUNOS = """\
version 21.2R3;
system {
    root-authentication {
        encrypted-password "$6$PLANTED01$PLANTED02"; ## SECRET-DATA
    }
    login {
        user admin {
            authentication {
                encrypted-password "$5$PLANTED03$PLANTED04"; ## SECRET-DATA
            }
        }
    }
    radius-server {
        10.0.0.9 secret "$9$PLANTED05"; ## SECRET-DATA
    }
}
security {
    ike {
        policy office {
            pre-shared-key ascii-text "$9$PLANTED06"; ## SECRET-DATA
        }
    }
}
snmp {
    community PLANTED07 {
        authorization read-only;
    }
    v3 {
        usm {
            authentication-sha {
                authentication-key "$9$PLANTED08"; ## SECRET-DATA
            }
        }
    }
}
protocols {
    bgp {
        group out {
            authentication-key "$9$PLANTED09"; ## SECRET-DATA
        }
    }
}"""

VRP = """\
sysname sw-tan-lap
snmp-agent community read cipher %^%#PLANTED01%^%#
snmp-agent community write PLANTED02
snmp-agent usm-user v3 watcher authentication-mode sha cipher %^%#PLANTED03%^%#
snmp-agent target-host trap address udp-domain 10.0.0.9 params securityname cipher %^%#PLANTED04%^%#
aaa
 local-user admin password irreversible-cipher $1a$PLANTED05$PLANTED06$
 local-user guard password cipher PLANTED07
radius-server template main
 radius-server shared-key cipher %^%#PLANTED08%^%#
interface Vlanif10
 ip address 10.0.0.1 255.255.255.0
 ospf authentication-mode md5 1 cipher PLANTED09
ike proposal 1
ike peer office
 pre-shared-key cipher %^%#PLANTED10%^%#
wlan
 security wpa2 psk pass-phrase PLANTED11 aes
hwtacacs-server shared-key cipher @%@%PLANTED12@%@%
return"""

COMWARE = """\
 sysname h3c
 snmp-agent community read simple PLANTED01
 snmp-agent community write cipher $c$3$PLANTED02
 snmp-agent usm-user v3 u g simple authentication-mode sha PLANTED03 privacy-mode aes128 PLANTED04
local-user admin class manage
 password hash $h$6$PLANTED05$PLANTED06
line vty 0 63
 set authentication password hash $h$6$PLANTED07
radius scheme main
 key authentication cipher $c$3$PLANTED08
return"""

FRR = """\
frr version 8.4.4
hostname core
password PLANTED01
enable password PLANTED02
interface eth0
 ip ospf authentication-key PLANTED03
 ip ospf message-digest-key 1 md5 PLANTED04
router bgp 65000
 neighbor 10.0.0.2 password PLANTED05
key chain routes
 key 1
  key-string PLANTED06
end"""

NXOS = """\
version 9.3(8)
username admin password 5 $5$PLANTED01$PLANTED02  role network-admin
snmp-server user admin network-admin auth md5 0xPLANTED03 priv 0xPLANTED04 localizedkey
snmp-server host 10.0.0.9 traps version 2c PLANTED05
snmp-server community PLANTED06 group network-operator
tacacs-server host 10.0.0.8 key 7 "PLANTED07"
interface mgmt0
  vrf member management"""

SAMPLES = {
    "ios": (IOS, 23), "routeros": (ROUTEROS, 18), "junos": (JUNOS, 9), "vrp": (VRP, 12), "comware": (COMWARE, 8),
    "frr": (FRR, 6), "nxos": (NXOS, 7),
}  # fmt: skip
"""Platform to a configuration and to how many secrets are planted in it."""

KEPT = {
    "ios": ("hostname sw-core", " description uplink to the district", "service password-encryption"),
    "routeros": ("add address=10.20.4.1/24 interface=bridge", "/snmp community"),
    "junos": ("        authorization read-only;", "    community ", "version 21.2R3;"),
    "vrp": ("sysname sw-tan-lap", " ip address 10.0.0.1 255.255.255.0", "ike proposal 1"),
    "comware": (" sysname h3c", "line vty 0 63"),
    "frr": ("hostname core", "interface eth0", "router bgp 65000"),
    "nxos": ("version 9.3(8)", "  vrf member management"),
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
def test_a_changed_secret_is_seen_as_changed(name: str) -> None:
    text = SAMPLES[name][0]
    assert shown(name, text) != shown(name, text.replace("PLANTED01", "PLANTED99"))


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
