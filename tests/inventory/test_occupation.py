"""Who works with SQLite books is seen, by its process alone, and only while it lives."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import text

from inventory.books import Books, open_books, prepare
from inventory.db import migrate, revision, writing
from inventory.errors import Unavailable
from inventory.occupation import END, Occupied, alone, file_of, occupy
from inventory.settings import Settings

HOLDS = """
import sys
from inventory.occupation import occupy
it = occupy(sys.argv[1])
print("held", flush=True)
sys.stdin.read()
"""


@contextmanager
def another(url: str) -> Iterator[subprocess.Popen[str]]:
    """Run a process that works with the books until its input ends."""
    process = subprocess.Popen(
        [sys.executable, "-c", HOLDS, url], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    try:
        assert process.stdout is not None
        assert process.stdout.readline() == "held\n"
        yield process
    finally:
        process.kill()
        process.communicate()


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path}/quang.db"


def test_many_work_together_and_nobody_gets_the_books_alone_meanwhile(url: str) -> None:
    with occupy(url), another(url) as other, pytest.raises(Occupied) as refused:
        alone(url)
    for told in (refused.value.reason, refused.value.first_step):
        for words in (told.vi, told.en):
            assert f"{other.pid}" in words.replace(")", " ").split()
            assert f"{os.getpid()}" in words.replace(")", " ").split()
    with alone(url):
        pass


def test_a_process_that_is_killed_holds_nothing(url: str) -> None:
    with another(url) as other:
        other.send_signal(signal.SIGKILL)
        other.wait()
        with alone(url):
            assert Path(f"{file_of(url)}{END}").exists()


def test_nobody_comes_in_while_the_books_are_changed_until_they_are_shared(url: str) -> None:
    with alone(url) as mine:
        with pytest.raises(Occupied) as refused:
            occupy(url)
        assert f"process {os.getpid()}" in refused.value.reason.en
        mine.share()
        with occupy(url), another(url):
            pass
    mine.end()
    with alone(url):
        pass


def test_whoever_waits_gets_the_books_when_they_are_free(url: str) -> None:
    with another(url) as other:
        other.terminate()
        with alone(url, patience_s=30.0):
            pass


@pytest.mark.parametrize("url", ["postgresql://u:p@h/n", "sqlite://", "sqlite:////no/such/folder/quang.db"])
def test_where_there_is_no_file_nothing_is_held(url: str) -> None:
    with occupy(url), alone(url):
        pass


@pytest.mark.skipif(os.geteuid() != 0, reason="needs root to be somebody else")
def test_the_file_belongs_to_whom_the_folder_does(tmp_path: Path) -> None:
    os.chown(tmp_path, 65_534, 65_534)
    with occupy(f"sqlite:///{tmp_path}/quang.db"):
        made = (tmp_path / f"quang.db{END}").stat()
    assert (made.st_uid, made.st_mode & 0o777) == (65_534, 0o600)


def test_a_place_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / f"quang.db{END}").mkdir()
    with pytest.raises(Unavailable) as refused:
        occupy(f"sqlite:///{tmp_path}/quang.db")
    assert not isinstance(refused.value, Occupied)
    assert str(tmp_path) in refused.value.reason.en


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_books_that_others_work_with_are_not_brought_to_another_shape(
    books: Books, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("inventory.books.PATIENCE_S", 0.3)
    url = str(books.engine.url)
    with another(url):
        prepare(books)
        with writing(books.engine) as session:
            head = revision(session)
            session.execute(text("UPDATE alembic_version SET version_num = '0001'"))
        with pytest.raises(Occupied):
            prepare(books)
        with writing(books.engine) as session:
            session.execute(text("UPDATE alembic_version SET version_num = :head"), {"head": head})
        prepare(books)


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_two_that_start_at_once_both_get_the_new_shape(empty_settings: Callable[[], Settings]) -> None:
    settings = empty_settings()
    first, second = open_books(settings), open_books(settings)
    with alone(first.engine.url) as mine:
        migrate(first.engine)
        mine.share()
        prepare(second)
    for books in (first, second):
        books.engine.dispose()
