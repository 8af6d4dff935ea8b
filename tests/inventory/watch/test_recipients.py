"""Who is told: those who want it and may see the place, each address once, each in their language."""

from typing import Any

from inventory.access.accounts import Account, Role
from inventory.books import Books
from inventory.columns import now
from inventory.db import reading
from inventory.watch.recipients import recipients
from tests.support.network import District, book


def account(books: Books, name: str, role: Role = Role.IT_STAFF, **more: Any) -> None:
    values = {"email": f"{name}@bacquang.example.vn", "receives_alerts": True}
    book(books, Account(username=name, role=role.value, **(values | more)))


def told(books: Books, sites: set[int | None], always: tuple[str, ...] = ()) -> list[tuple[str, str]]:
    with reading(books.engine) as session:
        found = recipients(session, {site for site in sites if site}, always, "en")
        return [(one.address.partition("@")[0], one.language) for one in found]


def test_those_who_want_alerts_are_told_in_their_language(books: Books) -> None:
    account(books, "lan")
    account(books, "john", language="en")
    account(books, "quiet", receives_alerts=False)
    account(books, "homeless", email="")
    account(books, "gone", retired_at=now())
    assert told(books, set()) == [("john", "en"), ("lan", "vi")]


def test_a_commune_is_told_of_its_own_places_only(books: Books) -> None:
    district = District(books)
    account(books, "near", Role.COMMUNE_STAFF, site_id=district.near.id)
    account(books, "whole", Role.COMMUNE_STAFF, site_id=district.centre.id)
    account(books, "nowhere", Role.COMMUNE_STAFF)
    assert told(books, {district.near.id}) == [("near", "vi"), ("whole", "vi")]
    assert told(books, {district.far.id, district.near.id}) == [("near", "vi"), ("whole", "vi")]
    assert told(books, {district.far.id}) == [("whole", "vi")]
    assert told(books, set()) == []


def test_an_address_is_told_once_however_often_it_is_named(books: Books) -> None:
    account(books, "lan", email="Truc@Example.vn")
    account(books, "minh", email="truc@example.vn")
    assert told(books, set(), ("TRUC@example.vn", "kho@example.vn")) == [("Truc", "vi"), ("kho", "en")]
