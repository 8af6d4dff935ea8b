"""The latest samples of every target, kept as the text that Prometheus will read.

A target that fails loses its values at once: what stays is that it failed, how long that took and why. So no rule ever
takes an old value for a fresh one. If the failure lies with the collector itself, only the reason stays: nobody has
asked the target, so nobody may say that it is down.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from math import isfinite
from typing import Final

from collector.exposition import Blocks, label_text, number
from collector.metrics import PROBE_DURATION, PROBE_FAILURE, PROBE_SUCCESS, TARGET_LABELS
from collector.probe import Result, Sample
from collector.reasons import NOT_THE_TARGETS
from collector.schedule import Key
from collector.target import Target

MOST_SAMPLES: Final = 50_000
"""Samples that one run may bring; what is beyond it is refused and counted."""

Place = tuple[str, str]
"""A page: (job, site)."""

_DESCRIPTIVE: Final = frozenset({"ifIndex", "ifDescr", "ifAlias"})
"""Labels that do not tell two ports apart: rules join on (instance, ifName), and that pair must be unique."""


_Texts = dict[tuple[str, ...], tuple[str, int]]
"""Values of labels to their text and to the number of what makes the series unique within its family."""


class _Kept:
    """What is kept of one target: its blocks, and the label texts that it has used."""

    __slots__ = ("blocks", "identities", "place", "series", "target", "texts")

    def __init__(self, target: Target, place: Place) -> None:
        self.target = target
        self.place = place
        self.blocks: dict[str, bytes] = {}
        self.texts: dict[tuple[str, ...], _Texts] = {}
        self.identities: dict[tuple[str, ...], int] = {}
        self.series = 0

    def add_text(self, texts: _Texts, names: tuple[str, ...], labels: tuple[str, ...]) -> tuple[str, int] | None:
        """Return the entry of a series that is new here, or `None` if the labels do not fit the family."""
        if len(names) != len(labels):
            return None
        text = label_text(TARGET_LABELS + names, (self.target.instance, self.target.site, *labels))
        pairs = list(zip(names, labels, strict=True))
        identity = tuple(value for name, value in pairs if name not in _DESCRIPTIVE)
        if dict(pairs).get("ifName", "port") == "":
            identity = labels
        texts[labels] = known = (text, self.identities.setdefault(identity, len(self.identities)))
        return known

    def forget_texts(self) -> None:
        """Forget the label texts; those in use are made again at the next result."""
        self.texts.clear()
        self.identities.clear()


class Results:
    """The store of the latest results.

    Attributes:
        duplicates: Samples dropped because a series stood twice in one result, by probe.
        refused: Samples dropped because they were no finite number, had the wrong labels or were too many, by probe.
    """

    def __init__(self) -> None:
        self._kept: dict[Key, _Kept] = {}
        self._pages: dict[Place, dict[Key, _Kept]] = {}
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
            page = self._pages[kept.place]
            del page[key]
            if not page:
                del self._pages[kept.place]

    def record(self, result: Result) -> None:
        """Replace what is kept of a target by a new result; a target that is no longer kept is ignored."""
        kept = self._kept.get(result.target.key)
        if kept is None or kept.target is not result.target:
            return
        probe = result.target.probe
        samples = [Sample(PROBE_DURATION, (probe,), result.duration_s)]
        if result.reason not in NOT_THE_TARGETS:
            samples.append(Sample(PROBE_SUCCESS, (probe,), 1.0 if result.success else 0.0))
        if result.success:
            samples += result.samples
        else:
            samples.append(Sample(PROBE_FAILURE, (probe, result.reason or "internal"), 1.0))
        self._render(kept, samples)

    def page(self, place: Place) -> Iterable[Blocks] | None:
        """Return the blocks of a page's targets, or `None` if there is no such page."""
        page = self._pages.get(place)
        if page is None:
            return None
        return _without_repeats([(kept.target.instance, kept.blocks) for kept in page.values() if kept.blocks])

    def series(self) -> dict[str, int]:
        """Return how many series stand on the pages of each job."""
        counts: Counter[str] = Counter()
        for kept in self._kept.values():
            counts[kept.place[0]] += kept.series
        return dict(counts)

    def _render(self, kept: _Kept, samples: list[Sample]) -> None:
        probe = kept.target.probe
        if len(samples) > MOST_SAMPLES:
            self.refused[probe] += len(samples) - MOST_SAMPLES
            del samples[MOST_SAMPLES:]
        lines: dict[str, list[str]] = {}
        seen: dict[str, set[int]] = {}
        used, last = 0, None
        for metric, labels, value in samples:
            if metric is not last:  # samples come family by family, so this is rare
                last, name, names = metric, metric.name, metric.labels
                texts = kept.texts.setdefault(names, {})
                block, taken = lines.setdefault(name, []), seen.setdefault(name, set())
            known = texts.get(labels) or kept.add_text(texts, names, labels)
            if known is None or not isfinite(value):
                self.refused[probe] += 1
                continue
            text, identity = known
            if identity in taken:
                self.duplicates[probe] += 1
                continue
            taken.add(identity)
            block.append(f"{name}{text} {number(value)}\n")
            used += 1
        kept.blocks = {name: "".join(block).encode() for name, block in lines.items() if block}
        kept.series = used
        if sum(map(len, kept.texts.values())) > 2 * used + 16:
            kept.forget_texts()


def _without_repeats(parts: list[tuple[str, Mapping[str, bytes]]]) -> list[Blocks]:
    """Return the blocks of a page; where two probes of one instance bring the same family, a line stands once.

    Families with the label `probe` cannot collide, so the common page is returned as it is.
    """
    owners: set[tuple[str, str]] = set()
    result: list[Blocks] = []
    for instance, blocks in parts:
        names = [name for name in blocks if name not in _BY_PROBE]
        shared = [name for name in names if (instance, name) in owners]
        owners.update((instance, name) for name in names)
        if shared:
            earlier = [
                other for (owner, other) in zip((i for i, _ in parts), result, strict=False) if owner == instance
            ]
            taken = {line.rpartition(b" ")[0] for part in earlier for name in shared for line in _lines(part, name)}
            blocks = dict(blocks)  # noqa: PLW2901 - the kept blocks stay whole
            for name in shared:
                fresh = [line for line in _lines(blocks, name) if line.rpartition(b" ")[0] not in taken]
                blocks[name] = b"".join(line + b"\n" for line in fresh)
        result.append(blocks)
    return result


def _lines(blocks: Blocks, name: str) -> list[bytes]:
    return blocks.get(name, b"").split(b"\n")[:-1]


_BY_PROBE: Final = frozenset({PROBE_SUCCESS.name, PROBE_DURATION.name, PROBE_FAILURE.name})
