from sqlmodel import select

from inventory.access.rights import SYSTEM
from inventory.books import Books
from inventory.columns import now
from inventory.db import reading, writing
from inventory.history import Change
from inventory.network.devices import Device
from inventory.network.host_keys import trust_first
from inventory.network.observations import Observation
from inventory.verification import verify
from tests.support.network import router, site

KEY, OTHER = (f"ssh-ed25519 SHA256:{letter * 43}" for letter in "AB")


def seen(instance: str, value: str, fact: str = "host_key") -> Observation:
    at = now()
    return Observation(
        source="ssh_facts", instance=instance, site="a", fact=fact, value=value, first_seen=at, last_seen=at
    )


def trust(books: Books, *facts: Observation) -> int:
    with writing(books.engine) as session:
        return trust_first(session, books.keys, SYSTEM, facts)


def keys_of(books: Books) -> dict[str, str | None]:
    with reading(books.engine) as session:
        return {row.name: row.ssh_host_key for row in session.exec(select(Device))}


def test_the_first_key_is_booked_with_its_history_and_stays(books: Books) -> None:
    place = site(books, "a")
    for name in ("r1", "r2"):
        router(books, name, place)
    assert trust(books, seen("r1", KEY), seen("r1", OTHER), seen("r2", "r2.example", "name")) == 1
    assert trust(books, seen("r1", OTHER)) == 0
    assert keys_of(books) == {"r1": KEY, "r2": None}
    with reading(books.engine) as session:
        acts = [row.act for row in session.exec(select(Change).where(Change.object_key == "r1"))]
        assert verify(session, books.keys) == []
    assert acts == ["create", "trust_host_key"]


def test_a_key_that_a_person_typed_is_never_replaced(books: Books) -> None:
    router(books, "r1", site(books, "a"), ssh_host_key=KEY)
    assert trust(books, seen("r1", OTHER)) == 0
    assert keys_of(books) == {"r1": KEY}


def test_a_device_out_of_use_or_out_of_the_books_learns_no_key(books: Books) -> None:
    router(books, "r1", site(books, "a"), retired_at=now())
    assert trust(books, seen("r1", KEY), seen("stranger", KEY)) == 0
    assert keys_of(books) == {"r1": None}


def test_nothing_seen_is_nothing_written(books: Books) -> None:
    assert trust(books) == 0


def test_what_is_no_key_is_not_booked(books: Books) -> None:
    router(books, "r1", site(books, "a"))
    assert trust(books, seen("r1", "x" * 300), seen("r1", KEY + "\n")) == 0
    assert trust(books, seen("r1", "x"), seen("r1", KEY)) == 1
