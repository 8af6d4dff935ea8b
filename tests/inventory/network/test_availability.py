"""Availability: the share of a time in which an element worked, by what collectors saw."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inventory.books import Books
from inventory.db import reading, writing
from inventory.network import availability as counting
from inventory.network.availability import Availability, Change, availability, changes_of
from inventory.network.observations import Transition, ingest_transitions

T0 = datetime(2018, 12, 1, tzinfo=UTC)
HOUR = timedelta(hours=1)
END = T0 + 10 * HOUR


def said(*words: tuple[float, str, bool]) -> list[Change]:
    return [Change(T0 + hours * HOUR, source, up) for hours, source, up in words]


def over(*words: tuple[float, str, bool]) -> Availability:
    return availability(said(*words), T0, END)


def test_nothing_said_is_nothing_known() -> None:
    assert over() == Availability(0 * HOUR, 0 * HOUR, 0)
    assert over().ratio is None


def test_a_cut_of_an_hour_of_ten_is_ninety_percent() -> None:
    found = over((-5, "a", True), (3, "a", False), (4, "a", True))
    assert found == Availability(10 * HOUR, HOUR, 1)
    assert found.ratio == pytest.approx(0.9)


def test_the_time_before_the_first_word_does_not_count() -> None:
    assert over((5, "a", True), (6, "a", False), (7, "a", True)) == Availability(5 * HOUR, HOUR, 1)


def test_what_was_down_when_the_time_began_is_one_cut() -> None:
    assert over((-1, "a", False), (2, "a", True)) == Availability(10 * HOUR, 2 * HOUR, 1)
    assert over((-1, "a", False)) == Availability(10 * HOUR, 10 * HOUR, 1)


def test_what_ended_before_the_time_began_is_no_cut() -> None:
    assert over((-3, "a", False), (-2, "a", True)) == Availability(10 * HOUR, 0 * HOUR, 0)


def test_a_link_is_down_while_either_end_says_so_and_both_together_are_one_cut() -> None:
    found = over((-1, "a", True), (-1, "b", True), (2, "a", False), (3, "b", False), (4, "a", True), (5, "b", True))
    assert found == Availability(10 * HOUR, 3 * HOUR, 1)


def test_the_same_word_again_after_a_restart_of_the_collector_changes_nothing() -> None:
    found = over((-1, "a", True), (2, "a", False), (3, "a", False), (4, "a", True), (5, "a", True))
    assert found == Availability(10 * HOUR, 2 * HOUR, 1)


def test_what_comes_after_the_end_does_not_count() -> None:
    assert over((-1, "a", True), (11, "a", False)) == Availability(10 * HOUR, 0 * HOUR, 0)


@given(
    st.lists(st.tuples(st.integers(-20 * 3600, 20 * 3600), st.sampled_from("ab"), st.booleans()), max_size=30).map(
        lambda words: [(at / 3600, source, up) for at, source, up in sorted(words)]
    )
)
def test_down_time_is_never_more_than_what_is_known_and_adds_up_over_parts(
    words: Sequence[tuple[float, str, bool]],
) -> None:
    changes = said(*words)
    whole = availability(changes, T0, END)
    assert timedelta() <= whole.down <= whole.known <= END - T0
    assert whole.ratio is None or 0 <= whole.ratio <= 1
    middle = T0 + 4 * HOUR
    first, second = availability(changes, T0, middle), availability(changes, middle, END)
    assert first.known + second.known == whole.known
    assert first.down + second.down == whole.down
    assert whole.cuts > 0 or whole.down == timedelta()


def change(hours: float, state: str, instance: str = "core", element: str = "link:line") -> Transition:
    return Transition(
        uid=uuid4().hex, collector="main", element=element, instance=instance, site="trung-tam", probe="snmp_link",
        state=state, at=T0 + hours * HOUR,
    )  # fmt: skip


def test_the_books_give_the_last_word_of_each_source_before_and_all_within(books: Books) -> None:
    rows = [
        change(-9, "down"), change(-8, "up"), change(-7, "up", "far"), change(2, "down"), change(4, "up"),
        change(3, "down", element="link:other"), change(12, "down"),
    ]  # fmt: skip
    with writing(books.engine) as session:
        ingest_transitions(session, rows)
    with reading(books.engine) as session:
        found = changes_of(session, "link:line", T0, END)
        nothing = changes_of(session, "link:unknown", T0, END)
    assert [(one.at - T0, one.up) for one in found] == [
        (-8 * HOUR, True), (-7 * HOUR, True), (2 * HOUR, False), (4 * HOUR, True),
    ]  # fmt: skip
    assert availability(found, T0, END) == Availability(10 * HOUR, 2 * HOUR, 1)
    assert nothing == []


def test_of_one_that_flaps_all_the_time_the_newest_changes_are_read(
    books: Books, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(counting, "MOST_CHANGES", 4)
    with writing(books.engine) as session:
        ingest_transitions(session, [change(-1, "up"), *(change(at, "down" if at % 2 else "up") for at in range(8))])
    with reading(books.engine) as session:
        found = changes_of(session, "link:line", T0, END)
    assert [(one.at - T0) / HOUR for one in found] == [4, 5, 6, 7]
    assert availability(found, T0, END).known == 6 * HOUR
