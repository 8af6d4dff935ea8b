"""Categories: what kinds of things there are. Adding one is one entry here; no migration, no other file."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated, Final, Literal

from pydantic import Field

from inventory.fields import Day, Entry, Line64, Line120, Line200, Whole
from inventory.text import Text

Count = Annotated[Whole, Field(le=100_000)]


class LifeClass(StrEnum):
    """Which line of a rulebook says how long a thing lives; the years and rates stand in the rulebooks.

    COMPUTER: desktops, laptops, printers, scanners. MACHINE: other machines: network, servers, power, video, cameras.
    TANGIBLE: other tangible assets. INTANGIBLE: software.
    """

    COMPUTER = "computer"
    MACHINE = "machine"
    TANGIBLE = "tangible"
    INTANGIBLE = "intangible"


class NoAttributes(Entry):
    """Nothing beyond what every asset has."""


class RouterAttributes(Entry):
    """A router."""

    ports: Count | None = None
    sfp_ports: Count | None = None
    firmware: Line64 = ""


class SwitchAttributes(Entry):
    """A switch. `poe`: whether it feeds devices over the cable."""

    ports: Count | None = None
    sfp_ports: Count | None = None
    managed: bool | None = None
    poe: bool | None = None
    firmware: Line64 = ""


class OpticalTerminalAttributes(Entry):
    """A carrier's optical terminal. `pon_serial`: what the carrier knows it by."""

    technology: Literal["", "gpon", "epon", "xgs_pon", "active"] = ""
    pon_serial: Line64 = ""


class ComputerAttributes(Entry):
    """A desktop, laptop or server; memory and disk in gigabytes."""

    processor: Line120 = ""
    memory_gb: Count | None = None
    disk_gb: Count | None = None
    disk_kind: Literal["", "ssd", "hdd"] = ""
    operating_system: Line120 = ""
    host_name: Line64 = ""


class PrinterAttributes(Entry):
    """A printer or a multi-function device."""

    technology: Literal["", "laser", "inkjet", "dot_matrix", "thermal"] = ""
    colour: bool | None = None
    scans: bool | None = None
    cartridge: Line64 = ""


class ScannerAttributes(Entry):
    """A scanner. `feeder`: whether it takes a pile of sheets."""

    feeder: bool | None = None


class UpsAttributes(Entry):
    """An uninterruptible power supply."""

    capacity_va: Count | None = None
    battery_changed: Day | None = None


class PduAttributes(Entry):
    """A power distribution unit.

    `rated_a`: amperes that it may carry; `metered`: whether it tells its load; `switched`: whether its outlets are
    turned on and off over the network.
    """

    outlets: Count | None = None
    rated_a: Count | None = None
    metered: bool | None = None
    switched: bool | None = None


class VideoTerminalAttributes(Entry):
    """A video-conference terminal. `system`: the meeting system that it belongs to."""

    system: Line120 = ""


class CameraAttributes(Entry):
    """A camera."""

    outdoor: bool | None = None
    resolution: Line64 = ""


class AccessPointAttributes(Entry):
    """A wireless access point."""

    standard: Literal["", "802.11n", "802.11ac", "802.11ax", "802.11be"] = ""
    ssid: Line64 = ""


class PhoneAttributes(Entry):
    """A desk telephone."""

    extension: Line64 = ""


class TokenAttributes(Entry):
    """A digital-signature token. `certificate_until`: last day on which it signs."""

    holder: Line120 = ""
    issuer: Line120 = ""
    certificate_serial: Line64 = ""
    certificate_until: Day | None = None


class LicenceAttributes(Entry):
    """A software licence. The licence key itself is a secret and has no place here."""

    software: Line200 = ""
    seats: Count | None = None
    valid_until: Day | None = None


class OtherAttributes(Entry):
    """Anything else."""

    description: Line200 = ""


@dataclass(frozen=True, slots=True)
class Category:
    """One kind of thing.

    Attributes:
        label: What people call it.
        life: Its line in the rulebooks.
        attributes: Model of what is booked of this kind besides the columns of every asset.
        probes: Probes by which a device of this kind is watched unless the device says otherwise; those that need
            something that the device lacks (an address, a credential) are left out.
        quiet_days: Days for which one that is in use may stay away from the network before somebody should look for it;
            `None` for what never speaks there. What always runs is missed after two weeks. An office is closed for nine
            days at Tết, and people take their leave around it, so a desktop has longer, and what is carried about or
            rarely switched on longest.
    """

    label: Text
    life: LifeClass
    attributes: type[Entry] = NoAttributes
    probes: tuple[str, ...] = ()
    quiet_days: int | None = 14


_PING: Final = ("icmp",)
_AGENT: Final = ("icmp", "snmp_system", "snmp_interfaces")
_SERVER: Final = (*_AGENT, "snmp_host", "snmp_sensors")
_NETWORK: Final = (
    "icmp", "snmp_link", "snmp_system", "snmp_interfaces", "snmp_optics", "snmp_host", "snmp_sensors", "snmp_arp",
    "snmp_fdb", "snmp_neighbours",
)  # fmt: skip

CATEGORIES: Final[Mapping[str, Category]] = {
    "router": Category(Text(vi="bộ định tuyến", en="router"), LifeClass.MACHINE, RouterAttributes, _NETWORK),
    "switch": Category(Text(vi="bộ chuyển mạch", en="switch"), LifeClass.MACHINE, SwitchAttributes, _NETWORK),
    "optical_terminal": Category(
        Text(vi="thiết bị đầu cuối quang", en="optical terminal"),
        LifeClass.MACHINE,
        OpticalTerminalAttributes,
        ("icmp", "snmp_link", "snmp_system", "snmp_optics"),
    ),
    "server": Category(Text(vi="máy chủ", en="server"), LifeClass.MACHINE, ComputerAttributes, _SERVER),
    # Personal computers are off at night and are not watched unless somebody asks for it.
    "desktop": Category(
        Text(vi="máy tính để bàn", en="desktop computer"), LifeClass.COMPUTER, ComputerAttributes, quiet_days=21
    ),
    "laptop": Category(
        Text(vi="máy tính xách tay", en="laptop"), LifeClass.COMPUTER, ComputerAttributes, quiet_days=45
    ),
    # Printers are off at night too, so that nobody pings them; one with an agent is read while it is on.
    "printer": Category(
        Text(vi="máy in", en="printer"),
        LifeClass.COMPUTER,
        PrinterAttributes,
        ("snmp_system", "snmp_printer"),
        quiet_days=45,
    ),
    "scanner": Category(Text(vi="máy quét", en="scanner"), LifeClass.COMPUTER, ScannerAttributes, quiet_days=45),
    "ups": Category(
        Text(vi="bộ lưu điện", en="UPS"), LifeClass.MACHINE, UpsAttributes, ("icmp", "snmp_system", "snmp_ups")
    ),
    # One without an agent is a strip of outlets: with no address in the books nothing asks it.
    "pdu": Category(
        Text(vi="thanh phân phối nguồn (PDU)", en="power distribution unit (PDU)"),
        LifeClass.MACHINE,
        PduAttributes,
        ("icmp", "snmp_system", "snmp_sensors"),
    ),
    "video_terminal": Category(
        Text(vi="thiết bị họp trực tuyến", en="video-conference terminal"),
        LifeClass.MACHINE,
        VideoTerminalAttributes,
        _PING,
        quiet_days=45,
    ),
    "camera": Category(Text(vi="camera", en="camera"), LifeClass.MACHINE, CameraAttributes, _PING),
    "access_point": Category(
        Text(vi="điểm phát Wi-Fi", en="access point"), LifeClass.MACHINE, AccessPointAttributes, _AGENT
    ),
    "phone": Category(Text(vi="điện thoại bàn", en="telephone"), LifeClass.TANGIBLE, PhoneAttributes, _PING),
    "token": Category(
        Text(vi="thiết bị ký số", en="digital-signature token"), LifeClass.TANGIBLE, TokenAttributes, quiet_days=None
    ),
    "licence": Category(
        Text(vi="bản quyền phần mềm", en="software licence"), LifeClass.INTANGIBLE, LicenceAttributes, quiet_days=None
    ),
    "other": Category(Text(vi="tài sản khác", en="other asset"), LifeClass.TANGIBLE, OtherAttributes, quiet_days=45),
}  # fmt: skip
"""Every category by its code, which never changes once assets have it."""

NO_SUCH_CATEGORY: Final = Text(
    vi="Không có loại “{code}”; chọn một trong: {known}.", en="There is no category “{code}”; choose one of: {known}."
)


def no_such_category(code: str) -> Text:
    """Return the sentence about a code that is no category's."""
    return NO_SUCH_CATEGORY.fill(code=code, known=", ".join(CATEGORIES))
