"""Memory of a process that holds thousands of devices: less garbage collection, and large pages.

The heap lies in tens of thousands of small pages, more than a processor's TLB holds; a poll would spend up to a quarter
of its time on page look-ups. Python allocates piece by piece, so the kernel uses no large pages by itself. Asking for
them takes a system call that only ctypes can make.
"""

import asyncio
import ctypes
import gc
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

YOUNG: Final = 20_000
"""New objects after which those are searched for circles; polls leave hardly any, and what they keep is no garbage."""

OLDER: Final = 50
"""So many searches of one age come before one of the next, as for Python's own limits."""

GATHER_S: Final = 60.0
"""Seconds between two looks for memory that was not there before."""

LARGE: Final = 2 * 1024 * 1024
"""Octets of a large page (x86-64, and arm64 with small pages of 4,096)."""

_MADV_HUGEPAGE: Final = 14
"""Advice to Linux: what comes to be here may come in large pages, and what is here may be moved into such some day."""

_MADV_COLLAPSE: Final = 25
"""Advice to Linux from 6.1 on: move it now."""


async def keep_in_order() -> None:
    """Do both for as long as the process lasts."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(YOUNG, OLDER, OLDER)
    while True:
        # In a thread, since each large page takes the kernel up to a millisecond.
        await asyncio.to_thread(gather)
        await asyncio.sleep(GATHER_S)


def gather() -> int:
    """Let the kernel keep this process's own memory in large pages.

    Returns:
        For how many octets it agreed; 0 where it has no large pages.
    """
    agreed = 0
    for start, size in whole_pages(own_ranges(Path("/proc/self/maps").read_text(encoding="utf-8"))):
        if _advised(start, size, _MADV_HUGEPAGE):
            agreed += size
            for page in range(start, start + size, LARGE):
                _advised(page, LARGE, _MADV_COLLAPSE)
    return agreed


def _advised(start: int, size: int, advice: int) -> bool:
    """Give the kernel an advice that changes nothing of what memory holds (madvise(2)); return whether it takes it."""
    given: int = ctypes.CDLL(None).madvise(ctypes.c_void_p(start), ctypes.c_size_t(size), ctypes.c_int(advice))
    return given == 0


def own_ranges(maps: str) -> Iterator[tuple[int, int]]:
    """Yield begin and end of what the process may write and no file stands behind (proc_pid_maps(5))."""
    for line in maps.splitlines():
        place, rights, _offset, _device, _inode, *name = line.split(maxsplit=5)
        if rights == "rw-p" and name in ([], ["[heap]"]):
            start, _, end = place.partition("-")
            yield int(start, 16), int(end, 16)


def whole_pages(ranges: Iterable[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Yield begin and size of the large pages that lie wholly in each range, where there is any."""
    for start, end in ranges:
        first, last = -(-start // LARGE) * LARGE, end // LARGE * LARGE
        if first < last:
            yield first, last - first
