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


def suggest(tag: str, serial: str, name: str, candidates: Iterable[Candidate]) -> list[Suggestion]:
    """Return the likeliest candidates, best first, at most `MOST_SUGGESTIONS`.

    Args:
        tag: What stands on its label; empty if it has none.
        serial: What was read of the thing: a serial number or a MAC; placeholders are ignored.
        name: What it looks like.
        candidates: Booked things.
    """
    found = [one for candidate in candidates if (one := _compare(tag, serial, name, candidate)) is not None]
    return sorted(found, key=lambda one: (-one.score, one.candidate.tag))[:MOST_SUGGESTIONS]


def _compare(tag: str, serial: str, name: str, candidate: Candidate) -> Suggestion | None:
    read, booked = _bare(serial), _bare(candidate.serial)
    if read and read == booked:
        return Suggestion(candidate, 100, _SAME_SERIAL)
    if _MAC.fullmatch(read) and read == _bare(candidate.mac):
        return Suggestion(candidate, 95, _SAME_MAC)
    if read and booked and min(len(read), len(booked)) >= 5 and _nearly(read, booked):
        return Suggestion(candidate, 80, _NEAR_SERIAL)
    label = _bare(tag)
    if label and _nearly(label, _bare(candidate.tag)):
        return Suggestion(candidate, 75, _NEAR_TAG)
    likeness = _likeness(name, candidate.name)
    # Two different serial numbers are two different things, however alike their names.
    if likeness >= 0.6 and not (read and booked):
        return Suggestion(candidate, round(50 + 20 * (likeness - 0.6) / 0.4), _LIKE_NAME)
    return None


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


def _likeness(one: str, other: str) -> float:
    """Return how alike two names are, 0 to 1, the order of words aside."""
    first, second = (" ".join(sorted(fold(name).split())) for name in (one, other))
    return SequenceMatcher(None, first, second).ratio() if first and second else 0.0


_SAME_SERIAL: Final = Text(vi="trùng số máy", en="same serial number")
_SAME_MAC: Final = Text(vi="trùng địa chỉ MAC", en="same MAC address")
_NEAR_SERIAL: Final = Text(vi="số máy gần giống, có thể đọc nhầm", en="serial number almost the same, perhaps misread")
_NEAR_TAG: Final = Text(vi="mã tài sản gần giống, có thể đọc nhầm", en="label almost the same, perhaps misread")
_LIKE_NAME: Final = Text(vi="tên gần giống", en="similar name")
