"""Differences between the books and the count: a pure function of the expected list and of the entries.

It gives the same whatever the order of the entries and however often one was delivered, so that two people may count
the same room and a phone may come back hours later.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC
from enum import StrEnum
from hashlib import sha256
from typing import Final

from inventory.audit.stocktake import Condition, CountEntry, ExpectedLine, Method
from inventory.history import canonical
from inventory.spelling import fold
from inventory.text import Text


class DifferenceKind(StrEnum):
    """How books and count differ.

    MISSING: on the list, not found. ELSEWHERE: found at another site or in another room. DAMAGED: found broken.
    UNEXPECTED: in the books, but not on this list. SURPLUS: found, but not in the books at all.
    """

    MISSING = "missing"
    ELSEWHERE = "elsewhere"
    DAMAGED = "damaged"
    UNEXPECTED = "unexpected"
    SURPLUS = "surplus"


KIND_LABELS: Final = {
    DifferenceKind.MISSING: Text(vi="thiếu", en="missing"),
    DifferenceKind.ELSEWHERE: Text(vi="sai vị trí", en="in another place"),
    DifferenceKind.DAMAGED: Text(vi="hỏng", en="damaged"),
    DifferenceKind.UNEXPECTED: Text(vi="ngoài danh sách", en="not on the list"),
    DifferenceKind.SURPLUS: Text(vi="thừa, chưa có trong sổ", en="surplus, not in the books"),
}


@dataclass(frozen=True, slots=True)
class Finding:
    """One expected line and what was seen of it.

    Attributes:
        line: What was expected.
        entries: What counts, the decisive one first; none if it was not found.
    """

    line: ExpectedLine
    entries: tuple[CountEntry, ...]

    @property
    def present(self) -> bool:
        """Return whether it was found."""
        return bool(self.entries)

    @property
    def damaged(self) -> bool:
        """Return whether anybody found it damaged; a wrong word is taken back, not outvoted."""
        return any(entry.condition == Condition.DAMAGED for entry in self.entries)

    @property
    def elsewhere(self) -> bool:
        """Return whether it was found at another site, or in another room than a room that the books name."""
        if not self.entries:
            return False
        first = self.entries[0]
        if first.site_id != self.line.site_id:
            return True
        rooms = fold(first.room), fold(self.line.room)
        return all(rooms) and rooms[0] != rooms[1]

    @property
    def methods(self) -> tuple[Method, ...]:
        """Return how it was counted, each way once."""
        return tuple(method for method in Method if any(entry.method == method for entry in self.entries))


@dataclass(frozen=True, slots=True)
class Extra:
    """A thing that was found and is not on the list.

    Attributes:
        subject: What makes two entries the same thing: the asset, the label, the serial number, or the one entry.
        entries: As in `Finding`; at least one.
    """

    subject: str
    entries: tuple[CountEntry, ...]

    @property
    def booked(self) -> bool:
        """Return whether the books know it."""
        return self.entries[0].asset_id is not None

    @property
    def damaged(self) -> bool:
        """Return whether anybody found it damaged."""
        return any(entry.condition == Condition.DAMAGED for entry in self.entries)


@dataclass(frozen=True, slots=True)
class Difference:
    """One difference, on which somebody has to decide.

    Attributes:
        kind: How they differ.
        subject: Its stable name within the campaign.
        finding: The expected line, if it is about one.
        extra: The thing that is not on the list, if it is about one.
    """

    kind: DifferenceKind
    subject: str
    finding: Finding | None = None
    extra: Extra | None = None

    @property
    def entries(self) -> tuple[CountEntry, ...]:
        """Return what was seen; nothing of what is missing."""
        one = self.finding or self.extra
        return one.entries if one is not None else ()

    @property
    def site_ids(self) -> set[int]:
        """Return the sites that it is about: where the thing ought to be and where it was found."""
        found = {entry.site_id for entry in self.entries}
        return found | ({self.finding.line.site_id} if self.finding is not None else set())

    @property
    def basis(self) -> str:
        """Return a digest of what is known of it; a decision on something else does not fit it any more."""
        seen = [
            [entry.uid, entry.method, entry.condition, entry.site_id, fold(entry.room)]
            for entry in sorted(self.entries, key=lambda entry: entry.uid)
        ]
        return sha256(canonical([self.subject, seen])).hexdigest()


@dataclass(frozen=True, slots=True)
class Tally:
    """The whole count.

    Attributes:
        findings: Every expected line, in its order.
        extras: Every thing that is not on the list.
        differences: By kind, then in the order of the list.
    """

    findings: tuple[Finding, ...]
    extras: tuple[Extra, ...]
    differences: tuple[Difference, ...]


def tally(lines: Sequence[ExpectedLine], entries: Iterable[CountEntry]) -> Tally:
    """Return what was found and how it differs from what was expected.

    Args:
        lines: The expected list of one campaign.
        entries: Entries of the same campaign, in any order, repeated or not.
    """
    by_line: dict[int, list[CountEntry]] = {}
    others: dict[str, list[CountEntry]] = {}
    for entry in live(entries):
        if entry.line_id is not None:
            by_line.setdefault(entry.line_id, []).append(entry)
        else:
            others.setdefault(_subject(entry), []).append(entry)
    findings = tuple(
        Finding(line, _decisive_first(by_line.get(line.id or 0, ())))
        for line in sorted(lines, key=lambda line: line.number)
    )
    extras = tuple(Extra(subject, _decisive_first(others[subject])) for subject in sorted(others))
    return Tally(findings, extras, tuple(_differences(findings, extras)))


def live(entries: Iterable[CountEntry]) -> list[CountEntry]:
    """Return the entries that count: each once, neither taken back nor one that takes back."""
    once = {entry.uid: entry for entry in entries}
    voided = {entry.voids for entry in once.values() if entry.voids}
    return [entry for entry in once.values() if not entry.voids and entry.uid not in voided]


def _differences(findings: Iterable[Finding], extras: Iterable[Extra]) -> list[Difference]:
    found: list[Difference] = []
    for one in findings:
        number = one.line.number
        if not one.present:
            found.append(Difference(DifferenceKind.MISSING, f"missing:{number}", one))
        if one.elsewhere:
            found.append(Difference(DifferenceKind.ELSEWHERE, f"elsewhere:{number}", one))
        if one.damaged:
            found.append(Difference(DifferenceKind.DAMAGED, f"damaged:{number}", one))
    for extra in extras:
        kind = DifferenceKind.UNEXPECTED if extra.booked else DifferenceKind.SURPLUS
        found.append(Difference(kind, extra.subject, extra=extra))
    order = list(DifferenceKind)
    return sorted(found, key=lambda one: order.index(one.kind))


def _decisive_first(entries: Iterable[CountEntry]) -> tuple[CountEntry, ...]:
    """Order entries of one thing: whoever stood before it before what the network says, the latest word first."""
    return tuple(
        sorted(
            entries,
            key=lambda entry: (entry.method != Method.NETWORK, entry.counted_at.astimezone(UTC), entry.uid),
            reverse=True,
        )
    )


def _subject(entry: CountEntry) -> str:
    if entry.asset_id is not None:
        return f"asset:{entry.asset_id}"
    for word, value in (("tag", entry.tag), ("serial", entry.serial)):
        if fold(value):
            return f"{word}:{fold(value)}"
    # Two printers without any number are two printers.
    return f"entry:{entry.uid}"
