"""Serial numbers that are none: what makers leave in the firmware when nobody wrote the real one."""

import re
from typing import Final

from inventory.spelling import fold

PLACEHOLDERS: Final = frozenset(
    {
        "default string", "to be filled by o.e.m.", "to be filled by oem", "system serial number", "serial number",
        "chassis serial number", "base board serial number", "not specified", "not applicable", "not available",
        "none", "n/a", "na", "null", "unknown", "invalid", "empty", "oem", "o.e.m.", "standard", "xxxxxxxxxxxx",
        "123456789", "1234567890", "0123456789", "12345678", "sernum0", "type1productconfigid", "khong co", "khong",
    }
)  # fmt: skip
"""Without case and diacritics, as `fold` gives them."""

_ONE_SIGN: Final = re.compile(r"(.)\1*")


def is_placeholder(serial: str) -> bool:
    """Return whether a serial number names nothing: a known filler, or one sign repeated (`0000000`, `-`)."""
    folded = fold(serial)
    return folded in PLACEHOLDERS or _ONE_SIGN.fullmatch(folded.replace(" ", "")) is not None
