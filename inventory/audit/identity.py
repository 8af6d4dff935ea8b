"""Identity: which booked thing an unknown one may be, by serial number, MAC and name; people decide."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Final

from inventory.assets.placeholders import is_placeholder
from inventory.spelling import fold
from inventory.text import Text

MOST_SUGGESTIONS: Final = 3
LEAST_SCORE: Final = 50
MOST_ASKED: Final = 50
"""Unknown things for which suggestions are looked for at a time."""

_MOST_NAMES: Final = 500
"""Different names with which one thing is compared; numbers are compared with all."""

_ALIKE_NAMES: Final = 0.6
"""How alike two names have to be, 0 to 1 (the ratio of Ratcliff and Obershelp)."""

_ALIKE: Final = str.maketrans({"o": "0", "q": "0", "i": "1", "l": "1", "b": "8", "s": "5", "z": "2"})
"""Letters and figures that people mistake for each other when they read a worn label."""

_MAC: Final = re.compile(r"[0-9a-f]{12}")


@dataclass(frozen=True, slots=True)
class Candidate:
    """A booked thing, as far as it is compared."""

    asset_id: int
    tag: str
    serial: str
    mac: str
    name: str


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A booked thing that the unknown one may be.

    Attributes:
        candidate: Which.
        score: 50 to 100; 100 is the same serial number.
        reason: Why.
    """

    candidate: Candidate
    score: int
    reason: Text


@dataclass(frozen=True, slots=True)
class _Known:
    """A candidate with what is compared of it, made once."""

    candidate: Candidate
    serial: str
    mac: str
    tag: str
    words: str


class Identities:
    """Compares unknown things with booked ones.

    Args:
        candidates: Booked things.
    """

    def __init__(self, candidates: Iterable[Candidate]) -> None:
        self._known = [
            _Known(one, _bare(one.serial), _bare(one.mac), _bare(one.tag), _sorted(one.name)) for one in candidates
        ]

    def suggest(self, tag: str, serial: str, name: str) -> list[Suggestion]:
        """Return the likeliest candidates, best first, at most `MOST_SUGGESTIONS`.

        Args:
            tag: What stands on its label; empty if it has none.
            serial: What was read of the thing: a serial number or a MAC; placeholders are ignored.
            name: What it looks like.
        """
        read, label = _bare(serial), _bare(tag)
        words = _sorted(name)
        matcher: SequenceMatcher[str] = SequenceMatcher(autojunk=False)
        matcher.set_seq2(words)
        names: dict[str, tuple[int, Text] | None] = {}
        found = []
        for known in self._known:
            fits = _by_number(read, label, known)
            # Two different serial numbers are two different things, however alike their names.
            if fits is None and words and known.words and not (read and known.serial):
                if known.words not in names and len(names) < _MOST_NAMES:
                    names[known.words] = _by_name(matcher, known)
                fits = names.get(known.words)
            if fits is not None:
                found.append(Suggestion(known.candidate, *fits))
        return sorted(found, key=lambda one: (-one.score, one.candidate.tag))[:MOST_SUGGESTIONS]


def _by_number(read: str, label: str, known: _Known) -> tuple[int, Text] | None:
    """Return score and reason where a serial number, a MAC or a label fits."""
    if read and read == known.serial:
        return 100, _SAME_SERIAL
    if read and read == known.mac and _MAC.fullmatch(read):
        return 95, _SAME_MAC
    if min(len(read), len(known.serial)) >= 5 and _nearly(read, known.serial):
        return 80, _NEAR_SERIAL
    if label and _nearly(label, known.tag):
        return 75, _NEAR_TAG
    return None


def _by_name(words: SequenceMatcher[str], known: _Known) -> tuple[int, Text] | None:
    """Return score and reason where the names are alike; the two quick bounds leave most of the work out."""
    words.set_seq1(known.words)
    if words.real_quick_ratio() < _ALIKE_NAMES or words.quick_ratio() < _ALIKE_NAMES:
        return None
    ratio = words.ratio()
    return (round(50 + 20 * (ratio - _ALIKE_NAMES) / (1 - _ALIKE_NAMES)), _LIKE_NAME) if ratio >= _ALIKE_NAMES else None


def _bare(text: str) -> str:
    """Return letters and figures alone; nothing of a placeholder."""
    if not text or is_placeholder(text):
        return ""
    return "".join(c for c in fold(text) if c.isalnum())


def _nearly(one: str, other: str) -> bool:
    """Return whether two numbers differ by what people mistake, or by one sign left out, added or exchanged."""
    if not one or not other or abs(len(one) - len(other)) > 1:
        return False
    if one.translate(_ALIKE) == other.translate(_ALIKE):
        return True
    if len(one) < 6:
        return False
    if len(one) == len(other):
        unlike = [n for n, (a, b) in enumerate(zip(one, other, strict=True)) if a != b]
        # The last signs tell the numbers of one delivery apart: a difference there is no slip of the eye.
        return len(unlike) == 1 and unlike[0] < len(one) - 4
    short, long = sorted((one, other), key=len)
    return any(long[:n] + long[n + 1 :] == short for n in range(len(long)))


def _sorted(name: str) -> str:
    """Return a name as it is compared: without case and diacritics, its words in one order."""
    return " ".join(sorted(fold(name).split()))


_SAME_SERIAL: Final = Text(vi="trùng số máy", en="same serial number")
_SAME_MAC: Final = Text(vi="trùng địa chỉ MAC", en="same MAC address")
_NEAR_SERIAL: Final = Text(vi="số máy gần giống, có thể đọc nhầm", en="serial number almost the same, perhaps misread")
_NEAR_TAG: Final = Text(vi="mã tài sản gần giống, có thể đọc nhầm", en="label almost the same, perhaps misread")
_LIKE_NAME: Final = Text(vi="tên gần giống", en="similar name")
