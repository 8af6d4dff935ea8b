"""Working through the files that people brought: one at a time, told how far it is, all of a file or nothing."""

import logging
from collections.abc import Sequence
from typing import Final

from anyio.to_thread import run_sync

from api.house import House
from api.spreadsheets.kept import SAMPLES, Kept, Step, new_ref
from inventory.access.rights import Actor, check
from inventory.books import Books
from inventory.cells import Row
from inventory.errors import QuangError, Unavailable
from inventory.importing import Manner, import_
from inventory.mapping import guessed, remember
from inventory.noun import Noun
from inventory.spreadsheet import read_sheet
from inventory.text import Text

_LOG: Final = logging.getLogger(__name__)
_LONGEST_NAME: Final = 120
_LONGEST_SAMPLE: Final = 40


def looked_at(books: Books, person: Actor, noun: Noun, name: str, octets: bytes) -> Kept:
    """Read a file and guess what its columns are; nothing is written.

    Args:
        books: The books.
        person: Who brings it.
        noun: What its rows are to be.
        name: What the file is called.
        octets: The file.

    Raises:
        Forbidden: The person may not write the noun.
        inventory.cells.BadFile: It is no table, holds nothing, or exceeds a bound.
    """
    check(person, noun.write, noun.path)
    found, doubt = guessed(books, noun, read_sheet(octets))
    samples = {one.place: _samples(found.rows, one.place) for one in found.columns}
    short = " ".join(name.replace("\\", "/").rpartition("/")[2].split())[:_LONGEST_NAME]
    return Kept(new_ref(), person, noun, short or "–", octets, found.columns, samples, len(found.rows), doubt)


async def work(house: House) -> None:
    """Work through every file that waits."""
    while (kept := house.shelf.take()) is not None:
        try:
            # Shared with the API: each may hold some hundred megabytes, and the books take one writer at a time anyway.
            await run_sync(_worked, house.books, kept, limiter=house.imports)
        except QuangError as error:
            kept.error, kept.step = error, Step.FAILED
        except Exception:  # noqa: BLE001 - whoever waits for this file has to be told that it failed
            _LOG.exception("a file of rows could not be worked through")
            kept.error, kept.step = Unavailable(_BROKE, _TELL), Step.FAILED
        finally:
            if kept.step is Step.WORKING:
                kept.error, kept.step = Unavailable(_STOPPED, _AGAIN), Step.FAILED


def _worked(books: Books, kept: Kept) -> None:
    sheet = read_sheet(kept.octets)
    remember(books, kept.owner, kept.noun, sheet, kept.mapping)

    def progress(done: int, steps: int) -> None:
        kept.done, kept.steps = done, steps

    manner = Manner(dry_run=kept.dry_run, mapping=kept.mapping, empty_clears=kept.empty_clears)
    report = import_(books, kept.owner, kept.noun, sheet, manner, progress=progress)
    kept.report = report
    kept.step = Step.WRITTEN if report.written else Step.REHEARSED
    if report.written:
        kept.octets = b""


def _samples(rows: Sequence[Row], place: int) -> list[str]:
    found: list[str] = []
    for row in rows:
        if place in row.cells:
            text = " ".join(str(row.cells[place]).split())
            found.append(text if len(text) <= _LONGEST_SAMPLE else text[: _LONGEST_SAMPLE - 1] + "…")
            if len(found) == SAMPLES:
                break
    return found


_BROKE: Final = Text(vi="Có lỗi trong chương trình; chưa ghi gì vào sổ.", en="The program failed; nothing was written.")
_TELL: Final = Text(
    vi="Báo người quản trị xem nhật ký của hệ thống.", en="Tell the administrator to look at the system's log."
)
_STOPPED: Final = Text(
    vi="Hệ thống dừng giữa chừng; chưa ghi gì vào sổ.", en="The system stopped; nothing was written."
)
_AGAIN: Final = Text(vi="Nhập lại tệp.", en="Bring the file again.")
