"""The roster of a collector: what it polls, built from the books and kept until something in them changes.

Collectors ask every few seconds. An unchanged roster costs three small statements and no building: it is known by the
number of the last change of the books, the sites leased to the collector and the secrets that stand outside the books.
"""

import hmac
import json
import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from threading import Lock
from typing import Any

from sqlalchemy import func
from sqlmodel import Session, col, select

from api.polling.credentials import fingerprint, opened
from api.polling.probes import Found, Place, Problem, add_device, add_service, ends_of
from api.polling.sweeps import several, sweeps_of
from collector.target import Graph, Hosted, LinkEnd, Node, Roster
from collector.target import Link as GraphLink
from inventory.books import Books
from inventory.db import reading
from inventory.errors import NotFound
from inventory.history import Change
from inventory.network.collectors import Collector
from inventory.network.credentials import Credential
from inventory.network.devices import Device
from inventory.network.leases import Held, held
from inventory.network.links import Link
from inventory.network.services import Service
from inventory.places.sites import Site

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Served:
    """A roster as it goes over the wire.

    Attributes:
        content: The JSON without leases.
        leases: Held now.
        etag: Changes exactly when anything but the ends of the leases does.
        problems: What keeps single targets from being polled as meant.
    """

    content: bytes = field(repr=False)
    leases: tuple[Held, ...]
    etag: str
    problems: tuple[Problem, ...]

    @property
    def body(self) -> bytes:
        """Return the whole JSON; put together only for those who do not have it yet."""
        ends = [{"site": lease.site, "until": lease.until.isoformat()} for lease in self.leases]
        return self.content[:-1] + b',"leases":' + json.dumps(ends).encode() + b"}"


@dataclass(frozen=True, slots=True)
class _Built:
    key: tuple[object, ...]
    references: tuple[str, ...]
    content: bytes = field(repr=False)
    etag: str
    problems: tuple[Problem, ...]


class Rosters:
    """The rosters of all collectors."""

    def __init__(self, books: Books) -> None:
        self._books = books
        self._built: dict[str, _Built] = {}
        # One for each collector: building a large roster for one keeps no other waiting.
        self._locks: dict[str, Lock] = {}

    def __repr__(self) -> str:
        return f"Rosters({sorted(self._built)})"

    def of(self, name: str, now: datetime) -> Served:
        """Return the roster of a collector.

        Args:
            name: Of the collector.
            now: Aware UTC; only sites leased at this moment are in it.

        Raises:
            NotFound: There is no such collector in use.
            Unavailable: The database does not answer.
        """
        with reading(self._books.engine) as session:
            collector = session.exec(select(Collector).where(Collector.name == name)).first()
            if collector is None or collector.retired_at is not None:
                raise NotFound(Collector.NOUN, name)
            leases = held(session, collector, now)
            last = session.exec(select(func.max(Change.id))).one()
            with self._locks.setdefault(name, Lock()):
                built = self._current(session, collector, leases, last)
        return Served(built.content, tuple(leases), built.etag, built.problems)

    def _current(self, session: Session, collector: Collector, leases: Sequence[Held], last: int | None) -> _Built:
        before = self._built.get(collector.name)
        sites = tuple(lease.site for lease in leases)
        if before is not None and before.key == (collector.scope, last, sites, fingerprint(before.references)):
            return before
        built = _build(session, self._books, collector, {lease.site_id: lease.site for lease in leases}, last)
        if before is None or before.problems != built.problems:
            for problem in built.problems:
                log.warning("roster of %s: %s %s %s: %s", collector.name, problem.noun, problem.key, problem.probe,
                            problem.text.en)  # fmt: skip
        self._built[collector.name] = built
        return built


def _build(session: Session, books: Books, collector: Collector, sites: Mapping[int, str], last: int | None) -> _Built:
    """Read the books by six statements and build the roster of the leased sites."""
    devices = session.exec(select(Device).where(col(Device.retired_at).is_(None)).order_by(Device.name)).all()
    links = session.exec(select(Link).where(col(Link.retired_at).is_(None)).order_by(Link.name)).all()
    services = session.exec(select(Service).where(col(Service.retired_at).is_(None)).order_by(Service.name)).all()
    slugs = {number or 0: slug for number, slug in session.exec(select(Site.id, Site.slug))}
    rows = {row.id: row for row in session.exec(select(Credential).where(col(Credential.retired_at).is_(None)))}
    names = {number: row.name for number, row in rows.items()}
    ends = ends_of(links)
    by_number = {device.id: device for device in devices}
    places = [
        Place(
            device,
            slugs[device.site_id],
            ends.get(device.id or 0, ()),
            names.get(device.snmp_credential_id),
            names.get(device.ssh_credential_id),
            by_number.get(device.ssh_jump_id),
        )
        for device in devices
    ]
    found = Found()
    for place in places:
        if place.device.site_id in sites:
            add_device(found, place)
    for service in services:
        if service.site_id in sites:
            add_service(found, service, sites[service.site_id], names.get(service.credential_id))
    sweeps = sweeps_of(session, sites, places, names)
    used = {target.credential for target in found.targets}.union(*(sweep.tried for sweep in sweeps))
    wanted = [row for row in rows.values() if row.name in used]
    references = tuple(sorted(row.reference for row in wanted if row.reference))
    # Taken before the secrets are read: a change in between is then noticed the next time, not lost.
    key = (collector.scope, last, tuple(sites.values()), fingerprint(references))
    clear, bad = opened(books.keys, wanted)
    found.problems += [Problem("credential", name, "", text) for name, text in bad.items()]
    found.targets += [sweep.target(clear) for sweep in sweeps]
    graph = _graph(places, links, services, slugs)
    roster = Roster(scope=collector.scope, collector=collector.name, targets=tuple(found.targets), graph=graph)
    content = _content(roster, clear | several(sweeps, clear))
    # Keyed, so that nobody can try communities against it; weak, because the leases' ends are not part of it.
    mark = hmac.digest(books.keys.chain_key, content + repr(sorted(sites.values())).encode(), sha256)
    etag = f'W/"{mark.hex()[:32]}"'
    return _Built(key, references, content, etag, tuple(found.problems))


def _content(roster: Roster, credentials: Mapping[str, Mapping[str, Any]]) -> bytes:
    """Return the JSON without its leases, which are added each time that it is served."""
    plain = roster.model_dump(mode="json", exclude={"leases", "credentials"})
    return json.dumps(plain | {"credentials": credentials}, ensure_ascii=False, separators=(",", ":")).encode()


def _graph(
    places: Sequence[Place], links: Sequence[Link], services: Sequence[Service], slugs: Mapping[int, str]
) -> Graph:
    names = {place.device.id: place.device.name for place in places}
    return Graph(
        nodes=tuple(Node(name=place.device.name, site=place.site, monitored=place.monitored) for place in places),
        links=tuple(
            GraphLink(
                name=link.name,
                ends=(
                    LinkEnd(device=names[link.a_device_id], interface=link.a_interface or None, kind=link.a_kind),
                    LinkEnd(device=names[link.b_device_id], interface=link.b_interface or None, kind=link.b_kind),
                ),
                bandwidth_bps=link.bandwidth_bps,
            )
            for link in links
            if link.a_device_id in names and link.b_device_id in names
        ),
        roots=tuple(place.device.name for place in places if place.device.is_root),
        anchors=tuple(place.device.name for place in places if place.device.is_root or place.device.is_anchor),
        services=tuple(
            Hosted(
                name=service.name,
                site=slugs[service.site_id],
                element=f"device:{host}" if (host := names.get(service.host_device_id)) else _site(service, slugs),
            )
            for service in services
        ),
    )


def _site(service: Service, slugs: Mapping[int, str]) -> str:
    return f"site:{slugs[service.site_id]}"
