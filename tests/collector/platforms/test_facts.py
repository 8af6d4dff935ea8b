"""What devices of each platform print, and what is understood of it."""

from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collector.platforms import PLATFORMS
from collector.platforms.platform import seconds
from collector.shell.screens import rows

IOS_VERSION = """\
Cisco IOS Software, C2960X Software (C2960X-UNIVERSALK9-M), Version 15.2(4)E7, RELEASE SOFTWARE (fc2)
Technical Support: http://www.cisco.com/techsupport
Copyright (c) 1986-2018 by Cisco Systems, Inc.

ROM: Bootstrap program is C2960X boot loader
BOOTLDR: C2960X Boot Loader (C2960X-HBOOT-M) Version 15.2(3r)E1, RELEASE SOFTWARE (fc1)

sw-tan-lap uptime is 1 year, 2 weeks, 3 days, 4 hours, 5 minutes
System returned to ROM by power-on
System image file is "flash:/c2960x-universalk9-mz.152-4.E7.bin"
Last reload reason: power-on

cisco WS-C2960X-24TS-L (APM86XXX) processor (revision A0) with 524288K bytes of memory.
Processor board ID FOC0000X0AB
Last reset from power-on
Base ethernet MAC Address       : 00:11:22:33:44:55
Model number                    : WS-C2960X-24TS-L
System serial number            : FOC0000X0AB
Configuration register is 0xF
"""
IOS_INVENTORY = """\
NAME: "1", DESCR: "WS-C2960X-24TS-L"
PID: WS-C2960X-24TS-L  , VID: V05  , SN: FOC0000X0AB

NAME: "GigabitEthernet1/0/25", DESCR: "1000BaseLX SFP"
PID: GLC-LH-SMD          , VID: V01  , SN: FNS0000A1B2
"""
NXOS_VERSION = """\
Cisco Nexus Operating System (NX-OS) Software
Software
  BIOS: version 07.69
  NXOS: version 9.3(8)
Hardware
  cisco Nexus9000 C93180YC-EX chassis
  cisco Nexus9000 C93180YC-EX Chassis
  Processor Board ID FDO00000ABC
  Device name: core-1
Kernel uptime is 12 day(s), 3 hour(s), 4 minute(s), 5 second(s)
"""
JUNOS_HARDWARE = """\
Hardware inventory:
Item             Version  Part number  Serial number     Description
Chassis                                AB0000AF0001      MX204
FPC 0                     BUILTIN      BUILTIN           MPC
  PIC 0                   BUILTIN      BUILTIN           4XQSFP28 PIC
  PIC 1                   BUILTIN      BUILTIN           8XSFPP PIC
    Xcvr 3       REV 01   740-021308   AM00001           SFP+-10G-SR
"""
JUNOS_VERSION = """\
Hostname: mx-huyen
Model: mx204
Junos: 21.2R3-S2.9
JUNOS OS Kernel 64-bit  [20220201.1]
"""
VRP_VERSION = """\
Huawei Versatile Routing Platform Software
VRP (R) software, Version 5.170 (S5735 V200R021C00SPC100)
Copyright (C) 2000-2021 HUAWEI TECH Co., Ltd.
HUAWEI S5735-L24T4X-A1 Routing Switch uptime is 5 weeks, 4 days, 3 hours, 2 minutes
"""
VRP_MODULES = """\
GigabitEthernet0/0/25 transceiver information:
-------------------------------------------------------------
Common information:
  Transceiver Type               :1000_BASE_LX_SFP
  Vendor Name                    :HISENSE
  Vendor PN                      :LTF1303
-------------------------------------------------------------
Manufacture information:
  Manu. Serial Number            :HA00000001
  Manufacturing Date             :2021-01-01
-------------------------------------------------------------
"""
COMWARE_VERSION = """\
H3C Comware Software, Version 7.1.070, Release 6318P01
Copyright (c) 2004-2021 New H3C Technologies Co., Ltd. All rights reserved.
H3C S5130S-28S-EI uptime is 0 weeks, 1 day, 2 hours, 3 minutes
"""
COMWARE_BOARD = """\
Slot 1 CPU 0:
DEVICE_NAME          : S5130S-28S-EI
DEVICE_SERIAL_NUMBER : 210235A0000000000001
MAC_ADDRESS          : 1122-3344-5566
MANUFACTURING_DATE   : 2021-05-01
VENDOR_NAME          : H3C
"""
ROUTEROS_RESOURCE = """\
                   uptime: 1w2d3h4m5s
                  version: 7.11.2 (stable)
               build-time: Aug/31/2023 13:55:47
             architecture-name: mmips
               board-name: hEX S
                 platform: MikroTik
"""
ROUTEROS_BOARD = """\
       routerboard: yes
        board-name: hEX S
             model: RB760iGS
     serial-number: HD0000ABCDE
  current-firmware: 7.11.2
"""
ROUTEROS_MODULES = """\
                      name: sfp1
                    status: link-ok
           sfp-vendor-name: OEM
    sfp-vendor-part-number: SFP-LX-20
         sfp-vendor-serial: S2100000001
                      name: sfp2
                    status: no-link
"""

FORTIOS_STATUS = """\
Version: FortiGate-60F v7.0.5,build0304,220208 (GA)
Virus-DB: 90.00000(2022-02-08 10:20)
Serial-Number: FGT60FTK00000001
Log hard disk: Not available
Hostname: fw-huyen
Operation Mode: NAT
Current virtual domain: root
Virtual domain configuration: disable
Current HA mode: standalone
System time: Tue Nov 24 09:30:00 2026
"""
FORTIOS_UPTIME = """\
CPU states: 0% user 1% system 0% nice 99% idle
Uptime: 12 days,  3 hours,  4 minutes
"""
VYOS_VERSION = """\
Version:          VyOS 1.3.2
Release train:    equuleus

Built by:         autobuild@vyos.net
Architecture:     x86_64
Boot via:         installed image

Hardware vendor:  QEMU
Hardware model:   Standard PC (Q35 + ICH9, 2009)
Hardware S/N:     VM-0001
Hardware UUID:    00000000-0000-0000-0000-000000000000

Copyright:        VyOS maintainers and contributors
"""
AOSS_SYSTEM = """\
 Status and Counters - General System Information

  System Name        : sw-xa
  System Contact     : it@example.vn
  System Location    : tang-1

  MAC Age Time (sec) : 300

  Time Zone          : 420
  Daylight Time Rule : None

  Software revision  : YA.16.10.0012        Base MAC Addr      : 001122-334455
  ROM Version        : YA.15.20             Serial Number      : CN00ABC000

  Up Time            : 21 days              Memory   - Total   : 99,999,744
  CPU Util (%)       : 12                              Free    : 55,555,555

  IP Mgmt  - Pkts Rx : 1,234                Packet   - Total   : 6750
             Pkts Tx : 1,234                Buffers    Free    : 5086
                                                       Lowest  : 5045
                                                       Missed  : 0
"""
AOSS_MODULES = """\
 Status and Counters - Module Information

  Chassis: 2530-24G-PoEP J9773A         Serial Number:   CN00ABC000
"""
AOSCX_SYSTEM = """\
Hostname                 : sw-cx
System Description       : Aruba JL661A ML.10.08.1010
System Contact           :
System Location          :

Vendor                   : Aruba
Product Name             : JL661A 6300M 48G CL4 PoE 4SFP56 Swch
Chassis Serial Nbr       : SG00KN0001
Base MAC Address         : 001122-334455
ArubaOS-CX Version       : ML.10.08.1010

Time Zone                : Asia/Ho_Chi_Minh

Up Time                  : 3 weeks, 2 days, 1 hour, 5 minutes
CPU Util (%)             : 12
Memory Usage (%)         : 21
"""
AOSCX_OPTICS = """\
-----------------------------------------------------------------------
Port      Type           Product      Serial           Part
                         Number       Number           Number
-----------------------------------------------------------------------
1/1/25    1G-LX          J4859D       MY00ABC001       1990-4414
1/1/26    --             --           --               --
"""
RUIJIE_VERSION = """\
System description      : Ruijie Full Gigabit Switch(S2910-24GT4XS-E) By Ruijie Networks
System start time       : 2026-11-12 06:01:02
System uptime           : 12:03:04:05
System hardware version : 1.00
System software version : S29_RGOS 11.4(1)B12P11
System patch number     : NA
System serial number    : G1NW000000001
System boot version     : 1.2.11
Module information:
  Slot 0 : S2910-24GT4XS-E
    System uptime           : 12:03:04:05
"""
ZTE_VERSION = """\
ZXCTN 6120H-S
ZTE ZXCTN 6120H-S Software, Version: V5.00.10, Release software
Copyright (c) 2010-2021 by ZTE Corporation Compiled 2021-05-01
System image files are flash: /sysdisk0/verset
tan-lap uptime is 10 days, 2 hours, 3 minutes
"""
TPLINK_INFO = """\
 System Description   - JetStream 24-Port Gigabit Smart Switch with 4 SFP Slots
 System Name          - sw-thon
 System Location      - tang-1
 Contact Information  - www.example.vn
 Hardware Version     - T1600G-28TS 3.0
 Software Version     - 3.0.6 Build 20190430 Rel.44786(s)
 Bootloader Version   - TP-LINK BOOTUTIL(v1.0.0)
 Mac Address          - 00-11-22-33-44-55
 System Time          - 2026-11-24 08:10:02
 Running Time         - 5 day - 1 hour - 20 min - 50 sec
 Serial Number        - 2139280000012
"""

_ROUTEROS = PLATFORMS["routeros"].facts
_VRP, _COMWARE, _JUNOS = PLATFORMS["vrp"].facts, PLATFORMS["comware"].facts, PLATFORMS["junos"].facts

CASES: dict[str, tuple[Mapping[str, str], set[tuple[str, str, str]], float | None]] = {
    "ios": (
        {"show version": IOS_VERSION, "show inventory": IOS_INVENTORY},
        {
            ("model", "chassis", "WS-C2960X-24TS-L"), ("serial", "chassis", "FOC0000X0AB"),
            ("firmware", "chassis", "C2960X-UNIVERSALK9-M 15.2(4)E7"), ("name", "system", "sw-tan-lap"),
            ("transceiver", "GigabitEthernet1/0/25", "GLC-LH-SMD FNS0000A1B2"),
        },
        ((365 + 14 + 3) * 24 + 4) * 3_600 + 5 * 60,
    ),
    "nxos": (
        {"show version": NXOS_VERSION, "show inventory": ""},
        {
            ("model", "chassis", "Nexus9000 C93180YC-EX"), ("serial", "chassis", "FDO00000ABC"),
            ("firmware", "chassis", "9.3(8)"), ("name", "system", "core-1"),
        },
        12 * 86_400 + 3 * 3_600 + 4 * 60 + 5,
    ),
    "junos": (
        dict(zip(_JUNOS, (JUNOS_VERSION, JUNOS_HARDWARE, "System booted: 2026-11-01 10:00:00 ICT (5d 06:07 ago)"),
                 strict=True)),
        {
            ("model", "chassis", "mx204"), ("firmware", "chassis", "Junos 21.2R3-S2.9"), ("name", "system", "mx-huyen"),
            ("serial", "chassis", "AB0000AF0001"), ("transceiver", "0/1/3", "SFP+-10G-SR AM00001 740-021308"),
        },
        5 * 86_400 + 6 * 3_600 + 7 * 60,
    ),
    "vrp": (
        dict(zip(_VRP, (VRP_VERSION, "ESN of device: 2102350000000001", VRP_MODULES), strict=True)),
        {
            ("model", "chassis", "S5735-L24T4X-A1"), ("serial", "chassis", "2102350000000001"),
            ("firmware", "chassis", "VRP 5.170 S5735 V200R021C00SPC100"),
            ("transceiver", "GigabitEthernet0/0/25", "HISENSE LTF1303 HA00000001"),
        },
        (5 * 7 + 4) * 86_400 + 3 * 3_600 + 2 * 60,
    ),
    "comware": (
        dict(zip(_COMWARE, (COMWARE_VERSION, COMWARE_BOARD, ""), strict=True)),
        {
            ("model", "chassis", "S5130S-28S-EI"), ("serial", "chassis", "210235A0000000000001"),
            ("firmware", "chassis", "Comware 7.1.070, Release 6318P01"),
        },
        86_400 + 2 * 3_600 + 3 * 60,
    ),
    "routeros": (
        dict(zip(_ROUTEROS, (ROUTEROS_RESOURCE, ROUTEROS_BOARD, "  name: tan-lap-rt", ROUTEROS_MODULES), strict=True)),
        {
            ("model", "chassis", "RB760iGS"), ("serial", "chassis", "HD0000ABCDE"),
            ("firmware", "chassis", "RouterOS 7.11.2 (stable)"), ("name", "system", "tan-lap-rt"),
            ("transceiver", "sfp1", "OEM SFP-LX-20 S2100000001"),
        },
        9 * 86_400 + 3 * 3_600 + 4 * 60 + 5,
    ),
    "frr": (
        {"show version": "FRRouting 8.4.4 (core) on Linux(6.1.0).\nCopyright 1996-2005 Kunihiro Ishiguro, et al."},
        {
            ("firmware", "chassis", "FRR 8.4.4"), ("model", "chassis", "Linux(6.1.0)"), ("name", "system", "core"),
        },
        None,
    ),
    "fortios": (
        {"get system status": FORTIOS_STATUS, "get system performance status": FORTIOS_UPTIME},
        {
            ("model", "chassis", "FortiGate-60F"), ("serial", "chassis", "FGT60FTK00000001"),
            ("firmware", "chassis", "FortiOS 7.0.5 build 0304"), ("name", "system", "fw-huyen"),
        },
        12 * 86_400 + 3 * 3_600 + 4 * 60,
    ),
    "vyos": (
        {
            "show version": VYOS_VERSION, "show host name": "rt-vyos\n",
            "show system uptime": "Uptime:     2d 3h 4m 5s\n\nLoad averages:\n",
        },
        {
            ("model", "chassis", "QEMU Standard PC (Q35 + ICH9, 2009)"), ("serial", "chassis", "VM-0001"),
            ("firmware", "chassis", "VyOS 1.3.2"), ("name", "system", "rt-vyos"),
        },
        2 * 86_400 + 3 * 3_600 + 4 * 60 + 5,
    ),
    "aoss": (
        {"show system": AOSS_SYSTEM, "show modules": AOSS_MODULES},
        {
            ("model", "chassis", "2530-24G-PoEP J9773A"), ("serial", "chassis", "CN00ABC000"),
            ("firmware", "chassis", "YA.16.10.0012"), ("name", "system", "sw-xa"),
        },
        21 * 86_400,
    ),
    "aoscx": (
        {"show system": AOSCX_SYSTEM, "show interface transceiver": AOSCX_OPTICS},
        {
            ("model", "chassis", "JL661A 6300M 48G CL4 PoE 4SFP56 Swch"), ("serial", "chassis", "SG00KN0001"),
            ("firmware", "chassis", "ML.10.08.1010"), ("name", "system", "sw-cx"),
            ("transceiver", "1/1/25", "1G-LX J4859D MY00ABC001 1990-4414"),
        },
        (3 * 7 + 2) * 86_400 + 3_600 + 5 * 60,
    ),
    "ruijie": (
        {"show version": RUIJIE_VERSION},
        {
            ("model", "chassis", "S2910-24GT4XS-E"), ("serial", "chassis", "G1NW000000001"),
            ("firmware", "chassis", "S29_RGOS 11.4(1)B12P11"),
        },
        12 * 86_400 + 3 * 3_600 + 4 * 60 + 5,
    ),
    "zte": (
        {"show version": ZTE_VERSION},
        {("model", "chassis", "ZXCTN 6120H-S"), ("firmware", "chassis", "V5.00.10")},
        10 * 86_400 + 2 * 3_600 + 3 * 60,
    ),
    "tplink": (
        {"show system-info": TPLINK_INFO},
        {
            ("model", "chassis", "T1600G-28TS 3.0"), ("serial", "chassis", "2139280000012"),
            ("firmware", "chassis", "3.0.6 Build 20190430 Rel.44786(s)"), ("name", "system", "sw-thon"),
        },
        5 * 86_400 + 3_600 + 20 * 60 + 50,
    ),
}  # fmt: skip


def test_every_platform_has_a_case() -> None:
    assert CASES.keys() == PLATFORMS.keys()


@pytest.mark.parametrize("name", sorted(CASES))
def test_the_facts_of_a_device_are_read_from_its_screens(name: str) -> None:
    printed, facts, uptime_s = CASES[name]
    read = PLATFORMS[name].read(printed)
    assert {tuple(one) for one in read.observations} == facts
    assert read.uptime_s == uptime_s


@pytest.mark.parametrize("name", sorted(CASES))
def test_a_device_that_prints_nothing_has_no_facts(name: str) -> None:
    read = PLATFORMS[name].read(dict.fromkeys(PLATFORMS[name].facts, ""))
    assert (read.observations, read.uptime_s) == ((), None)


@given(st.sampled_from(sorted(PLATFORMS)), st.text(max_size=300))
def test_whatever_a_device_prints_is_read_without_a_fault(name: str, text: str) -> None:
    PLATFORMS[name].read(dict.fromkeys(PLATFORMS[name].facts, text))


@pytest.mark.parametrize(
    ("words", "wanted"),
    [
        ("1 year, 2 weeks, 3 minutes", 31_536_000 + 14 * 86_400 + 180),
        ("1w2d3h4m5s", 9 * 86_400 + 3 * 3_600 + 4 * 60 + 5),
        ("5d 06:07", 5 * 86_400 + 6 * 3_600 + 7 * 60), ("00:00:09", 9), ("3 hours, 1 minute", 10_860),
        ("", None), ("long ago", None),
    ],
)  # fmt: skip
def test_a_span_is_read_in_seconds(words: str, wanted: float | None) -> None:
    assert seconds(words) == wanted


@pytest.mark.parametrize(
    ("system", "command", "printed"),
    [
        ("fortinet", "get system status", FORTIOS_STATUS),
        ("aruba_procurve", "show system", AOSS_SYSTEM),
        ("aruba_aoscx", "show system", AOSCX_SYSTEM),
        ("zte_zxros", "show version", ZTE_VERSION.replace("System image files are", "System image is")),
    ],
)
def test_the_screens_are_such_as_the_templates_of_others_understand(system: str, command: str, printed: str) -> None:
    assert len(rows(system, command, printed)) == 1


def test_a_release_that_prints_a_line_more_is_read_all_the_same() -> None:
    printed = {"get system status": FORTIOS_STATUS + "Brand new line: 7\n", "get system performance status": ""}
    assert rows("fortinet", "get system status", printed["get system status"]) == []
    read = PLATFORMS["fortios"].read(printed)
    assert ("serial", "chassis", "FGT60FTK00000001") in {tuple(one) for one in read.observations}
