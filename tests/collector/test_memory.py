import subprocess
import sys
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from collector.memory import LARGE, own_ranges, whole_pages

MAPS = """\
5581c0000000-5581c0400000 rw-p 00000000 00:00 0                          [heap]
7f0000000000-7f0000200000 r--p 00000000 08:01 1234                       /usr/lib/libc.so.6
7f0000200000-7f0000600000 rw-p 00000000 00:00 0
7f0000600000-7f0000800000 rw-s 00000000 00:01 77                         /dev/shm/some thing
7f0000800000-7f0000a00000 rw-p 00200000 08:01 1234                       /usr/lib/libc.so.6
7f0000a00000-7f0000c00000 ---p 00000000 00:00 0
7ffc00000000-7ffc00021000 rw-p 00000000 00:00 0                          [stack]
"""

CHILD = """
import asyncio, gc
from contextlib import suppress
from collector import memory

kept = [bytearray(1_000) for _ in range(20_000)]

async def main():
    with suppress(TimeoutError):
        async with asyncio.timeout(0.2):
            await memory.keep_in_order()

asyncio.run(main())
print(memory.gather() >= memory.LARGE, gc.get_freeze_count() > 0, gc.get_threshold()[0])
assert all(octets == bytes(1_000) for octets in kept)
"""
"""A process of its own, because what is done concerns a whole process."""


def test_only_memory_that_is_the_process_own_is_gathered() -> None:
    assert list(own_ranges(MAPS)) == [(0x5581C0000000, 0x5581C0400000), (0x7F0000200000, 0x7F0000600000)]


@given(st.lists(st.tuples(st.integers(0, 2**47), st.integers(0, 2**24))))
def test_large_pages_never_reach_beyond_their_range(ranges: list[tuple[int, int]]) -> None:
    for start, size in ranges:
        found = list(whole_pages([(start, start + size)]))
        assert all(first % LARGE == 0 and first >= start and first + more <= start + size for first, more in found)
        assert found or size < 2 * LARGE
        assert all(size - more < 2 * LARGE for _, more in found)


def test_a_process_keeps_its_memory_in_large_pages_and_what_stays_out_of_the_search_for_garbage() -> None:
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", CHILD], capture_output=True, text=True, timeout=60, check=False
    )
    assert done.stderr == ""
    gathered, frozen, young = done.stdout.split()
    assert (frozen, young) == ("True", "20000")
    # A kernel built without them says no, and all goes on as before.
    assert gathered == str(Path("/sys/kernel/mm/transparent_hugepage").exists())
