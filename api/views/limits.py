"""The limits of the alarms as people read them: 259,200 s are 3 days, 0.005 are 0.5 %."""

from typing import Final

from alerts.rule import Threshold
from api.views.i18n import Formats
from inventory.text import Text

_SECONDS: Final = {"s": 1, "d": 86_400}
_A_SECOND: Final = Text(vi="{number} mỗi giây", en="{number} a second")
_SHORT: Final = Text(vi="{number} giây", en="{number} s")


def written(one: Threshold, value: float, formats: Formats) -> str:
    """Return a value of a limit with its unit, in the reader's language."""
    if one.unit == "ratio":
        return f"{_plain(value * 100, formats)} %"
    if one.unit in _SECONDS:
        seconds = value * _SECONDS[one.unit]
        if seconds == int(seconds):
            return formats.duration(seconds)
        return _SHORT.fill(number=_plain(seconds, formats)).to(formats.language)
    if one.unit == "1/s":
        return _A_SECOND.fill(number=_plain(value, formats)).to(formats.language)
    return _plain(value, formats) + ("" if one.unit == "count" else f" {one.unit}")


def _plain(value: float, formats: Formats) -> str:
    """Return a number with as many of three decimals as it needs."""
    places = next((places for places in range(3) if round(value, places) == round(value, 3)), 3)
    return formats.number(value, places)
