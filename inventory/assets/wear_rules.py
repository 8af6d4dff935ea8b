"""Rules of wear as the arithmetic needs them: for each life class, what holds from which year on."""

from bisect import bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from hashlib import sha256

from inventory.assets.categories import LifeClass


@dataclass(frozen=True, slots=True)
class Life:
    """How things of one class wear under one rulebook.

    Attributes:
        years: How long such a thing lives, at least 1.
        numerator: Of the yearly rate, a share of the cost.
        denominator: Of the yearly rate, positive.
        threshold_vnd: Least cost of a fixed asset, whole đồng; what costs less is a tool and does not wear.

    Raises:
        ValueError: A figure is out of its range, or the rate is above 1.
    """

    years: int
    numerator: int
    denominator: int
    threshold_vnd: int

    def __post_init__(self) -> None:
        if self.years < 1 or self.threshold_vnd < 0 or not 0 < self.numerator <= self.denominator:
            raise ValueError(f"no life: {self!r}")

    def yearly_vnd(self, cost_vnd: int) -> int:
        """Return cost × rate, rounded to the nearest đồng, halves up (TT 141/2025, Điều 14)."""
        return rounded(cost_vnd * self.numerator, self.denominator)


@dataclass(frozen=True, slots=True)
class Era:
    """One rulebook: the first year whose December it governs, and the life of each class.

    Attributes:
        first_year: Governed from this year on, until the next era.
        lives: A life for every class.
    """

    first_year: int
    lives: Mapping[LifeClass, Life]


@dataclass(frozen=True, slots=True)
class Course:
    """What holds for one life class over the years.

    Attributes:
        starts: First years of `lives`, ascending; before the first of them its life holds too.
        lives: As many.
    """

    starts: tuple[int, ...]
    lives: tuple[Life, ...]

    def life_in(self, year: int) -> Life:
        """Return what holds in the December of a year."""
        return self.lives[max(0, bisect_right(self.starts, year) - 1)]

    def turns(self, after: int, through: int) -> tuple[int, ...]:
        """Return the years later than `after`, at latest `through`, from which on something else holds."""
        starts = self.starts
        return starts[max(1, bisect_right(starts, after)) : bisect_right(starts, through)]


class Rules:
    """The eras of all rulebooks, in order.

    Before the first era the first one holds: no older circular ships, and its lives are the nearest known.

    Attributes:
        eras: Ascending by their first year.
    """

    __slots__ = ("_courses", "eras")

    def __init__(self, eras: Iterable[Era]) -> None:
        """Take the eras in any order.

        Raises:
            ValueError: There is none, two begin in the same year, or one lacks a life class.
        """
        self.eras = tuple(sorted(eras, key=lambda era: era.first_year))
        years = {era.first_year for era in self.eras}
        if not self.eras or len(years) < len(self.eras):
            raise ValueError("rules need at least one era, each with a first year of its own")
        if any(set(era.lives) != set(LifeClass) for era in self.eras):
            raise ValueError("an era needs a life for every class")
        self._courses = {kind: _course(kind, self.eras) for kind in LifeClass}

    def digest(self, through: int) -> str:
        """Return a digest of all that decides the wear of the years through one; hexadecimal.

        What was closed by rules of the same digest is what these rules give.
        """
        found = sha256()
        for kind in sorted(LifeClass):
            course = self._courses[kind]
            until = max(1, bisect_right(course.starts, through))
            found.update(repr((kind.value, course.starts[1:until], course.lives[:until])).encode())
        return found.hexdigest()

    def course(self, kind: LifeClass) -> Course:
        """Return what holds for a life class over the years."""
        return self._courses[kind]


def rounded(numerator: int, denominator: int) -> int:
    """Return a quotient of whole numbers to the nearest whole one, halves up; both are not negative."""
    return (2 * numerator + denominator) // (2 * denominator)


def _course(kind: LifeClass, eras: tuple[Era, ...]) -> Course:
    starts, lives = [eras[0].first_year], [eras[0].lives[kind]]
    for era in eras[1:]:
        if era.lives[kind] != lives[-1]:
            starts.append(era.first_year)
            lives.append(era.lives[kind])
    return Course(tuple(starts), tuple(lives))
