"""Labels: a code that phones read, the number that people read, and whose it is. The door to segno."""

from dataclasses import dataclass
from typing import Final

import segno

from inventory.text import Text

PREFIX: Final = "QUANG:"
"""What the text of a code begins with; the tag follows. It is no address: scanning it opens nothing."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """Something to print labels on.

    Attributes:
        label: Its name.
        on_page: Labels of one page.
    """

    label: Text
    on_page: int


SHEETS: Final = {
    "a4": Sheet(Text(vi="Giấy nhãn A4, 24 nhãn 70 × 37 mm", en="A4 sheet, 24 labels of 70 × 37 mm"), 24),
    "tape": Sheet(Text(vi="Băng nhãn 24 mm", en="Tape, 24 mm"), 1),
}
"""What can be printed on, by the word in the address."""


def text_of(tag: str) -> str:
    """Return what the code of an asset says."""
    return PREFIX + tag


def code_of(tag: str) -> str:
    """Return the code as an SVG element without a size of its own, with the quiet zone that readers need.

    Error correction M: 15 % may be scratched or dirty. ISO/IEC 18004.
    """
    code = segno.make_qr(text_of(tag), error="m", boost_error=False)
    return code.svg_inline(border=4, omitsize=True, lineclass=None, svgclass="code")
