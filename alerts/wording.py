"""Fragments of Prometheus' template language that read well in both languages.

A decimal is written with a comma in Vietnamese and with a point in English.
"""

from collections.abc import Mapping
from typing import Final

from inventory.text import Language, Text, same

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


def listed(recording: str, label: str, words: Mapping[str, Text]) -> Text:
    """Return a template of all that another series says of the same element, in words, with commas between.

    Args:
        recording: Name of a series that carries the label `element`.
        label: Label of that series.
        words: Its values in words; a value without any stands as it is.
    """
    return Text(vi=_listed(recording, label, words, "vi"), en=_listed(recording, label, words, "en"))


def _listed(recording: str, label: str, words: Mapping[str, Text], language: Language) -> str:
    # Sorted, because Prometheus gives the answers of a query in any order.
    found = f'printf "{recording}{{element=\'%s\'}}" $labels.element | query | sortByLabel "{label}"'
    each = f"{{{{ range $at, $one := {found} }}}}"
    name = f'{{{{ if $at }}}}, {{{{ end }}}}{{{{ $name := $one | label "{label}" }}}}'
    choices = "".join(
        f'{{{{ {"else if" if at else "if"} eq $name "{value}" }}}}{text.to(language)}'
        for at, (value, text) in enumerate(words.items())
    )
    return f"{each}{name}{choices}{{{{ else }}}}{{{{ $name }}}}{{{{ end }}}}{{{{ end }}}}"
