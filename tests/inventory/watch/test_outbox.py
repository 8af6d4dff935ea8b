"""The outbox: every message is delivered at least once, in its order, or visibly given up."""

import threading
from datetime import UTC, datetime, timedelta

import pytest
from sqlmodel import select

from inventory.books import Books
from inventory.db import reading, writing
from inventory.text import Text
from inventory.watch.firing import Firing, fire
from inventory.watch.outbox import (
    BACK_OFF_S,
    CLAIM,
    GIVEN_UP_AFTER,
    OutboxMessage,
    claim,
    delivered,
    enqueue,
    failed,
    first_reference,
)

T0 = datetime(2018, 12, 3, 1, 0, tzinfo=UTC)


def at(seconds: float) -> datetime:
    return T0 + timedelta(seconds=seconds)


def message(name: str, *, incident: int | None = None, to: str = "truc@bacquang.example.vn") -> OutboxMessage:
    return OutboxMessage(
        message_id=f"<{name}@quang>", incident_id=incident, channel="email", recipient=to, subject="Đứt cáp",
        body_text="...", created_at=T0, next_attempt_at=T0,
    )  # fmt: skip


def put(books: Books, *messages: OutboxMessage) -> int:
    with writing(books.engine) as session:
        return enqueue(session, messages)


def take(books: Books, seconds: float, limit: int = 50) -> list[str]:
    with writing(books.engine) as session:
        return [one.message_id for one in claim(session, at(seconds), limit=limit)]


def stored(books: Books) -> dict[str, OutboxMessage]:
    with reading(books.engine) as session:
        return {one.message_id: one for one in session.exec(select(OutboxMessage))}


def an_incident(books: Books) -> int:
    with writing(books.engine) as session:
        outcome = fire(
            session,
            Firing(
                rule="LinkDown", element="link:x", severity="critical", started_at=T0, values={},
                summary=Text(vi="Đứt.", en="Cut."),
            ),
            T0,
        )  # fmt: skip
        assert outcome.incident is not None
        assert outcome.incident.id is not None
        return outcome.incident.id


@pytest.mark.parametrize("set_back_s", [120, 1_800, 7_200])
def test_a_message_that_was_written_before_the_clock_was_set_back_goes_out_all_the_same(
    books: Books, set_back_s: int
) -> None:
    put(books, message("a"))
    assert take(books, -set_back_s) == ["<a@quang>"]
    assert take(books, -set_back_s + CLAIM.total_seconds() - 1) == []
    assert take(books, -set_back_s + CLAIM.total_seconds()) == ["<a@quang>"]


def test_a_retry_that_was_planned_before_the_clock_was_set_back_two_hours_waits_no_longer_than_its_pause(
    books: Books,
) -> None:
    put(books, message("a"))
    take(books, 0)
    with writing(books.engine) as session:
        failed(session, stored(books)["<a@quang>"].id or 0, "busy", at(0))
    assert take(books, -7_200) == ["<a@quang>"]


def test_the_same_message_is_put_in_once(books: Books) -> None:
    assert put(books, message("a"), message("a"), message("b")) == 2
    assert put(books, message("a")) == 0
    assert sorted(stored(books)) == ["<a@quang>", "<b@quang>"]


def test_a_message_is_gone_with_the_transaction_that_it_tells_of(books: Books) -> None:
    def cut_short() -> None:
        with writing(books.engine) as session:
            enqueue(session, [message("a")])
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        cut_short()
    assert stored(books) == {}


def test_what_is_taken_is_due_again_if_the_taker_dies(books: Books) -> None:
    put(books, message("a"))
    assert take(books, 0) == ["<a@quang>"]
    assert take(books, CLAIM.total_seconds() - 1) == []
    assert take(books, CLAIM.total_seconds()) == ["<a@quang>"]


def test_what_was_delivered_is_not_taken_again(books: Books) -> None:
    put(books, message("a"))
    take(books, 0)
    with writing(books.engine) as session:
        delivered(session, [stored(books)["<a@quang>"].id or 0], at(1))
    assert take(books, 10_000) == []
    assert (stored(books)["<a@quang>"].delivered_at, stored(books)["<a@quang>"].attempts) == (at(1), 1)


def test_attempts_grow_rarer_and_end_after_two_days(books: Books) -> None:
    put(books, message("a"))
    number = stored(books)["<a@quang>"].id or 0
    moment, pauses = T0, []
    for _ in range(500):
        with writing(books.engine) as session:
            given_up = failed(session, number, "không kết nối được", moment)
        row = stored(books)["<a@quang>"]
        if given_up is not None:
            break
        pauses.append((row.next_attempt_at - moment).total_seconds())
        moment = row.next_attempt_at
    assert pauses[: len(BACK_OFF_S)] == list(BACK_OFF_S)
    assert set(pauses[len(BACK_OFF_S) :]) == {BACK_OFF_S[-1]}
    assert row.abandoned_at is not None
    assert row.abandoned_at >= T0 + GIVEN_UP_AFTER
    assert row.last_error == "không kết nối được"
    assert take(books, 10 * GIVEN_UP_AFTER.total_seconds()) == []


def test_once_one_gets_through_the_others_do_not_wait_any_longer(books: Books) -> None:
    put(books, message("a"), message("b"))
    rows = stored(books)
    with writing(books.engine) as session:
        for _ in range(5):
            failed(session, rows["<a@quang>"].id or 0, "đầy", at(0))
    with writing(books.engine) as session:
        delivered(session, [rows["<b@quang>"].id or 0], at(10))
    assert take(books, 10) == ["<a@quang>"]


def test_news_of_one_incident_arrive_in_their_order(books: Books) -> None:
    incident = an_incident(books)
    put(books, message("cut", incident=incident), message("fixed", incident=incident))
    put(books, message("cut-en", incident=incident, to="other@example.vn"))
    assert take(books, 0) == ["<cut@quang>", "<cut-en@quang>"]
    with writing(books.engine) as session:
        failed(session, stored(books)["<cut@quang>"].id or 0, "hỏng", at(1))
    assert take(books, 2) == []
    assert take(books, 6) == ["<cut@quang>"]
    with writing(books.engine) as session:
        delivered(session, [stored(books)["<cut@quang>"].id or 0], at(7))
    assert take(books, 8) == ["<fixed@quang>"]


def test_the_first_message_about_an_incident_is_what_the_others_refer_to(books: Books) -> None:
    incident = an_incident(books)
    put(books, message("cut", incident=incident), message("fixed", incident=incident))
    with reading(books.engine) as session:
        assert first_reference(session, incident, "truc@bacquang.example.vn") == "<cut@quang>"
        assert first_reference(session, incident, "nobody@example.vn") == ""


def test_no_more_are_taken_than_asked_for(books: Books) -> None:
    put(books, *(message(str(number)) for number in range(7)))
    assert [len(take(books, 0, limit=3)) for _ in range(4)] == [3, 3, 1, 0]


def test_two_that_take_at_once_never_take_the_same(books: Books) -> None:
    put(books, *(message(str(number)) for number in range(40)))
    taken: list[str] = []
    failures: list[BaseException] = []

    def run() -> None:
        try:
            while found := take(books, 0, limit=5):
                taken.extend(found)
        except BaseException as error:  # noqa: BLE001 - told to the test below
            failures.append(error)

    threads = [threading.Thread(target=run) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert sorted(taken) == sorted(stored(books))
