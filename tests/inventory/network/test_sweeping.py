"""What sweeps of a subnet brought, on both databases."""

from datetime import timedelta

from sqlmodel import select

from inventory.access.rights import SYSTEM, Actor
from inventory.books import Books
from inventory.columns import now
from inventory.db import reading, writing
from inventory.network.findings import Finding
from inventory.network.observations import Observation
from inventory.network.sightings import note_sightings
from inventory.network.subnets import Subnet
from inventory.network.sweeping import Swept, swept
from tests.support.people import commune_staff
from tests.support.rows import add, add_device, add_site


def told(books: Books, address: str, days: float = 0) -> None:
    at = now() - timedelta(days=days)
    seen = Observation(
        source="sweep", instance="lan", site="a", fact="alive", subject=address, value="ping", first_seen=at,
        last_seen=at,
    )  # fmt: skip
    with writing(books.engine) as session:
        session.add(Observation(**seen.model_dump()))
        note_sightings(session, [seen])


def result(books: Books, actor: Actor = SYSTEM) -> Swept:
    with reading(books.engine) as session:
        found = swept(session, actor, session.exec(select(Subnet)).one())
        session.expunge_all()
    return found


def test_what_answered_lately_is_counted_and_what_is_unknown_is_named(books: Books) -> None:
    for slug in ("a", "b"):
        add_site(books, slug)
    add(books, "subnets", name="lan", site="a", cidr="10.0.0.0/24", scan=True)
    assert result(books) == Swept(None, 0, ())
    add_device(books, "r1", "a", address="10.0.0.1")
    for address, days in (("10.0.0.1", 0), ("10.0.0.20", 0), ("10.0.0.3", 1), ("10.0.0.9", 5), ("10.0.1.4", 0)):
        told(books, address, days)
    found = result(books)
    assert found.last is not None
    assert found.answering == 4
    assert [one.address for one in found.unknown] == ["10.0.0.3", "10.0.0.9", "10.0.0.20"]
    assert result(books, commune_staff(books, "b")).unknown == ()


def test_an_address_of_the_other_family_is_in_no_range(books: Books) -> None:
    add_site(books, "a")
    add(books, "subnets", name="lan", site="a", cidr="fd00::/64")
    for address in ("fd00::7", "10.0.0.7", "fd01::7"):
        told(books, address)
    with reading(books.engine) as session:
        assert len(list(session.exec(select(Finding)))) == 3
    assert [one.address for one in result(books).unknown] == ["fd00::7"]
