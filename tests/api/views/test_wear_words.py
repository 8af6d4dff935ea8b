"""How the wear of a year came about, told with its figures in both languages."""

from datetime import date

import pytest

from api.views.wear_words import how, money, rule_of, share
from inventory.assets.categories import LifeClass
from inventory.assets.depreciation import CostChange, Thing, wear_in
from inventory.assets.rulebook_files import read_rulebooks

RULEBOOKS = read_rulebooks()
RULES = RULEBOOKS.rules()
USED = date(2023, 5, 1)


def plain(text: str) -> str:
    return text.replace("\N{NO-BREAK SPACE}", " ")


def told(thing: Thing, year: int) -> str:
    before = wear_in(thing, RULES, year - 1)
    return plain(how(thing.kind, wear_in(thing, RULES, year), before, RULEBOOKS).en)


@pytest.mark.parametrize(
    ("thing", "year", "words"),
    [
        (Thing(14_000_000, LifeClass.COMPUTER, USED), 2023, "14,000,000 ₫ × 20 % = 2,800,000 ₫"),
        (
            Thing(14_000_000, LifeClass.COMPUTER, USED),
            2026,
            "What is left, over the years that are left: (14,000,000 ₫ − 8,400,000 ₫) ÷ (7 − 3) = 1,400,000 ₫",
        ),
        (
            Thing(14_000_000, LifeClass.COMPUTER, USED),
            2027,
            "What is left, spread over the years that are left: 1,400,000 ₫ a year",
        ),
        (
            Thing(15_000_000, LifeClass.COMPUTER, date(2026, 3, 1)),
            2032,
            "The last year takes what is left: 15,000,000 ₫ − 12,861,000 ₫ = 2,139,000 ₫",
        ),
        (
            Thing(15_000_000, LifeClass.COMPUTER, date(2010, 3, 1)),
            2026,
            "It is worn out: all of its cost was written off.",
        ),
        (Thing(9_999_999, LifeClass.COMPUTER, USED), 2026, "It cost less than 10,000,000 ₫: a tool, without wear."),
        (Thing(0, LifeClass.COMPUTER, USED), 2026, "The books have no cost of it."),
        (Thing(14_000_000, LifeClass.COMPUTER, None), 2026, "It was not put to use yet, so it does not wear."),
        (
            Thing(14_000_000, LifeClass.COMPUTER, USED, broken_on=date(2024, 6, 1)),
            2024,
            "Broken beyond use, or gone from the books: it does not wear.",
        ),
        (
            Thing(20_000_000, LifeClass.COMPUTER, date(2023, 1, 1), found_on=date(2025, 5, 1)),
            2025,
            "A surplus catches up with the years in use: 4,000,000 ₫ × 3 years = 12,000,000 ₫",
        ),
        (
            Thing(20_000_000, LifeClass.MACHINE, USED, changes=(CostChange(date(2024, 5, 1), 10_000_000),)),
            2024,
            "30,000,000 ₫ × 20 % = 6,000,000 ₫",
        ),
    ],
)
def test_a_year_is_told_with_its_figures(thing: Thing, year: int, words: str) -> None:
    assert told(thing, year) == words


def test_the_governing_line_names_its_book_class_life_rate_and_source() -> None:
    rule = rule_of(RULEBOOKS, LifeClass.COMPUTER, 2026)
    assert (rule.book, rule.place) == ("tt-141-2025", "lives.computer")
    assert plain(rule.line.vi) == "máy tính, máy in, máy quét: 7 năm, 14,29 % mỗi năm"
    assert plain(rule.line.en) == "computers, printers, scanners: 7 years, 14.29 % a year"
    assert "annex I" in rule.source.en


def test_a_provinces_own_rate_is_told() -> None:
    book = RULEBOOKS.wear_in(2026)
    line = book.lives[LifeClass.COMPUTER].model_copy(update={"variation_percent": -20})
    moved = book.model_copy(update={"lives": book.lives | {LifeClass.COMPUTER: line}})
    own = type(RULEBOOKS)((*RULEBOOKS.wear[:-1], moved), RULEBOOKS.norms)
    rule = rule_of(own, LifeClass.COMPUTER, 2026)
    assert (
        plain(rule.line.en) == "computers, printers, scanners: 9 years, 11.43 % a year (moved by the province, −20 %)"
    )


def test_money_and_shares_are_written_as_each_language_writes_them() -> None:
    assert [plain(one) for one in (money(1_250_000).vi, money(1_250_000).en)] == ["1.250.000 ₫", "1,250,000 ₫"]
    assert [plain(one) for one in (share(1429, 10_000).vi, share(20, 100).en)] == ["14,29 %", "20 %"]
