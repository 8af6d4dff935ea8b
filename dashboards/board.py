"""A board in our own terms: queries to Prometheus, and the texts around their answers.

A board is written once and rendered in each language by `dashboards.panels`.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

from alerts.rule import Threshold
from inventory.text import Language, Text

Colour = Literal["green", "yellow", "orange", "red", "blue", "text"]
Unit = Literal["none", "bps", "s", "percentunit", "d", "dBm", "dB", "pps", "short", "dateTimeFromNow"]
Kind = Literal["timeseries", "stat", "table", "states"]

WIDTH: Final = 24
"""Columns of a board; the width of a panel is counted in them."""

RATE: Final = "$__rate_interval"
"""Width of a range that Grafana fits to the chart and to the pace at which pages are read."""

NO_DATA: Final = Text(vi="chưa có số liệu", en="no data yet")

_SLUG: Final = re.compile(r"[a-z][a-z-]{1,30}\Z")


@dataclass(frozen=True, slots=True)
class Query:
    """One question.

    Attributes:
        expr: PromQL; may hold variables of the board (`$site`) and `RATE`.
        legend: Name of each line; `{{label}}` stands for a label's value.
        now: Ask for the present only, not for the whole range.
    """

    expr: str
    legend: Text
    now: bool = False


@dataclass(frozen=True, slots=True)
class Bound:
    """Where a colour begins.

    Attributes:
        colour: From `at` upwards.
        at: A number, an alert's threshold, or `None` for the lowest values.
    """

    colour: Colour
    at: float | Threshold | None = None

    def value(self, changes: Mapping[str, float]) -> float | None:
        """Return the number, an operator's value in the place of a threshold's default.

        Raises:
            WrongThreshold: The operator's value lies outside the threshold's range.
        """
        if isinstance(self.at, Threshold):
            return self.at.checked(changes.get(self.at.name, self.at.default))
        return self.at


@dataclass(frozen=True, slots=True)
class State:
    """What a value means, where a chart shows states instead of numbers."""

    value: int
    text: Text
    colour: Colour


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table.

    Attributes:
        field: Name of the label, or `Value` (with several questions `Value #A`, `Value #B`, ...).
        title: Its heading.
        unit: Of its numbers.
        bounds: Colours of its numbers.
        states: Words for its numbers.
        opens: Slug of the board that a click opens, with the cell's text as that board's variable `opens_with`.
        opens_with: Name of the variable.
    """

    field: str
    title: Text
    unit: Unit = "none"
    bounds: tuple[Bound, ...] = ()
    states: tuple[State, ...] = ()
    opens: str | None = None
    opens_with: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Panel:
    """One chart.

    Attributes:
        kind: How the answers are drawn; `states` draws a coloured band per line.
        title: A few plain words.
        description: What the reader sees and what is normal; shown on hovering.
        queries: At least one.
        unit: Of the numbers.
        width: In columns, 1 to 24.
        height: In rows of 30 pixels.
        bounds: Colours; of a time series also lines.
        states: Words for the numbers.
        columns: Of a table, in order; every other label is hidden.
        empty: What stands there when there is no answer.

    Raises:
        ValueError: There is no question, or the width does not fit.
    """

    kind: Kind
    title: Text
    description: Text
    queries: tuple[Query, ...]
    unit: Unit = "none"
    width: int = 12
    height: int = 8
    bounds: tuple[Bound, ...] = ()
    states: tuple[State, ...] = ()
    columns: tuple[Column, ...] = ()
    empty: Text = NO_DATA

    def __post_init__(self) -> None:
        if not self.queries:
            raise ValueError(f"{self.title.en}: a panel needs a question")
        if not 1 <= self.width <= WIDTH:
            raise ValueError(f"{self.title.en}: a panel is 1 to {WIDTH} columns wide, not {self.width}")


@dataclass(frozen=True, slots=True)
class Row:
    """Panels under one heading, from left to right, going on below when the width is used up."""

    title: Text
    panels: tuple[Panel, ...]


@dataclass(frozen=True, slots=True)
class Variable:
    """A choice at the top of the board.

    Attributes:
        name: As the queries write it, without `$`.
        label: For people.
        query: Grafana's question for the values: `label_values(series, label)`.
        several: Whether more than one value may be chosen, or all; the queries then match with `=~`.
    """

    name: str
    label: Text
    query: str
    several: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Board:
    """One board.

    Attributes:
        slug: Stable; part of its uid, `quang-<slug>-<language>`.
        title: For people.
        description: What it answers.
        rows: From top to bottom.
        variables: Choices at the top.
        hours: How much of the past it shows when it opens.

    Raises:
        ValueError: The slug does not fit.
    """

    slug: str
    title: Text
    description: Text
    rows: tuple[Row, ...]
    variables: tuple[Variable, ...] = ()
    hours: int = 6

    def __post_init__(self) -> None:
        if not _SLUG.match(self.slug):
            raise ValueError(f"a slug is lower-case words with dashes, not {self.slug!r}")

    @property
    def panels(self) -> tuple[Panel, ...]:
        """Return every panel, in the order of reading."""
        return tuple(panel for row in self.rows for panel in row.panels)


def uid(slug: str, language: Language) -> str:
    """Return the stable identity of a board in one language, as its address in Grafana carries it."""
    return f"quang-{slug}-{language}"
