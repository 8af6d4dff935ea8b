"""The books of the demonstration: complete, marked as invented, and written once."""

from collections import Counter

from api.demo import books as demo_books
from collector.lab.district import CENTRE, COMMUNITY, district
from inventory import register
from inventory.access.rights import SYSTEM
from inventory.books import Books
from inventory.listing import Query
from inventory.nouns import NOUNS


def count(books: Books, noun: str) -> int:
    return len(register.list_(books, SYSTEM, NOUNS[noun], Query(limit=500)).items)


def test_the_whole_district_is_written_once(books: Books) -> None:
    demo_books.write(books)
    counts = {noun: count(books, noun) for noun in ("sites", "devices", "links", "services", "assets", "holdings")}
    assert counts == {"sites": 24, "devices": 25, "links": 27, "services": 24, "assets": 24, "holdings": 24}
    changes = count(books, "accounts")
    demo_books.write(books)
    assert {noun: count(books, noun) for noun in counts} == counts
    assert count(books, "accounts") == changes


def test_a_start_that_was_interrupted_is_completed(books: Books) -> None:
    for noun, _, values in list(demo_books.rows(district()))[:60]:
        register.create(books, SYSTEM, NOUNS[noun], values)
    demo_books.write(books)
    assert demo_books.is_written(books)
    assert (count(books, "devices"), count(books, "services")) == (25, 24)


def test_whatever_is_invented_is_marked() -> None:
    for noun, _, values in demo_books.rows(district()):
        if noun in {"devices", "links", "services", "assets", "providers"}:
            assert values["fictional"] is True


def test_units_carry_their_official_code_and_place() -> None:
    sites = [values for noun, _, values in demo_books.rows(district()) if noun == "sites"]
    assert Counter(site["parent"] for site in sites) == {CENTRE: 23, None: 1}
    assert all(site["code"] and site["lat"] and site["lon"] for site in sites)


def test_the_community_is_in_no_other_row_than_its_credential() -> None:
    rows = [(noun, values) for noun, _, values in demo_books.rows(district()) if COMMUNITY in str(values)]
    assert [noun for noun, _ in rows] == ["credentials"]
