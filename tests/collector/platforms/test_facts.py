"""What devices of each platform print, and what is understood of it."""

from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collector.platforms import PLATFORMS
from collector.platforms.platform import seconds

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
