"""An alert rule: an expression that Prometheus evaluates, and the texts that let anyone act on it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal, get_args

from collector.metrics import Metric
from inventory.text import Text

Severity = Literal["critical", "warning", "info"]
Element = Literal["link", "device", "site", "service", "collector", "rule"]
Unit = Literal["ratio", "dBm", "dB", "s", "°C", "count", "state"]
"""Of a rule's value: a share between 0 and 1, optical power, a difference of it, seconds, degrees Celsius, a number of
things, or 0 good and 1 bad."""

SEVERITIES: Final[tuple[Severity, ...]] = get_args(Severity)
HELP_PREFIX: Final = "/help/rules/"

_RULE_NAME: Final = re.compile(r"[A-Z][A-Za-z]{2,62}\Z")
_RECORDING_NAME: Final = re.compile(r"quang:[a-z][a-z0-9_]{0,62}\Z")
_DURATION: Final = re.compile(r"\d{1,5}[smhd]\Z")
_PLACE: Final = re.compile(r"@([a-z][a-z0-9_]*)@")


class WrongThreshold(ValueError):
    """A threshold was given a value outside its range, or its name is unknown."""


@dataclass(frozen=True, slots=True)
class Threshold:
    """A number that an operator may tune.

    Written into an f-string it leaves the place `@name@`, which `fill` replaces when the rules are rendered.

    Attributes:
        name: Stable, lower case, ends in its unit.
        unit: `ratio`, `dB`, `s`, `d`, `°C`, `count`, `1/s`.
        default: The value when nobody chose another.
        low: Smallest value allowed.
        high: Largest value allowed.
        text: What it decides.
        source: Why the default is what it is.

    Raises:
        WrongThreshold: The default is outside the range.
    """

    name: str
    unit: str
    default: float
    low: float
    high: float
    text: Text
    source: Text

    def __post_init__(self) -> None:
        self.checked(self.default)

    def __str__(self) -> str:
        return f"@{self.name}@"

    def checked(self, value: float) -> float:
        """Return `value` if it lies in the range.

        Raises:
            WrongThreshold: It does not, or it is not a number.
        """
        if not self.low <= value <= self.high:
            raise WrongThreshold(
                f"{self.name} must lie between {self.low:g} and {self.high:g} {self.unit}, not {value!r}"
            )
        return value


def fill(text: str, thresholds: tuple[Threshold, ...], changes: Mapping[str, float] | None = None) -> str:
    """Return `text` with the place of each threshold filled.

    Args:
        text: An expression or an annotation.
        thresholds: Those that `text` may hold.
        changes: Name to the operator's value; a name that is missing keeps its default.

    Raises:
        KeyError: `text` has a place that none of the thresholds fills.
        WrongThreshold: A value lies outside its range.
    """
    values = {one.name: one.checked((changes or {}).get(one.name, one.default)) for one in thresholds}
    return _PLACE.sub(lambda place: repr(float(values[place[1]])), text)


@dataclass(frozen=True, slots=True, kw_only=True)
class Recording:
    """A series that Prometheus computes, for rules and boards to share.

    Attributes:
        name: Starts with `quang:`.
        what: One line for those who read the generated rules, in English.
        expr: PromQL, perhaps with places of thresholds.
        labels: The labels that the result carries.
        thresholds: Those that `expr` uses.

    Raises:
        ValueError: The name does not fit.
    """

    name: str
    what: str
    expr: str
    labels: tuple[str, ...]
    thresholds: tuple[Threshold, ...] = ()

    def __post_init__(self) -> None:
        if not _RECORDING_NAME.match(self.name):
            raise ValueError(f"a recording is named quang:lower_case, not {self.name!r}")

    def __call__(self, range_: str = "", /, **matchers: str) -> str:
        """Return a PromQL selector of the recorded series; see `Metric.__call__`.

        Raises:
            KeyError: The recording has no such label.
        """
        return Metric(self.name, self.what, labels=self.labels, of_target=False)(range_, **matchers)

    def promql(self, changes: Mapping[str, float] | None = None) -> str:
        """Return the expression with its thresholds filled; see `fill`."""
        return fill(self.expr, self.thresholds, changes)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """An alert: when it is raised and what the person who reads it needs to know.

    Its labels are exactly `alertname element site severity`; `site` is absent where one element spans two sites.
    Counts and values stand in annotations, so that a changing value is never another alert.

    Attributes:
        name: The alert's name, CamelCase.
        title: A few words: what is wrong.
        severity: How urgent it is.
        element: The kind of thing that the label `element` names; `rule` when the alert is about the house itself.
        expr: PromQL, perhaps with places of thresholds; results carry `element` (unless it is `rule`) and maybe `site`.
        for_: How long the expression must hold, as Prometheus writes durations.
        summary: One sentence with the names and values in it, as Prometheus' templates.
        value: Template of the measured value.
        bound: Template of the bound that the value crossed.
        meaning: What it means for those who use the network.
        first_steps: What anyone can do, in order, without tools or training.
        whom_to_call: Who takes it from there.
        value_expr: PromQL that gives the value now for every element, alarm or not, labelled by `element`.
        unit: Unit of `value_expr`.
        thresholds: Those that the expression and the templates use.

    Raises:
        ValueError: The name, the duration or the number of first steps does not fit.
    """

    name: str
    title: Text
    severity: Severity
    element: Element
    expr: str
    for_: str = "0s"
    summary: Text
    value: Text
    bound: Text
    meaning: Text
    first_steps: tuple[Text, ...]
    whom_to_call: Text
    value_expr: str
    unit: Unit = "state"
    thresholds: tuple[Threshold, ...] = ()

    def __post_init__(self) -> None:
        if not _RULE_NAME.match(self.name):
            raise ValueError(f"a rule is named in CamelCase, not {self.name!r}")
        if not _DURATION.match(self.for_):
            raise ValueError(f"{self.name}: a duration is a whole number with s, m, h or d, not {self.for_!r}")
        if not self.first_steps:
            raise ValueError(f"{self.name}: what should be done first?")

    @property
    def help_page(self) -> str:
        """Return the path of the page that explains the rule."""
        return HELP_PREFIX + self.name

    @property
    def labels(self) -> dict[str, str]:
        """Return the labels that the rule adds to those of its expression."""
        own = {"element": f"rule:{self.name}"} if self.element == "rule" else {}
        return own | {"severity": self.severity}

    def promql(self, changes: Mapping[str, float] | None = None) -> str:
        """Return the expression with its thresholds filled; see `fill`."""
        return fill(self.expr, self.thresholds, changes)

    def annotations(self, changes: Mapping[str, float] | None = None) -> dict[str, str]:
        """Return the annotations: sentence, value and bound in both languages, and the help page's path."""
        texts = {"summary": self.summary, "value": self.value, "bound": self.bound}
        both = {f"{key}_{language}": words for key, text in texts.items() for language, words in text.as_dict().items()}
        filled = {key: fill(words, self.thresholds, changes) for key, words in both.items()}
        return filled | {"help_page": self.help_page}

    def value_of(self, element: str) -> str:
        """Return PromQL for the value of one element now.

        Args:
            element: As the alert's label says it (`link:bq-tq`); quotes are escaped.
        """
        escaped = element.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("$", "$$")
        return f'({self.value_expr})\nand on (element) label_replace(vector(1), "element", "{escaped}", "", "")'


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Rules that Prometheus evaluates together, one after the other in this order.

    Attributes:
        name: Stable; the key of the group in Prometheus.
        title: For people.
        interval_s: Seconds between two evaluations, whole.
        rules: Recordings before the rules that read them: each sees what those above it wrote in the same pass.
    """

    name: str
    title: Text
    interval_s: int
    rules: tuple[Rule | Recording, ...]

    @property
    def alerts(self) -> tuple[Rule, ...]:
        """Return the alert rules alone, in order."""
        return tuple(one for one in self.rules if isinstance(one, Rule))

    @property
    def recordings(self) -> tuple[Recording, ...]:
        """Return the recordings alone, in order."""
        return tuple(one for one in self.rules if isinstance(one, Recording))
