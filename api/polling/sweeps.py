"""The sweeps of a roster: the subnets that are scanned, with the SNMP credentials that are tried there."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlmodel import Session, col, select

from api.polling.probes import Place
from collector.probes.sweep import PROBE
from collector.target import Target
from inventory.network.subnets import Subnet

MOST_TRIED: Final = 8
"""Credentials that are tried on one unknown device."""

_PREFIX: Final = "sweep."
"""What the name of a sweep's own credential begins with; the subnet's number follows."""


@dataclass(frozen=True, slots=True)
class Sweep:
    """One subnet that is swept.

    Attributes:
        tried: Names of the credentials that are tried, in their order.
    """

    subnet: Subnet
    site: str
    tried: tuple[str, ...]

    @property
    def credential(self) -> str:
        """Return the name under which all that are tried stand in the roster as one."""
        return f"{_PREFIX}{self.subnet.id}"

    def target(self, usable: Mapping[str, object]) -> Target:
        """Return the target of the sweep.

        Args:
            usable: The credentials that could be opened, by name.
        """
        interval_s = self.subnet.every_h * 3_600.0
        asked = self.subnet.scan_asked_at
        return Target(
            instance=self.subnet.name,
            site=self.site,
            probe=PROBE.kind,
            credential=self.credential if any(name in usable for name in self.tried) else None,
            interval_s=interval_s,
            timeout_s=min(PROBE.timeout_s, interval_s),
            settings={"cidr": self.subnet.cidr} | ({"asked": asked.isoformat()} if asked else {}),
        )


def sweeps_of(
    session: Session, sites: Mapping[int, str], places: Iterable[Place], names: Mapping[int | None, str]
) -> list[Sweep]:
    """Return the sweeps of some sites, in the order of their names.

    Args:
        session: A session that reads.
        sites: Slugs of the sites, by number.
        places: All devices; what opens a site's devices is tried on what is unknown there.
        names: Names of the credentials in use, by number.
    """
    known: dict[str, dict[str, None]] = {}
    for place in places:
        if place.credential:
            known.setdefault(place.site, {})[place.credential] = None
    statement = select(Subnet).where(col(Subnet.retired_at).is_(None), col(Subnet.scan).is_(True))
    found = []
    for subnet in session.exec(statement.order_by(Subnet.name)):
        if subnet.site_id not in sites:
            continue
        site = sites[subnet.site_id]
        own = names.get(subnet.snmp_credential_id)
        tried = dict.fromkeys([*([own] if own else []), *known.get(site, ())])
        found.append(Sweep(subnet, site, tuple(tried)[:MOST_TRIED]))
    return found


def several(sweeps: Sequence[Sweep], clear: Mapping[str, Mapping[str, Any]]) -> dict[str, dict[str, Any]]:
    """Return the credentials of sweeps: each all that are tried there, as far as they could be opened.

    Args:
        sweeps: The sweeps.
        clear: Opened credentials by name.
    """
    made = {}
    for sweep in sweeps:
        usable = [dict(clear[name]) for name in sweep.tried if name in clear]
        if usable:
            made[sweep.credential] = {"kind": "snmp_several", "of": usable}
    return made
