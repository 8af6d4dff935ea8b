"""The folder that backups stand in: their names, what is unfinished in it, and how many are kept."""

import fcntl
import os
import re
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from api.backup.bundle import read_manifest
from inventory.errors import QuangError

FOLDER: Final = "backups"
"""In the home folder, where no other is named."""

_NAME: Final = re.compile(r"quang-backup-\d{8}-\d{6}\.tar\.gz")
_PART: Final = ".part"


def free_name(folder: Path, at: datetime) -> Path:
    """Return a name for a backup of this moment that nothing has yet.

    Args:
        folder: Where it goes.
        at: In the zone of the office.
    """
    while (path := folder / f"quang-backup-{at:%Y%m%d-%H%M%S}.tar.gz").exists():
        at += timedelta(seconds=1)
    return path


def keep(folder: Path, most: int, key: str) -> list[Path]:
    """Remove the oldest backups of this installation beyond `most`, and return them.

    Only files with the name of a backup whose manifest tells the fingerprint of this installation's key are counted:
    another office's in the same folder, and what cannot be read, stay.

    Args:
        folder: Where they stand.
        most: How many stay, at least 1.
        key: Fingerprint of the installation's key.

    Raises:
        OSError: One cannot be removed.
    """
    ours = [path for path in sorted(folder.iterdir()) if _NAME.fullmatch(path.name) and _key_of(path) == key]
    old = ours[: max(len(ours) - most, 0)]
    for path in old:
        path.unlink()
    return old


@contextmanager
def staging(folder: Path, name: str) -> Iterator[Path]:
    """Make a folder for what is not finished, readable by its owner only, and take it away with all that is in it.

    It is locked while its maker lives. What a killed one left behind is removed by the next.

    Raises:
        OSError: It cannot be made.
    """
    for left in folder.glob(f".quang-{name}-*{_PART}"):
        _clear(left)
    made = Path(tempfile.mkdtemp(prefix=f".quang-{name}-", suffix=_PART, dir=folder))
    number = os.open(made, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(number, fcntl.LOCK_EX)
        yield made
    finally:
        os.close(number)
        shutil.rmtree(made, ignore_errors=True)


def settle(folder: Path) -> None:
    """Wait until the names in a folder are on disk."""
    number = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(number)
    finally:
        os.close(number)


def _clear(left: Path) -> None:
    with suppress(OSError):
        number = os.open(left, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
        try:
            fcntl.flock(number, fcntl.LOCK_EX | fcntl.LOCK_NB)
            shutil.rmtree(left, ignore_errors=True)
        finally:
            os.close(number)


def _key_of(path: Path) -> str:
    try:
        return read_manifest(path).key if path.is_file() and not path.is_symlink() else ""
    except QuangError:
        return ""
