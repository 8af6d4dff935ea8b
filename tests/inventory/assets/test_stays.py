from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest
import time_machine
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from inventory.access.rights import SYSTEM
from inventory.assets.ledger import Entry, Stay, ledger, wear_table
from inventory.assets.stays import ever_at, read_stays
from inventory.assets.wear_book import read_book
from inventory.audit.reorganisation import reorganise
from inventory.audit.reorganisation import undo as take_apart
from inventory.books import Books
from inventory.columns import column
from inventory.db import reading
from inventory.errors import QuangError
from inventory.nouns import NOUNS
from inventory.places.reorganisations import Reorganisation
from inventory.places.sites import Site
from inventory.register import get, update
from tests.support.books import empty, statements
from tests.support.custody import RULEBOOKS, act, asset, undo
from tests.support.rows import add_asset, add_site

RULES = RULEBOOKS.rules()
SITES = ("a", "b", "c")
START = date(2024, 1, 10)


@pytest.fixture(autouse=True)
def today() -> Iterator[None]:
    """Make it 20 November 2027."""
    with time_machine.travel(datetime(2027, 11, 20, 3, tzinfo=UTC), tick=True):
        yield


def offices(books: Books, *tags: str) -> None:
    """Write three communes, and in the first one printers in use since 2024."""
    for slug in SITES:
        add_site(books, slug)
    for tag in tags:
        add_asset(
            books, tag, "a", category="printer", cost_vnd=14_000_000, put_to_use=START.isoformat(), status="in_use"
        )  # fmt: skip


def entries(books: Books) -> dict[str, Entry]:
    with reading(books.engine) as session:
        return {one.tag: one for one in read_book(session, RULES, books.zone, stays=read_stays(session)).entries}


def move(books: Books, tag: str, to: str, day: date) -> str:
    return act(books, "transfer", tag, day=day, to_site=to, to_name="Hoàng Thị Mai")


def merge(books: Books, old: str, new: str, day: date) -> str:
    return reorganise(books, SYSTEM, {"day": day, "decree": "NQ 1", "pairs": [{"old": old, "new": new}]}).number


def unmerge(books: Books, number: str) -> None:
    with reading(books.engine) as session:
        found = select(column(Reorganisation, "version")).where(column(Reorganisation, "number") == number)
        version = session.execute(found).scalar_one()
    take_apart(books, SYSTEM, number, version)


def test_an_asset_that_never_moved_was_always_where_it_is(books: Books) -> None:
    offices(books, "P1")
    assert entries(books)["P1"].stays == (Stay(date.min, "a"),)


def test_a_transfer_ends_one_stay_and_begins_the_next(books: Books) -> None:
    offices(books, "P1")
    number = move(books, "P1", "b", date(2026, 5, 4))
    assert entries(books)["P1"].stays == (Stay(date.min, "a"), Stay(date(2026, 5, 4), "b", number))


def test_a_transfer_that_was_reversed_moved_nothing(books: Books) -> None:
    offices(books, "P1")
    undo(books, move(books, "P1", "b", date(2026, 5, 4)), day=date(2027, 1, 5))
    assert entries(books)["P1"].stays == (Stay(date.min, "a"),)


def test_a_merger_is_a_stay_too_and_undoing_it_ends_that(books: Books) -> None:
    offices(books, "P1")
    number = merge(books, "a", "c", date(2025, 7, 1))
    assert entries(books)["P1"].stays == (Stay(date.min, "a"), Stay(date(2025, 7, 1), "c", number))
    unmerge(books, number)
    assert entries(books)["P1"].stays == (Stay(date.min, "a"),)


def test_a_merger_written_down_late_counts_from_its_day_but_not_from_before_what_it_found(books: Books) -> None:
    offices(books, "P1", "P2")
    move(books, "P1", "b", date(2026, 3, 1))
    merge(books, "b", "c", date(2025, 7, 1))
    assert [(one.since, one.site) for one in entries(books)["P1"].stays] == [(date.min, "a"), (date(2026, 3, 1), "c")]


def test_what_comes_back_the_same_day_never_left(books: Books) -> None:
    offices(books, "P1")
    move(books, "P1", "b", date(2026, 3, 1))
    move(books, "P1", "a", date(2026, 3, 1))
    assert [one.site for one in entries(books)["P1"].stays] == ["a"]


def test_what_is_written_down_late_counts_not_from_before_a_way_there_and_back_either(books: Books) -> None:
    offices(books, "P1")
    merge(books, "a", "b", date(2026, 3, 1))
    for to in ("a", "b"):
        move(books, "P1", to, date(2026, 2, 1))
    assert [(one.since, one.site) for one in entries(books)["P1"].stays] == [(date.min, "a"), (date(2026, 3, 1), "b")]


def test_a_site_corrected_by_hand_after_a_merger_is_where_the_last_stay_was(books: Books) -> None:
    offices(books, "P1")
    merge(books, "a", "c", date(2025, 7, 1))
    update(books, SYSTEM, NOUNS["assets"], "P1", get(books, SYSTEM, NOUNS["assets"], "P1").version, {"site": "b"})
    assert [one.site for one in entries(books)["P1"].stays] == ["a", "b"]


def test_the_receiver_computes_the_whole_year_and_the_giver_lets_go_of_last_decembers_residual(books: Books) -> None:
    offices(books, "P1")
    number = move(books, "P1", "b", date(2026, 5, 4))
    found = list(entries(books).values())
    # 14,000,000 − 2 × 2,800,000 by 2025; from 2026 spread over 7 − 2 years: 8,400,000 ÷ 5 = 1,680,000.
    giver, receiver = ledger(found, RULES, 2026, "a").rows[0], ledger(found, RULES, 2026, "b").rows[0]
    assert (giver.left_by, giver.annual_vnd, giver.left_residual_vnd) == (number, 0, 8_400_000)
    assert (receiver.came_by, receiver.annual_vnd, receiver.accumulated_vnd) == (number, 1_680_000, 7_280_000)
    assert [wear_table(found, RULES, year, "a").total.pieces for year in (2025, 2026)] == [1, 0]
    assert [wear_table(found, RULES, year, "b").total.pieces for year in (2025, 2026)] == [0, 1]


def test_the_stays_of_the_whole_book_take_one_statement_and_the_book_another(books: Books) -> None:
    offices(books, "P1", "P2", "P3")
    move(books, "P1", "b", date(2026, 5, 4))
    merge(books, "a", "c", date(2026, 7, 1))
    with statements(books) as seen, reading(books.engine) as session:
        read_book(session, RULES, books.zone, stays=read_stays(session))
    assert len(seen) == 2


def test_whatever_stood_at_a_site_once_is_found_for_its_ledgers(books: Books) -> None:
    offices(books, "P1", "P2", "P3")
    move(books, "P1", "b", date(2026, 5, 4))
    with reading(books.engine) as session:
        numbers = {row[0]: row[1] for row in session.execute(select(column(Site, "slug"), column(Site, "id")))}
        at_b = set(session.execute(ever_at([numbers["b"]])).scalars())
        assert at_b == {asset(books, "P1").id}
        assert len(set(session.execute(ever_at([numbers["a"]])).scalars())) == 3
    merge(books, "b", "c", date(2026, 8, 1))
    with reading(books.engine) as session:
        for slug in ("b", "c"):
            assert set(session.execute(ever_at([numbers[slug]])).scalars()) == {asset(books, "P1").id}


@dataclass
class Told:
    """What was written down, in order: the day, from where, to where, and the paper."""

    moves: list[tuple[date, str, str, str]] = field(default_factory=list)

    def site_on(self, day: date) -> str:
        """Return where the asset was: whatever was written down later comes after what was written before."""
        site, last = "a", date.min
        for since, _, to, _ in self.moves:
            last = max(last, since)
            site = to if last <= day else site
        return site


steps = st.lists(
    st.tuples(
        st.sampled_from(("transfer", "transfer", "transfer", "reverse", "merge", "unmerge")),
        st.sampled_from(SITES),
        st.sampled_from(SITES),
        st.integers(0, 1_200),
    ),
    max_size=7,
)


@given(steps)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=12)
def test_every_day_has_one_holder_and_every_year_is_computed_once(
    books: Books, taken: list[tuple[str, str, str, int]]
) -> None:
    empty(books)
    offices(books, "P1")
    told = Told()
    for step in taken:
        try:
            _do(books, told, step)
        except QuangError:
            # What the books refuse changes nothing.
            continue
    found = list(entries(books).values())
    stays = found[0].stays
    assert [one.since for one in stays] == sorted({one.since for one in stays})
    assert all(one.site != other.site for one, other in pairwise(stays))
    for day in (START + timedelta(days=29 * step) for step in range(48)):
        assert found[0].stay_on(day).site == told.site_on(day)
    for year in range(2024, 2032):
        whole = wear_table(found, RULES, year).total
        parts = [wear_table(found, RULES, year, slug).total for slug in SITES]
        assert sum(part.annual_vnd for part in parts) == whole.annual_vnd > 0 or whole.residual_vnd == 0
        assert [part.pieces for part in parts].count(1) == 1
        assert (
            sum(row.annual_vnd for slug in SITES for row in ledger(found, RULES, year, slug).rows) == whole.annual_vnd
        )


def _do(books: Books, told: Told, step: tuple[str, str, str, int]) -> None:
    """Take one step through the books, and write it down if they did."""
    kind, old, new, later = step
    day = START + timedelta(days=later)
    here = told.site_on(date.max)
    if kind == "transfer":
        told.moves.append((day, here, new, move(books, "P1", new, day)))
    elif kind == "merge" and old != new:
        number = merge(books, old, new, day)
        if here == old:
            told.moves.append((day, old, new, number))
    elif told.moves:
        paper = told.moves[-1][3]
        if kind == "reverse" and paper.startswith("DC"):
            undo(books, paper)
            told.moves.pop()
        elif kind == "unmerge" and paper.startswith("SN"):
            unmerge(books, paper)
            told.moves.pop()
