"""Charts: a bounded question to Prometheus, and the answer as the browser draws it, with the same told in words."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final, Literal

from api.views.i18n import Formats
from api.watch.prometheus import Prometheus
from inventory.text import Text

_SHORTEST_S: Final = 1e-5
"""Nothing shorter is told apart: an echo within one machine."""

Unit = Literal["state", "bits", "dbm", "ratio", "seconds"]


@dataclass(frozen=True, slots=True)
class Range:
    """A time that charts may show.

    Attributes:
        width: How far back it goes.
        step_s: Seconds between two points.
        text: Its name.
    """

    width: timedelta
    step_s: int
    text: Text

    @property
    def window(self) -> str:
        """Return a range for rates: at least two polls of the slow lane, and never less than a step."""
        return f"{max(self.step_s, 150)}s"

    @property
    def step(self) -> str:
        """Return the step as PromQL writes it; at least two scrapes."""
        return f"{max(self.step_s, 30)}s"


RANGES: Final[Mapping[str, Range]] = {
    "1h": Range(timedelta(hours=1), 15, Text(vi="1 giờ", en="1 hour")),
    "6h": Range(timedelta(hours=6), 60, Text(vi="6 giờ", en="6 hours")),
    "1d": Range(timedelta(days=1), 240, Text(vi="1 ngày", en="1 day")),
    "7d": Range(timedelta(days=7), 1_800, Text(vi="7 ngày", en="7 days")),
    "30d": Range(timedelta(days=30), 7_200, Text(vi="30 ngày", en="30 days")),
}
"""What a chart may ask for: never more than 360 points a line."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a chart.

    Attributes:
        text: Its name.
        expr: PromQL; the first series of the answer is drawn.
        summed: Whether words say what its extremes are.
    """

    text: Text
    expr: str
    summed: bool = True


@dataclass(frozen=True, slots=True)
class Mark:
    """A level across a chart: a limit or a baseline.

    Attributes:
        value: In the chart's unit; `None` where `expr` has to be asked.
        level: Decides how it is drawn.
    """

    text: Text
    level: Literal["limit", "alarm", "baseline"]
    value: float | None = None
    expr: str = ""


@dataclass(frozen=True, slots=True)
class Chart:
    """One chart of a page.

    Attributes:
        name: Where on the page it stands.
        unit: Of its values.
        lines: What is drawn.
        marks: Levels across it.
        nothing: What to say when there are no values.
    """

    name: str
    unit: Unit
    lines: Sequence[Line]
    nothing: Text
    marks: Sequence[Mark] = field(default_factory=tuple)


def drawn(prometheus: Prometheus, chart: Chart, span: Range, end: datetime, formats: Formats) -> dict[str, Any]:
    """Return a chart as the browser draws it.

    Raises:
        Unavailable: Prometheus does not answer.
    """
    start = end - span.width
    language = formats.language
    series, words = [], []
    for line in chart.lines:
        found = prometheus.query_range(line.expr, start, end, span.step_s)
        points = _points(found[0].points) if found else []
        if points:
            series.append({"name": line.text.to(language), "points": points})
            if line.summed:
                words.append(_words(line.text.to(language), points, chart.unit, formats))
    marks = [] if not series else _marks(prometheus, chart, formats)
    return {
        "name": chart.name,
        "unit": chart.unit,
        "from": int(start.timestamp() * 1000),
        "to": int(end.timestamp() * 1000),
        "step": span.step_s * 1000,
        "zone": formats.zone,
        "series": series,
        "marks": marks,
        "words": words if series else [chart.nothing.to(language)],
    }


def spoken(value: float, unit: Unit, formats: Formats) -> str:
    """Return a value with its unit."""
    if unit == "bits":
        return formats.bits(value)
    if unit == "dbm":
        return formats.dbm(value)
    if unit == "ratio":
        return formats.percent(value)
    if unit == "seconds":
        if 0 < value < _SHORTEST_S:
            return f"< {formats.number(_SHORTEST_S * 1000, 2)} ms"
        return f"{formats.number(value * 1000, 1 if value >= 0.001 else 2)} ms"
    return (_UP if value < 0.5 else _DOWN).to(formats.language)


def _marks(prometheus: Prometheus, chart: Chart, formats: Formats) -> list[dict[str, Any]]:
    marks = []
    for mark in chart.marks:
        value = mark.value
        if value is None and mark.expr:
            answer = prometheus.query(mark.expr)
            value = answer[0].value if answer else None
        if value is not None and math.isfinite(value):
            text = f"{mark.text.to(formats.language)}: {spoken(value, chart.unit, formats)}"
            marks.append({"text": text, "level": mark.level, "value": value})
    return marks


def _points(points: Sequence[tuple[float, float]]) -> list[tuple[int, float]]:
    return [(int(at * 1000), round(value, 6)) for at, value in points if math.isfinite(value)]


def _words(name: str, points: Sequence[tuple[int, float]], unit: Unit, formats: Formats) -> str:
    values = [value for _, value in points]
    last = spoken(values[-1], unit, formats)
    if unit == "state":
        cuts = sum(1 for before, after in zip([0.0, *values], values, strict=False) if before < 0.5 <= after)
        return (_CUTS if cuts else _NO_CUTS).fill(name=name, last=last, cuts=formats.number(cuts)).to(formats.language)
    text = _EXTREMES.fill(
        name=name, last=last, low=spoken(min(values), unit, formats), high=spoken(max(values), unit, formats)
    )
    return text.to(formats.language)


_UP: Final = Text(vi="thông", en="up")
_DOWN: Final = Text(vi="đứt", en="down")
_EXTREMES: Final = Text(
    vi="{name}: hiện tại {last}, thấp nhất {low}, cao nhất {high}.",
    en="{name}: now {last}, lowest {low}, highest {high}.",
)
_CUTS: Final = Text(
    vi="{name}: hiện tại {last}; đứt {cuts} lần trong khoảng này.",
    en="{name}: now {last}; cut {cuts} times in this time.",
)
_NO_CUTS: Final = Text(
    vi="{name}: hiện tại {last}; không lần nào đứt.", en="{name}: now {last}; never cut in this time."
)
