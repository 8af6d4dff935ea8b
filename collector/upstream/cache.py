"""The roster on disk, encrypted, so that a collector that starts while the API is down knows what to poll.

Without the collector's token the file can neither be read nor changed unnoticed.
"""

import json
import logging
import os
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from collector.upstream.client import MOST_BYTES
from collector.upstream.sealing import Unsealable, seal, unseal

log = logging.getLogger(__name__)

_MAGIC: Final = b"quang roster 1\n"


@dataclass(frozen=True, slots=True)
class Cached:
    """What the file holds.

    Attributes:
        body: The roster's JSON.
        etag: Its ETag, if the API gave one.
        confirmed_at: When the API last said that this is the roster; aware UTC.
        sites: The sites held then.
    """

    body: bytes
    etag: str | None
    confirmed_at: datetime
    sites: tuple[str, ...]


def save(path: Path, cached: Cached, token: str) -> None:
    """Write the file so that it is whole at any moment, also when the power goes.

    Raises:
        OSError: The disk is full or cannot be written; what was there before is still there.
    """
    head = {"etag": cached.etag, "confirmed_at": cached.confirmed_at.isoformat(), "sites": cached.sites}
    plain = json.dumps(head).encode() + b"\n" + cached.body
    sealed = seal(plain, token, _MAGIC)
    beside = path.with_name(path.name + ".new")
    try:
        with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            file.write(_MAGIC + sealed)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(path)
    except OSError:
        with suppress(OSError):
            beside.unlink(missing_ok=True)
        raise


def load(path: Path, tokens: Sequence[str]) -> Cached | None:
    """Return what the file holds, or `None`; a file that no token opens is set aside with the ending `.damaged`."""
    try:
        with path.open("rb") as file:
            raw = file.read(MOST_BYTES)
    except FileNotFoundError:
        return None
    except OSError as error:
        log.warning("the roster on disk cannot be read: %s", error)
        return None
    for token in tokens:
        with suppress(Unsealable, ValueError, KeyError, TypeError):
            return _open(raw, token)
    log.warning("the roster on disk is damaged, or was written with another token; it is set aside")
    with suppress(OSError):
        path.replace(path.with_name(path.name + ".damaged"))
    return None


def _open(raw: bytes, token: str) -> Cached:
    if not raw.startswith(_MAGIC):
        raise ValueError("not a roster file")
    plain = unseal(raw[len(_MAGIC) :], (token,), _MAGIC)
    line, _, body = plain.partition(b"\n")
    head = json.loads(line)
    return Cached(body, head["etag"], datetime.fromisoformat(head["confirmed_at"]), tuple(head["sites"]))
