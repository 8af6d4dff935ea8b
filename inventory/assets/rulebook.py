"""Rulebooks: dated rules of wear and norms of equipment, each line with its source, read from YAML files."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from typing import Annotated, Final, Literal, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from inventory.assets.categories import CATEGORIES, LifeClass
from inventory.assets.wear_rules import Era, Life, Rules
from inventory.text import Text

Vnd = Annotated[int, Field(ge=0, le=1_000_000_000_000)]
Word = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]{0,63}$")]


class Page(BaseModel):
    """Base of what stands in a rulebook: figures as they are, no key that nobody reads."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True, hide_input_in_errors=True)


class Words(Page):
    """A text in both languages."""

    vi: Annotated[str, Field(min_length=1, max_length=300)]
    en: Annotated[str, Field(min_length=1, max_length=300)]

    @property
    def text(self) -> Text:
        """Return it as a text."""
        return Text(vi=self.vi, en=self.en)


class Sourced(Page):
    """Base of a line: where it was read.

    Attributes:
        confirmed: Whether somebody compared it with the full text. What is not confirmed is shown as such.
        source: Article or annex, or why it is not confirmed.
    """

    confirmed: bool
    source: Words


class InForce(Sourced):
    """First day in force."""

    day: date


class Threshold(Sourced):
    """What makes a thing a fixed asset.

    Attributes:
        cost_vnd: Least original cost, whole đồng.
        useful_life_years: Least useful life.
    """

    cost_vnd: Vnd
    useful_life_years: Annotated[int, Field(ge=1, le=100)]


class VariationLimit(Sourced):
    """How far a province may move the rates.

    Attributes:
        most_percent: Up or down, in percent of the rate.
    """

    most_percent: Annotated[int, Field(ge=0, le=90)]


class Transition(Sourced):
    """What happens to things whose life changes with this rulebook.

    Attributes:
        method: `spread_residual`: the residual is spread over the new life less the years used.
    """

    method: Literal["spread_residual"]


class LifeLine(Sourced):
    """The life of one class.

    Attributes:
        years: How long such things live.
        rate_bp: Wear of a year in basis points of the cost: 1429 is 14.29 %.
        variation_percent: By how much the province moved the rate; an office writes it into its own copy of the book.
    """

    years: Annotated[int, Field(ge=1, le=100)]
    rate_bp: Annotated[int, Field(ge=1, le=10_000)]
    variation_percent: Annotated[int, Field(ge=-90, le=90)] = 0

    @model_validator(mode="after")
    def _rate_fits_years(self) -> Self:
        # Rates are written with two decimals, so a life of n years may be n half basis points beside 100 %.
        if abs(self.years * self.rate_bp - 10_000) > self.years:
            text = Text(
                vi="{years} năm với {rate} phần vạn mỗi năm không thành 100 %.",
                en="{years} years at {rate} basis points a year do not make 100 %.",
            )
            raise ValueError(text.fill(years=self.years, rate=self.rate_bp), "rate")
        return self

    def life(self, threshold_vnd: int) -> Life:
        """Return it for the arithmetic: a rate moved by v % makes the life 100 ÷ (100 + v) as long, rounded up."""
        share = 100 + self.variation_percent
        years = -(-self.years * 100 // share)
        return Life(years, min(self.rate_bp * share, 1_000_000), 1_000_000, threshold_vnd)


Lives = dict[Annotated[LifeClass, Field(strict=False)], LifeLine]


class Book(Page):
    """What every rulebook has.

    Attributes:
        key: Its stable name.
        title: Number of the circular or decision.
        replaces: Key of the book before it; empty if none ships.
        in_force: First day in force.
    """

    key: Word
    title: Words
    replaces: Word | Literal[""] = ""
    in_force: InForce

    @property
    def version(self) -> str:
        """Return the key and a digest of the content, so that what was closed by it can be told from a later edit."""
        return f"{self.key}@{sha256(self.model_dump_json().encode()).hexdigest()[:12]}"


class WearBook(Book):
    """Rules of wear.

    Attributes:
        threshold: What makes a fixed asset.
        variation: How far a province may move the rates.
        transition: What happens to things whose life changes.
        lives: A line for every life class.
    """

    kind: Literal["wear"]
    threshold: Threshold
    variation: VariationLimit
    transition: Transition
    lives: Lives

    @model_validator(mode="after")
    def _whole(self) -> Self:
        missing = [kind.value for kind in LifeClass if kind not in self.lives]
        if missing:
            text = Text(vi="Thiếu dòng: {names}.", en="Lines are missing: {names}.")
            raise ValueError(text.fill(names=", ".join(missing)), "required")
        most = self.variation.most_percent
        far = [kind.value for kind, line in self.lives.items() if abs(line.variation_percent) > most]
        if far:
            text = Text(
                vi="Tỉnh chỉ được tăng hoặc giảm tỷ lệ nhiều nhất {most} %: {names}.",
                en="A province may move a rate by {most} % at most: {names}.",
            )
            raise ValueError(text.fill(most=most, names=", ".join(far)), "out_of_range")
        return self

    @property
    def first_year(self) -> int:
        """Return the first year that it governs: wear is computed in December, by what is in force then."""
        return self.in_force.day.year

    def era(self) -> Era:
        """Return it for the arithmetic."""
        return Era(self.first_year, {kind: self.lives[kind].life(self.threshold.cost_vnd) for kind in LifeClass})

    def lines(self) -> Iterator[tuple[str, Sourced]]:
        """Yield every line with its place in the book."""
        yield "in_force", self.in_force
        yield "threshold", self.threshold
        yield "variation", self.variation
        yield "transition", self.transition
        yield from ((f"lives.{kind.value}", line) for kind, line in self.lives.items())


def _known(value: object) -> object:
    if isinstance(value, list) and all(isinstance(one, str) for one in value):
        unknown = [one for one in value if one not in CATEGORIES]
        if unknown:
            text = Text(vi="Không có loại tài sản: {names}.", en="There are no such categories: {names}.")
            raise ValueError(text.fill(names=", ".join(unknown)), "no_such")
        return tuple(value)
    return value


class NormLine(Sourced):
    """One norm.

    Attributes:
        label: What it grants.
        categories: Any one of these fills it; keys of `CATEGORIES`.
        holder: To whom: each official, each leader, the staff together, or the site.
        people_per_piece: One piece for so many people; `None` where the norm sets no number.
        most_vnd: Highest price of a piece, whole đồng; `None` where there is no cap.
    """

    label: Words
    categories: Annotated[tuple[str, ...], BeforeValidator(_known), Field(min_length=1, max_length=20)]
    holder: Literal["official", "leader", "staff", "site"]
    people_per_piece: Annotated[int, Field(ge=1, le=10_000)] | None
    most_vnd: Vnd | None

    def pieces(self, people: int) -> int | None:
        """Return how many pieces so many people may have, rounded up; `None` where the norm sets no number.

        Raises:
            ValueError: There are fewer than no people.
        """
        if people < 0:
            raise ValueError("a number of people is not negative")
        return None if self.people_per_piece is None else -(-people // self.people_per_piece)


class NormBook(Book):
    """Norms of equipment.

    Attributes:
        norms: By their stable names.
    """

    kind: Literal["norms"]
    norms: Annotated[dict[Word, NormLine], Field(min_length=1, max_length=200)]

    def lines(self) -> Iterator[tuple[str, Sourced]]:
        """Yield every line with its place in the book."""
        yield "in_force", self.in_force
        yield from ((f"norms.{name}", line) for name, line in self.norms.items())


@dataclass(frozen=True, slots=True)
class Doubt:
    """A line that nobody has confirmed.

    Attributes:
        book: Key of its book.
        title: The book's title.
        place: Where it stands in the book (`lives.computer`).
        source: What is known of it.
    """

    book: str
    title: Text
    place: str
    source: Text


@dataclass(frozen=True, slots=True)
class Rulebooks:
    """All rulebooks, by their first day.

    Attributes:
        wear: Rules of wear, ascending; at least one.
        norms: Norms, ascending.
    """

    wear: tuple[WearBook, ...]
    norms: tuple[NormBook, ...]

    def wear_in(self, year: int) -> WearBook:
        """Return the book that governs the December of a year; before the first one, the first."""
        return next((book for book in reversed(self.wear) if book.first_year <= year), self.wear[0])

    def norms_on(self, day: date) -> NormBook | None:
        """Return the norms in force on a day; `None` before the first."""
        return next((book for book in reversed(self.norms) if book.in_force.day <= day), None)

    def rules(self) -> Rules:
        """Return the rules of wear for the arithmetic."""
        return Rules(book.era() for book in self.wear)

    def doubts(self) -> tuple[Doubt, ...]:
        """Return every line that nobody has confirmed, oldest book first."""
        books: Sequence[WearBook | NormBook] = (*self.wear, *self.norms)
        return tuple(
            Doubt(book.key, book.title.text, place, line.source.text)
            for book in books
            for place, line in book.lines()
            if not line.confirmed
        )


BOOK_KINDS: Final[Mapping[str, type[WearBook] | type[NormBook]]] = {"wear": WearBook, "norms": NormBook}
"""What a file may hold, by its `kind`."""
