"""Until when makers mend operating systems, as far as office computers here run them."""

import re
from collections.abc import Mapping
from datetime import date
from typing import Final

from inventory.spelling import fold
from inventory.text import Text

SUPPORT_ENDS: Final[Mapping[str, date]] = {
    "windows xp": date(2014, 4, 8),
    "windows vista": date(2017, 4, 11),
    "windows 7": date(2020, 1, 14),
    "windows 8": date(2016, 1, 12),
    "windows 8.1": date(2023, 1, 10),
    "windows 10": date(2025, 10, 14),
    "windows server 2003": date(2015, 7, 14),
    "windows server 2008": date(2020, 1, 14),
    "windows server 2012": date(2023, 10, 10),
    "windows server 2016": date(2027, 1, 12),
    "windows server 2019": date(2029, 1, 9),
}
"""Last day of support by name without edition (Microsoft Lifecycle Policy); long-term editions are not in it."""

WRITTEN_ON: Final = date(2026, 11, 24)
"""When the table was last looked at."""

SOURCE: Final = Text(
    vi="Microsoft Lifecycle Policy, ghi theo hiểu biết chung, chưa đối chiếu với trang của hãng [K]",
    en="Microsoft Lifecycle Policy, from general knowledge, not compared with the maker's page yet [K]",
)
"""Where it is from, and how sure that is; stands beside the table on the page."""

_LONG_TERM: Final = re.compile(r"\b(?:ltsc|ltsb|iot|embedded|posready)\b")
_NAME: Final = re.compile(r"windows (?:server )?(?:xp|vista|[0-9]+(?:\.[0-9]+)?)")


def end_of_support(name: str) -> date | None:
    """Return the last day on which an operating system is mended; `None` if that is not known.

    Args:
        name: As people and agents write it: `Microsoft Windows 10 Pro 22H2`.
    """
    folded = fold(name)
    found = _NAME.search(folded)
    if found is None or _LONG_TERM.search(folded):
        return None
    return SUPPORT_ENDS.get(found.group())
