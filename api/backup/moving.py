"""Putting files in their places: what is in the way moves aside, and if one step fails all are undone."""

import errno
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from api.backup.folder import settle


class Moves:
    """Moves of one restore.

    Attributes:
        aside: What was moved aside, from and to.
    """

    def __init__(self, stamp: str) -> None:
        """Prepare.

        Args:
            stamp: Ends the name of the folders for what moves aside.
        """
        self._stamp = stamp
        self._done: list[tuple[Path, Path]] = []
        self.aside: list[tuple[Path, Path]] = []

    def away(self, path: Path) -> None:
        """Move what stands at `path` into a folder beside it; nothing happens if nothing does.

        Raises:
            OSError: It cannot be moved.
        """
        if not path.exists() and not path.is_symlink():
            return
        folder = path.parent / f"before-restore-{self._stamp}"
        folder.mkdir(exist_ok=True, mode=0o700)
        target = folder / path.name
        self._move(path, target)
        self.aside.append((path, target))

    def put(self, source: Path, target: Path) -> None:
        """Put a file or folder in its place, and what stands there aside.

        Raises:
            OSError: It cannot be moved.
        """
        self.away(target)
        target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._move(source, target)

    def undo(self) -> None:
        """Take every move back, the last one first."""
        for source, target in reversed(self._done):
            target.rename(source)
        for _, target in self.aside:
            if not any(target.parent.iterdir()):
                target.parent.rmdir()

    def settle(self) -> None:
        """Wait until all of it is on disk."""
        for folder in {path.parent for pair in self._done for path in pair if path.parent.is_dir()}:
            settle(folder)

    def _move(self, source: Path, target: Path) -> None:
        try:
            source.rename(target)
        except OSError as error:
            if error.errno != errno.EXDEV:
                raise
            # The database may stand on another disk; its name appears when it is whole.
            part = target.with_name(f".{target.name}.part")
            try:
                shutil.copy2(source, part)
                part.rename(target)
            finally:
                part.unlink(missing_ok=True)
            self._done.append((target.with_name(f".{target.name}.undone"), target))
            return
        self._done.append((source, target))


@contextmanager
def all_or_nothing(moves: Moves) -> Iterator[None]:
    """Undo the moves if what is inside fails."""
    try:
        yield
        moves.settle()
    except BaseException:
        moves.undo()
        raise
