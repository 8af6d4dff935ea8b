"""Many samples at once: families with the same labels over the same rows, their values in one array of numbers.

A switch of 24 ports and 11 columns yields 264 values per poll. One object each would cost more to create and keep than
to request. Here a poll leaves one array, and row labels are stored once for all devices whose rows have the same names.
"""

from array import array
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, cycle, repeat
from math import isfinite
from typing import Final, overload

from collector.metrics import TARGET_LABELS, Metric
from collector.probe import Sample
from collector.series.exposition import escape

Labels = tuple[str, ...]

_LAST: Final = min(TARGET_LABELS)
"""Labels stand in alphabetical order; a grid's own stand before this one, so that their text is shared by targets."""


_DESCRIPTIVE: Final = frozenset({"ifIndex", "ifDescr", "ifAlias"})
"""Labels that do not tell two ports apart: rules join on (instance, ifName), and that pair must be unique."""


def identity(names: Labels, labels: Labels) -> Labels:
    """Return what must be unique among the series of a family of one target."""
    pairs = list(zip(names, labels, strict=True))
    if dict(pairs).get("ifName", "port") == "":
        return labels
    return tuple(value for name, value in pairs if name not in _DESCRIPTIVE)


class Rows:
    """What the rows of a grid are called. Targets whose rows are called alike should share one object.

    Attributes:
        names: Names of the labels.
        labels: Values of the labels of each row.
        texts: The same as it stands on a page, up to the labels of the target.
        unique: Whether no two rows would be taken for one.
    """

    __slots__ = ("__weakref__", "labels", "names", "texts", "unique")

    def __init__(self, names: Labels, labels: tuple[Labels, ...]) -> None:
        """Write the labels of each row.

        Raises:
            ValueError: A row has more or fewer values than there are names, or a name sorts behind `instance`.
        """
        if any(name >= _LAST for name in names) or any(len(row) != len(names) for row in labels):
            raise ValueError(f"labels that do not fit a grid: {', '.join(names)}")
        order = sorted(range(len(names)), key=names.__getitem__)
        self.names, self.labels = names, labels
        self.texts = tuple(["".join([f'{names[at]}="{escape(row[at])}",' for at in order]) for row in labels])
        self.unique = len({identity(names, row) for row in labels}) == len(labels)


class Families:
    """The columns of a grid.

    Attributes:
        metrics: The families, all with the same labels.
        places: Name of each to its place.
    """

    __slots__ = ("metrics", "places")

    def __init__(self, *metrics: Metric) -> None:
        """Put families together.

        Raises:
            ValueError: There is none, or they have different labels.
        """
        if len({metric.labels for metric in metrics}) != 1:
            raise ValueError("families with different labels")
        self.metrics = metrics
        self.places = {metric.name: place for place, metric in enumerate(metrics)}


class Grid(Sequence[Sample]):
    """The samples of one poll: a sequence whose members are made only when somebody looks at them.

    Attributes:
        families: The columns.
        rows: The rows.
        values: Value of each family and row, family by family; not finite where there is none. A negative zero is
            zero.
    """

    __slots__ = ("families", "rows", "values")

    def __init__(self, families: Families, rows: Rows, values: "array[float]") -> None:
        """Put families, rows and values together.

        Raises:
            ValueError: There are more values than places, or fewer, or the families have other labels than the rows.
        """
        if len(values) != len(families.metrics) * len(rows.labels) or families.metrics[0].labels != rows.names:
            raise ValueError("values, families and rows that do not fit each other")
        self.families, self.rows, self.values = families, rows, values

    def column(self, name: str) -> Iterable[tuple[str, float]]:
        """Return the label text and the value of each row of a family; some may not be finite.

        Raises:
            KeyError: It has no such family.
        """
        size = len(self.rows.labels)
        start = self.families.places[name] * size
        return zip(self.rows.texts, self.values[start : start + size], strict=True)

    def __len__(self) -> int:
        # A sum is finite only if all of its parts are, and most polls leave no gap.
        return len(self.values) if isfinite(sum(self.values)) else sum(map(isfinite, self.values))

    def __iter__(self) -> Iterator[Sample]:
        labels = self.rows.labels
        metrics = chain.from_iterable(repeat(metric, len(labels)) for metric in self.families.metrics)
        for metric, row, value in zip(metrics, cycle(labels), self.values, strict=False):
            if isfinite(value):
                yield Sample(metric, row, value)

    @overload
    def __getitem__(self, place: int) -> Sample: ...
    @overload
    def __getitem__(self, place: slice) -> Sequence[Sample]: ...
    def __getitem__(self, place: int | slice) -> Sample | Sequence[Sample]:
        return list(self)[place]
