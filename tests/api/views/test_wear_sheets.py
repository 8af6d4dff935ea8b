"""The two sheets laid out: sites under their names, categories summed, and no more rows than a workbook takes."""

from datetime import date

import pytest

from api.views.wear_papers import Head, ledger_rows, table_paper, table_rows
from api.views.wear_sheets import MOST_ROWS, bounded
from inventory.assets.categories import LifeClass
from inventory.assets.depreciation import Thing
from inventory.assets.ledger import Entry, Stay, ledger, wear_table
from inventory.assets.rulebook_files import read_rulebooks
from inventory.audit.forms import WEAR_TABLE, read_forms
from inventory.errors import Conflict
from inventory.text import Text

RULES = read_rulebooks().rules()
NAMES = {"a": "Xã A", "b": "Xã B"}


def entry(tag: str, site: str, category: str, cost_vnd: int) -> Entry:
    thing = Thing(cost_vnd, LifeClass.MACHINE, date(2024, 2, 1))
    return Entry(tag, f"Máy {tag}", category, (Stay(date.min, site),), thing)


THINGS = (
    entry("R1", "b", "router", 30_000_000),
    entry("S1", "a", "switch", 20_000_000),
    entry("R2", "a", "router", 10_000_000),
    entry("T1", "a", "phone", 900_000),
)


def test_the_wear_table_goes_by_site_and_category_and_counts_its_lines_through() -> None:
    rows = table_rows(wear_table(THINGS, RULES, 2024), NAMES)
    assert [(row.level, row.cells[0], row.cells[2], row.cells[4]) for row in rows] == [
        ("site", None, None, 30_000_000),
        ("category", None, None, 10_000_000),
        ("line", 1, "R2", 10_000_000),
        ("category", None, None, 20_000_000),
        ("line", 2, "S1", 20_000_000),
        ("site", None, None, 30_000_000),
        ("category", None, None, 30_000_000),
        ("line", 3, "R1", 30_000_000),
        ("total", None, None, 60_000_000),
        ("tools", None, None, 900_000),
    ]


def test_one_site_alone_stands_without_its_name() -> None:
    rows = ledger_rows([ledger(THINGS, RULES, 2024, "a")], NAMES)
    assert [row.level for row in rows] == ["line", "line", "total"]
    both = ledger_rows([ledger(THINGS, RULES, 2024, site) for site in ("a", "b")], NAMES)
    assert [row.level for row in both] == ["site", "line", "line", "site", "line", "total"]
    assert both[-1].cells[7] == 60_000_000


def test_the_paper_names_total_tools_and_signers_in_the_readers_language() -> None:
    head = Head("Xã A", "01159", 2024, Text(vi="Chưa khóa sổ", en="Not closed"), date(2025, 1, 5))
    form = read_forms().on(WEAR_TABLE, date(2024, 12, 31))
    paper = table_paper(table_rows(wear_table(THINGS, RULES, 2024), NAMES), head, form, "en")
    words = [cell for line in paper.lines for cell in line.cells if isinstance(cell, str)]
    for word in ("Unit: Xã A", "Total", "Tools (without wear)", "Router", "Made by", "Day 05 month 01 year 2025"):
        assert word in words


def test_a_sheet_of_too_many_rows_is_refused_with_a_first_step() -> None:
    bounded(MOST_ROWS)
    with pytest.raises(Conflict) as refused:
        bounded(MOST_ROWS + 1)
    assert "one site" in refused.value.first_step.en
