"""`quang backup`: everything that cannot be made anew, copied while all of it works, in one file."""

import shutil
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from importlib.metadata import version
from pathlib import Path
from typing import Final

from sqlalchemy.engine import make_url

from api.backup import postgres, sqlite
from api.backup.bundle import sum_of, write
from api.backup.faults import Unwritable, nothing_yet, on_disk
from api.backup.folder import free_name, keep, settle, staging
from api.backup.manifest import BOOKS, CONFIGS, FORMS, KEY, RULEBOOKS, SETTINGS, File, Manifest, below, fits
from api.backup.tables import Facts
from api.configurations.archive import FOLDER as CONFIGS_FOLDER
from api.configurations.repository import BrokenRepository, Repository
from api.settings import Settings
from inventory.books import Books, check_key, open_books
from inventory.columns import now
from inventory.errors import Unavailable
from inventory.occupation import occupy
from inventory.text import Text


@dataclass(frozen=True, slots=True)
class Made:
    """A backup that was made.

    Attributes:
        path: The file.
        manifest: What stands in it.
        removed: Older ones that were removed.
    """

    path: Path
    manifest: Manifest
    removed: tuple[Path, ...]


def make(settings: Settings, folder: Path, *, with_key: bool, most: int, at: datetime | None = None) -> Made:
    """Make a backup.

    Args:
        settings: The settings.
        folder: Where it goes; made if it is not there.
        with_key: Whether the key goes with it.
        most: How many of this installation stay in the folder; 0 for all.
        at: Aware UTC; the present moment if absent.

    Raises:
        NothingYet: There are no books.
        Unwritable: The folder or a file cannot be used, or the disk is full; nothing is left behind.
        Unavailable: The database or the copies of configurations cannot be read.
        Missing: A program of PostgreSQL is not installed.
        inventory.keys.BadKey: The key cannot be used, or is not the one of these books.
    """
    key_file = settings.inventory.key_file
    if not key_file.is_file():
        raise nothing_yet(settings.home)
    moment = at or now()
    with on_disk(folder):
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    books = open_books(settings.inventory)
    try:
        with occupy(books.engine.url), on_disk(folder), staging(folder, "backup") as stage:
            home = stage / "home"
            home.mkdir(mode=0o700)
            kind, found = _books(settings, books, home)
            # After the books: a copy that the books know of is then there as well.
            _configs(settings.home / CONFIGS_FOLDER, home / CONFIGS)
            _files(settings, home, with_key=with_key)
            manifest = Manifest(
                quang=version("quang"),
                at=moment,
                database="sqlite" if kind == "sqlite" else "postgresql",
                revision=found.revision,
                key=books.keys.fingerprint,
                rows=found.rows,
                files=tuple(_listed(home, name) for name in below(home)),
            )
            write(stage / "file", home, manifest)
            path = free_name(folder, moment.astimezone(settings.zone))
            (stage / "file").rename(path)
            settle(folder)
        with on_disk(folder):
            removed = keep(folder, most, manifest.key) if most else []
    finally:
        with suppress(Unavailable):
            books.engine.dispose()
    return Made(path, manifest, tuple(removed))


def _books(settings: Settings, books: Books, home: Path) -> tuple[str, Facts]:
    kind = books.engine.dialect.name
    if kind == "sqlite":
        # Copied first: to ask a database that is not there would make one.
        found = sqlite.copy(Path(make_url(settings.inventory.database_url).database or ""), home / BOOKS[kind])
    else:
        found = postgres.copy(books.engine, home / BOOKS[kind])
    check_key(books)
    return kind, found


def _configs(source: Path, target: Path) -> None:
    """Copy the archive of configurations while nobody writes to it."""
    repository = Repository(source)
    if not repository.exists:
        return
    try:
        with repository.locked():
            for name in below(source):
                if not fits(f"{CONFIGS}/{name}"):
                    # Git's sample hooks, the lock: no part of what was kept.
                    continue
                (target / name).parent.mkdir(parents=True, exist_ok=True, mode=0o700)
                shutil.copyfile(source / name, target / name, follow_symlinks=False)
    except BrokenRepository as error:
        raise Unavailable(_LOCKED.fill(why=str(error)), _AGAIN) from None


def _files(settings: Settings, home: Path, *, with_key: bool) -> None:
    wanted = {SETTINGS: settings.home / SETTINGS, FORMS: settings.home / FORMS}
    if with_key:
        wanted[KEY] = settings.inventory.key_file
    rulebooks = settings.rulebook_folder
    if rulebooks.is_dir():
        wanted |= {f"{RULEBOOKS}/{path.name}": path for path in sorted(rulebooks.glob("*.yaml"))}
    for name, path in wanted.items():
        if not path.is_file():
            continue
        if not fits(name):
            raise Unwritable(_NAMED.fill(name=path.name), _RENAME)
        (home / name).parent.mkdir(exist_ok=True, mode=0o700)
        shutil.copyfile(path, home / name)


def _listed(home: Path, name: str) -> File:
    size, digest = sum_of(home / name)
    return File(name=name, size=size, sha256=digest)


_LOCKED: Final = Text(
    vi="Không chép được kho lưu cấu hình: {why}.", en="The copies of configurations cannot be copied: {why}."
)
_AGAIN: Final = Text(
    vi="Chạy lại sau một phút; nếu vẫn vậy, xem thư mục configs: quyền đọc, dung lượng đĩa.",
    en="Run it again in a minute; if that does not help, look at the folder configs: rights, room on the disk.",
)
_NAMED: Final = Text(
    vi="Tên tệp {name} quá dài hoặc có ký tự lạ.", en="The name of the file {name} is too long or odd."
)
_RENAME: Final = Text(vi="Đổi tên tệp rồi chạy lại.", en="Rename the file and run it again.")
