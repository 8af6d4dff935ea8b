"""A small network in the books: a centre, two communes in a row behind it, and a third on a line of its own."""

import json
from typing import Any, TypeVar

from inventory.access.rights import SYSTEM
from inventory.books import Books
from inventory.columns import Booked
from inventory.db import writing
from inventory.history import record
from inventory.network.collectors import Collector
from inventory.network.credentials import Credential
from inventory.network.devices import Device
from inventory.network.links import Link
from inventory.network.services import Service
from inventory.places.providers import Provider
from inventory.places.sites import Site

Row = TypeVar("Row", bound=Booked)


def book(books: Books, row: Row) -> Row:
    """Write a row with its history and return it."""
    with writing(books.engine) as session:
        session.add(row)
        session.flush()
        site = getattr(row, "site_id", None)
        record(session, books.keys, actor=SYSTEM, act="create", obj=row, before=None, sites=[site] if site else [])
    return row


def site(books: Books, slug: str, **more: Any) -> Site:
    """Book a site."""
    return book(books, Site(slug=slug, name=more.pop("name", slug.title()), kind=more.pop("kind", "commune"), **more))


def router(books: Books, name: str, at: Site, **more: Any) -> Device:
    """Book a router."""
    return book(books, Device(name=name, site_id=at.id, category=more.pop("category", "router"), **more))


def line(books: Books, name: str, a: Device, b: Device, **more: Any) -> Link:
    """Book a link between two devices, read at both ends by SNMP."""
    ends = {"a_interface": f"to-{b.name}", "b_interface": f"to-{a.name}"}
    return book(books, Link(name=name, a_device_id=a.id, b_device_id=b.id, **(ends | more)))


def community(books: Books, name: str, secret: str) -> Credential:
    """Book a sealed SNMP community."""
    sealed = books.keys.seal(json.dumps({"community": secret}))
    return book(books, Credential(name=name, kind="snmp_v2c", sealed=sealed))


class District:
    """The network, booked.

    Attributes:
        centre: Site of the root.
        near: Commune on a line to the centre.
        far: Commune behind `near`.
        other: Commune on its own line to the centre.
    """

    def __init__(self, books: Books) -> None:
        self.books = books
        self.carrier = book(books, Provider(slug="viettel", name="Viettel", hotline="18008119"))
        self.snmp = community(books, "district", "lan-noi-bo")
        self.centre = site(books, "trung-tam", name="Trung tâm", kind="district")
        self.near = site(books, "viet-vinh", name="Việt Vinh", parent_id=self.centre.id)
        self.far = site(books, "hung-an", name="Hùng An", parent_id=self.centre.id)
        self.other = site(books, "quang-minh", name="Quang Minh", parent_id=self.centre.id)
        options = {"snmp_credential_id": self.snmp.id}
        self.core = router(books, "core", self.centre, address="127.0.10.1", is_root=True, **options)
        self.near_router = router(books, "vv-r1", self.near, address="127.0.10.2", **options)
        self.far_router = router(books, "ha-r1", self.far, address="127.0.10.3", **options)
        self.other_router = router(books, "qm-r1", self.other, address="127.0.10.4")
        carried = {"provider_id": self.carrier.id}
        self.near_line = line(
            books,
            "viet-vinh",
            self.core,
            self.near_router,
            circuit="HGG-0412",
            title="Việt Vinh – trung tâm",
            **carried,
        )
        self.far_line = line(books, "hung-an", self.near_router, self.far_router, **carried)
        self.other_line = line(books, "quang-minh", self.core, self.other_router, b_interface="", b_kind="ont")
        self.portal = book(
            books,
            Service(name="portal", kind="website", site_id=self.near.id, url="http://127.0.10.9/", owner="Văn phòng"),
        )


def collector(books: Books, name: str = "main", **more: Any) -> Collector:
    """Book a collector."""
    return book(books, Collector(name=name, **more))
