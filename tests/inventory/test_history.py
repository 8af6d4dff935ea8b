from inventory.access.rights import SYSTEM
from inventory.books import Books
from inventory.db import reading, writing
from inventory.history import record
from inventory.places.sites import Site
from sqlmodel import select


def test_a_change_is_booked(books: Books) -> None:
    with writing(books.engine) as session:
        site = Site(slug="a", name="Xã A", kind="commune")
        session.add(site)
        session.flush()
        record(session, books.keys, actor=SYSTEM, act="create", obj=site, before=None, sites=[site.id or 0])
    with reading(books.engine) as session:
        assert session.exec(select(Site)).one().search_text == "a xa a"
