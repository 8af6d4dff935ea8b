"""What can go wrong with a backup, each with its reason and what to do first."""

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from inventory.errors import Conflict, QuangError
from inventory.text import Text


class Unusable(QuangError):
    """A file is no backup, is damaged, or holds what no backup of ours holds."""

    code = "backup_unusable"

    def __init__(self, why: Text) -> None:
        super().__init__(_UNUSABLE.fill(why=why), _ANOTHER)


class Unwritable(QuangError):
    """A file or folder cannot be read or written."""

    code = "no_file"


class NothingYet(Conflict):
    """There are no books to make a backup of."""

    code = "no_books"


def nothing_yet(place: object) -> NothingYet:
    """Return the error for a home or a database that holds no books."""
    return NothingYet(_NOTHING.fill(place=place), _START)


def unwritable(path: Path, error: OSError) -> Unwritable:
    """Return the error for what the system said of a file or folder."""
    full = error.errno in {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
    why = os.strerror(error.errno) if error.errno else str(error)
    return Unwritable(_UNWRITABLE.fill(path=path, why=why), _ROOM if full else _RIGHTS)


@contextmanager
def on_disk(path: Path) -> Iterator[None]:
    """Turn what the system says inside into our own error about `path`.

    Raises:
        Unwritable: A file could not be read or written.
    """
    try:
        yield
    except OSError as error:
        raise unwritable(path, error) from error


_UNUSABLE: Final = Text(
    vi="Không dùng được tệp sao lưu này: {why}", en="This backup cannot be used: {why}"
)  # fmt: skip
_ANOTHER: Final = Text(
    vi="Lấy lại tệp từ nơi lưu gốc hoặc chọn bản khác; xem thử bằng: quang backup --check TỆP",
    en="Fetch the file again from where it is kept, or take another one; to look at it: quang backup --check FILE",
)
_NOTHING: Final = Text(vi="Chưa có sổ sách nào ở {place}.", en="There are no books at {place} yet.")
_START: Final = Text(
    vi="Kiểm tra QUANG_HOME và mục [database] url; nếu là máy mới, chạy quang up hoặc quang restore TỆP.",
    en="Check QUANG_HOME and [database] url; on a new machine run quang up, or quang restore FILE.",
)
_UNWRITABLE: Final = Text(vi="Không đọc hay ghi được {path}: {why}.", en="{path} cannot be read or written: {why}.")
_ROOM: Final = Text(
    vi="Dọn bớt ổ đĩa hoặc chọn thư mục ở ổ khác, rồi chạy lại; không có tệp dở dang nào bị bỏ lại.",
    en="Make room or choose a folder on another disk, then run it again; nothing half done is left behind.",
)
_RIGHTS: Final = Text(
    vi="Kiểm tra đường dẫn và quyền; chạy bằng tài khoản đang chạy quang.",
    en="Check the path and who may use it; run this as the account that runs quang.",
)
