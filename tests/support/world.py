"""A small district with one object of each noun at two communes: the reader's own and a foreign one."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlmodel import select

from inventory import register
from inventory.access.accounts import Scope
from inventory.access.rights import SYSTEM
from inventory.access.tokens import issue_token
from inventory.assets.confirming import confirm, lines_of
from inventory.assets.custody import carry_out
from inventory.assets.rulebook_files import read_rulebooks
from inventory.assets.wear_noting import note_fact
from inventory.audit.drafting import draft
from inventory.audit.reorganisation import reorganise
from inventory.books import Books
from inventory.columns import now
from inventory.db import reading, writing
from inventory.network.findings import Finding
from inventory.nouns import NOUNS
from inventory.places.sites import Site
from inventory.watch.incidents import Incident
from tests.support.counting import begun

PLACED = frozenset(
    {
        "sites", "assets", "devices", "holdings", "links", "services", "incidents", "documents", "subnets", "findings",
    }
)  # fmt: skip
"""Nouns whose objects stand somewhere."""


@dataclass(frozen=True)
class World:
    """Keys of what there is.

    Attributes:
        own: By noun, the key of the object at the reader's own commune (or the only one, for a noun of no place).
        foreign: The same at the foreign commune.
        own_site_id: Number of the own commune.
    """

    own: dict[str, str]
    foreign: dict[str, str]
    own_site_id: int


def build(books: Books) -> World:
    """Fill empty books and return the keys."""
    _make(books, "sites", slug="district", name="Huyện", kind="district")
    _make(books, "devices", name="core", site="district", category="router", address="10.9.0.1")
    shared = {
        "providers": _make(books, "providers", slug="vnpt", name="VNPT"),
        "products": _make(books, "products", slug="rb", manufacturer="MikroTik", model="RB", category="router"),
        "credentials": _make(books, "credentials", name="snmp", kind="snmp_v2c", community="chi-doc"),
        "accounts": _make(books, "accounts", username="someone", role="auditor"),
        "collectors": _make(books, "collectors", name="near"),
        "reorganisations": _merger(books),
        "confirmations": _confirmation(books),
        "tokens": issue_token(books, SYSTEM, "some-token", [Scope.SCRAPE], now() + timedelta(days=1))[1].name,
    }
    own, foreign = (_place(books, name, number) for number, name in enumerate(("own", "foreign"), start=1))
    with reading(books.engine) as session:
        site = session.exec(select(Site).where(Site.slug == "own")).one()
    return World(own | shared, foreign | shared, site.id or 0)


def _place(books: Books, name: str, number: int) -> dict[str, str]:
    keys = {
        "sites": _make(books, "sites", slug=name, name=f"Xã {name}", kind="commune", parent="district"),
        "assets": _make(
            books, "assets", tag=f"TS/{number}", name="Bộ định tuyến", category="router", site=name, status="in_use",
            put_to_use="2018-01-01",
        ),
        "devices": _make(
            books, "devices", name=f"{name}-router", site=name, category="router", address=f"10.9.{number}.1"
        ),
        "services": _make(
            books, "services", name=f"{name}-web", site=name, kind="website", url="https://example.vn/"
        ),
    }  # fmt: skip
    keys["links"] = _make(books, "links", name=f"core-{name}", a_device="core", b_device=f"{name}-router")
    keys["holdings"] = _make(
        books, "holdings", device=f"{name}-router", asset=f"TS/{number}", held_from="2018-01-01T00:00:00Z"
    )
    keys["incidents"] = _incident(books, name)
    keys["subnets"] = _make(books, "subnets", name=f"{name}-lan", site=name, cidr=f"10.9.{number}.0/24", scan=True)
    keys["findings"] = _finding(books, name, number)
    act = {"kind": "hand_over", "day": books.today(), "items": [{"asset": keys["assets"]}], "to_name": "Hoa"}
    keys["documents"] = carry_out(books, SYSTEM, act, read_rulebooks())
    keys["stocktakes"] = str(begun(books, sites=(name,)).id)
    scenario = {"title": f"Phương án {name}", "year": 2027, "cap_vnd": 1, "within": name}
    fact = {"asset": keys["assets"], "kind": "second_hand", "day": "2018-01-01", "years": 1}
    keys["facts"] = note_fact(books, SYSTEM, fact, read_rulebooks()).key
    keys["budgets"] = draft(books, SYSTEM, scenario, read_rulebooks()).key
    return keys


def _make(books: Books, noun: str, **values: Any) -> str:
    return register.create(books, SYSTEM, NOUNS[noun], values).key


def _merger(books: Books) -> str:
    for slug in ("old", "new"):
        _make(books, "sites", slug=slug, name=f"Xã {slug}", kind="commune")
    values = {"day": books.today(), "decree": "Nghị quyết", "pairs": [{"old": "old", "new": "new"}]}
    return reorganise(books, SYSTEM, values).number


def _confirmation(books: Books) -> str:
    line = next(line for line in lines_of(books, SYSTEM, read_rulebooks()) if line.place == "lives.computer")
    values = {"rulebook": line.rulebook, "place": line.place, "digest": line.digest}
    return confirm(books, SYSTEM, values | {"confirmed_by": "Kế toán", "day": books.today()}, read_rulebooks()).key


def _incident(books: Books, site: str) -> str:
    with writing(books.engine) as session:
        place = session.exec(select(Site).where(Site.slug == site)).one()
        incident = Incident(
            rule="DeviceDown",
            element=f"device:{site}-router",
            site_id=place.id,
            severity="critical",
            opened_at=now(),
            last_fired_at=now(),
            summary_vi="Mất kết nối.",
            summary_en="No connection.",
        )
        session.add(incident)
        session.flush()
        return str(incident.id)


def _finding(books: Books, site: str, number: int) -> str:
    with writing(books.engine) as session:
        place = session.exec(select(Site).where(Site.slug == site)).one()
        finding = Finding(
            site_id=place.id or 0,
            mac=f"02:00:00:00:00:0{number}",
            address=f"10.9.{number}.77",
            source="snmp_arp",
            first_seen=now(),
            last_seen=now(),
        )
        session.add(finding)
        session.flush()
        return str(finding.id)
