"""A backup is made while everything works; it is whole or it is not there."""

import fcntl
import os
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from api.backup.checking import check
from api.backup.faults import NothingYet, Unusable, Unwritable
from api.backup.making import make
from api.stack.programs import Missing
from inventory.errors import Unavailable
from inventory.keys import BadKey, Keys
from tests.support.disks import fill, small_disk
from tests.support.parts import need
from tests.support.rows import add_site
from tests.support.running import wait

AT = datetime(2026, 11, 24, 1, 30, 5, tzinfo=UTC)
sqlite_only = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


def test_a_backup_is_one_file_for_its_owner_alone_and_tells_what_it_holds(home: Any, tmp_path: Path) -> None:
    done = make(home.settings, tmp_path / "kept", with_key=False, most=0, at=AT)
    assert done.path == tmp_path / "kept" / "quang-backup-20261124-083005.tar.gz"
    assert done.path.stat().st_mode & 0o777 == 0o600
    assert [path.name for path in (tmp_path / "kept").iterdir()] == [done.path.name]
    names = {one.name for one in done.manifest.files}
    assert {"quang.toml", "forms.yaml", "configs/HEAD"} < names
    assert "key" not in names
    assert not any("hooks" in name or "lock" in name for name in names)
    assert (home.folder / "key").read_bytes().split(b":")[1].strip() not in done.path.read_bytes()
    lines, findings = check(home.settings, done.path)
    assert findings == []
    assert "1 sites" in lines[1].en
    assert done.manifest.key == home.books.keys.fingerprint


@sqlite_only
def test_a_second_backup_of_the_same_second_has_a_name_of_its_own(home: Any, tmp_path: Path) -> None:
    paths = {make(home.settings, tmp_path, with_key=True, most=0, at=AT).path.name for _ in range(2)}
    assert paths == {"quang-backup-20261124-083005.tar.gz", "quang-backup-20261124-083006.tar.gz"}


def test_somebody_who_writes_meanwhile_tears_nothing(home: Any, tmp_path: Path) -> None:
    ends = threading.Event()
    written: list[str] = []

    def write() -> None:
        while not ends.is_set():
            written.append(f"xa-{len(written)}")
            add_site(home.books, written[-1])

    writer = threading.Thread(target=write)
    writer.start()
    try:
        wait(lambda: len(written) > 1)
        made = [make(home.settings, tmp_path, with_key=True, most=0) for _ in range(3)]
    finally:
        ends.set()
        writer.join()
    for one in made:
        # A site and its change are of one transaction: a copy has both or neither.
        assert one.manifest.rows["site"] == one.manifest.rows["change"]
        assert check(home.settings, one.path)[1] == []
    assert 2 <= made[0].manifest.rows["site"] <= made[-1].manifest.rows["site"] <= len(written) + 1


@sqlite_only
def test_only_so_many_of_this_installation_are_kept(home: Any, tmp_path: Path) -> None:
    for day in range(3):
        make(home.settings, tmp_path, with_key=False, most=0, at=AT + timedelta(days=day))
    strange = tmp_path / "quang-backup-20200101-000000.tar.gz"
    strange.write_bytes(b"somebody else's")
    other = tmp_path / "quang-backup-mine.tar.gz"
    other.write_bytes(b"mine")
    done = make(home.settings, tmp_path, with_key=False, most=2, at=AT + timedelta(days=3))
    assert [path.name[13:21] for path in done.removed] == ["20261124", "20261125"]
    assert {path.name[13:21] for path in tmp_path.iterdir()} == {"20261126", "20261127", "20200101", "mine.tar"}


@sqlite_only
def test_what_a_killed_backup_left_is_removed_and_what_another_works_on_is_not(home: Any, tmp_path: Path) -> None:
    left, used = tmp_path / ".quang-backup-left.part", tmp_path / ".quang-backup-used.part"
    left.mkdir()
    (left / "file").write_text("half")
    used.mkdir()
    number = os.open(used, os.O_RDONLY)
    fcntl.flock(number, fcntl.LOCK_EX)
    make(home.settings, tmp_path, with_key=False, most=0, at=AT)
    os.close(number)
    assert {path.name for path in tmp_path.iterdir()} == {used.name, "quang-backup-20261124-083005.tar.gz"}


@sqlite_only
def test_a_full_disk_leaves_nothing_behind(home: Any, tmp_path: Path) -> None:
    with small_disk(tmp_path / "disk") as folder:
        fill(folder)
        with pytest.raises((Unwritable, Unavailable)) as failed:
            make(home.settings, folder, with_key=False, most=0)
        assert [path.name for path in folder.iterdir()] == ["filler"]
        (folder / "filler").unlink()
        # Enough for the copy, not for the file besides.
        with (folder / "filler").open("wb") as file:
            room = os.statvfs(folder).f_bavail * os.statvfs(folder).f_frsize
            file.write(bytes(room - 2_100_000))
        (home.folder / "forms.yaml").write_bytes(os.urandom(400_000))
        with pytest.raises((Unwritable, Unavailable)):
            make(home.settings, folder, with_key=False, most=0)
        assert [path.name for path in folder.iterdir()] == ["filler"]
    assert failed.value.first_step.vi


@sqlite_only
def test_a_home_without_books_has_nothing_to_back_up(home: Any, tmp_path: Path) -> None:
    settings = home.use(tmp_path / "new", "")
    with pytest.raises(NothingYet):
        make(settings, tmp_path / "kept", with_key=False, most=0)
    assert not (tmp_path / "new").exists()


@sqlite_only
def test_a_key_that_is_not_that_of_the_books_is_told(home: Any, tmp_path: Path) -> None:
    (home.folder / "key").unlink()
    Keys.from_file(home.folder / "key")
    with pytest.raises(BadKey):
        make(home.settings, tmp_path / "kept", with_key=False, most=0)
    assert list((tmp_path / "kept").iterdir()) == []


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_without_pg_dump_the_package_is_named(home: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(Missing) as failed:
        make(home.settings, tmp_path / "kept", with_key=False, most=0)
    assert "postgresql-client" in failed.value.first_step.en
    assert list((tmp_path / "kept").iterdir()) == []


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_the_password_of_the_database_stands_in_no_command_line_and_no_environment(
    home: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    programs = tmp_path / "bin"
    programs.mkdir()
    seen = tmp_path / "seen"
    (programs / "pg_dump").write_text(
        f'#!/bin/sh\ncat /proc/$$/cmdline /proc/$$/environ > {seen}\ncp "$PGPASSFILE" {seen}.pass\n'
        f'exec {need("pg_dump")} "$@"\n'
    )
    (programs / "pg_dump").chmod(0o755)
    monkeypatch.setenv("PATH", f"{programs}:{os.environ['PATH']}")
    url = home.settings.database.url.replace("@", ":planted%3Aone%5C@")
    settings = home.use(home.folder, url)
    done = make(settings, tmp_path / "kept", with_key=False, most=0)
    assert "planted" not in seen.read_text()
    assert Path(f"{seen}.pass").read_text() == "*:*:*:*:planted\\:one\\\\\n"
    assert not any("pass" in one.name for one in done.manifest.files)


@sqlite_only
def test_the_check_finds_what_was_changed_behind_the_programs_back(home: Any, tmp_path: Path) -> None:
    with home.books.engine.begin() as connection:
        connection.execute(text("UPDATE site SET name = 'Xã khác'"))
    path = make(home.settings, tmp_path, with_key=False, most=0).path
    assert "name" in check(home.settings, path)[1][0].en


@sqlite_only
def test_the_check_tells_of_no_key_and_of_another(home: Any, tmp_path: Path) -> None:
    path = make(home.settings, tmp_path, with_key=False, most=0).path
    settings = home.use(tmp_path / "new", "")
    lines, findings = check(settings, path)
    assert ("not here" in lines[-1].en, findings) == (True, [])
    Keys.from_file(tmp_path / "new" / "key")
    assert "is not that of this backup" in check(settings, path)[1][0].en
    assert [one.name for one in (tmp_path / "new").iterdir()] == ["key"]


@sqlite_only
@pytest.mark.parametrize("place", [0.3, 0.9], ids=["in the middle", "near the end"])
def test_a_damaged_backup_is_refused(home: Any, tmp_path: Path, place: float) -> None:
    path = make(home.settings, tmp_path, with_key=False, most=0).path
    whole = path.read_bytes()
    at = int(len(whole) * place)
    for damaged in (whole[:at], whole[:at] + bytes([whole[at] ^ 0xFF]) + whole[at + 1 :], whole + b"more"):
        path.write_bytes(damaged)
        with pytest.raises(Unusable):
            check(home.settings, path)
    assert not list(home.folder.glob(".quang-check-*"))
