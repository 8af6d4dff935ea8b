"""Counting: exactly once whatever comes twice, and nobody learns more of another site than tag, name and owner."""

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from inventory.access.accounts import Role, Scope
from inventory.access.rights import SYSTEM
from inventory.audit.campaigns import plan
from inventory.audit.counting import deliver, thing
from inventory.audit.evidence import entries_of
from inventory.books import Books
from inventory.columns import now
from inventory.db import reading
from inventory.errors import Conflict, Forbidden, NotFound
from tests.support.books import empty
from tests.support.counting import begun, book_assets, book_sites, count, differences, sent, state_of, tag_of
from tests.support.people import commune_staff, person, program
from tests.support.threads import together


@pytest.fixture(autouse=True)
def places(books: Books) -> None:
    book_sites(books)
    book_assets(books, range(1, 6))
    book_assets(books, [6], site="hung-an")


def test_a_delivery_that_comes_again_changes_nothing(books: Books) -> None:
    campaign = begun(books)
    entries = [sent(tag_of(n)) for n in range(1, 4)]
    first, again = count(books, campaign, *entries), count(books, campaign, *entries, sent(tag_of(4)))
    assert (first.accepted, first.duplicates, again.accepted, again.duplicates) == (3, 0, 1, 3)
    assert differences(books, campaign) == {("missing", tag_of(5))}


def test_two_phones_that_deliver_at_once_do_not_clash(books: Books) -> None:
    campaign = begun(books)
    shared = [sent(tag_of(n)) for n in range(1, 6)]
    own = [[sent(tag_of(n), at=n) for n in range(1, 6)] for _ in range(2)]
    together(
        lambda: count(books, campaign, *shared, *own[0]),
        lambda: count(books, campaign, *own[1], *reversed(shared)),
        lambda: count(books, campaign, *shared),
    )
    with reading(books.engine) as session:
        assert len(entries_of(session, campaign)) == 15
    assert differences(books, campaign) == set()


def test_an_entry_is_resolved_to_the_list_then_to_the_books_then_to_nothing(books: Books) -> None:
    campaign = begun(books)
    unknown = sent("LA-77", name="Máy in lạ", method="hand")
    count(books, campaign, *(sent(tag_of(n)) for n in range(1, 6)), sent(tag_of(6)), unknown)
    assert differences(books, campaign) == {("unexpected", tag_of(6)), ("surplus", "LA-77")}
    extras = state_of(books, campaign).count.extras
    assert extras[0].entries[0].known["site_name"] == "Xã Hùng An"


def test_a_mistake_is_taken_back_even_if_the_taking_back_arrives_first(books: Books) -> None:
    campaign = begun(books)
    wrong = sent(tag_of(1))
    count(books, campaign, sent(voids=wrong.uid, method="hand"))
    count(books, campaign, wrong, *(sent(tag_of(n)) for n in range(2, 6)))
    assert differences(books, campaign) == {("missing", tag_of(1))}


def test_a_clock_that_runs_ahead_has_not_the_last_word_for_ever(books: Books) -> None:
    campaign = begun(books)
    ahead = sent(tag_of(1), room="Kho", counted_at=now() + timedelta(days=400))
    count(books, campaign, ahead)
    count(books, campaign, sent(tag_of(1), room="Phòng 2", counted_at=now()))
    assert ("elsewhere", tag_of(1)) not in differences(books, campaign)


def test_an_entry_at_a_foreign_site_is_refused_alone(books: Books) -> None:
    campaign = begun(books)
    wrong = sent(tag_of(1), site="hung-an")
    found = count(books, campaign, wrong, sent(tag_of(2)))
    assert (found.accepted, [one.uid for one in found.refused]) == (1, [wrong.uid])


@pytest.mark.parametrize(
    "values",
    [
        {"uid": "not-hex"},
        {"uid": "A" * 32},
        {"tag": ""},
        {"tag": "x" * 65},
        {"tag": "a\x00b"},
        {"method": "network"},
        {"condition": "lost"},
        {"note": "x" * 501},
        {"counted_at": "2026-12-01T08:00:00"},
        {"counted_at": 5},
        {"extra": 1},
    ],
)
def test_a_wrong_entry_is_refused(values: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        sent(**{"tag": "TL-0001"} | values)


def test_nothing_is_counted_before_the_beginning(books: Books) -> None:
    planned = plan(books, SYSTEM, {"title": "X", "due": "2026-12-31", "sites": ["tan-lap"]})
    with pytest.raises(Conflict, match="has not begun"):
        count(books, planned, sent(tag_of(1)))


def test_everybody_who_may_count_counts_and_nobody_else(books: Books) -> None:
    campaign = begun(books)
    for role in Role:
        assert count(books, campaign, sent(tag_of(1)), actor=person(role)).accepted == 1
    assert count(books, campaign, sent(tag_of(1)), actor=program(Role.AUDITOR, Scope.WRITE)).accepted == 1
    for scope in (Scope.READ, Scope.COLLECTOR, Scope.SCRAPE):
        with pytest.raises(Forbidden):
            count(books, campaign, sent(tag_of(1)), actor=program(Role.AUDITOR, scope))
    with pytest.raises(NotFound):
        count(books, campaign, sent(tag_of(1)), actor=commune_staff(books, "hung-an"))
    with pytest.raises(NotFound):
        deliver(books, SYSTEM, 999, [sent(tag_of(1))])


def test_another_sites_asset_shows_label_name_and_owner_only(books: Books) -> None:
    campaign = begun(books, sites=("tan-lap", "hung-an"))
    mine = commune_staff(books, "tan-lap")
    foreign = thing(books, mine, campaign.id or 0, tag_of(6))
    assert (foreign.where, foreign.number, foreign.tag) == ("books", 0, tag_of(6))
    assert (foreign.name, foreign.site_name) == ("Máy tính để bàn 6", "Xã Hùng An")
    own = thing(books, mine, campaign.id or 0, tag_of(1))
    assert (own.where, own.number > 0) == ("line", True)
    assert thing(books, mine, campaign.id or 0, "https://example.vn/").where == "nowhere"
    seen = state_of(books, campaign, mine)
    assert {one.line.site for one in seen.count.findings} == {"tan-lap"}


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_any_order_of_deliveries_ends_in_the_same_differences(books: Books, data: st.DataObject) -> None:
    empty(books)
    book_sites(books)
    book_assets(books, range(1, 6))
    entries = [sent(tag_of(n), at=n) for n in (1, 1, 2, 3)] + [sent(tag_of(4), condition="damaged"), sent("LA-1")]
    entries.append(sent(voids=entries[3].uid, method="hand"))
    campaign = begun(books)
    order = data.draw(st.permutations(entries + entries[:3]))
    cut = data.draw(st.integers(0, len(order)))
    count(books, campaign, *order[:cut])
    count(books, campaign, *order[cut:])
    assert differences(books, campaign) == {
        ("missing", tag_of(3)), ("missing", tag_of(5)), ("damaged", tag_of(4)), ("surplus", "LA-1")
    }  # fmt: skip
