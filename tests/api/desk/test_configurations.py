"""Configurations on the command line: to restore a device on the day on which nothing else works."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlmodel import select

from api.configurations.archive import FOLDER, Archive
from api.settings import load
from inventory.access.rights import SYSTEM
from inventory.books import open_books, prepare
from inventory.db import reading
from inventory.history import Change
from inventory.keys import Keys
from inventory.nouns import NOUNS
from inventory.register import create
from tests.support.parts import free_port
from tests.support.running import environment, quang

AT = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)
TEXT = "hostname sw\nsnmp-server community planted-c0mmunity RO\nend\n"


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


@pytest.fixture
def archive(home: Path) -> Iterator[Archive]:
    books = open_books(load(environment(home)).inventory)
    prepare(books)
    create(books, SYSTEM, NOUNS["sites"], {"slug": "huyen", "name": "Huyện", "kind": "district"})
    create(books, SYSTEM, NOUNS["devices"], {"name": "sw", "site": "huyen", "category": "switch"})
    made = Archive(home, books.keys)
    made.save("sw", "ios", TEXT, AT)
    made.save("sw", "ios", TEXT.replace("hostname sw", "hostname sw2"), AT + timedelta(days=1))
    yield made
    books.engine.dispose()


def taken(home: Path) -> list[str]:
    books = open_books(load(environment(home)).inventory)
    with reading(books.engine) as session:
        found = [row.actor for row in session.exec(select(Change).where(Change.act == "take_configuration"))]
    books.engine.dispose()
    return found


def test_copies_are_listed_shown_without_secrets_and_written_whole(
    archive: Archive, home: Path, tmp_path: Path
) -> None:
    lines = quang("config", "list", "sw", home=home).stdout.splitlines()
    assert [line.split("\t")[1:] for line in lines] == [
        ["2026-11-24 10:00", "sw: changed"], ["2026-11-23 10:00", "sw: first copy"],
    ]  # fmt: skip
    oldest = lines[1].split("\t")[0]
    shown = quang("config", "show", "sw", "--version", oldest, home=home).stdout
    assert "hostname sw\n" in shown
    assert "planted" not in shown
    file = tmp_path / "sw.cfg"
    done = quang("config", "export", "sw", str(file), "--version", oldest, home=home)
    assert (done.returncode, done.stdout.strip(), done.stderr) == (0, str(file), "")
    assert file.read_text() == TEXT
    assert file.stat().st_mode & 0o777 == 0o600
    assert taken(home) == ["system"]


def test_what_differs_is_printed_without_secrets(archive: Archive, home: Path) -> None:
    newest, oldest = (one.blob for one in archive.log("sw", 9))
    printed = quang("config", "diff", "sw", home=home).stdout
    assert printed.splitlines()[:2] == ["-hostname sw", "+hostname sw2"]
    assert "planted" not in printed
    words = ("config", "diff", "sw", "--version", oldest, "--older", newest)
    assert quang(*words, home=home).stdout.splitlines()[:2] == ["-hostname sw2", "+hostname sw"]


def test_a_file_that_is_there_is_never_written_over(archive: Archive, home: Path, tmp_path: Path) -> None:
    file = tmp_path / "sw.cfg"
    file.write_text("mine")
    done = quang("config", "export", "sw", str(file), home=home)
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert file.read_text() == "mine"


def test_without_the_database_a_copy_is_written_all_the_same(archive: Archive, home: Path, tmp_path: Path) -> None:
    file = tmp_path / "sw.cfg"
    gone = f"postgresql://x@127.0.0.1:{free_port()}/x"
    done = quang("config", "export", "sw", str(file), home=home, QUANG_DATABASE_URL=gone)
    assert (done.returncode, "this is not in the history" in done.stderr) == (0, True)
    assert "hostname sw2" in file.read_text()


@pytest.mark.parametrize("act", ["list", "show", "export"])
def test_a_device_without_a_copy_is_told_in_both_languages(archive: Archive, home: Path, act: str) -> None:
    done = quang("config", act, "nothing", home=home)
    assert done.returncode == 1
    assert "Không tìm thấy bản lưu cấu hình “nothing”." in done.stderr
    assert "There is no copy of a configuration “nothing”." in done.stderr


def test_the_check_names_a_copy_that_does_not_open(archive: Archive, home: Path) -> None:
    assert "bản lưu" not in quang("check", home=home).stderr.casefold()
    stranger = Archive(home, Keys(b"x" * 32))
    stranger.save("other", "ios", TEXT, AT)
    done = quang("check", home=home)
    assert done.returncode == 1
    assert "of the configuration of other does not open with this key" in done.stderr
    assert (home / FOLDER).is_dir()
