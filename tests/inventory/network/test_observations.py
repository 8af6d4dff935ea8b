"""Reports of collectors: each counts once, and a fact only ever widens its time."""

import threading
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from sqlmodel import select

from inventory.books import Books
from inventory.db import reading, writing
from inventory.network.observations import Observation, Transition, ingest_observations, ingest_transitions

T0 = datetime(2018, 12, 3, 1, 0, tzinfo=UTC)


def change(uid: str | None = None, state: str = "down", at: datetime = T0) -> Transition:
    return Transition(
        uid=uid or uuid4().hex, collector="main", element="device:core", instance="core", site="trung-tam",
        probe="icmp", state=state, at=at,
    )  # fmt: skip


def fact(value: str = "ABC123", at: datetime = T0, site: str = "trung-tam", subject: str = "chassis") -> Observation:
    return Observation(
        source="snmp_system", instance="core", site=site, fact="serial", subject=subject, value=value, first_seen=at,
        last_seen=at,
    )  # fmt: skip


def stored(books: Books) -> list[Observation]:
    with reading(books.engine) as session:
        return list(session.exec(select(Observation).order_by(Observation.value)))


def test_a_batch_delivered_twice_is_stored_once(books: Books) -> None:
    batch = [change(), change(state="up")]
    again = [change(one.uid, one.state) for one in batch]
    with writing(books.engine) as session:
        assert ingest_transitions(session, batch) == 2
    with writing(books.engine) as session:
        assert ingest_transitions(session, [*again, change()]) == 1
    with reading(books.engine) as session:
        rows = session.exec(select(Transition).order_by(Transition.id)).all()
        assert [row.state for row in rows] == ["down", "up", "down"]


def test_a_uid_twice_within_a_batch_counts_once(books: Books) -> None:
    with writing(books.engine) as session:
        assert ingest_transitions(session, [change("a" * 32), change("a" * 32)]) == 1


def test_an_empty_batch_is_no_statement_at_all(books: Books) -> None:
    with writing(books.engine) as session:
        assert ingest_transitions(session, []) == 0
        ingest_observations(session, [])
    assert stored(books) == []


def test_more_rows_than_one_statement_takes_are_all_stored(books: Books) -> None:
    with writing(books.engine) as session:
        assert ingest_transitions(session, [change() for _ in range(1201)]) == 1201


def test_a_fact_seen_again_keeps_its_first_time_and_moves_its_last(books: Books) -> None:
    for hours, place in ((2, "b"), (5, "c"), (0, "a")):
        with writing(books.engine) as session:
            ingest_observations(session, [fact(at=T0 + timedelta(hours=hours), site=place)])
    (one,) = stored(books)
    assert (one.first_seen, one.last_seen, one.site) == (T0, T0 + timedelta(hours=5), "c")


def test_a_fact_twice_within_a_batch_is_one_row(books: Books) -> None:
    with writing(books.engine) as session:
        ingest_observations(session, [fact(at=T0 + timedelta(hours=hours)) for hours in (3, 1, 2)])
    (one,) = stored(books)
    assert (one.first_seen, one.last_seen) == (T0 + timedelta(hours=1), T0 + timedelta(hours=3))


def test_another_value_is_another_fact(books: Books) -> None:
    with writing(books.engine) as session:
        ingest_observations(session, [fact("A"), fact("B")])
    assert [one.value for one in stored(books)] == ["A", "B"]


def test_two_at_once_that_deliver_the_same_batch_store_it_once(books: Books) -> None:
    uids = [uuid4().hex for _ in range(50)]
    new: list[int] = []
    failed: list[BaseException] = []

    def run() -> None:
        try:
            with writing(books.engine) as session:
                ingest_observations(session, [fact(str(number)) for number in range(20)])
                new.append(ingest_transitions(session, [change(uid) for uid in uids]))
        except BaseException as error:  # noqa: BLE001 - told to the test below
            failed.append(error)

    threads = [threading.Thread(target=run) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    assert sum(new) == 50
    assert len(stored(books)) == 20


@pytest.mark.parametrize("text", ["Đồng Tâm", "'; DROP TABLE observation; --", "x" * 500])
def test_a_value_comes_back_as_it_was(books: Books, text: str) -> None:
    with writing(books.engine) as session:
        ingest_observations(session, [fact(text)])
    assert [one.value for one in stored(books)] == [text]
