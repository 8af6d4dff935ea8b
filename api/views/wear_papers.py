"""The wear ledger (S24-H) and the wear table (C55-HD) as sheets: the same lines on the page and in the workbook."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final, Literal

from inventory.assets.categories import CATEGORIES
from inventory.assets.ledger import Ledger, LedgerRow, LedgerTotals, WearTable, WearTableRow, WearTotals
from inventory.audit.forms import Form
from inventory.cells import Cell
from inventory.paper import Line, Paper
from inventory.text import Language, Text, same, sentence

LEDGER_WIDTHS: Final = (6, 14, 12, 34, 12, 12, 16, 16, 9, 15, 15, 14, 12, 24, 15)
TABLE_WIDTHS: Final = (6, 38, 17, 13, 17, 10, 17, 15, 16, 17, 17)

Level = Literal["site", "category", "line", "tools", "total"]
"""SITE, CATEGORY: a heading with the sums of what follows. LINE: one thing. TOOLS: sums of what does not wear."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a sheet, without its number where it is a sum."""

    level: Level
    cells: tuple[Cell | Text | None, ...]


@dataclass(frozen=True, slots=True)
class Head:
    """What stands over a sheet and under it.

    Attributes:
        unit: Name of the site; of the whole book, of the highest one.
        unit_code: Its official code.
        year: The year.
        state: Whether the figures are those of a closed year, or as computed now.
        day: Day of the sheet.
    """

    unit: str
    unit_code: str
    year: int
    state: Text
    day: date


def ledger_rows(ledgers: Sequence[Ledger], names: Mapping[str, str]) -> list[Row]:
    """Return the ledgers of sites, each under its name where there are several, and the sum of all.

    Args:
        ledgers: By site.
        names: Of the sites, by slug.
    """
    rows: list[Row] = []
    for ledger in ledgers:
        if len(ledgers) > 1:
            rows.append(Row("site", _ledger_sum(same(names.get(ledger.site, ledger.site)), ledger.total)))
        rows += [Row("line", _ledger_line(row)) for row in ledger.rows]
    rows.append(Row("total", _ledger_sum(None, *(ledger.total for ledger in ledgers))))
    return rows


def table_rows(table: WearTable, names: Mapping[str, str]) -> list[Row]:
    """Return the wear table: by site, under its name where there are several, by category, and the sum of all.

    Args:
        table: Of one site or many.
        names: Of the sites, by slug.
    """
    by_site: dict[str, list[WearTableRow]] = {}
    for row in table.assets:
        by_site.setdefault(row.site, []).append(row)
    rows: list[Row] = []
    number = 0
    for site in sorted(by_site, key=lambda slug: names.get(slug, slug)):
        if len(by_site) > 1:
            rows.append(Row("site", _table_sum(same(names.get(site, site)), wear_sum(by_site[site]))))
        for category in sorted({row.category for row in by_site[site]}):
            listed = [row for row in by_site[site] if row.category == category]
            rows.append(Row("category", _table_sum(label_of(category), wear_sum(listed))))
            rows += [Row("line", _table_line(row, number + next_)) for next_, row in enumerate(listed, 1)]
            number += len(listed)
    rows.append(Row("total", _table_sum(None, table.total)))
    if table.tools_total.pieces:
        rows.append(Row("tools", _table_sum(None, table.tools_total)))
    return rows


def wear_sum(rows: Iterable[WearTableRow]) -> WearTotals:
    """Return the sum of lines of a wear table."""
    listed = [row.wear for row in rows]
    return WearTotals(
        len(listed),
        sum(wear.cost_vnd for wear in listed),
        sum(wear.opening_vnd for wear in listed),
        sum(wear.written_off_vnd for wear in listed),
        sum(wear.annual_vnd for wear in listed),
        sum(wear.accumulated_vnd for wear in listed),
    )


def label_of(category: str) -> Text:
    """Return the name of a category; its code if the program does not know it."""
    known = CATEGORIES.get(category)
    return known.label if known else same(category)


def percent_of(rate: tuple[int, int] | None) -> float | None:
    """Return a rate in percent to two decimals; nothing where a residual is spread."""
    return None if rate is None else round(rate[0] * 100 / rate[1], 2)


def ledger_paper(rows: Sequence[Row], head: Head, form: Form, language: Language) -> Paper:
    """Return the ledger, ready to print."""
    words = _words(form, language)
    names = ("book_keeper", "chief_accountant", "head_of_unit")
    lines = [*_over(form, head, words, len(LEDGER_WIDTHS), language), *_ledger_headings(words)]
    lines += _body(rows, words, 4, language)
    lines += _under(head, words, names, ((1, 4), (6, 9), (11, 15)), language)
    return Paper(form.code, LEDGER_WIDTHS, lines)


def table_paper(rows: Sequence[Row], head: Head, form: Form, language: Language) -> Paper:
    """Return the wear table, ready to print."""
    words = _words(form, language)
    names = ("made_by", "chief_accountant", "head_of_unit")
    columns = ("number", "asset", "code", "used_since", "cost", "rate", "opening", "written_off", "annual",
               "accumulated", "residual")  # fmt: skip
    lines = _over(form, head, words, len(TABLE_WIDTHS), language)
    lines.append(Line("heading", [words[name] for name in columns]))
    lines.append(Line("heading", ["A", "B", "C", "D", *(str(n) for n in range(1, 8))]))
    lines += _body(rows, words, 2, language)
    lines += _under(head, words, names, ((1, 3), (4, 7), (8, 11)), language)
    return Paper(form.code, TABLE_WIDTHS, lines)


def _ledger_line(row: LedgerRow) -> tuple[Cell | Text | None, ...]:
    name = f"{row.name} ({row.serial})" if row.serial else row.name
    used = None if row.put_to_use is None else f"{row.put_to_use:%m/%Y}"
    return (
        row.number, row.came_by or None, row.came_on, name, None, used, row.tag, row.cost_vnd, percent_of(row.rate),
        row.annual_vnd, row.accumulated_vnd, row.left_by or None, row.left_on, row.left_because,
        None if row.left_on is None else row.left_residual_vnd,
    )  # fmt: skip


def _ledger_sum(name: Text | None, *totals: LedgerTotals) -> tuple[Cell | Text | None, ...]:
    cost, annual, accumulated, left = (
        sum(getattr(one, field) for one in totals)
        for field in ("cost_vnd", "annual_vnd", "accumulated_vnd", "left_residual_vnd")
    )
    return (None, None, None, name, None, None, None, cost, None, annual, accumulated, None, None, None, left or None)


def _table_line(row: WearTableRow, number: int) -> tuple[Cell | Text | None, ...]:
    wear = row.wear
    return (
        number, row.name, row.tag, row.put_to_use, wear.cost_vnd, percent_of(row.rate), wear.opening_vnd,
        wear.written_off_vnd, wear.annual_vnd, wear.accumulated_vnd, wear.residual_vnd,
    )  # fmt: skip


def _table_sum(name: Text | None, total: WearTotals) -> tuple[Cell | Text | None, ...]:
    return (
        None, name, None, None, total.cost_vnd, None, total.opening_vnd, total.written_off_vnd, total.annual_vnd,
        total.accumulated_vnd, total.residual_vnd,
    )  # fmt: skip


def _words(form: Form, language: Language) -> dict[str, str]:
    return {name: text.to(language) for name, text in form.headings.items()}


def _over(form: Form, head: Head, words: dict[str, str], columns: int, language: Language) -> list[Line]:
    return [
        Line("plain", [f"{words['unit']}: {head.unit}", *[None] * (columns - 2), form.code]),
        Line("plain", [f"{words['unit_code']}: {head.unit_code}"]),
        Line("title", [form.title.to(language)], [(1, columns, 1)]),
        Line("centre", [f"{words['year']}: {head.year}"], [(1, columns, 1)]),
        Line("centre", [head.state.to(language)], [(1, columns, 1)]),
    ]


def _ledger_headings(words: dict[str, str]) -> list[Line]:
    upper = [
        words["number"], words["came"], *[None] * 6, words["wear"], None, None, words["left"], None, None, None,
    ]  # fmt: skip
    lower = [
        None, *(words[name] for name in ("document_number", "document_day", "asset", "origin", "used_since", "code",
                                         "cost", "rate", "annual", "accumulated", "document_number", "document_day",
                                         "reason", "residual")),
    ]  # fmt: skip
    letters = ["A", "B", "C", "D", "E", "G", "H", "1", "2", "3", "4", "I", "K", "L", "5"]
    return [
        Line("heading", upper, [(1, 1, 2), (2, 8, 1), (9, 11, 1), (12, 15, 1)]),
        Line("heading", lower),
        Line("heading", letters),
    ]


def _body(rows: Sequence[Row], words: dict[str, str], named: int, language: Language) -> list[Line]:
    """Return the rows as lines; a sum without a name is called `total` or `tools` in the column `named`, from 1."""
    lines = []
    for row in rows:
        cells = [sentence(cell.to(language)) if isinstance(cell, Text) else cell for cell in row.cells]
        if row.level in {"total", "tools"}:
            cells[named - 1] = words[row.level]
        lines.append(Line("body" if row.level == "line" else "total", cells))
    return lines


def _under(
    head: Head,
    words: dict[str, str],
    names: tuple[str, str, str],
    places: tuple[tuple[int, int], tuple[int, int], tuple[int, int]],
    language: Language,
) -> list[Line]:
    def spread(texts: Sequence[str]) -> Line:
        cells: list[Cell | None] = [None] * places[-1][1]
        for (first, _), text in zip(places, texts, strict=True):
            cells[first - 1] = text or None
        return Line("centre", cells, [(first, last, 1) for first, last in places])

    day = DAY.fill(day=f"{head.day:%d}", month=f"{head.day:%m}", year=head.day.year).to(language)
    signatures = [words[name] for name in names]
    return [Line("plain", []), spread(["", "", day]), spread(signatures), spread([words["sign_here"]] * 3)]


DAY: Final = Text(vi="Ngày {day} tháng {month} năm {year}", en="Day {day} month {month} year {year}")
