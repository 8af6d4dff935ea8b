"""Who works with SQLite books: a lock on a file beside the database, which the kernel takes away with its process.

Whoever works with the books holds it together with the others; whoever puts other books in their place, or brings
them to another shape, holds it alone. A process that is killed leaves nothing behind. PostgreSQL has locks of its own,
and its books are put back only into an empty database.
"""

import fcntl
import os
import time
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from sqlalchemy.engine import URL, make_url

from inventory.errors import Unavailable
from inventory.text import Text

END: Final = "-in-use"
"""What the name of the file adds to that of the database."""

MOST_NAMED: Final = 8
"""Processes that are named in a sentence."""

_LOCKS: Final = Path("/proc/locks")
_EVERY_S: Final = 0.1


class Occupied(Unavailable):
    """Somebody else works with the books, or puts others in their place."""

    code = "occupied"


class Occupation:
    """A hold on the books; nothing where they need none."""

    def __init__(self, number: int | None) -> None:
        self._number = number

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.end()

    def share(self) -> None:
        """Let others work with the books beside oneself."""
        if self._number is not None:
            fcntl.flock(self._number, fcntl.LOCK_SH)

    def end(self) -> None:
        """Let go; harmless when called again."""
        number, self._number = self._number, None
        if number is not None:
            os.close(number)


def occupy(url: str | URL) -> Occupation:
    """Work with the books beside others, until the occupation or the process ends.

    Args:
        url: Of the database.

    Raises:
        Occupied: They are being put back or brought to another shape.
        Unavailable: The folder of the database cannot be written.
    """
    return _held(url, fcntl.LOCK_SH, 0.0, _CHANGING, _WAIT)


def alone(url: str | URL, patience_s: float = 0.0) -> Occupation:
    """Have the books for oneself, until the occupation or the process ends.

    Args:
        url: Of the database.
        patience_s: Seconds to wait for others.

    Raises:
        Occupied: Others work with them.
        Unavailable: The folder of the database cannot be written.
    """
    return _held(url, fcntl.LOCK_EX, patience_s, _IN_USE, _STOP)


def file_of(url: str | URL) -> Path | None:
    """Return the file of a SQLite database; `None` if it has none or is of another kind."""
    address = make_url(url)
    if address.get_backend_name() != "sqlite" or address.database in {None, "", ":memory:"}:
        return None
    return Path(str(address.database))


def _held(url: str | URL, kind: int, patience_s: float, reason: Text, step: Text) -> Occupation:
    file = file_of(url)
    if file is None or not file.parent.is_dir():
        return Occupation(None)
    number = _opened(file)
    until = time.monotonic() + patience_s
    while True:
        try:
            fcntl.flock(number, kind | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() < until:
                time.sleep(_EVERY_S)
                continue
            pids = " ".join(map(str, _holders(number))) or "?"
            os.close(number)
            raise Occupied(reason.fill(file=file, pids=pids), step.fill(pids=pids)) from None
        except OSError:
            # A file system without such locks: then nobody can be seen, and nobody is kept out.
            os.close(number)
            return Occupation(None)
        return Occupation(number)


def _opened(file: Path) -> int:
    try:
        number = os.open(file.with_name(file.name + END), os.O_RDONLY | os.O_CREAT | os.O_CLOEXEC, 0o600)
        if os.geteuid() == 0:
            # Made by root for the user whose books these are, who has to open it too.
            owner = file.parent.stat()
            os.fchown(number, owner.st_uid, owner.st_gid)
    except OSError as error:
        raise Unavailable(_FOLDER.fill(folder=file.parent, why=error.strerror or error), _RIGHTS) from error
    return number


def _holders(number: int) -> list[int]:
    """Return who has locked the file, as far as the kernel tells (proc(5), `/proc/locks`)."""
    found = os.fstat(number)
    mark = f"{os.major(found.st_dev):02x}:{os.minor(found.st_dev):02x}:{found.st_ino}"
    try:
        lines = _LOCKS.read_text(encoding="ascii", errors="replace").splitlines()
    except OSError:
        return []
    words = [line.split() for line in lines if " FLOCK " in line and "->" not in line]
    return sorted({int(one[4]) for one in words if len(one) > 5 and one[5] == mark and one[4].isdigit()})[:MOST_NAMED]


_IN_USE: Final = Text(
    vi="Sổ sách {file} đang được chương trình khác dùng (tiến trình {pids}).",
    en="Another program works with the books {file} (process {pids}).",
)
_STOP: Final = Text(
    vi="Dừng chương trình đó trước (quang api, quang up hoặc lệnh quang đang chạy), rồi chạy lại: kill {pids}",
    en="Stop it first (quang api, quang up or another quang command), then run this again: kill {pids}",
)
_CHANGING: Final = Text(
    vi="Sổ sách {file} đang được khôi phục hoặc nâng cấp (tiến trình {pids}).",
    en="The books {file} are being restored or brought to a newer shape (process {pids}).",
)
_WAIT: Final = Text(
    vi="Đợi tiến trình {pids} xong rồi thử lại.", en="Wait until process {pids} is done, then try again."
)
_FOLDER: Final = Text(vi="Không ghi được vào thư mục {folder}: {why}.", en="{folder} cannot be written: {why}.")
_RIGHTS: Final = Text(
    vi="Kiểm tra thư mục có tồn tại, quyền ghi và dung lượng đĩa.",
    en="Check that the folder exists, may be written, and that the disk is not full.",
)
