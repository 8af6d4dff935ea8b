"""The latest samples of every target, from which pages are rendered.

A target that fails loses its values at once; what remains is the failure, its duration and its reason. So no rule
mistakes an old value for a fresh one. If the failure lies with the collector itself, only the reason remains: the
target was not asked, so it cannot be called down.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, KeysView, Mapping, Sequence
from math import isfinite
from typing import Final

from collector.metrics import PROBE_DURATION, PROBE_FAILURE, PROBE_SUCCESS, TARGET_LABELS
from collector.polling.schedule import Key
from collector.probe import Result, Sample
from collector.reasons import LEFT_OUT, NOT_THE_TARGETS
from collector.series.exposition import Blocks, label_text, lines, number
from collector.series.grid import Grid, identity
from collector.target import Target

MOST_SAMPLES: Final = 50_000
"""Lines that one run may bring; samples beyond it are refused and counted."""

_OF_EACH: Final = 2
"""Lines of every run besides its samples."""

_BY_PROBE: Final = {metric.name: metric for metric in (PROBE_SUCCESS, PROBE_DURATION, PROBE_FAILURE)}
"""Families that are written here for every probe alike; they carry the label `probe` and so never collide."""

_DONE: Final = (PROBE_DURATION.name, PROBE_SUCCESS.name)
_FAILED: Final = (*_DONE, PROBE_FAILURE.name)
_NOT_ASKED: Final = (PROBE_DURATION.name, PROBE_FAILURE.name)

Place = tuple[str, str]
"""A page: (job, site)."""


_Texts = dict[tuple[str, ...], tuple[str, int]]
"""Values of labels to their text and to the number of what makes the series unique within its family."""


class _Shown(Mapping[str, bytes]):
    """What one result brought, at rest; most lines are written only when a page is asked for.

    It never changes, so that a page can be rendered from it in another thread while polls go on.

    Attributes:
        target: Whose result it is.
        series: How many lines it has.
    """

    __slots__ = ("_blocks", "_duration_s", "_grid", "_reason", "series", "target")

    def __init__(self, result: Result, blocks: Blocks, grid: Grid | None) -> None:
        self.target = result.target
        self._duration_s = result.duration_s
        self._reason = None if result.success else result.reason or "internal"
        self._blocks, self._grid = blocks, grid
        values = sum(block.count(b"\n") for block in blocks.values()) if grid is None else len(grid)
        self.series: int = len(self._status()) + values

    def __iter__(self) -> Iterator[str]:
        yield from self._status()
        yield from self.values_of()

    def __len__(self) -> int:
        return len(self._status()) + len(self.values_of())

    def __getitem__(self, name: str) -> bytes:
        target = self.target
        of_target = (target.instance, target.site)
        if name not in _BY_PROBE:
            if self._grid is None:
                return self._blocks[name]
            return lines(name, self._grid.column(name), label_text(TARGET_LABELS, of_target)[1:])
        value = {PROBE_DURATION.name: self._duration_s, PROBE_SUCCESS.name: float(self._reason is None)}.get(name, 1.0)
        why = (self._reason or "",) if name == PROBE_FAILURE.name else ()
        metric = _BY_PROBE[name]
        text = label_text(metric.all_labels, (*of_target, target.probe, *why))
        return f"{name}{text} {number(value)}\n".encode()

    def values_of(self) -> KeysView[str]:
        """Return the families besides those that every probe has."""
        return self._blocks.keys() if self._grid is None else self._grid.families.places.keys()

    @property
    def is_left_out(self) -> bool:
        """Return whether the target could not be asked, which will go on until somebody does something about it."""
        return self._reason in LEFT_OUT

    def _status(self) -> tuple[str, ...]:
        if self._reason is None:
            return _DONE
        return _NOT_ASKED if self._reason in NOT_THE_TARGETS else _FAILED


class _Kept:
    """What is kept of one target: what its last result brought, and the label texts that it has used."""

    __slots__ = ("identities", "place", "shown", "target", "texts")

    def __init__(self, target: Target, place: Place) -> None:
        self.target = target
        self.place = place
        self.shown: _Shown | None = None
        self.texts: dict[tuple[str, ...], _Texts] | None = None
        self.identities: dict[tuple[str, ...], int] | None = None

    def texts_of(self, names: tuple[str, ...]) -> _Texts:
        """Return the texts of families with these labels."""
        if self.texts is None:
            self.texts = {}
        return self.texts.setdefault(names, {})

    def add_text(self, texts: _Texts, names: tuple[str, ...], labels: tuple[str, ...]) -> tuple[str, int] | None:
        """Return the entry of a series that is new here, or `None` if the labels do not fit the family."""
        if len(names) != len(labels):
            return None
        if self.identities is None:
            self.identities = {}
        text = label_text(TARGET_LABELS + names, (self.target.instance, self.target.site, *labels))
        place = self.identities.setdefault(identity(names, labels), len(self.identities))
        texts[labels] = known = (text, place)
        return known

    def tidy(self, used: int) -> None:
        """Forget the label texts if most belong to series that are gone; those in use are made again."""
        if self.texts is not None and sum(map(len, self.texts.values())) > 2 * used + 16:
            self.texts = self.identities = None


class Results:
    """The store of the latest results.

    Attributes:
        duplicates: Samples dropped because a series stood twice in one result, by probe.
        refused: Samples dropped because they were no finite number, had the wrong labels or were too many, by probe.
        left_out: Targets that could not be asked at the last poll, for a reason that lies with the collector.
    """

    def __init__(self) -> None:
        self.left_out = 0
        self._kept: dict[Key, _Kept] = {}
        self._pages: dict[Place, dict[Key, _Kept]] = {}
        self._series: Counter[str] = Counter()
        self.duplicates: Counter[str] = Counter()
        self.refused: Counter[str] = Counter()

    def keep(self, target: Target, job: str) -> None:
        """Make room for a target; a changed one loses what it had."""
        self.drop(target.key)
        kept = _Kept(target, (job, target.site))
        self._kept[target.key] = kept
        self._pages.setdefault(kept.place, {})[target.key] = kept

    def drop(self, key: Key) -> None:
        """Withdraw everything of a target; unknown keys are ignored."""
        if kept := self._kept.pop(key, None):
            self._show(kept, None)
            page = self._pages[kept.place]
            del page[key]
            if not page:
                del self._pages[kept.place]

    def record(self, result: Result) -> None:
        """Replace what is kept of a target by a new result; a target that is no longer kept is ignored."""
        kept = self._kept.get(result.target.key)
        if kept is None or kept.target is not result.target:
            return
        samples = result.samples if result.success else ()
        if isinstance(samples, Grid) and samples.rows.unique and len(samples.values) <= MOST_SAMPLES - _OF_EACH:
            kept.texts = kept.identities = None
            self._show(kept, _Shown(result, {}, samples))
        else:
            self._show(kept, _Shown(result, self._written(kept, samples), None))

    def page(self, place: Place) -> Iterable[Blocks] | None:
        """Return the blocks of a page's targets as they are now, or `None` if there is no such page.

        What is returned may be gone through in another thread.
        """
        page = self._pages.get(place)
        if page is None:
            return None
        return _without_repeats([kept.shown for kept in page.values() if kept.shown is not None])

    def series(self) -> dict[str, int]:
        """Return how many series stand on the pages of each job."""
        return {job: count for job, count in self._series.items() if count}

    def _show(self, kept: _Kept, shown: _Shown | None) -> None:
        """Replace what is shown of a target, and count it: counting all targets anew would hold up the polls."""
        for sign, each in ((-1, kept.shown), (1, shown)):
            if each is not None:
                self._series[kept.place[0]] += sign * each.series
                self.left_out += sign * each.is_left_out
        kept.shown = shown

    def _written(self, kept: _Kept, samples: Sequence[Sample]) -> dict[str, bytes]:
        """Return the lines of samples by family."""
        probe = kept.target.probe
        most = MOST_SAMPLES - _OF_EACH
        if len(samples) > most:
            self.refused[probe] += len(samples) - most
            samples = samples[:most]
        written: dict[str, list[str]] = {}
        seen: dict[str, set[int]] = {}
        used, last = 0, None
        for metric, labels, value in samples:
            if metric is not last:  # samples come family by family, so this is rare
                last, name, names = metric, metric.name, metric.labels
                texts = kept.texts_of(names)
                block, taken = written.setdefault(name, []), seen.setdefault(name, set())
            known = texts.get(labels) or kept.add_text(texts, names, labels)
            if known is None or not isfinite(value) or name in _BY_PROBE:
                self.refused[probe] += 1
                continue
            text, place = known
            if place in taken:
                self.duplicates[probe] += 1
                continue
            taken.add(place)
            block.append(f"{name}{text} {number(value)}\n")
            used += 1
        kept.tidy(used)
        return {name: "".join(block).encode() for name, block in written.items() if block}


def _without_repeats(parts: Sequence[_Shown]) -> Iterator[Blocks]:
    """Yield the blocks of a page; where two probes of one instance bring the same series, its line stands once."""
    by_instance: dict[str, list[_Shown]] = {}
    for part in parts:
        before = by_instance.setdefault(part.target.instance, [])
        repeated = [other for other in before if not part.values_of().isdisjoint(other.values_of())]
        before.append(part)
        yield _rest(part, repeated) if repeated else part


def _rest(part: _Shown, others: Sequence[_Shown]) -> Blocks:
    """Return the blocks of a part without the series that stand in others."""
    rest = dict(part)
    shared = {name for other in others for name in other.values_of() & part.values_of()}
    for name in shared:
        taken = {_series(line) for other in others if name in other.values_of() for line in _split(other[name])}
        fresh = [line for line in _split(rest[name]) if _series(line) not in taken]
        rest[name] = b"".join(line + b"\n" for line in fresh)
    return rest


def _split(block: bytes) -> list[bytes]:
    return block.split(b"\n")[:-1]


def _series(line: bytes) -> bytes:
    return line.rpartition(b" ")[0]
