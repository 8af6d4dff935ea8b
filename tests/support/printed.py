"""Configurations as devices of each platform print them, with a secret planted wherever one may stand.

Written after the makers' documents; no device of anybody printed them.
"""

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

FORTIOS = """\
#config-version=FGT60F-7.0.5-FW-build0304-220208:opmode=0:vdom=0:user=quang
#conf_file_ver=1234567890123
config system global
    set hostname "fw-huyen"
end
config system admin
    edit "admin"
        set password ENC PLANTED01==
    next
end
config system snmp community
    edit 1
        set name "PLANTED02"
        config hosts
            edit 1
                set ip 10.0.0.9 255.255.255.255
            next
        end
    next
    edit 2
        set name "PLANTED03"
    next
end
config system snmp user
    edit "watcher"
        set auth-pwd ENC PLANTED04
        set priv-pwd ENC PLANTED05
    next
end
config vpn ipsec phase1-interface
    edit "office"
        set psksecret ENC PLANTED06
    next
end
config user radius
    edit "main"
        set secret ENC PLANTED07
    next
end
config wireless-controller vap
    edit "wifi"
        set passphrase PLANTED08
    next
end
config router ospf
    config md5-keys
        edit 1
            set key-string ENC PLANTED09
        next
    end
end
config vpn certificate local
    edit "own"
        set private-key "-----BEGIN ENCRYPTED PRIVATE KEY-----
PLANTED10
PLANTED11
-----END ENCRYPTED PRIVATE KEY-----"
    next
end
config firewall address
    edit "lan"
        set subnet 10.20.4.0 255.255.255.0
    next
end"""

VYOS = """\
set interfaces ethernet eth0 address '10.0.0.1/24'
set interfaces ethernet eth0 description 'to the district'
set interfaces openvpn vtun0 shared-secret-key-file 'PLANTED01'
set interfaces wireguard wg0 private-key 'PLANTED02'
set interfaces wireguard wg0 peer one preshared-key 'PLANTED03'
set interfaces wireless wlan0 security wpa passphrase 'PLANTED04'
set protocols bgp 65000 neighbor 10.0.0.2 password 'PLANTED05'
set protocols ospf interface eth0 authentication md5 key-id 1 md5-key 'PLANTED06'
set protocols ospf interface eth1 authentication plaintext-password 'PLANTED07'
set service snmp community PLANTED08 authorization 'ro'
set service snmp v3 user watcher auth encrypted-password 'PLANTED09'
set service snmp v3 user watcher privacy plaintext-password 'PLANTED10'
set system host-name 'rt-vyos'
set system login user vyos authentication encrypted-password '$6$PLANTED11$PLANTED12'
set system login radius server 10.0.0.9 key 'PLANTED13'
set vpn ipsec site-to-site peer 203.0.113.1 authentication pre-shared-secret 'PLANTED14'
set vpn l2tp remote-access authentication local-users username u password 'PLANTED15'"""

AOSS = """\
Running configuration:

; J9773A Configuration Editor; Created on release #YA.16.10.0012
; Ver #14:01.4f.f8.1d.9b.3f.bf.bb.ef.7c.59.fc.6b.fb.9f.fc.ff.ff.37.ef:44
hostname "sw-xa"
include-credentials
password manager user-name "admin" sha1 "PLANTED01"
password operator plaintext "PLANTED02"
snmp-server community "PLANTED03" operator
snmp-server host 10.0.0.9 "PLANTED04"
snmp-server host 10.0.0.8 community "PLANTED05"
snmpv3 user "watcher" auth sha "PLANTED06" priv aes "PLANTED07"
radius-server host 10.0.0.7 key "PLANTED08"
radius-server host 10.0.0.6 encrypted-key "PLANTED09"
tacacs-server key "PLANTED10"
vlan 1
   name "DEFAULT_VLAN"
   untagged 1-24
   ip address 10.20.5.2 255.255.255.0"""

AOSCX = """\
Current configuration:
!
!Version ArubaOS-CX ML.10.08.1010
!export-password: default
hostname sw-cx
user admin group administrators password ciphertext PLANTED01==
radius-server host 10.0.0.9 key ciphertext PLANTED02
tacacs-server key plaintext PLANTED03
snmp-server community PLANTED04
snmp-server host 10.0.0.9 trap version v2c community PLANTED05
snmpv3 user watcher auth sha auth-pass ciphertext PLANTED06 priv aes priv-pass ciphertext PLANTED07
ntp authentication-key 1 md5 ciphertext PLANTED08
vlan 1,10
interface 1/1/25
    no shutdown
    description uplink"""

RUIJIE = """\
Building configuration...
Current configuration : 4321 bytes
!
version S29_RGOS 11.4(1)B12P11
hostname sw-ruijie
enable secret 5 $1$PLANTED01$PLANTED02
enable password 7 PLANTED03
username admin privilege 15 password 7 PLANTED04
snmp-server community 7 PLANTED05 rw
snmp-server host 10.0.0.9 traps version 2c 7 PLANTED06
radius-server host 10.0.0.8 key 7 PLANTED07
interface GigabitEthernet 0/1
 description to the commune
line vty 0 4
 password 7 PLANTED08
end"""

ZTE = """\
!<system-config>
hostname rt-zte
username admin password encrypted *71*PLANTED01
enable secret level 15 encrypted PLANTED02
!</system-config>
!<snmp>
snmp-server community encrypted *17*PLANTED03 view AllView ro
snmp-server host 10.0.0.9 trap version 2c encrypted PLANTED04 udp-port 162
!</snmp>
!<if-intf>
interface gei-0/1
  description to the district
!</if-intf>
!<ospfv2>
router ospf 1
  message-digest-key 1 md5 encrypted *71*PLANTED05
!</ospfv2>"""

TPLINK = """\
!T1600G-28TS
#
vlan 10
 name "Office"
#
user name admin privilege admin secret 5 $1$PLANTED01
enable admin secret 5 $1$PLANTED02
snmp-server community "PLANTED03" read-only "viewDefault"
snmp-server user "watcher" remote slev authPriv cmode SHA cpwd PLANTED04 emode DES epwd PLANTED05
radius-server host 10.0.0.9 key 7 PLANTED06
#
interface gigabitEthernet 1/0/1
  description "uplink"
#
end"""

SAMPLES = {
    "ios": (IOS, 23), "routeros": (ROUTEROS, 18), "junos": (JUNOS, 9), "vrp": (VRP, 12), "comware": (COMWARE, 8),
    "frr": (FRR, 6), "nxos": (NXOS, 7), "fortios": (FORTIOS, 11), "vyos": (VYOS, 15), "aoss": (AOSS, 10),
    "aoscx": (AOSCX, 8), "ruijie": (RUIJIE, 8), "zte": (ZTE, 5), "tplink": (TPLINK, 6),
}  # fmt: skip
"""Platform to a configuration and to how many secrets are planted in it."""
