"""The folder of a running stack: who works in it, and sockets whose paths are short enough."""

import fcntl
import hashlib
import os
import tempfile
from pathlib import Path
from typing import Final

from inventory.errors import Conflict, Unavailable
from inventory.text import Text

LONGEST_SOCKET: Final = 100
"""Octets of a socket's path; the kernel takes 107."""


class Running(Conflict):
    """Somebody works in this home already."""

    code = "running"


def socket_file(home: Path, name: str) -> Path:
    """Return where a Unix socket of a home stands: below it, or below a short folder if its path is too long.

    Raises:
        Unavailable: As `short_folder`.
    """
    file = home / "run" / f"{name}.sock"
    return file if len(os.fsencode(file)) <= LONGEST_SOCKET else short_folder(home) / f"{name}.sock"


def short_folder(home: Path) -> Path:
    """Return a folder of our own with a short path, for sockets of a home whose path is too long for the kernel.

    Raises:
        Unavailable: Somebody else owns it.
    """
    mark = hashlib.sha256(os.fsencode(home)).hexdigest()[:12]
    folder = Path(tempfile.gettempdir()) / f"quang-{os.getuid()}-{mark}"
    folder.mkdir(mode=0o700, exist_ok=True)
    found = folder.lstat()
    if found.st_uid != os.getuid() or found.st_mode & 0o077:
        raise Unavailable(
            Text(vi="Thư mục {path} là của người khác.", en="The folder {path} belongs to somebody else.").fill(
                path=folder
            ),
            Text(
                vi="Đặt [web] socket trong quang.toml thành một đường dẫn ngắn hơn 100 ký tự.",
                en="Set [web] socket in quang.toml to a path of less than 100 characters.",
            ),
        )
    return folder


def lock(home: Path) -> int:
    """Return an open file whose lock shows that this process works in `home`; it ends with the process.

    Raises:
        Running: Another process has it.
    """
    number = os.open(home / "run" / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(number, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        who = os.pread(number, 20, 0).decode("ascii", errors="replace").strip() or "?"
        os.close(number)
        raise Running(
            Text(
                vi="quang đang chạy sẵn với thư mục {home} (tiến trình {pid}).",
                en="quang is already running on {home} (process {pid}).",
            ).fill(home=home, pid=who),
            Text(
                vi="Mở trang web của nó, hoặc dừng nó trước: kill {pid}",
                en="Open its pages, or stop it first: kill {pid}",
            ).fill(pid=who),
        ) from None
    os.ftruncate(number, 0)
    os.pwrite(number, f"{os.getpid()}\n".encode(), 0)
    return number
