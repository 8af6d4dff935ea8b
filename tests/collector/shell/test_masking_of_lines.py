"""Lines that makers write in ways of their own: the secret in each is hidden, and what only looks like one is not."""

import pytest

from collector.platforms import PLATFORMS
from collector.shell.masking import masked

SECRET = {
    "ios": (
        " client 10.0.0.1 server-key 7 PLANTED",
        " server-key PLANTED",
        " area-password PLANTED",
        " domain-password PLANTED authenticate snp validate",
        " ospfv3 authentication ipsec spi 500 sha1 7 PLANTED",
        " ospfv3 encryption ipsec spi 1001 esp 3des 7 PLANTED md5 7 PLANTED",
        " ipv6 ospf encryption ipsec spi 1001 esp aes-cbc 128 PLANTED sha1 PLANTED",
        " area 0 encryption ipsec spi 500 esp null sha1 PLANTED",
        " ip nhrp authentication PLANTED",
        "   authentication mode hmac-sha-256 7 PLANTED",
        "  pin PLANTED",
        "cisp-key PLANTED",
        "event manager environment _email_pass PLANTED",
        "event manager environment _password PLANTED",
        "snmp mib community-map PLANTED context vlan-20",
        "  mail-server u:PLANTED@10.0.0.1 priority 1",
    ),
    "nxos": (
        "  key-octet-string 7 PLANTED cryptographic-algorithm AES_128_CMAC",
        "    authentication text PLANTED",
    ),
    "junos": ("    privacy-password PLANTED;", "    cak PLANTED;", "    simple-password PLANTED;"),
    "vrp": (
        " ospf authentication-mode hmac-md5 1 plain PLANTED",
        " md5-password plain 1.1.1.1 PLANTED",
        " ntp-service authentication-keyid 1 authentication-mode hmac-sha256 PLANTED",
        " sa string-key inbound esp PLANTED",
        " sa authentication-hex inbound ah PLANTED",
        " user-password PLANTED",
        " macsec cak PLANTED",
    ),
    "comware": ("snmp-agent community-name PLANTED",),
    "frr": (" area-password clear PLANTED", " ip nhrp authentication PLANTED"),
    "vyos": (
        "set interfaces macsec macsec0 security mka cak 'PLANTED'",
        "set protocols nhrp tunnel tun0 cisco-authentication 'PLANTED'",
        "set container name web environment DB_PASS value 'PLANTED'",
    ),
    "routeros": (
        r'add name=x source="/tool fetch url=\"https://api.telegram.org/bot123:PLANTED/sendMessage\""',
        "add cak=PLANTED ckn=x",
    ),
    "fortios": (
        "        set tertiary-key PLANTED",
        "        set md5-keys PLANTED",
        "        set ddns-key PLANTED",
        r'        set http-body "{\"password\":\"PLANTED\"}"',
        '        set http-headers "Authorization: Basic PLANTED"',
        '            set value "Bearer PLANTED"',
        "        set authkey PLANTED",
        "        set enckey PLANTED",
        "        set uploadpass PLANTED",
    ),
    "aoss": (' ntp authentication key-id 1 authentication-mode sha1 key-value "PLANTED" trusted',),
    "ruijie": (" security static-wep-key encryption 40 ascii 1 PLANTED",),
    "zte": (
        " authentication encrypted PLANTED",
        " isis authentication PLANTED",
        " vrrp 1 authentication PLANTED",
        " nvram boot-password PLANTED",
    ),
    "tplink": ('snmp-server host 10.0.0.1 162 "PLANTED" smode v2c slev noAuthNoPriv type trap',),
}

HARMLESS = (
    "service password-encryption",
    " description uplink to 10.0.0.1:22 of user@host",
    " ip ospf authentication message-digest",
    "aaa authentication login default group tacacs+ local",
    "ip ssh server algorithm mac hmac-sha2-256 hmac-sha1",
    "crypto ipsec transform-set T esp-aes 256 esp-sha-hmac",
    "ntp trusted-key 1",
    " neighbor 10.0.0.1 send-community both",
    "ip bgp-community new-format",
    " set keylife 86400",
    '        set ssh-public-key1 "ssh-rsa AAA"',
    "snmp-server contact admin@huyen.vn:80",
    " sa spi inbound ah 300",
)


@pytest.mark.parametrize(("name", "line"), [(name, line) for name, lines in SECRET.items() for line in lines])
def test_a_secret_is_hidden_however_its_maker_writes_it(name: str, line: str) -> None:
    (shown,) = masked(PLATFORMS[name], [line], lambda _: "⟨⟩")
    assert "PLANTED" not in shown


def test_the_identity_of_a_member_of_a_network_is_hidden() -> None:
    lines = masked(PLATFORMS["routeros"], ["/zerotier", "add identity=PLANTED name=zt1"], lambda _: "⟨⟩")
    assert lines == ["/zerotier", "add identity=⟨⟩ name=zt1"]


@pytest.mark.parametrize("name", ["ios", "nxos", "vrp", "comware", "zte", "fortios", "ruijie", "aoscx"])
def test_what_only_looks_like_a_secret_can_be_read(name: str) -> None:
    assert masked(PLATFORMS[name], HARMLESS, lambda _: "⟨⟩") == list(HARMLESS)


@pytest.mark.parametrize("name", sorted(PLATFORMS))
def test_no_line_takes_long_to_search(name: str) -> None:
    for piece in ("a-", "key ", "-key", "://", "a:", 'password="\\', "authentication ", "$1a"):
        masked(PLATFORMS[name], [piece * (1_000 // len(piece))], lambda _: "⟨⟩")
