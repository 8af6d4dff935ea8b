import sqlite3
import threading
import time
from collections.abc import Callable
from contextlib import nullcontext
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy import update as sql_update
from sqlmodel import select

from inventory.access.rights import SYSTEM
from inventory.books import Books, open_books, prepare
from inventory.db import connect, knows, noting, reading, revision, writing
from inventory.errors import Invalid, Stale, Unavailable
from inventory.keys import BadKey
from inventory.nouns import NOUNS
from inventory.places.sites import Site
from inventory.register import get, update
from inventory.settings import Settings
from tests.support.parts import free_port
from tests.support.rows import add, add_site
from tests.support.threads import together

SITES = NOUNS["sites"]


def test_many_writers_and_readers_at_once_lose_no_update(books: Books) -> None:
    """Each adds one to the same figure, again and again: who comes too late reads anew and repeats."""
    add_site(books, "a", headcount=0)

    def count(times: int) -> None:
        for _ in range(times):
            while True:
                site = get(books, SYSTEM, SITES, "a")
                try:
                    update(books, SYSTEM, SITES, "a", site.version, {"headcount": site.model_dump()["headcount"] + 1})
                except Stale:
                    continue
                break

    together(*[lambda: count(10)] * 4)
    site = get(books, SYSTEM, SITES, "a")
    assert (site.model_dump()["headcount"], site.version) == (40, 41)


def test_of_two_who_change_the_same_version_the_second_is_told_the_current_one(books: Books) -> None:
    add_site(books, "a")
    update(books, SYSTEM, SITES, "a", 1, {"headcount": 1})
    with pytest.raises(Stale) as caught:
        update(books, SYSTEM, SITES, "a", 1, {"headcount": 2})
    assert caught.value.current_version == 2
    assert get(books, SYSTEM, SITES, "a").model_dump()["headcount"] == 1


def test_a_transaction_that_fails_leaves_nothing(books: Books) -> None:
    def fail() -> None:
        with writing(books.engine) as session:
            session.add(Site(slug="a", name="A", kind="commune"))
            session.flush()
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    with reading(books.engine) as session:
        assert session.exec(select(Site)).all() == []


def test_a_reader_sees_one_moment_and_writes_nothing(books: Books) -> None:
    add_site(books, "a")
    with reading(books.engine) as session:
        assert len(session.exec(select(Site)).all()) == 1
        add_site(books, "b")
        assert len(session.exec(select(Site)).all()) == 1
        session.add(Site(slug="c", name="C", kind="commune"))
    with reading(books.engine) as session:
        assert len(session.exec(select(Site)).all()) == 2


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_sqlite_keeps_a_log_is_durable_and_checks_references(books: Books) -> None:
    with books.engine.connect() as connection:
        values = [connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in
                  ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")]  # fmt: skip
    assert values == ["wal", 2, 1, 10_000]


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_a_note_does_not_wait_for_a_long_writer_and_the_next_writer_does(books: Books) -> None:
    with writing(books.engine) as session:
        change = text("UPDATE site SET name = name")
        session.execute(change)
        began = time.monotonic()
        with pytest.raises(Unavailable), noting(books.engine) as hasty:
            hasty.execute(change)
        # A writer waits ten seconds.
        assert time.monotonic() - began < 9
    with noting(books.engine) as session:
        assert session.execute(text("PRAGMA busy_timeout")).scalar() == 10_000
        session.execute(change)


def test_what_is_noted_is_written(books: Books) -> None:
    add_site(books, "a")
    with noting(books.engine) as session:
        session.execute(text("UPDATE site SET note = 'seen' WHERE slug = 'a'"))
    with reading(books.engine) as session:
        assert session.execute(text("SELECT note FROM site WHERE slug = 'a'")).scalar() == "seen"


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_a_writer_waits_for_another_program_instead_of_failing(books: Books) -> None:
    other = sqlite3.connect(str(books.engine.url.database), isolation_level=None, check_same_thread=False)
    other.execute("BEGIN IMMEDIATE")
    release = threading.Timer(0.4, lambda: other.execute("COMMIT"))
    began = time.monotonic()
    release.start()
    add_site(books, "a")
    assert time.monotonic() - began >= 0.3
    release.join()
    other.close()


def test_a_database_that_is_gone_is_unavailable_with_a_reason(tmp_path: Path) -> None:
    settings = Settings(
        database_url=f"postgresql://nobody@127.0.0.1:{free_port()}/none", key_file=tmp_path / "key"
    )  # fmt: skip
    books = open_books(settings)
    for act in (lambda: prepare(books), lambda: get(books, SYSTEM, SITES, "a"), lambda: add_site(books, "a")):
        with pytest.raises(Unavailable) as caught:
            act()
        assert "does not answer" in caught.value.reason.en
    books.engine.dispose()


def test_a_folder_that_is_missing_is_unavailable(tmp_path: Path) -> None:
    books = open_books(Settings(database_url=f"sqlite:///{tmp_path}/none/x.db", key_file=tmp_path / "key"))
    with pytest.raises(Unavailable):
        prepare(books)
    books.engine.dispose()


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_a_connection_that_the_server_ended_is_made_anew(books: Books) -> None:
    add_site(books, "a")
    other = connect(books.engine.url.render_as_string(hide_password=False))
    with other.connect() as connection:
        connection.execute(
            text("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database()"
                 " AND pid <> pg_backend_pid()")
        )  # fmt: skip
    other.dispose()
    assert get(books, SYSTEM, SITES, "a").key == "a"


def test_another_key_than_the_databases_own_is_refused_before_anything_is_written(books: Books, tmp_path: Path) -> None:
    add(books, "credentials", name="c", kind="snmp_v2c", community="x")
    stranger = open_books(
        Settings(database_url=books.engine.url.render_as_string(hide_password=False), key_file=tmp_path / "other")
    )
    with pytest.raises(BadKey) as caught:
        prepare(stranger)
    assert "backup" in caught.value.first_step.en
    stranger.engine.dispose()
    prepare(books)


@pytest.mark.parametrize("number", [2**31, 2**63, 10**30])
def test_a_number_that_no_row_can_have_is_told_apart_from_a_broken_program(books: Books, number: int) -> None:
    """On SQLite a number of 63 bits is just that of no row."""
    fits = books.engine.dialect.name == "sqlite" and number < 2**63
    with nullcontext() if fits else pytest.raises(Invalid), reading(books.engine) as session:
        assert session.get(Site, number) is None


def test_a_text_with_a_nul_is_nobodys_name(books: Books) -> None:
    fits = books.engine.dialect.name == "sqlite"
    with nullcontext() if fits else pytest.raises(Invalid), reading(books.engine) as session:
        assert session.exec(select(Site).where(Site.slug == "a\0b")).first() is None


def test_a_number_that_no_column_holds_is_refused_and_nothing_is_written(books: Books) -> None:
    with pytest.raises(Invalid), writing(books.engine) as session:
        session.connection().execute(sql_update(Site).values(version=10**30))


def test_a_database_tells_its_step_and_one_without_books_has_none(
    books: Books, empty_settings: Callable[[], Settings]
) -> None:
    with reading(books.engine) as session:
        step = revision(session)
    assert step is not None
    assert knows(step)
    assert not knows("9999")
    empty = open_books(empty_settings())
    with reading(empty.engine) as session:
        assert revision(session) is None
    empty.engine.dispose()
