"""Copies of configurations from the command line: also while neither the web nor the database works."""

import os
from pathlib import Path

from api.configurations.archive import NOUN, Archive, Copy
from api.configurations.comparing import difference
from api.configurations.comparing import shown as masked
from api.configurations.versions import note_taking
from api.settings import load
from inventory.access.rights import SYSTEM
from inventory.books import open_books
from inventory.errors import Conflict, NotFound, Unavailable
from inventory.keys import Keys
from inventory.text import Text

MOST: int = 1_000
"""Copies that are listed."""


def listed(device: str) -> list[str]:
    """Return a line for each copy of a device, the newest first: version, time, what the commit says.

    Raises:
        NotFound: There is no copy.
        Unavailable: The archive cannot be read.
    """
    found = _archive().log(device, MOST)
    if not found:
        raise NotFound(NOUN, device)
    zone = load().zone
    return [f"{one.blob}\t{one.at.astimezone(zone):%Y-%m-%d %H:%M}\t{one.subject}" for one in found]


def shown(device: str, version: str) -> list[str]:
    """Return the lines of a copy with secrets hidden. Raises as `exported`."""
    archive = _archive()
    return masked(archive, _copy(archive, device, version))


def differing(device: str, version: str, older: str) -> list[str]:
    """Return what differs between two copies, secrets hidden: `-` went, `+` came, as `diff` writes it.

    Args:
        device: Its stable name.
        version: The newer copy; the newest of all if empty.
        older: The older one; the one before it if empty, nothing before the first.

    Raises:
        NotFound: There is no such copy.
        Unavailable: The archive cannot be read.
        BadKey: A copy does not open with this key.
    """
    archive = _archive()
    newer = _copy(archive, device, version)
    if not older:
        blobs = [one.blob for one in archive.log(device, MOST)]
        place = blobs.index(newer.version) if newer.version in blobs else len(blobs)
        older = next(iter(blobs[place + 1 :]), "")
    found = difference(archive, archive.version(device, older) if older else None, newer)
    lines = [f"{_SIGNS[line.sign]}{line.text}" for line in found.lines]
    return [*lines, *([f"… {found.left_out}"] if found.left_out else [])]


def exported(device: str, version: str, path: Path) -> bool:
    """Write a whole copy to a file that only its owner may read; return whether the history knows of it.

    Args:
        device: Its stable name.
        version: Which copy; the newest if empty.
        path: A file that does not exist yet.

    Raises:
        NotFound: There is no such copy.
        Unavailable: The archive cannot be read.
        BadKey: The copy does not open with this key.
        Conflict: The file exists, or cannot be written.
    """
    copy = _copy(_archive(), device, version)
    noted = True
    try:
        note_taking(open_books(load().inventory), SYSTEM, device)
    except (Unavailable, NotFound):
        # Who restores a network on its worst day must not be kept from it; whoever may read the key may read all.
        noted = False
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(copy.text)
    except OSError as error:
        raise Conflict(_UNWRITABLE.fill(path=path, why=error.strerror), _ANOTHER) from None
    return noted


def _archive() -> Archive:
    settings = load()
    return Archive(settings.home, Keys.from_file(settings.inventory.key_file))


def _copy(archive: Archive, device: str, version: str) -> Copy:
    found = archive.version(device, version) if version else archive.last(device)
    if found is None:
        raise NotFound(NOUN, device)
    return found


_SIGNS = {"same": " ", "added": "+", "removed": "-", "gap": "⋯"}
_UNWRITABLE = Text(vi="Không ghi được tệp {path}: {why}.", en="The file {path} cannot be written: {why}.")
_ANOTHER = Text(vi="Chọn tên tệp khác, chưa có sẵn.", en="Choose another file, one that is not there yet.")
