"""Books on SQLite: copied while others write, and looked at without changing them."""

import os
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Final
from urllib.parse import quote

from api.backup.faults import Unusable, nothing_yet
from api.backup.tables import COUNTED, Facts
from inventory.errors import Unavailable
from inventory.text import Text

_WAIT_S: Final = 30.0


def copy(source: Path, target: Path) -> Facts:
    """Copy the books to a new file, as they are at one moment, and return what they hold.

    SQLite's own backup reads one moment of the write-ahead log; nobody who writes waits for it.

    Args:
        source: The database; somebody may be writing to it.
        target: A file that does not exist yet; on disk when this returns.

    Raises:
        NothingYet: There are no books.
        Unavailable: It cannot be read, or there is no room for the copy.
    """
    if not source.is_file():
        raise nothing_yet(source)
    os.close(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    try:
        with closing(_open(source, "ro")) as books, closing(_open(target, "rw")) as made:
            books.backup(made)
            # One file, that is whole without a log beside it.
            made.execute("PRAGMA journal_mode=DELETE")
        found = _facts(target)
    except sqlite3.Error as error:
        raise _failed(source, error) from error
    if found is None:
        raise nothing_yet(source)
    with target.open("rb") as file:
        os.fsync(file.fileno())
    return found


def facts(path: Path) -> Facts:
    """Open a copy to read only, check that it is whole, and return what it holds.

    Raises:
        Unusable: It is no database, or damaged.
    """
    try:
        with closing(_open(path, "ro")) as books:
            (said,) = books.execute("PRAGMA quick_check(1)").fetchone()
        found = _facts(path)
    except sqlite3.Error as error:
        raise Unusable(_BROKEN.fill(why=error)) from None
    if said != "ok" or found is None:
        raise Unusable(_BROKEN.fill(why=said))
    return found


def _open(path: Path, mode: str) -> sqlite3.Connection:
    return sqlite3.connect(f"file:{quote(str(path))}?mode={mode}", uri=True, timeout=_WAIT_S)


def _facts(path: Path) -> Facts | None:
    with closing(_open(path, "ro")) as books:
        names = {name for (name,) in books.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
        if "alembic_version" not in names:
            return None
        row = books.execute("SELECT version_num FROM alembic_version").fetchone()
        if row is None:
            return None
        counts = {
            name: int(books.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0])  # noqa: S608 - our own names
            for name in COUNTED
            if name in names
        }
    return Facts(revision=str(row[0]), rows=counts)


def _failed(path: Path, error: sqlite3.Error) -> Unavailable:
    return Unavailable(_FAILED.fill(path=path, why=error), _FIRST)


_BROKEN: Final = Text(vi="cơ sở dữ liệu bên trong bị hỏng ({why}).", en="the database in it is damaged ({why}).")
_FAILED: Final = Text(
    vi="Không chép được cơ sở dữ liệu {path}: {why}.", en="The database {path} cannot be copied: {why}."
)
_FIRST: Final = Text(
    vi="Kiểm tra ổ đĩa còn chỗ không và tài khoản này có đọc được tệp không, rồi chạy lại; không có tệp dở dang nào bị"
    " bỏ lại.",
    en="Check that the disk has room and that this account may read the file, then run it again; nothing half done is"
    " left behind.",
)
