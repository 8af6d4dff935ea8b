"""What is looked at before and after units merge."""

from datetime import date

import pytest

from inventory.access.accounts import Role
from inventory.access.rights import SYSTEM
from inventory.audit.mergers import beside, candidates, merger_record
from inventory.audit.reorganisation import reorganise, undo
from inventory.books import Books
from inventory.errors import Forbidden, NotFound
from inventory.nouns import NOUNS
from inventory.places.reorganisations import Moved
from inventory.register import retire
from tests.support.counting import begun
from tests.support.custody import act
from tests.support.people import person
from tests.support.rows import add, add_asset, add_device, add_site

MERGER = {"day": date(2025, 7, 1), "decree": "Nghị quyết", "pairs": [{"old": "a", "new": "new"}]}


@pytest.fixture
def units(books: Books) -> Books:
    """Two old units and a new one, with something of every kind at one of them."""
    for slug in ("new", "a", "b"):
        add_site(books, slug, successor="new" if slug != "new" else None)
    add_site(books, "school", parent="a")
    add_asset(books, "T1", "a", serial="SN77X", name="Máy in")
    for name, slug in (("r1", "a"), ("r2", "b"), ("r3", "new")):
        add_device(books, name, slug, title=f"Bộ định tuyến {name}")
    add(books, "links", name="l1", a_device="r1", b_device="r2", title="Cáp 1")
    add(books, "links", name="l2", a_device="r2", b_device="r3")
    return books


def test_units_are_offered_until_a_standing_merger_closes_them(units: Books) -> None:
    retire(units, SYSTEM, NOUNS["sites"], "school", 1)
    offered = {one.slug: one.successor for one in candidates(units, SYSTEM)}
    assert offered == {"a": "new", "b": "new", "new": ""}
    number = reorganise(units, SYSTEM, MERGER).number
    assert {one.slug for one in candidates(units, SYSTEM)} == {"b", "new"}
    undo(units, SYSTEM, number, 1)
    assert {one.slug for one in candidates(units, SYSTEM)} == {"a", "b", "new"}


def test_links_go_along_and_open_counts_are_warned_of(units: Books) -> None:
    found = beside(units, SYSTEM, ["a"])
    assert (found.links, found.warnings) == ((("l1", "Cáp 1"),), ())
    assert [name for name, _ in beside(units, SYSTEM, ["a", "b"]).links] == ["l1", "l2"]
    begun(units, sites=("a",))
    assert "Kiểm kê tháng 12" in beside(units, SYSTEM, ["a"]).warnings[0].en
    assert beside(units, SYSTEM, ["b"]).warnings == ()
    assert beside(units, SYSTEM, []).links == ()


def test_a_record_tells_by_name_what_a_rehearsal_told(units: Books) -> None:
    act(units, "assign", "T1", to_name="Hoa", day=date(2025, 2, 1))
    rehearsed = reorganise(units, SYSTEM, MERGER, rehearse=True)
    assert Moved("asset", "T1", "Máy in", "Hoa", "SN77X", "a", "new") in rehearsed.things
    done = reorganise(units, SYSTEM, MERGER)
    record = merger_record(units, SYSTEM, done.number)
    assert record.things == done.things == rehearsed.things
    assert [one.noun for one in record.things] == ["site", "device", "asset", "document"]
    assert record.names == {"a": "A", "new": "New"}
    undo(units, SYSTEM, done.number, 1)
    assert merger_record(units, SYSTEM, done.number).things == done.things


def test_who_may_not_merge_looks_at_no_candidates_but_the_office_reads_records(units: Books) -> None:
    number = reorganise(units, SYSTEM, MERGER).number
    for role in (Role.IT_STAFF, Role.AUDITOR):
        with pytest.raises(Forbidden):
            candidates(units, person(role))
        with pytest.raises(Forbidden):
            beside(units, person(role), ["a"])
        assert merger_record(units, person(role), number).row.number == number
    with pytest.raises(Forbidden):
        merger_record(units, person(Role.COMMUNE_STAFF), number)
    with pytest.raises(NotFound):
        merger_record(units, SYSTEM, "SN-1999-0001")
