"""Which series an expression reads, for guards that every name stands in the catalogue."""

import re

_STRING = re.compile(r'"(?:\\.|[^"\\])*"|\'(?:\\.|[^\'\\])*\'')
_MATCHERS = re.compile(r"\{[^{}]*\}")
_RANGE = re.compile(r"\[[^\]]*\]")
_LABELS = re.compile(r"\b(by|without|on|ignoring|group_left|group_right)\s*\([^()]*\)")
# A name that opens a parenthesis is a function or an aggregation.
_NAME = re.compile(r"(?<![\w:.])([A-Za-z_:][\w:]*)\b(?!\s*\()")
_WORDS = frozenset({"and", "or", "unless", "bool", "offset", "inf", "nan"})


def series_of(expr: str) -> set[str]:
    """Return the names of the series that a PromQL expression reads."""
    for pattern in (_STRING, _MATCHERS, _RANGE, _LABELS):
        expr = pattern.sub(" ", expr)
    return {found[1] for found in _NAME.finditer(expr)} - _WORDS
