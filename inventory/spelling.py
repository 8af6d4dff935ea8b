"""Vietnamese spelling: text without diacritics for search, and the order of the alphabet for lists."""

import unicodedata
from typing import Final

_BASE: Final = {"đ": "d"}
_QUALITY: Final = {"\u0306": 1, "\u0302": 2, "\u031b": 3}
"""Breve, circumflex and horn make another letter: a ă â, e ê, o ô ơ, u ư."""
_TONES: Final = {"\u0300": 1, "\u0309": 2, "\u0303": 3, "\u0301": 4, "\u0323": 5}
"""Tones in the order of dictionaries: level, huyền, hỏi, ngã, sắc, nặng."""
_LETTERS: Final = (
    "a", "a1", "a2", "b", "c", "d", "đ", "e", "e2", "f", "g", "h", "i", "j", "k", "l", "m", "n", "o", "o2", "o3",
    "p", "q", "r", "s", "t", "u", "u3", "v", "w", "x", "y", "z",
)  # fmt: skip
_DIGITS: Final = "0123456789"
_RANK: Final = {" ": 10} | {word: 11 + n for n, word in enumerate((*_DIGITS, *_LETTERS))}
_OTHER: Final = 5
_ORDER_LENGTH: Final = 60


def is_storable(text: str, *, lines: bool = False) -> bool:
    """Return whether every database keeps `text` and people can read it: no control characters, no half characters.

    Args:
        text: What was sent.
        lines: Whether line breaks and tabs may stand in it.
    """
    allowed = "\n\t" if lines else ""
    return not any(unicodedata.category(c) in {"Cc", "Cs"} and c not in allowed for c in text)


def fold(text: str) -> str:
    """Return `text` in lower case without diacritics, blanks run together: what search compares.

    `Thị trấn Việt Quang` and `thi tran viet quang` fold alike; so do composed and decomposed Unicode.
    """
    plain = "".join(_BASE.get(c, c) for c in unicodedata.normalize("NFD", text.lower()) if not unicodedata.combining(c))
    return " ".join(plain.split())


def vietnamese_order(text: str) -> str:
    """Return a string of digits that any database orders as a Vietnamese dictionary orders `text`.

    Letters come first (a ă â b c d đ e ê ...), tones decide between words that are otherwise equal. Only digits are
    used, so the database's own collation cannot change the order. The first 60 letters count.
    """
    ranks: list[int] = []
    tones: list[int] = []
    for word in _syllables(text):
        ranks.append(_RANK.get(word[0], _OTHER))
        tones.append(word[1])
    return "".join(f"{rank:02d}" for rank in ranks) + "00" + "".join(str(tone) for tone in tones)


def _syllables(text: str) -> list[tuple[str, int]]:
    letters: list[tuple[str, int]] = []
    for character in unicodedata.normalize("NFC", " ".join(text.lower().split()))[:_ORDER_LENGTH]:
        base, *marks = list(unicodedata.normalize("NFD", character))
        quality = max((_QUALITY.get(mark, 0) for mark in marks), default=0)
        tone = max((_TONES.get(mark, 0) for mark in marks), default=0)
        letters.append((f"{base}{quality}" if quality else base, tone))
    return letters
