"""Text in both languages. Every sentence that a person reads is one `Text`, so that neither language can be missing."""

from dataclasses import dataclass
from typing import Final, Literal, get_args

Language = Literal["vi", "en"]

LANGUAGES: Final[tuple[Language, ...]] = get_args(Language)
DEFAULT_LANGUAGE: Final[Language] = "vi"


@dataclass(frozen=True, slots=True)
class Text:
    """One sentence or label, in Vietnamese and in English.

    Attributes:
        vi: Vietnamese, with diacritics, as an office would write it.
        en: English.

    Raises:
        ValueError: One of the two is empty.
    """

    vi: str
    en: str

    def __post_init__(self) -> None:
        if not (self.vi.strip() and self.en.strip()):
            raise ValueError(f"a text needs both languages: {self!r}")

    def to(self, language: Language) -> str:
        """Return the sentence in one language."""
        return self.vi if language == "vi" else self.en

    def fill(self, **values: object) -> "Text":
        """Return the text with its `{name}` places filled, a `Text` among the values in its own language.

        Raises:
            KeyError: A place has no value.
        """
        return Text(
            vi=self.vi.format(**{name: _in(value, "vi") for name, value in values.items()}),
            en=self.en.format(**{name: _in(value, "en") for name, value in values.items()}),
        )

    def as_dict(self) -> dict[Language, str]:
        """Return `{"vi": ..., "en": ...}`, the shape that the API and the roster carry."""
        return {"vi": self.vi, "en": self.en}


def sentence(words: str) -> str:
    """Return words as they begin a line or a cell: with a large first letter."""
    return words[:1].upper() + words[1:]


def same(word: str) -> Text:
    """Return a text that reads alike in both languages: a proper name, a unit, a protocol."""
    return Text(vi=word, en=word)


def _in(value: object, language: Language) -> object:
    return value.to(language) if isinstance(value, Text) else value
