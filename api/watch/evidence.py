"""Evidence that something is well again: a fresh measurement, not merely the absence of an alarm."""

import math
from collections.abc import Collection, Iterable, Mapping

from alerts.rule import Rule
from alerts.rules import RULES
from api.watch.prometheus import Prometheus

Watched = tuple[str, str]
"""A rule's name and an element."""


def good_now(prometheus: Prometheus, asked: Collection[Watched]) -> set[Watched]:
    """Return those of which a sample says that they are well now and of which no alert is active.

    A rule that this version does not know has no value to look at: of it the absence of an alert must do.

    Args:
        prometheus: The door.
        asked: Rules and elements, in any number; each rule is one question.

    Raises:
        Unavailable: Prometheus does not answer, so nobody can tell.
    """
    if not asked:
        return set()
    active = {(alert.labels.get("alertname", ""), alert.labels.get("element", "")) for alert in prometheus.alerts()}
    found: set[Watched] = set()
    for name in sorted({name for name, _ in asked}):
        elements = {element for rule, element in asked if rule == name and (rule, element) not in active}
        if name in RULES and elements:
            values = _values(prometheus, RULES[name], elements)
            elements = {element for element in elements if is_good(RULES[name], values.get(element))}
        found |= {(name, element) for element in elements}
    return found


def is_good(rule: Rule, value: float | None) -> bool:
    """Return whether a value of a rule's `value_expr` says that all is well.

    A state is 0 or 1, and a ratio without a bound is the share that is down. A ratio or a loss in dB with a bound is
    well up to it. Of other values their being there is what counts: whether they are too low the alert has said.
    """
    if value is None or not math.isfinite(value):
        return False
    if rule.unit in {"ratio", "dB"} and rule.thresholds:
        return value <= rule.thresholds[0].default
    return value < 1 if rule.unit in {"state", "ratio"} else True


def _values(prometheus: Prometheus, rule: Rule, elements: Iterable[str]) -> Mapping[str, float]:
    names = list(elements)
    found = prometheus.query(rule.value_of(names[0]) if len(names) == 1 else rule.value_expr)
    values: dict[str, float] = {}
    for one in found:
        element = one.labels.get("element", "")
        # Of several values the worst counts.
        values[element] = max(one.value, values.get(element, -math.inf))
    return values
