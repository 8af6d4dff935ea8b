"""Pieces of Prometheus' template language, so that a summary reads well in both languages.

A decimal is written with a comma in Vietnamese and with a point in English.
"""

from typing import Final

from inventory.text import Text, same

NAME: Final = same('{{ $labels.element | reReplaceAll "^[a-z]+:" "" }}')
"""The element's own name, without its kind."""

_COMMA: Final = ' | reReplaceAll "[.]" ","'


def number(places: int, unit: str | Text, *, of: str = "$value") -> Text:
    """Return a template of a number.

    Args:
        places: Digits after the decimal sign, 0 to 6.
        unit: Written behind it; a text where it is a word.
        of: The template's expression; the alert's own value unless told otherwise.
    """
    words = f'{of} | printf "%.{places}f"'
    behind = same(unit) if isinstance(unit, str) else unit
    return Text(vi=f"{{{{ {words}{_COMMA} }}}} {behind.vi}", en=f"{{{{ {words} }}}} {behind.en}")


def percent(*, of: str = "$value") -> Text:
    """Return a template of a share between 0 and 1, in percent."""
    return Text(vi=f"{{{{ {of} | humanizePercentage{_COMMA} }}}}", en=f"{{{{ {of} | humanizePercentage }}}}")


def duration(*, of: str = "$value") -> Text:
    """Return a template of a number of seconds, as days, hours, minutes and seconds."""
    return same(f"{{{{ {of} | humanizeDuration }}}}")


def named(recording: str, label: str) -> Text:
    """Return a template of another series' label of the same element: which disk, which fan.

    Args:
        recording: Name of a series that carries the label `element` and has a value whenever the alert does.
        label: Label of that series.
    """
    query = f"printf \"{recording}{{element='%s'}}\" $labels.element | query | first | label"
    return same(f'{{{{ {query} "{label}" }}}}')


def asked(recording: str) -> str:
    """Return a template's expression for the value of another series of the same element.

    Args:
        recording: Name of a series that carries the label `element`.
    """
    return f"printf \"{recording}{{element='%s'}}\" $labels.element | query | first | value"
