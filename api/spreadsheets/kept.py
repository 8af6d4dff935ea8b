"""Files that people brought, kept in memory for an hour: between looking at the columns, rehearsing and importing."""

import secrets
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from inventory.access.rights import Actor
from inventory.cells import BadFile
from inventory.errors import QuangError
from inventory.import_report import Report
from inventory.mapping import Column
from inventory.noun import Noun

LIFE_S: Final = 3600.0
"""Seconds from the last look at a file until it is let go."""

MOST_OF_ONE: Final = 3
"""Files of one person; a further one takes the place of the oldest."""

MOST_OCTETS: Final = 64 * 1024 * 1024
"""Bytes of all files together; beyond it the longest unused ones are let go."""

SAMPLES: Final = 3
"""Values of each column that are shown beside its heading."""


class Step(StrEnum):
    """How far a file has come."""

    COLUMNS = "columns"
    WAITING = "waiting"
    WORKING = "working"
    REHEARSED = "rehearsed"
    WRITTEN = "written"
    FAILED = "failed"


UNDER_WAY: Final = frozenset({Step.WAITING, Step.WORKING})


@dataclass(slots=True)
class Kept:
    """A file on its way into the books.

    Attributes:
        ref: By which its pages are addressed; cannot be guessed.
        owner: Who brought it; nobody else may see it.
        noun: What its rows are to be.
        name: As it was called where it came from.
        octets: The file itself; empty once it is written.
        columns: As they were guessed or chosen.
        samples: The first values of each column, by place.
        rows: How many stand below the headings.
        doubt: What speaks against the file as a whole.
        empty_clears: Whether empty cells empty their fields.
        step: How far it has come.
        dry_run: Whether the work asked for is a rehearsal.
        done: Steps done of the work under way.
        steps: All its steps; 0 while the file is still being read.
        report: What the last work found.
        error: Why it could not be done at all.
        touched: Monotonic time of the last look at it.
    """

    ref: str
    owner: Actor
    noun: Noun
    name: str
    octets: bytes
    columns: tuple[Column, ...]
    samples: dict[int, list[str]] = field(default_factory=dict)
    rows: int = 0
    doubt: BadFile | None = None
    empty_clears: bool = False
    step: Step = Step.COLUMNS
    dry_run: bool = True
    done: int = 0
    steps: int = 0
    report: Report | None = None
    error: QuangError | None = None
    touched: float = 0.0

    @property
    def mapping(self) -> dict[str, str]:
        """Return field by heading, empty for a column that is left out; of two equal headings the first one counts."""
        said: dict[str, str] = {}
        for one in self.columns:
            if not said.get(one.heading):
                said[one.heading] = one.field or ""
        return said

    @property
    def is_clean(self) -> bool:
        """Return whether a rehearsal of the file as it is now found nothing wrong."""
        return self.step is Step.REHEARSED and self.report is not None and not self.report.problems


class Shelf:
    """Where the files are kept.

    Args:
        clock: Monotonic seconds.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._kept: dict[str, Kept] = {}
        self._lock = threading.Lock()

    def put(self, kept: Kept) -> None:
        """Keep a file, letting go of what is too old or too much."""
        with self._lock:
            self._tidy()
            kept.touched = self._clock()
            self._kept[kept.ref] = kept
            mine = [one for one in self._by_age() if one.owner.name == kept.owner.name]
            for one in mine[:-MOST_OF_ONE]:
                self._kept.pop(one.ref, None)
            for one in self._by_age():
                if sum(len(other.octets) for other in self._kept.values()) <= MOST_OCTETS:
                    break
                if one is not kept:
                    self._kept.pop(one.ref, None)

    def get(self, owner: Actor, ref: str) -> Kept | None:
        """Return a file of a person; `None` if there is none, or no longer."""
        with self._lock:
            self._tidy()
            found = self._kept.get(ref)
            if found is None or found.owner.name != owner.name:
                return None
            found.touched = self._clock()
            return found

    def drop(self, ref: str) -> None:
        """Let a file go."""
        with self._lock:
            self._kept.pop(ref, None)

    def take(self) -> Kept | None:
        """Return the file that has waited longest for work, now under way; `None` if none waits."""
        with self._lock:
            for one in self._kept.values():
                if one.step is Step.WAITING:
                    one.step = Step.WORKING
                    return one
            return None

    def ask(self, kept: Kept, *, dry_run: bool, owner: Actor) -> bool:
        """Ask for work on a file; return false if some is under way already.

        Args:
            kept: The file.
            dry_run: Whether only to rehearse.
            owner: Who asks, with the rights of now.
        """
        with self._lock:
            if kept.step in UNDER_WAY:
                return False
            kept.step, kept.dry_run, kept.owner = Step.WAITING, dry_run, owner
            kept.done = kept.steps = 0
            kept.report = kept.error = None
            return True

    def _by_age(self) -> list[Kept]:
        """Return what may be let go, the longest unused first: what is being worked on stays."""
        return sorted((one for one in self._kept.values() if one.step not in UNDER_WAY), key=lambda one: one.touched)

    def _tidy(self) -> None:
        for one in self._by_age():
            if self._clock() - one.touched > LIFE_S:
                self._kept.pop(one.ref, None)


def new_ref() -> str:
    """Return an address that nobody can guess."""
    return secrets.token_urlsafe(16)
