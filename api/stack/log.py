"""Log files that cannot fill the disk."""

from pathlib import Path
from typing import Final

MOST_OCTETS: Final = 5_000_000
"""Size at which a log is set aside; one older file is kept."""


class LogFile:
    """A log file of bounded size: `NAME.log`, and before it `NAME.log.1`.

    A full disk loses lines, never the program that writes them.
    """

    def __init__(self, path: Path, most: int = MOST_OCTETS) -> None:
        self._path = path
        self._most = most
        self._size = path.stat().st_size if path.exists() else 0

    def write(self, data: bytes) -> None:
        """Append octets."""
        try:
            if self._size + len(data) > self._most:
                self._path.replace(self._path.with_name(self._path.name + ".1"))
                self._size = 0
            with self._path.open("ab") as file:
                file.write(data)
            self._size += len(data)
        except OSError:
            self._size = 0
