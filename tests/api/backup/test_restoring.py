"""A backup comes back whole, or everything is as it was."""

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import text

import inventory.migrations
from api.backup.checking import Newer, check
from api.backup.faults import Unusable, Unwritable
from api.backup.making import make
from api.backup.restoring import restore
from api.configurations.archive import Archive
from api.settings import SettingsWrong
from api.stack.home import Running, lock
from inventory.access.rights import SYSTEM
from inventory.books import open_books, prepare
from inventory.db import reading, revision
from inventory.errors import Conflict
from inventory.keys import BadKey, Keys
from inventory.nouns import NOUNS
from inventory.register import get
from inventory.settings import Settings as InventorySettings
from tests.support.disks import small_disk
from tests.support.parts import free_port
from tests.support.rows import add_site
from tests.support.running import environment, quang, wait

sqlite_only = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


def made(home: Any, folder: Path, *, with_key: bool = True) -> Path:
    return make(home.settings, folder, with_key=with_key, most=0).path


def everything(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_what_was_backed_up_comes_back_on_another_machine(
    home: Any, empty_settings: Callable[[], InventorySettings], tmp_path: Path
) -> None:
    path = made(home, tmp_path / "backups")
    add_site(home.books, "later")
    folder = tmp_path / "new"
    settings = home.use(folder, empty_settings().database_url)
    done = restore(folder, path, replace=False)
    assert (done.findings, done.aside, done.notes) == ((), (), ())
    assert done.manifest.rows["site"] == 1
    books = open_books(settings.inventory)
    try:
        prepare(books)
        assert get(books, SYSTEM, NOUNS["sites"], "tan-lap").slug == "tan-lap"
        with books.engine.connect() as connection:
            assert connection.execute(text("SELECT count(*) FROM site")).scalar_one() == 1
        found = Archive(folder, books.keys).last("sw")
        assert found is not None
        assert found.text == "hostname sw\nend\n"
    finally:
        books.engine.dispose()
    assert (folder / "key").read_bytes() == (home.folder / "key").read_bytes()
    assert (folder / "quang.toml").read_text() == 'language = "en"\n'
    assert (folder / "forms.yaml").read_text() == "# the office's own\n"
    assert not (folder / "rulebooks").exists()
    assert [path.name for path in folder.iterdir() if path.name.startswith(".")] == []
    for name in ("key", "quang.toml", "configs"):
        assert (folder / name).stat().st_mode & 0o077 == 0


@sqlite_only
def test_books_that_are_there_stay_unless_they_may_move_aside(home: Any, tmp_path: Path) -> None:
    path = made(home, tmp_path, with_key=False)
    add_site(home.books, "later")
    home.books.engine.dispose()
    (home.folder / "quang.toml").write_text('language = "vi"\n')
    before = everything(home.folder)
    with pytest.raises(Conflict) as refused:
        restore(home.folder, path, replace=False)
    assert "--replace" in refused.value.first_step.vi
    assert everything(home.folder) | {"run/lock": b""} == before | {"run/lock": b""}
    done = restore(home.folder, path, replace=True)
    assert done.findings == ()
    moved = dict(done.aside)
    assert moved[home.folder / "quang.db"].is_file()
    assert moved[home.folder / "configs"].is_dir()
    assert everything(moved[home.folder / "quang.db"].parent)["quang.db"] == before["quang.db"]
    # What is said of this machine stands; the other is beside it.
    assert (home.folder / "quang.toml").read_text() == 'language = "vi"\n'
    assert (home.folder / "quang.toml.from-backup").read_text() == 'language = "en"\n'
    assert "quang.toml.from-backup" in done.notes[0].vi
    books = open_books(home.settings.inventory)
    with books.engine.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM site")).scalar_one() == 1
    books.engine.dispose()


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_a_database_that_is_not_empty_is_refused(home: Any, tmp_path: Path) -> None:
    path = made(home, tmp_path)
    folder = tmp_path / "new"
    home.use(folder, home.settings.database.url)
    with pytest.raises(Conflict) as refused:
        restore(folder, path, replace=True)
    assert "is not empty" in refused.value.reason.en
    assert "createdb" in refused.value.first_step.en
    assert [path.name for path in folder.iterdir()] == ["run"]


@sqlite_only
def test_books_of_the_other_kind_are_refused(home: Any, tmp_path: Path, cluster: Any) -> None:
    path, folder = made(home, tmp_path), tmp_path / "new"
    home.use(folder, cluster.url("postgres"))
    with pytest.raises(Conflict) as refused:
        restore(folder, path, replace=False)
    assert "holds books on SQLite, the settings name PostgreSQL" in refused.value.reason.en


@sqlite_only
def test_nothing_is_restored_while_quang_runs(home: Any, tmp_path: Path) -> None:
    path, folder = made(home, tmp_path), tmp_path / "new"
    home.use(folder, "")
    (folder / "run").mkdir(parents=True)
    held = lock(folder)
    try:
        with pytest.raises(Running):
            restore(folder, path, replace=True)
    finally:
        os.close(held)
    assert not (folder / "quang.db").exists()


@sqlite_only
def test_an_api_that_runs_alone_keeps_its_books_until_its_process_is_gone(home: Any, tmp_path: Path) -> None:
    path, port = made(home, tmp_path), free_port()
    home.books.engine.dispose()
    before = everything(home.folder)
    with running_alone(home.folder, port) as process:
        refused = quang("restore", str(path), "--replace", home=home.folder)
        assert refused.returncode != 0
        assert f"tiến trình {process.pid}" in refused.stderr
        assert "Stop it first (quang api, quang up or another quang command)" in refused.stderr
        assert f"kill {process.pid}" in refused.stderr
        assert set(everything(home.folder)) <= {*before, "run/lock", "quang.db-wal", "quang.db-shm"}
        process.send_signal(signal.SIGKILL)
        process.wait()
        done = quang("restore", str(path), "--replace", home=home.folder)
        assert (done.returncode, done.stderr) == (0, "")


@contextmanager
def running_alone(folder: Path, port: int) -> Iterator[subprocess.Popen[bytes]]:
    """Run `quang api` as its own process until it is ready; it is killed at the end."""
    words = [sys.executable, "-P", "-m", "api", "api"]
    settings = environment(folder, QUANG_WEB_PORT=str(port))
    with (folder.parent / "api.log").open("wb") as log:
        process = subprocess.Popen(words, env=settings, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
    try:
        wait(lambda: ready(port) or process.poll() is not None)
        assert process.poll() is None
        yield process
    finally:
        process.kill()
        process.wait()


def ready(port: int) -> bool:
    try:
        return httpx.get(f"http://127.0.0.1:{port}/healthz", timeout=5).status_code == 200
    except httpx.TransportError:
        return False


@sqlite_only
@pytest.mark.parametrize("there", [False, True], ids=["no key", "another key"])
def test_without_the_right_key_nothing_is_touched_and_where_it_goes_is_told(
    home: Any, tmp_path: Path, *, there: bool
) -> None:
    path, folder = made(home, tmp_path, with_key=False), tmp_path / "new"
    home.use(folder, "")
    if there:
        Keys.from_file(folder / "key")
    with pytest.raises(BadKey) as refused:
        restore(folder, path, replace=False)
    assert str(folder / "key") in refused.value.first_step.vi
    assert not (folder / "quang.db").exists()
    shutil.copy(home.folder / "key", folder / "key")
    assert restore(folder, path, replace=False).findings == ()


@sqlite_only
def test_the_key_of_the_backup_takes_the_place_of_another_which_moves_aside(home: Any, tmp_path: Path) -> None:
    path, folder = made(home, tmp_path), tmp_path / "new"
    home.use(folder, "")
    other = Keys.from_file(folder / "key").fingerprint
    done = restore(folder, path, replace=False)
    assert done.findings == ()
    assert Keys.from_file(dict(done.aside)[folder / "key"]).fingerprint == other


@sqlite_only
def test_books_of_a_newer_version_are_refused(home: Any, tmp_path: Path) -> None:
    with home.books.engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    path, folder = made(home, tmp_path), tmp_path / "new"
    home.use(folder, "")
    with pytest.raises(Newer):
        restore(folder, path, replace=False)
    assert not folder.exists()


def test_books_of_an_older_version_come_back_in_todays_shape(
    home: Any, empty_settings: Callable[[], InventorySettings], tmp_path: Path
) -> None:
    old = home.use(tmp_path / "old", empty_settings().database_url)
    config = Config()
    config.set_main_option("script_location", str(Path(inventory.migrations.__file__).parent))
    books = open_books(old.inventory)
    with books.engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0007")
    books.engine.dispose()
    path = make(old, tmp_path / "kept", with_key=True, most=0).path
    assert check(old, path)[1] == []
    new = home.use(tmp_path / "new", empty_settings().database_url)
    done = restore(new.home, path, replace=False)
    assert (done.manifest.revision, done.findings) == ("0007", ())
    books = open_books(new.inventory)
    with reading(books.engine) as session:
        assert revision(session) != "0007"
    books.engine.dispose()


@sqlite_only
def test_settings_that_cannot_be_used_are_named_before_anything_is_put_anywhere(home: Any, tmp_path: Path) -> None:
    (home.folder / "quang.toml").write_text('colour = "red"\n')
    path, folder = made(home, tmp_path), tmp_path / "new"
    home.use(folder, "")
    with pytest.raises(SettingsWrong):
        restore(folder, path, replace=False)
    assert [path.name for path in folder.iterdir()] == ["run"]


@sqlite_only
def test_whatever_is_in_the_way_moves_aside(home: Any, tmp_path: Path) -> None:
    path, folder = made(home, tmp_path), tmp_path / "new"
    home.use(folder, "")
    (folder / "forms.yaml").mkdir(parents=True)
    done = restore(folder, path, replace=False)
    assert {old.name for old, _ in done.aside} == {"forms.yaml"}


@sqlite_only
def test_a_disk_without_room_is_told_before_anything_moves(home: Any, tmp_path: Path) -> None:
    path = made(home, tmp_path)
    with small_disk(tmp_path / "disk", 1024**2) as folder:
        home.use(folder, "")
        with pytest.raises(Unwritable) as refused:
            restore(folder, path, replace=False)
        assert [one.name for one in folder.iterdir()] == ["run"]
    assert "MB" in refused.value.reason.vi


@sqlite_only
def test_the_commands_tell_where_the_key_belongs_and_what_came_back(home: Any, tmp_path: Path) -> None:
    new, kept = tmp_path / "new", tmp_path / "kept"
    done = quang("backup", str(kept), "--keep", "2", home=home.folder)
    assert done.returncode == 0, done.stderr
    file = Path(done.stdout.strip())
    assert file.parent == kept
    assert f"Khóa niêm phong KHÔNG có trong tệp: cất một bản của {home.folder}/key ở nơi khác" in done.stderr
    assert "The sealing key is NOT inside" in done.stderr
    new.mkdir()
    shutil.copy(home.folder / "key", new / "key")
    back = quang("restore", str(file), home=new)
    assert back.returncode == 0, back.stderr
    assert "1 đơn vị" in back.stdout
    assert "✓ Đã khôi phục, mọi thứ đều khớp; chạy quang up. / Restored" in back.stdout
    file.write_bytes(file.read_bytes()[:-1])
    checked = quang("backup", "--check", str(file), home=new)
    assert checked.returncode == 1
    assert "Không dùng được tệp sao lưu này: tệp bị hỏng" in checked.stderr
    assert "Traceback" not in checked.stderr


@sqlite_only
def test_what_is_no_backup_makes_no_home(tmp_path: Path, home: Any) -> None:
    file = tmp_path / "quang-backup-20261124-000000.tar.gz"
    file.write_bytes(b"no backup")
    with pytest.raises(Unusable):
        restore(tmp_path / "new", file, replace=True)
    assert not (tmp_path / "new").exists()
