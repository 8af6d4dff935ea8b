from datetime import timedelta

import pytest
import time_machine
from sqlmodel import select

from inventory.books import Books
from inventory.columns import now
from inventory.db import reading, writing
from inventory.replays import KEPT, KeyReused, Once, Replay, Replayed, done_before, forget

ONCE = Once(actor="an", key="k1", route="/api/v1/sites", request_hash="a" * 64)


def write(books: Books, once: Once = ONCE, key: str = "viet-quang") -> None:
    with writing(books.engine) as session:
        once.begin(session)
        once.end(session, key)


def test_what_was_done_is_known_by_its_key(books: Books) -> None:
    assert done_before(books, ONCE) is None
    write(books)
    assert done_before(books, ONCE) == "viet-quang"
    with pytest.raises(Replayed), writing(books.engine) as session:
        ONCE.begin(session)


def test_what_failed_leaves_nothing_behind(books: Books) -> None:
    class Failed(Exception):
        pass

    def fail() -> None:
        with writing(books.engine) as session:
            ONCE.begin(session)
            ONCE.end(session, "viet-quang")
            raise Failed

    with pytest.raises(Failed):
        fail()
    assert done_before(books, ONCE) is None


@pytest.mark.parametrize(
    "other",
    [
        Once(actor="an", key="k1", route="/api/v1/sites", request_hash="b" * 64),
        Once(actor="an", key="k1", route="/api/v1/links", request_hash="a" * 64),
    ],
)
def test_a_key_belongs_to_one_request(books: Books, other: Once) -> None:
    write(books)
    with pytest.raises(KeyReused):
        done_before(books, other)


def test_keys_of_two_actors_never_meet(books: Books) -> None:
    write(books)
    assert done_before(books, Once(actor="binh", key="k1", route="/x", request_hash="c" * 64)) is None


def test_a_key_is_forgotten_after_a_day(books: Books) -> None:
    write(books)
    with time_machine.travel(now() + KEPT + timedelta(seconds=1), tick=False):
        assert done_before(books, ONCE) is None
        write(books, key="another")
        assert done_before(books, ONCE) == "another"
    with time_machine.travel(now() + 3 * KEPT, tick=False):
        forget(books)
    with reading(books.engine) as session:
        assert session.exec(select(Replay)).all() == []
