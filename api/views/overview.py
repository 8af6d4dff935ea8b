"""The whole network as one reader may see it: rows of the books, open incidents, and the state of each element."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any, TypeVar

from anyio.to_thread import run_sync
from sqlalchemy import select
from sqlmodel import Session

from api.house import House
from api.views.measured import NOTHING, Measured, measured
from api.views.states import State, of_place, worst
from inventory.access.rights import Actor, visible
from inventory.columns import Booked, column
from inventory.db import reading
from inventory.network.devices import Device
from inventory.network.links import EndKind, Link
from inventory.network.services import Service
from inventory.places.providers import Provider
from inventory.places.sites import Site
from inventory.watch.incidents import Incident, IncidentState

_Row = TypeVar("_Row", bound=Booked)

_SEVERITIES = ("critical", "warning", "info")


@dataclass
class Overview:
    """What is in use, what is wrong, and how everything is.

    Attributes:
        sites: By internal number, as all the following.
        incidents: Those that are not resolved, the most severe first, then the newest.
        measured: What Prometheus says.
        today: Of two units the one that went into the other is told by its last day.
    """

    sites: dict[int, Site]
    devices: dict[int, Device]
    links: dict[int, Link]
    services: dict[int, Service]
    providers: dict[int, Provider]
    incidents: list[Incident]
    measured: Measured = field(default=NOTHING)
    today: date = date.min

    def state_of(self, element: str) -> State:
        """Return the state of an element (`device:core`); of one that is not watched `UNWATCHED`."""
        return self.states.get(element, State.UNWATCHED)

    @cached_property
    def states(self) -> dict[str, State]:
        """The state of each element; devices before links, services and sites, which build on them."""
        found: dict[str, State] = {}
        for device in self.devices.values():
            watched = device.address is not None
            found[f"device:{device.name}"] = self._state(f"device:{device.name}", watched=watched)
        for link in self.links.values():
            found[f"link:{link.name}"] = self._of_link(link, found)
        for service in self.services.values():
            found[f"service:{service.name}"] = self._of_service(service, found)
        for site in self.sites.values():
            found[f"site:{site.slug}"] = self._of_site(site, found)
        return found

    @cached_property
    def ended(self) -> frozenset[int]:
        """Numbers of the sites that exist no more and at which nothing stands."""
        return frozenset(
            number
            for number, site in self.sites.items()
            if site.valid_to is not None
            and site.valid_to < self.today
            and number not in self.devices_by_site
            and number not in self.services_by_site
        )

    @cached_property
    def devices_by_site(self) -> dict[int, list[Device]]:
        """Devices by the number of their site."""
        return _grouped(self.devices.values(), lambda device: (device.site_id,))

    @cached_property
    def services_by_site(self) -> dict[int, list[Service]]:
        """Services by the number of their site."""
        return _grouped(self.services.values(), lambda service: (service.site_id,))

    @cached_property
    def links_by_site(self) -> dict[int, list[Link]]:
        """Links by the numbers of the sites at their ends."""
        return _grouped(self.links.values(), lambda link: {site.id for site in self.ends_of(link) if site and site.id})

    def ends_of(self, link: Link) -> tuple[Site | None, Site | None]:
        """Return the sites of a link's ends, a before b; `None` for one that the reader does not see."""
        ends = [self.devices.get(number) for number in (link.a_device_id, link.b_device_id)]
        first, second = (self.sites.get(device.site_id) if device else None for device in ends)
        return first, second

    def named(self, element: str) -> Booked | None:
        """Return the row of an element, `None` if it is none of ours or not visible."""
        kind, _, name = element.partition(":")
        return self._by_element.get((kind, name))

    @cached_property
    def root(self) -> Site | None:
        """The site where the network begins: that of a root device, else the topmost site."""
        for device in self.devices.values():
            if device.is_root and device.site_id in self.sites:
                return self.sites[device.site_id]
        return next((site for site in self.sites.values() if site.parent_id not in self.sites), None)

    @cached_property
    def _by_element(self) -> dict[tuple[str, str], Booked]:
        rows: dict[str, Iterable[Booked]] = {
            "site": self.sites.values(), "device": self.devices.values(),
            "link": self.links.values(), "service": self.services.values(),
        }  # fmt: skip
        return {(kind, row.key): row for kind, of_kind in rows.items() for row in of_kind}

    @cached_property
    def _wrong(self) -> dict[str, State]:
        wrong: dict[str, list[State]] = defaultdict(list)
        for incident in self.incidents:
            if incident.state == IncidentState.UNKNOWN:
                wrong[incident.element].append(State.UNKNOWN)
            elif incident.severity == "critical":
                wrong[incident.element].append(State.DOWN)
            elif incident.severity == "warning":
                wrong[incident.element].append(State.WARNING)
        return {element: worst(states) for element, states in wrong.items()}

    def _state(self, element: str, *, watched: bool) -> State:
        is_down = self.measured.down.get(element)
        if is_down and element in self.measured.behind:
            return State.BEHIND
        reported = self._wrong.get(element)
        if reported is not None and reported is not State.UNKNOWN:
            return reported
        if is_down is not None:
            return State.DOWN if is_down else State.OK
        return State.UNKNOWN if watched else State.UNWATCHED

    def _of_link(self, link: Link, found: dict[str, State]) -> State:
        asked = EndKind.SNMP in {link.a_kind, link.b_kind} and bool(link.a_interface or link.b_interface)
        state = self._state(f"link:{link.name}", watched=asked)
        if state is State.UNKNOWN and self._out_of_reach(link, found):
            return State.BEHIND
        if state is not State.UNWATCHED:
            return state
        # Nobody can be asked for the line itself: whatever answers at its far end has come over it.
        far = self.devices.get(link.b_device_id)
        return found.get(f"device:{far.name}", State.UNWATCHED) if far else State.UNWATCHED

    def _out_of_reach(self, link: Link, found: dict[str, State]) -> bool:
        """Return whether nobody can be asked because both of its ends lie behind what is down."""
        ends = [self.devices.get(number) for number in (link.a_device_id, link.b_device_id)]
        return all(end is not None and found.get(f"device:{end.name}") is State.BEHIND for end in ends)

    def _of_service(self, service: Service, found: dict[str, State]) -> State:
        state = self._state(f"service:{service.name}", watched=True)
        host = self.devices.get(service.host_device_id or 0)
        site = self.sites.get(service.site_id)
        on = {found[f"device:{host.name}"]} if host else set()
        on |= {self._of_devices(site, found)} if site and not host else set()
        return State.BEHIND if state is State.DOWN and on & {State.DOWN, State.BEHIND} else state

    def _of_site(self, site: Site, found: dict[str, State]) -> State:
        reported = self._wrong.get(f"site:{site.slug}")
        if reported is State.DOWN:
            return State.DOWN
        if reported is None and self._cut_off(site):
            return State.BEHIND
        of_devices = self._of_devices(site, found)
        number = site.id or 0
        # A line is the far end's trouble: the centre, where all of them begin, is not ill with each.
        beside = [
            found[f"link:{link.name}"] for link in self.links_by_site.get(number, ()) if self.ends_of(link)[1] is site
        ]
        beside += [found[f"service:{service.name}"] for service in self.services_by_site.get(number, ())]
        troubled = reported is State.WARNING or any(s in {State.DOWN, State.WARNING} for s in beside)
        return State.WARNING if troubled and of_devices in {State.OK, State.UNWATCHED} else of_devices

    def _of_devices(self, site: Site, found: dict[str, State]) -> State:
        return of_place(found[f"device:{device.name}"] for device in self.devices_by_site.get(site.id or 0, ()))

    def _cut_off(self, site: Site) -> bool:
        """Return whether nothing is measured there now and the last word was that something nearer had cut it off."""
        here = self.devices_by_site.get(site.id or 0, ())
        fresh = any(f"device:{device.name}" in self.measured.down for device in here)
        return not fresh and any(
            one.site_id == site.id and one.severity == "critical" and one.hidden_count for one in self.incidents
        )


async def overview(house: House, actor: Actor) -> Overview:
    """Return the network as it is now for one reader.

    Raises:
        Unavailable: The database does not answer. A Prometheus that does not is no error: states are then unknown.
    """
    seen = await measured(house)
    return await run_sync(_read, house, actor, seen)


def _read(house: House, actor: Actor, seen: Measured) -> Overview:
    with reading(house.books.engine) as session:
        found = Overview(
            sites=_rows(session, actor, Site),
            devices=_rows(session, actor, Device),
            links=_rows(session, actor, Link),
            services=_rows(session, actor, Service),
            providers={row.id or 0: row for row in session.scalars(select(Provider))},
            incidents=_open_incidents(session, actor),
            measured=seen,
            today=house.books.today(),
        )
        session.expunge_all()
    return found


def _rows(session: Session, actor: Actor, table: type[_Row]) -> dict[int, _Row]:
    placed: Any = table
    in_use = column(table, "retired_at").is_(None)
    statement = select(table).where(in_use, visible(actor, placed)).order_by(column(table, table.KEY))
    return {row.id or 0: row for row in session.scalars(statement)}


def _open_incidents(session: Session, actor: Actor) -> list[Incident]:
    is_open = column(Incident, "state") != IncidentState.RESOLVED.value
    rows = session.scalars(select(Incident).where(is_open, visible(actor, Incident)))
    return sorted(rows, key=lambda one: (_rank(one.severity), -one.opened_at.timestamp()))


def _rank(severity: str) -> int:
    return _SEVERITIES.index(severity) if severity in _SEVERITIES else len(_SEVERITIES)


def _grouped(rows: Iterable[Any], keys: Callable[[Any], Iterable[int]]) -> dict[int, list[Any]]:
    groups: dict[int, list[Any]] = defaultdict(list)
    for row in rows:
        for key in keys(row):
            groups[key].append(row)
    return dict(groups)
