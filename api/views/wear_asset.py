"""The wear of one asset: every year, past and to come, with its reason, and the facts that it rests on."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, cast

from api.house import House
from api.views.wear_rules import open_places
from api.views.wear_sheets import site_names
from api.views.wear_values import Told, class_of, told
from api.views.wear_words import Rule, how, rule_of
from inventory.access.rights import Actor
from inventory.assets.asset_noun import ASSETS
from inventory.assets.assets import AssetRead
from inventory.assets.valuing import value_of
from inventory.assets.wear_facts import WearFactRead
from inventory.assets.wear_noting import facts_of
from inventory.assets.wear_reports import YearOfAsset, years_of
from inventory.errors import NotFound
from inventory.register import get
from inventory.text import Text

YEARS_AHEAD: Final = 60
"""No life is longer than the rest of one's own."""


@dataclass(frozen=True, slots=True)
class YearLine:
    """One year of an asset.

    Attributes:
        year: The year's figures.
        site: Name of the site that computes it.
        how: How its wear was computed.
        rule: The line that governs it.
        doubtful: Whether nobody has confirmed that line yet; of a closed year no more.
    """

    year: YearOfAsset
    site: str
    how: Text
    rule: Rule
    doubtful: bool


@dataclass(frozen=True, slots=True)
class AssetWear:
    """Everything about the wear of an asset.

    Attributes:
        asset: As it stands in the books.
        now: What it is worth today; `None` while it is only planned, or if its facts contradict each other.
        years: Every year until it is worn out, ascending.
        facts: What its wear rests on beside its row.
    """

    asset: AssetRead
    now: Told | None
    years: tuple[YearLine, ...]
    facts: tuple[WearFactRead, ...]

    @property
    def doubts(self) -> list[Rule]:
        """Return the unconfirmed lines behind the figures, each once."""
        found = {(line.rule.book, line.rule.place): line.rule for line in self.years if line.doubtful}
        return list(found.values())


def wear_of_asset(house: House, person: Actor, tag: str) -> AssetWear:
    """Return the wear of an asset.

    Raises:
        Forbidden: The reader may not read assets.
        NotFound: There is no such asset, or the reader may not know of it.
    """
    asset = cast("AssetRead", get(house.books, person, ASSETS, tag))
    facts = facts_of(house.books, person, tag)
    try:
        one = value_of(house.books, person, tag, house.books.today(), house.rulebooks)
    except NotFound:
        # It exists, as was just seen, but has no value; its facts have to be seen all the more.
        return AssetWear(asset, None, (), facts)
    return AssetWear(asset, told(one, house.rulebooks), tuple(_lines(house, person, asset)), facts)


def _lines(house: House, person: Actor, asset: AssetRead) -> Iterator[YearLine]:
    rulebooks, today = house.rulebooks, house.books.today()
    years = years_of(house.books, person, asset.tag, rulebooks, today.year + YEARS_AHEAD)
    names, open_ = site_names(house, person), open_places(house, person)
    kind = class_of(asset.category)
    for place, year in enumerate(years):
        if year.wear.year > today.year and (not year.wear.annual_vnd or not year.wear.fixed):
            break
        rule = rule_of(rulebooks, kind, year.wear.year)
        before = years[place - 1].wear if place else None
        doubtful = not year.closed and year.wear.fixed and (rule.book, rule.place) in open_
        words = how(kind, year.wear, before, rulebooks)
        yield YearLine(year, names.get(year.site, year.site), words, rule, doubtful)
