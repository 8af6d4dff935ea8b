"""Texts and colours of states that several boards show."""

from typing import Final

from dashboards.board import Bound, State
from inventory.text import Text

REACHED: Final = (
    State(0, Text(vi="Có liên lạc", en="Reached"), "green"),
    State(1, Text(vi="Mất liên lạc", en="Not reached"), "red"),
)

CARRIES: Final = (
    State(0, Text(vi="Thông", en="Up"), "green"),
    State(1, Text(vi="Đứt", en="Down"), "red"),
)

WORKS: Final = (
    State(0, Text(vi="Truy cập được", en="Works"), "green"),
    State(1, Text(vi="Không truy cập được", en="Fails"), "red"),
)

GOOD_OR_BAD: Final = (Bound("green"), Bound("red", 1))
"""Colours of a count of things that are wrong, and of a state that is 0 when all is well."""
