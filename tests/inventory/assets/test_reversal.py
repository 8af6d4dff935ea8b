from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from inventory.assets.documents import Document
from inventory.assets.lifecycle import ActKind, AssetStatus, acts_from
from inventory.books import Books
from inventory.errors import Conflict, Forbidden, Invalid, NotFound, Stale
from tests.support.books import empty
from tests.support.custody import act, asset, document, require_order, state, undo
from tests.support.people import commune_staff
from tests.support.refusals import change
from tests.support.rows import add_asset, add_site

TAGS = ("A1", "A2", "A3")
SITES = ("tan-lap", "hung-an")
PEOPLE = ("Hoa", "Páo", "Tám")


@pytest.fixture
def office(books: Books) -> Books:
    for slug in SITES:
        add_site(books, slug)
    for tag in TAGS:
        add_asset(books, tag, "tan-lap", category="desktop")
    return books


def facts(books: Books, tag: str) -> dict[str, Any]:
    """Everything about an asset but how often it was written."""
    return asset(books, tag).model_dump(exclude={"version", "updated_at"})


def test_a_wrong_document_is_undone_by_another_that_refers_to_it(office: Books) -> None:
    before = facts(office, "A1")
    wrong = act(office, "assign", "A1", "A2", to_name="Hoa", room="P1")
    undoing = undo(office, wrong)
    assert undoing == f"HC-{office.today().year}-0001"
    assert document(office, undoing).reverses_id == document(office, wrong).id
    assert document(office, wrong).reversed_by_id == document(office, undoing).id
    assert facts(office, "A1") == before
    require_order(office)


def test_documents_are_undone_from_the_last_one_back(office: Books) -> None:
    first = act(office, "assign", "A1", "A2", to_name="Hoa")
    second = act(office, "return", "A1")
    with pytest.raises(Conflict, match="A1"):
        undo(office, first)
    undo(office, second)
    undo(office, first)
    assert state(office, "A1") == ("in_stock", "", None)
    require_order(office)


def test_nothing_is_undone_twice_and_no_reversal_is_undone(office: Books) -> None:
    wrong = act(office, "assign", "A1", to_name="Hoa")
    undoing = undo(office, wrong)
    for number in (wrong, undoing):
        with pytest.raises(Conflict):
            undo(office, number)
    again = act(office, "assign", "A1", to_name="Páo")
    assert again.endswith("-0002")
    require_order(office)


def test_what_was_corrected_since_stays_corrected(office: Books) -> None:
    wrong = act(office, "assign", "A1", to_name="Hoa", room="P1")
    change(office, "assets", "A1", room="P2", name="Máy của Hoa")
    undo(office, wrong)
    assert (asset(office, "A1").room, asset(office, "A1").name) == ("P2", "Máy của Hoa")


def test_the_day_of_a_reversal_fits_and_the_version_is_the_one_that_was_read(office: Books) -> None:
    wrong = act(office, "assign", "A1", to_name="Hoa")
    for day in (office.today() + timedelta(days=1), office.today() - timedelta(days=1), date(1949, 1, 1)):
        with pytest.raises(Invalid):
            undo(office, wrong, day=day)
    with pytest.raises(Stale):
        undo(office, wrong, version=9)
    with pytest.raises(NotFound):
        undo(office, wrong, actor=commune_staff(office, "hung-an"))


def test_the_receiver_alone_cannot_send_a_transfer_back(office: Books) -> None:
    wrong = act(office, "transfer", "A1", to_site="hung-an")
    with pytest.raises(Forbidden):
        undo(office, wrong, actor=commune_staff(office, "hung-an"))
    undo(office, wrong)
    assert state(office, "A1") == ("in_stock", "", None)


Step = tuple[str, Any]


def steps() -> st.SearchStrategy[list[Step]]:
    kinds = st.sampled_from([kind.value for kind in ActKind if kind is not ActKind.REVERSE])
    acts = st.tuples(
        kinds, st.tuples(st.sets(st.sampled_from(TAGS), min_size=1), st.sampled_from(PEOPLE), st.sampled_from(SITES))
    )
    return st.lists(acts | st.tuples(st.just("undo"), st.integers(0, 9)), max_size=14)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=steps())
def test_whatever_people_do_every_asset_has_one_holder_and_numbers_have_no_gap(books: Books, steps: list[Step]) -> None:
    empty(books)
    for slug in SITES:
        add_site(books, slug)
    for tag, status in zip(TAGS, ("planned", "in_stock", "in_use"), strict=True):
        add_asset(books, tag, "tan-lap", category="desktop", status=status, custodian="Hoa" if tag == "A3" else "")
    start = {tag: facts(books, tag) for tag in TAGS}
    written: list[str] = []
    for kind, details in steps:
        before = {tag: facts(books, tag) for tag in TAGS}
        done = attempt(lambda kind=kind, details=details: step(books, kind, details, written))
        if done is None:
            assert {tag: facts(books, tag) for tag in TAGS} == before
    require_order(books)
    for number in reversed(written):
        if document(books, number).reversed_by_id is None:
            undo(books, number)
    assert {tag: facts(books, tag) for tag in TAGS} == start
    require_order(books)


def step(books: Books, kind: str, details: Any, written: list[str]) -> str:
    if kind == "undo":
        if not written:
            raise NotFound(Document.NOUN, "none yet")
        return undo(books, written[details % len(written)])
    tags, name, site = details
    more = {"to_site": site} if kind == "transfer" else {}
    number = act(books, kind, *sorted(tags), to_name=name, **more)
    assert all(asset(books, tag).document_id == document(books, number).id for tag in tags)
    written.append(number)
    return number


def attempt(work: Callable[[], str]) -> str | None:
    try:
        return work()
    except (Invalid, Conflict, NotFound):
        return None


def test_every_state_but_the_last_leads_somewhere() -> None:
    assert [status for status in AssetStatus if not acts_from(status)] == [AssetStatus.DISPOSED]
