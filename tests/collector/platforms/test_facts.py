"""What devices of each platform print, and what is understood of it."""

from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collector.platforms import PLATFORMS
from collector.platforms.platform import seconds
from collector.shell.screens import rows
from tests.support import screens

_ROUTEROS = PLATFORMS["routeros"].facts
_VRP, _COMWARE, _JUNOS = PLATFORMS["vrp"].facts, PLATFORMS["comware"].facts, PLATFORMS["junos"].facts

CASES: dict[str, tuple[Mapping[str, str], set[tuple[str, str, str]], float | None]] = {
    "ios": (
        {"show version": screens.IOS_VERSION, "show inventory": screens.IOS_INVENTORY},
        {
            ("model", "chassis", "WS-C2960X-24TS-L"), ("serial", "chassis", "FOC0000X0AB"),
            ("firmware", "chassis", "C2960X-UNIVERSALK9-M 15.2(4)E7"), ("name", "system", "sw-tan-lap"),
            ("transceiver", "GigabitEthernet1/0/25", "GLC-LH-SMD FNS0000A1B2"),
        },
        ((365 + 14 + 3) * 24 + 4) * 3_600 + 5 * 60,
    ),
    "nxos": (
        {"show version": screens.NXOS_VERSION, "show inventory": ""},
        {
            ("model", "chassis", "Nexus9000 C93180YC-EX"), ("serial", "chassis", "FDO00000ABC"),
            ("firmware", "chassis", "9.3(8)"), ("name", "system", "core-1"),
        },
        12 * 86_400 + 3 * 3_600 + 4 * 60 + 5,
    ),
    "junos": (
        dict(zip(_JUNOS, (screens.JUNOS_VERSION, screens.JUNOS_HARDWARE,
                          "System booted: 2026-11-01 10:00:00 ICT (5d 06:07 ago)"), strict=True)),
        {
            ("model", "chassis", "mx204"), ("firmware", "chassis", "Junos 21.2R3-S2.9"), ("name", "system", "mx-huyen"),
            ("serial", "chassis", "AB0000AF0001"), ("transceiver", "0/1/3", "SFP+-10G-SR AM00001 740-021308"),
        },
        5 * 86_400 + 6 * 3_600 + 7 * 60,
    ),
    "vrp": (
        dict(zip(_VRP, (screens.VRP_VERSION, "ESN of device: 2102350000000001", screens.VRP_MODULES), strict=True)),
        {
            ("model", "chassis", "S5735-L24T4X-A1"), ("serial", "chassis", "2102350000000001"),
            ("firmware", "chassis", "VRP 5.170 S5735 V200R021C00SPC100"),
            ("transceiver", "GigabitEthernet0/0/25", "HISENSE LTF1303 HA00000001"),
        },
        (5 * 7 + 4) * 86_400 + 3 * 3_600 + 2 * 60,
    ),
    "comware": (
        dict(zip(_COMWARE, (screens.COMWARE_VERSION, screens.COMWARE_BOARD, ""), strict=True)),
        {
            ("model", "chassis", "S5130S-28S-EI"), ("serial", "chassis", "210235A0000000000001"),
            ("firmware", "chassis", "Comware 7.1.070, Release 6318P01"),
        },
        86_400 + 2 * 3_600 + 3 * 60,
    ),
    "routeros": (
        dict(zip(_ROUTEROS, (screens.ROUTEROS_RESOURCE, screens.ROUTEROS_BOARD, "  name: tan-lap-rt",
                             screens.ROUTEROS_MODULES), strict=True)),
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
        {"get system status": screens.FORTIOS_STATUS, "get system performance status": screens.FORTIOS_UPTIME},
        {
            ("model", "chassis", "FortiGate-60F"), ("serial", "chassis", "FGT60FTK00000001"),
            ("firmware", "chassis", "FortiOS 7.0.5 build 0304"), ("name", "system", "fw-huyen"),
        },
        12 * 86_400 + 3 * 3_600 + 4 * 60,
    ),
    "vyos": (
        {
            "show version": screens.VYOS_VERSION, "show host name": "rt-vyos\n",
            "show system uptime": "Uptime:     2d 3h 4m 5s\n\nLoad averages:\n",
        },
        {
            ("model", "chassis", "QEMU Standard PC (Q35 + ICH9, 2009)"), ("serial", "chassis", "VM-0001"),
            ("firmware", "chassis", "VyOS 1.3.2"), ("name", "system", "rt-vyos"),
        },
        2 * 86_400 + 3 * 3_600 + 4 * 60 + 5,
    ),
    "aoss": (
        {"show system": screens.AOSS_SYSTEM, "show modules": screens.AOSS_MODULES},
        {
            ("model", "chassis", "2530-24G-PoEP J9773A"), ("serial", "chassis", "CN00ABC000"),
            ("firmware", "chassis", "YA.16.10.0012"), ("name", "system", "sw-xa"),
        },
        21 * 86_400,
    ),
    "aoscx": (
        {"show system": screens.AOSCX_SYSTEM, "show interface transceiver": screens.AOSCX_OPTICS},
        {
            ("model", "chassis", "JL661A 6300M 48G CL4 PoE 4SFP56 Swch"), ("serial", "chassis", "SG00KN0001"),
            ("firmware", "chassis", "ML.10.08.1010"), ("name", "system", "sw-cx"),
            ("transceiver", "1/1/25", "1G-LX J4859D MY00ABC001 1990-4414"),
        },
        (3 * 7 + 2) * 86_400 + 3_600 + 5 * 60,
    ),
    "ruijie": (
        {"show version": screens.RUIJIE_VERSION},
        {
            ("model", "chassis", "S2910-24GT4XS-E"), ("serial", "chassis", "G1NW000000001"),
            ("firmware", "chassis", "S29_RGOS 11.4(1)B12P11"),
        },
        12 * 86_400 + 3 * 3_600 + 4 * 60 + 5,
    ),
    "zte": (
        {"show version": screens.ZTE_VERSION},
        {("model", "chassis", "ZXCTN 6120H-S"), ("firmware", "chassis", "V5.00.10")},
        10 * 86_400 + 2 * 3_600 + 3 * 60,
    ),
    "tplink": (
        {"show system-info": screens.TPLINK_INFO},
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
        ("fortinet", "get system status", screens.FORTIOS_STATUS),
        ("aruba_procurve", "show system", screens.AOSS_SYSTEM),
        ("aruba_aoscx", "show system", screens.AOSCX_SYSTEM),
        ("zte_zxros", "show version", screens.ZTE_VERSION.replace("System image files are", "System image is")),
    ],
)
def test_the_screens_are_such_as_the_templates_of_others_understand(system: str, command: str, printed: str) -> None:
    assert len(rows(system, command, printed)) == 1


def test_a_release_that_prints_a_line_more_is_read_all_the_same() -> None:
    printed = {"get system status": screens.FORTIOS_STATUS + "Brand new line: 7\n", "get system performance status": ""}
    assert rows("fortinet", "get system status", printed["get system status"]) == []
    read = PLATFORMS["fortios"].read(printed)
    assert ("serial", "chassis", "FGT60FTK00000001") in {tuple(one) for one in read.observations}
