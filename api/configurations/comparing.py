"""What differs between two copies, with every secret hidden."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Final, Literal

from api.configurations.archive import Archive, Copy
from collector.platforms import PLATFORMS
from collector.shell.masking import masked

CONTEXT: Final = 3
"""Lines shown around a difference."""

MOST_COMPARED: Final = 4_000
"""Lines that are compared one by one on each side; beyond, all that lies between the equal ends counts as replaced."""

MOST_SHOWN: Final = 2_000
"""Lines of a difference that are shown."""

Sign = Literal["same", "added", "removed", "gap"]


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a difference.

    Attributes:
        sign: Whether it stands in both, came, went, or stands for lines left out.
        number: Its number in the newer copy, or in the older one if it went; 0 for a gap.
        text: The line, secrets hidden.
    """

    sign: Sign
    number: int
    text: str


@dataclass(frozen=True, slots=True)
class Difference:
    """What differs.

    Attributes:
        lines: In order, at most `MOST_SHOWN`.
        added: Lines that came.
        removed: Lines that went.
        left_out: Lines that are not shown, because there are too many.
    """

    lines: tuple[Line, ...]
    added: int
    removed: int
    left_out: int


def shown(archive: Archive, copy: Copy) -> list[str]:
    """Return the lines of a copy as people may see them."""
    return masked(PLATFORMS[copy.platform], copy.lines(), lambda secret: archive.mark(copy.device, secret))


def difference(archive: Archive, older: Copy | None, newer: Copy) -> Difference:
    """Return what differs from an older copy (from nothing for the first one), secrets hidden on both sides."""
    before, after = shown(archive, older) if older else [], shown(archive, newer)
    lines: list[Line] = []
    added = removed = 0
    for tag, a_from, a_to, b_from, b_to in _steps(before, after):
        if tag == "equal":
            lines += _same(after, b_from, b_to, first=b_from == 0, last=b_to == len(after))
            continue
        lines += [Line("removed", number + 1, before[number]) for number in range(a_from, a_to)]
        lines += [Line("added", number + 1, after[number]) for number in range(b_from, b_to)]
        removed, added = removed + a_to - a_from, added + b_to - b_from
    if not added and not removed:
        lines = []
    return Difference(tuple(lines[:MOST_SHOWN]), added, removed, max(0, len(lines) - MOST_SHOWN))


def _same(after: Sequence[str], start: int, end: int, *, first: bool, last: bool) -> list[Line]:
    """Return the lines of an equal stretch that lie next to a difference, and a gap for the others."""
    head = 0 if first else min(CONTEXT, end - start)
    tail = 0 if last else min(CONTEXT, end - start - head)
    kept = [Line("same", number + 1, after[number]) for number in range(start, start + head)]
    if end - start > head + tail:
        kept.append(Line("gap", 0, ""))
    return kept + [Line("same", number + 1, after[number]) for number in range(end - tail, end)]


def _steps(before: Sequence[str], after: Sequence[str]) -> list[tuple[str, int, int, int, int]]:
    head = _common(before, after, lambda lines, number: lines[number], min(len(before), len(after)))
    rest = min(len(before), len(after)) - head
    tail = _common(before, after, lambda lines, number: lines[-1 - number], rest)
    a, b = before[head : len(before) - tail], after[head : len(after) - tail]
    steps = [("equal", 0, head, 0, head)] if head else []
    if max(len(a), len(b)) > MOST_COMPARED:
        steps.append(("replace", head, head + len(a), head, head + len(b)))
    else:
        for tag, a_from, a_to, b_from, b_to in SequenceMatcher(None, a, b).get_opcodes():
            steps.append((tag, a_from + head, a_to + head, b_from + head, b_to + head))
    if tail:
        steps.append(("equal", len(before) - tail, len(before), len(after) - tail, len(after)))
    return steps


def _common(before: Sequence[str], after: Sequence[str], at: Callable[[Sequence[str], int], str], most: int) -> int:
    count = 0
    while count < most and at(before, count) == at(after, count):
        count += 1
    return count
