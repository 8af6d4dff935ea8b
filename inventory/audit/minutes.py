"""Minutes of a count in the layout of C53-HD: by the books, by the count, the difference, line by line and in all."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from inventory.audit.deciding import DECISIONS, Reviewed
from inventory.audit.differences import KIND_LABELS, Difference, DifferenceKind, Extra, Finding
from inventory.audit.stocktake import METHOD_LABELS, Method
from inventory.text import Text


class Amount(NamedTuple):
    """Pieces, cost and residual in whole đồng; a residual that the books cannot tell is 0 and named in the note."""

    quantity: int = 0
    cost_vnd: int = 0
    residual_vnd: int = 0

    def less(self, other: "Amount") -> "Amount":
        """Return what is left when `other` is taken away."""
        return Amount(*(mine - theirs for mine, theirs in zip(self, other, strict=True)))


@dataclass(frozen=True, slots=True)
class MinutesRow:
    """One line of the minutes.

    Attributes:
        number: From 1.
        name: The asset.
        code: Its label; empty if it has none.
        place: Where it is used, by the books; of a surplus where it was found.
        books: By the books.
        count: By the count.
        notes: How it was counted, how it differs, what was decided.
    """

    number: int
    name: str
    code: str
    place: str
    books: Amount
    count: Amount
    notes: tuple[Text, ...]

    @property
    def difference(self) -> Amount:
        """Return count less books: negative where something is missing."""
        return self.count.less(self.books)

    @property
    def note(self) -> Text:
        """Return the notes as one."""
        return Text(
            vi="; ".join(one.vi for one in self.notes) or "–", en="; ".join(one.en for one in self.notes) or "–"
        )


@dataclass(frozen=True, slots=True)
class Part:
    """Rows of one sort: fixed assets, tools, or what no books of this unit have.

    Attributes:
        name: With its Roman number.
        rows: In the order of the list.
        books: Subtotal by the books.
        count: Subtotal by the count.
    """

    name: Text
    rows: tuple[MinutesRow, ...]
    books: Amount
    count: Amount

    @property
    def difference(self) -> Amount:
        """Return the difference of the subtotals."""
        return self.count.less(self.books)


@dataclass(frozen=True, slots=True)
class Minutes:
    """The minutes.

    Attributes:
        parts: Fixed assets, tools and what is not on the list, as far as there are any.
        books: Total by the books.
        count: Total by the count.
        by_method: Lines by how they were counted; a line that was counted in two ways stands in both.
    """

    parts: tuple[Part, ...]
    books: Amount
    count: Amount
    by_method: dict[Method, int]

    @property
    def rows(self) -> tuple[MinutesRow, ...]:
        """Return every row, as they are numbered."""
        return tuple(row for part in self.parts for row in part.rows)

    @property
    def difference(self) -> Amount:
        """Return the total difference."""
        return self.count.less(self.books)


def minutes_of(state: Reviewed, threshold_vnd: int) -> Minutes:
    """Return the minutes of a count with the decisions on it.

    A thing that is in the books of another unit, or in none, raises the number of pieces and not the sums: this unit's
    books do not have it, and what it is worth is settled when it is booked.

    Args:
        state: The count and the decisions.
        threshold_vnd: Least cost of a fixed asset (TT 141/2025 Điều 3.2: 10,000,000 đồng); what costs less is a tool.
    """
    by_subject: dict[int | str, list[Difference]] = {}
    for one in state.count.differences:
        mark = one.finding.line.number if one.finding is not None else one.subject
        by_subject.setdefault(mark, []).append(one)
    rows = [_expected_row(one, by_subject.get(one.line.number, ()), state) for one in state.count.findings]
    extra = [_extra_row(one, by_subject.get(one.subject, ()), state) for one in state.count.extras]
    sorts = (
        (
            _FIXED.fill(least=f"{threshold_vnd:,}".replace(",", ".")),
            [r for r in rows if r.books.cost_vnd >= threshold_vnd],
        ),
        (_TOOLS, [row for row in rows if row.books.cost_vnd < threshold_vnd]),
        (_EXTRA, extra),
    )
    methods = [method for one in state.count.findings for method in one.methods]
    methods += [Method(one.entries[0].method) for one in state.count.extras]
    return Minutes(
        tuple(_parts(sorts)),
        _sum(row.books for row in rows),
        _sum(row.count for row in (*rows, *extra)),
        {method: methods.count(method) for method in Method},
    )


def _expected_row(one: Finding, differences: Sequence[Difference], state: Reviewed) -> MinutesRow:
    line = one.line
    booked = Amount(1, line.cost_vnd, line.residual_vnd or 0)
    notes = [METHOD_LABELS[method] for method in one.methods]
    if line.residual_vnd is None:
        notes.append(_NO_RESIDUAL)
    place = ", ".join(word for word in (line.site_name, line.room) if word)
    notes += _told(differences, state)
    return MinutesRow(
        line.number, line.name, line.tag, place, booked, booked if one.present else Amount(), tuple(notes)
    )


def _parts(sorts: Iterable[tuple[Text, Sequence[MinutesRow]]]) -> Iterator[Part]:
    """Give the sorts that have rows, with Roman numbers; the rows are numbered through."""
    number = 0
    for sort, (name, rows) in enumerate((one for one in sorts if one[1]), start=1):
        numbered = tuple(replace(row, number=number + at) for at, row in enumerate(rows, start=1))
        number += len(rows)
        title = Text(vi=f"{'I' * sort}. {name.vi}", en=f"{'I' * sort}. {name.en}")
        yield Part(title, numbered, _sum(row.books for row in rows), _sum(row.count for row in rows))


def _extra_row(one: Extra, differences: Sequence[Difference], state: Reviewed) -> MinutesRow:
    first = one.entries[0]
    name = first.known.get("name") or first.name or "–"
    place = ", ".join(word for word in (first.site_name, first.room) if word)
    notes = [METHOD_LABELS[Method(first.method)]]
    if first.serial:
        notes.append(_SERIAL.fill(serial=first.serial))
    if one.booked:
        notes.append(_OWNER.fill(site=first.known.get("site_name", "–")))
    if one.damaged:
        notes.append(KIND_LABELS[DifferenceKind.DAMAGED])
    notes += _told(differences, state)
    return MinutesRow(0, name, first.tag, place, Amount(), Amount(quantity=1), tuple(notes))


def _told(differences: Sequence[Difference], state: Reviewed) -> list[Text]:
    """Return how a line differs and what was decided on each."""
    notes = []
    for one in differences:
        words = KIND_LABELS[one.kind]
        if one.kind == DifferenceKind.ELSEWHERE:
            first = one.entries[0]
            words = _FOUND_AT.fill(place=", ".join(word for word in (first.site_name, first.room) if word))
        decision = state.decisions.get(one.subject)
        if decision is not None:
            words = _DECIDED.fill(what=words, decision=DECISIONS[one.kind][decision.kind])
            if decision.note:
                words = _WITH_NOTE.fill(what=words, note=decision.note)
        notes.append(words)
    return notes


def _sum(amounts: Iterable[Amount]) -> Amount:
    found = Amount()
    for one in amounts:
        found = Amount(*(mine + more for mine, more in zip(found, one, strict=True)))
    return found


_FIXED = Text(vi="Tài sản cố định (nguyên giá từ {least} đồng)", en="Fixed assets (cost of {least} đồng and more)")
_TOOLS = Text(vi="Công cụ, dụng cụ", en="Tools")
_EXTRA = Text(vi="Chưa có trong sổ của đơn vị", en="In no books of this unit")
_NO_RESIDUAL = Text(
    vi="giá trị còn lại chưa tính được do chứng từ mâu thuẫn",
    en="residual not known, because the facts of its wear contradict each other",
)
_SERIAL = Text(vi="số máy {serial}", en="serial {serial}")
_OWNER = Text(vi="tài sản của {site}", en="belongs to {site}")
_FOUND_AT = Text(vi="thực tế ở {place}", en="found at {place}")
_DECIDED = Text(vi="{what} → {decision}", en="{what} → {decision}")
_WITH_NOTE = Text(vi="{what} ({note})", en="{what} ({note})")
