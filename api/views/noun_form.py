"""What the form of a noun is: its fields, and which of them choose among other nouns."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from api.views.forms import Field
from inventory.text import Text

_SLUG_HINT: Final = Text(
    vi="Chữ thường không dấu, số, gạch ngang; ví dụ tan-lap. Không đổi được về sau.",
    en="Lower-case letters, digits, dashes, like tan-lap. It can never be changed.",
)


def short_name(name: str, label: Text) -> Field:
    """Return the field of a key that never changes."""
    return Field(name, label, required=True, hint=_SLUG_HINT, fixed=True, plain=True, longest=64)


@dataclass(frozen=True, slots=True)
class NounForm:
    """How one noun is written on pages.

    Attributes:
        noun: Its path in `NOUNS`.
        add: Title of the page for a new one.
        change: Title of the page for a change.
        fields: In the order of the page.
        from_books: Which fields choose among other nouns: field to path.
    """

    noun: str
    add: Text
    change: Text
    fields: Sequence[Field]
    from_books: Mapping[str, str]
