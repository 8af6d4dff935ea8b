"""What was refused, on the collector's disk: one file for all its workers, which outlives each of them.

No secret stands in it. A login is known by an HMAC over all its parts, with a key that is made of the collector's token
and is not on that disk: another password is another login, and whoever takes the disk can try no passwords against it.
Where the disk fails, the memory of this process serves.
"""

import hmac
import json
import logging
import os
import sqlite3
import threading
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

from pydantic import SecretStr

from collector.target import SshLogin

log = logging.getLogger(__name__)

MOST: Final = 20_000
"""Refusals that are remembered, and logins; beyond, those that end first are forgotten."""

LONGEST_TURN_S: Final = 300.0
"""Seconds after which a turn ends by itself: a login is told sooner, and its process may have been killed."""

BUSY_S: Final = 5.0
"""Seconds to wait for another worker that writes."""

_PURPOSE: Final = b"quang refused logins"
_TABLES: Final = (
    "CREATE TABLE IF NOT EXISTS refusal (peer TEXT PRIMARY KEY, login TEXT, code TEXT, until REAL) WITHOUT ROWID",
    "CREATE TABLE IF NOT EXISTS standing (login TEXT PRIMARY KEY, in_a_row INTEGER, until REAL) WITHOUT ROWID",
    "CREATE TABLE IF NOT EXISTS turn (login TEXT PRIMARY KEY, until REAL) WITHOUT ROWID",
)

Peer = tuple[str, int]
"""Address and port of what refused."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """What one peer refused last: which login, with which code of failure."""

    login: str
    code: str


class Ledger:
    """The file; for several threads at once. Times are the machine's, since they outlive its processes."""

    def __init__(self, path: Path | None = None, token: str = "", most: int = MOST) -> None:
        """Open the file when it is first needed.

        Args:
            path: Where it stands; `None` to remember only as long as this process lives.
            token: The collector's; empty for a key of this process alone.
            most: How many refusals, and how many logins.
        """
        self._path, self._most = path, most
        self._key = hmac.digest(token.encode(), _PURPOSE, sha256) if token else os.urandom(32)
        self._lock = threading.RLock()
        self._database: sqlite3.Connection | None = None

    def __repr__(self) -> str:
        return f"Ledger({self._path})"

    def close(self) -> None:
        """Close the file; harmless when called again."""
        with self._lock:
            if self._database is not None:
                self._database.close()
            self._database = None

    def name_of(self, login: SshLogin) -> str:
        """Return by what a login is known here."""
        parts = [one.get_secret_value() if isinstance(one, SecretStr) else one for _, one in login]
        return hmac.digest(self._key, json.dumps(parts).encode(), sha256).hex()

    def refusal_of(self, peer: Peer, within_s: float) -> Refusal | None:
        """Return what a peer has refused and is not told again yet.

        Args:
            peer: Whom.
            within_s: The longest that this may last; what lasts longer was noted before the clock was set back.
        """
        rows = self._do("SELECT login, code FROM refusal WHERE peer = ? AND until > ? AND until <= ?",
                        (_key_of(peer), *_span(within_s)))  # fmt: skip
        return Refusal(*rows[0]) if rows else None

    def in_a_row(self, login: str, within_s: float) -> int:
        """Return how many have refused a login one after another, as long as that counts."""
        rows = self._do("SELECT in_a_row FROM standing WHERE login = ? AND until > ? AND until <= ?",
                        (login, *_span(within_s)))  # fmt: skip
        return int(rows[0][0]) if rows else 0

    def note(self, peer: Peer, refusal: Refusal, held_s: float, all_held_s: float) -> None:
        """Write down a refusal, and that it was one more in a row.

        Args:
            peer: Who refused.
            refusal: What.
            held_s: Seconds for which this peer is not told it again.
            all_held_s: Seconds for which the count in a row holds.
        """
        now = time.time()
        with self._lock:
            self._do("INSERT OR REPLACE INTO refusal VALUES (?, ?, ?, ?)",
                     (_key_of(peer), refusal.login, refusal.code, now + held_s))  # fmt: skip
            self._do("INSERT INTO standing VALUES (?, 1, ?) ON CONFLICT (login)"
                     " DO UPDATE SET in_a_row = in_a_row + 1, until = excluded.until",
                     (refusal.login, now + all_held_s))  # fmt: skip
            self._do("DELETE FROM refusal WHERE until <= ?", (now,))
            self._do("DELETE FROM refusal WHERE peer IN (SELECT peer FROM refusal"
                     " ORDER BY until DESC LIMIT -1 OFFSET ?)", (self._most,))  # fmt: skip
            self._do("DELETE FROM standing WHERE login IN (SELECT login FROM standing"
                     " ORDER BY until DESC LIMIT -1 OFFSET ?)", (self._most,))  # fmt: skip

    def forget(self, peer: Peer, login: str) -> None:
        """Forget what a peer has refused, and what was refused in a row: the login was taken."""
        # Nearly always there is nothing, and a disk is not written for nothing.
        if self._do("SELECT 1 FROM refusal WHERE peer = ?", (_key_of(peer),)):
            self._do("DELETE FROM refusal WHERE peer = ?", (_key_of(peer),))
        if self._do("SELECT 1 FROM standing WHERE login = ?", (login,)):
            self._do("DELETE FROM standing WHERE login = ?", (login,))

    def take_turn(self, login: str) -> bool:
        """Return whether nobody else, in whatever process, tries a login now; from now on this one does."""
        now = time.time()
        taken = ("INSERT INTO turn VALUES (?, ?) ON CONFLICT (login) DO UPDATE SET until = excluded.until"
                 " WHERE until <= ? OR until > excluded.until RETURNING 1")  # fmt: skip
        return bool(self._do(taken, (login, now + LONGEST_TURN_S, now)))

    def give_turn(self, login: str) -> None:
        """Let others try."""
        self._do("DELETE FROM turn WHERE login = ?", (login,))

    def _do(self, statement: str, values: Sequence[Any]) -> list[Any]:
        with self._lock:
            try:
                if self._database is None:
                    self._database = self._opened()
                return self._database.execute(statement, values).fetchall()
            except sqlite3.Error as error:
                log.warning("refused logins are remembered in memory only, %s: %s", self._path, error)
                self._database = self._in_memory(self._database)
                return self._database.execute(statement, values).fetchall()

    def _opened(self) -> sqlite3.Connection:
        if self._path is None:
            return _made(":memory:")
        try:
            return _made(self._path)
        except sqlite3.OperationalError:
            raise
        except sqlite3.DatabaseError:
            # Damaged; what it held costs one more try each.
            for end in ("", "-wal", "-shm"):
                self._path.with_name(self._path.name + end).unlink(missing_ok=True)
            return _made(self._path)

    def _in_memory(self, before: sqlite3.Connection | None) -> sqlite3.Connection:
        self._path, memory = None, _made(":memory:")
        if before is not None:
            with suppress(sqlite3.Error):
                before.backup(memory)
            before.close()
            for statement in _TABLES:
                memory.execute(statement)
        return memory


def _made(path: Path | str) -> sqlite3.Connection:
    database = sqlite3.connect(path, timeout=BUSY_S, isolation_level=None, check_same_thread=False)
    try:
        if isinstance(path, Path):
            path.chmod(0o600)
            # Whoever reads waits for nobody; what the power takes away costs one more try.
            database.execute("PRAGMA journal_mode=WAL")
            database.execute("PRAGMA synchronous=NORMAL")
        for statement in _TABLES:
            database.execute(statement)
        database.execute("SELECT * FROM refusal LIMIT 1").fetchall()
    except (sqlite3.Error, OSError) as error:
        database.close()
        raise error if isinstance(error, sqlite3.Error) else sqlite3.OperationalError(str(error)) from None
    return database


def _key_of(peer: Peer) -> str:
    return f"{peer[0]} {peer[1]}"


def _span(within_s: float) -> tuple[float, float]:
    now = time.time()
    return now, now + within_s
