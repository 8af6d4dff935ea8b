"""Disks that are really full: a small file system of their own (root)."""

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.support.parts import missing, need_root


@contextmanager
def small_disk(folder: Path, octets: int = 3 * 1024**2) -> Iterator[Path]:
    """Make a folder that has so much space and no more, and take it away again."""
    need_root()
    folder.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={octets}", "tmpfs", folder], check=False).returncode:
        missing("this root may not mount")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "-l", folder], check=True)


def fill(folder: Path) -> Path:
    """Fill the file system of a folder to its last block; return the file that does so."""
    file = folder / "filler"
    try:
        with file.open("wb", buffering=0) as filler:
            while filler.write(bytes(4_096)):
                pass
    except OSError:
        return file
    raise AssertionError("the disk has no end")
