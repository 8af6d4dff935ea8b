from datetime import date

import pytest
from pydantic import ValidationError

from inventory.assets.categories import LifeClass
from inventory.assets.rulebook import LifeLine, NormLine, Words
from inventory.assets.rulebook_files import read_rulebooks
from inventory.text import LANGUAGES

BOOKS = read_rulebooks()
SOURCE = {"confirmed": True, "source": Words(vi="Điều 1", en="Article 1")}


def line(**figures: int) -> LifeLine:
    return LifeLine.model_validate({"years": 5, "rate_bp": 2000, **SOURCE, **figures})


@pytest.mark.parametrize(
    ("year", "key"),
    [
        (1999, "tt-45-2018"),
        (2018, "tt-45-2018"),
        (2022, "tt-45-2018"),
        (2023, "tt-23-2023"),
        (2025, "tt-23-2023"),
        (2026, "tt-141-2025"),
        (2099, "tt-141-2025"),
    ],
)
def test_the_circular_in_force_in_december_governs_the_year(year: int, key: str) -> None:
    assert BOOKS.wear_in(year).key == key


def test_the_circulars_figures_are_those_of_the_books() -> None:
    new, old = BOOKS.wear_in(2026), BOOKS.wear_in(2025)
    figures = {kind: (one.years, one.rate_bp) for kind, one in new.lives.items()}
    assert figures == {
        LifeClass.COMPUTER: (7, 1429),
        LifeClass.MACHINE: (5, 2000),
        LifeClass.TANGIBLE: (8, 1250),
        LifeClass.INTANGIBLE: (5, 2000),
    }
    assert (old.lives[LifeClass.COMPUTER].years, old.lives[LifeClass.COMPUTER].rate_bp) == (5, 2000)
    assert (new.threshold.cost_vnd, new.threshold.useful_life_years) == (10_000_000, 1)
    assert new.variation.most_percent == 20


def test_what_was_read_in_the_text_is_confirmed_and_nothing_else() -> None:
    places = {doubt.place for doubt in BOOKS.doubts() if doubt.book == "tt-141-2025"}
    assert places == {"lives.computer", "lives.machine", "lives.tangible", "lives.intangible"}
    assert {doubt.place for doubt in BOOKS.doubts() if doubt.book == "qd-10-2026"} == {"in_force"}


def test_every_doubt_says_what_is_known_in_both_languages() -> None:
    for doubt in BOOKS.doubts():
        for language in LANGUAGES:
            assert doubt.source.to(language)
            assert doubt.title.to(language)


def test_a_version_names_the_book_and_changes_with_its_content() -> None:
    book = BOOKS.wear_in(2026)
    other = book.model_copy(update={"threshold": book.threshold.model_copy(update={"cost_vnd": 1})})
    assert book.version.startswith("tt-141-2025@")
    assert other.version != book.version
    assert len(book.version) <= 120


@pytest.mark.parametrize(
    ("figures", "years", "rate"),
    [
        # 20 % more: 5 ÷ 1.2 = 4.2 years, the fifth takes the rest; 7 ÷ 1.2 = 5.8, so 6.
        ({"variation_percent": 20}, 5, (240_000, 1_000_000)),
        ({"years": 7, "rate_bp": 1429, "variation_percent": 20}, 6, (171_480, 1_000_000)),
        # 20 % less: 5 ÷ 0.8 = 6.25, so 7 years; 8 ÷ 0.8 = 10 years.
        ({"variation_percent": -20}, 7, (160_000, 1_000_000)),
        ({"years": 8, "rate_bp": 1250, "variation_percent": -20}, 10, (100_000, 1_000_000)),
        ({"years": 1, "rate_bp": 10_000, "variation_percent": 20}, 1, (1_000_000, 1_000_000)),
    ],
)
def test_a_province_moves_the_rate_and_with_it_the_life(
    figures: dict[str, int], years: int, rate: tuple[int, int]
) -> None:
    life = line(**figures).life(10_000_000)
    assert (life.years, life.numerator, life.denominator) == (years, *rate)


def test_a_province_moves_a_rate_by_a_fifth_at_most() -> None:
    book = BOOKS.wear_in(2026)
    for percent, ok in ((20, True), (-20, True), (21, False), (-21, False)):
        values = book.model_dump(mode="python")
        values["lives"][LifeClass.COMPUTER]["variation_percent"] = percent
        if ok:
            type(book).model_validate(values)
        else:
            with pytest.raises(ValidationError):
                type(book).model_validate(values)


@pytest.mark.parametrize(("years", "rate_bp"), [(5, 1429), (7, 2000), (7, 1427), (101, 99), (5, 0)])
def test_years_and_rate_that_do_not_belong_together_are_refused(years: int, rate_bp: int) -> None:
    with pytest.raises(ValidationError):
        line(years=years, rate_bp=rate_bp)


@pytest.mark.parametrize("figures", [{"years": 5.0}, {"years": "5"}, {"rate_bp": True}, {"rate_bp": 2000.5}])
def test_a_figure_is_a_whole_number_and_nothing_that_looks_like_one(figures: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        line(**figures)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("day", "key"),
    [(date(2017, 12, 31), None), (date(2018, 1, 1), "qd-50-2017"), (date(2026, 3, 8), "qd-50-2017"),
     (date(2026, 3, 9), "qd-10-2026")],
)  # fmt: skip
def test_the_norms_in_force_on_a_day(day: date, key: str | None) -> None:
    book = BOOKS.norms_on(day)
    assert (None if book is None else book.key) == key


@pytest.mark.parametrize(
    ("name", "people", "pieces", "most_vnd"),
    [
        ("official-computer", 23, 23, 20_000_000),
        ("leader-desktop", 2, 2, 20_000_000),
        ("leader-laptop", 2, 2, 25_000_000),
        ("leader-printer", 2, 2, 13_000_000),
        ("shared-printer", 0, 0, 13_000_000),
        ("shared-printer", 3, 1, 13_000_000),
        ("shared-printer", 4, 2, 13_000_000),
        ("shared-scanner", 15, 1, 22_000_000),
        ("shared-scanner", 16, 2, 22_000_000),
        ("shared-shredder", 16, 2, 10_000_000),
        ("shared-photocopier", 1, 1, 110_000_000),
        ("video-terminal", 23, None, None),
    ],
)
def test_norms_are_counted_by_people_and_rounded_up(
    name: str, people: int, pieces: int | None, most_vnd: int | None
) -> None:
    book = BOOKS.norms_on(date(2026, 12, 31))
    assert book is not None
    norm = book.norms[name]
    assert (norm.pieces(people), norm.most_vnd) == (pieces, most_vnd)


def test_a_norm_for_fewer_than_nobody_is_refused() -> None:
    norm = NormLine.model_validate(
        {"label": Words(vi="máy in", en="a printer"), "categories": ["printer"], "holder": "staff",
         "people_per_piece": 3, "most_vnd": 1, **SOURCE}
    )  # fmt: skip
    with pytest.raises(ValueError, match="negative"):
        norm.pieces(-1)
