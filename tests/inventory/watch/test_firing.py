"""From alerts to incidents: repeated, late, lost and reordered news never make two of one, nor lose one."""

import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlmodel import Session, select

from inventory.books import Books
from inventory.db import reading, writing
from inventory.text import Text
from inventory.watch.firing import (
    REOPENS_WITHIN,
    Ending,
    Firing,
    News,
    Outcome,
    drop,
    end,
    fire,
    is_known,
    past,
    unresolved,
)
from inventory.watch.incidents import Incident, IncidentState, note_event, timeline

T0 = datetime(2018, 12, 3, 1, 0, tzinfo=UTC)


def at(seconds: float) -> datetime:
    return T0 + timedelta(seconds=seconds)


def firing(started: float = 0, **more: object) -> Firing:
    values = {
        "rule": "LinkDown", "element": "link:viet-vinh", "severity": "critical", "started_at": at(started),
        "summary": Text(vi="Đứt cáp.", en="Cut."), "values": {"value_vi": "mất tín hiệu"},
    }  # fmt: skip
    return Firing(**(values | more))  # type: ignore[arg-type]


def ending(started: datetime, ended: datetime, *, good: bool) -> Ending:
    return Ending(rule="LinkDown", element="link:viet-vinh", started_at=started, ended_at=ended, good=good)


def fired(books: Books, started: float, heard: float | None = None, **more: object) -> Outcome:
    with writing(books.engine) as session:
        return fire(session, firing(started, **more), at(started + 2 if heard is None else heard))


def ended(books: Books, started: float, at_s: float, *, good: bool = True, heard: float | None = None) -> Outcome:
    with writing(books.engine) as session:
        return end(session, ending(at(started), at(at_s), good=good), at(at_s + 2 if heard is None else heard))


def all_incidents(books: Books) -> list[Incident]:
    with reading(books.engine) as session:
        return list(session.exec(select(Incident).order_by(Incident.opened_at)))


def kinds(books: Books, incident: Incident) -> list[str]:
    with reading(books.engine) as session:
        return [event.kind for event in timeline(session, incident)]


def test_an_alert_opens_an_incident_and_is_news(books: Books) -> None:
    outcome = fired(books, 0, hidden_count=3)
    assert outcome.news is News.OPENED
    (incident,) = all_incidents(books)
    assert (incident.state, incident.opened_at, incident.times, incident.hidden_count) == ("open", T0, 1, 3)
    assert (incident.summary_vi, incident.summary_en) == ("Đứt cáp.", "Cut.")
    assert kinds(books, incident) == ["opened"]


def test_a_redelivery_is_neither_news_nor_a_second_incident(books: Books) -> None:
    fired(books, 0)
    assert [fired(books, 0, heard).news for heard in (3, 60, 3600)] == [None, None, None]
    assert len(all_incidents(books)) == 1


def test_the_end_with_a_good_sample_resolves_once(books: Books) -> None:
    fired(books, 0)
    assert ended(books, 0, 60).news is News.RESOLVED
    assert ended(books, 0, 60).news is None
    (incident,) = all_incidents(books)
    assert (incident.state, incident.resolved_at) == ("resolved", at(60))


def test_an_old_firing_heard_after_its_end_does_not_open_it_again(books: Books) -> None:
    fired(books, 0)
    ended(books, 0, 60)
    assert fired(books, 0, 70).news is None
    assert [one.state for one in all_incidents(books)] == ["resolved"]


def test_an_end_of_an_earlier_firing_does_not_end_the_present_one(books: Books) -> None:
    fired(books, 0)
    fired(books, 30)
    assert ended(books, 0, 20, heard=40).news is None
    assert [one.state for one in all_incidents(books)] == ["open"]


def test_without_a_good_sample_nothing_is_called_resolved(books: Books) -> None:
    fired(books, 0)
    assert ended(books, 0, 60, good=False).news is None
    assert ended(books, 0, 90, good=False).news is None
    (incident,) = all_incidents(books)
    assert (incident.state, incident.resolved_at) == ("unknown", None)
    assert kinds(books, incident) == ["opened", "unknown"]


def test_the_good_sample_may_come_later(books: Books) -> None:
    fired(books, 0)
    ended(books, 0, 60, good=False)
    assert ended(books, 0, 60, heard=120).news is News.RESOLVED
    assert kinds(books, all_incidents(books)[0]) == ["opened", "unknown", "resolved"]


def test_what_was_unknown_and_fires_on_is_open_again_without_another_message(books: Books) -> None:
    fired(books, 0)
    ended(books, 0, 60, good=False)
    assert fired(books, 0, 90).news is None
    (incident,) = all_incidents(books)
    assert (incident.state, incident.times) == ("open", 1)


def test_a_repeated_cut_soon_after_is_the_same_incident_and_is_announced_again(books: Books) -> None:
    fired(books, 0)
    ended(books, 0, 60)
    outcome = fired(books, 120)
    assert outcome.news is News.REOPENED
    (incident,) = all_incidents(books)
    assert (incident.state, incident.times, incident.resolved_at, incident.opened_at) == ("open", 2, None, T0)
    assert kinds(books, incident) == ["opened", "resolved", "reopened"]


@pytest.mark.parametrize(("gap", "incidents"), [(0.0, 1), (1.0, 2)])
def test_the_border_between_reopening_and_a_new_incident_is_ten_minutes(
    books: Books, gap: float, incidents: int
) -> None:
    fired(books, 0)
    ended(books, 0, 60)
    outcome = fired(books, 60 + REOPENS_WITHIN.total_seconds() + gap)
    assert len(all_incidents(books)) == incidents
    assert outcome.news is (News.REOPENED if incidents == 1 else News.OPENED)


def test_who_took_it_on_is_asked_again_when_it_is_cut_again(books: Books) -> None:
    incident = fired(books, 0).incident
    assert incident is not None
    with writing(books.engine) as session:
        stored = session.get(Incident, incident.id)
        assert stored is not None
        stored.acknowledged_by, stored.acknowledged_at = "lan", at(10)
    ended(books, 0, 60)
    fired(books, 120)
    assert (all_incidents(books)[0].acknowledged_by, all_incidents(books)[0].acknowledged_at) == ("", None)


def test_a_firing_from_the_future_begins_now(books: Books) -> None:
    fired(books, 3600, heard=5)
    assert all_incidents(books)[0].opened_at == at(5)


def test_an_end_before_its_beginning_takes_no_time(books: Books) -> None:
    fired(books, 100)
    ended(books, 100, 50, heard=110)
    assert all_incidents(books)[0].resolved_at == at(100)


def test_an_end_of_what_nobody_heard_of_changes_nothing(books: Books) -> None:
    assert ended(books, 0, 60) == Outcome(None)
    assert all_incidents(books) == []


def test_an_incident_of_what_nobody_watches_any_more_is_closed(books: Books) -> None:
    fired(books, 0)
    with writing(books.engine) as session:
        for incident in unresolved(session):
            drop(session, incident, at(100))
        assert unresolved(session) == []
    assert (all_incidents(books)[0].state, all_incidents(books)[0].resolved_at) == ("resolved", at(100))


def test_what_came_and_went_unheard_is_booked_as_resolved(books: Books) -> None:
    with writing(books.engine) as session:
        outcome = past(session, firing(0, reconstructed=True), at(60), at(300))
        assert outcome.news is News.RESOLVED
        assert past(session, firing(0, reconstructed=True), at(60), at(360)).news is None
    (incident,) = all_incidents(books)
    assert (incident.state, incident.reconstructed, incident.opened_at, incident.resolved_at) == (
        "resolved", True, T0, at(60),
    )  # fmt: skip


def test_a_gap_in_the_past_is_filled_beside_a_later_open_incident(books: Books) -> None:
    fired(books, 1000)
    with writing(books.engine) as session:
        assert past(session, firing(0), at(60), at(1100)).news is News.RESOLVED
    assert [one.state for one in all_incidents(books)] == ["resolved", "open"]
    assert fired(books, 1000, 1200).news is None
    assert ended(books, 1000, 1300).news is News.RESOLVED


def test_what_is_covered_is_known(books: Books) -> None:
    fired(books, 10)
    ended(books, 10, 60)
    with reading(books.engine) as session:
        found = [is_known(session, "LinkDown", "link:viet-vinh", at(second)) for second in (5, 9.8, 10, 60, 61)]
    assert found == [False, True, True, True, False]


def test_the_clock_set_back_keeps_the_timeline_in_order(books: Books) -> None:
    incident = fired(books, 1000).incident
    assert incident is not None
    with writing(books.engine) as session:
        note_event(session, incident, "note", at(10), actor="lan")
    with reading(books.engine) as session:
        events = timeline(session, incident)
        assert [event.kind for event in events] == ["opened", "note"]
        assert events[0].at <= events[1].at


def test_a_cut_after_the_clock_was_set_back_two_hours_is_news_and_so_is_its_end(books: Books) -> None:
    fired(books, 5_000)
    ended(books, 5_000, 5_300)
    fired(books, 7_200)
    assert ended(books, 7_200, 7_300).news is News.RESOLVED
    again = fired(books, 600)
    assert again.news is News.REOPENED
    assert fired(books, 600, heard=603).news is None
    assert ended(books, 600, 660).news is News.RESOLVED
    assert fired(books, 1_400).news is News.OPENED


def test_a_redelivery_after_the_clock_was_set_back_is_none(books: Books) -> None:
    fired(books, 7_200)
    assert fired(books, 7_200, heard=10).news is None
    assert ended(books, 7_200, 7_260, heard=60).news is News.RESOLVED
    assert fired(books, 7_200, heard=70).news is None


def test_many_deliveries_at_once_make_one_incident(books: Books) -> None:
    outcomes: list[Outcome] = []
    failed: list[BaseException] = []

    def run() -> None:
        try:
            outcomes.append(fired(books, 0))
        except BaseException as error:  # noqa: BLE001 - told to the test below
            failed.append(error)

    threads = [threading.Thread(target=run) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    assert [outcome.news for outcome in outcomes].count(News.OPENED) == 1
    assert len(all_incidents(books)) == 1


Act = tuple[str, int]
acts = st.lists(st.tuples(st.sampled_from(["fire", "end", "unsure"]), st.integers(0, 3)), max_size=12)
MINUTES = (0, 4, 30, 33)
"""When the firings begin; each ends a minute later. The first two and the last two are close to each other."""


def play(session: Session, order: list[Act]) -> list[News | None]:
    news = []
    for step, (act, number) in enumerate(order):
        begins, now = at(60 * MINUTES[number]), at(3600 + step)
        if act == "fire":
            news.append(fire(session, firing(60 * MINUTES[number]), now).news)
        else:
            ends = begins + timedelta(minutes=1)
            news.append(end(session, ending(begins, ends, good=act == "end"), now).news)
    return news


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=60)
@given(order=acts)
def test_whatever_the_order_of_news_there_is_one_open_and_none_is_lost(
    new_books: Callable[[], Books], order: list[Act]
) -> None:
    books = _emptied(new_books)
    with writing(books.engine) as session:
        news = play(session, order)
        again = play(session, order[-1:])
        incidents = list(session.exec(select(Incident)))
        lines = [timeline(session, incident) for incident in incidents]
        open_now = unresolved(session)
    heard = [number for act, number in order if act == "fire"]
    assert len(open_now) <= 1
    assert bool(heard) == bool(incidents)
    if heard:
        # The newest firing that was heard is the newest that is booked: none is lost.
        assert max(one.last_fired_at for one in incidents) == at(60 * MINUTES[max(heard)])
    assert again in ([], [None])
    assert sum(one is not None for one in news) == sum(
        event.kind in {"opened", "reopened", "resolved"} for events in lines for event in events
    )
    for incident, events in zip(incidents, lines, strict=True):
        assert events[0].kind == "opened"
        assert [event.at for event in events] == sorted(event.at for event in events)
        assert (incident.state == IncidentState.RESOLVED) == (incident.resolved_at is not None)
        assert incident.resolved_at is None or incident.resolved_at >= incident.last_fired_at >= incident.opened_at


_KEPT: dict[int, Books] = {}


def _emptied(new_books: Callable[[], Books]) -> Books:
    """Return one set of books for all examples of a test, without incidents."""
    books = _KEPT.get(id(new_books)) or _KEPT.setdefault(id(new_books), new_books())
    with writing(books.engine) as session:
        for table in ("incident_event", "incident"):
            session.connection().exec_driver_sql(f"DELETE FROM {table}")
    return books
