"""The targets of a roster: devices and services of the books, times the probes that their kind calls for."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from pydantic import ValidationError

from api.polling.service_probes import asked_of
from collector.platforms import PLATFORMS
from collector.probes import PROBES
from collector.target import Target
from inventory.assets.categories import CATEGORIES
from inventory.network.devices import Device
from inventory.network.links import EndKind, Link
from inventory.network.services import Service, ServiceKind
from inventory.text import Text

Settings = dict[str, Any]

_OWN: Final = frozenset({"enabled", "interval_s", "timeout_s"})
"""Keys of an override that are about the poll; every other key is a parameter of the probe."""


@dataclass(frozen=True, slots=True)
class Problem:
    """Something in the books that keeps a target from being polled as meant.

    Attributes:
        noun: `device`, `service` or `credential`.
        key: Its name.
        probe: The probe; empty for a credential.
        text: What is wrong.
    """

    noun: str
    key: str
    probe: str
    text: Text


@dataclass(frozen=True, slots=True)
class End:
    """One end of a link, as its device sees it."""

    link: str
    interface: str
    baseline_rx_dbm: float | None


@dataclass(frozen=True, slots=True)
class Place:
    """A device with all that decides its targets.

    Attributes:
        ends: Ends of links that can be asked by SNMP, by link name.
        credential: Name of its SNMP credential, if it has one.
        ssh_credential: Name of its SSH credential, if it has one.
        jump: The device through which it is reached over SSH; `None` for directly.
    """

    device: Device
    site: str
    ends: tuple[End, ...] = ()
    credential: str | None = None
    ssh_credential: str | None = None
    jump: Device | None = None

    def wants(self, probe: str) -> bool:
        """Return whether the books ask for a probe here: by the category, unless the device's own override differs."""
        override = self.device.probes.get(probe)
        category = CATEGORIES.get(self.device.category)
        # Whoever books a login for SSH wants it used, whatever the device is.
        default = probe.startswith("ssh_") or (category is not None and probe in category.probes)
        return bool(override.get("enabled", True)) if override is not None else default

    def credential_for(self, probe: str) -> str | None:
        """Return the name of the credential that a probe uses here."""
        family = probe.partition("_")[0]
        return {"snmp": self.credential, "ssh": self.ssh_credential}.get(family)

    @property
    def monitored(self) -> bool:
        """Return whether a probe can say that it is down."""
        return self.device.address is not None and self.wants("icmp")


@dataclass(slots=True)
class Found:
    """Targets and what is wrong with some."""

    targets: list[Target] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


def ends_of(links: Iterable[Link]) -> dict[int, tuple[End, ...]]:
    """Return the ends of links that SNMP can be asked about, by number of the device."""
    ends: dict[int, list[End]] = {}
    for link in links:
        for number, interface, kind, baseline in (
            (link.a_device_id, link.a_interface, link.a_kind, link.a_baseline_rx_dbm),
            (link.b_device_id, link.b_interface, link.b_kind, link.b_baseline_rx_dbm),
        ):
            if kind == EndKind.SNMP and interface:
                ends.setdefault(number, []).append(End(link.name, interface, baseline))
    return {number: tuple(found) for number, found in ends.items()}


def add_device(found: Found, place: Place) -> None:
    """Add the targets of a device: those of its category and its overrides for which it has what they need."""
    device = place.device
    for probe in PROBES:
        if probe not in DEVICE_PROBES or not place.wants(probe):
            continue
        settings = DEVICE_PROBES[probe](place)
        if settings is not None:
            credential = place.credential_for(probe)
            _add(
                found,
                _Asked("device", device.name, place.site, device.address, credential, device.probes),
                probe,
                settings,
            )
    if place.ssh_credential and device.platform not in PLATFORMS:
        known = ", ".join(PLATFORMS)
        text = _NO_PLATFORM.fill(platform=device.platform or "–", known=known)
        found.problems.append(Problem("device", device.name, "ssh_config", text))
    if place.ssh_credential and place.jump is not None and not place.jump.address:
        found.problems.append(Problem("device", device.name, "ssh_config", _NO_WAY.fill(jump=place.jump.name)))
    for probe in device.probes.keys() - DEVICE_PROBES.keys():
        found.problems.append(Problem("device", device.name, probe, _NO_PROBE.fill(probe=probe)))


def add_service(found: Found, service: Service, site: str, credential: str | None) -> None:
    """Add the target of a service.

    Args:
        found: Where to.
        service: The service.
        site: Slug of its site.
        credential: Name of its credential, if it has one; it is for websites alone.
    """
    probe, settings = asked_of(service)
    if service.kind != ServiceKind.WEBSITE:
        credential = None
    override = service.probes.get(probe)
    if override is None or override.get("enabled", True):
        _add(found, _Asked("service", service.name, site, None, credential, service.probes), probe, settings)


@dataclass(frozen=True, slots=True)
class _Asked:
    """Who is asked, and what the books say of its probes."""

    noun: str
    name: str
    site: str
    address: str | None
    credential: str | None
    overrides: Mapping[str, Mapping[str, Any]]


def _add(found: Found, asked: _Asked, probe: str, settings: Settings) -> None:
    kind = PROBES[probe]
    override = asked.overrides.get(probe, {})
    interval_s = override.get("interval_s") or kind.interval_s
    settings = settings | {key: value for key, value in override.items() if key not in _OWN}
    try:
        kind.settings.model_validate(settings)
    except ValidationError as error:
        # It stays in the roster: the collector then says of this target alone that its settings are wrong.
        found.problems.append(Problem(asked.noun, asked.name, probe, _wrong(error)))
    try:
        target = Target(
            instance=asked.name,
            site=asked.site,
            probe=probe,
            address=asked.address,
            credential=asked.credential,
            interval_s=interval_s,
            timeout_s=override.get("timeout_s") or min(kind.timeout_s, interval_s),
            settings=settings,
        )
    except ValidationError as error:
        found.problems.append(Problem(asked.noun, asked.name, probe, _wrong(error)))
    else:
        found.targets.append(target)


def _wrong(error: ValidationError) -> Text:
    parts = ", ".join(".".join(map(str, one["loc"])) or one["type"] for one in error.errors(include_input=False))
    return Text(vi="Tham số chưa đúng: {parts}.", en="Parameters that are not right: {parts}.").fill(parts=parts)


def _icmp(place: Place) -> Settings | None:
    return {} if place.device.address else None


def _snmp(place: Place) -> Settings | None:
    if not (place.device.address and place.credential):
        return None
    port = place.device.ports.get("snmp")
    return {} if port is None else {"port": port}


def _snmp_link(place: Place) -> Settings | None:
    settings = _snmp(place)
    if settings is None or not place.ends:
        return None
    return settings | {"interfaces": _interfaces(place)}


def _snmp_interfaces(place: Place) -> Settings | None:
    settings = _snmp(place)
    if settings is None:
        return None
    watched = place.wants("snmp_link") and bool(place.ends)
    return settings | ({"link_interfaces": _interfaces(place)} if watched else {})


def _interfaces(place: Place) -> list[str]:
    return list(dict.fromkeys(end.interface for end in place.ends))


def _snmp_optics(place: Place) -> Settings | None:
    settings = _snmp(place)
    if settings is None:
        return None
    baselines = [
        {"link": end.link, "interface": end.interface, "rx_dbm": end.baseline_rx_dbm}
        for end in place.ends
        if end.baseline_rx_dbm is not None
    ]
    limits = [
        {"interface": interface, "direction": direction, "level": level, "dbm": dbm}
        for interface, bounds in place.device.optical_overrides.items()
        for name, dbm in bounds.items()
        for direction, _, level in (name.partition("_"),)
    ]
    return settings | {"limits": limits, "baselines": baselines}


def _ssh(place: Place) -> Settings | None:
    device = place.device
    if not (device.address and place.ssh_credential and device.platform in PLATFORMS):
        return None
    known = {"port": device.ports.get("ssh"), "host_key": device.ssh_host_key}
    if (jump := place.jump) is not None:
        if not jump.address:
            return None
        known |= {
            "jump_address": jump.address,
            "jump_port": jump.ports.get("ssh"),
            "jump_host_key": jump.ssh_host_key,
        }
    return {"platform": device.platform} | {name: value for name, value in known.items() if value is not None}


DEVICE_PROBES: Final[Mapping[str, Callable[[Place], Settings | None]]] = {
    "icmp": _icmp,
    "snmp_link": _snmp_link,
    "snmp_system": _snmp,
    "snmp_interfaces": _snmp_interfaces,
    "snmp_optics": _snmp_optics,
    "snmp_host": _snmp,
    "snmp_sensors": _snmp,
    "snmp_ups": _snmp,
    "snmp_printer": _snmp,
    "snmp_arp": _snmp,
    "snmp_fdb": _snmp,
    "snmp_neighbours": _snmp,
    "ssh_facts": _ssh,
    "ssh_config": _ssh,
}
"""Parameters that the books give each probe of a device; `None` where the device lacks what the probe needs."""

_NO_PROBE: Final = Text(vi="Thiết bị không có phép đo “{probe}”.", en="A device has no probe “{probe}”.")
_NO_WAY: Final = Text(
    vi="Phải đi qua “{jump}” để đăng nhập, nhưng thiết bị đó không có địa chỉ IP trong sổ.",
    en="It is reached through “{jump}”, which has no IP address in the books.",
)
_NO_PLATFORM: Final = Text(
    vi="Thiết bị có tài khoản SSH, nhưng nền tảng “{platform}” không nằm trong số: {known}.",
    en="The device has an SSH credential, but the platform “{platform}” is none of: {known}.",
)
