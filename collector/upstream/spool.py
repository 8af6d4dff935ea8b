"""Reports that wait on disk for the API: in order, bounded, through a kill and a full disk.

A report is on the disk before `put` returns, and is removed only after the API has confirmed it; the API drops what it
has already seen by the report's `uid`, so each counts once. Where space ends, the oldest go first and are counted.
"""

import json
import logging
import os
import sqlite3
from collections.abc import Iterable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Final

from collector.upstream.reports import Report

log = logging.getLogger(__name__)

BATCH: Final = 500
"""Reports that the API takes at once."""

_PAGE_BYTES: Final = 4096

RESERVE_BYTES: Final = 1_048_576
"""Space that is held free in a file of its own: on a full disk even a deletion needs some, for its journal."""

_FORMAT_MAX: Final = 2
"""Versions of writing and reading that a file's head may name; what names others is not written to."""

_DROP_ROWS: Final = 200
"""Rows that are dropped at once where space ends; few enough for the reserve."""

_TABLES: Final = {
    "report": "(id INTEGER PRIMARY KEY AUTOINCREMENT, body TEXT NOT NULL)",
    "count": "(name TEXT PRIMARY KEY, value INTEGER NOT NULL)",
}


class Spool:
    """A queue in one SQLite file. Not for several threads at once.

    Attributes:
        rows: Reports that wait.
        dropped: Reports that were dropped since the file was made, for want of space or because the API refused them.
    """

    def __init__(self, path: Path, max_rows: int = 100_000, max_bytes: int = 256_000_000) -> None:
        """Open the file, or make it; one that SQLite cannot read is set aside with the ending `.damaged`.

        Args:
            path: The file; its folder exists.
            max_rows: Reports that may wait.
            max_bytes: Size that the file may reach.

        Raises:
            sqlite3.OperationalError: The folder cannot be written.
        """
        self._path, self._max_rows, self._max_bytes = path, max_rows, max_bytes
        self._reserve = path.with_name(path.name + ".reserve")
        self._full = False
        self.rows = 0
        self.dropped = 0
        try:
            self._database = self._open()
        except sqlite3.DatabaseError as error:
            if isinstance(error, sqlite3.OperationalError) and not _is_damaged(path, error):
                raise
            self._begin_anew(error)
            self._count_dropped(1)  # nobody knows how many, but somebody must be told
        self._keep_reserve()

    def _open(self) -> sqlite3.Connection:
        database = sqlite3.connect(self._path, isolation_level=None, check_same_thread=False, timeout=5)
        try:
            # A journal that is kept is space that is already taken when the disk fills up.
            database.execute("PRAGMA journal_mode=PERSIST")
            database.execute("PRAGMA synchronous=FULL")
            database.execute(f"PRAGMA max_page_count={max(16, self._max_bytes // _PAGE_BYTES)}")
            for name, columns in _TABLES.items():
                database.execute(f"CREATE TABLE IF NOT EXISTS {name} {columns}")
            _check(database)
            database.execute("INSERT OR IGNORE INTO count VALUES ('dropped', 0)")
            self.rows = database.execute("SELECT count(*) FROM report").fetchone()[0]
            self.dropped = int(database.execute("SELECT value FROM count WHERE name = 'dropped'").fetchone()[0])
        except sqlite3.DatabaseError:
            database.close()
            raise
        except (ValueError, TypeError) as error:  # what it says of itself cannot be read
            database.close()
            raise sqlite3.DatabaseError(type(error).__name__) from None
        self._path.chmod(0o600)
        return database

    def close(self) -> None:
        """Close the file."""
        self._database.close()

    def renew(self, why: sqlite3.DatabaseError) -> None:
        """Go on with a new file: this one was damaged while it was open, so what waits in it cannot be read any more.

        Args:
            why: What SQLite said.

        Raises:
            sqlite3.OperationalError: The folder cannot be written.
        """
        lost, before = max(1, self.rows), self.dropped
        self._database.close()
        self._begin_anew(why)
        self.dropped = before
        self._count_dropped(lost)

    def _begin_anew(self, why: sqlite3.DatabaseError) -> None:
        aside = self._path.with_name(self._path.name + ".damaged")
        log.warning("the spool %s is damaged (%s); it is set aside as %s", self._path, why, aside.name)
        self._path.replace(aside)
        self._path.with_name(self._path.name + "-journal").unlink(missing_ok=True)
        self._database = self._open()

    def put(self, reports: Sequence[Report]) -> None:
        """Write reports behind those that wait. Without space the oldest of all, waiting or new, are dropped.

        Never raises for want of space: the polls matter more than the reports.
        """
        bodies = [(json.dumps(report, ensure_ascii=False),) for report in reports]
        while bodies:
            room = self._max_rows - self.rows
            if len(bodies) > room:
                self._drop_oldest(len(bodies) - room + self._max_rows // 100)
            fitting = bodies[-self._max_rows :]
            self._count_dropped(len(bodies) - len(fitting))
            if self._insert(fitting):
                return
            freed = self._free_reserve()
            if not self._drop_oldest(max(len(fitting), _DROP_ROWS)) and not freed:
                self._count_dropped(len(fitting))
                self._say_full("new reports are lost, because not even old ones can be removed")
                return
            bodies = fitting

    def head(self, most: int = BATCH) -> list[tuple[int, Report]]:
        """Return the oldest reports with their numbers, at most `most`. One that cannot be read any more is dropped."""
        while True:
            # As octets: SQLite would refuse a damaged text as a whole, and with it all that wait behind.
            sql = "SELECT id, CAST(body AS BLOB) FROM report ORDER BY id LIMIT ?"
            found = [(number, _read(body)) for number, body in self._database.execute(sql, (most,))]
            read = [(number, report) for number, report in found if report is not None]
            bad = [number for number, report in found if report is None]
            if bad:
                log.error("%d reports in the spool %s cannot be read any more; they are dropped", len(bad), self._path)
                waiting = self.rows
                self.done(bad, refused=True)
            if read or not bad or self.rows == waiting:
                return read

    def done(self, numbers: Iterable[int], *, refused: bool = False) -> None:
        """Remove reports.

        Args:
            numbers: As `head` gave them.
            refused: Whether the API has refused them for good instead of confirming them; they then count as dropped.
        """
        gone = [(number,) for number in numbers]
        with suppress(sqlite3.OperationalError), self._database:
            self._database.execute("BEGIN IMMEDIATE")
            self._database.executemany("DELETE FROM report WHERE id = ?", gone)
            self._recount()
        if refused:
            self._count_dropped(len(gone))
        self._keep_reserve()
        if self._full and self.rows < self._max_rows // 2:
            log.info("the spool %s has space again", self._path)
            self._full = False

    def adopt(self, path: Path) -> None:
        """Take over the reports of another spool, of a worker that no longer runs, and remove its file."""
        other = Spool(path, self._max_rows, self._max_bytes)
        while rows := other.head():
            self.put([report for _, report in rows])
            before = other.rows
            other.done(number for number, _ in rows)
            if other.rows == before:
                break
        other.close()
        for ending in ("", "-journal", ".reserve"):
            path.with_name(path.name + ending).unlink(missing_ok=True)

    def _insert(self, bodies: Sequence[tuple[str]]) -> bool:
        try:
            self._database.execute("BEGIN IMMEDIATE")
            self._database.executemany("INSERT INTO report (body) VALUES (?)", bodies)
            self._database.execute("COMMIT")
        except sqlite3.OperationalError as error:
            self._roll_back()
            self._say_full(str(error))
            return False
        self.rows += len(bodies)
        return True

    def _drop_oldest(self, most: int) -> int:
        """Drop up to `most` of the waiting reports and return how many that were."""
        try:
            self._database.execute("BEGIN IMMEDIATE")
            sql = "DELETE FROM report WHERE id IN (SELECT id FROM report ORDER BY id LIMIT ?)"
            gone = self._database.execute(sql, (max(0, most),)).rowcount
            self._database.execute("COMMIT")
        except sqlite3.OperationalError:
            self._roll_back()
            return 0
        self.rows -= gone
        self._count_dropped(gone)
        if gone:
            self._say_full("the oldest reports are dropped")
        return gone

    def _say_full(self, why: str) -> None:
        """Log once until there is space again."""
        if not self._full:
            log.error("the spool %s is full: %s", self._path, why)
        self._full = True

    def _keep_reserve(self) -> None:
        if self._reserve.exists():
            return
        try:
            with self._reserve.open("wb") as file:
                os.posix_fallocate(file.fileno(), 0, RESERVE_BYTES)
        except OSError:
            self._free_reserve()

    def _free_reserve(self) -> bool:
        """Give the reserve to the reports; return whether there was one."""
        try:
            self._reserve.unlink()
        except OSError:
            return False
        return True

    def _count_dropped(self, count: int) -> None:
        if count:
            self.dropped += count
            with suppress(sqlite3.OperationalError):
                self._database.execute("UPDATE count SET value = ? WHERE name = 'dropped'", (self.dropped,))

    def _recount(self) -> None:
        self.rows = self._database.execute("SELECT count(*) FROM report").fetchone()[0]

    def _roll_back(self) -> None:
        if self._database.in_transaction:
            with suppress(sqlite3.OperationalError):
                self._database.execute("ROLLBACK")


def _read(body: bytes) -> Report | None:
    try:
        report = json.loads(body)
    except (ValueError, TypeError, RecursionError):
        return None
    return report if isinstance(report, dict) else None


def _is_damaged(path: Path, error: sqlite3.OperationalError) -> bool:
    """Return whether the file itself is at fault, and not the disk, the folder or another program."""
    if error.sqlite_errorcode == sqlite3.SQLITE_READONLY:
        with path.open("rb") as file:
            return max(file.read(20)[18:] or b"\xff") > _FORMAT_MAX
    return error.sqlite_errorcode == sqlite3.SQLITE_ERROR


def _check(database: sqlite3.Connection) -> None:
    verdict = database.execute("PRAGMA quick_check(1)").fetchone()[0]
    if verdict != "ok":
        raise sqlite3.DatabaseError(str(verdict)[:200])
    # A name of a column may have become another one, with which nothing is wrong by itself.
    for name, columns in _TABLES.items():
        sql = "SELECT CAST(sql AS BLOB) FROM sqlite_master WHERE name = ?"
        if database.execute(sql, (name,)).fetchone() != (f"CREATE TABLE {name} {columns}".encode(),):
            raise sqlite3.DatabaseError(f"{name} is another table")
